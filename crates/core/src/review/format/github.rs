//! A review as annotations of GitHub Actions (its documentation, "Workflow commands").

use super::Review;
use crate::report::plain::plain;
use crate::review::hazard::{Hazard, Severity};

/// A line for each hazard that is not allowed, which GitHub shows at its line in the pull request; and one for what the
/// database says.
#[must_use]
pub fn github(review: Review<'_>) -> String {
    let open = review.hazards.iter().filter(|it| it.allowed.is_none());
    open.map(annotation).chain(review.database.iter().map(|it| of_database(it))).collect()
}

fn annotation(it: &Hazard) -> String {
    let command = match it.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let safer = it.safer.as_ref().map_or(String::new(), |it| format!("\nsafer: {it}"));
    format!(
        "::{command} file={},line={},col={},title={}::{}\n",
        property(&it.path),
        it.line,
        it.column,
        property(it.code),
        data(&plain(&format!("{}{safer}", it.message)))
    )
}

fn of_database(line: &str) -> String {
    format!("::notice title=database::{}\n", data(&plain(line)))
}

/// What stands behind `::` ends at a line break.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma, and all of them at a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
