//! `aludel adopt`: a database that nobody managed gets a declaration and a first revision.

use crate::catalog;
use crate::connection::ignore_notices;
use crate::diff::rights::forget;
use crate::ledger::store::Store;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::render;
use crate::revision::target::Target;
use crate::runner::StampRequest;
use crate::schema_toml;
use crate::workspace::Loaded;
use crate::workspace::declare::wanted_versions;

use super::super::args::AdoptArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::check::leave_to_alembic;
use super::draft;
use super::pull::write_file;
use super::running::{Done, Job, carry_out};

pub(crate) async fn run(context: &Context, args: &AdoptArgs) -> Result<Outcome, Failure> {
    let failed = |error| context.workspace_failure(error);
    let graph = context.workspace.graph().map_err(failed)?;
    if !graph.is_empty() {
        let failure = Failure::input("there are revisions already");
        return Err(failure.hint("`aludel stamp` says which of them the database has"));
    }
    let schema_toml = &context.global.schema;
    if schema_toml.exists() && !is_template(schema_toml)? {
        let message = format!("{} exists already", schema_toml.display());
        return Err(Failure::input(message).hint("adopt writes it: move it away first"));
    }
    let live = live(context).await?;
    let from = context.workspace.history(&graph, &[]).await.map_err(failed)?;
    let to = Loaded::plain(live.clone());
    let comparison = context.workspace.compare(&from, &to).await.map_err(failed)?;
    if comparison.changes.is_empty() {
        let failure = Failure::input("the database is empty: there is nothing to adopt");
        return Err(failure.hint("`aludel init` starts a project from nothing"));
    }
    let wrong = |errors: Vec<_>| context.plan_failure(&errors, None);
    let up = comparison.up(context.plan_options()).map_err(wrong)?;
    let down = comparison.down(context.plan_options()).map_err(wrong)?;
    let mut header = draft::header(context, &graph, &args.draft, &args.message, Vec::new())?;
    header.fingerprint = Some(Fingerprint::of(&live.schema));
    let (up, down) = (render::script(&up), render::script(&down));
    let revision = draft::assembled(context, &graph, &args.draft, header, &up, &down)?;

    let (mut scratch, _) =
        context.workspace.replay(&graph, &[], &live.schema).await.map_err(failed)?;
    let built = context.workspace.try_file(&mut scratch, &revision.up).await;
    scratch.close().await;
    let built = built.map_err(|error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("nothing was written: {}", failure.message);
        failure.hint("--dev-url target tries it on the server of the database")
    })?;
    let left = context.workspace.compare(&Loaded::plain(built), &to).await.map_err(failed)?;
    if !left.changes.is_empty() {
        let failure = Failure::input("nothing was written: the revision does not build all of it");
        let failure = left.changes.iter().fold(failure, |it, change| it.detail(change.to_string()));
        return Err(failure.hint("--dev-url target tries it on the server of the database"));
    }

    write_file(context, schema_toml, &schema_toml::write(&live.schema))?;
    draft::place(context, &revision)?;
    let graph = context.workspace.graph().map_err(failed)?;
    let request = StampRequest { graph: &graph, targets: &[Target::HEAD], purge: false };
    let Done::Stamp(_) = carry_out(context, Job::Stamp(request)).await? else {
        return Ok(Outcome::Done);
    };
    let paths = [Some(&revision.up), revision.down.as_ref()];
    let files: Vec<_> =
        paths.into_iter().flatten().map(|it| it.path.display().to_string()).collect();
    let mut text = String::new();
    text.extend(files.iter().map(|it| format!("wrote {it}\n")));
    text.push_str(&format!("entered {} {}\n", revision.id(), revision.header.message));
    let report = serde_json::json!({
        "id": revision.id().to_string(),
        "schema": schema_toml.display().to_string(),
        "files": files,
    });
    context.ui.data(&report, &text)?;
    Ok(Outcome::Done)
}

/// Whether schema.toml declares nothing, as `init` leaves it.
fn is_template(path: &std::path::Path) -> Result<bool, Failure> {
    let text = std::fs::read_to_string(path)?;
    let says = |it: &str| !it.trim().is_empty() && !it.trim_start().starts_with('#');
    Ok(!text.lines().any(says))
}

/// What the database has. One that is managed already, or empty, is not to be adopted.
async fn live(context: &Context) -> Result<Snapshot, Failure> {
    let workspace = &context.workspace;
    let failed = |error| context.workspace_failure(error);
    let mut database = workspace.connect(ignore_notices()).await.map_err(failed)?;
    let applied = Store::new(workspace.ledger_namespace()).read(&database.connection).await;
    let snapshot = catalog::introspect(&mut database.connection, &workspace.scope()).await;
    database.close().await;
    let applied =
        applied.map_err(|it| Failure::database(format!("cannot read the ledger: {it}")))?;
    if !applied.is_empty() {
        return Err(Failure::input("the database is managed by aludel already"));
    }
    let mut snapshot = snapshot.map_err(|it| failed(it.into()))?;
    wanted_versions(&mut snapshot.schema, None);
    if !workspace.database().grants.value {
        forget(&mut snapshot.schema);
    }
    leave_to_alembic(&mut snapshot.schema, &[]);
    if !snapshot.unmanaged.is_empty() {
        let names: Vec<_> = snapshot.unmanaged.iter().map(String::as_str).collect();
        context
            .ui
            .warning(&format!("left out, for aludel does not manage it: {}", names.join(", ")));
    }
    Ok(snapshot)
}
