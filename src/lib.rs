//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`sql_text`]: scripts to statements.
//! - [`revision`]: revision files to a graph.
//! - [`ledger`]: which revisions a database has, and what is pending.
//! - [`runner`]: revisions carried out on a server.

pub mod ledger;
pub mod model;
pub mod revision;
pub mod runner;
pub mod sql_text;
