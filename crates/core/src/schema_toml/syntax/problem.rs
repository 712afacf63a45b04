//! Errors of the TOML parser as diagnostics.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Span};

/// A mistake in the TOML itself.
pub(super) fn diagnostic(file: usize, text: &str, error: &toml::de::Error) -> Diagnostic {
    let place = error.span().unwrap_or(0..0);
    let end = place.end.min(text.len());
    let place = place.start.min(end)..end;
    let span = Span::new(file, place.clone());
    if error.message() == "duplicate key" {
        let key = text.get(place.clone()).unwrap_or_default();
        let problem = Diagnostic::error(span, format!("`{key}` is declared twice"));
        return match first_place(text, &place) {
            Some(first) => problem.also(Span::new(file, first), "first declared here"),
            None => problem,
        };
    }
    Diagnostic::error(span, error.message().to_owned())
}

/// Where a key stands that the parser has met before: an earlier header of the same text, or an
/// earlier key of the same text under the same header.
fn first_place(text: &str, second: &Range<usize>) -> Option<Range<usize>> {
    let key = text.get(second.clone())?;
    let line_start = text[..second.start].rfind('\n').map_or(0, |at| at + 1);
    let header = text[line_start..].trim_start().starts_with('[');
    let before = text[line_start..second.start].trim_start();
    let mut found = None;
    let mut start = 0;
    for line in text[..line_start].split_inclusive('\n') {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let rest = trimmed.strip_prefix(before).and_then(|it| it.strip_prefix(key));
        let ends = rest.is_some_and(|it| it.trim_start().starts_with([']', '=', '.']));
        if !header && trimmed.starts_with('[') {
            found = None;
        } else if ends && found.is_none() {
            let at = start + indent + before.len();
            found = Some(at..at + key.len());
        }
        start += line.len();
    }
    found
}
