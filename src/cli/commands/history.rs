//! `aludel history`, `aludel heads` and `aludel branches`: the revisions, newest first.

use serde::Serialize;

use crate::operations::failure::Failure;
use crate::operations::ledger;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::target::{Range, Target, TargetPlace, Word};

use super::super::args::{HistoryArgs, ListArgs};
use super::super::global::When;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::{Entry, listed};

/// What `heads` and `branches` need.
pub(in crate::cli) const NEEDS_OF_LISTS: Needs = Needs::FILES;

/// What `history` needs.
pub(in crate::cli) fn needs(args: &HistoryArgs) -> Needs {
    if args.asks_database() { Needs::DATABASE } else { Needs::FILES }
}

pub(crate) async fn run(context: &Context, args: &HistoryArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let range = args.rev_range.as_deref().map(Range::parse).transpose()?;
    let asked = args.indicate_current || range.as_ref().is_some_and(needs_database);
    let held = if asked { Some(ledger::read(&context.project).await?.held()) } else { None };
    let within = range.map(|it| graph.range(&it, held.as_ref())).transpose()?;
    let applied = held.as_ref().filter(|_| args.indicate_current);
    let entries: Vec<Entry> = graph
        .iter()
        .rev()
        .filter(|it| within.as_ref().is_none_or(|within| within.contains(it.id())))
        .map(|it| Entry::new(&graph, it, applied))
        .collect();
    tell(context, &graph, &entries, &listed(&entries, args.verbose, args.graph))
}

/// Whether an end of a range is where the database is. A relative one is so from the other end.
fn needs_database(range: &Range) -> bool {
    let current = |it: &Target| matches!(it.place, TargetPlace::Word(Word::Current, _));
    [&range.from, &range.to].into_iter().flatten().any(current)
}

pub(crate) fn heads(context: &Context, args: &ListArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let heads = graph.heads();
    let entries: Vec<Entry> = graph
        .iter()
        .rev()
        .filter(|it| heads.contains(&it.id()))
        .map(|it| Entry::new(&graph, it, None))
        .collect();
    let text: String = if args.verbose {
        listed(&entries, true, When::Never)
    } else {
        entries.iter().map(|it| format!("{}{}\n", it.id, it.marks())).collect()
    };
    tell(context, &graph, &entries, &text)
}

#[derive(Serialize)]
struct Branchpoint {
    #[serde(flatten)]
    revision: Entry,
    branches: Vec<Entry>,
}

pub(crate) fn branches(context: &Context, args: &ListArgs) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let entry = |it: &Revision| Entry::new(&graph, it, None);
    let points: Vec<Branchpoint> = graph
        .iter()
        .rev()
        .map(|it| Branchpoint {
            revision: entry(it),
            branches: graph.children(it.id()).filter_map(|it| graph.get(it)).map(entry).collect(),
        })
        .filter(|it| it.branches.len() > 1)
        .collect();
    let mut text = String::new();
    for point in &points {
        text.extend(point.revision.lines(args.verbose).iter().map(|it| format!("{it}\n")));
        for branch in &point.branches {
            text.push_str(&format!("    -> {}\n", branch.shown()));
        }
    }
    tell(context, &graph, &points, &text)
}

fn tell<T: Serialize>(
    context: &Context,
    graph: &Graph,
    entries: &[T],
    text: &str,
) -> Result<Outcome, Failure> {
    context.ui.data(&entries, text)?;
    if graph.is_empty() {
        context.ui.note("there are no revisions");
    }
    Ok(Outcome::Done)
}
