//! Diagnostics as annotated source, like rustc and cargo.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use super::plain::{plain, with_passwords_starred};
use crate::diagnostic::{Diagnostic, Label, Severity, SourceFile};

/// Columns after which long source lines are cut.
const WIDTH: usize = 120;

/// All diagnostics, a blank line between them, and a line break at the end.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    // A line with a password is shown without it.
    let starred =
        |it: &SourceFile| SourceFile::new(it.path.clone(), with_passwords_starred(&it.text));
    let files: Vec<SourceFile> = files.iter().map(starred).collect();
    let sources: Vec<Source<'_>> = files.iter().map(Source::new).collect();
    let mut shown = String::new();
    for (idx, diagnostic) in diagnostics.iter().enumerate() {
        if idx > 0 {
            shown.push('\n');
        }
        let rendered = renderer.render(&[group(diagnostic, &sources)]);
        // The renderer has replaced the escapes of others; those that are left are its colors.
        let lines = rendered.split('\u{1b}').map(plain).collect::<Vec<_>>();
        shown.push_str(&lines.join("\u{1b}"));
        shown.push('\n');
    }
    shown
}

/// A file, and where its lines begin: whoever looks for the line of each of many mistakes from the
/// top would take the square of their number.
struct Source<'a> {
    file: &'a SourceFile,
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(file: &'a SourceFile) -> Self {
        let ends = file.text.bytes().enumerate().filter(|it| it.1 == b'\n');
        Self { file, lines: std::iter::once(0).chain(ends.map(|it| it.0 + 1)).collect() }
    }

    /// The whole lines that a range is in, with where they begin and the number of the first.
    fn around(&self, range: &Range<usize>) -> (&'a str, usize, usize) {
        let text = &self.file.text;
        let number = self.lines.partition_point(|it| *it <= range.start);
        let start = self.lines.get(number.saturating_sub(1)).copied().unwrap_or_default();
        let last = range.end.max(range.start + 1) - 1;
        let end = self.lines.get(self.lines.partition_point(|it| *it <= last));
        (&text[start..end.copied().unwrap_or(text.len())], start, number)
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &[Source<'a>]) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str());
    Group::with_title(title)
        .elements(snippets(diagnostic, sources))
        .elements(diagnostic.help.iter().map(|it| Level::HELP.message(normalize_untrusted_str(it))))
}

/// One snippet a file, the file of the primary label first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &[Source<'a>],
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut order: Vec<usize> = Vec::new();
    for label in &diagnostic.labels {
        if !order.contains(&label.span.file) {
            order.push(label.span.file);
        }
    }
    order.into_iter().filter_map(|it| snippet(diagnostic, it, sources.get(it)?)).collect()
}

fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    number: usize,
    source: &Source<'a>,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let labels = diagnostic.labels.iter().enumerate();
    let labels: Vec<_> = labels.filter(|(_, it)| it.span.file == number).collect();
    let ranges = labels.iter().map(|(_, it)| it.span.range());
    // A place that is not in the text has no mark.
    let inside = ranges.clone().all(|it| source.file.text.get(it).is_some());
    let whole = ranges.clone().map(|it| it.start).min()?..ranges.map(|it| it.end).max()?;
    if !inside {
        return None;
    }
    let (text, start, line) = source.around(&whole);
    let mut snippet = Snippet::source(text).line_start(line).path(source.file.path.as_str());
    for (idx, label) in labels {
        snippet = snippet.annotation(annotation(label, idx == 0, start));
    }
    Some(snippet)
}

/// The mark under a label's place, in a text that begins at this byte.
fn annotation(label: &Label, primary: bool, start: usize) -> Annotation<'_> {
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let range = label.span.range();
    let annotation = kind.span(range.start - start..range.end - start);
    let shown = !label.text.is_empty();
    if shown { annotation.label(normalize_untrusted_str(&label.text)) } else { annotation }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[track_caller]
    fn check(diagnostic: Diagnostic, expected: &str) {
        let files = [
            SourceFile::new("schema.toml", "[tables.a]\nmodel = 3\n"),
            SourceFile::new("more.toml", "[tables.a]\n"),
        ];
        assert_eq!(render(&[diagnostic], &files, false), expected);
    }

    #[test]
    fn a_label_and_help() {
        let diagnostic = Diagnostic::error(Span::new(0, 19..20), "expected a string")
            .label("an integer")
            .help("write it in quotes");
        check(
            diagnostic,
            "\
error: expected a string
 --> schema.toml:2:9
  |
2 | model = 3
  |         ^ an integer
  |
  = help: write it in quotes
",
        );
    }

    #[test]
    fn two_files() {
        let diagnostic = Diagnostic::error(Span::new(1, 8..9), "table `a` is declared twice")
            .also(Span::new(0, 8..9), "first declared here");
        check(
            diagnostic,
            "\
error: table `a` is declared twice
 --> more.toml:1:9
  |
1 | [tables.a]
  |         ^
  |
 ::: schema.toml:1:9
  |
1 | [tables.a]
  |         - first declared here
",
        );
    }

    #[test]
    fn a_place_that_is_gone_shows_the_message_alone() {
        let diagnostic = Diagnostic::error(Span::new(7, 0..1), "no such file");
        check(diagnostic, "error: no such file\n");
    }
}
