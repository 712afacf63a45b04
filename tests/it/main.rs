//! The integration tests: what needs a server.

mod runner;
mod support;
