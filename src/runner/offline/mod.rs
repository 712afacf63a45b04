//! A run as one script for `psql`, with the same transactions and the same rows in the ledger.
//!
//! Every revision, and every segment, is skipped if the ledger records it as done when the script
//! runs. The script can therefore be run when a part of it is already done, or after an
//! interruption, and running it twice changes nothing.

mod alone;

use std::fmt::Write as _;

use super::apply::row;
use super::script::{ScriptError, ScriptErrorKind, prepare};
use super::segment::{Segment, SegmentKind};
use super::{LiveLoss, RunError, RunSettings, Script, Unconsented, consent, lock, session};
use crate::connection::text_pins_after;
use crate::ledger::{AppliedRow, Direction, RevisionStep, State, stored};
use crate::ledger_tables::{EventAction, Store};
use crate::render::literal;
use crate::revision::graph::Graph;
use crate::sql_text::{ScriptStatement, SessionSettings, for_psql, lines};

/// The time since a revision was begun, in the unit of the ledger's queries.
const ELAPSED: &str =
    "(extract(epoch FROM clock_timestamp() - :'aludel_begun'::timestamptz) * 1000)::float8";

/// Writes steps down.
///
/// # Errors
/// Everything that is wrong with the files, and data that would be lost without consent.
pub fn offline(
    steps: Vec<RevisionStep>,
    graph: &Graph,
    settings: &RunSettings,
) -> Result<String, RunError> {
    let losses = consent::decide(&steps, graph, settings)?;
    if !losses.is_empty() {
        // The database of the script is not asked.
        let losses = losses.into_iter().map(|loss| LiveLoss { loss, rows: None }).collect();
        return Err(Unconsented::Down { losses }.into());
    }
    let scripts = prepare(steps, &settings.variables).map_err(RunError::Script)?;
    let with_rows: Vec<_> = scripts.iter().filter_map(rows_error).collect();
    if !with_rows.is_empty() {
        return Err(RunError::Script(with_rows));
    }
    let mut writer = Writer::new(settings);
    writer.opening(&scripts);
    for script in &scripts {
        writer.revision(script);
    }
    writer.closing();
    Ok(writer.text)
}

/// Rows of COPY cannot stand in a part of a script that psql may skip: it would read them as commands.
fn rows_error(script: &Script) -> Option<ScriptError> {
    let mut statements = script.segments.iter().flat_map(|it| &it.statements);
    let copy = statements.find(|it| it.rows.is_some())?;
    let path = script.file.path.clone();
    Some(ScriptError { path, line: copy.line, kind: ScriptErrorKind::Rows })
}

struct Writer<'a> {
    settings: &'a RunSettings,
    store: Store,
    text: String,
}

impl<'a> Writer<'a> {
    fn new(settings: &'a RunSettings) -> Self {
        let store = Store::new(settings.ledger_schema.clone());
        Self { settings, store, text: String::new() }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment; every line of it is one, however it ends.
    fn comment(&mut self, text: &str) {
        for line in lines(text) {
            self.line(format!("-- {}", line.trim_end()).trim_end());
        }
    }

    fn opening(&mut self, scripts: &[Script]) {
        let version = env!("CARGO_PKG_VERSION");
        self.line(&format!("-- Written by aludel {version}. Run it with psql:"));
        for script in scripts {
            let header = &script.step.revision.header;
            let word = script.step.direction.command();
            self.comment(&format!("  {word} {} {}", header.id, header.message));
        }
        self.line("-- It skips what the ledger records as done, so it can be run again.");
        self.line("\\set ON_ERROR_STOP on");
        self.line("\n-- Settings for every revision and for the ledger.");
        let pins = session::pins(self.settings, &session::Found::usual(), &[]);
        let pins = literal(&format!("{pins}; {}", session::lasting_sql()));
        self.line(&format!("SELECT {pins} AS aludel_pins \\gset"));
        self.pin();
        let key = lock::key(&self.settings.ledger_schema);
        self.line("\n-- One run at a time.");
        self.raise_unless(
            &format!("pg_catalog.pg_try_advisory_lock({key})"),
            "another run of aludel is active in this database",
        );
        let table = literal(&self.store.revisions());
        let missing = format!("pg_catalog.to_regclass({table}) IS NULL AS aludel_missing");
        self.line(&format!("\nSELECT {missing} \\gset"));
        self.line("\\if :aludel_missing");
        let create = self.store.create_sql();
        self.line(&format!("{};", create.trim_end().trim_end_matches(';')));
        self.line("\\endif");
        self.raise_unless(
            &format!("NOT pg_catalog.row_security_active({table}::regclass)"),
            "row security hides rows of the ledger from this role",
        );
        let mut segments = scripts.iter().flat_map(|it| &it.segments);
        let is_resumed = scripts.iter().any(|it| it.step.progress.is_some());
        if is_resumed || segments.any(|it| it.kind == SegmentKind::Alone) {
            self.queries();
        }
    }

    fn closing(&mut self) {
        let key = lock::key(&self.settings.ledger_schema);
        self.line(&format!("\nDO 'BEGIN PERFORM pg_catalog.pg_advisory_unlock({key}); END';"));
    }

    fn pin(&mut self) {
        self.line(":aludel_pins;");
    }

    fn revision(&mut self, script: &Script) {
        let header = &script.step.revision.header;
        let rule = "-".repeat(78);
        self.line(&format!("\n{rule}"));
        let word = script.step.direction.command();
        self.comment(&format!("{word}: {} {}", header.id, header.message));
        for it in &script.skipped {
            self.comment(&format!("skipped: {} in line {}", it.command, it.line));
        }
        match script.segments.as_slice() {
            [only] if only.kind == SegmentKind::Transaction && script.step.progress.is_none() => {
                self.whole(script, only);
            }
            segments => {
                self.clear_removed(script);
                let mut settings = SessionSettings::default();
                for (at, segment) in segments.iter().enumerate() {
                    self.segment(script, at, &settings);
                    settings.follow(segment.lasting());
                }
                self.guarded(&self.todo(script, None), |it| {
                    it.line("BEGIN;");
                    it.finish(script);
                    it.line("COMMIT;");
                });
            }
        }
    }

    /// A revision in one transaction with its row.
    fn whole(&mut self, script: &Script, segment: &Segment) {
        self.guarded(&self.todo(script, None), |it| {
            it.needs(script);
            it.line("BEGIN;");
            it.statements(&segment.statements);
            it.pin_after(&segment.statements);
            it.finish(script);
            it.line("COMMIT;");
        });
    }

    /// The ledger is written as whoever runs the script, whatever the file has set.
    fn pin_after(&mut self, statements: &[ScriptStatement]) {
        if statements.iter().any(ScriptStatement::may_change_session) {
            self.pin();
        }
    }

    /// Brings the session to what the file has set before a segment.
    fn establish(&mut self, settings: &SessionSettings) {
        for statement in settings.statements() {
            self.statements(std::slice::from_ref(statement));
        }
    }

    fn segment(&mut self, script: &Script, at: usize, settings: &SessionSettings) {
        let Segment { kind, statements, .. } = &script.segments[at];
        self.guarded(&self.todo(script, Some(at)), |it| {
            if at == 0 {
                it.needs(script);
            }
            match kind {
                SegmentKind::Transaction | SegmentKind::Batched => {
                    if *kind == SegmentKind::Batched {
                        it.needs_whole(script, at);
                    }
                    it.line("BEGIN;");
                    it.establish(settings);
                    it.statements(statements);
                    if !settings.is_empty() {
                        it.pin();
                    } else {
                        it.pin_after(statements);
                    }
                    it.mark(script, at + 1, false);
                    it.line("COMMIT;");
                }
                SegmentKind::Alone => {
                    for statement in statements {
                        it.alone(script, at, statement, settings);
                    }
                    it.mark(script, at + 1, false);
                }
            }
        });
    }

    /// Stops where a run has begun the batches of a statement, which is one here: rows that are done
    /// would be updated twice.
    fn needs_whole(&mut self, script: &Script, at: usize) {
        let (path, id) = (script.file.path.display(), script.step.revision.id());
        let line = script.statements(at).first().map_or(1, |it| it.line);
        let begun = format!(
            "NOT EXISTS (SELECT FROM {} WHERE id = {} AND segments_done = {at} AND state = '{}' \
             AND done_digest LIKE '% %')",
            self.store.revisions(),
            literal(id.as_str()),
            script.step.direction.state().as_str()
        );
        let command = script.step.direction.command();
        self.raise_unless(
            &begun,
            &format!(
                "a run has done some batches of {path}:{line}: finish them with `aludel {command}`"
            ),
        );
        self.line(&format!(
            "-- One statement in this script; `aludel {command}` runs it in batches."
        ));
    }

    /// Whether the ledger wants a revision, or a segment of it.
    fn todo(&self, script: &Script, segment: Option<usize>) -> String {
        let id = literal(script.step.revision.id().as_str());
        let row = format!("FROM {} WHERE id = {id}", self.store.revisions());
        let wanted = match script.step.direction {
            Direction::Up => format!("NOT EXISTS (SELECT {row} AND state <> 'applying')"),
            Direction::Down => format!("EXISTS (SELECT {row} AND state <> 'applying')"),
        };
        let state = script.step.direction.state().as_str();
        match segment {
            None => wanted,
            Some(at) => format!(
                "{wanted}\n   AND coalesce((SELECT segments_done {row} AND state = '{state}'), 0) \
                 <= {at}"
            ),
        }
    }

    fn guarded(&mut self, condition: &str, body: impl FnOnce(&mut Self)) {
        self.line(&format!("SELECT {condition} AS aludel_todo,"));
        self.line("       clock_timestamp() AS aludel_begun \\gset");
        self.line("\\if :aludel_todo");
        body(self);
        // What a revision has set ends with it.
        self.pin();
        self.line("\\endif");
    }

    /// Stops where the database lacks what a revision builds on.
    fn needs(&mut self, script: &Script) {
        let header = &script.step.revision.header;
        if script.step.direction == Direction::Down {
            return;
        }
        for id in header.parents.iter().chain(&header.depends) {
            let there = format!(
                "EXISTS (SELECT FROM {} WHERE id = {} AND state <> 'applying')",
                self.store.revisions(),
                literal(id.as_str())
            );
            let message =
                format!("revision {} needs {id}, which this database does not have", header.id);
            self.raise_unless(&there, &message);
        }
    }

    fn raise_unless(&mut self, condition: &str, message: &str) {
        let raise = format!("RAISE EXCEPTION USING MESSAGE = {}", literal(message));
        let block = format!("BEGIN IF NOT {condition} THEN {raise}; END IF; END");
        self.line(&format!("DO {};", literal(&block)));
    }

    /// A statement after its comment.
    fn commented(&mut self, statement: &ScriptStatement) {
        for line in statement.comment.iter().flat_map(|it| lines(it)) {
            self.comment(line.trim());
        }
        self.line(&format!("{};", for_psql(statement)));
    }

    fn statements(&mut self, statements: &[ScriptStatement]) {
        for statement in statements {
            self.commented(statement);
            if let Some(pins) = text_pins_after(statement) {
                self.line(&format!("{pins};"));
            }
        }
    }

    /// Writes down how far a revision in segments is.
    fn mark(&mut self, script: &Script, done: usize, open: bool) {
        let row = row(script, script.step.direction.state(), done, open, std::time::Duration::ZERO);
        self.put(&row);
    }

    /// The end of a revision in the ledger.
    fn finish(&mut self, script: &Script) {
        let id = script.step.revision.id();
        match script.step.direction {
            Direction::Up => {
                let all = script.segments.len();
                let row = row(script, State::Applied, all, false, std::time::Duration::ZERO);
                self.put(&row);
            }
            Direction::Down => {
                let sql = bound(&self.store.delete_sql(), &[literal(id.as_str())]);
                self.line(&format!("{};", sql.trim_end()));
            }
        }
        self.event(script, "NULL");
    }

    fn put(&mut self, row: &AppliedRow) {
        let parents: Vec<_> = row.parents.iter().map(|it| literal(it.as_str())).collect();
        let fingerprint = row.fingerprint.as_ref().map(|it| literal(&it.to_string()));
        let values = [
            literal(row.id.as_str()),
            format!("ARRAY[{}]::text[]", parents.join(", ")),
            literal(&row.message),
            literal(&row.checksum.to_string()),
            literal(row.chain.as_str()),
            literal(row.state.as_str()),
            row.progress.done.to_string(),
            row.progress.of.to_string(),
            row.progress.open.to_string(),
            literal(&stored(&row.progress.digest, row.progress.batch.as_ref())),
            fingerprint.unwrap_or_else(|| "NULL".to_owned()),
            ELAPSED.to_owned(),
            literal(env!("CARGO_PKG_VERSION")),
        ];
        let sql = bound(&self.store.put_sql(), &values);
        self.line(&format!("{};", sql.trim_end()));
    }

    /// An event of a revision: that it is done, or, with a detail, that a statement of it begins.
    fn event(&mut self, script: &Script, detail: &str) {
        let values = [
            literal(EventAction::from(script.step.direction).as_str()),
            literal(script.step.revision.id().as_str()),
            "NULL".to_owned(),
            detail.to_owned(),
            ELAPSED.to_owned(),
            literal(env!("CARGO_PKG_VERSION")),
        ];
        let sql = bound(&self.store.event_sql(), &values);
        self.line(&format!("{};", sql.trim_end()));
    }
}

/// A query with its parameters put in as expressions.
fn bound(sql: &str, values: &[String]) -> String {
    let mut text = String::new();
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let value =
            part[..digits].parse::<usize>().ok().and_then(|it| values.get(it.checked_sub(1)?));
        match value {
            Some(value) => {
                text.push_str(value);
                text.push_str(&part[digits..]);
            }
            None => {
                let _ = write!(text, "${part}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_put_in() {
        let values: Vec<String> = (1..=11).map(|it| format!("'${it}'")).collect();
        assert_eq!(bound("f($1, $11, $12) || '$'", &values), "f('$1', '$11', $12) || '$'");
    }
}
