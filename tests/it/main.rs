//! The one integration binary: cases, properties, conversations, and what needs a server.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod amend;
mod autovacuum;
mod batches;
mod blocks;
#[cfg(unix)]
mod bouncer;
mod carried;
mod cases;
mod catalog;
mod catalog_rows;
mod changes;
mod check;
#[cfg(feature = "embedded")]
mod codegen;
mod commands;
mod completions;
#[cfg(unix)]
mod connections;
mod consent;
mod cut;
mod definitions;
mod diff;
mod edited;
mod envelope;
mod excerpts;
mod expressions;
mod facts;
mod fence;
mod fragments;
mod frame;
mod generate;
mod generated;
#[cfg(unix)]
mod graph;
mod hazards;
mod import;
mod init;
mod interrupts;
#[cfg(feature = "embedded")]
mod kept;
mod lexer;
mod locks;
mod man;
mod offline;
mod older_ledger;
mod operations;
mod passes;
mod phase_cut;
mod phases;
#[cfg(feature = "embedded")]
mod pipeline;
mod platform;
mod playground;
#[cfg(unix)]
mod pooler;
mod project;
mod proofs;
mod properties;
mod proxy;
#[cfg(feature = "embedded")]
mod python_runtime;
mod recall;
mod reference;
mod review;
mod reviewed;
mod roles;
mod rows;
mod runner;
mod schema_toml;
mod schemas;
#[cfg(feature = "embedded")]
mod scratch;
mod scripts;
mod search_path;
#[cfg(feature = "embedded")]
mod service;
mod settings;
mod settled;
mod sides;
mod stranger;
mod support;
mod testing;
mod tidy;
mod transcript;
mod unfinished;
#[cfg(feature = "embedded")]
mod wire;
mod words;
