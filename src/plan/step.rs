//! A statement with what a reviewer must know of it.

use serde::Serialize;

use crate::model::object::ObjectId;

use super::statement::Statement;

/// One statement of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is said to PostgreSQL.
    pub statement: Statement,
    /// The object that it serves.
    pub object: ObjectId,
    /// What it does to the database and to those who use it.
    pub effect: Effect,
}

/// What a statement does to the database and to those who use it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Effect {
    /// The locks on relations that others may be using, the strongest first. Empty when it touches
    /// only what this plan creates, or no relation at all.
    pub locks: Vec<Lock>,
    /// Whether the stored rows are written anew.
    pub rewrites: bool,
    /// Whether all rows are read.
    pub scans: bool,
    /// Whether an index is built.
    pub builds_index: bool,
    /// The indexes that are built anew although the rows stay as they are, as SQL.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rebuilds: Vec<String>,
    /// Whether its locks outlast it by long: a later statement of the same transaction takes long, and
    /// locks are held to the end of it (manual, 13.3).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outlasted: bool,
    /// What is lost for good.
    pub loss: Option<String>,
    /// When it fails on data.
    pub fails: Option<String>,
    /// Whether it needs a transaction of its own, or none at all.
    pub transaction: TxMode,
}

impl Effect {
    /// Whether it takes longer the more rows there are.
    #[must_use]
    pub fn takes_long(&self) -> bool {
        self.rewrites || self.scans || self.builds_index || !self.rebuilds.is_empty()
    }
}

/// Marks the steps whose locks are held while later ones of the same transaction take long.
pub(super) fn mark_outlasted(steps: &mut [Step]) {
    // From the last to the first: whether something that takes long comes before the transaction ends.
    let mut long = false;
    let mut next = TxMode::Outside;
    for step in steps.iter_mut().rev() {
        let mode = step.effect.transaction;
        let ends = match (mode, next) {
            (TxMode::Outside, _) | (_, TxMode::Outside) => true,
            (TxMode::CommitAfter, TxMode::Any) => true,
            (TxMode::CommitAfter, TxMode::CommitAfter) | (TxMode::Any, _) => false,
        };
        long &= !ends;
        step.effect.outlasted = long && !step.effect.locks.is_empty();
        long |= mode != TxMode::Outside && step.effect.takes_long();
        next = mode;
    }
}

/// How a statement stands to transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TxMode {
    /// Runs in a transaction with others.
    #[default]
    Any,
    /// Must be committed before what follows can use its result.
    CommitAfter,
    /// PostgreSQL refuses it inside a transaction.
    Outside,
}

/// A lock on a relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// How strong.
    pub level: LockLevel,
    /// The relation, as SQL.
    pub relation: String,
}

/// Lock levels of relations that DDL takes (manual section 13.3.1), weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LockLevel {
    /// ROW SHARE.
    RowShare,
    /// ROW EXCLUSIVE.
    RowExclusive,
    /// SHARE UPDATE EXCLUSIVE.
    ShareUpdateExclusive,
    /// SHARE.
    Share,
    /// SHARE ROW EXCLUSIVE.
    ShareRowExclusive,
    /// ACCESS EXCLUSIVE.
    AccessExclusive,
}

impl LockLevel {
    /// The name in PostgreSQL's manual.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Who waits while it is held.
    #[must_use]
    pub fn who_waits(self) -> &'static str {
        match self {
            Self::RowShare | Self::RowExclusive | Self::ShareUpdateExclusive => {
                "reads and writes go on"
            }
            Self::Share | Self::ShareRowExclusive => "writes wait, reads go on",
            Self::AccessExclusive => "reads and writes wait",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::object::ObjectKind;

    /// Steps as letters: `l` locks, `s` locks and scans, `o` scans outside of a transaction, `c` locks and
    /// is committed before what follows. Those whose locks are outlasted come out as capitals.
    #[track_caller]
    fn check(steps: &str, expected: &str) {
        let table = QualifiedName::new("public", "t");
        let step = |letter: char| {
            let lock = Lock { level: LockLevel::AccessExclusive, relation: "t".to_owned() };
            let transaction = match letter {
                'o' => TxMode::Outside,
                'c' => TxMode::CommitAfter,
                _ => TxMode::Any,
            };
            let scans = matches!(letter, 's' | 'o');
            let effect = Effect { locks: vec![lock], scans, transaction, ..Effect::default() };
            let object = ObjectId::child(ObjectKind::Column, &table, &Ident::new("a"));
            Step { statement: Statement::DropTable(table.clone()), object, effect }
        };
        let mut made: Vec<Step> = steps.chars().map(step).collect();
        mark_outlasted(&mut made);
        let shown = made.iter().zip(steps.chars()).map(|(step, letter)| {
            if step.effect.outlasted { letter.to_ascii_uppercase() } else { letter }
        });
        assert_eq!(shown.collect::<String>(), expected);
    }

    #[test]
    fn locks_are_held_until_the_transaction_ends() {
        check("ll", "ll");
        check("lsl", "Lsl");
        check("lss", "LSs");
        check("lol", "lol");
        check("lsols", "LsoLs");
        check("ccs", "ccs");
        check("lcs", "lcs");
    }
}
