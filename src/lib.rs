//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`diff`]: what lies between two schemas.
//! - [`plan`]: how a difference is carried out, step by step.
//! - [`render`]: the SQL of a plan, with its comments.
//! - [`catalog`]: what `pg_catalog` says, as a snapshot.

pub mod catalog;
pub mod diff;
pub mod model;
pub mod plan;
pub mod render;
