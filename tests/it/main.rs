//! The integration tests, one binary.

mod scratch;
