//! The integration tests.

mod catalog;
mod generate;
mod properties;
mod support;
