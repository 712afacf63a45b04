//! Revisions as `history`, `heads`, `branches` and `show` print them.

use std::io::{IsTerminal, stdout};

use crate::operations::ListedRevision;
use crate::report::lanes::{LaneRow, draw};

use super::super::global::When;

/// The labels and other properties of a revision, in parentheses after its id.
pub(super) fn marks(it: &ListedRevision) -> String {
    let mut marks: Vec<&str> = it.labels.iter().map(String::as_str).collect();
    marks.extend(it.phase);
    marks.extend(it.head.then_some("head"));
    marks.extend(it.branchpoint.then_some("branchpoint"));
    marks.extend(it.mergepoint.then_some("mergepoint"));
    marks.extend((it.applied == Some(true)).then_some("applied"));
    marks.extend(it.down.is_none().then_some("irreversible"));
    if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) }
}

/// Its id, its marks and its message.
pub(super) fn shown(it: &ListedRevision) -> String {
    let comma = if it.message.is_empty() { "" } else { ", " };
    format!("{}{}{comma}{}", it.id, marks(it), it.message)
}

/// Its lines in a list.
pub(super) fn lines(it: &ListedRevision, verbose: bool) -> Vec<String> {
    let parents = if it.parents.is_empty() { "<base>".to_owned() } else { it.parents.join(", ") };
    let mut lines = vec![format!("{parents} -> {}", shown(it))];
    if verbose {
        lines.extend(it.created.iter().map(|it| format!("    created {it}")));
        if !it.depends.is_empty() {
            lines.push(format!("    depends on {}", it.depends.join(", ")));
        }
        lines.push(format!("    {}", it.up));
        lines.extend(it.down.iter().map(|it| format!("    {it}")));
    }
    lines
}

/// A revision in a line about it: its id and its message, which may be left out.
pub(in crate::cli) fn titled(id: &dyn std::fmt::Display, message: &str) -> String {
    if message.is_empty() { id.to_string() } else { format!("{id} {message}") }
}

/// A list of revisions, with the branches drawn beside it where that is wanted.
pub(super) fn listed(entries: &[ListedRevision], verbose: bool, drawn: When) -> String {
    let drawn = match drawn {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            stdout().is_terminal() && entries.iter().any(|it| it.branchpoint || it.mergepoint)
        }
    };
    if !drawn {
        return entries.iter().flat_map(|it| lines(it, verbose)).map(|it| it + "\n").collect();
    }
    let rows = entries.iter().map(|it| LaneRow {
        id: it.id.clone(),
        parents: it.parents.clone(),
        lines: lines(it, verbose),
    });
    draw(&rows.collect::<Vec<_>>())
}
