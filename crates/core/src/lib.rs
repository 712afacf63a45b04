//! The pure part of aludel: schemas, their differences, the plans for these, their SQL, and generated code.
//!
//! Values go in and values come out. Nothing here reads a file, asks a server, knows the time or waits, so
//! a program can compare and plan with this crate alone. The modules in reading order; each uses only
//! those before it:
//!
//! - [`model`]: the schema of a database.
//! - [`diagnostic`]: mistakes in files written by users.
//! - [`sql_text`]: SQL scripts split into statements.
//! - [`schema_toml`]: the declaration, parsed and written.
//! - [`diff`]: the differences between two schemas.
//! - [`revision`]: revision files and their graph.
//! - [`codegen`]: typed code for the tables.
//! - [`rows`]: test rows for tables.
//! - [`report`]: results as text.
//! - [`plan`]: the statements for a difference, in order.
//! - [`ledger`]: the applied revisions of a database.
//! - [`diagram`]: tables and foreign keys as Mermaid, DOT and SVG.
//! - [`recall`]: how many of the nearest rows a vector index finds, as numbers.
//! - [`render`]: the SQL of a plan, with its comments.
//! - [`review`]: what statements do to a database in use, and what of it is a hazard.

pub mod codegen;
pub mod diagnostic;
pub mod diagram;
pub mod diff;
pub mod ledger;
pub mod model;
pub mod plan;
pub mod recall;
pub mod render;
pub mod report;
pub mod review;
pub mod revision;
pub mod rows;
pub mod schema_toml;
pub mod sql_text;
