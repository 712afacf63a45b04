//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`diff`]: what lies between two schemas.
//! - [`plan`]: how a difference is carried out, step by step.
//! - [`render`]: the SQL of a plan, with its comments.
//! - [`catalog`]: what `pg_catalog` says, as a snapshot.
//! - [`sql_text`]: SQL scripts taken apart into statements.
//! - [`revision`]: revision files and their graph.
//! - [`ledger`]: what a database says has been applied.
//! - [`runner`]: revisions carried out.

pub mod catalog;
pub mod diff;
pub mod ledger;
pub mod model;
pub mod plan;
pub mod render;
pub mod revision;
pub mod runner;
pub mod sql_text;
