//! `aludel rebase`: moves unapplied revisions onto another head.

use crate::operations::{Failure, RebaseOptions};

use super::super::args::RebaseArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn run(context: &Context, args: &RebaseArgs) -> Result<Outcome, Failure> {
    let options = RebaseOptions { revision: args.revision.clone(), onto: args.onto.clone() };
    let rebased = context.project.rebase(&options).await?;
    let text = format!("moved {} onto {}\n", rebased.moved.join(", "), rebased.onto);
    context.ui.data(&rebased, &text)?;
    Ok(Outcome::Done)
}
