//! The template of a project for new revisions: a license, a role, or other text that every file
//! needs.
//!
//! In: the text of the file given in `[migrations] template`, with a line `{header}` and a line
//! `{body}`. Out: a [`Frame`], or mistakes with their locations.

use std::ops::Range;

use crate::diagnostic::{self, Diagnostic, SourceFile, Span};
use crate::revision::file::header_key;
use crate::sql_text::lines;

/// Where the header is put.
const HEADER: &str = "{header}";
/// Where the statements are put.
const BODY: &str = "{body}";

/// The text around the two placeholders, line ends and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Comments, with which the header makes the top of an up file.
    above: String,
    between: String,
    below: String,
}

impl Frame {
    /// Reads a frame.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the places.
    pub fn parse(file: &SourceFile) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = Reader { file, errors: Vec::new() };
        let places = (reader.place(HEADER), reader.place(BODY));
        if let (Some(header), Some(body)) = &places {
            if header.start > body.start {
                let error = Diagnostic::error(
                    span(header.clone()),
                    format!("`{HEADER}` must come before `{BODY}`"),
                );
                reader.errors.push(error.also(span(body.clone()), "the statements"));
            } else {
                reader.check_top(header, body);
            }
        }
        match places {
            (Some(header), Some(body)) if reader.errors.is_empty() => Ok(Self {
                above: file.text[..header.start].trim_start_matches('\u{feff}').to_owned(),
                between: closed(&file.text[header.end..body.start]),
                below: file.text[body.end..].to_owned(),
            }),
            _ => {
                diagnostic::sort(&mut reader.errors);
                Err(reader.errors)
            }
        }
    }

    /// An up file.
    pub(super) fn up(&self, header: &str, body: &str) -> String {
        let Self { above, between, below } = self;
        format!("{above}{header}{between}{body}{below}")
    }

    /// A down file, which has no header.
    pub(super) fn down(&self, body: &str) -> String {
        let Self { above, between, below } = self;
        let text = format!("{above}{between}{body}{below}");
        text.trim_start_matches(['\n', '\r']).to_owned()
    }
}

/// What stands between header and statements, with an empty line where only comments stand there: else
/// the comment of the first statement would be read as a part of the header.
fn closed(between: &str) -> String {
    let is_open = lines(between).all(|it| it.starts_with("--"));
    format!("{between}{}", if is_open { "\n" } else { "" })
}

fn span(range: Range<usize>) -> Span {
    Span::new(0, range)
}

/// Looks for the placeholders.
struct Reader<'a> {
    file: &'a SourceFile,
    errors: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The line of a placeholder, its end included.
    fn place(&mut self, placeholder: &str) -> Option<Range<usize>> {
        let mut found: Option<Range<usize>> = None;
        for (start, line) in numbered(&self.file.text) {
            let Some(at) = line.find(placeholder) else { continue };
            let here = span(start + at..start + at + placeholder.len());
            let text = line.trim_start_matches('\u{feff}').trim();
            if text != placeholder {
                let message = format!("`{placeholder}` must be alone on its line");
                self.errors.push(Diagnostic::error(here, message));
            } else if let Some(first) = &found {
                let message = format!("`{placeholder}` occurs twice");
                let first = span(first.start..first.start);
                self.errors.push(Diagnostic::error(here, message).also(first, "first one"));
            }
            found = found.or(Some(start..start + line.len()));
        }
        if found.is_none() {
            let message = format!("the template has no line `{placeholder}`");
            let what = match placeholder {
                HEADER => "the header of a revision, `-- Revision: …`, is inserted there",
                _ => "the statements of a revision are inserted there",
            };
            self.errors.push(Diagnostic::error(span(0..0), message).help(what));
        }
        found
    }

    /// aludel looks for the header in the comment lines at the top of a file, each `-- Key: value` one
    /// of its fields; what else stands among them must be neither SQL nor such a line.
    fn check_top(&mut self, header: &Range<usize>, body: &Range<usize>) {
        let is_comment = |it: &(usize, &str)| it.1.starts_with("--");
        let above = numbered(&self.file.text[..header.start]);
        for (start, line) in above {
            let text = line.trim_start_matches('\u{feff}');
            let here = span(start..start + line.trim_end().len());
            if !text.starts_with("--") {
                let message = format!("only comment lines, `-- …`, are allowed above `{HEADER}`");
                let help = "aludel reads the header from the comment lines at the top of a file: \
                            move this below it";
                self.errors.push(Diagnostic::error(here, message).help(help));
            } else {
                self.check_remark(here, text);
            }
        }
        let below = numbered(&self.file.text[header.end..body.start]).take_while(is_comment);
        for (start, line) in below.collect::<Vec<_>>() {
            let start = header.end + start;
            self.check_remark(span(start..start + line.trim_end().len()), line);
        }
    }

    fn check_remark(&mut self, here: Span, line: &str) {
        if let Some(key) = header_key(line.trim_end()) {
            let message = format!("`{key}:` is read as a field of the header here");
            let help = "reword the line, or move it below an empty line after the header";
            self.errors.push(Diagnostic::error(here, message).help(help));
        }
    }
}

/// The lines of a text, each with the place where it begins.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    lines(text).map(move |line| {
        let start = next;
        next += line.len();
        (start, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, up: &str, down: &str) {
        let frame = Frame::parse(&SourceFile::new("frame.sql", text)).unwrap();
        assert_eq!(frame.up("-- Revision: a\n", "SELECT 1;\n"), up);
        assert_eq!(frame.down("SELECT 2;\n"), down);
    }

    #[test]
    fn statements_and_comments_stand_around() {
        check("{header}\n\n{body}", "-- Revision: a\n\nSELECT 1;\n", "SELECT 2;\n");
        check(
            "-- © Acme\n{header}\n\nSET ROLE {owner};\n\n{body}\n\nRESET ROLE;\n",
            "-- © Acme\n-- Revision: a\n\nSET ROLE {owner};\n\nSELECT 1;\n\nRESET ROLE;\n",
            "-- © Acme\n\nSET ROLE {owner};\n\nSELECT 2;\n\nRESET ROLE;\n",
        );
        check(
            "\u{feff}  {header}\r\n-- a remark: no field\r\n  {body}\r\n",
            "-- Revision: a\n-- a remark: no field\r\n\nSELECT 1;\n",
            "-- a remark: no field\r\n\nSELECT 2;\n",
        );
        check("{header}\n{body}\n", "-- Revision: a\n\nSELECT 1;\n", "SELECT 2;\n");
        check("{header}\n  \n{body}\n", "-- Revision: a\n  \nSELECT 1;\n", "  \nSELECT 2;\n");
    }

    #[track_caller]
    fn check_mistakes(text: &str, expected: &[&str]) {
        let files = [SourceFile::new("frame.sql", text)];
        let errors = Frame::parse(&files[0]).unwrap_err();
        let shown = errors.iter().map(|it| {
            let place = it.place().unwrap();
            format!("{}: {} at `{}`", place.line(&files), it.message, &text[place.range()])
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn mistakes_have_places() {
        check_mistakes(
            "SELECT 1;\n",
            &[
                "1: the template has no line `{body}` at ``",
                "1: the template has no line `{header}` at ``",
            ],
        );
        check_mistakes(
            "{header}\n{body}\n-- {body}\n{body}\n{header}\n",
            &[
                "3: `{body}` must be alone on its line at `{body}`",
                "4: `{body}` occurs twice at `{body}`",
                "5: `{header}` occurs twice at `{header}`",
            ],
        );
        check_mistakes(
            "{body}\n{header}\n",
            &["2: `{header}` must come before `{body}` at `{header}\n`"],
        );
        check_mistakes(
            "SET ROLE a;\n\n-- Copyright: Acme\n{header}\n-- Labels: x\n\n-- Copyright: Acme\n{body}\n",
            &[
                "1: only comment lines, `-- …`, are allowed above `{header}` at `SET ROLE a;`",
                "2: only comment lines, `-- …`, are allowed above `{header}` at ``",
                "3: `Copyright:` is read as a field of the header here at `-- Copyright: Acme`",
                "5: `Labels:` is read as a field of the header here at `-- Labels: x`",
            ],
        );
    }
}
