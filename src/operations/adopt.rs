//! Writes a declaration and a first revision for an existing database.

use serde::Serialize;

use crate::catalog;
use crate::connection::ignore_notices;
use crate::diff::privileges::{declares_privileges, forget};
use crate::ledger_tables::Store;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::loss::Losses;
use crate::revision::target::Target;
use crate::runner::StampRequest;
use crate::schema_toml;
use crate::workspace::declare::wanted_versions;
use crate::workspace::site::is_rowless;
use crate::workspace::{Built, Loaded, read_declaration};

use super::Project;
use super::check::leave_to_alembic;
use super::draft::{self, Draft, DraftOptions};
use super::failure::Failure;
use super::init::is_template;
use super::ours::{divided, tell_left};
use super::pull::write_file;

/// A database that is managed now.
#[derive(Debug, Serialize)]
pub struct Adopted {
    /// The id of its first revision.
    pub id: String,
    /// The declaration.
    pub schema: String,
    /// The files of the revision.
    pub files: Vec<String>,
}

impl Project {
    /// Writes schema.toml and a first revision from what the configured database has, and enters the
    /// revision into its ledger. Nothing in the database is changed but that.
    ///
    /// # Errors
    /// When it is managed already or empty, when the revision does not build the same, or there are
    /// revisions or a declaration in the folder.
    pub async fn adopt(&self, message: &str, draft: &DraftOptions) -> Result<Adopted, Failure> {
        let graph = self.workspace.graph()?;
        if !graph.is_empty() {
            let failure = Failure::input("the project already has revisions");
            return Err(failure.hint("to record which of them the database has: `aludel stamp`"));
        }
        let schema_toml = &self.schema;
        if schema_toml.exists() && !is_template(&std::fs::read_to_string(schema_toml)?) {
            let message = format!("{} already exists", schema_toml.display());
            return Err(Failure::input(message).hint(
                "`aludel adopt` writes this file: move or rename \
                                                 the existing one first",
            ));
        }
        let live = live(self).await?;
        let division = divided(self, &live);
        tell_left(self, &division);
        let project = &self.providing(division.provided.clone());
        let live = Snapshot { schema: division.schema, ..live };
        let (revision, built) =
            Box::pin(first_revision(project, (message, draft), &graph, &live)).await?;

        let before = std::fs::read_to_string(schema_toml).ok();
        write_file(project, schema_toml, &schema_toml::write(&live.schema, &division.provided))?;
        let written = enter(project, &revision).await;
        if let Err(failure) = written {
            // Another attempt is then possible.
            remove_written(schema_toml, before.as_deref(), &revision);
            return Err(failure.detail("the written files were removed"));
        }
        remember(project, &revision, &built).await;
        let file = revision.up.path.display().to_string();
        Ok(Adopted {
            id: revision.id().to_string(),
            schema: schema_toml.display().to_string(),
            files: vec![file],
        })
    }
}

/// The revision that builds what the database has. It has run on a scratch database. It has no down
/// file, for nobody wants to revert to nothing what was there before aludel was.
async fn first_revision(
    project: &Project,
    (message, typed): (&str, &DraftOptions),
    graph: &Graph,
    live: &Snapshot,
) -> Result<(Revision, Built), Failure> {
    let draft = Draft::new(project, graph, typed)?;
    let from = project.workspace.history(graph, &[]).await?;
    // What is theirs has been taken out already.
    let to = Loaded::plain(live.clone());
    let comparison = project.workspace.compare(&from, &to).await?;
    if comparison.changes.is_empty() {
        let failure = Failure::input("the database is empty: nothing to adopt");
        return Err(failure.hint("to start a new project: `aludel init`"));
    }
    let up =
        comparison.up(project.plan_options()).map_err(|errors| Failure::of_plan(&errors, None))?;
    let mut header = draft.header(message, Vec::new())?;
    header.fingerprint = Some(Fingerprint::of(&live.schema));
    let revision = draft.assembled(header, &Content::Plan(project.script(&up)), None)?;

    let (mut scratch, _) = project.workspace.replay(graph, &[], &live.schema).await?;
    let snapshot = project.workspace.try_file(&mut scratch, &revision.up).await;
    let rowless = is_rowless(&scratch).await;
    scratch.close().await;
    let snapshot = snapshot.map_err(|error| {
        let mut failure = Failure::from(error);
        failure.message = format!("nothing was written: {}", failure.message);
        failure.hint("to test it on the server of the database: --dev-url target")
    })?;
    let built = Built { snapshot, rowless };
    let reached = Loaded::plain(built.snapshot.clone());
    let left = project.workspace.compare(&reached, &to).await?;
    if !left.changes.is_empty() {
        let failure = Failure::input(
            "nothing was written: the revision does not build the whole \
                                      schema",
        );
        let failure = left.changes.iter().fold(failure, |it, change| it.detail(change.to_string()));
        return Err(failure.hint("to test it on the server of the database: --dev-url target"));
    }
    let proof =
        project.workspace.proof(graph, &revision, &built.snapshot.schema, &Losses::default());
    Ok((revision.with_proof(proof), built))
}

/// Keeps what was found out about the revision, and that schema.toml declares what it builds. Whatever is in
/// the way of that is for `check` to tell.
async fn remember(project: &Project, revision: &Revision, built: &Built) {
    let workspace = &project.workspace;
    let Ok(declared) = read_declaration(&project.schema) else { return };
    let Ok(declared) = workspace.declaration(&declared).await else { return };
    let reached = Loaded::plain(built.snapshot.clone());
    let left = workspace.compare(&reached, &declared).await;
    if left.is_ok_and(|it| it.changes.is_empty()) {
        draft::remember(project, revision.id(), built, &declared);
    }
}

/// Writes the revision, and into the ledger that the database has it.
async fn enter(project: &Project, revision: &Revision) -> Result<(), Failure> {
    draft::place(project, revision)?;
    let graph = project.workspace.graph()?;
    let request = StampRequest { graph: &graph, targets: &[Target::HEAD], purge: false };
    project.stamp(request).await.map(drop)
}

/// Removes the written files. If one cannot be removed, the next attempt reports it.
fn remove_written(schema_toml: &std::path::Path, before: Option<&str>, revision: &Revision) {
    let _ = std::fs::remove_file(&revision.up.path);
    let _ = match before {
        Some(text) => std::fs::write(schema_toml, text),
        None => std::fs::remove_file(schema_toml),
    };
}

/// What the database has. One that is managed already, or empty, is not to be adopted.
async fn live(project: &Project) -> Result<Snapshot, Failure> {
    let workspace = &project.workspace;
    let mut database = workspace.connect(ignore_notices()).await?;
    let _doing = workspace.activity().begin("reading the catalog of the database");
    let store = Store::new(workspace.ledger_namespace());
    let privileges = store.check_privileges(&database.connection).await;
    let applied = store.read(&database.connection).await;
    let snapshot = catalog::introspect(&mut database.connection, &workspace.scope()).await;
    database.close().await;
    privileges?;
    let applied = applied?;
    if !applied.is_empty() {
        return Err(Failure::input("the database is already managed by aludel"));
    }
    let mut snapshot = snapshot?;
    wanted_versions(&mut snapshot.schema, None);
    if !workspace.database().grants.value {
        if declares_privileges(&snapshot.schema) {
            project.note(
                "privileges stay as they are and are not in schema.toml; `aludel adopt --grants` \
                 includes them",
            );
        }
        forget(&mut snapshot.schema);
    }
    leave_to_alembic(&mut snapshot.schema, &[]);
    if !snapshot.unmanaged.is_empty() {
        let names: Vec<_> = snapshot.unmanaged.iter().map(String::as_str).collect();
        project
            .warning(&format!("skipped, because aludel does not manage it: {}", names.join(", ")));
    }
    Ok(snapshot)
}
