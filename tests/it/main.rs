//! The one integration binary: cases, properties, conversations.

mod cases;
mod schema_toml;
mod schemas;
