//! Whether schema.toml, the migrations and the database agree.

mod finding;
mod hazards;
mod proofs;
mod recall;

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::future::OptionFuture;
use serde::Serialize;

use crate::catalog;
use crate::config::DatabasePlace;
use crate::connection::ignore_notices;
use crate::diagnostic::SourceFile;
use crate::diff::equal;
use crate::diff::ours::leave_to_owners;
use crate::diff::privileges::{declares_privileges, forget};
use crate::diff::provided::{Lack, align, lacks};
use crate::ledger::{Applied, State, edits, verify};
use crate::ledger_tables::Store;
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::snapshot::Snapshot;
use crate::recall::health::HealthProblem;
use crate::revision::alembic::VERSION_TABLE;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::workspace::{
    Database, Declared, Fault, Loaded, Tried, Unsteady, WorkspaceError, aside, declaration_files,
    read_declaration, understand,
};

use super::Project;
use super::consent::DataLoss;
use super::failure::Failure;
use super::health;
use super::ledger;

pub use finding::{Finding, FindingKind};

use finding::{Sides, findings};
use hazards::denied;
use proofs::{not_allowed, tell_unproved, trust, untrue, write_proofs};

/// How it is checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckOptions {
    /// Revisions are not run up and down.
    pub no_roundtrips: bool,
    /// Nothing is believed: all revisions run, whatever proofs and the cache say.
    pub prove: bool,
    /// Proofs are written into the headers of revisions that have none.
    pub write_proofs: bool,
    /// With that, their headers allow what they lose.
    pub data_loss: DataLoss,
    /// The recall of vector indexes is measured, where schema.toml sets one.
    pub recall: bool,
}

/// What does not agree; nothing, where all does.
#[derive(Debug, Default, Serialize)]
pub struct CheckReport {
    /// What does not agree.
    pub findings: Vec<Finding>,
    /// Objects of the database that were not compared, for they are not managed.
    pub unmanaged: Vec<String>,
    /// Files whose comments or headers were edited after they were applied.
    pub edited: Vec<String>,
    /// What is wrong with the vector indexes of a server; it is no finding.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vector_indexes: Vec<HealthProblem>,
    /// Revisions whose proofs were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proved: Vec<String>,
}

/// The revisions and what they build.
struct History {
    graph: Graph,
    heads: Vec<RevisionId>,
    /// Taken from schema.toml where that is known to agree but for the letters of SQL.
    built: Schema,
}

/// When the engine is asked about the declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Once it is known that it differs to the letter from what the revisions build.
    Later,
    /// At once, for revisions run anyway, on an engine of their own: two take as long as one.
    Now,
    /// At once, whatever is known of it.
    Complete,
}

impl Asked {
    fn of(options: &CheckOptions, due: &[bool]) -> Self {
        match (options.prove, due.contains(&true)) {
            (true, _) => Self::Complete,
            (false, true) => Self::Now,
            (false, false) => Self::Later,
        }
    }
}

/// The declaration, and how the engine prints it.
struct Wanted {
    declared: Declared,
    printed: Option<Result<Schema, WorkspaceError>>,
}

/// What a database has, and what its ledger says.
struct Live {
    applied: Applied,
    snapshot: Snapshot,
    /// The roles that are provided and there.
    roles: BTreeSet<Ident>,
    vector_indexes: Vec<HealthProblem>,
}

impl Project {
    /// Compares schema.toml, what the revisions build, and the configured database, if there is one beside
    /// the embedded; runs revisions up and down that have no proof.
    ///
    /// # Errors
    /// What keeps it from being found out: mistakes in files, revisions that do not run, a database that
    /// does not answer.
    pub async fn check(&self, options: &CheckOptions) -> Result<CheckReport, Failure> {
        let gathered = Box::pin(gather(self, options)).await?;
        let mut report = Box::pin(judge(self, options, gathered)).await?;
        if options.recall {
            report.findings.extend(Box::pin(recall::missed(self)).await?);
        }
        Ok(report)
    }
}

/// What is compared.
struct Gathered {
    files: Vec<SourceFile>,
    history: History,
    /// What is declared; None where it is known to be what the revisions build.
    declared: Option<Declared>,
    /// What is declared, as it was printed for the comparison; None where that was not needed.
    printed: Option<Schema>,
    /// The configured database; None without one.
    live: Option<Result<Live, Failure>>,
    tried: Tried,
    /// Denied hazards of revisions.
    denied: Vec<Finding>,
    /// Whether a .proof file states that the declaration is what the revisions build.
    claimed: bool,
    /// Whether privileges are compared.
    privileges: bool,
}

/// Reads, builds and tries what is to be compared, all at once.
async fn gather(project: &Project, options: &CheckOptions) -> Result<Gathered, Failure> {
    let workspace = &project.workspace;
    let graph = workspace.graph()?;
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let files = declaration_files(&project.schema)?;
    let mentioned = mentions_privileges(&files);
    // Before anything that takes its time: nobody waits to hear that the database is not there.
    let reached = reach(project).await?;
    let claimed = workspace.agreed_by_proof(&files, &graph);
    if !claimed {
        workspace.identify().await?;
    }
    // Then there is no need to look at the declaration again.
    let agreed = !options.prove && (claimed || workspace.agreed(&files, &graph, &heads));
    let has_database = reached.is_some();
    let trust = trust(options);
    let due = match options.no_roundtrips {
        true => Vec::new(),
        false => workspace.untried(&graph, trust).await?,
    };
    let asked = Asked::of(options, &due);
    let begun = Instant::now();
    // Which revisions the database has decides which of them are reviewed.
    let live_and_denied = Box::pin(async {
        let live = OptionFuture::from(reached.map(|it| live(project, it, mentioned))).await;
        let applied = live.as_ref().and_then(|it| it.as_ref().ok()).map(|it| &it.applied);
        let denied = Box::pin(denied(project, options, &graph, applied)).await;
        (live, denied)
    });
    let (wanted, (live, denied), tried) = tokio::join!(
        OptionFuture::from((!agreed).then(|| Box::pin(wanted(project, files.clone(), asked)))),
        live_and_denied,
        Box::pin(workspace.roundtrips(&graph, &due, trust)),
    );
    let (mut wanted, mut tried, denied) = (wanted.transpose()?, tried?, denied?);
    tell_unproved(project, options, tried.ran, begun.elapsed());
    let mut history = match agreed {
        true if !has_database => History::unread(graph, heads),
        true if claimed => History::as_declared(graph, heads, &files).await?,
        _ => {
            let built = match tried.built.take() {
                Some(snapshot) => snapshot.schema,
                None => workspace.history_schema(&graph, &heads).await?,
            };
            History { graph, heads, built }
        }
    };
    let printed = wanted.as_mut().and_then(|it| it.printed.take()).transpose()?;
    let declared = wanted.map(|it| it.declared);
    let privileges = compares_privileges(project, declared.as_ref(), &history.built)?;
    if !privileges {
        forget(&mut history.built);
    }
    Ok(Gathered { files, history, declared, printed, live, tried, denied, claimed, privileges })
}

/// What does not agree.
async fn judge(
    project: &Project,
    options: &CheckOptions,
    gathered: Gathered,
) -> Result<CheckReport, Failure> {
    let Gathered { files, history, declared, printed, live, tried, denied, claimed, privileges } =
        gathered;
    let workspace = &project.workspace;
    let mut report = CheckReport::default();
    if history.heads.len() > 1 {
        let heads: Vec<String> = history.heads.iter().map(ToString::to_string).collect();
        let message = format!("there are several heads: {}", heads.join(", "));
        report.findings.push(Finding::new(FindingKind::Heads, message));
    }
    report.findings.extend(unsteady(&history.graph, &tried.unsteady));
    report.findings.extend(untrue(workspace, &history.graph, &tried));
    let applied = live.as_ref().and_then(|it| it.as_ref().ok()).map(|it| &it.applied);
    if !(options.write_proofs && options.data_loss == DataLoss::Allowed) {
        report.findings.extend(not_allowed(workspace, &history.graph, &tried, applied));
    }
    if let Some(declared) = &declared {
        let pending = Box::pin(pending(project, &history, declared, printed)).await?;
        if claimed && !pending.is_empty() {
            let message = "the .proof file states that schema.toml agrees with the revisions";
            report.findings.push(Finding::new(FindingKind::Proofs, message.to_owned()));
        }
        report.findings.extend(pending);
    }
    report.findings.extend(denied);
    if options.write_proofs && report.findings.is_empty() {
        report.proved = write_proofs(project, options, &history.graph, &tried, &files)?;
    }
    if let Some(mut live) = live.transpose()? {
        if !privileges {
            forget(&mut live.snapshot.schema);
        }
        let declared = declared.as_ref();
        Box::pin(check_database(project, &history, declared, live, privileges, &mut report))
            .await?;
    }
    Ok(report)
}

impl History {
    /// Where nobody asks what they build.
    fn unread(graph: Graph, heads: Vec<RevisionId>) -> Self {
        Self { graph, heads, built: Schema::default() }
    }

    /// Where it is proved that they build what is declared: no engine needs to say so, unless something
    /// differs from what is written there.
    async fn as_declared(
        graph: Graph,
        heads: Vec<RevisionId>,
        files: &[SourceFile],
    ) -> Result<Self, Failure> {
        let files = files.to_vec();
        let declared = aside(|| understand(files)).await?;
        Ok(Self { graph, heads, built: declared.declaration.schema })
    }
}

/// Whether a declaration may have privileges, by its letters alone. A backslash counts as the word,
/// for a key can be spelled with escapes.
fn mentions_privileges(files: &[SourceFile]) -> bool {
    files.iter().any(|it| it.text.contains("grants") || it.text.contains('\\'))
}

/// Whether privileges are compared: the configuration says so, or the declaration has some. A
/// declaration that need not be looked at again has them only if the revisions build them.
fn compares_privileges(
    project: &Project,
    declared: Option<&Declared>,
    built: &Schema,
) -> Result<bool, Failure> {
    if project.workspace.database().grants.value {
        return Ok(true);
    }
    match declared {
        Some(declared) => Ok(declares_privileges(&declared.declaration.schema)),
        None if !declares_privileges(built) => Ok(false),
        None => {
            let declared = read_declaration(&project.schema)?;
            Ok(declares_privileges(&declared.declaration.schema))
        }
    }
}

/// What is declared and not built. As long as every text is as PostgreSQL prints it, no engine has
/// to be asked.
async fn pending(
    project: &Project,
    history: &History,
    declared: &Declared,
    printed: Option<Schema>,
) -> Result<Vec<Finding>, Failure> {
    let workspace = &project.workspace;
    let agree = equal(&history.built, &declared.declaration.schema) || {
        let mut printed = match printed {
            Some(printed) => printed,
            None => workspace.declaration_schema(declared).await?,
        };
        if !declares_privileges(&declared.declaration.schema) && !workspace.database().grants.value
        {
            forget(&mut printed);
        }
        equal(&history.built, &printed)
    };
    if agree {
        workspace.note_agreement(&declared.files, &history.graph, &history.heads);
        return Ok(Vec::new());
    }
    let from = workspace.history(&history.graph, &history.heads).await?;
    let to = workspace.declaration(declared).await?;
    let comparison = workspace.compare(&from, &to).await?;
    project.tell_unverified(&comparison);
    if comparison.changes.is_empty() {
        workspace.note_agreement(&declared.files, &history.graph, &history.heads);
    }
    Ok(findings(Sides::Declared, &comparison.changes))
}

/// Revisions whose downgrade is wrong.
fn unsteady(graph: &Graph, found: &[Unsteady]) -> Vec<Finding> {
    let finding = |it: &Unsteady| {
        let message = graph.get(&it.id).map_or("", |it| it.header.message.as_str());
        let revision = revision(&it.id, message);
        let (text, shown) = match &it.fault {
            Fault::Down(reason) => {
                (format!("the downgrade of {revision} fails"), vec![reason.clone()])
            }
            Fault::Again(reason) => {
                let text = format!("{revision} cannot be re-applied after its downgrade");
                (text, vec![reason.clone()])
            }
            Fault::Traces(changes) => {
                let shown = changes.iter().map(|it| format!("not restored: {it}")).collect();
                (format!("the downgrade of {revision} does not restore the previous schema"), shown)
            }
        };
        Finding { shown, ..Finding::new(FindingKind::Revisions, text) }
    };
    found.iter().map(finding).collect()
}

/// Reads the declaration, and has the engine print it where that is known to be needed.
async fn wanted(
    project: &Project,
    files: Vec<SourceFile>,
    asked: Asked,
) -> Result<Wanted, Failure> {
    let workspace = &project.workspace;
    let declared = aside(|| understand(files)).await?;
    let printed = match asked {
        Asked::Later => None,
        Asked::Now => Some(workspace.declaration_schema(&declared).await),
        Asked::Complete => Some(workspace.declaration_complete(&declared).await),
    };
    Ok(Wanted { declared, printed })
}

/// A session of the database, if there is one beside the embedded.
async fn reach(project: &Project) -> Result<Option<Database>, Failure> {
    let workspace = &project.workspace;
    if !matches!(workspace.database().place.value, DatabasePlace::Server(_)) {
        return Ok(None);
    }
    let database = workspace.connect(ignore_notices()).await;
    Ok(Some(database?))
}

/// What the database has.
async fn live(
    project: &Project,
    mut database: Database,
    privileges: bool,
) -> Result<Live, Failure> {
    let workspace = &project.workspace;
    let _doing = workspace.activity().begin("reading the catalog of the database");
    let store = Store::new(workspace.ledger_namespace());
    let applied = store.read(&database.connection).await;
    let privileges = privileges || workspace.database().grants.value;
    let scope = workspace.scope();
    let snapshot = catalog::introspect_objects(&mut database.connection, &scope, privileges).await;
    let roles = catalog::roles(&database.connection, &workspace.provided().roles).await;
    let vector_indexes = health::of(project, &database.connection).await;
    database.close().await;
    let applied = applied?;
    let snapshot = snapshot?;
    let roles = roles?;
    Ok(Live { applied, snapshot, roles, vector_indexes })
}

async fn check_database(
    project: &Project,
    history: &History,
    declared: Option<&Declared>,
    live: Live,
    privileges: bool,
    report: &mut CheckReport,
) -> Result<(), Failure> {
    let workspace = &project.workspace;
    let Live { applied, snapshot, roles, vector_indexes } = live;
    report.vector_indexes = vector_indexes;
    let graph = &history.graph;
    report.findings.extend(files(graph, &applied));
    report.edited = edits(graph, &applied).iter().map(ToString::to_string).collect();
    report.findings.extend(unapplied(graph, &applied));
    report.unmanaged = snapshot.unmanaged.iter().cloned().collect();
    let provided = workspace.provided();
    let lacks = lacks(provided, &history.built, &snapshot.schema, &roles);
    report.findings.extend(lacks.iter().map(lack));
    if let Some(reason) = unknown_history(graph, &applied) {
        project.note(&format!("the database is not compared with the migrations: {reason}"));
        return Ok(());
    }
    let ends = ledger::current(graph, &applied);
    let declared = declared.map(|it| &it.declaration.schema);
    let is_at_heads = ends == history.heads;
    if is_at_heads {
        match managed(project, &snapshot, &history.built, declared) {
            None => return Ok(()),
            // Its hash is known, and a server that prints alike needs no engine.
            Some(live) if workspace.is_left_by_proof(graph, &live) => return Ok(()),
            Some(_) => {}
        }
    }
    let mut built = workspace.history_schema(graph, &ends).await?;
    if !privileges {
        forget(&mut built);
    }
    let Some(snapshot) = managed(project, &snapshot, &built, declared) else { return Ok(()) };
    let to = workspace.history(graph, &ends).await?;
    let privileges = declares_privileges(&built);
    let from = Loaded { hints: to.hints.clone(), privileges, ..Loaded::live(snapshot) };
    let comparison = workspace.compare(&from, &to).await?;
    project.tell_unverified(&comparison);
    report.findings.extend(findings(Sides::Live, &comparison.changes));
    Ok(())
}

/// What a database has of that which revisions or the declaration have a part in; None where that is
/// what the revisions build.
fn managed(
    project: &Project,
    live: &Snapshot,
    built: &Schema,
    declared: Option<&Schema>,
) -> Option<Snapshot> {
    let workspace = &project.workspace;
    let mut live = live.clone();
    let sides: Vec<&Schema> = [Some(built), declared].into_iter().flatten().collect();
    leave_to_alembic(&mut live.schema, &sides);
    if workspace.database().namespaces.is_none() {
        leave_to_others(&mut live.schema, &sides);
    }
    leave_to_owners(&mut live, built, &workspace.named_namespaces());
    align(&mut live.schema, built, workspace.provided());
    (!equal(&live.schema, built)).then_some(live)
}

fn lack(it: &Lack) -> Finding {
    Finding { shown: vec![it.remedy()], ..Finding::new(FindingKind::Provided, it.to_string()) }
}

/// Why nobody can say what the database should be.
fn unknown_history(graph: &Graph, applied: &Applied) -> Option<String> {
    let mut rows = applied.iter();
    rows.find_map(|it| match (graph.get(&it.id), it.state) {
        (None, _) => Some(format!("the files of revision {} are missing", it.id)),
        (Some(_), State::Applied) => None,
        (Some(_), State::Applying | State::Reverting) => {
            Some(format!("revision {} is partly applied", it.id))
        }
    })
}

/// Takes out what the history and the declaration have no part in: other namespaces, and kinds that
/// stand in none (publications, servers, …) of which neither has any.
fn leave_to_others(live: &mut Schema, sides: &[&Schema]) {
    let objects = || sides.iter().flat_map(|it| it.iter());
    let managed: BTreeSet<&Ident> =
        objects().filter_map(|(id, object)| namespace_of(id, object)).collect();
    let kinds: BTreeSet<ObjectKind> = objects().map(|(id, _)| id.kind).collect();
    live.retain(|id, object| match namespace_of(id, object) {
        Some(namespace) => managed.contains(namespace),
        None => kinds.contains(&id.kind),
    });
}

/// Takes out the table in which Alembic notes where it is, unless somebody declares it.
pub(super) fn leave_to_alembic(live: &mut Schema, sides: &[&Schema]) {
    let is_its =
        |id: &ObjectId| id.table_name().is_some_and(|it| it.name.as_str() == VERSION_TABLE);
    if !sides.iter().any(|it| it.iter().any(|(id, _)| is_its(id))) {
        live.retain(|id, object| match object {
            Object::Privileges(it) => !is_its(&it.on),
            _ => !is_its(id),
        });
    }
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
    let found = verify(graph, applied).into_iter();
    found.map(|it| Finding::new(FindingKind::Files, it.to_string())).collect()
}

/// A revision with its message, if it has one.
fn revision(id: &RevisionId, message: &str) -> String {
    if message.is_empty() { format!("revision {id}") } else { format!("revision {id} ({message})") }
}

fn unapplied(graph: &Graph, applied: &Applied) -> Vec<Finding> {
    let finding = |message| Finding::new(FindingKind::Unapplied, message);
    let missing = graph
        .iter()
        .filter(|it| applied.get(it.id()).is_none())
        .map(|it| finding(format!("{} is not applied", revision(it.id(), &it.header.message))));
    let interrupted = applied.iter().filter(|it| it.state != State::Applied).map(|it| {
        let (done, of) = (it.progress.done, it.progress.of);
        let state = it.state.as_str();
        finding(format!(
            "revision {} ({}) was interrupted while {state}: {done} of {of} parts done",
            it.id, it.message
        ))
    });
    missing.chain(interrupted).collect()
}
