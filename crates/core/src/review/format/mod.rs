//! A review as text, Markdown, JSON, SARIF, GitHub annotations and one HTML page.
//!
//! In: the files with their facts, and what [`judge`](super::judge) said of them. Out: text. Passwords and
//! control characters that stand in the files are not shown.

mod github;
mod html;
mod json;
mod markdown;
mod sarif;
mod schemas;
mod told;

mod text;

use super::facts::ReviewedFile;
use super::hazard::{Hazard, Severity};
use crate::report::count;

pub use github::github;
pub use html::html;
pub use json::{FileReport, ReviewReport, StatementReport, Summary};
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{facts, hazards};
pub use told::lines;

/// What is shown: files, and what was said of them.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    /// The files, in order.
    pub files: &'a [ReviewedFile],
    /// Their hazards, sorted by file and place.
    pub hazards: &'a [Hazard],
    /// What the configured database says now, as lines; nothing where none was asked.
    pub database: &'a [String],
}

impl<'a> Review<'a> {
    /// The hazards of a file.
    pub(super) fn of(&self, file: &'a ReviewedFile) -> impl Iterator<Item = &'a Hazard> {
        self.hazards.iter().filter(move |it| it.path == file.path)
    }

    /// The hazards of a statement of a file.
    pub(super) fn of_statement(
        &self,
        file: &'a ReviewedFile,
        number: usize,
    ) -> impl Iterator<Item = &'a Hazard> {
        self.of(file).filter(move |it| it.statement == Some(number))
    }

    /// `2 errors, 1 warning, 1 allowed`; `nothing to review` without a file.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.files.is_empty() {
            return "nothing to review".to_owned();
        }
        let open = |severity| {
            let found = self.hazards.iter().filter(|it| it.allowed.is_none());
            found.filter(|it| it.severity == severity).count()
        };
        let allowed = self.hazards.iter().filter(|it| it.allowed.is_some()).count();
        let counts = [
            (open(Severity::Error), "error"),
            (open(Severity::Warning), "warning"),
            (open(Severity::Info), "note"),
        ];
        let counts = counts.into_iter().filter(|it| it.0 > 0).map(|it| count(it.0, it.1));
        let mut parts: Vec<String> = counts.collect();
        if allowed > 0 {
            parts.push(format!("{allowed} allowed"));
        }
        if parts.is_empty() { "no hazards".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests;
