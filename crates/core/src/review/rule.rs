//! What a rule is: a code, the words of its page, and a check of one statement.

use super::context::Context;
use super::hazard::Severity;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code: `index-not-concurrent`, `PV10`.
    pub code: &'static str,
    /// What it is called where the code is a number: `ann-not-concurrent`. The code itself otherwise.
    pub name: &'static str,
    /// How bad what it finds is.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What happens.
    pub what: &'static str,
    /// Which lock is taken, who waits, and for how long.
    pub waits: &'static str,
    /// What to do instead.
    pub safer: &'static str,
    /// SQL that it finds.
    pub bad: &'static str,
    /// SQL that does the same without the hazard.
    pub good: &'static str,
    /// Whether it is about time that grows with the rows of a table: nothing is found on an empty one.
    pub grows: bool,
    /// Finds it in a statement.
    pub(super) check: fn(&Context<'_>) -> Vec<Finding>,
}

/// What a rule has found in a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Finding {
    /// What is the matter.
    pub(super) message: String,
    /// The safer form.
    pub(super) safer: Option<String>,
    /// The object that it is about, as SQL.
    pub(super) object: Option<String>,
    /// The table whose rows decide how bad it is.
    pub(super) table: Option<String>,
    /// The byte in the statement that it points to; the first one otherwise.
    pub(super) at: Option<usize>,
    /// How bad it is, where that is not what the rule says.
    pub(super) severity: Option<Severity>,
}

impl Finding {
    /// Only words.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// With the safer form.
    pub(super) fn safer(mut self, safer: impl Into<String>) -> Self {
        self.safer = Some(safer.into());
        self
    }

    /// About an object.
    pub(super) fn about(mut self, object: impl ToString) -> Self {
        self.object = Some(object.to_string());
        self
    }

    /// The worse the more rows this table has.
    pub(super) fn grows_with(mut self, table: impl ToString) -> Self {
        self.table = Some(table.to_string());
        self
    }

    /// Less bad, or worse, than the rule says.
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// At a place in the statement.
    pub(super) fn at(mut self, at: Option<usize>) -> Self {
        self.at = at;
        self
    }
}
