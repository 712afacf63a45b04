//! `aludel check`: do schema.toml, the migrations and the database agree?

use std::collections::BTreeSet;

use futures_util::future::OptionFuture;
use serde::Serialize;

use crate::catalog;
use crate::config::Place;
use crate::connection::ignore_notices;
use crate::diff::aspect::{Aspect, aspects};
use crate::diff::{Change, equal};
use crate::ledger::store::Store;
use crate::ledger::{Applied, State, verify};
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::workspace::{Declared, Loaded, aside, declaration_files, understand};

use super::super::args::CheckArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::count;
use super::ledger;

#[derive(Serialize)]
struct Report {
    findings: Vec<Finding>,
    unmanaged: Vec<String>,
}

/// Something that does not agree.
#[derive(Serialize)]
struct Finding {
    kind: Kind,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Aspect>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Declared, but built by no revision, or the other way round.
    Pending,
    /// The database is not what its revisions build.
    Drift,
    /// Several heads.
    Heads,
    /// Files that the ledger knows otherwise.
    Files,
    /// Revisions that the database does not have yet.
    Unapplied,
}

impl Kind {
    fn label(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Drift => "drift",
            Self::Heads => "heads",
            Self::Files => "files",
            Self::Unapplied => "unapplied",
        }
    }

    /// What the two sides of a difference are called.
    fn sides(self) -> (&'static str, &'static str) {
        match self {
            Self::Drift => ("database", "migrations"),
            Self::Pending | Self::Heads | Self::Files | Self::Unapplied => {
                ("migrations", "schema.toml")
            }
        }
    }
}

/// The revisions and what they build.
struct History {
    graph: Graph,
    heads: Vec<RevisionId>,
    built: Schema,
}

/// What a database has, and what its ledger says.
struct Live {
    applied: Applied,
    snapshot: Snapshot,
}

pub(crate) async fn run(context: &Context, _args: &CheckArgs) -> Result<Outcome, Failure> {
    let workspace = &context.workspace;
    let failed = |error| context.workspace_failure(error);
    let graph = workspace.graph().map_err(failed)?;
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let files = declaration_files(&context.global.schema).map_err(failed)?;
    // Then there is no need to look at the declaration again.
    let agreed = workspace.agreed(&files, &graph, &heads);
    let (declared, built, live) = tokio::join!(
        OptionFuture::from((!agreed).then(|| aside(|| understand(files)))),
        workspace.history_schema(&graph, &heads),
        live(context),
    );
    let declared = declared.transpose().map_err(failed)?;
    let history = History { graph, heads, built: built.map_err(failed)? };
    let mut report = Report { findings: Vec::new(), unmanaged: Vec::new() };
    if history.heads.len() > 1 {
        let heads: Vec<String> = history.heads.iter().map(ToString::to_string).collect();
        let message = format!("there are several heads: {}", heads.join(", "));
        report.findings.push(Finding { kind: Kind::Heads, message, differences: Vec::new() });
    }
    if let Some(declared) = &declared {
        report.findings.extend(pending(context, &history, declared).await?);
    }
    if let Some(live) = live? {
        check_database(context, &history, declared.as_ref(), live, &mut report).await?;
    }
    let no = !report.findings.is_empty();
    context.ui.data(&report, &shown(&report, context))?;
    Ok(if no { Outcome::No } else { Outcome::Done })
}

/// What is declared and not built. As long as every text is as PostgreSQL prints it, no engine has
/// to be asked.
async fn pending(
    context: &Context,
    history: &History,
    declared: &Declared,
) -> Result<Vec<Finding>, Failure> {
    let workspace = &context.workspace;
    let failed = |error| context.workspace_failure(error);
    let agree = equal(&history.built, &declared.declaration.schema) || {
        let printed = workspace.declaration_schema(declared).await.map_err(failed)?;
        equal(&history.built, &printed)
    };
    if agree {
        workspace.note_agreement(&declared.files, &history.graph, &history.heads);
        return Ok(Vec::new());
    }
    let from = workspace.history(&history.graph, &history.heads).await.map_err(failed)?;
    let to = workspace.declaration(declared).await.map_err(failed)?;
    let comparison = workspace.compare(&from, &to).await.map_err(failed)?;
    Ok(findings(Kind::Pending, &comparison.changes))
}

/// Looks at the database, if one is configured.
async fn live(context: &Context) -> Result<Option<Live>, Failure> {
    let workspace = &context.workspace;
    if !matches!(workspace.database().place.value, Place::Server(_)) {
        return Ok(None);
    }
    let failed = |error| context.workspace_failure(error);
    let mut database = workspace.connect(ignore_notices()).await.map_err(failed)?;
    let store = Store::new(workspace.ledger_namespace());
    let applied = store.read(&database.connection).await;
    let snapshot = catalog::introspect_objects(&mut database.connection, &workspace.scope()).await;
    database.close().await;
    let applied =
        applied.map_err(|it| Failure::database(format!("cannot read the ledger: {it}")))?;
    let snapshot = snapshot.map_err(|it| failed(it.into()))?;
    Ok(Some(Live { applied, snapshot }))
}

async fn check_database(
    context: &Context,
    history: &History,
    declared: Option<&Declared>,
    live: Live,
    report: &mut Report,
) -> Result<(), Failure> {
    let workspace = &context.workspace;
    let failed = |error| context.workspace_failure(error);
    let Live { applied, mut snapshot } = live;
    let graph = &history.graph;
    report.findings.extend(files(graph, &applied));
    report.findings.extend(unapplied(graph, &applied));
    report.unmanaged = snapshot.unmanaged.iter().cloned().collect();
    let known: Vec<_> =
        ledger::current(graph, &applied).into_iter().filter(|it| graph.get(it).is_some()).collect();
    let earlier;
    let built = if known == history.heads {
        &history.built
    } else {
        earlier = workspace.history_schema(graph, &known).await.map_err(failed)?;
        &earlier
    };
    if workspace.database().namespaces.is_none() {
        let mut managed = namespaces(built);
        managed.extend(declared.iter().flat_map(|it| namespaces(&it.declaration.schema)));
        snapshot
            .schema
            .retain(|id, object| namespace_of(id, object).is_none_or(|it| managed.contains(it)));
    }
    if equal(&snapshot.schema, built) {
        return Ok(());
    }
    let to = workspace.history(graph, &known).await.map_err(failed)?;
    let from = Loaded { snapshot, hints: to.hints.clone(), declared: None, by_engine: false };
    let comparison = workspace.compare(&from, &to).await.map_err(failed)?;
    report.findings.extend(findings(Kind::Drift, &comparison.changes));
    Ok(())
}

fn namespaces(schema: &Schema) -> BTreeSet<&Ident> {
    schema.iter().filter_map(|(id, object)| namespace_of(id, object)).collect()
}

/// The namespace that an object is, or belongs to.
fn namespace_of<'a>(id: &'a ObjectId, object: &'a Object) -> Option<&'a Ident> {
    match object {
        Object::Namespace(it) => Some(&it.name),
        Object::Extension(it) => Some(&it.namespace),
        _ => id.namespace.as_ref(),
    }
}

fn files(graph: &Graph, applied: &Applied) -> Vec<Finding> {
    let found = verify(graph, applied).into_iter().map(|it| Finding {
        kind: Kind::Files,
        message: it.to_string(),
        differences: Vec::new(),
    });
    found.collect()
}

fn unapplied(graph: &Graph, applied: &Applied) -> Vec<Finding> {
    let finding = |message| Finding { kind: Kind::Unapplied, message, differences: Vec::new() };
    let missing = graph
        .iter()
        .filter(|it| !applied.holds(it.id()))
        .map(|it| finding(format!("revision {} ({}) is not applied", it.id(), it.header.message)));
    let interrupted = applied.iter().filter(|it| it.state != State::Applied).map(|it| {
        let (done, of) = (it.progress.done, it.progress.of);
        let state = it.state.as_str();
        finding(format!("revision {} was interrupted: {state}, {done} of {of} parts done", it.id))
    });
    missing.chain(interrupted).collect()
}

/// Changes as findings. What hangs on a table that is missing or too many goes without saying.
fn findings(kind: Kind, changes: &[Change]) -> Vec<Finding> {
    let whole: BTreeSet<ObjectId> = changes
        .iter()
        .filter(|it| matches!(it, Change::Create(_) | Change::Drop(_)))
        .map(Change::id)
        .filter(|id| id.kind == ObjectKind::Table)
        .collect();
    let telling = changes
        .iter()
        .filter(|change| change.id().parent().is_none_or(|parent| !whole.contains(&parent)));
    telling.map(|change| finding(kind, change)).collect()
}

fn finding(kind: Kind, change: &Change) -> Finding {
    let (here, there) = kind.sides();
    let differences = match change {
        Change::Alter { from, to } => aspects(from, to),
        _ => Vec::new(),
    };
    let message = match change {
        Change::Create(it) => format!("{} is in {there}, not in the {here}", it.id()),
        Change::Drop(it) => format!("{} is in the {here}, not in {there}", it.id()),
        Change::Alter { to, .. } => format!("{} differs", to.id()),
        Change::Rename { .. } | Change::RenameLabel { .. } => change.to_string(),
    };
    let message = message
        .replace("in migrations", "in the migrations")
        .replace("the schema.toml", "schema.toml");
    Finding { kind, message, differences }
}

fn shown(report: &Report, context: &Context) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&format!("{}: {}\n", finding.kind.label(), finding.message));
        let (here, there) = finding.kind.sides();
        for it in &finding.differences {
            let value = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
            text.push_str(&format!(
                "    {}: {here} {}, {there} {}\n",
                it.name,
                value(&it.from),
                value(&it.to)
            ));
        }
    }
    if !report.unmanaged.is_empty() {
        context.ui.warning(&format!(
            "not compared, for aludel does not manage them: {}",
            report.unmanaged.join(", ")
        ));
    }
    if report.findings.is_empty() {
        let live = matches!(context.workspace.database().place.value, Place::Server(_));
        let database = if live { ", and so does the database" } else { "" };
        text.push_str(&format!("schema.toml and the migrations agree{database}\n"));
    } else {
        text.push_str(&format!("{}\n", count(report.findings.len(), "finding")));
    }
    text
}
