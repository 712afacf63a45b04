//! A review as Markdown for a comment on a pull request.

use super::{Review, told};
use crate::report::plain::{plain, with_passwords_starred};
use crate::review::facts::ReviewedFile;
use crate::review::hazard::{Hazard, Severity};

/// A heading with the number of hazards; for each file a table of its hazards, and its statements with
/// their facts, folded. Then what the database says.
#[must_use]
pub fn markdown(review: Review<'_>) -> String {
    let mut shown = format!("## aludel review: {}\n", review.summary());
    for file in review.files {
        shown.push_str(&format!("\n### {}\n", code(&file.path)));
        let hazards: Vec<_> = review.of(file).collect();
        if !hazards.is_empty() {
            shown.push_str("\n| | line | hazard | safer |\n| --- | --- | --- | --- |\n");
            hazards.iter().for_each(|it| shown.push_str(&row(it)));
        }
        shown.push_str(&statements(file));
    }
    if !review.database.is_empty() {
        shown.push_str("\n### The database now\n\n");
        let items = review.database.iter().map(|it| format!("- {}\n", escaped(it)));
        shown.extend(items);
    }
    shown
}

fn row(it: &Hazard) -> String {
    let sign = match (&it.allowed, it.severity) {
        (Some(_), _) => "allowed",
        (None, severity) => word(severity),
    };
    let allowed = it.allowed.as_ref().map(|it| format!(" (allowed: {})", cell(it)));
    format!(
        "| {sign} | {} | **{}** {}{} | {} |\n",
        it.line,
        it.code,
        cell(&it.message),
        allowed.unwrap_or_default(),
        cell(it.safer.as_deref().unwrap_or_default())
    )
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn statements(file: &ReviewedFile) -> String {
    let mut shown = String::from("\n<details><summary>Statements and what they do</summary>\n");
    for it in &file.statements {
        let sql = with_passwords_starred(&it.source.text);
        let fence = fence(&sql);
        shown.push_str(&format!("\n{fence}sql\n{}\n{fence}\n\n", plain(&sql)));
        told::lines(&it.facts)
            .iter()
            .for_each(|it| shown.push_str(&format!("- {}\n", escaped(it))));
    }
    shown.push_str("\n</details>\n");
    shown
}

/// More backticks than stand in a text.
fn fence(text: &str) -> String {
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// A text in a code span.
fn code(text: &str) -> String {
    let fence = "`".repeat(fence(text).len() - 2);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", plain(text).replace('\n', " "))
}

/// A text in a cell of a table, in which names stay in their backticks.
fn cell(text: &str) -> String {
    escaped(text).replace('|', "\\|").replace(['\n', '\r'], " ")
}

/// A text whose characters are no markup, but for the backticks around names.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    let mut quoted = false;
    for it in plain(text).chars() {
        match it {
            '`' => quoted = !quoted,
            '<' if !quoted => shown.push_str("&lt;"),
            '&' if !quoted => shown.push_str("&amp;"),
            '*' | '_' | '[' | ']' | '@' | '#' if !quoted => shown.push('\\'),
            _ => {}
        }
        if quoted || !matches!(it, '<' | '&') {
            shown.push(it);
        }
    }
    shown
}
