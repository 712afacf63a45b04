//! Files that contain their transactions: `BEGIN; … COMMIT;` blocks become segments, so that a run
//! uses the same transactions as `psql -f`.

use thiserror::Error;

use super::segment::{Segment, SegmentKind, by_itself};
use crate::sql_text::{ScriptStatement, TransactionWord, TxMode};

/// A block that cannot be run, and where in the file that shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The line, counted from one.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) kind: BlockError,
}

/// What is wrong with the blocks of a revision's file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BlockError {
    /// COMMIT where nothing was begun.
    #[error("`{statement}` without a BEGIN before it: write a block as `BEGIN; … COMMIT;`")]
    NotBegun {
        /// The statement.
        statement: String,
    },
    /// BEGIN where something was begun.
    #[error(
        "`{statement}` inside the block that begins in line {begun}: write `COMMIT;` before it"
    )]
    Nested {
        /// The statement.
        statement: String,
        /// The line of the block's BEGIN.
        begun: usize,
    },
    /// A block without an end.
    #[error(
        "the block that begins here is not committed: write `COMMIT;` after its last statement"
    )]
    NotClosed,
    /// BEGIN with an isolation level or an access mode.
    #[error("`{statement}`: write `BEGIN;` without options, and `SET TRANSACTION …;` after it")]
    Options {
        /// The statement.
        statement: String,
    },
    /// COMMIT AND CHAIN.
    #[error("`{statement}`: write `COMMIT;` and then `BEGIN;`")]
    Chain {
        /// The statement.
        statement: String,
    },
    /// ROLLBACK.
    #[error(
        "`{statement}` in a revision: end a block with `COMMIT;`; aludel rolls back a block that \
         fails"
    )]
    Rollback {
        /// The statement.
        statement: String,
    },
    /// A transaction that is prepared, or ended after that.
    #[error(
        "`{statement}` in a revision: aludel commits the ledger's row together with the \
         statements, so end a block with `COMMIT;`"
    )]
    TwoPhase {
        /// The statement.
        statement: String,
    },
    /// A savepoint where the file has no transaction.
    #[error("`{statement}` outside of a block: put it between a `BEGIN;` and its `COMMIT;`")]
    Savepoint {
        /// The statement.
        statement: String,
    },
    /// A statement that no transaction takes.
    #[error(
        "`{statement}` cannot run inside a transaction block: move it out of the block that begins \
         in line {begun}"
    )]
    RefusesTransaction {
        /// The beginning of the statement.
        statement: String,
        /// The line of the block's BEGIN.
        begun: usize,
    },
    /// A statement in batches within a block.
    #[error(
        "a statement in batches commits each batch: move it out of the block that begins in line \
         {begun}"
    )]
    Batches {
        /// The line of the block's BEGIN.
        begun: usize,
    },
    /// Blocks in a file whose header wants no transactions.
    #[error(
        "`{statement}` in a revision whose header says `Transaction: none`: remove that line: in a \
         file with blocks, statements outside of them run without a transaction anyway"
    )]
    TransactionNone {
        /// The statement.
        statement: String,
    },
}

/// Cuts a file with blocks: each block is a segment, and so is each statement outside of them. What such
/// a statement sets in the session goes along with the next one.
pub(super) fn segments(statements: Vec<ScriptStatement>) -> Result<Vec<Segment>, Mistake> {
    let mut cutter = Cutter::default();
    for statement in statements {
        cutter.take(statement)?;
    }
    cutter.finish()
}

/// A block that is not closed yet.
struct Open {
    line: usize,
    statements: Vec<ScriptStatement>,
}

#[derive(Default)]
struct Cutter {
    done: Vec<Segment>,
    open: Option<Open>,
    /// Settings outside of blocks, which no statement has taken along yet.
    settings: Vec<ScriptStatement>,
}

impl Cutter {
    fn take(&mut self, it: ScriptStatement) -> Result<(), Mistake> {
        let line = it.line;
        let statement = beginning(&it);
        let mistake = |kind| Err(Mistake { line, kind });
        match it.transaction_word() {
            Some(TransactionWord::Begin) => match &self.open {
                Some(Open { line: begun, .. }) => {
                    return mistake(BlockError::Nested { statement, begun: *begun });
                }
                None => self.open = Some(Open { line, statements: Vec::new() }),
            },
            Some(TransactionWord::Commit) => match self.open.take() {
                Some(Open { statements, .. }) => self.close(statements),
                None => return mistake(BlockError::NotBegun { statement }),
            },
            Some(TransactionWord::BeginWith) => return mistake(BlockError::Options { statement }),
            Some(TransactionWord::CommitAndChain) => {
                return mistake(BlockError::Chain { statement });
            }
            Some(TransactionWord::Rollback) => return mistake(BlockError::Rollback { statement }),
            Some(TransactionWord::TwoPhase) => return mistake(BlockError::TwoPhase { statement }),
            Some(TransactionWord::Savepoint) if self.open.is_none() => {
                return mistake(BlockError::Savepoint { statement });
            }
            Some(TransactionWord::Savepoint) | None => match &mut self.open {
                Some(Open { line: begun, .. }) if it.tx_mode() == TxMode::Outside => {
                    return mistake(BlockError::RefusesTransaction { statement, begun: *begun });
                }
                Some(Open { line: begun, .. }) if it.batches().is_some() => {
                    return mistake(BlockError::Batches { begun: *begun });
                }
                Some(Open { statements, .. }) => statements.push(it),
                None => self.outside(it),
            },
        }
        Ok(())
    }

    fn outside(&mut self, statement: ScriptStatement) {
        let stays = statement.setting().is_some() && !statement.is_local();
        if stays && statement.tx_mode() == TxMode::Inside {
            return self.settings.push(statement);
        }
        let Segment { kind, statements, .. } = by_itself(statement);
        match kind {
            SegmentKind::Transaction => self.close(statements),
            SegmentKind::Alone | SegmentKind::Batched => {
                self.close(Vec::new());
                self.push(kind, statements);
            }
        }
    }

    /// Ends a transaction, which takes along what was set before it.
    fn close(&mut self, statements: Vec<ScriptStatement>) {
        let mut all = std::mem::take(&mut self.settings);
        all.extend(statements);
        if !all.is_empty() {
            self.push(SegmentKind::Transaction, all);
        }
    }

    fn push(&mut self, kind: SegmentKind, statements: Vec<ScriptStatement>) {
        self.done.push(Segment { kind, statements, as_written: true });
    }

    fn finish(mut self) -> Result<Vec<Segment>, Mistake> {
        if let Some(Open { line, .. }) = self.open {
            return Err(Mistake { line, kind: BlockError::NotClosed });
        }
        self.close(Vec::new());
        if self.done.is_empty() {
            self.push(SegmentKind::Transaction, Vec::new());
        }
        Ok(self.done)
    }
}

/// Of a statement no more is shown than its first line, and not all of a long one.
fn beginning(statement: &ScriptStatement) -> String {
    const LONGEST: usize = 60;
    let line = statement.text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::shown;
    use super::*;
    use crate::sql_text::split;

    #[track_caller]
    fn check(script: &str, expected: &str) {
        let segments = segments(split(script).unwrap()).unwrap();
        assert!(segments.iter().all(|it| it.as_written));
        assert_eq!(shown(&segments), expected, "{script}");
    }

    #[track_caller]
    fn check_error(script: &str, line: usize, expected: &str) {
        let mistake = segments(split(script).unwrap()).unwrap_err();
        assert_eq!((mistake.line, mistake.kind.to_string().as_str()), (line, expected));
    }

    #[test]
    fn blocks_are_transactions() {
        check("begin; a; b; commit", "[a; b]");
        check("BEGIN WORK; a; END; start transaction; b; COMMIT TRANSACTION", "[a] [b]");
        check("begin; commit; begin; a; commit; begin; end", "[a]");
        check("begin; commit", "[]");
        check(
            "begin; a; savepoint s; b; rollback to s; commit",
            "[a; savepoint s; b; rollback to s]",
        );
    }

    #[test]
    fn statements_between_blocks_are_alone() {
        check("a; b; begin; c; d; commit; e", "[a] [b] [c; d] [e]");
        check("begin; a; commit; vacuum; begin; b; commit", "[a] <vacuum> [b]");
        check("begin; a; commit; call p(); do 'x'", "[a] <call p()> <do 'x'>");
        check("begin; do 'x'; call p(); commit", "[do 'x'; call p()]");
    }

    #[test]
    fn labels_of_enums_stay_where_they_are_written() {
        let add = "alter type t add value 'x'";
        check(&format!("begin; {add}; a; commit; b"), &format!("[{add}; a] [b]"));
    }

    #[test]
    fn settings_go_along_with_what_follows() {
        check("set a = 1; begin; b; commit", "[set a = 1; b]");
        check("begin; b; commit; set a = 1; c; set d = 2", "[b] [set a = 1; c] [set d = 2]");
        check("begin; b; commit; set a = 1; vacuum", "[b] [set a = 1] <vacuum>");
        check("set local a = 1; begin; b; commit", "[set local a = 1] [b]");
    }

    #[test]
    fn mistakes_name_their_line_and_what_to_do() {
        check_error(
            "a;\ncommit",
            2,
            "`commit` without a BEGIN before it: write a block as `BEGIN; … COMMIT;`",
        );
        check_error(
            "begin;\na;\nSTART TRANSACTION; commit",
            3,
            "`START TRANSACTION` inside the block that begins in line 1: write `COMMIT;` before it",
        );
        check_error(
            "begin; commit;\nbegin;\na",
            2,
            "the block that begins here is not committed: write `COMMIT;` after its last statement",
        );
        check_error(
            "begin;\n\ncreate index concurrently i on t (a); commit",
            3,
            "`create index concurrently i on t (a)` cannot run inside a transaction block: move it \
             out of the block that begins in line 1",
        );
        check_error(
            "begin isolation level serializable; commit",
            1,
            "`begin isolation level serializable`: write `BEGIN;` without options, and \
             `SET TRANSACTION …;` after it",
        );
        check_error(
            "begin; commit and chain",
            1,
            "`commit and chain`: write `COMMIT;` and then `BEGIN;`",
        );
        for word in ["rollback", "abort"] {
            check_error(
                &format!("begin;\n{word}"),
                2,
                &format!(
                    "`{word}` in a revision: end a block with `COMMIT;`; aludel rolls back a block \
                     that fails"
                ),
            );
        }
        check_error(
            "begin; prepare transaction 'x'",
            1,
            "`prepare transaction 'x'` in a revision: aludel commits the ledger's row together \
             with the statements, so end a block with `COMMIT;`",
        );
        check_error(
            "begin; commit; savepoint a",
            1,
            "`savepoint a` outside of a block: put it between a `BEGIN;` and its `COMMIT;`",
        );
    }
}
