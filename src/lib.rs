//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`sql_text`]: scripts to statements.

pub mod model;
pub mod sql_text;
