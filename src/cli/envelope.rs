//! What `--format json` prints: one document for each run of the program, whatever came of it.
//!
//! Its JSON Schema is `aludel schema-json --of output`; the reports in it are those of [`crate::operations`].

use std::sync::Mutex;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Severity, SourceFile};
use crate::operations::failure::{Failure, Kind};

use super::Outcome;

/// What has been told so far.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<Parts>);

#[derive(Debug, Default)]
struct Parts {
    result: Option<Box<RawValue>>,
    /// Of commands that run on several databases.
    databases: Vec<OfDatabase>,
    messages: Vec<Message>,
}

/// What came of one of several databases.
#[derive(Debug, Serialize)]
struct OfDatabase {
    database: String,
    result: Option<Box<RawValue>>,
}

/// Something that was said beside the data.
#[derive(Debug, Serialize)]
struct Message {
    /// `note`, `warning`, `hint`, `may fail` or `loses`.
    level: &'static str,
    text: String,
}

/// The document.
#[derive(Debug, Serialize)]
struct Envelope<'a> {
    aludel: &'static str,
    /// How the program ended, in a word.
    status: &'static str,
    /// Its exit status.
    exit: u8,
    /// The report of the command; null where it failed before it had one.
    result: &'a Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    databases: &'a [OfDatabase],
    messages: &'a [Message],
    error: Option<ErrorReport>,
}

/// Why a command failed.
#[derive(Debug, Serialize)]
struct ErrorReport {
    message: String,
    details: Vec<String>,
    hints: Vec<String>,
    /// Mistakes in files, each with its place.
    mistakes: Vec<Mistake>,
}

/// A mistake in a file.
#[derive(Debug, Serialize)]
struct Mistake {
    severity: &'static str,
    message: String,
    file: String,
    /// Counted from one.
    line: usize,
    /// In characters, counted from one.
    column: usize,
    help: Vec<String>,
}

impl Told {
    /// The report of a command, or of its part on one database.
    ///
    /// # Errors
    /// Where it is no JSON, as a map with keys that are no texts.
    pub(super) fn data<T: Serialize>(&self, value: &T) -> serde_json::Result<()> {
        // The keys stay in the order of the fields, and the lines where they are in the document.
        let text = serde_json::to_string_pretty(value)?;
        let indented = |by: &str| RawValue::from_string(text.replace('\n', &format!("\n{by}")));
        let mut parts = self.parts();
        match parts.databases.last_mut() {
            Some(part) => part.result = Some(indented("      ")?),
            None => parts.result = Some(indented("  ")?),
        }
        Ok(())
    }

    /// What follows is of one of several databases.
    pub(super) fn begin_part(&self, name: &str) {
        self.parts().databases.push(OfDatabase { database: name.to_owned(), result: None });
    }

    /// Something beside the data.
    pub(super) fn message(&self, level: &'static str, text: &str) {
        self.parts().messages.push(Message { level, text: text.to_owned() });
    }

    /// The document, with what came of it.
    pub(super) fn document(&self, ended: &Result<Outcome, Failure>, exit: u8) -> String {
        let parts = self.parts();
        let envelope = Envelope {
            aludel: env!("CARGO_PKG_VERSION"),
            status: status(ended),
            exit,
            result: &parts.result,
            databases: &parts.databases,
            messages: &parts.messages,
            error: ended.as_ref().err().map(ErrorReport::of),
        };
        serde_json::to_string_pretty(&envelope).expect("texts, numbers and JSON")
    }

    fn parts(&self) -> std::sync::MutexGuard<'_, Parts> {
        // What was told before a panic is still true.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How the program ended, in a word.
fn status(ended: &Result<Outcome, Failure>) -> &'static str {
    let kind = match ended {
        Ok(Outcome::Done) => return "done",
        Ok(Outcome::No) => Kind::Answer,
        Err(failure) => failure.kind,
    };
    match kind {
        Kind::Answer => "no",
        Kind::Input => "input",
        Kind::Database => "database",
        Kind::Internal => "internal",
        Kind::Interrupted => "interrupted",
    }
}

impl ErrorReport {
    fn of(failure: &Failure) -> Self {
        let mistakes = failure.mistakes.iter().flat_map(|it| {
            it.diagnostics.iter().map(|diagnostic| Mistake::of(diagnostic, &it.files))
        });
        Self {
            message: failure.message.clone(),
            details: failure.details.clone(),
            hints: failure.hints.clone(),
            mistakes: mistakes.collect(),
        }
    }
}

impl Mistake {
    fn of(diagnostic: &Diagnostic, files: &[SourceFile]) -> Self {
        let span = diagnostic.place();
        let file = span.and_then(|it| files.get(it.file));
        let before = span.zip(file).and_then(|(span, file)| file.text.get(..span.start));
        let begin = before.and_then(|it| it.rsplit('\n').next()).unwrap_or_default();
        Self {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: diagnostic.message.clone(),
            file: file.map_or_else(String::new, |it| it.path.clone()),
            line: before.map_or(1, |it| it.matches('\n').count() + 1),
            column: begin.chars().count() + 1,
            help: diagnostic.help.clone(),
        }
    }
}

/// The JSON Schema of the document (`aludel schema-json --of output`).
pub(super) fn json_schema() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let mistake = json!({
        "type": "object",
        "required": ["severity", "message", "file", "line", "column", "help"],
        "additionalProperties": false,
        "properties": {
            "severity": { "enum": ["error", "warning"] },
            "message": { "type": "string" },
            "file": { "type": "string" },
            "line": { "type": "integer", "minimum": 1 },
            "column": { "type": "integer", "minimum": 1 },
            "help": texts,
        },
    });
    let error = json!({
        "type": ["object", "null"],
        "required": ["message", "details", "hints", "mistakes"],
        "additionalProperties": false,
        "properties": {
            "message": { "type": "string" },
            "details": texts,
            "hints": texts,
            "mistakes": { "type": "array", "items": mistake },
        },
    });
    let message = json!({
        "type": "object",
        "required": ["level", "text"],
        "additionalProperties": false,
        "properties": {
            "level": { "enum": LEVELS },
            "text": { "type": "string" },
        },
    });
    let of_database = json!({
        "type": "object",
        "required": ["database", "result"],
        "additionalProperties": false,
        "properties": { "database": { "type": "string" }, "result": {} },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The output of aludel with --format json",
        "type": "object",
        "required": ["aludel", "status", "exit", "result", "messages", "error"],
        "additionalProperties": false,
        "properties": {
            "aludel": { "type": "string", "description": "the version of the program" },
            "status": { "enum": ["done", "no", "input", "database", "internal", "interrupted"] },
            "exit": { "type": "integer", "minimum": 0, "maximum": 255 },
            "result": { "description": "the report of the command; null if it failed before it had one" },
            "databases": {
                "description": "the reports of a command that runs on several databases",
                "type": "array",
                "items": of_database,
            },
            "messages": { "type": "array", "items": message },
            "error": error,
        },
    })
}

/// The levels of messages.
const LEVELS: [&str; 5] = ["note", "warning", "hint", "may fail", "loses"];
