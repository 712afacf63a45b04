//! `aludel agent-guide`: how programs drive aludel, which docs/agents.md says as well.

use crate::operations::Failure;

use super::super::Outcome;
use super::super::ui::Ui;

/// The page, which is a part of the documentation.
const PAGE: &str = include_str!("../../../docs/agents.md");

pub(crate) fn run(ui: Ui) -> Result<Outcome, Failure> {
    ui.document(&PAGE, PAGE)?;
    Ok(Outcome::Done)
}
