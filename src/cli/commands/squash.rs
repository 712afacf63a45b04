//! `aludel squash`: combines consecutive revisions into one.

use crate::operations::{Failure, SquashOptions, Squashed};
use crate::report::count;

use super::super::args::SquashArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::SCRATCH;

pub(crate) async fn run(context: &Context, args: &SquashArgs) -> Result<Outcome, Failure> {
    let SquashArgs { revision, message } = args;
    let options = SquashOptions { revision: revision.clone(), message: message.clone() };
    let squashed = context.project.squash(&options).await?;
    let Squashed { id, replaced, up, down } = &squashed;
    let mut text = format!("{id} replaces {}\nwrote {up}\n", count(replaced.len(), "revision"));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    context.ui.data(&squashed, &text)?;
    context.ui.hint(
        "in databases that are at or after it, the next `upgrade` updates the ledger; \
                     a database that is before it needs the old files",
    );
    Ok(Outcome::Done)
}
