//! Revisions as `history`, `heads`, `branches` and `show` print them.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stdout};

use serde::Serialize;

use crate::report::lanes::{LaneRow, draw};
use crate::revision::Revision;
use crate::revision::file::Phase;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;

use super::super::global::When;

/// A revision, for people and programs.
#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) parents: Vec<String>,
    pub(super) depends: Vec<String>,
    pub(super) message: String,
    pub(super) created: Option<String>,
    pub(super) labels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phase: Option<&'static str>,
    pub(super) head: bool,
    pub(super) branchpoint: bool,
    pub(super) mergepoint: bool,
    pub(super) up: String,
    pub(super) down: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) applied: Option<bool>,
}

impl Entry {
    pub(super) fn new(
        graph: &Graph,
        revision: &Revision,
        applied: Option<&BTreeSet<RevisionId>>,
    ) -> Self {
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

    /// The labels and what else is particular, as it stands behind the id.
    pub(super) fn marks(&self) -> String {
        let mut marks: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        marks.extend(self.phase);
        marks.extend(self.head.then_some("head"));
        marks.extend(self.branchpoint.then_some("branchpoint"));
        marks.extend(self.mergepoint.then_some("mergepoint"));
        marks.extend((self.applied == Some(true)).then_some("applied"));
        marks.extend(self.down.is_none().then_some("irreversible"));
        if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
    }

    /// Its id, its marks and its message.
    pub(super) fn shown(&self) -> String {
        let comma = if self.message.is_empty() { "" } else { ", " };
        format!("{}{}{comma}{}", self.id, self.marks(), self.message)
    }

    /// Its lines in a list.
    pub(super) fn lines(&self, verbose: bool) -> Vec<String> {
        let parents =
            if self.parents.is_empty() { "<base>".to_owned() } else { self.parents.join(", ") };
        let mut lines = vec![format!("{parents} -> {}", self.shown())];
        if verbose {
            lines.extend(self.created.iter().map(|it| format!("    created {it}")));
            if !self.depends.is_empty() {
                lines.push(format!("    depends on {}", self.depends.join(", ")));
            }
            lines.push(format!("    {}", self.up));
            lines.extend(self.down.iter().map(|it| format!("    {it}")));
        }
        lines
    }
}

/// A revision in a line about it: its id and its message, which may be left out.
pub(in crate::cli) fn titled(id: &dyn std::fmt::Display, message: &str) -> String {
    if message.is_empty() { id.to_string() } else { format!("{id} {message}") }
}

/// A list of revisions, with the branches drawn beside it where that is wanted.
pub(super) fn listed(entries: &[Entry], verbose: bool, drawn: When) -> String {
    let drawn = match drawn {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            stdout().is_terminal() && entries.iter().any(|it| it.branchpoint || it.mergepoint)
        }
    };
    if !drawn {
        return entries.iter().flat_map(|it| it.lines(verbose)).map(|it| it + "\n").collect();
    }
    let rows = entries.iter().map(|it| LaneRow {
        id: it.id.clone(),
        parents: it.parents.clone(),
        lines: it.lines(verbose),
    });
    draw(&rows.collect::<Vec<_>>())
}
