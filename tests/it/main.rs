//! The integration tests.

mod catalog;
mod support;
