//! Schema migrations and typed code for PostgreSQL with pgvector.
//!
//! The pure part is the crate `aludel-core`, whose modules are found here as well: [`model`],
//! [`diagnostic`], [`sql_text`], [`schema_toml`], [`diff`], [`revision`], [`codegen`], [`rows`], [`plan`],
//! [`ledger`], [`recall`], [`render`], [`report`] and [`review`]. What reads and writes files, talks to servers and waits is here,
//! in reading order; each module uses only those before it:
//!
//! - [`connection`]: connection strings, and sessions.
//! - [`catalog`]: the contents of `pg_catalog` as a snapshot.
//! - [`revision_files`]: the directory of revisions on disk.
//! - [`ledger_tables`]: the tables of the ledger.
//! - [`config`]: settings from file, environment and arguments.
//! - [`scratch`]: scratch databases, dropped after use.
//! - [`measurement`]: the recall of vector indexes, on a server.
//! - [`runner`]: running revisions.
//! - [`workspace`]: snapshots of sources, and their comparison.
//! - [`migrator`]: running revisions from another program.
//! - [`testing`]: a migrated database for each test.
//! - [`generator`]: generated code, compared with the files on disk and written.
//! - [`operations`]: what the commands do, for programs.
//! - [`cli`]: the commands.

pub use aludel_core::{
    codegen, diagnostic, diagram, diff, ledger, model, plan, recall, render, report, review,
    revision, rows, schema_toml, sql_text,
};

pub mod catalog;
pub mod cli;
pub mod config;
pub mod connection;
pub mod generator;
pub mod ledger_tables;
pub mod measurement;
pub mod migrator;
pub mod operations;
pub mod revision_files;
pub mod runner;
pub mod scratch;
pub mod testing;
pub mod workspace;
