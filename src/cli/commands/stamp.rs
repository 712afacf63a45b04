//! `aludel stamp`: the ledger is told where the database stands.

use serde::Serialize;

use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner::{StampReport, StampRequest};

use super::super::args::StampArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::migrate::parsed;
use super::running::{Done, Job, carry_out};

#[derive(Serialize)]
struct Report {
    entered: Vec<String>,
    removed: Vec<String>,
}

pub(crate) async fn run(context: &Context, args: &StampArgs) -> Result<Outcome, Failure> {
    let targets = parsed(context, &args.targets)?;
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let request = StampRequest { graph: &graph, targets: &targets, purge: args.purge };
    if let Done::Stamp(report) = carry_out(context, Job::Stamp(request)).await? {
        tell(context, &graph, &report)?;
    }
    Ok(Outcome::Done)
}

fn tell(context: &Context, graph: &Graph, report: &StampReport) -> Result<(), Failure> {
    let names = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect();
    let line = |word: &str, id: &RevisionId| {
        let message = graph.get(id).map_or("", |it| it.header.message.as_str());
        format!("{word} {id} {message}\n").replace(" \n", "\n")
    };
    let mut text = String::new();
    text.extend(report.removed.iter().map(|it| line("took out", it)));
    text.extend(report.entered.iter().map(|it| line("entered", it)));
    if text.is_empty() {
        text.push_str("nothing to do: the ledger says so already\n");
    }
    let data = Report { entered: names(&report.entered), removed: names(&report.removed) };
    context.ui.data(&data, &text)?;
    Ok(())
}
