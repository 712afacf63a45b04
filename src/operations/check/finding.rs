//! The findings of `check` as text.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::aspect::{Aspect, aspects};
use crate::diff::telling;
use crate::review::Hazard;

/// Something that does not agree.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// What kind of disagreement it is.
    pub kind: FindingKind,
    /// What it is, in words.
    pub message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    /// The properties that differ.
    pub differences: Vec<Aspect>,
    /// What a rule has found, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hazard: Option<Box<Hazard>>,
    /// The differences for people.
    #[serde(skip)]
    pub shown: Vec<String>,
}

impl Finding {
    pub(super) fn new(kind: FindingKind, message: String) -> Self {
        Self { kind, message, differences: Vec::new(), hazard: None, shown: Vec::new() }
    }
}

/// The kinds of disagreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Declared, but built by no revision, or the other way round.
    Pending,
    /// The database is not what its revisions build.
    Drift,
    /// Several heads.
    Heads,
    /// Files that the ledger knows otherwise.
    Files,
    /// Revisions whose downgrade does not restore the previous schema.
    Revisions,
    /// Revisions that lose data without the consent of their headers.
    Losses,
    /// Revisions with denied hazards.
    Hazards,
    /// Proofs that say other than what was found.
    Proofs,
    /// The database lacks what it is to have without any revision.
    Provided,
    /// Revisions that the database does not have yet.
    Unapplied,
    /// Vector indexes whose searches do not find what schema.toml asks for.
    Recall,
}

impl FindingKind {
    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Drift => "drift",
            Self::Heads => "heads",
            Self::Files => "files",
            Self::Losses => "losses",
            Self::Revisions => "revisions",
            Self::Hazards => "hazards",
            Self::Proofs => "proofs",
            Self::Provided => "provided",
            Self::Unapplied => "unapplied",
            Self::Recall => "recall",
        }
    }
}

/// The two sides that a difference lies between.
#[derive(Clone, Copy)]
pub(super) enum Sides {
    /// What the migrations build, and what is declared.
    Declared,
    /// What the database has, and what the migrations build.
    Live,
}

impl Sides {
    fn kind(self) -> FindingKind {
        match self {
            Self::Declared => FindingKind::Pending,
            Self::Live => FindingKind::Drift,
        }
    }

    fn message(self, change: &Change) -> String {
        let id = change.id();
        match (self, change) {
            (Self::Declared, Change::Create(_)) => {
                format!("{id} is declared in schema.toml, but no revision creates it")
            }
            (Self::Declared, Change::Drop(_)) => {
                format!("{id} is created by the migrations, but not declared in schema.toml")
            }
            (Self::Declared, Change::Alter { .. }) => {
                format!("{id} differs between schema.toml and the migrations")
            }
            (Self::Declared, Change::Rename { .. } | Change::RenameLabel { .. }) => {
                format!("schema.toml asks to {change}, but no revision does")
            }
            (Self::Live, Change::Create(_)) => format!("{id} is missing from the database"),
            (Self::Live, Change::Drop(_)) => {
                format!("{id} is in the database, but no revision creates it")
            }
            (Self::Live, _) => format!("{id} differs between the database and the migrations"),
        }
    }

    fn difference(self, it: &Aspect) -> String {
        if it.name == "valid" && it.from.as_deref() == Some("false") {
            return "the index is INVALID: its build was interrupted or failed, and no query uses it"
                .to_owned();
        }
        let name = property(&it.name);
        let value = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
        let (from, to) = (value(&it.from), value(&it.to));
        match self {
            Self::Declared => format!("{name}: {from} in the migrations, {to} in schema.toml"),
            Self::Live => format!("{name}: {from} in the database, {to} in the migrations"),
        }
    }
}

/// The name of a property as people say it: `keys[0].opclass.name` is the operator class.
fn property(path: &str) -> String {
    let steps: Vec<&str> = path.split('.').collect();
    match steps.as_slice() {
        ["options", parameter] | [.., "options" | "parameters", parameter] => (*parameter).into(),
        [.., "opclass"] | [.., "opclass", "name"] => "operator class".to_owned(),
        [.., last] => last.split('[').next().unwrap_or(last).replace('_', " "),
        [] => path.to_owned(),
    }
}

pub(super) fn findings(sides: Sides, changes: &[Change]) -> Vec<Finding> {
    telling(changes).map(|change| finding(sides, change)).collect()
}

fn finding(sides: Sides, change: &Change) -> Finding {
    let differences = match change {
        Change::Alter { from, to } => aspects(from, to),
        Change::Create(_)
        | Change::Drop(_)
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => Vec::new(),
    };
    let shown = differences.iter().map(|it| sides.difference(it)).collect();
    Finding { differences, shown, ..Finding::new(sides.kind(), sides.message(change)) }
}
