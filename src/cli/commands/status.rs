//! `aludel status`: the database in a few lines.

use serde::Serialize;

use crate::config::Place;
use crate::ledger::{Applied, Direction, State, edits, verify};
use crate::revision::graph::Graph;

use super::super::args::StatusArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::count;
use super::ledger;

#[derive(Serialize)]
struct Report {
    database: String,
    current: Vec<String>,
    heads: Vec<String>,
    applied: usize,
    pending: Vec<Pending>,
    interrupted: Vec<Interrupted>,
    mismatches: Vec<String>,
    /// Files whose comments or headers were edited after they were applied.
    edited: Vec<String>,
}

#[derive(Serialize)]
struct Pending {
    id: String,
    message: String,
}

#[derive(Serialize)]
struct Interrupted {
    id: String,
    state: &'static str,
    done: usize,
    of: usize,
    /// What finishes it.
    command: &'static str,
}

pub(crate) async fn run(context: &Context, _args: &StatusArgs) -> Result<Outcome, Failure> {
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let applied = ledger::read(context).await?;
    let report = report(context, &graph, &applied);
    context.ui.data(&report, &shown(&report))?;
    if !report.edited.is_empty() {
        context.ui.hint(ledger::ACCEPT_EDITS);
    }
    let no = !report.mismatches.is_empty() || !report.interrupted.is_empty();
    Ok(if no { Outcome::No } else { Outcome::Done })
}

fn report(context: &Context, graph: &Graph, applied: &Applied) -> Report {
    let database = match &context.workspace.database().place.value {
        Place::Server(address) => address.to_string(),
        Place::Embedded(path) => format!("embedded, in {}", path.display()),
    };
    let pending = graph
        .iter()
        .filter(|it| applied.get(it.id()).is_none())
        .map(|it| Pending { id: it.id().to_string(), message: it.header.message.clone() });
    let interrupted =
        applied.iter().filter(|it| it.state != State::Applied).map(|it| Interrupted {
            id: it.id.to_string(),
            state: it.state.as_str(),
            done: it.progress.done,
            of: it.progress.of,
            command: match it.state {
                State::Reverting => Direction::Down.command(),
                State::Applying | State::Applied => Direction::Up.command(),
            },
        });
    Report {
        database,
        current: ledger::reached(graph, applied).iter().map(ToString::to_string).collect(),
        heads: graph.heads().iter().map(ToString::to_string).collect(),
        applied: applied.iter().filter(|it| it.state == State::Applied).count(),
        pending: pending.collect(),
        interrupted: interrupted.collect(),
        mismatches: verify(graph, applied).iter().map(ToString::to_string).collect(),
        edited: edits(graph, applied).iter().map(ToString::to_string).collect(),
    }
}

fn shown(report: &Report) -> String {
    let listed = |it: &[String]| if it.is_empty() { "none".to_owned() } else { it.join(", ") };
    let mut text = format!(
        "database  {}\ncurrent   {}\nhead      {}\napplied   {}\npending   {}\n",
        report.database,
        listed(&report.current),
        listed(&report.heads),
        count(report.applied, "revision"),
        count(report.pending.len(), "revision"),
    );
    for it in &report.pending {
        text.push_str(&format!("          {} {}\n", it.id, it.message));
    }
    for it in &report.interrupted {
        text.push_str(&format!(
            "interrupted: {} is {}, {} of {} parts done; `aludel {}` goes on after them\n",
            it.id, it.state, it.done, it.of, it.command
        ));
    }
    for it in &report.mismatches {
        text.push_str(&format!("mismatch: {it}\n"));
    }
    for it in &report.edited {
        text.push_str(&format!("edited: {it}\n"));
    }
    text
}
