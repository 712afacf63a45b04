//! The one integration binary: cases, properties, conversations, and what needs a server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod carried;
mod cases;
mod catalog;
mod changes;
mod check;
#[cfg(feature = "embedded")]
mod codegen;
mod commands;
mod definitions;
mod diff;
mod edited;
mod expressions;
mod fragments;
mod generate;
#[cfg(unix)]
mod graph;
mod import;
mod interrupts;
#[cfg(feature = "embedded")]
mod kept;
mod lexer;
mod offline;
mod older_ledger;
mod platform;
mod playground;
mod project;
mod properties;
mod reference;
mod roles;
mod runner;
mod schema_toml;
mod schemas;
#[cfg(feature = "embedded")]
mod scratch;
mod scripts;
mod search_path;
mod settings;
mod settled;
mod stranger;
mod support;
mod tidy;
mod transcript;
