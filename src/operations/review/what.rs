//! What was named to be reviewed, as files in the order in which they run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::ledger::{Direction, pending, way};
use crate::revision::Revision;
use crate::revision::SqlFile;
use crate::revision::file::TransactionMode;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Range, Target};
use crate::revision_files::from_texts;
use crate::workspace::Trust;
use crate::workspace::WorkspaceError;
use crate::workspace::replay::revisions_up_to;
use crate::workspace::review::{Leg, Subject};

use super::super::Project;
use super::super::failure::Failure;
use super::super::ledger;
use super::folder::files_of;
use super::{Course, ReviewOptions};

/// What one argument names.
enum Named {
    /// Revisions of the project.
    Revisions(Vec<RevisionId>),
    /// The down file of a revision.
    Down(RevisionId),
    /// A file that runs after all revisions.
    File(Subject),
    /// Files that have nothing to do with the project.
    Folder(Vec<Subject>),
}

/// The files to be run, those of a folder of its own apart from those of the project.
pub(super) async fn courses(
    project: &Project,
    options: &ReviewOptions,
) -> Result<Vec<Course>, Failure> {
    let graph = graph(project)?;
    let (mut revisions, mut files) = (BTreeSet::new(), Vec::new());
    let mut courses = Vec::new();
    for it in named(project, &graph, options).await? {
        match it {
            Named::Revisions(ids) => revisions.extend(ids),
            Named::Down(id) => courses.push(down(project, &graph, &id)?),
            Named::File(subject) => files.push(Leg::Reviewed(subject)),
            Named::Folder(subjects) => {
                courses.push(subjects.into_iter().map(Leg::Reviewed).collect());
            }
        }
    }
    if revisions.is_empty() && files.is_empty() {
        return Ok(courses);
    }
    let ends: Vec<&RevisionId> = match files.is_empty() {
        true => revisions.iter().collect(),
        false => graph.heads(),
    };
    let mut course = upwards(project, &graph, &ends, &revisions)?;
    course.extend(files);
    courses.insert(0, course);
    Ok(courses)
}

/// Up files one after the other up to some ends, of which some are reviewed.
pub(super) fn upwards(
    project: &Project,
    graph: &Graph,
    ends: &[&RevisionId],
    reviewed: &BTreeSet<RevisionId>,
) -> Result<Course, Failure> {
    let leg = |revision: &Revision| {
        let subject = project.workspace.subject(revision, &revision.up)?;
        Ok(match reviewed.contains(revision.id()) {
            true => Leg::Reviewed(subject),
            false => Leg::Passed(subject),
        })
    };
    revisions_up_to(graph, ends).into_iter().map(leg).collect()
}

/// The revisions of the project, of which a folder without one has none.
fn graph(project: &Project) -> Result<Graph, Failure> {
    let folders = &project.workspace.settings().migrations.directories.value;
    if folders.iter().any(|it| it.exists()) {
        return Ok(project.workspace.graph()?);
    }
    Ok(from_texts(&[]).map_err(WorkspaceError::Revisions)?)
}

/// A down file after its revision.
fn down(project: &Project, graph: &Graph, id: &RevisionId) -> Result<Course, Failure> {
    let mut course = Course::new();
    for revision in revisions_up_to(graph, &[id]) {
        course.push(Leg::Passed(project.workspace.subject(revision, &revision.up)?));
        if let Some(down) = revision.down.as_ref().filter(|_| revision.id() == id) {
            course.push(Leg::Reviewed(project.workspace.subject(revision, down)?));
        }
    }
    Ok(course)
}

async fn named(
    project: &Project,
    graph: &Graph,
    options: &ReviewOptions,
) -> Result<Vec<Named>, Failure> {
    let mut all = Vec::new();
    for text in &options.what {
        all.push(match text.as_str() {
            "-" => {
                let text = options.standard_input.clone().unwrap_or_default();
                Named::File(Subject::of_text("-", text, TransactionMode::Usual)?)
            }
            "pending" => Named::Revisions(pending_ones(project, graph).await?),
            _ => one(project, graph, text)?,
        });
    }
    if options.what.is_empty() {
        all.push(Named::Revisions(match project.has_server() {
            true => pending_ones(project, graph).await?,
            false => unproved(project, graph).await?,
        }));
    }
    Ok(all)
}

/// What the configured database does not have.
async fn pending_ones(project: &Project, graph: &Graph) -> Result<Vec<RevisionId>, Failure> {
    let applied = ledger::read(project).await?;
    let steps = pending(graph, &applied, Direction::Up, &[Target::HEADS])?;
    Ok(steps.iter().map(|it| it.revision.id().clone()).collect())
}

/// Those that nobody has tested as they are now.
async fn unproved(project: &Project, graph: &Graph) -> Result<Vec<RevisionId>, Failure> {
    let due = project.workspace.untried(graph, Trust::Proofs).await?;
    let due = graph.iter().zip(due).filter(|(_, due)| *due);
    Ok(due.map(|(it, _)| it.id().clone()).collect())
}

fn one(project: &Project, graph: &Graph, text: &str) -> Result<Named, Failure> {
    let path = Path::new(text);
    if path.is_dir() {
        return folder(project, graph, path);
    }
    let is_sql = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("sql"));
    if path.is_file() || is_sql {
        return file(graph, path);
    }
    if text.contains(':') {
        let range = Range::parse(text)?;
        let from = graph.find(&range.from.unwrap_or(Target::BASE), None)?;
        let to = range.to.unwrap_or(Target::HEADS);
        let steps = way(graph, &graph.ancestors(&from), Direction::Up, &[to])?;
        return Ok(Named::Revisions(steps.iter().map(|it| it.revision.id().clone()).collect()));
    }
    let found =
        Target::parse(text).map_err(Failure::from).and_then(|it| Ok(graph.find(&it, None)?));
    match found {
        Ok(ids) => Ok(Named::Revisions(ids)),
        Err(failure) => Err(failure.hint(
            "WHAT is a revision, a range FROM:TO, `pending`, an SQL file, a directory, or `-` for standard input",
        )),
    }
}

/// A directory: one of the project's revisions, or of files that something else runs.
fn folder(project: &Project, graph: &Graph, path: &Path) -> Result<Named, Failure> {
    let real = |it: &Path| it.canonicalize().unwrap_or_else(|_| it.to_owned());
    let own = &project.workspace.settings().migrations.directories.value;
    if own.iter().any(|it| real(it) == real(path)) {
        let of_it = |it: &&Revision| it.up.path.parent().is_some_and(|it| real(it) == real(path));
        let ids = graph.iter().filter(of_it).map(|it| it.id().clone()).collect();
        return Ok(Named::Revisions(ids));
    }
    let files = files_of(path)?;
    project.tell_skipped(&path.display().to_string(), &files.skipped);
    if files.wanted.is_empty() {
        return Err(Failure::input(format!("`{}` has no SQL files", path.display())));
    }
    let subject = |it: &(PathBuf, String, TransactionMode)| {
        Subject::of_text(&it.0.display().to_string(), it.1.clone(), it.2)
    };
    let subjects: Result<_, _> = files.wanted.iter().map(subject).collect();
    Ok(Named::Folder(subjects?))
}

/// A file: that of a revision, or any other.
fn file(graph: &Graph, path: &Path) -> Result<Named, Failure> {
    let read = |it: &Path| {
        std::fs::read_to_string(it)
            .map_err(|error| Failure::input(format!("cannot read `{}`: {error}", it.display())))
    };
    let real = |it: &Path| it.canonicalize().unwrap_or_else(|_| it.to_owned());
    let is_it = |it: &SqlFile| real(&it.path) == real(path);
    for revision in graph.iter() {
        if is_it(&revision.up) {
            return Ok(Named::Revisions(vec![revision.id().clone()]));
        }
        if revision.down.as_ref().is_some_and(is_it) {
            return Ok(Named::Down(revision.id().clone()));
        }
    }
    let text = read(path)?;
    let path = path.display().to_string();
    Ok(Named::File(Subject::of_text(&path, text, TransactionMode::Usual)?))
}
