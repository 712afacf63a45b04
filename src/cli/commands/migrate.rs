//! `aludel upgrade` and `aludel downgrade`: runs revisions on the configured database.

use crate::ledger::Direction;
use crate::operations::targets::parsed;
use crate::operations::{Failure, ScriptOptions};
use crate::revision::graph::Graph;
use crate::runner::{Request, RunReport};

use super::super::args::{DowngradeArgs, UpgradeArgs};
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::titled;
use super::offline;

/// What the commands need: `--sql` only the files.
pub(super) fn needs(is_sql: bool) -> Needs {
    if is_sql { Needs::FILES } else { Needs::DATABASE.each().stopping() }
}

/// What to do about what `--until-contract` leaves.
pub(super) const AFTER_RELEASE: &str = "when nothing that needs the old schema is running any more, apply the rest with `aludel \
     upgrade`";

pub(crate) async fn upgrade(context: &Context, args: &UpgradeArgs) -> Result<Outcome, Failure> {
    let UpgradeArgs { targets, until_contract, consent, sql } = args;
    let options = ScriptOptions {
        direction: Direction::Up,
        targets: targets.clone(),
        until_contract: *until_contract,
        data_loss: consent.data_loss(),
    };
    carry_out(context, options, *sql).await
}

pub(crate) async fn downgrade(context: &Context, args: &DowngradeArgs) -> Result<Outcome, Failure> {
    let options = ScriptOptions {
        direction: Direction::Down,
        targets: args.targets.clone(),
        until_contract: false,
        data_loss: args.consent.data_loss(),
    };
    carry_out(context, options, args.sql).await
}

async fn carry_out(
    context: &Context,
    options: ScriptOptions,
    is_sql: bool,
) -> Result<Outcome, Failure> {
    if is_sql {
        return offline::run(context, &options).await;
    }
    let ScriptOptions { direction, targets, until_contract, data_loss } = options;
    let targets = parsed(&targets)?;
    let graph = context.project.workspace().graph()?;
    let request = Request { graph: &graph, direction, targets: &targets, until_contract };
    let report = context.project.migrate(request, data_loss).await?;
    tell(context, &graph, direction, &report)
}

fn tell(
    context: &Context,
    graph: &Graph,
    way: Direction,
    report: &RunReport,
) -> Result<Outcome, Failure> {
    let mut text = String::new();
    for it in &report.finished {
        let word = match it.direction {
            Direction::Up => "applied",
            Direction::Down => "reverted",
        };
        let took = it.duration.as_millis();
        text.push_str(&format!("{word} {} ({took} ms)\n", titled(&it.id, &it.message)));
    }
    if report.finished.is_empty() {
        text.push_str(match (graph.is_empty(), way) {
            (true, _) => "nothing to do: there are no revisions\n",
            (false, Direction::Up) if !report.left.is_empty() => {
                "nothing to do before the contract revisions\n"
            }
            (false, Direction::Up) => "nothing to do: the database is up to date\n",
            (false, Direction::Down) => "nothing to do: the database is already at the target\n",
        });
    }
    text.extend(report.left.iter().map(|it| format!("left {}\n", titled(&it.id, &it.message))));
    context.ui.data(report, &text)?;
    if !report.left.is_empty() {
        context.ui.hint(AFTER_RELEASE);
    }
    Ok(Outcome::Done)
}
