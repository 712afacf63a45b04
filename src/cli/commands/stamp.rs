//! `aludel stamp`: records revisions as applied without running them.

use crate::config::DatabasePlace;
use crate::connection::ignore_notices;
use crate::ledger_tables::alembic_versions;
use crate::operations::failure::{Failure, chain};
use crate::operations::targets::parsed;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;
use crate::runner::{StampReport, StampRequest};

use super::super::args::StampArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::titled;

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::DATABASE.each().stopping();

pub(crate) async fn run(context: &Context, args: &StampArgs) -> Result<Outcome, Failure> {
    if let Some(table) = &args.alembic {
        return from_alembic(context, table, false).await;
    }
    let targets = parsed(&args.targets)?;
    enter(context, &targets, args.purge).await
}

/// Enters the revisions that Alembic's own table names. Where there is no such table nothing is
/// done, if it `may_lack` it.
pub(super) async fn from_alembic(
    context: &Context,
    table: &str,
    may_lack: bool,
) -> Result<Outcome, Failure> {
    let database = context.project.workspace().connect(ignore_notices()).await?;
    let found = alembic_versions(&database.connection, table).await;
    database.close().await;
    let found = found.map_err(|error| {
        Failure::database(format!("cannot read table `{table}`: {}", chain(&error)))
    })?;
    let place = match &context.project.workspace().database().place.value {
        DatabasePlace::Server(address) => address.to_string(),
        DatabasePlace::Embedded(path) => path.display().to_string(),
    };
    match found {
        None if may_lack => {
            context.ui.note(&format!("{place} has no table `{table}`: not changed"));
            Ok(Outcome::Done)
        }
        None => Err(Failure::input(format!("{place} has no table `{table}`"))),
        Some(versions) if versions.is_empty() => enter(context, &[Target::BASE], false).await,
        Some(versions) => enter(context, &parsed(&versions)?, false).await,
    }
}

async fn enter(context: &Context, targets: &[Target], purge: bool) -> Result<Outcome, Failure> {
    let graph = context.project.workspace().graph()?;
    let request = StampRequest { graph: &graph, targets, purge };
    tell(context, &graph, &context.project.stamp(request).await?)?;
    Ok(Outcome::Done)
}

fn tell(context: &Context, graph: &Graph, report: &StampReport) -> Result<(), Failure> {
    let line = |word: &str, id: &RevisionId| {
        let message = graph.get(id).map_or("", |it| it.header.message.as_str());
        format!("{word} {}\n", titled(id, message))
    };
    let mut text = String::new();
    text.extend(report.removed.iter().map(|it| line("removed", it)));
    text.extend(report.entered.iter().map(|it| line("recorded", it)));
    if text.is_empty() {
        text.push_str("nothing to do: the ledger already says so\n");
    }
    context.ui.data(report, &text)?;
    Ok(())
}
