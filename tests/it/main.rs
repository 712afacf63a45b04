//! The one integration binary: cases, properties, conversations, and what needs a server.

mod cases;
mod catalog;
mod changes;
mod check;
mod commands;
mod generate;
#[cfg(unix)]
mod interrupts;
mod project;
mod properties;
mod runner;
mod schema_toml;
mod schemas;
#[cfg(feature = "embedded")]
mod scratch;
mod support;
