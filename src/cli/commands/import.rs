//! `aludel import alembic`: the revisions of an Alembic project as files of ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use crate::config::Place;
use crate::revision::alembic::{AlembicRevision, Ini, Sections, parse, resolved, sections};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::store::{paths, write_all};
use crate::revision::{Revision, SqlFile};
use crate::schema_toml;

use super::super::args::ImportAlembicArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::count;
use super::pull::write_file;
use super::stamp;

/// What stands in the file of a revision whose SQL nobody could get.
const NO_SQL: &str =
    "-- Alembic's offline mode could not render this revision. Write its SQL here.\n";
const NOTHING: &str = "-- Nothing to do.\n";

#[derive(Serialize)]
struct Report {
    revisions: Vec<String>,
    heads: Vec<String>,
    without_sql: Vec<String>,
    irreversible: Vec<String>,
    schema: Option<String>,
}

/// Where an Alembic project is.
struct Project {
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

pub(crate) async fn alembic(
    context: &Context,
    args: &ImportAlembicArgs,
) -> Result<Outcome, Failure> {
    let project = Project::find(&args.directory)?;
    let found = project.revisions()?;
    if found.is_empty() {
        let folders: Vec<_> = project.versions.iter().map(|it| it.display().to_string()).collect();
        return Err(Failure::input(format!("no revisions of Alembic in {}", folders.join(", "))));
    }
    let before = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    if let Some(it) = found.iter().find(|it| before.get(&it.header.id).is_some()) {
        return Err(Failure::input(format!("there is a revision `{}` already", it.header.id)));
    }
    let rendered =
        if args.no_sql { Rendered::default() } else { project.rendered(context, args, &found)? };
    let revisions: Vec<Revision> =
        found.iter().map(|it| taken_over(context, it, &rendered)).collect();
    let all = before.iter().cloned().chain(revisions.iter().cloned());
    let graph = Graph::new(all).map_err(|errors| {
        let failure = Failure::input("the revisions of Alembic contradict each other");
        errors.iter().fold(failure, |it, error| it.detail(error.to_string()))
    })?;
    write_all(&revisions).map_err(|it| Failure::of_write(&it))?;
    let schema = declare(context, &graph).await?;
    tell(context, &graph, &revisions, &rendered, schema)?;
    if matches!(context.workspace.database().place.value, Place::Server(_)) {
        return stamp::from_alembic(context, &args.version_table, true).await;
    }
    Ok(Outcome::Done)
}

impl Project {
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
            let failure = Failure::input("some files of Alembic cannot be taken over");
            errors.iter().fold(failure, |it, error| it.detail(error.to_string()))
        };
        if errors.is_empty() { resolved(found).map_err(failed) } else { Err(failed(errors)) }
    }

    /// The SQL of all revisions: in one go, or, where Alembic fails at that, one by one.
    fn rendered(
        &self,
        context: &Context,
        args: &ImportAlembicArgs,
        found: &[AlembicRevision],
    ) -> Result<Rendered, Failure> {
        let mut rendered = Rendered::default();
        match self.script(args, &["upgrade", "heads", "--sql"])? {
            Ok(sections) => rendered.up = sections,
            Err(reason) => {
                context.ui.note(&format!("rendering one revision after the other, for: {reason}"));
                for it in found {
                    let id = &it.header.id;
                    let range = match it.header.parents.first() {
                        Some(parent) => format!("{parent}:{id}"),
                        None => id.to_string(),
                    };
                    match self.script(args, &["upgrade", &range, "--sql"])? {
                        Ok(mut sections) => rendered.up.extend(sections.remove_entry(id)),
                        Err(reason) => context.ui.warning(&format!("{id} has no SQL: {reason}")),
                    }
                }
            }
        }
        match self.script(args, &["downgrade", "heads:base", "--sql"])? {
            Ok(sections) => rendered.down = sections,
            Err(_) => {
                for it in found {
                    let id = &it.header.id;
                    let parent = it.header.parents.first().map_or("base", RevisionId::as_str);
                    let range = format!("{id}:{parent}");
                    match self.script(args, &["downgrade", &range, "--sql"])? {
                        Ok(mut sections) => rendered.down.extend(sections.remove_entry(id)),
                        Err(reason) => {
                            context.ui.note(&format!("{id} has no way back: {reason}"));
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
        args: &ImportAlembicArgs,
        words: &[&str],
    ) -> Result<Result<Sections, String>, Failure> {
        let mut program = args.alembic.split_whitespace();
        let mut command = Command::new(program.next().unwrap_or("alembic"));
        command.args(program).current_dir(&self.folder);
        if let Some(ini) = &self.ini {
            command.arg("-c").arg(ini);
        }
        let output =
            command.args(words).output().map_err(|error| {
                let failure = Failure::input(format!("cannot start `{}`: {error}", args.alembic));
                failure
                .hint("its SQL comes from alembic itself: install it, or say how to start it with \
                       --alembic \"poetry run alembic\"")
                .hint("--no-sql takes over the graph alone")
            })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let last = said.lines().rev().find(|it| !it.trim().is_empty()).unwrap_or("it failed");
            return Ok(Err(last.trim().to_owned()));
        }
        let script = String::from_utf8_lossy(&output.stdout);
        Ok(sections(&script, &args.version_table).map_err(|it| it.to_string()))
    }
}

/// A revision with its two files.
fn taken_over(context: &Context, found: &AlembicRevision, rendered: &Rendered) -> Revision {
    let settings = &context.workspace.settings().migrations;
    let mut header = found.header.clone();
    if header.message.is_empty() {
        header.message = "imported from Alembic".to_owned();
    }
    let folder = settings.directories.value.first().cloned().unwrap_or_default();
    let (up_path, down_path) = paths(&folder, settings.name.as_str(), &header);
    let or_nothing = |it: &String| if it.is_empty() { NOTHING.to_owned() } else { it.clone() };
    let up = rendered.up.get(&header.id).map_or_else(|| NO_SQL.to_owned(), or_nothing);
    let down = rendered.down.get(&header.id).map(or_nothing);
    let up = SqlFile { path: up_path, text: format!("{header}\n{up}") };
    Revision { header, up, down: down.map(|text| SqlFile { path: down_path, text }) }
}

/// Writes schema.toml, where there is none, from what the revisions build.
async fn declare(context: &Context, graph: &Graph) -> Result<Option<String>, Failure> {
    let path = &context.global.schema;
    if path.exists() {
        return Ok(None);
    }
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let schema = match context.workspace.history_schema(graph, &heads).await {
        Ok(schema) => schema,
        Err(error) => {
            let failure = context.workspace_failure(error);
            context.ui.warning(&format!("{} is not written: {}", path.display(), failure.message));
            context.ui.hint("mend the revision, then: aludel pull migrations -o schema.toml");
            return Ok(None);
        }
    };
    write_file(context, path, &schema_toml::write(&schema, context.workspace.provided()))?;
    Ok(Some(path.display().to_string()))
}

fn tell(
    context: &Context,
    graph: &Graph,
    revisions: &[Revision],
    rendered: &Rendered,
    schema: Option<String>,
) -> Result<(), Failure> {
    let ids = |wanted: &dyn Fn(&Revision) -> bool| -> Vec<String> {
        revisions.iter().filter(|it| wanted(it)).map(|it| it.id().to_string()).collect()
    };
    let report = Report {
        revisions: ids(&|_| true),
        heads: graph.heads().iter().map(ToString::to_string).collect(),
        without_sql: ids(&|it| !rendered.up.contains_key(it.id())),
        irreversible: ids(&|it| it.down.is_none()),
        schema,
    };
    let text = format!(
        "took over {}, with {}: {}\n",
        count(revisions.len(), "revision"),
        count(report.heads.len(), "head"),
        report.heads.join(", ")
    );
    context.ui.data(&report, &text)?;
    for (ids, what) in
        [(&report.without_sql, "without SQL"), (&report.irreversible, "without a way back")]
    {
        if !ids.is_empty() {
            context.ui.warning(&format!("{what}: {}", ids.join(", ")));
        }
    }
    Ok(())
}
