//! `aludel history`, `aludel heads` and `aludel branches`: the revisions, newest first.

use serde::Serialize;

use crate::operations::{Failure, HistoryOptions, Listing};

use super::super::args::{HistoryArgs, ListArgs};
use super::super::global::When;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::{lines, listed, marks, shown};

/// What `heads` and `branches` need.
pub(super) const NEEDS_OF_LISTS: Needs = Needs::FILES;

/// What `history` needs.
pub(super) fn needs(args: &HistoryArgs) -> Needs {
    if args.asks_database() { Needs::DATABASE } else { Needs::FILES }
}

pub(crate) async fn run(context: &Context, args: &HistoryArgs) -> Result<Outcome, Failure> {
    let HistoryArgs { verbose, rev_range, indicate_current, graph } = args;
    let options = HistoryOptions { range: rev_range.clone(), indicate_applied: *indicate_current };
    let listing = context.project.history(&options).await?;
    let text = listed(&listing.entries, *verbose, *graph);
    tell(context, &listing, &text)
}

pub(crate) fn heads(context: &Context, args: &ListArgs) -> Result<Outcome, Failure> {
    let listing = context.project.heads()?;
    let text: String = if args.verbose {
        listed(&listing.entries, true, When::Never)
    } else {
        listing.entries.iter().map(|it| format!("{}{}\n", it.id, marks(it))).collect()
    };
    tell(context, &listing, &text)
}

pub(crate) fn branches(context: &Context, args: &ListArgs) -> Result<Outcome, Failure> {
    let listing = context.project.branches()?;
    let mut text = String::new();
    for point in &listing.entries {
        text.extend(lines(&point.revision, args.verbose).iter().map(|it| format!("{it}\n")));
        for branch in &point.branches {
            text.push_str(&format!("    -> {}\n", shown(branch)));
        }
    }
    tell(context, &listing, &text)
}

fn tell<T: Serialize>(
    context: &Context,
    listing: &Listing<T>,
    text: &str,
) -> Result<Outcome, Failure> {
    context.ui.data(listing, text)?;
    if listing.is_empty {
        context.ui.note("there are no revisions");
    }
    Ok(Outcome::Done)
}
