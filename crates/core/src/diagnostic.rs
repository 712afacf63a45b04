//! Mistakes in files written by users: message, location, and help.
//!
//! Plain data with byte ranges, without lines, colors or terminals; `report::snippet` renders it.

pub mod nearest;

use std::ops::Range;

/// A file that was read, as the user named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, as it is shown.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// A file by its path and text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// A place: some bytes of one of several files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which file of those that were handed in.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// One after the last byte.
    pub end: usize,
}

impl Span {
    /// The place of a byte range in a file.
    #[must_use]
    pub fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The line, counted from 1, in which the place begins.
    #[must_use]
    pub fn line(self, files: &[SourceFile]) -> usize {
        let text = files.get(self.file).map_or("", |it| it.text.as_str());
        1 + text.bytes().take(self.start).filter(|it| *it == b'\n').count()
    }
}

/// A place with a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub text: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be done before it is mended.
    Error,
    /// Allowed, but likely a mistake.
    Warning,
}

/// One mistake. Messages begin in lower case, carry names in backticks, have no final stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where: the first is the place at fault, the others are what it conflicts with.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: Vec::new(),
        }
    }

    /// Puts a few words under the place at fault.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = self.labels.first_mut() {
            primary.text = text.into();
        }
        self
    }

    /// Shows a second place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds "did you mean", where one of the candidates is close to what was written.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        written: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match nearest::nearest(written, candidates) {
            Some(it) => self.help(format!("did you mean `{it}`?")),
            None => self,
        }
    }

    /// The place at fault.
    #[must_use]
    pub fn place(&self) -> Option<Span> {
        self.labels.first().map(|it| it.span)
    }
}

/// Brings diagnostics into the order of their places.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (a.place(), &a.message).cmp(&(b.place(), &b.message)));
}
