//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`diagnostic`]: mistakes in files, with their place.
//! - [`schema_toml`]: the declaration, from text to schema and back.
//! - [`report`]: outcomes as text for people.

pub mod diagnostic;
pub mod model;
pub mod report;
pub mod schema_toml;
