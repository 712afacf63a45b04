//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The modules in reading order; each knows only those before it:
//!
//! - [`model`]: what a database is.
//! - [`diagnostic`]: mistakes in files that people write.
//! - [`schema_toml`]: the declaration, from text to schema and back.
//! - [`diff`]: what lies between two schemas.
//! - [`codegen`]: typed code for the tables.
//! - [`plan`]: how a difference is carried out, step by step.
//! - [`render`]: the SQL of a plan, with its comments.
//! - [`sql_text`]: SQL scripts taken apart into statements.
//! - [`revision`]: revision files and their graph.
//! - [`rows`]: made-up rows that a revision is tried with.
//! - [`ledger`]: what a database says has been applied.
//! - [`report`]: outcomes as text for people.
//! - [`catalog`]: what `pg_catalog` says, as a snapshot.
//! - [`connection`]: addresses of servers, and sessions.
//! - [`config`]: what was meant by file, environment and arguments.
//! - [`scratch`]: databases to try things in, gone when done.
//! - [`runner`]: revisions carried out.
//! - [`migrator`]: revisions carried out by a service of yours.
//! - [`workspace`]: sources made snapshots, and compared.
//! - [`generator`]: generated code, compared with the files on disk and written.
//! - [`cli`]: the commands.

pub mod catalog;
pub mod cli;
pub mod codegen;
pub mod config;
pub mod connection;
pub mod diagnostic;
pub mod diff;
pub mod generator;
pub mod ledger;
pub mod migrator;
pub mod model;
pub mod plan;
pub mod render;
pub mod report;
pub mod revision;
pub mod rows;
pub mod runner;
pub mod schema_toml;
pub mod scratch;
pub mod sql_text;
pub mod workspace;
