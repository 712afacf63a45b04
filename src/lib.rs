//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`catalog`]: what `pg_catalog` says, as a snapshot.

pub mod catalog;
pub mod model;
