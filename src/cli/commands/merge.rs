//! `aludel merge`: a revision that joins branches.

use crate::operations::{Failure, MergeOptions, Merged};

use super::super::args::MergeArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::FILES;

pub(crate) fn run(context: &Context, args: &MergeArgs) -> Result<Outcome, Failure> {
    let MergeArgs { revisions, message, draft } = args;
    let (revisions, message, draft) = (revisions.clone(), message.clone(), draft.into());
    let merged = context.project.merge(&MergeOptions { revisions, message, draft })?;
    let Merged { id, parents, up, down } = &merged;
    let mut text = format!("{id} merges {}\nwrote {up}\n", parents.join(" and "));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    context.ui.data(&merged, &text)?;
    Ok(Outcome::Done)
}
