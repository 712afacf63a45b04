//! The arguments of `schema-json`.

use clap::{Args, ValueEnum};

/// What is typed after `schema-json`.
#[derive(Debug, Args)]
pub struct SchemaJsonArgs {
    /// Which document it describes
    #[arg(long, value_name = "DOCUMENT", default_value = "schema")]
    pub of: JsonDocument,
}

/// A document with a JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JsonDocument {
    /// schema.toml
    Schema,
    /// The output with --format json
    Output,
}
