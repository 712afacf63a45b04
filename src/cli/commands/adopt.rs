//! `aludel adopt`: writes a declaration and a first revision for an existing database.

use crate::operations::Failure;

use super::super::args::AdoptArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn run(context: &Context, args: &AdoptArgs) -> Result<Outcome, Failure> {
    let AdoptArgs { message, draft } = args;
    let adopted = context.project.adopt(message, &draft.into()).await?;
    let mut text: String = adopted.files.iter().map(|it| format!("wrote {it}\n")).collect();
    text.push_str(&format!("recorded as applied: {} {}\n", adopted.id, message.trim()));
    context.ui.data(&adopted, &text)?;
    Ok(Outcome::Done)
}
