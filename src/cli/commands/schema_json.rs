//! `aludel schema-json`: the JSON Schema of schema.toml, or of the output with `--format json`.

use crate::operations::failure::Failure;
use crate::schema_toml::json_schema;

use super::super::args::{JsonDocument, SchemaJsonArgs};
use super::super::ui::Ui;
use super::super::{Outcome, envelope};

/// Prints it; the text is JSON in either format.
pub(crate) fn run(ui: Ui, args: &SchemaJsonArgs) -> Result<Outcome, Failure> {
    let schema = match args.of {
        JsonDocument::Schema => json_schema(),
        JsonDocument::Output => envelope::json_schema(),
    };
    ui.document(&schema, &format!("{schema:#}\n"))?;
    Ok(Outcome::Done)
}
