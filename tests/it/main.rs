//! The integration tests: what needs a server.

mod catalog;
mod generate;
mod properties;
mod runner;
#[cfg(feature = "embedded")]
mod scratch;
mod support;
