//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The pure part is the crate `aludel-core`, whose modules are found here as well: [`model`],
//! [`diagnostic`], [`sql_text`], [`schema_toml`], [`diff`], [`revision`], [`codegen`], [`rows`], [`plan`],
//! [`ledger`], [`render`] and [`report`]. What reads and writes files, talks to servers and waits is here,
//! in reading order; each module knows only those before it:
//!
//! - [`connection`]: addresses of servers, and sessions.
//! - [`catalog`]: what `pg_catalog` says, as a snapshot.
//! - [`revision_files`]: the folder of revisions on disk.
//! - [`ledger_tables`]: the tables that say what has been applied.
//! - [`config`]: what was meant by file, environment and arguments.
//! - [`scratch`]: databases to try things in, gone when done.
//! - [`runner`]: revisions carried out.
//! - [`workspace`]: sources made snapshots, and compared.
//! - [`migrator`]: revisions carried out by a service of yours.
//! - [`testing`]: a migrated database for each test.
//! - [`generator`]: generated code, compared with the files on disk and written.
//! - [`operations`]: what the commands do, for programs.
//! - [`cli`]: the commands.

pub use aludel_core::{
    codegen, diagnostic, diff, ledger, model, plan, render, report, revision, rows, schema_toml,
    sql_text,
};

pub mod catalog;
pub mod cli;
pub mod config;
pub mod connection;
pub mod generator;
pub mod ledger_tables;
pub mod migrator;
pub mod operations;
pub mod revision_files;
pub mod runner;
pub mod scratch;
pub mod testing;
pub mod workspace;
