//! What a rule says of a statement, and what a file allows.

use serde::Serialize;

/// How bad a hazard is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at by a person.
    Warning,
    /// Denied, unless it is allowed.
    Error,
}

/// Something that a rule has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hazard {
    /// The code of the rule: `index-not-concurrent`, `PV10`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is the matter, in one sentence: the object, the lock, who waits.
    pub message: String,
    /// The safer form, as SQL where it can be written down.
    pub safer: Option<String>,
    /// The object that it is about, as SQL.
    pub object: Option<String>,
    /// The file.
    pub path: String,
    /// The line, counted from one.
    pub line: usize,
    /// The column in characters, counted from one.
    pub column: usize,
    /// The number of the statement in its file, counted from zero; None where it is about the file.
    pub statement: Option<usize>,
    /// Why it is allowed, where it is: what the file or the configuration says.
    pub allowed: Option<String>,
}

impl Hazard {
    /// Whether it is denied: an error that nothing allows.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.severity == Severity::Error && self.allowed.is_none()
    }
}

/// The rules about data that is lost for good.
const LOSSES: [&str; 12] = [
    "PV18",
    "PV21",
    "PV31",
    "alter-type-loss",
    "delete-without-where",
    "drop-column",
    "drop-database",
    "drop-schema",
    "drop-state",
    "drop-table",
    "truncate",
    "truncate-cascade",
];

impl Hazard {
    /// Whether it is about data that is lost for good, which the header of a revision can allow.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        LOSSES.contains(&self.code)
    }
}

impl Severity {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// `-- aludel: allow CODE reason` above a statement, or a code in aludel.toml.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The code.
    pub code: String,
    /// Why.
    pub reason: String,
    /// The line of the directive, counted from one.
    pub line: usize,
}
