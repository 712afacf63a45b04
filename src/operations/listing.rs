//! The revisions of a project: all of them, the heads, the branch points, and one with its files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;

use crate::revision::Revision;
use crate::revision::file::Phase;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Range, Target, TargetPlace, Word};

use super::failure::Failure;
use super::{Project, ledger};

/// Which revisions are listed.
#[derive(Debug, Clone, Default)]
pub struct HistoryOptions {
    /// A range, as `FROM:TO`; all revisions, if none is given.
    pub range: Option<String>,
    /// Whether it is read from the database which of them are applied.
    pub indicate_applied: bool,
}

/// A list of revisions, newest first.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Listing<T: Serialize> {
    /// What is listed.
    pub entries: Vec<T>,
    /// Whether the project has no revisions at all.
    #[serde(skip)]
    pub is_empty: bool,
}

/// A revision in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedRevision {
    /// Its id.
    pub id: String,
    /// The revisions that it revises.
    pub parents: Vec<String>,
    /// The revisions of other branches that have to be applied before it.
    pub depends: Vec<String>,
    /// Its message, which may be empty.
    pub message: String,
    /// When it was created.
    pub created: Option<String>,
    /// The names of its branch.
    pub labels: Vec<String>,
    /// `expand` or `contract`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<&'static str>,
    /// Whether no revision revises it.
    pub head: bool,
    /// Whether several do.
    pub branchpoint: bool,
    /// Whether it revises several.
    pub mergepoint: bool,
    /// The path of its up file.
    pub up: String,
    /// The path of its down file; none if it is irreversible.
    pub down: Option<String>,
    /// Whether the database has it; none if that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<bool>,
}

/// A revision that several revise.
#[derive(Debug, Serialize)]
pub struct Branchpoint {
    /// The revision.
    #[serde(flatten)]
    pub revision: ListedRevision,
    /// Those that revise it.
    pub branches: Vec<ListedRevision>,
}

/// A revision with everything that is known of it.
#[derive(Debug, Serialize)]
pub struct ShownRevision {
    /// What lists show.
    #[serde(flatten)]
    pub revision: ListedRevision,
    /// The revisions that revise it.
    pub children: Vec<String>,
    /// The checksum of its files.
    pub checksum: String,
    /// The checksum of its up file and of all before it.
    pub chain: String,
    /// The fingerprint of the schema that it builds.
    pub schema: Option<String>,
    /// The text of its up file, if asked for.
    pub up_sql: Option<String>,
    /// The text of its down file, if asked for.
    pub down_sql: Option<String>,
}

impl Project {
    /// Lists the revisions.
    ///
    /// # Errors
    /// Mistakes in the revisions, or in the range; when the range or the options name the database, and it
    /// does not answer.
    pub async fn history(
        &self,
        options: &HistoryOptions,
    ) -> Result<Listing<ListedRevision>, Failure> {
        let graph = self.workspace.graph()?;
        let range = options.range.as_deref().map(Range::parse).transpose()?;
        let asked = options.indicate_applied || range.as_ref().is_some_and(needs_database);
        let held = if asked { Some(ledger::read(self).await?.held()) } else { None };
        let within = range.map(|it| graph.range(&it, held.as_ref())).transpose()?;
        let applied = held.as_ref().filter(|_| options.indicate_applied);
        let listed = graph
            .iter()
            .rev()
            .filter(|it| within.as_ref().is_none_or(|within| within.contains(it.id())))
            .map(|it| ListedRevision::new(&graph, it, applied));
        Ok(Listing { entries: listed.collect(), is_empty: graph.is_empty() })
    }

    /// Lists the revisions that no other one revises.
    ///
    /// # Errors
    /// Mistakes in the revisions.
    pub fn heads(&self) -> Result<Listing<ListedRevision>, Failure> {
        let graph = self.workspace.graph()?;
        let heads = graph.heads();
        let listed = graph.iter().rev().filter(|it| heads.contains(&it.id()));
        let entries = listed.map(|it| ListedRevision::new(&graph, it, None)).collect();
        Ok(Listing { entries, is_empty: graph.is_empty() })
    }

    /// Lists the revisions that several others revise.
    ///
    /// # Errors
    /// Mistakes in the revisions.
    pub fn branches(&self) -> Result<Listing<Branchpoint>, Failure> {
        let graph = self.workspace.graph()?;
        let listed = |it: &Revision| ListedRevision::new(&graph, it, None);
        let points = graph
            .iter()
            .rev()
            .map(|it| Branchpoint {
                revision: listed(it),
                branches: graph
                    .children(it.id())
                    .filter_map(|it| graph.get(it))
                    .map(listed)
                    .collect(),
            })
            .filter(|it| it.branches.len() > 1)
            .collect();
        Ok(Listing { entries: points, is_empty: graph.is_empty() })
    }

    /// Everything about the revisions that a target names, with the text of their files if `sql` is set.
    /// None is named by `base`.
    ///
    /// # Errors
    /// Mistakes in the revisions, or in the target; when the target is relative to the database, and it
    /// does not answer.
    pub async fn show(&self, target: &str, sql: bool) -> Result<Vec<ShownRevision>, Failure> {
        let (graph, found) = found(self, target).await?;
        Ok(found.iter().map(|it| shown(&graph, it, sql)).collect())
    }

    /// The files of the revisions that a target names.
    ///
    /// # Errors
    /// As [`Project::show`], and if the target names no revision.
    pub async fn files(&self, target: &str) -> Result<Vec<PathBuf>, Failure> {
        let (_, found) = found(self, target).await?;
        let files = found.into_iter().flat_map(|it| [Some(it.up), it.down]).flatten();
        let files: Vec<PathBuf> = files.map(|it| it.path).collect();
        if files.is_empty() {
            return Err(Failure::input(format!("there is no revision `{target}` to edit")));
        }
        Ok(files)
    }
}

impl ListedRevision {
    fn new(graph: &Graph, revision: &Revision, applied: Option<&BTreeSet<RevisionId>>) -> Self {
        let header = &revision.header;
        let names = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect();
        Self {
            id: header.id.to_string(),
            parents: names(&header.parents),
            depends: names(&header.depends),
            message: header.message.clone(),
            created: header.created.map(|it| it.to_string()),
            labels: header.labels.clone(),
            phase: header.phase.map(Phase::word),
            head: graph.children(&header.id).next().is_none(),
            branchpoint: graph.children(&header.id).count() > 1,
            mergepoint: header.parents.len() > 1,
            up: revision.up.path.display().to_string(),
            down: revision.down.as_ref().map(|it| it.path.display().to_string()),
            applied: applied.map(|it| it.contains(&header.id)),
        }
    }
}

/// Whether an end of a range is relative to the database. Another relative end counts from the other end.
fn needs_database(range: &Range) -> bool {
    let current = |it: &Target| matches!(it.place, TargetPlace::Word(Word::Current, _));
    [&range.from, &range.to].into_iter().flatten().any(current)
}

/// The revisions that a target names.
async fn found(project: &Project, text: &str) -> Result<(Graph, Vec<Revision>), Failure> {
    let graph = project.workspace.graph()?;
    let target = Target::parse(text)?;
    let current =
        matches!(target.place, TargetPlace::Word(Word::Current, _) | TargetPlace::Relative(_));
    let held = if current { Some(ledger::read(project).await?.held()) } else { None };
    let ids = graph.find(&target, held.as_ref())?;
    let revisions = ids.iter().filter_map(|id| graph.get(id)).cloned().collect();
    Ok((graph, revisions))
}

fn shown(graph: &Graph, revision: &Revision, sql: bool) -> ShownRevision {
    let id = revision.id();
    ShownRevision {
        revision: ListedRevision::new(graph, revision, None),
        children: graph.children(id).map(ToString::to_string).collect(),
        checksum: graph.checksum(id).map(ToString::to_string).unwrap_or_default(),
        chain: graph.chain(id).map(ToString::to_string).unwrap_or_default(),
        schema: revision.header.fingerprint.as_ref().map(ToString::to_string),
        up_sql: sql.then(|| revision.up.text.clone()),
        down_sql: revision.down.as_ref().filter(|_| sql).map(|it| it.text.clone()),
    }
}
