//! The scratch database that reviewed files run on, and what was last seen of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use tokio_postgres::types::Oid;

use crate::catalog::{CatalogError, Prepared, Scope, introspect_often, introspect_within};
use crate::diff::{Change, diff};
use crate::model::Schema;
use crate::model::ident::QualifiedName;
use crate::model::snapshot::Snapshot;
use crate::plan::LockLevel;
use crate::review::measured_forms::told;
use crate::review::{Facts, FactsSource, Footing, RelationKind};
use crate::scratch::{NotRun, ScratchDatabase};
use crate::sql_text::{ScriptStatement, Token};

use super::super::error::Refusal;
use super::super::replay::{self, Surroundings};
use super::super::rows::{self, FilledTable, Tally, Within};
use super::super::watch::{Watch, mark};
use super::super::{Workspace, WorkspaceError, declare};
use super::concerned::concerned;
use super::counted::Counts;
use super::look::{self, Locks, Relations, Scans, Seen};
use super::{beside, broken, text};

/// A database, and what was last seen of it.
pub(super) struct Trace<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) database: ScratchDatabase,
    pub(super) surroundings: Surroundings<'a>,
    /// Whether something has run since it was last read.
    pub(super) is_stale: bool,
    scope: Scope,
    prepared: Prepared,
    /// From the last look on, where nothing has changed since.
    watch: Option<Watch>,
    /// Everything, as of the end of the last file.
    snapshot: Arc<Snapshot>,
    /// The objects.
    schema: Schema,
    /// The relations now, and before the file.
    relations: Relations,
    known: Relations,
    /// The locks that the transaction had before the statement.
    held: Locks,
    /// The tables that have got rows, and their values.
    filled: Vec<FilledTable>,
    tally: Tally,
    /// How many rows there are where they are real.
    counts: Counts,
    rows: Rows,
}

/// Which rows the tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// Empty ones get some, which may be taken away again.
    Invented,
    /// Their own, which only the files change.
    Real,
}

/// What is remembered before a statement runs.
pub(super) struct Mark {
    since: Option<String>,
    scans: Scans,
}

impl<'a> Trace<'a> {
    pub(super) async fn begin(
        workspace: &'a Workspace,
        database: ScratchDatabase,
        rows: Rows,
    ) -> Self {
        Self {
            workspace,
            database,
            surroundings: workspace.bench.surroundings(),
            is_stale: true,
            scope: workspace.scope(),
            prepared: Prepared::default(),
            watch: None,
            snapshot: Arc::default(),
            schema: Schema::default(),
            relations: Relations::new(),
            known: Relations::new(),
            held: Locks::new(),
            filled: Vec::new(),
            tally: Tally::default(),
            counts: Counts::default(),
            rows,
        }
    }

    pub(super) async fn close(self) {
        self.database.close().await;
    }

    /// Everything that the database has, read again where it may have changed.
    pub(super) async fn snapshot(&mut self) -> Result<Arc<Snapshot>, WorkspaceError> {
        if std::mem::take(&mut self.is_stale) {
            let often = introspect_often(&mut self.database, &self.scope, &mut self.prepared).await;
            let mut snapshot = match often {
                Ok(snapshot) => snapshot,
                // A block of code may have ended what was prepared.
                Err(_) => self.workspace.bench.read_back(&mut self.database, true).await?,
            };
            self.own(&mut snapshot.schema);
            self.schema = snapshot.schema.clone();
            self.snapshot = Arc::new(snapshot);
            self.watch = None;
        }
        Ok(Arc::clone(&self.snapshot))
    }

    /// Leaves out what is provided.
    fn own(&self, schema: &mut Schema) {
        schema.retain(|id, _| !self.workspace.provided().contains(id));
        declare::wanted_versions(schema, None);
    }

    /// Gets ready for a file: rows in the tables that it is about.
    pub(super) async fn prepare(&mut self, text: &str) -> Result<(), WorkspaceError> {
        self.fill(text).await?;
        self.known = self.relations.clone();
        Ok(())
    }

    /// Puts rows into empty tables. Where that fails, facts are those of tables without rows.
    pub(super) async fn fill(&mut self, text: &str) -> Result<(), WorkspaceError> {
        let names = concerned(&self.schema, text);
        if self.rows == Rows::Real {
            self.look_again().await?;
            let names: BTreeSet<String> = names.iter().map(ToString::to_string).collect();
            let wanted = self.relations.iter().filter(|(_, it)| names.contains(&it.name));
            let wanted: Vec<Oid> = wanted.map(|it| *it.0).collect();
            self.counts = Counts::take(&self.database, &wanted).await.unwrap_or_default();
            return Ok(());
        }
        self.filled = match names.is_empty() {
            true => Vec::new(),
            false => rows::fill_empty(&self.database, &names).await.unwrap_or_default(),
        };
        let with_rows: Vec<Oid> =
            self.filled.iter().filter(|it| it.rows > 0).map(|it| it.oid).collect();
        self.tally = Tally::take(&self.database, &with_rows).await.unwrap_or_default();
        self.look_again().await
    }

    /// What has changed meanwhile was not done by a statement of the file.
    async fn look_again(&mut self) -> Result<(), WorkspaceError> {
        self.relations = look::relations(&self.database).await.map_err(broken)?;
        Ok(())
    }

    /// The tables that a statement is refused for, the likeliest first.
    pub(super) fn suspects(&self, statement: &ScriptStatement) -> [Vec<Oid>; 2] {
        let all = self.filled.iter().map(|it| it.oid).collect();
        [rows::named_in(statement, &self.filled), all]
    }

    /// Takes the rows out of tables.
    pub(super) async fn empty(&mut self, tables: &[Oid]) -> Result<bool, WorkspaceError> {
        self.tally.renew(tables, Tally::default());
        let emptied = !tables.is_empty() && rows::empty(&self.database, tables).await.is_ok();
        self.look_again().await?;
        Ok(emptied)
    }

    /// Begins a transaction that has no locks yet.
    pub(super) async fn begin_transaction(&mut self) -> Result<(), WorkspaceError> {
        self.held.clear();
        self.send("BEGIN").await
    }

    pub(super) async fn send(&self, sql: &str) -> Result<(), WorkspaceError> {
        self.database.batch_execute(sql).await.map_err(broken)
    }

    /// A statement as it is run here, if it is; on a copy of the database as it stands in the file.
    fn text(&self, statement: &ScriptStatement) -> Option<String> {
        match self.rows {
            Rows::Invented => text(statement, &self.surroundings),
            Rows::Real => Some(statement.text.clone()),
        }
    }

    /// Runs a statement as it is run here.
    pub(super) async fn run(&self, statement: &ScriptStatement) -> Result<(), Refusal> {
        let Some(text) = self.text(statement) else { return Ok(()) };
        let done = match &statement.rows {
            Some(rows) => self.database.copy(&text, &rows.text).await,
            None => self.database.run(&text).await,
        };
        forgiven(statement, done.as_ref().err())
    }

    /// Runs a statement within the open transaction, and looks at it. Where it is refused, the transaction is as
    /// it was before.
    pub(super) async fn measure(
        &mut self,
        statement: &ScriptStatement,
    ) -> Result<Result<Facts, Refusal>, WorkspaceError> {
        let mark = self.mark(statement).await;
        let begun = Instant::now();
        if let Err(refusal) = self.attempt(statement).await? {
            return Ok(Err(refusal));
        }
        let took = self.took(begun);
        self.send("SAVEPOINT aludel_look").await?;
        let now = look::locks(&self.database, None).await.unwrap_or_default();
        let taken = look::taken(&self.held, &now);
        let facts = self.look(statement, &mark, &taken, &now).await;
        self.send("ROLLBACK TO aludel_look; RELEASE aludel_look").await?;
        self.held.extend(taken);
        Ok(Ok(Facts { took, ..facts }))
    }

    /// Runs a statement outside of a transaction, with other sessions beside it where there can be any.
    pub(super) async fn measure_outside(
        &mut self,
        statement: &ScriptStatement,
    ) -> Result<(Result<Facts, Refusal>, bool), WorkspaceError> {
        self.held.clear();
        let Some(text) = self.text(statement) else { return Ok((Ok(Facts::default()), true)) };
        let mark = self.mark(statement).await;
        let begun = Instant::now();
        let beside = beside::run(&self.database, statement, &text, &self.relations).await?;
        let done = forgiven(statement, beside.done.as_ref().err());
        if let Err(refusal) = done {
            return Ok((Err(refusal), beside.watched));
        }
        self.send("BEGIN; SAVEPOINT aludel_look").await?;
        let mut facts = self.look(statement, &mark, &beside.locks, &beside.locks).await;
        self.send("ROLLBACK").await?;
        // What it has read may have been reported already, and is not counted any more.
        facts.scanned.clear();
        facts.took = self.took(begun);
        Ok((Ok(facts), beside.watched))
    }

    /// How long a statement took, where that says something: with real rows.
    fn took(&self, begun: Instant) -> Option<u64> {
        let took = u64::try_from(begun.elapsed().as_millis()).ok();
        took.filter(|_| self.rows == Rows::Real)
    }

    async fn mark(&mut self, statement: &ScriptStatement) -> Mark {
        // To ask whether DDL has changed anything is as much work as to read what.
        let since = match statement.defines() {
            true => None,
            false => {
                if self.watch.is_none() {
                    self.watch = Watch::begin(&self.database).await;
                }
                mark(&self.database).await
            }
        };
        Mark { since, scans: look::scans(&self.database).await.unwrap_or_default() }
    }

    /// Runs a statement so that nothing of it is left where it is refused.
    async fn attempt(
        &self,
        statement: &ScriptStatement,
    ) -> Result<Result<(), Refusal>, WorkspaceError> {
        const BACK: &str = "ROLLBACK TO aludel_statement; RELEASE aludel_statement";
        let Some(text) = self.text(statement) else { return Ok(Ok(())) };
        let planned = is_planned(statement);
        let mut made = None;
        loop {
            self.send("SAVEPOINT aludel_statement").await?;
            let usual = if planned { Some(self.prefer_indexes().await?) } else { None };
            let done = match &statement.rows {
                Some(rows) => self.database.copy(&text, &rows.text).await,
                None => self.database.run(&text).await,
            };
            let Err(error) = done else {
                let usual = usual.map_or_else(String::new, |it| format!("{it}; "));
                self.send(&format!("{usual}RELEASE aludel_statement")).await?;
                return Ok(Ok(()));
            };
            if Refusal::from(&error).sqlstate.is_empty() {
                return Ok(Err(Refusal::from(&error)));
            }
            self.send(BACK).await?;
            match error.missing_role().filter(|it| made.as_ref() != Some(it)) {
                Some(role) if self.database.ensure_role(&role).await.is_ok() => made = Some(role),
                _ => return Ok(forgiven(statement, Some(&error))),
            }
        }
    }

    /// A planner that sees few rows reads them all rather than look into an index. Gives what brings back what
    /// was set.
    async fn prefer_indexes(&self) -> Result<String, WorkspaceError> {
        let sql = "SELECT pg_catalog.current_setting('enable_seqscan')";
        let row = self.database.query_one(sql, &[]).await.map_err(broken)?;
        self.send("SET LOCAL enable_seqscan = off; SET LOCAL jit = off").await?;
        Ok(format!("SET LOCAL enable_seqscan = {}", row.get::<_, String>(0)))
    }

    /// What a statement is seen to have done, in a transaction that may be broken afterwards.
    async fn look(
        &mut self,
        statement: &ScriptStatement,
        mark: &Mark,
        taken: &Locks,
        held: &Locks,
    ) -> Facts {
        let relations = match look::relations(&self.database).await {
            Ok(relations) => relations,
            Err(error) => return Facts { source: unseen(&error), ..Facts::default() },
        };
        let scans = look::scans(&self.database).await.unwrap_or_default();
        let seen = Seen {
            before: &self.relations,
            after: &relations,
            locks: taken,
            scanned: look::read_between(&mark.scans, &scans),
            known: &self.known,
        };
        let mut facts = seen.facts();
        if statement.tokens.first().and_then(Token::word) == Some("truncate") {
            facts.rewritten.clear();
        }
        if statement.ends_prepared() {
            self.prepared.forget();
            self.watch = None;
        }
        facts.losses = self.losses(held).await;
        match self.changes(mark.since.as_deref()).await {
            Ok(changes) => facts.changes = changes,
            Err(error) => facts.source = unseen(&error),
        }
        self.relations = relations;
        facts
    }

    /// What has changed in the catalog since the last look.
    async fn changes(&mut self, since: Option<&str>) -> Result<Vec<Change>, CatalogError> {
        if let (Some(watch), Some(since)) = (&self.watch, since)
            && watch.is_as_before(&self.database, since).await
        {
            return Ok(Vec::new());
        }
        self.is_stale = true;
        // The file may have deallocated what was prepared, and the transaction is broken then.
        let _ = self.send("ROLLBACK TO aludel_look").await;
        self.watch = None;
        let mut read = introspect_within(&mut self.database, &self.scope, &mut self.prepared).await;
        if read.is_err() {
            // A block of code may have ended what was prepared.
            let _ = self.send("ROLLBACK TO aludel_look").await;
            read = introspect_within(&mut self.database, &self.scope, &mut self.prepared).await;
        }
        let mut schema = read?.schema;
        self.own(&mut schema);
        let changes = diff(&self.schema, &schema);
        self.schema = schema;
        Ok(changes)
    }

    /// What is gone of the tables that the transaction may have written.
    async fn losses(&mut self, held: &Locks) -> Vec<String> {
        let written = |it: Oid| held.get(&it).is_some_and(|it| *it >= LockLevel::RowExclusive);
        if self.rows == Rows::Real {
            return self.fewer(written).await;
        }
        let part = self.tally.part(written);
        let tables = part.tables();
        if tables.is_empty() || self.send("SAVEPOINT aludel_values").await.is_err() {
            return Vec::new();
        }
        let losses = part.losses(&self.database, Within::Transaction).await.unwrap_or_default();
        if let Ok(now) = Tally::take(&self.database, &tables).await {
            self.tally.renew(&tables, now);
        }
        let _ = self.send("ROLLBACK TO aludel_values; RELEASE aludel_values").await;
        losses.iter().map(|it| it.loss().to_string()).collect()
    }

    /// The same of real rows.
    async fn fewer(&mut self, written: impl Fn(Oid) -> bool) -> Vec<String> {
        let part = self.counts.part(written);
        let tables = part.tables();
        let Ok(now) = Counts::take(&self.database, &tables).await else { return Vec::new() };
        let losses = part.losses(&now);
        self.counts.renew(&tables, now);
        losses
    }

    /// Forgets what was seen in a transaction that was rolled back.
    pub(super) async fn forget(&mut self) -> Result<(), WorkspaceError> {
        self.is_stale = true;
        self.snapshot().await?;
        self.look_again().await?;
        let tables = self.tally.tables();
        self.tally = Tally::take(&self.database, &tables).await.unwrap_or_default();
        Ok(())
    }

    /// Whether a relation was there before the file.
    pub(super) fn footing(&self, name: &str) -> Footing {
        match self.known.values().any(|it| it.name == name) {
            true => Footing::Existing,
            false => Footing::New,
        }
    }

    /// What the table of measured forms says of a statement that comes next.
    pub(super) fn told(&self, statement: &ScriptStatement) -> Option<Facts> {
        let is_new = |name: &QualifiedName| self.footing(&name.to_string()) == Footing::New;
        told(statement, &self.schema, is_new)
    }

    /// The tables of the indexes that a statement has built or built again: it has read them.
    pub(super) fn tables_of(&self, indexes: &[String]) -> Vec<String> {
        let of = |name: &String| {
            let index = self
                .relations
                .values()
                .find(|it| it.kind == RelationKind::Index && it.name == *name)?;
            Some(self.relations.get(&index.table?)?.name.clone())
        };
        let mut tables: Vec<String> = indexes.iter().filter_map(of).collect();
        tables.sort();
        tables.dedup();
        tables
    }
}

/// A statement that ran, and after which the catalog could not be read.
fn unseen(error: &dyn std::fmt::Display) -> FactsSource {
    FactsSource::Unknown(format!("the catalog cannot be read after it: {error}"))
}

/// Owners are not compared, and everything belongs to the role that runs the file.
fn forgiven(statement: &ScriptStatement, error: Option<&NotRun>) -> Result<(), Refusal> {
    let Some(error) = error else { return Ok(()) };
    let refusal = Refusal::from(error);
    match replay::is_of_missing_role(statement, &refusal) {
        true => Ok(()),
        false => Err(refusal),
    }
}

/// Whether the planner chooses how it reads rows. What defines something reads all of them.
fn is_planned(statement: &ScriptStatement) -> bool {
    let first = statement.tokens.first().and_then(Token::word);
    matches!(first, Some("insert" | "update" | "delete" | "merge" | "select" | "with"))
}
