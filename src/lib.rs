//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.

pub mod diff;
pub mod model;
pub mod plan;
pub mod render;
