//! `upgrade --sql` and `downgrade --sql`: the run as one script for psql, on standard output.

use std::collections::BTreeSet;

use crate::config::DatabasePlace;
use crate::ledger::{Applied, Direction, pending, until_contract, way};
use crate::operations::failure::Failure;
use crate::operations::ledger;
use crate::operations::migrate::runner_settings;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Range, Target};
use crate::runner::{self, RunError};

use super::super::{Context, Outcome};
use super::listing::titled;
use super::targets::parsed;

/// Where a script begins.
enum Start {
    /// Where the configured database is.
    Live(Applied),
    /// After these revisions.
    After(BTreeSet<RevisionId>),
}

pub(crate) async fn run(
    context: &Context,
    direction: Direction,
    texts: &[String],
    until: bool,
) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let (start, targets) = ends(context, &graph, direction, texts).await?;
    let steps = match &start {
        Start::Live(applied) => pending(&graph, applied, direction, &targets),
        Start::After(here) => way(&graph, here, direction, &targets),
    };
    let parts = steps.and_then(|it| match until {
        true => until_contract(it),
        false => Ok((it, Vec::new())),
    });
    let (steps, left) = parts?;
    for it in left.iter().map(|it| &it.revision) {
        context.ui.note(&format!("left {}", titled(it.id(), &it.header.message)));
    }
    if steps.is_empty() {
        context.ui.data(&serde_json::json!({ "sql": "" }), "")?;
        context.ui.note("nothing to do");
        return Ok(Outcome::Done);
    }
    let script =
        runner::offline(steps, &runner_settings(&context.project)).map_err(RunError::Script)?;
    context.ui.document(&serde_json::json!({ "sql": &script }), &script)?;
    Ok(Outcome::Done)
}

/// Where the script begins, and where it goes.
async fn ends(
    context: &Context,
    graph: &Graph,
    direction: Direction,
    texts: &[String],
) -> Result<(Start, Vec<Target>), Failure> {
    if let [text] = texts
        && text.contains(':')
    {
        let range = Range::parse(text)?;
        let from = range.from.unwrap_or(Target::BASE);
        let from = graph.find(&from, None)?;
        let to = range.to.unwrap_or(match direction {
            Direction::Up => Target::HEADS,
            Direction::Down => Target::BASE,
        });
        return Ok((Start::After(graph.ancestors(&from)), vec![to]));
    }
    let targets = parsed(texts)?;
    let start = match (&context.project.workspace().database().place.value, direction) {
        (DatabasePlace::Server(_), _) => Start::Live(ledger::read(&context.project).await?),
        (DatabasePlace::Embedded(_), Direction::Up) => Start::After(BTreeSet::new()),
        (DatabasePlace::Embedded(_), Direction::Down) => {
            let failure = Failure::input(
                "downgrade --sql needs the current revision of the \
                                          database",
            );
            return Err(failure.hint("give a range, `FROM:TO`, or a database with --url"));
        }
    };
    Ok((start, targets))
}
