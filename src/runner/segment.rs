//! Segments: splits a revision into parts that are committed together, and decides where an
//! interrupted revision continues. Pure.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::ledger::SegmentProgress;
use crate::model::fingerprint::hex;
use crate::sql_text::{ScriptStatement, TxMode};

/// Statements of a revision that succeed or fail together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// How they are run.
    pub kind: SegmentKind,
    /// The statements; exactly one where it runs alone.
    pub statements: Vec<ScriptStatement>,
    /// Whether its file says where transactions begin and end, so that what is LOCAL ends with it.
    pub as_written: bool,
}

impl Segment {
    /// The statements whose settings hold for the segments after it.
    pub(super) fn lasting(&self) -> impl Iterator<Item = &ScriptStatement> {
        self.statements.iter().filter(|it| !(self.as_written && it.is_local()))
    }
}

/// How a segment is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentKind {
    /// In a transaction, together with its mark in the ledger.
    Transaction,
    /// Outside of one, because PostgreSQL refuses it inside or the revision wants it.
    Alone,
    /// One UPDATE over ranges of a key, each in a transaction with its mark in the ledger.
    Batched,
}

/// Which revisions share a transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransactionScope {
    /// Each has its own.
    #[default]
    PerRevision,
    /// All that are run in a row, as far as their statements allow it.
    All,
}

/// What is run in one go; the numbers are places in the list of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Batch {
    /// Revisions in one transaction.
    Together(Range<usize>),
    /// A revision in segments, the ledger saying how far it is.
    Staged(usize),
}

/// Where a revision continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resume {
    /// The first segment that is not done.
    pub(super) at: usize,
    /// Whether that one was begun and may have come to its end unseen.
    pub(super) open: bool,
}

/// A statement as a segment of its own. One that surely neither commits nor refuses a transaction has
/// one with its mark in the ledger, so that nobody need wonder later whether it was run.
pub(super) fn by_itself(statement: ScriptStatement) -> Segment {
    let kind = match statement.tx_mode() {
        _ if statement.batches().is_some() => SegmentKind::Batched,
        TxMode::Outside => SegmentKind::Alone,
        TxMode::Inside | TxMode::EndsTransaction if statement.may_need_no_transaction() => {
            SegmentKind::Alone
        }
        TxMode::Inside | TxMode::EndsTransaction => SegmentKind::Transaction,
    };
    Segment { kind, statements: vec![statement], as_written: false }
}

/// Cuts a revision where a transaction must end: around statements that refuse one, and after
/// those whose work can only be used once it is committed. A revision without statements is one
/// empty transaction. The words of transactions are taken for statements here.
#[must_use]
pub fn segments(statements: Vec<ScriptStatement>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    // How the last segment ends; Outside where nothing can be added to it.
    let mut last = TxMode::Outside;
    for statement in statements {
        let is_batched = statement.batches().is_some();
        let mode = if is_batched { TxMode::Outside } else { statement.tx_mode() };
        let joins = match (last, mode) {
            (TxMode::Inside, TxMode::Inside | TxMode::EndsTransaction)
            | (TxMode::EndsTransaction, TxMode::EndsTransaction) => segments.last_mut(),
            (TxMode::Outside, _) | (_, TxMode::Outside) => None,
            (TxMode::EndsTransaction, TxMode::Inside) => None,
        };
        last = mode;
        if let Some(segment) = joins {
            segment.statements.push(statement);
            continue;
        }
        let kind = match mode {
            TxMode::Outside if is_batched => SegmentKind::Batched,
            TxMode::Inside | TxMode::EndsTransaction => SegmentKind::Transaction,
            TxMode::Outside => SegmentKind::Alone,
        };
        segments.push(Segment { kind, statements: vec![statement], as_written: false });
    }
    if segments.is_empty() {
        let (kind, statements) = (SegmentKind::Transaction, Vec::new());
        segments.push(Segment { kind, statements, as_written: false });
    }
    segments
}

/// The digest of segments that were run: comments between statements do not count, nor does what
/// comes later, so a mistake there can be corrected in the file.
pub(super) fn digest(segments: &[Segment]) -> String {
    let mut hash = Sha256::new();
    for segment in segments {
        for statement in &segment.statements {
            hash.update(statement.text.replace("\r\n", "\n").as_bytes());
            hash.update([0]);
            if let Some(rows) = &statement.rows {
                hash.update(rows.text.replace("\r\n", "\n").as_bytes());
                hash.update([0]);
            }
        }
        hash.update([1]);
    }
    hex(&hash.finalize())
}

/// How far a revision is when so many of its segments are done.
pub(super) fn progress(segments: &[Segment], done: usize, open: bool) -> SegmentProgress {
    let run = &segments[..done + usize::from(open)];
    SegmentProgress { done, of: segments.len(), open, digest: digest(run), batch: None }
}

/// Where to continue after an earlier run; None when what it ran is no longer what the file says.
pub(super) fn resume_point(
    earlier: Option<&SegmentProgress>,
    segments: &[Segment],
) -> Option<Resume> {
    let Some(earlier) = earlier else { return Some(Resume { at: 0, open: false }) };
    let run = segments.get(..earlier.done + usize::from(earlier.open))?;
    let unchanged = digest(run) == earlier.digest;
    unchanged.then_some(Resume { at: earlier.done, open: earlier.open })
}

/// Puts revisions, each given as its segments and whether an earlier run has begun it, into
/// transactions. One that was started continues by segments, even where its file has become one transaction.
pub(super) fn batches(revisions: &[(&[Segment], bool)], scope: TransactionScope) -> Vec<Batch> {
    let mut batches = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (index, (segments, begun)) in revisions.iter().enumerate() {
        if *begun || !is_atomic(segments) {
            batches.extend(open.take().map(Batch::Together));
            batches.push(Batch::Staged(index));
            continue;
        }
        if sets_transaction(segments) {
            batches.extend(open.take().map(Batch::Together));
            batches.push(Batch::Together(index..index + 1));
            continue;
        }
        let start = open.take().map_or(index, |it| it.start);
        let together = start..index + 1;
        if scope == TransactionScope::All && !needs_commit(segments) {
            open = Some(together);
        } else {
            batches.push(Batch::Together(together));
        }
    }
    batches.extend(open.map(Batch::Together));
    batches
}

/// Whether a revision is one transaction.
fn is_atomic(segments: &[Segment]) -> bool {
    matches!(segments, [Segment { kind: SegmentKind::Transaction, .. }])
}

/// Whether a revision sets an isolation level: before the first query of its transaction, and for that alone.
fn sets_transaction(segments: &[Segment]) -> bool {
    segments.iter().flat_map(|it| &it.statements).any(ScriptStatement::sets_transaction)
}

/// Whether what follows can only use a revision's work after a commit.
fn needs_commit(segments: &[Segment]) -> bool {
    let mut statements = segments.iter().flat_map(|it| &it.statements);
    statements.any(|it| it.tx_mode() == TxMode::EndsTransaction)
}

/// Segments as text: statements by `;`, `[…]` a transaction, `<…>` alone, `{…}` in batches.
#[cfg(test)]
pub(super) fn shown(segments: &[Segment]) -> String {
    let shown = segments.iter().map(|it| {
        let texts: Vec<_> = it.statements.iter().map(|it| it.text.as_str()).collect();
        let texts = texts.join("; ");
        match it.kind {
            SegmentKind::Transaction => format!("[{texts}]"),
            SegmentKind::Alone => format!("<{texts}>"),
            SegmentKind::Batched => format!("{{{texts}}}"),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::block::{BlockError, Mistake};
    use super::super::cut::segments_of;
    use super::*;
    use crate::revision::file::TransactionMode;
    use crate::sql_text::split;

    fn cut(script: &str) -> Vec<Segment> {
        segments(split(script).unwrap())
    }

    #[track_caller]
    fn check(script: &str, expected: &str) {
        assert_eq!(shown(&cut(script)), expected);
    }

    #[test]
    fn cuts_around_what_refuses_transactions() {
        check("", "[]");
        check("a; b", "[a; b]");
        check("vacuum", "<vacuum>");
        check("a; vacuum; vacuum; b; c", "[a] <vacuum> <vacuum> [b; c]");
    }

    #[test]
    fn cuts_around_what_runs_in_batches() {
        let batched = "-- aludel: batches by id, 5 rows\nupdate t set x = 1";
        check(&format!("a;\n{batched};\nb; c"), "[a] {update t set x = 1} [b; c]");
        check("-- aludel: allow X\nupdate t set x = 1; b", "[update t set x = 1; b]");
        let cut = |mode, script: &str| shown(&segments_of(mode, split(script).unwrap()).unwrap());
        let blocks = format!("begin; a; commit; set c = 1;\n{batched}; begin; b; commit");
        let expected = "[a] [set c = 1] {update t set x = 1} [b]";
        assert_eq!(cut(TransactionMode::Usual, &blocks), expected);
        assert_eq!(cut(TransactionMode::None, batched), "{update t set x = 1}");
        let inside = split(&format!("begin;\n{batched}; commit")).unwrap();
        let kind = BlockError::Batches { begun: 1 };
        let mistake = Mistake { line: 3, kind };
        assert_eq!(segments_of(TransactionMode::Usual, inside), Err(mistake));
    }

    #[test]
    fn every_statement_alone() {
        let kinds = |script: &str| {
            let segments = segments_of(TransactionMode::None, split(script).unwrap()).unwrap();
            segments.iter().map(|it| (it.kind, it.statements.len())).collect::<Vec<_>>()
        };
        let alone = (SegmentKind::Alone, 1);
        assert_eq!(kinds("call p(); do 'x'; reindex table t; vacuum"), [alone; 4]);
        assert_eq!(
            kinds("a; a; call p()"),
            [(SegmentKind::Transaction, 1), (SegmentKind::Transaction, 1), alone]
        );
        assert_eq!(kinds(""), [(SegmentKind::Transaction, 0)]);
        let mistake = segments_of(TransactionMode::None, split("a;\nbegin; commit").unwrap());
        let kind = BlockError::TransactionNone { statement: "begin".into() };
        assert_eq!(mistake, Err(Mistake { line: 2, kind }));
    }

    #[test]
    fn blocks_are_cut_where_they_are_written() {
        let cut = |script: &str| segments_of(TransactionMode::Usual, split(script).unwrap());
        assert_eq!(shown(&cut("a; begin; b; c; commit").unwrap()), "[a] [b; c]");
        let settings = "begin; set local a = 1; set b = 2; commit; c";
        let lasting = |it: &Segment| it.lasting().map(|it| it.text.clone()).collect::<Vec<_>>();
        assert_eq!(lasting(&cut(settings).unwrap()[0]), ["set b = 2"]);
        assert_eq!(
            lasting(&super::segments(split("set local a = 1").unwrap())[0]),
            ["set local a = 1"]
        );
    }

    #[test]
    fn blocks_are_resumed_one_by_one() {
        let cut =
            |script: &str| segments_of(TransactionMode::Usual, split(script).unwrap()).unwrap();
        let earlier = progress(&cut("begin; a; commit; begin; b; commit"), 1, false);
        let at = |script: &str| resume_point(Some(&earlier), &cut(script)).map(|it| it.at);
        assert_eq!(at("begin; a; commit; begin; b2; c; commit"), Some(1));
        assert_eq!(at("begin; a; b; commit"), None);
        assert_eq!(at("begin; a2; commit; begin; b; commit"), None);
    }

    #[test]
    fn cuts_after_enum_labels() {
        let add = "alter type t add value 'x'";
        check(&format!("a; {add}"), &format!("[a; {add}]"));
        check(&format!("{add}; {add}; b; c"), &format!("[{add}; {add}] [b; c]"));
        check(&format!("a; {add}; b; {add}"), &format!("[a; {add}] [b; {add}]"));
        check(&format!("{add}; vacuum"), &format!("[{add}] <vacuum>"));
    }

    #[track_caller]
    fn check_resume(before: &str, done: usize, open: bool, after: &str, expected: Option<usize>) {
        let earlier = progress(&cut(before), done, open);
        let resume = resume_point(Some(&earlier), &cut(after));
        assert_eq!(resume, expected.map(|at| Resume { at, open }));
    }

    #[test]
    fn resumes_after_what_is_done() {
        let script = "a; vacuum; b";
        assert_eq!(resume_point(None, &cut(script)), Some(Resume { at: 0, open: false }));
        check_resume(script, 0, false, script, Some(0));
        check_resume(script, 2, false, script, Some(2));
        check_resume(script, 3, false, script, Some(3));
        check_resume(script, 1, true, script, Some(1));
    }

    #[test]
    fn resumes_only_what_is_unchanged_up_to_there() {
        let script = "a; vacuum; b";
        check_resume(script, 1, false, "-- x\na ;vacuum t; c", Some(1));
        check_resume(script, 1, true, "a; vacuum t; b", None);
        check_resume(script, 1, false, "a2; vacuum; b", None);
        check_resume(script, 1, false, "a; a; vacuum; b", None);
        check_resume(script, 2, false, "a", None);
        check_resume("a; vacuum", 1, false, "a", Some(1));
    }

    #[track_caller]
    fn check_batches(scope: TransactionScope, scripts: &[&str], expected: &[Batch]) {
        let revisions: Vec<_> = scripts.iter().map(|it| cut(it)).collect();
        let revisions: Vec<_> = revisions.iter().map(|it| (it.as_slice(), false)).collect();
        assert_eq!(batches(&revisions, scope), expected);
    }

    #[test]
    fn transactions_of_revisions() {
        use Batch::{Staged, Together};
        let scripts = ["a", "b", "vacuum", "", "alter type t add value 'x'", "c"];
        check_batches(
            TransactionScope::PerRevision,
            &scripts,
            &[
                Together(0..1),
                Together(1..2),
                Staged(2),
                Together(3..4),
                Together(4..5),
                Together(5..6),
            ],
        );
        check_batches(
            TransactionScope::All,
            &scripts,
            &[Together(0..2), Staged(2), Together(3..5), Together(5..6)],
        );
        let blocks =
            |script: &str| segments_of(TransactionMode::Usual, split(script).unwrap()).unwrap();
        let blocks = [
            blocks("begin; a; commit"),
            blocks("begin; alter type t add value 'x'; a; commit"),
            blocks("begin; b; commit"),
            blocks("begin; a; commit; begin; b; commit"),
        ];
        let revisions: Vec<_> = blocks.iter().map(|it| (it.as_slice(), false)).collect();
        let expected = [Together(0..2), Together(2..3), Staged(3)];
        assert_eq!(batches(&revisions, TransactionScope::All), expected);
        check_batches(
            TransactionScope::All,
            &["a", "b", "set transaction isolation level serializable; c", "d", "e"],
            &[Together(0..2), Together(2..3), Together(3..5)],
        );
        check_batches(TransactionScope::All, &[], &[]);
        let segments = cut("a");
        assert_eq!(batches(&[(&segments, true)], TransactionScope::All), [Staged(0)]);
    }
}
