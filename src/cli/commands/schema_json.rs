//! `aludel schema-json`: the JSON Schema of schema.toml.

use crate::operations::failure::Failure;
use crate::schema_toml::json_schema;

use super::super::Outcome;
use super::super::ui::Ui;

/// Prints it; the text is JSON in either format.
pub(crate) fn run(ui: Ui) -> Result<Outcome, Failure> {
    let schema = json_schema();
    ui.document(&schema, &format!("{schema:#}\n"))?;
    Ok(Outcome::Done)
}
