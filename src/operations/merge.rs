//! A merge revision: one that joins branches.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::render::revision::Content;
use crate::revision::id::RevisionId;

use super::Project;
use super::draft::{self, Draft, DraftOptions};
use super::failure::Failure;

/// What is merged.
#[derive(Debug, Clone, Default)]
pub struct MergeOptions {
    /// Targets that name the heads: `heads`, ids, labels.
    pub revisions: Vec<String>,
    /// What the revision says; which ones it merges, where it is left out.
    pub message: Option<String>,
    /// What a new revision is made with.
    pub draft: DraftOptions,
}

/// A merge revision that has been written.
#[derive(Debug, Serialize)]
pub struct Merged {
    /// Its id.
    pub id: String,
    /// The revisions that it merges.
    pub parents: Vec<String>,
    /// The file that applies it.
    pub up: String,
    /// The file that reverts it.
    pub down: Option<String>,
}

impl Project {
    /// Writes a revision that merges branches.
    ///
    /// # Errors
    /// When the revisions are no heads, or fewer than two.
    pub fn merge(&self, options: &MergeOptions) -> Result<Merged, Failure> {
        let graph = self.workspace.graph()?;
        let mut parents: Vec<RevisionId> = Vec::new();
        for text in &options.revisions {
            parents.extend(draft::named(&graph, text)?);
        }
        let mut seen = BTreeSet::new();
        parents.retain(|it| seen.insert(it.clone()));
        if parents.len() < 2 {
            let failure = Failure::input("a merge needs two or more revisions");
            return Err(failure.hint("to list the heads: `aludel heads`"));
        }
        if let Some(id) = parents.iter().find(|it| graph.children(it).next().is_some()) {
            return Err(Failure::input(format!("revision `{id}` is not a head"))
                .hint(format!("`{id}@head` is the head of its branch")));
        }
        let names: Vec<_> = parents.iter().map(RevisionId::as_str).collect();
        let message =
            options.message.clone().unwrap_or_else(|| format!("merge {}", names.join(" and ")));
        let draft = Draft::new(self, &graph, &options.draft)?;
        let header = draft.header(&message, parents.clone())?;
        let revision = draft.assembled(header, &Content::Merge, Some(&Content::Merge))?;
        draft::place(self, &revision)?;
        Ok(Merged {
            id: revision.id().to_string(),
            parents: parents.iter().map(ToString::to_string).collect(),
            up: revision.up.path.display().to_string(),
            down: revision.down.as_ref().map(|it| it.path.display().to_string()),
        })
    }
}
