//! `aludel graph`: tables and foreign keys as a diagram.

use crate::operations::Failure;

use super::super::args::GraphArgs;
use super::super::global::Format;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::BOTH;

/// Boxes in a row of a drawing.
const COLUMNS: usize = 3;

pub(crate) async fn run(context: &Context, args: &GraphArgs) -> Result<Outcome, Failure> {
    let GraphArgs { from, to, changed, output } = args;
    let diagram = context.project.diagram(from.as_deref(), to.as_deref()).await?;
    let diagram = if *changed { diagram.changed() } else { diagram };
    let text = match context.ui.format() {
        Format::Dot => diagram.dot(),
        Format::Svg => diagram.svg(COLUMNS),
        _ => diagram.mermaid(),
    };
    match output {
        Some(path) => std::fs::write(path, text).map_err(|it| Failure::unwritable(path, &it))?,
        None => context.ui.document(&serde_json::json!({ "mermaid": &text }), &text)?,
    }
    Ok(Outcome::Done)
}
