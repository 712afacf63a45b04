//! `aludel upgrade` and `aludel downgrade`: runs revisions on the configured database.

use serde::Serialize;

use crate::ledger::Direction;
use crate::operations::failure::Failure;
use crate::revision::graph::Graph;
use crate::runner::{Request, RunReport};

use super::super::args::{DowngradeArgs, UpgradeArgs};
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::titled;
use super::offline;
use super::targets::parsed;

/// What the commands need: `--sql` only the files.
pub(in crate::cli) fn needs(is_sql: bool) -> Needs {
    if is_sql { Needs::FILES } else { Needs::DATABASE.each().stopping() }
}

/// What to do about what `--until-contract` leaves.
pub(super) const AFTER_RELEASE: &str = "when nothing that needs the old schema is running any more, apply the rest with `aludel \
     upgrade`";

#[derive(Serialize)]
struct Report {
    finished: Vec<Revision>,
    /// What `--until-contract` has left for after the release.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<Left>,
}

#[derive(Serialize)]
pub(super) struct Left {
    id: String,
    message: String,
}

impl Left {
    pub(super) fn of(revision: &crate::revision::Revision) -> Self {
        Self { id: revision.id().to_string(), message: revision.header.message.clone() }
    }

    /// What is left, a line each.
    pub(super) fn shown(left: &[Self]) -> String {
        left.iter().map(|it| format!("left {}\n", titled(&it.id, &it.message))).collect()
    }
}

#[derive(Serialize)]
struct Revision {
    id: String,
    message: String,
    direction: &'static str,
    milliseconds: u128,
}

pub(crate) async fn upgrade(context: &Context, args: &UpgradeArgs) -> Result<Outcome, Failure> {
    let UpgradeArgs { targets, until_contract, sql } = args;
    match sql {
        true => offline::run(context, Direction::Up, targets, *until_contract).await,
        false => migrate(context, Direction::Up, targets, *until_contract).await,
    }
}

pub(crate) async fn downgrade(context: &Context, args: &DowngradeArgs) -> Result<Outcome, Failure> {
    match args.sql {
        true => offline::run(context, Direction::Down, &args.targets, false).await,
        false => migrate(context, Direction::Down, &args.targets, false).await,
    }
}

async fn migrate(
    context: &Context,
    way: Direction,
    targets: &[String],
    until_contract: bool,
) -> Result<Outcome, Failure> {
    let targets = parsed(targets)?;
    let graph = context.project.workspace().graph()?;
    let request = Request { graph: &graph, direction: way, targets: &targets, until_contract };
    let report = context.project.migrate(request).await?;
    tell(context, &graph, way, &report)
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
    let left = report.left.iter().filter_map(|id| graph.get(id));
    let left: Vec<Left> = left.map(Left::of).collect();
    if report.finished.is_empty() {
        text.push_str(match (graph.is_empty(), way) {
            (true, _) => "nothing to do: there are no revisions\n",
            (false, Direction::Up) if !left.is_empty() => {
                "nothing to do before the contract revisions\n"
            }
            (false, Direction::Up) => "nothing to do: the database is up to date\n",
            (false, Direction::Down) => "nothing to do: the database is already at the target\n",
        });
    }
    let finished = report.finished.iter().map(|it| Revision {
        id: it.id.to_string(),
        message: it.message.clone(),
        direction: it.direction.command(),
        milliseconds: it.duration.as_millis(),
    });
    text.push_str(&Left::shown(&left));
    let is_left = !left.is_empty();
    context.ui.data(&Report { finished: finished.collect(), left }, &text)?;
    if is_left {
        context.ui.hint(AFTER_RELEASE);
    }
    Ok(Outcome::Done)
}
