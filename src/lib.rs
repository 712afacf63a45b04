//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`diagnostic`]: mistakes in files that people write.
//! - [`connection`]: addresses of servers, and sessions.
//! - [`config`]: what was meant by file, environment and arguments.
//! - [`scratch`]: databases to try things in, gone when done.

pub mod config;
pub mod connection;
pub mod diagnostic;
pub mod model;
pub mod scratch;
