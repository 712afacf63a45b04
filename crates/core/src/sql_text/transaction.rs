//! Statements that start and end transactions, and savepoints.

use super::lex::Token;
use super::split::ScriptStatement;

/// A statement that begins or ends a transaction, or marks a place in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionWord {
    /// `BEGIN [WORK | TRANSACTION]` or `START TRANSACTION`, and nothing else.
    Begin,
    /// The same with an isolation level, `READ ONLY`, `DEFERRABLE`.
    BeginWith,
    /// `COMMIT` or `END [WORK | TRANSACTION] [AND NO CHAIN]`.
    Commit,
    /// The same with `AND CHAIN`: the next transaction begins at once.
    CommitAndChain,
    /// `ROLLBACK` or `ABORT` of the whole transaction.
    Rollback,
    /// `PREPARE TRANSACTION`, `COMMIT PREPARED` or `ROLLBACK PREPARED`.
    TwoPhase,
    /// `SAVEPOINT`, `RELEASE` or `ROLLBACK TO`, which live and die within a transaction.
    Savepoint,
}

impl ScriptStatement {
    /// What it says of transactions, if that is all that it does.
    #[must_use]
    pub fn transaction_word(&self) -> Option<TransactionWord> {
        use TransactionWord::{
            Begin, BeginWith, Commit, CommitAndChain, Rollback, Savepoint, TwoPhase,
        };
        let words: Vec<&str> = self.tokens.iter().filter_map(Token::word).collect();
        let plain = |rest: &[&str]| matches!(rest, [] | ["work" | "transaction"]);
        Some(match words.as_slice() {
            ["begin", rest @ ..] => {
                if plain(rest) {
                    Begin
                } else {
                    BeginWith
                }
            }
            ["start", "transaction", rest @ ..] => {
                if rest.is_empty() {
                    Begin
                } else {
                    BeginWith
                }
            }
            ["commit" | "rollback", "prepared", ..] | ["prepare", "transaction", ..] => TwoPhase,
            ["rollback", rest @ ..] if rest.contains(&"to") => Savepoint,
            ["rollback" | "abort", ..] => Rollback,
            ["commit" | "end", rest @ ..] => match rest {
                [.., "and", "no", "chain"] => Commit,
                [.., "and", "chain"] => CommitAndChain,
                _ => Commit,
            },
            ["savepoint" | "release", ..] => Savepoint,
            _ => return None,
        })
    }

    /// Whether it begins or ends a transaction. Savepoints are no such thing: they live and die
    /// within one.
    #[must_use]
    pub fn is_transaction_control(&self) -> bool {
        self.transaction_word().is_some_and(|it| it != TransactionWord::Savepoint)
    }

    /// Whether it sets the isolation level, or another property, of its transaction.
    #[must_use]
    pub fn sets_transaction(&self) -> bool {
        let words: Vec<&str> = self.tokens.iter().filter_map(Token::word).collect();
        matches!(words.as_slice(), ["set", "transaction", ..] | ["set", "local", "transaction", ..])
    }

    /// Whether its transaction must not write any more.
    #[must_use]
    pub fn makes_read_only(&self) -> bool {
        let words: Vec<&str> = self.tokens.iter().filter_map(Token::word).collect();
        let sets =
            self.sets_transaction() || self.transaction_word() == Some(TransactionWord::BeginWith);
        sets && words.windows(2).any(|it| it == ["read", "only"])
    }

    /// Whether PostgreSQL refuses it outside of a transaction, or it does nothing there.
    #[must_use]
    pub fn needs_transaction(&self) -> bool {
        let words: Vec<&str> = self.tokens.iter().filter_map(Token::word).collect();
        match words.as_slice() {
            ["lock" | "declare", ..] | ["set", "constraints", ..] => true,
            ["create", ..] => words.windows(2).any(|it| it == ["on", "commit"]),
            _ => {
                self.sets_transaction()
                    || self.transaction_word() == Some(TransactionWord::Savepoint)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    #[track_caller]
    fn check(expected: Option<TransactionWord>, statements: &[&str]) {
        for sql in statements {
            assert_eq!(split(sql).unwrap()[0].transaction_word(), expected, "{sql}");
        }
    }

    #[test]
    fn what_needs_a_transaction() {
        let needs = |sql: &str| split(sql).unwrap()[0].needs_transaction();
        for sql in [
            "lock table t",
            "savepoint a",
            "declare c cursor for select 1",
            "set constraints all deferred",
            "set transaction isolation level serializable",
            "create temp table t (i int) on commit drop",
        ] {
            assert!(needs(sql), "{sql}");
        }
        for sql in ["begin", "set local a = 1", "create table t (on_commit int)", "fetch c"] {
            assert!(!needs(sql), "{sql}");
        }
    }

    #[test]
    fn transactions_that_must_not_write() {
        let makes = |sql: &str| split(sql).unwrap()[0].makes_read_only();
        for sql in [
            "begin read only",
            "start transaction isolation level serializable, read only, deferrable",
            "SET LOCAL TRANSACTION READ ONLY",
        ] {
            assert!(makes(sql), "{sql}");
        }
        for sql in ["begin read write", "set transaction isolation level serializable", "read only"]
        {
            assert!(!makes(sql), "{sql}");
        }
    }

    #[test]
    fn words_of_transactions() {
        use TransactionWord::*;
        check(Some(Begin), &["begin", "BEGIN WORK", "Begin transaction", "start transaction"]);
        check(
            Some(BeginWith),
            &[
                "BEGIN ISOLATION LEVEL SERIALIZABLE",
                "begin work read only",
                "start transaction isolation level read committed",
            ],
        );
        check(
            Some(Commit),
            &["commit", "COMMIT WORK", "end", "END TRANSACTION", "commit and no chain"],
        );
        check(Some(CommitAndChain), &["commit and chain", "end work and chain"]);
        check(Some(Rollback), &["rollback", "ABORT", "rollback work and chain"]);
        check(
            Some(TwoPhase),
            &["prepare transaction 'x'", "commit prepared 'x'", "rollback prepared 'x'"],
        );
        check(
            Some(Savepoint),
            &["savepoint a", "release a", "rollback to a", "rollback work to savepoint a"],
        );
        check(
            None,
            &[
                "set transaction isolation level serializable",
                "prepare p as select 1",
                "do $$ begin null; end $$",
                "\"begin\"",
            ],
        );
    }
}
