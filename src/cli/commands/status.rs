//! `aludel status`: a summary of the database.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::ledger::{Applied, BatchProgress, Direction, State, edits, verify};
use crate::operations::failure::Failure;
use crate::operations::ledger;
use crate::report::count;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner::Unfinished;

use super::super::args::StatusArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::ACCEPT_EDITS;
use super::listing::titled;

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::DATABASE.each();

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
    /// The statement outside of a transaction in which it was interrupted.
    statement: Option<Statement>,
    /// How far the UPDATE in batches is in which it was interrupted.
    batches: Option<Batches>,
}

#[derive(Serialize)]
struct Batches {
    /// Its line in the file.
    line: usize,
    rows: u64,
    /// The columns of the key, and the last key that is done.
    by: Vec<String>,
    last: Vec<String>,
    #[serde(skip)]
    reached: String,
}

#[derive(Serialize)]
struct Statement {
    /// `CREATE INDEX CONCURRENTLY`, `CALL`, …
    kind: &'static str,
    /// Its line in the file.
    line: usize,
    /// Whether nobody knows how it ended.
    open: bool,
    /// What it may have left that is not looked for, or cannot be found.
    may_have_left: Option<&'static str>,
    left: Vec<Left>,
}

#[derive(Serialize)]
struct Left {
    /// The object and what is half-done about it.
    what: String,
    /// What the next run begins with; none where it is not of this revision.
    clear: Option<String>,
    /// The backend that is still working on it.
    busy: Option<i32>,
}

pub(crate) async fn run(context: &Context, _args: &StatusArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let (applied, unfinished) = ledger::read_with_unfinished(&context.project).await?;
    let report = report(context, &graph, &applied, &unfinished);
    context.ui.data(&report, &shown(&report))?;
    if !report.edited.is_empty() {
        context.ui.hint(ACCEPT_EDITS);
    }
    let no = !report.mismatches.is_empty() || !report.interrupted.is_empty();
    Ok(if no { Outcome::No } else { Outcome::Done })
}

fn report(
    context: &Context,
    graph: &Graph,
    applied: &Applied,
    unfinished: &BTreeMap<RevisionId, Unfinished>,
) -> Report {
    let database = match &context.project.workspace().database().place.value {
        DatabasePlace::Server(address) => address.to_string(),
        DatabasePlace::Embedded(path) => format!("embedded, in {}", path.display()),
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
            statement: unfinished.get(&it.id).map(statement),
            batches: it.progress.batch.as_ref().map(batches),
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

fn batches(it: &BatchProgress) -> Batches {
    Batches {
        line: it.line,
        rows: it.rows,
        by: it.by.clone(),
        last: it.last.clone(),
        reached: it.reached(),
    }
}

fn statement(it: &Unfinished) -> Statement {
    let left = it.left.iter().flatten().map(|it| Left {
        what: it.to_string(),
        clear: it.clear.clone(),
        busy: it.busy,
    });
    Statement {
        kind: it.kind.as_str(),
        line: it.line,
        open: it.is_open,
        may_have_left: if it.kind.is_found() { None } else { it.kind.may_leave() },
        left: left.collect(),
    }
}

/// The statement in which a revision was interrupted, a line for each thing that is known of it.
fn shown_statement(it: &Statement, command: &str) -> String {
    let end =
        if it.open { "it is unknown whether it finished" } else { "it was stopped or failed" };
    let mut text = format!("          {} in line {}: {end}\n", it.kind, it.line);
    if let Some(what) = it.may_have_left {
        text.push_str(&format!(
            "          it may have left {what}; the statement is run again from \
                                the start\n"
        ));
    }
    for Left { what, clear, busy } in &it.left {
        let next = match (clear, busy) {
            (_, Some(pid)) => format!("process {pid} is working on it"),
            (Some(clear), None) => format!("the next `aludel {command}` starts with {clear}"),
            (None, None) => "does not belong to this revision and is not changed".to_owned(),
        };
        text.push_str(&format!("          {what}: {next}\n"));
    }
    text
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
        text.push_str(&format!("          {}\n", titled(&it.id, &it.message)));
    }
    for it in &report.interrupted {
        text.push_str(&format!(
            "interrupted: {} is {}, {} of {} parts done; `aludel {}` continues after them\n",
            it.id, it.state, it.done, it.of, it.command
        ));
        if let Some(Batches { line, rows, reached, .. }) = &it.batches {
            text.push_str(&format!(
                "          batches of the statement in line {line}: {rows} rows updated, up to {reached}\n"
            ));
        }
        if let Some(statement) = &it.statement {
            text.push_str(&shown_statement(statement, it.command));
        }
    }
    for it in &report.mismatches {
        text.push_str(&format!("mismatch: {it}\n"));
    }
    for it in &report.edited {
        text.push_str(&format!("edited: {it}\n"));
    }
    text
}
