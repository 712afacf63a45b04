//! Statements outside of a transaction, in a script: recorded in the ledger before they start. What
//! an interrupted one left is removed or finished by the same queries as in a run.

use super::{Writer, bound};
use crate::ledger::Direction;
use crate::ledger_tables::EventAction;
use crate::render::literal;
use crate::runner::Script;
use crate::runner::segment::SegmentKind;
use crate::runner::unfinished::{BEFORE, Before, FINISHED, LEFT, WAIT_FOR_LOCKS};
use crate::sql_text::{ScriptStatement, SessionSettings};

impl Writer<'_> {
    /// Keeps SQL in a variable of psql, to be used several times.
    fn keep(&mut self, name: &str, sql: &str) {
        self.line(&format!("SELECT $sql$\n{sql}\n$sql$ AS aludel_{name} \\gset"));
    }

    /// Keeps the queries, in which psql puts the values in where they are used: a variable within the
    /// value of another is put in as well (`psqlscan_push_new_buffer`).
    pub(super) fn queries(&mut self) {
        self.line("\n-- Needs psql 11 or later, for the variable ERROR.");
        self.line("SELECT :'ERROR' AS aludel_failed \\gset");
        let value = |name: &str| format!(":'aludel_{name}'");
        let before = ["begins", "name", "second", "part", "line", "digest"].map(value);
        let finished = ["note", "open", "digest"].map(value);
        for (comment, name, query, values) in [
            (
                "What exists before a statement outside of a transaction.",
                "before",
                BEFORE,
                &before[..],
            ),
            ("What an interrupted one left, and what removes it.", "left", LEFT, &finished[..1]),
            ("Whether the statement is done.", "finished", FINISHED, &finished[..]),
        ] {
            self.line("");
            self.comment(comment);
            self.keep(name, bound(without_heading(query), values).trim_end());
        }
    }

    /// A statement outside of a transaction, unless an earlier run of the script, or of aludel, did it.
    pub(super) fn alone(
        &mut self,
        script: &Script,
        at: usize,
        statement: &ScriptStatement,
        settings: &SessionSettings,
    ) {
        self.line("-- Remove or finish what an interrupted run left of the statement.");
        self.clear_way(script, at, statement, settings);
        self.line("\\if :aludel_done");
        self.line("\\else");
        self.line("-- Record in the ledger that the statement starts, and what exists before it.");
        self.line("BEGIN;");
        self.mark(script, at, true);
        self.event(script, ":'aludel_now'");
        self.line("COMMIT;");
        self.establish(settings);
        let kind = statement.outside().kind;
        if kind.waits_for_transactions() {
            self.line(&format!("{WAIT_FOR_LOCKS};"));
        }
        // Else psql would end where the statement is refused, and the ledger would not be told.
        self.line("\\set ON_ERROR_STOP off");
        self.commented(statement);
        self.line("\\set aludel_failed :ERROR");
        self.line("\\set ON_ERROR_STOP on");
        self.pin();
        self.line("\\if :aludel_failed");
        self.mark(script, at, false);
        if at == 0 && script.step.direction == Direction::Up && kind.is_all_found() {
            // Nothing of the revision was done: where nothing is left either, it was not begun.
            let id = literal(script.step.revision.id().as_str());
            let delete = bound(&self.store.delete_sql(), &[id]);
            self.line("SELECT :'aludel_now' AS aludel_note \\gset");
            self.line(delete.trim_end());
            self.line(
                "   AND NOT EXISTS (SELECT FROM (:aludel_left) AS it WHERE it.clear IS NOT NULL);",
            );
        }
        let (path, line) = (script.file.path.display(), statement.line);
        self.raise_unless(
            "false",
            &format!("stopped at {path}:{line}: run this script again to continue"),
        );
        self.line("\\endif");
        self.line("\\endif");
    }

    /// Clears away what an earlier run of the statement left half-done, or finishes it.
    fn clear_way(
        &mut self,
        script: &Script,
        at: usize,
        statement: &ScriptStatement,
        settings: &SessionSettings,
    ) {
        let Before { kind, name, second, part, line, digest } = Before::of(script, at, statement);
        let id = literal(script.step.revision.id().as_str());
        let noted = self.noted(script, at);
        let revisions = self.store.revisions();
        self.line(&format!("SELECT {} AS aludel_begins,", literal(kind.as_str())));
        self.line(&format!("       {} AS aludel_name,", literal(&name)));
        self.line(&format!("       {} AS aludel_second,", literal(&second)));
        self.line(&format!("       {part} AS aludel_part,"));
        self.line(&format!("       {line} AS aludel_line,"));
        self.line(&format!("       {} AS aludel_digest,", literal(&digest)));
        self.line(&format!(
            "       coalesce((SELECT segment_open FROM {revisions} WHERE id = {id} AND state = '{}' \
             AND segments_done = {at}), false) AS aludel_open,",
            script.step.direction.state().as_str()
        ));
        self.line(&format!("       coalesce({noted}, '') AS aludel_noted \\gset"));
        self.establish(settings);
        self.line(":aludel_before \\gset aludel_");
        self.line("SELECT :'aludel_note' AS aludel_now,");
        self.line(
            "       coalesce(nullif(:'aludel_noted', ''), :'aludel_note') AS aludel_note \\gset",
        );
        self.clear();
        self.line(
            "SELECT (:'aludel_noted' <> '' OR :'aludel_open') AND it.finished AS aludel_done",
        );
        self.line("  FROM (:aludel_finished) AS it \\gset");
        self.pin();
    }

    /// Clears away or finishes what the note in `aludel_note` finds. The drop of an index waits as long
    /// as it takes, as building it does.
    fn clear(&mut self) {
        self.line("SELECT EXISTS (SELECT FROM (:aludel_left) AS it");
        self.line(
            "                WHERE it.clear IS NOT NULL AND it.busy IS NOT NULL) AS aludel_busy,",
        );
        self.line("       pg_catalog.set_config('lock_timeout', CASE WHEN EXISTS");
        self.line("           (SELECT FROM (:aludel_left) AS it WHERE it.is_partition)");
        self.line(
            "           THEN pg_catalog.current_setting('lock_timeout') ELSE '0' END, false)",
        );
        self.line("       AS aludel_wait \\gset");
        self.line("\\if :aludel_busy");
        self.raise_unless("false", "another session is still building or dropping the index");
        self.line("\\endif");
        self.line("SELECT it.clear FROM (:aludel_left) AS it WHERE it.clear IS NOT NULL \\gexec");
    }

    /// Clears away what a statement left that the file no longer has where an earlier run stopped.
    pub(super) fn clear_removed(&mut self, script: &Script) {
        let at = script.resume.at;
        let alone = script.segments.get(at).is_some_and(|it| it.kind == SegmentKind::Alone);
        if alone || script.step.progress.is_none() {
            return;
        }
        self.guarded(&self.todo(script, Some(at)), |it| {
            let noted = it.noted(script, at);
            it.line(&format!("SELECT coalesce({noted}, '{{}}') AS aludel_note \\gset"));
            it.clear();
        });
    }

    /// The note of the statement of a segment that was begun last, as a query in brackets.
    fn noted(&self, script: &Script, at: usize) -> String {
        let id = literal(script.step.revision.id().as_str());
        let action = literal(EventAction::from(script.step.direction).as_str());
        let sql =
            bound(without_heading(&self.store.begun_sql()), &[id, action, (at + 1).to_string()]);
        format!("(\n{})", sql.trim_end())
    }
}

/// A query without the comment above it, which speaks of its parameters.
fn without_heading(sql: &str) -> &str {
    let mut rest = sql;
    while rest.starts_with("--")
        && let Some((_, after)) = rest.split_once('\n')
    {
        rest = after;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_lose_their_headings() {
        assert_eq!(without_heading("-- $1 is a\n-- b\nSELECT -- c\n$1"), "SELECT -- c\n$1");
        assert_eq!(without_heading("SELECT"), "SELECT");
    }
}
