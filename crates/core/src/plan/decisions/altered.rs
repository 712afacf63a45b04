//! Which part of a change ALTER can make.

use crate::model::object::Object;
use crate::plan::statement::Statement;

/// How far an object gets without being replaced.
pub(in crate::plan) struct Altered {
    /// What must be said first, before other objects are dropped or made: a column lets go of its
    /// sequence.
    pub(in crate::plan) release: Vec<Statement>,
    /// What is said to change it.
    pub(in crate::plan) statements: Vec<Statement>,
    /// What must be said last, when the indexes of the table stand.
    pub(in crate::plan) late: Vec<Statement>,
    /// What it then is.
    pub(in crate::plan) reached: Object,
}

impl Altered {
    /// Whether there is anything to say.
    pub(in crate::plan) fn says_something(&self) -> bool {
        !(self.release.is_empty() && self.statements.is_empty() && self.late.is_empty())
    }

    pub(super) fn untouched(from: &Object) -> Self {
        Self {
            release: Vec::new(),
            statements: Vec::new(),
            late: Vec::new(),
            reached: from.clone(),
        }
    }

    pub(super) fn reached(reached: impl Into<Object>, statements: Vec<Statement>) -> Self {
        Self { release: Vec::new(), statements, late: Vec::new(), reached: reached.into() }
    }
}
