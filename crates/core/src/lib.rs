//! The pure part of aludel: what a schema is, what lies between two, how that is carried out, and the SQL
//! and the code that are written for it.
//!
//! Values go in and values come out. Nothing here reads a file, asks a server, knows the time or waits, so
//! a program can compare and plan with this crate alone. The modules in reading order; each knows only
//! those before it:
//!
//! - [`model`]: what a database is.
//! - [`diagnostic`]: mistakes in files that people write.
//! - [`sql_text`]: SQL scripts taken apart into statements.
//! - [`schema_toml`]: the declaration, from text to schema and back.
//! - [`diff`]: what lies between two schemas.
//! - [`revision`]: revision files and their graph.
//! - [`codegen`]: typed code for the tables.
//! - [`rows`]: made-up rows that a revision is tried with.
//! - [`plan`]: how a difference is carried out, step by step.
//! - [`ledger`]: what a database has, and what it lacks.
//! - [`render`]: the SQL of a plan, with its comments.
//! - [`report`]: outcomes as text for people.

pub mod codegen;
pub mod diagnostic;
pub mod diff;
pub mod ledger;
pub mod model;
pub mod plan;
pub mod render;
pub mod report;
pub mod revision;
pub mod rows;
pub mod schema_toml;
pub mod sql_text;
