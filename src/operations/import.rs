//! The revisions of an Alembic project as files of ours.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use crate::catalog;
use crate::config::DatabasePlace;
use crate::connection::ignore_notices;
use crate::model::Schema;
use crate::model::extension::Extension;
use crate::model::ident::Ident;
use crate::model::namespace::Namespace;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::snapshot::Snapshot;
use crate::render::revision::{self, Content};
use crate::revision::alembic::{
    AlembicRevision, Ini, Sections, parse, resolved, sections, with_single_percents,
};
use crate::revision::checksum::Side;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::{Revision, SqlFile, consent};
use crate::revision_files::{paths, write_all};
use crate::schema_toml;
use crate::sql_text::{ScriptStatement, Token, split};
use crate::workspace::{Unsteady, WorkspaceError};

use super::Project;
use super::failure::Failure;
use super::pull::write_file;

/// What PostgreSQL says of types, functions, schemas and tables that are not there: `undefined_object`,
/// `undefined_function`, `invalid_schema_name`, `undefined_table` (manual, appendix A).
const MISSING: [&str; 4] = ["42704", "42883", "3F000", "42P01"];

/// What is imported.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The folder of the Alembic project.
    pub directory: PathBuf,
    /// The command that runs Alembic.
    pub alembic: String,
    /// The table in which Alembic notes where a database is.
    pub version_table: String,
    /// Whether Alembic is not asked for the SQL of its revisions.
    pub no_sql: bool,
}

/// Revisions that have been imported.
#[derive(Debug, Serialize)]
pub struct Imported {
    /// The revisions that were written.
    pub revisions: Vec<String>,
    /// Revisions that were imported before, and are left as they are.
    pub kept: Vec<String>,
    /// The heads.
    pub heads: Vec<String>,
    /// Revisions whose SQL has to be written.
    pub without_sql: Vec<String>,
    /// Revisions without a down file.
    pub irreversible: Vec<String>,
    /// Revisions whose downgrade does not restore what was there before.
    pub unsteady: Vec<String>,
    /// What the database has and no revision creates.
    pub provided: Vec<String>,
    /// The declaration, if it was written.
    pub schema: Option<String>,
    /// Whether all revisions have run.
    #[serde(skip)]
    pub built: bool,
    /// What downgrades do wrong.
    #[serde(skip)]
    pub faults: Vec<Unsteady>,
}

/// Where an Alembic project is.
struct AlembicProject {
    /// The folder to run alembic in.
    folder: PathBuf,
    ini: Option<PathBuf>,
    versions: Vec<PathBuf>,
}

/// SQL of revisions both ways.
#[derive(Default)]
struct Rendered {
    up: Sections,
    down: Sections,
}

impl Project {
    /// Imports the revisions of an Alembic project, and writes schema.toml from what they build. They
    /// have run before anything is written.
    ///
    /// # Errors
    /// When there is no such project, its revisions contradict each other, or they do not run.
    pub async fn import_alembic(&self, options: &ImportOptions) -> Result<Imported, Failure> {
        let source = AlembicProject::find(&options.directory)?;
        let all = source.revisions()?;
        if all.is_empty() {
            return Err(source.without_revisions());
        }
        let before = self.workspace.graph()?;
        let (kept, found) = divided(&before, all)?;
        let rendered = if options.no_sql || found.is_empty() {
            Rendered::default()
        } else {
            source.rendered(self, options, &found)?
        };
        let revisions: Vec<Revision> =
            found.iter().map(|it| taken_over(self, it, &rendered)).collect();
        let graph = together(&before, &revisions)?;
        let unbuilt = found.iter().any(|it| !rendered.up.contains_key(&it.header.id));
        let lacking = Box::pin(beforehand(self, &graph)).await?;
        let provided = lacking.as_ref().unwrap_or(self.workspace.provided());
        let project = &self.providing(provided.clone());
        // Nothing is written before everything has run.
        let built = Box::pin(built(project, &graph, unbuilt)).await?;
        let unsteady = match &built {
            Some(_) => Box::pin(tried(project, &graph)).await?,
            None => Vec::new(),
        };
        let revisions = match &built {
            Some(_) => Box::pin(consenting(project, &graph, revisions)).await?,
            None => revisions,
        };
        write_all(&revisions)?;
        let schema = match &built {
            Some(schema) => declare(project, schema)?,
            None => None,
        };
        let ids = |wanted: &dyn Fn(&Revision) -> bool| -> Vec<String> {
            revisions.iter().filter(|it| wanted(it)).map(|it| it.id().to_string()).collect()
        };
        let declared = lacking.iter().flat_map(|it| it.objects.iter());
        Ok(Imported {
            revisions: ids(&|_| true),
            kept: kept.iter().map(ToString::to_string).collect(),
            heads: graph.heads().iter().map(ToString::to_string).collect(),
            without_sql: ids(&|it| !rendered.up.contains_key(it.id())),
            irreversible: ids(&|it| it.down.is_none()),
            unsteady: unsteady.iter().map(|it| it.id.to_string()).collect(),
            provided: declared.map(|it| it.0.to_string()).collect(),
            schema,
            built: built.is_some(),
            faults: unsteady,
        })
    }
}

/// Imported revisions, whose headers allow what they lose: whoever wrote them has applied them elsewhere.
async fn consenting(
    project: &Project,
    graph: &Graph,
    revisions: Vec<Revision>,
) -> Result<Vec<Revision>, Failure> {
    let lossy = revisions.iter().filter(|it| !consent::keeps_data(it, Side::Up));
    let lossy: Vec<RevisionId> = lossy.map(|it| it.id().clone()).collect();
    if lossy.is_empty() {
        return Ok(revisions);
    }
    let mut losses = project.workspace.losses(graph, &lossy, Side::Up).await?;
    let allowing = |it: Revision| match losses.remove(it.id()).filter(|it| !it.is_empty()) {
        Some(losses) => it.allowing(losses),
        None => it,
    };
    Ok(revisions.into_iter().map(allowing).collect())
}

/// The revisions of the project, with the imported ones.
fn together(before: &Graph, imported: &[Revision]) -> Result<Graph, Failure> {
    Graph::new(before.iter().chain(imported).cloned()).map_err(|errors| {
        let failure = Failure::input("the Alembic revisions contradict each other");
        errors.iter().fold(failure, |it, error| it.detail(error.to_string()))
    })
}

/// Revisions that were imported before, and may have been edited since; and those that are new.
fn divided(
    before: &Graph,
    all: Vec<AlembicRevision>,
) -> Result<(Vec<RevisionId>, Vec<AlembicRevision>), Failure> {
    let (mut kept, mut found) = (Vec::new(), Vec::new());
    for it in all {
        match before.get(&it.header.id) {
            None => found.push(it),
            Some(known) if known.header.origin == it.header.origin => kept.push(it.header.id),
            Some(_) => {
                let message = format!("revision `{}` already exists", it.header.id);
                return Err(Failure::input(message));
            }
        }
    }
    Ok((kept, found))
}

/// What the database has and no revision creates, beside what is declared as provided; none without a
/// database.
async fn beforehand(project: &Project, graph: &Graph) -> Result<Option<Provided>, Failure> {
    let workspace = &project.workspace;
    if !matches!(workspace.database().place.value, DatabasePlace::Server(_)) {
        return Ok(None);
    }
    let mut database = workspace.connect(ignore_notices()).await?;
    let _doing = workspace.activity().begin("reading the catalog of the database");
    let live = catalog::introspect(&mut database.connection, &workspace.scope()).await;
    database.close().await;
    let live = live?;
    let mut provided = workspace.provided().clone();
    let creatable = |it: &Ident| workspace.can_create_extension(it);
    provided.extend(&uncreated(&live, graph, &creatable));
    Ok(Some(provided))
}

/// Extensions that the database has and no revision creates, with their schemas; and schemas of which
/// the same holds, where a revision names them. Of extensions that nothing needs, only those that the
/// scratch database can have.
fn uncreated(live: &Snapshot, graph: &Graph, creatable: &dyn Fn(&Ident) -> bool) -> Provided {
    let statements: Vec<ScriptStatement> =
        graph.iter().flat_map(|it| split(&it.up.text).unwrap_or_default()).collect();
    let creates = |keyword: &str, name: &Ident| {
        statements.iter().any(|it| it.subjects(keyword).contains(&name.as_str()))
    };
    let mentions = |name: &Ident| {
        let is_it =
            |it: &Token| matches!(it, Token::Word(it) | Token::Name(it) if it == name.as_str());
        statements.iter().any(|it| it.tokens.iter().any(is_it))
    };
    let needed = |id: &ObjectId| live.dependencies.iter().any(|(_, needed)| needed == id);
    let mut objects = Schema::default();
    let mut namespaces = BTreeSet::new();
    for (id, object) in live.schema.iter() {
        match object {
            Object::Extension(it)
                if !creates("EXTENSION", &it.name) && (needed(id) || creatable(&it.name)) =>
            {
                namespaces.insert(it.namespace.clone());
                // Which version the server happens to have is no wish.
                objects.insert(Extension { version: None, ..it.clone() });
            }
            Object::Namespace(it) if mentions(&it.name) => {
                namespaces.insert(it.name.clone());
            }
            _ => {}
        }
    }
    let usual = ["public", "pg_catalog"];
    let namespaces = namespaces.into_iter().filter(|it| !usual.contains(&it.as_str()));
    for name in namespaces.filter(|it| !creates("SCHEMA", it)) {
        objects.insert(Namespace { name, comment: None });
    }
    Provided { objects, ..Provided::default() }
}

/// What the revisions build; none where some have no SQL yet, and the others need it.
async fn built(project: &Project, graph: &Graph, unbuilt: bool) -> Result<Option<Schema>, Failure> {
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    match project.workspace.history_schema(graph, &heads).await {
        Ok(schema) => Ok(Some(schema)),
        Err(WorkspaceError::Refused { .. }) if unbuilt => Ok(None),
        Err(error) => {
            let hints = hints(project, &error);
            let failure = Failure::from(error).detail("nothing was written");
            Err(hints.into_iter().fold(failure, Failure::hint))
        }
    }
}

/// What to do about something that is missing.
fn hints(project: &Project, error: &WorkspaceError) -> Vec<String> {
    let WorkspaceError::Refused { refusal, .. } = error else { return Vec::new() };
    if !MISSING.contains(&refusal.sqlstate.as_str()) {
        return vec!["fix the revision in Alembic's directory, then import again".to_owned()];
    }
    let name = refusal.message.split('"').nth(1).unwrap_or_default();
    let known = schema_toml::extension_of(name);
    let mut hints = Vec::new();
    if let Some(namespace) = known.and_then(|it| home(project, it)) {
        return vec![format!(
            "`{name}` is in schema `{namespace}`: add the schema to the search path in \
             aludel.toml, `search_path = [\"public\", \"{namespace}\"]` in `[database]`, then \
             import again"
        )];
    }
    if let Some(extension) = known {
        let key =
            if extension.contains('-') { format!("\"{extension}\"") } else { extension.to_owned() };
        hints.push(format!(
            "`{name}` belongs to the extension `{extension}`, which no revision creates: declare \
             it in {}, `{key} = {{ provided = true }}` in `[extensions]`, then import again",
            project.schema.display()
        ));
    }
    if !matches!(project.workspace.database().place.value, DatabasePlace::Server(_)) {
        hints.push(
            "or give the database with --url: objects that it has and no revision creates are then \
             declared as provided"
                .to_owned(),
        );
    }
    hints
}

/// The schema of a provided extension.
fn home(project: &Project, extension: &str) -> Option<Ident> {
    let objects = &project.workspace.provided().objects;
    objects.iter().find_map(|(_, object)| match object {
        Object::Extension(it) if it.name.as_str() == extension => Some(it.namespace.clone()),
        _ => None,
    })
}

/// Says once what Alembic's downgrades leave behind. `check` says nothing of it.
async fn tried(project: &Project, graph: &Graph) -> Result<Vec<Unsteady>, Failure> {
    let found = project.workspace.imported_roundtrips(graph).await;
    found.map_err(Failure::from)
}

impl AlembicProject {
    fn without_revisions(&self) -> Failure {
        let folders: Vec<_> = self.versions.iter().map(|it| it.display().to_string()).collect();
        Failure::input(format!("no Alembic revisions in {}", folders.join(", ")))
    }

    /// Finds a project by its folder, by its script folder, or by its alembic.ini.
    fn find(path: &Path) -> Result<Self, Failure> {
        let unread = |path: &Path, error: std::io::Error| {
            Failure::input(format!("cannot read `{}`: {error}", path.display()))
        };
        let path = path.canonicalize().map_err(|it| unread(path, it))?;
        let parent = path.parent().unwrap_or(Path::new("/")).to_owned();
        let candidates = [path.clone(), path.join("alembic.ini"), parent.join("alembic.ini")];
        let Some(ini) = candidates.into_iter().find(|it| it.is_file()) else {
            let inner = path.join("versions");
            let versions = vec![if inner.is_dir() { inner } else { path.clone() }];
            return Ok(Self { folder: path, ini: None, versions });
        };
        let folder = ini.parent().unwrap_or(Path::new("/")).to_owned();
        let text = std::fs::read_to_string(&ini).map_err(|it| unread(&ini, it))?;
        let versions = Ini::parse(&text, &folder).versions(&folder);
        let versions =
            versions.map_err(|error| Failure::input(format!("{}: {error}", ini.display())))?;
        Ok(Self { folder, ini: Some(ini), versions })
    }

    fn revisions(&self) -> Result<Vec<AlembicRevision>, Failure> {
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        for folder in &self.versions {
            let entries = std::fs::read_dir(folder).map_err(|error| {
                Failure::input(format!("cannot read `{}`: {error}", folder.display()))
            })?;
            let files: Result<Vec<_>, _> = entries.map(|it| it.map(|it| it.path())).collect();
            let mut files = files?;
            files.retain(|it| it.extension().is_some_and(|it| it == "py"));
            files.sort();
            for file in files {
                let text = std::fs::read_to_string(&file).map_err(|error| {
                    Failure::input(format!("cannot read `{}`: {error}", file.display()))
                })?;
                match parse(&file, &text) {
                    Ok(revision) => found.extend(revision),
                    Err(error) => errors.push(error),
                }
            }
        }
        let failed = |errors: Vec<crate::revision::alembic::AlembicError>| {
            let failure = Failure::input("some Alembic files cannot be imported");
            errors.iter().fold(failure, |it, error| it.detail(error.to_string()))
        };
        if errors.is_empty() { resolved(found).map_err(failed) } else { Err(failed(errors)) }
    }

    /// The SQL of all revisions: in one go, or, where Alembic fails at that, one by one.
    fn rendered(
        &self,
        project: &Project,
        options: &ImportOptions,
        found: &[AlembicRevision],
    ) -> Result<Rendered, Failure> {
        let mut rendered = Rendered::default();
        match self.script(options, &["upgrade", "heads", "--sql"])? {
            Ok(sections) => rendered.up = sections,
            Err(reason) => {
                project.note(&format!("rendering the revisions one by one, because: {reason}"));
                for it in found {
                    let id = &it.header.id;
                    let range = match it.header.parents.first() {
                        Some(parent) => format!("{parent}:{id}"),
                        None => id.to_string(),
                    };
                    match self.script(options, &["upgrade", &range, "--sql"])? {
                        Ok(mut sections) => rendered.up.extend(sections.remove_entry(id)),
                        Err(reason) => project.warning(&format!("{id} has no SQL: {reason}")),
                    }
                }
            }
        }
        match self.script(options, &["downgrade", "heads:base", "--sql"])? {
            Ok(sections) => rendered.down = sections,
            Err(_) => {
                for it in found {
                    let id = &it.header.id;
                    let parent = it.header.parents.first().map_or("base", RevisionId::as_str);
                    let range = format!("{id}:{parent}");
                    match self.script(options, &["downgrade", &range, "--sql"])? {
                        Ok(mut sections) => rendered.down.extend(sections.remove_entry(id)),
                        Err(reason) => {
                            project.note(&format!("{id} has no downgrade: {reason}"));
                        }
                    }
                }
            }
        }
        Ok(rendered)
    }

    /// What Alembic writes, or why it does not.
    fn script(
        &self,
        options: &ImportOptions,
        words: &[&str],
    ) -> Result<Result<Sections, String>, Failure> {
        let mut program = options.alembic.split_whitespace();
        let mut command = Command::new(program.next().unwrap_or("alembic"));
        command.args(program).current_dir(&self.folder);
        if let Some(ini) = &self.ini {
            command.arg("-c").arg(ini);
        }
        let output = command.args(words).output().map_err(|error| {
            let failure = Failure::input(format!("cannot start `{}`: {error}", options.alembic));
            failure
                .hint(
                    "the SQL is rendered by Alembic: install it, or give the command that runs it, as in \
                       --alembic \"poetry run alembic\"",
                )
                .hint("to import the revision graph only: --no-sql")
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let last = said.lines().rev().find(|it| !it.trim().is_empty()).unwrap_or("it failed");
            return Ok(Err(last.trim().to_owned()));
        }
        let script = String::from_utf8_lossy(&output.stdout);
        let single = if self.names_parameters() { None } else { with_single_percents(&script) };
        let table = options.version_table.rsplit('.').next().unwrap_or(&options.version_table);
        Ok(sections(single.as_deref().unwrap_or(&script), table).map_err(|it| it.to_string()))
    }

    /// Whether env.py chooses how parameters are written, so that percent signs stay as they are.
    fn names_parameters(&self) -> bool {
        let folders = self.versions.iter().filter_map(|it| it.parent());
        let mut files = folders.map(|it| std::fs::read_to_string(it.join("env.py")));
        files.any(|it| it.is_ok_and(|it| it.contains("paramstyle")))
    }
}

/// A revision with its two files.
fn taken_over(project: &Project, found: &AlembicRevision, rendered: &Rendered) -> Revision {
    let settings = &project.workspace.settings().migrations;
    let mut header = found.header.clone();
    if header.message.is_empty() {
        header.message = "imported from Alembic".to_owned();
    }
    let folder = settings.directories.value.first().cloned().unwrap_or_default();
    let (up_path, down_path) = paths(&folder, settings.name.as_str(), &header);
    let content = |text: &String| match text.is_empty() {
        true => Content::Nothing,
        false => Content::Sql(text.clone()),
    };
    let up = rendered.up.get(&header.id).map_or(Content::Unrendered, content);
    let up = SqlFile { path: up_path, text: revision::up(&header, &up, None) };
    let down = rendered.down.get(&header.id).map(content);
    let down = down.map(|it| SqlFile { path: down_path, text: revision::down(&it, None) });
    Revision { header, up, down }
}

/// Writes schema.toml from what the revisions build, where there is none, or one that declares no
/// more than what is provided.
fn declare(project: &Project, schema: &Schema) -> Result<Option<String>, Failure> {
    let path = &project.schema;
    let provided = project.workspace.provided();
    if path.exists() {
        let Some(declared) = project.workspace.declared_schema() else { return Ok(None) };
        let is_public =
            |id: &ObjectId| *id == ObjectId::global(ObjectKind::Namespace, Ident::public());
        if !declared.iter().all(|(id, _)| provided.contains(id) || is_public(id)) {
            return Ok(None);
        }
    }
    write_file(project, path, &schema_toml::write(schema, provided))?;
    Ok(Some(path.display().to_string()))
}
