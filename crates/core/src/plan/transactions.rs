//! Which steps share a transaction.
//!
//! Locks are held to the end of a transaction (manual, 13.3). So that no lock that blocks reads or
//! writes is held while another statement reads a table, builds an index or writes rows, a
//! statement that takes long has its own transaction; dropping and recreating an object is one
//! transaction, so that other sessions never miss it.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::object::ObjectId;
use crate::plan::statement::{ColumnAction, MirrorAction, Statement};
use crate::plan::step::{Effect, LockLevel, Step, StepTransaction};

/// Gives each step the number of its transaction. One outside of transactions has a number of its own.
pub(super) fn group(steps: &mut [Step], online: bool) {
    let joined = joined(steps);
    let mut number = 0;
    let mut open: Option<Work> = None;
    for unit in units(&joined) {
        let work = Work::of(&steps[unit.clone()]);
        let apart = open.is_some_and(|it| online && it.keeps_waiting(work));
        let mut joins = open.is_some() && !apart;
        for at in unit {
            let before = at.checked_sub(1).map(|it| steps[it].effect.transaction);
            let mode = steps[at].effect.transaction;
            joins &= before.is_some_and(|it| !ends(it, mode));
            if !joins {
                number += 1;
                open = None;
            }
            joins = true;
            steps[at].transaction = number;
        }
        open = Some(open.map_or(work, |it| it.and(work)));
    }
    mark_outlasted(steps);
}

/// What a run of steps means for those who use the tables.
#[derive(Debug, Clone, Copy)]
struct Work {
    /// It holds a lock that blocks reads or writes.
    blocks: bool,
    /// It takes longer the more rows there are.
    takes_long: bool,
}

impl Work {
    fn of(steps: &[Step]) -> Self {
        let blocks = steps.iter().any(|it| blocks(&it.effect));
        let takes_long = steps.iter().any(|it| it.effect.takes_long());
        Self { blocks, takes_long }
    }

    fn and(self, other: Self) -> Self {
        Self {
            blocks: self.blocks || other.blocks,
            takes_long: self.takes_long || other.takes_long,
        }
    }

    /// Whether others would wait longer if both shared a transaction, or one would have to be done again
    /// for the other.
    fn keeps_waiting(self, next: Self) -> bool {
        (self.takes_long || next.takes_long)
            && (self.blocks || next.blocks || self.takes_long && next.takes_long)
    }
}

fn blocks(effect: &Effect) -> bool {
    effect.locks.iter().any(|it| it.level >= LockLevel::Share)
}

/// Whether a transaction must end between two statements.
fn ends(mode: StepTransaction, next: StepTransaction) -> bool {
    match (mode, next) {
        (StepTransaction::Outside, _) | (_, StepTransaction::Outside) => true,
        (StepTransaction::CommitAfter, StepTransaction::Any) => true,
        (StepTransaction::CommitAfter, StepTransaction::CommitAfter)
        | (StepTransaction::Any, _) => false,
    }
}

/// The runs of steps that stay together.
fn units(joined: &[bool]) -> Vec<Range<usize>> {
    let mut units: Vec<Range<usize>> = Vec::new();
    for (at, is_joined) in joined.iter().enumerate() {
        match units.last_mut().filter(|_| *is_joined) {
            Some(unit) => unit.end = at + 1,
            None => units.push(at..at + 1),
        }
    }
    units
}

/// Of each step, whether it stays with the one before it: something that is dropped is created again
/// only later, or is on its way from one name to another.
fn joined(steps: &[Step]) -> Vec<bool> {
    let mut spans: BTreeMap<Gap, Range<usize>> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        if step.effect.transaction == StepTransaction::Outside {
            continue;
        }
        if let Some(gap) = opened(step) {
            spans.entry(gap).or_insert(at..at);
        }
        if let Some(span) = closed(step).and_then(|it| spans.get_mut(&it)) {
            span.end = at;
        }
    }
    let mut joined = vec![false; steps.len()];
    for span in spans.into_values() {
        joined.iter_mut().take(span.end + 1).skip(span.start + 1).for_each(|it| *it = true);
    }
    for at in 1..steps.len() {
        joined[at] |= is_renaming(&steps[at - 1]) && is_renaming(&steps[at]);
    }
    joined
}

/// What must not be left in the middle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// An object is missing, or something of it.
    Object(ObjectId),
    /// Owners and privileges have been read and not yet been restored.
    Owners,
    /// The bodies of routines are not checked.
    Bodies,
}

fn opened(step: &Step) -> Option<Gap> {
    match &step.statement {
        Statement::NoteOwners { .. } => Some(Gap::Owners),
        Statement::CheckFunctionBodies(false) => Some(Gap::Bodies),
        it => takes_away(it).then(|| Gap::Object(step.object.clone())),
    }
}

fn closed(step: &Step) -> Option<Gap> {
    match &step.statement {
        Statement::RestoreOwners { .. } => Some(Gap::Owners),
        Statement::CheckFunctionBodies(true) => Some(Gap::Bodies),
        it => recreates(it).then(|| Gap::Object(step.object.clone())),
    }
}

/// Whether others miss something after a statement.
fn takes_away(statement: &Statement) -> bool {
    match statement {
        Statement::DropNamespace(_)
        | Statement::DropExtensionNamespace(_)
        | Statement::DropExtension(_)
        | Statement::DropEnum(_)
        | Statement::Drop { .. }
        | Statement::DropSequence(_)
        | Statement::DropTable(_)
        | Statement::DropForeignTable(_)
        | Statement::DetachPartition { .. }
        | Statement::SetInherit { inherit: false, .. }
        | Statement::SetType { of_type: None, .. }
        | Statement::SetSequenceOwner { owner: None, .. }
        | Statement::DropColumn { .. }
        | Statement::DropConstraint(_)
        | Statement::DropIndex { .. } => true,
        Statement::Mirror { action, .. } => matches!(action, MirrorAction::DropTrigger),
        Statement::AlterColumn { action, .. } => matches!(
            action,
            ColumnAction::DropDefault
                | ColumnAction::DropIdentity
                | ColumnAction::DropNotNull
                | ColumnAction::DropExpression
        ),
        _ => false,
    }
}

/// Whether a statement gives others what they missed.
fn recreates(statement: &Statement) -> bool {
    match statement {
        Statement::CreateNamespace(_)
        | Statement::CreateExtensionNamespace(_)
        | Statement::CreateExtension(_)
        | Statement::CreateEnum(_)
        | Statement::CreateDomain(_)
        | Statement::CreateComposite(_)
        | Statement::Define { .. }
        | Statement::Complete { .. }
        | Statement::SetFiring { .. }
        | Statement::Grant { .. }
        | Statement::CreateSequence(_)
        | Statement::SetSequenceOwner { owner: Some(_), .. }
        | Statement::CreateTable(_)
        | Statement::AttachPartition { .. }
        | Statement::SetInherit { inherit: true, .. }
        | Statement::SetType { of_type: Some(_), .. }
        | Statement::SetReplicaIdentity { .. }
        | Statement::AddColumn(_)
        | Statement::AddConstraint(_)
        | Statement::AddConstraintUsing { .. }
        | Statement::NotNull { .. }
        | Statement::Rename { .. }
        | Statement::CreateIndex { only: false, .. } => true,
        Statement::AlterColumn { action, .. } => matches!(
            action,
            ColumnAction::SetDefault(_) | ColumnAction::AddIdentity(_) | ColumnAction::SetNotNull
        ),
        _ => false,
    }
}

/// Whether a statement gives a thing another name, or makes sure that it may have it.
fn is_renaming(step: &Step) -> bool {
    matches!(
        step.statement,
        Statement::Rename { .. } | Statement::Move { .. } | Statement::RequireFilled { .. }
    )
}

/// Marks the steps whose locks are held while later ones of the same transaction take long.
fn mark_outlasted(steps: &mut [Step]) {
    // From the last to the first: whether something that takes long comes before the transaction ends.
    let mut long = false;
    let mut number = 0;
    for step in steps.iter_mut().rev() {
        long &= step.transaction == number;
        number = step.transaction;
        step.effect.outlasted = long && !step.effect.locks.is_empty();
        long |= step.effect.transaction != StepTransaction::Outside && step.effect.takes_long();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::object::ObjectKind;
    use crate::plan::step::Lock;

    /// Steps as letters: `l` locks, `s` locks and reads, `v` reads under a weak lock, `o` stands outside of
    /// a transaction, `c` locks and is committed before what follows, `d` drops what `m` creates again,
    /// both with a lock. Transactions come out apart; those whose locks are outlasted as capitals.
    #[track_caller]
    fn check(steps: &str, online: &str, plain: &str) {
        let table = QualifiedName::new("public", "t");
        let step = |(at, letter): (usize, char)| {
            let level = match letter {
                'v' => LockLevel::ShareUpdateExclusive,
                _ => LockLevel::AccessExclusive,
            };
            let lock = Lock { level, relation: "t".to_owned() };
            let transaction = match letter {
                'o' => StepTransaction::Outside,
                'c' => StepTransaction::CommitAfter,
                _ => StepTransaction::Any,
            };
            let scans = matches!(letter, 's' | 'v' | 'o');
            let effect = Effect { locks: vec![lock], scans, transaction, ..Effect::default() };
            let again = matches!(letter, 'd' | 'm');
            let name = if again { "again".to_owned() } else { format!("a{at}") };
            let object = ObjectId::child(ObjectKind::Column, &table, &Ident::new(name));
            let statement = match letter {
                'd' => Statement::DropTable(table.clone()),
                'm' => Statement::CreateNamespace(Ident::new("again")),
                _ => Statement::CheckFunctionBodies(true),
            };
            Step { statement, object, effect, transaction: 0 }
        };
        for (is_online, expected) in [(true, online), (false, plain)] {
            let mut made: Vec<Step> = steps.chars().enumerate().map(step).collect();
            group(&mut made, is_online);
            let mut shown = String::new();
            for (at, (step, letter)) in made.iter().zip(steps.chars()).enumerate() {
                if at > 0 && made[at - 1].transaction != step.transaction {
                    shown.push(' ');
                }
                let outlasted = step.effect.outlasted;
                shown.push(if outlasted { letter.to_ascii_uppercase() } else { letter });
            }
            assert_eq!(shown, expected, "online: {is_online}");
        }
    }

    #[test]
    fn locks_are_held_until_the_transaction_ends() {
        check("ll", "ll", "ll");
        check("lsl", "l s l", "Lsl");
        check("lss", "l s s", "LSs");
        check("lol", "l o l", "l o l");
        check("lvl", "l v l", "Lvl");
        check("vv", "v v", "Vv");
    }

    #[test]
    fn what_must_be_committed_ends_a_transaction() {
        check("ccs", "cc s", "cc s");
        check("lcs", "lc s", "lc s");
        check("oo", "o o", "o o");
    }

    #[test]
    fn what_is_dropped_and_created_again_stays_together() {
        check("dsm", "Dsm", "Dsm");
        check("ldlml", "ldlml", "ldlml");
        check("vdsml", "v Dsm l", "VDsml");
    }
}
