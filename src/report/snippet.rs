//! Diagnostics as annotated source, the way rustc and cargo show them.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str,
};

use crate::diagnostic::{Diagnostic, Label, Severity, SourceFile};

/// Columns after which long source lines are cut.
const WIDTH: usize = 120;

/// All diagnostics, a blank line between them, and a line break at the end.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut shown = String::new();
    for (idx, diagnostic) in diagnostics.iter().enumerate() {
        if idx > 0 {
            shown.push('\n');
        }
        shown.push_str(&renderer.render(&[group(diagnostic, files)]));
        shown.push('\n');
    }
    shown
}

fn group<'a>(diagnostic: &'a Diagnostic, files: &'a [SourceFile]) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str());
    Group::with_title(title)
        .elements(snippets(diagnostic, files))
        .elements(diagnostic.help.iter().map(|it| Level::HELP.message(normalize_untrusted_str(it))))
}

/// One snippet a file, the file of the primary label first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    files: &'a [SourceFile],
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut order: Vec<usize> = Vec::new();
    for label in &diagnostic.labels {
        if !order.contains(&label.span.file) {
            order.push(label.span.file);
        }
    }
    order.into_iter().filter_map(|it| snippet(diagnostic, it, files.get(it)?)).collect()
}

fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    number: usize,
    file: &'a SourceFile,
) -> Option<Snippet<'a, Annotation<'a>>> {
    let mut snippet = Snippet::source(file.text.as_str()).path(file.path.as_str());
    for (idx, label) in diagnostic.labels.iter().enumerate() {
        if label.span.file == number {
            snippet = snippet.annotation(annotation(label, idx == 0, &file.text)?);
        }
    }
    Some(snippet)
}

/// The mark under a label's place; none where the place is not in the text.
fn annotation<'a>(label: &'a Label, primary: bool, text: &str) -> Option<Annotation<'a>> {
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let range = label.span.range();
    text.get(range.clone())?;
    let annotation = kind.span(range);
    let shown = !label.text.is_empty();
    Some(if shown { annotation.label(normalize_untrusted_str(&label.text)) } else { annotation })
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
