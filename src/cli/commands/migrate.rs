//! `aludel upgrade` and `aludel downgrade`: revisions carried out on the configured database.

use serde::Serialize;

use crate::ledger::Direction;
use crate::revision::graph::Graph;
use crate::revision::target::Target;
use crate::runner::{Request, RunReport};

use super::super::args::{DowngradeArgs, UpgradeArgs};
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::offline;
use super::running::{Done, Job, carry_out};

#[derive(Serialize)]
struct Report {
    finished: Vec<Revision>,
}

#[derive(Serialize)]
struct Revision {
    id: String,
    message: String,
    direction: &'static str,
    milliseconds: u128,
}

pub(crate) async fn upgrade(context: &Context, args: &UpgradeArgs) -> Result<Outcome, Failure> {
    if args.sql {
        return offline::run(context, Direction::Up, &args.targets).await;
    }
    migrate(context, Direction::Up, &args.targets).await
}

pub(crate) async fn downgrade(context: &Context, args: &DowngradeArgs) -> Result<Outcome, Failure> {
    if args.sql {
        return offline::run(context, Direction::Down, &args.targets).await;
    }
    migrate(context, Direction::Down, &args.targets).await
}

async fn migrate(
    context: &Context,
    way: Direction,
    targets: &[String],
) -> Result<Outcome, Failure> {
    let targets = parsed(context, targets)?;
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let request = Request { graph: &graph, direction: way, targets: &targets };
    match carry_out(context, Job::Run(request)).await? {
        Done::Run(report) => tell(context, &graph, way, &report),
        Done::Stamp(_) | Done::Repair(_) => Ok(Outcome::Done),
    }
}

/// What was typed as targets.
pub(super) fn parsed(context: &Context, targets: &[String]) -> Result<Vec<Target>, Failure> {
    let parsed: Result<_, _> = targets.iter().map(|it| Target::parse(it)).collect();
    parsed.map_err(|it| context.workspace_failure(it.into()))
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
            Direction::Down => "took back",
        };
        let took = it.duration.as_millis();
        text.push_str(&format!("{word} {} {} ({took} ms)\n", it.id, it.message));
    }
    if report.finished.is_empty() {
        text.push_str(match (graph.is_empty(), way) {
            (true, _) => "nothing to do: there are no revisions\n",
            (false, Direction::Up) => "nothing to do: the database is up to date\n",
            (false, Direction::Down) => "nothing to do: the database is there already\n",
        });
    }
    let finished = report.finished.iter().map(|it| Revision {
        id: it.id.to_string(),
        message: it.message.clone(),
        direction: it.direction.command(),
        milliseconds: it.duration.as_millis(),
    });
    context.ui.data(&Report { finished: finished.collect() }, &text)?;
    Ok(Outcome::Done)
}
