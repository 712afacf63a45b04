//! A review as text: hazards as annotated source, and the facts of each statement.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use super::{Review, told};
use crate::report::plain::{plain, with_passwords_starred};
use crate::review::facts::ReviewedFile;
use crate::review::hazard::{Hazard, Severity};

/// Columns after which long source lines are cut.
const WIDTH: usize = 120;

/// The hazards, each at its place in the source, and a line with their number. Of those that are allowed
/// the number alone.
#[must_use]
pub fn hazards(review: Review<'_>, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut shown = String::new();
    for file in review.files {
        // A line with a password is shown without it; the places stay as they are.
        let text = with_passwords_starred(&file.text);
        for hazard in review.of(file).filter(|it| it.allowed.is_none()) {
            let rendered = renderer.render(&[group(hazard, file, &text)]);
            let lines = rendered.split('\u{1b}').map(plain).collect::<Vec<_>>();
            shown.push_str(&lines.join("\u{1b}"));
            shown.push_str("\n\n");
        }
    }
    shown.push_str(&review.summary());
    shown.push('\n');
    shown
}

/// What each statement does.
#[must_use]
pub fn facts(review: Review<'_>) -> String {
    let mut shown = String::new();
    for file in review.files {
        shown.push_str(&format!("{}\n", plain(&file.path)));
        for it in &file.statements {
            let sql = with_passwords_starred(&it.source.text);
            let first = sql.lines().next().unwrap_or_default();
            let more = if sql.lines().count() > 1 { " …" } else { "" };
            shown.push_str(&format!("  {}: {}{more}\n", it.source.line, plain(first)));
            let lines = told::lines(&it.facts);
            lines.iter().for_each(|it| shown.push_str(&format!("      {}\n", plain(it))));
        }
    }
    shown
}

fn group<'a>(hazard: &'a Hazard, file: &'a ReviewedFile, text: &'a str) -> Group<'a> {
    let level = match hazard.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(normalize_untrusted_str(&hazard.message)).id(hazard.code);
    let safer = hazard.safer.iter();
    let safer =
        safer.map(|it| Level::HELP.message(format!("safer: {}", normalize_untrusted_str(it))));
    Group::with_title(title).elements(snippet(hazard, file, text)).elements(safer)
}

fn snippet<'a>(
    hazard: &Hazard,
    file: &'a ReviewedFile,
    text: &'a str,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let (line, start) = line_at(text, hazard.line)?;
    let span = marked(hazard, file, line, start);
    let snippet = Snippet::source(line).line_start(hazard.line).path(file.path.as_str());
    Some(snippet.annotation(AnnotationKind::Primary.span(span)))
}

/// A line by its number, and its first byte.
fn line_at(text: &str, number: usize) -> Option<(&str, usize)> {
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at + 1 == number {
            return Some((line.trim_end_matches(['\n', '\r']), start));
        }
        start += line.len();
    }
    None
}

/// What is marked in the line: the statement, where the hazard is about it as a whole, or a word.
fn marked(hazard: &Hazard, file: &ReviewedFile, line: &str, start: usize) -> Range<usize> {
    let at: usize = line.chars().take(hazard.column - 1).map(char::len_utf8).sum();
    let rest = &line[at..];
    let statement = hazard.statement.and_then(|it| file.statements.get(it));
    let whole = statement.filter(|it| it.source.span.start == start + at);
    let length = match whole {
        Some(it) => it.source.span.len().min(rest.len()),
        None => rest.find(|it: char| it.is_whitespace() || it == ',').unwrap_or(rest.len()),
    };
    let end = (at + length..=line.len()).find(|it| line.is_char_boundary(*it));
    at..end.unwrap_or(line.len())
}
