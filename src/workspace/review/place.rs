//! Which statements of a file share a transaction, as a run would have it. Pure.

use crate::revision::file::TransactionMode;
use crate::runner::{SegmentKind, segments};
use crate::sql_text::{ScriptStatement, TransactionWord, TxMode};

/// Where a statement runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of its transaction.
    pub(super) transaction: usize,
    /// Whether it runs outside of one.
    pub(super) outside: bool,
}

/// The places of the statements of a file: the transactions that it writes down, else as few as PostgreSQL
/// allows, or none where it wants none.
pub(super) fn places(statements: &[ScriptStatement], mode: TransactionMode) -> Vec<Place> {
    match mode {
        _ if statements.iter().any(ScriptStatement::is_transaction_control) => written(statements),
        TransactionMode::None => {
            let one = |(transaction, it): (usize, &ScriptStatement)| Place {
                transaction,
                outside: refuses_transaction(it) || it.may_need_no_transaction(),
            };
            statements.iter().enumerate().map(one).collect()
        }
        TransactionMode::Usual => fewest(statements),
    }
}

fn fewest(statements: &[ScriptStatement]) -> Vec<Place> {
    let segments = segments(statements.to_vec()).into_iter().enumerate();
    let places = segments.flat_map(|(transaction, it)| {
        let outside = it.kind == SegmentKind::Alone;
        it.statements.into_iter().map(move |_| Place { transaction, outside })
    });
    places.collect()
}

/// What stands between BEGIN and COMMIT is a transaction, each of the others one by itself.
fn written(statements: &[ScriptStatement]) -> Vec<Place> {
    let (mut transaction, mut is_open) = (0, false);
    let mut places = Vec::new();
    for statement in statements {
        let word = statement.transaction_word();
        let begins = matches!(word, Some(TransactionWord::Begin | TransactionWord::BeginWith));
        let outside = !is_open && !begins && refuses_transaction(statement);
        places.push(Place { transaction, outside });
        is_open = match word {
            Some(TransactionWord::Begin | TransactionWord::BeginWith) => true,
            Some(
                TransactionWord::Commit | TransactionWord::Rollback | TransactionWord::TwoPhase,
            ) => false,
            Some(TransactionWord::CommitAndChain | TransactionWord::Savepoint) | None => is_open,
        };
        let chains = word == Some(TransactionWord::CommitAndChain);
        transaction += usize::from(!is_open || chains);
    }
    places
}

fn refuses_transaction(statement: &ScriptStatement) -> bool {
    statement.tx_mode() == TxMode::Outside
}

/// Takes a statement out of its transaction: it runs outside, the following ones in another transaction.
pub(super) fn set_apart(places: &mut [Place], at: usize) {
    let is_first = at == 0 || places[at - 1].transaction != places[at].transaction;
    let shares = places.get(at + 1).is_some_and(|it| it.transaction == places[at].transaction);
    for place in &mut places[at..] {
        place.transaction += usize::from(!is_first);
    }
    for place in &mut places[at + 1..] {
        place.transaction += usize::from(shares);
    }
    places[at].outside = true;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql_text::split;

    fn shown(places: &[Place]) -> String {
        let one = |it: &Place| format!("{}{}", it.transaction, if it.outside { "!" } else { "" });
        places.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check(mode: TransactionMode, script: &str, expected: &str) {
        assert_eq!(shown(&places(&split(script).unwrap(), mode)), expected, "{script}");
    }

    #[test]
    fn transactions_are_numbered() {
        let usual = TransactionMode::Usual;
        check(usual, "", "");
        check(usual, "a; b; vacuum; c", "0 0 1! 2");
        check(usual, "begin; a; b; commit; c; vacuum; begin; d; rollback", "0 0 0 0 1 2! 3 3 3");
        check(usual, "begin; a; commit and chain; b; commit", "0 0 0 1 1");
        check(usual, "begin; vacuum; savepoint s; commit", "0 0 0 0");
        check(TransactionMode::None, "a; call p(); vacuum", "0 1! 2!");
    }

    #[test]
    fn a_statement_is_set_apart() {
        let apart = |script: &str, at| {
            let mut places = places(&split(script).unwrap(), TransactionMode::Usual);
            set_apart(&mut places, at);
            shown(&places)
        };
        assert_eq!(apart("a; b; c; vacuum", 1), "0 1! 2 3!");
        assert_eq!(apart("a; b", 0), "0! 1");
        assert_eq!(apart("a; b", 1), "0 1!");
        assert_eq!(apart("a", 0), "0!");
    }
}
