//! Many revisions become one that replaces them.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision_files::{remove, replace_all};
use crate::runner::statements;

use super::Project;
use super::diff::tell_unmanaged;
use super::draft::{self, Draft, DraftOptions};
use super::failure::{Failure, Kind};

/// What is squashed.
#[derive(Debug, Clone)]
pub struct SquashOptions {
    /// The last revision that is replaced; the new one has its id.
    pub revision: String,
    /// What the new one says.
    pub message: Option<String>,
}

/// Revisions that one has replaced.
#[derive(Debug, Serialize)]
pub struct Squashed {
    /// The id of the new revision, which is that of the last of the old ones.
    pub id: String,
    /// The old ones.
    pub replaced: Vec<String>,
    /// The file that applies it.
    pub up: String,
    /// The file that reverts it.
    pub down: Option<String>,
}

impl Project {
    /// Replaces a revision and all that it builds on by one. That has run up and down before the old files
    /// are removed.
    ///
    /// # Errors
    /// When they are not in one line, or one revision cannot build the same.
    pub async fn squash(&self, options: &SquashOptions) -> Result<Squashed, Failure> {
        let graph = self.workspace.graph()?;
        let last = draft::named_one(&graph, &options.revision)?;
        let last = last.ok_or_else(|| Failure::input("no revision to squash"))?;
        let old = graph.squashable(&last).map_err(|it| Failure::input(it.to_string()))?;
        if old.len() < 2 {
            return Err(Failure::input(format!(
                "revision `{last}` has no parent: nothing to combine"
            )));
        }
        let revision = Box::pin(squashed(self, options, &graph, &last, &old)).await?;
        tell_lost(self, &graph, &old)?;
        replace_all(std::slice::from_ref(&revision))?;
        let gone: Vec<&Revision> = old.iter().filter_map(|id| graph.get(id)).collect();
        remove(&gone, &revision)?;
        Ok(Squashed {
            id: last.to_string(),
            replaced: old.iter().map(ToString::to_string).collect(),
            up: revision.up.path.display().to_string(),
            down: revision.down.as_ref().map(|it| it.path.display().to_string()),
        })
    }
}

/// The revision that stands for the old ones, run up and down on a scratch database.
async fn squashed(
    project: &Project,
    options: &SquashOptions,
    graph: &Graph,
    last: &RevisionId,
    old: &[RevisionId],
) -> Result<Revision, Failure> {
    let workspace = &project.workspace;
    let nothing = workspace.history(graph, &[]).await?;
    let all = workspace.history(graph, std::slice::from_ref(last)).await?;
    if !all.snapshot.unmanaged.is_empty() {
        tell_unmanaged(project, &all, "the history");
        return Err(Failure::input(
            "nothing was squashed: objects that aludel does not manage would be lost",
        ));
    }
    let comparison = workspace.compare(&nothing, &all).await?;
    let wrong = |errors: Vec<_>| Failure::of_plan(&errors, None);
    let up = project.script(&comparison.up(project.plan_options()).map_err(wrong)?);
    let down = project.script(&comparison.down(project.plan_options()).map_err(wrong)?);
    let message =
        options.message.clone().unwrap_or_else(|| format!("squash {} revisions", old.len()));
    let typed = DraftOptions::default();
    let mut header =
        Draft::new(project, &Graph::default(), &typed)?.header(&message, Vec::new())?;
    header.id = last.clone();
    header.created = graph.get(last).and_then(|it| it.header.created).or(header.created);
    header.labels =
        old.iter().filter_map(|id| graph.get(id)).flat_map(|it| it.header.labels.clone()).collect();
    header.replaces = graph.chain(last).cloned();
    header.fingerprint = Some(Fingerprint::of(&all.snapshot.schema));
    let draft = Draft::new(project, graph, &typed)?;
    let revision = draft.assembled(header, &Content::Plan(up), Some(&Content::Plan(down)))?;

    let left = remaining(project, &revision, &all.snapshot).await?;
    if left.is_empty() {
        return Ok(revision);
    }
    let message = "nothing was squashed: the combined revision does not build the same schema; this is a bug \
         in aludel";
    let failure = Failure::new(Kind::Internal, message);
    Err(left
        .iter()
        .fold(failure, |it, change| it.detail(format!("remaining difference: {change}"))))
}

/// Runs the revision up and down on an empty scratch database. Gives the changes from what it builds to what
/// it should, in both directions.
async fn remaining(
    project: &Project,
    revision: &Revision,
    all: &Snapshot,
) -> Result<Vec<Change>, Failure> {
    let workspace = &project.workspace;
    let none = Graph::default();
    let (mut scratch, empty) = workspace.replay(&none, &[], &all.schema).await?;
    let mut left = Vec::new();
    let files = [(Some(&revision.up), all), (revision.down.as_ref(), &empty)];
    for (file, wanted) in files {
        let Some(file) = file else { continue };
        match workspace.try_file(&mut scratch, file).await {
            Ok(found) => {
                let wanted = fitted(&found, wanted);
                left.extend(workspace.left_between(&found.schema, &wanted).await);
            }
            Err(error) => {
                scratch.close().await;
                let mut failure = Failure::from(error);
                failure.message = format!("nothing was squashed: {}", failure.message);
                return Err(failure);
            }
        }
    }
    scratch.close().await;
    Ok(left)
}

/// Names the statements whose work is no part of the schema.
fn tell_lost(project: &Project, graph: &Graph, old: &[RevisionId]) -> Result<(), Failure> {
    let mut lost = Vec::new();
    for revision in old.iter().filter_map(|id| graph.get(id)) {
        let statements = statements(&revision.up, revision.header.transaction);
        let statements = statements.map_err(|it| Failure::input(it.to_string()))?;
        for it in statements.iter().filter(|it| it.writes_rows()) {
            lost.push(format!("{}:{}", revision.up.path.display(), it.line));
        }
    }
    if !lost.is_empty() {
        project.warning(&format!(
            "rows that the old revisions inserted are not in the new one: {}",
            lost.join(", ")
        ));
    }
    Ok(())
}
