//! `aludel pull`: schema.toml from any source.

use crate::operations::Failure;

use super::super::args::PullArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn run(context: &Context, args: &PullArgs) -> Result<Outcome, Failure> {
    let PullArgs { source, output, split } = args;
    match output {
        Some(path) => {
            let pulled = context.project.pull_into(source, path, *split).await?;
            context.ui.data(&pulled, "")?;
        }
        None => {
            let report = context.project.pull(source).await?;
            context.ui.document(&report, &report.schema_toml)?;
        }
    }
    Ok(Outcome::Done)
}
