//! The data that a file of a revision loses: what holds data in the catalog before and after it ran, by OID, so
//! that a rename is no loss; and the rows that its statements delete by their words.
//!
//! What becomes of values, an UPDATE for example, is not looked at here: see [`super::rows`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use tokio_postgres::types::Oid;

use crate::model::Schema;
use crate::model::ident::{Ident, QualifiedName, without_public};
use crate::model::pg_type::PgType;
use crate::plan::cast;
use crate::revision::Revision;
use crate::revision::checksum::Side;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::Loss;
use crate::scratch::ScratchDatabase;
use crate::scratch::extensions::created_in;
use crate::sql_text::{ScriptStatement, split};

use super::bench::Bench;
use super::rows::{Drawn, Files, MeasuredLoss, Trial, Way};
use super::{Workspace, WorkspaceError};

impl Workspace {
    /// What a file of each of these revisions loses, measured on a scratch database: up files one after the other,
    /// down files in reverse order after all up files.
    ///
    /// # Errors
    /// When a revision does not run.
    pub async fn losses(
        &self,
        graph: &Graph,
        wanted: &[RevisionId],
        side: Side,
    ) -> Result<BTreeMap<RevisionId, Vec<Loss>>, WorkspaceError> {
        let order: Vec<&Revision> = graph.iter().collect();
        let last = order.iter().rposition(|it| wanted.contains(it.id()));
        let order = &order[..last.map_or(0, |it| it + 1)];
        let extensions = order.iter().flat_map(|it| created_in(&it.up.text)).collect();
        let database = self.bench.scratch(extensions, self.provided()).await?;
        let lost = self.bench.losses(&database, order, wanted, side).await;
        database.close().await;
        let mut losses = BTreeMap::new();
        for (id, lost) in lost? {
            let found = self.with_rows(graph, &id, side, lost).await?;
            losses.insert(id, found);
        }
        Ok(losses)
    }

    /// What a file of a revision lost; where another column took the place of one, it runs again with rows.
    pub(super) async fn with_rows(
        &self,
        graph: &Graph,
        id: &RevisionId,
        side: Side,
        lost: Lost,
    ) -> Result<Vec<Loss>, WorkspaceError> {
        let (open, revision) = (lost.open(), graph.get(id));
        let file = revision.and_then(|it| it.file(side));
        let (false, Some(revision), Some(file)) = (open.is_empty(), revision, file) else {
            return Ok(lost.all());
        };
        let before = match side {
            Side::Up => {
                revision.header.parents.iter().chain(&revision.header.depends).cloned().collect()
            }
            Side::Down => vec![id.clone()],
        };
        let (database, _) = self.replay(graph, &before, &Schema::default()).await?;
        let files = Files { up: file, down: None };
        let trial = self.try_with_rows(&database, &open, files, &Drawn::default()).await;
        database.close().await;
        Ok(lost.with_rows(&trial?))
    }
}

impl Bench {
    async fn losses(
        &self,
        database: &ScratchDatabase,
        order: &[&Revision],
        wanted: &[RevisionId],
        side: Side,
    ) -> Result<Vec<(RevisionId, Lost)>, WorkspaceError> {
        let mut measured = Vec::new();
        for revision in order {
            if side == Side::Up && wanted.contains(revision.id()) {
                let lost = self.run_measured(database, revision, Side::Up).await?;
                measured.push((revision.id().clone(), lost));
            } else {
                self.up(database, revision).await?;
            }
        }
        if side == Side::Up {
            return Ok(measured);
        }
        // As a downgrade runs them. What has no down file is on another branch.
        let first = order.iter().position(|it| wanted.contains(it.id())).unwrap_or(order.len());
        for revision in order[first..].iter().rev() {
            let lost = self.run_measured(database, revision, Side::Down).await?;
            if wanted.contains(revision.id()) {
                measured.push((revision.id().clone(), lost));
            }
        }
        Ok(measured)
    }
}

/// Everything that holds data, and what is deleted with the rows of what.
#[derive(Debug, Default)]
pub struct Holders {
    /// By the OID of the relation and the number of the column.
    all: BTreeMap<(Oid, i16), Holder>,
    references: Vec<Reference>,
}

/// A column of a foreign key.
#[derive(Debug)]
struct Reference {
    /// The table that has it.
    table: Oid,
    column: Ident,
    /// The table that it references.
    referenced: Oid,
    /// `pg_constraint.confdeltype`: what DELETE there does here.
    on_delete: OnDelete,
}

/// What becomes of rows that reference a deleted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnDelete {
    Refuse,
    Delete,
    /// SET NULL and SET DEFAULT.
    SetColumn,
}

impl OnDelete {
    fn of(letter: Option<&str>) -> Self {
        match letter {
            Some("c") => Self::Delete,
            Some("n" | "d") => Self::SetColumn,
            _ => Self::Refuse,
        }
    }
}

/// How rows are taken out of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taking {
    Delete,
    Truncate,
    /// TRUNCATE … CASCADE: the tables that reference it are emptied, whatever their foreign keys say.
    TruncateCascade,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Holder {
    kind: HolderKind,
    relation: QualifiedName,
    column: Option<Ident>,
    type_name: Option<String>,
    /// The table that it is a partition of.
    parent: Option<Oid>,
}

/// What a file lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lost {
    /// What is gone.
    certain: Vec<Loss>,
    /// What another column took the place of, with its table: it may be a copy, which rows tell.
    replaced: Vec<(Loss, QualifiedName)>,
}

impl Lost {
    /// All of it, where nothing is known of rows.
    #[must_use]
    pub fn all(self) -> Vec<Loss> {
        self.confirmed(|_, _| true)
    }

    /// The tables that rows are needed in to tell.
    #[must_use]
    pub fn open(&self) -> Vec<QualifiedName> {
        self.replaced.iter().map(|it| it.1.clone()).collect()
    }

    /// What is lost, as it was seen with rows: a column whose values are all in the new one is not.
    #[must_use]
    pub fn with_rows(self, trial: &Trial) -> Vec<Loss> {
        let seen = seen(&trial.losses);
        let had_rows = |table: &QualifiedName| {
            let name = table.to_string();
            (trial.unfinished.is_none() && trial.refused.is_empty())
                && trial.tables.iter().any(|it| it.rows > 0 && without_public(&it.name) == name)
        };
        let mut losses = self.confirmed(|loss, table| seen.contains(loss) || !had_rows(table));
        losses.extend(seen);
        losses.sort();
        losses.dedup();
        losses
    }

    fn confirmed(self, is_lost: impl Fn(&Loss, &QualifiedName) -> bool) -> Vec<Loss> {
        let replaced = self.replaced.into_iter().filter(|(loss, table)| is_lost(loss, table));
        self.certain.into_iter().chain(replaced.map(|it| it.0)).collect()
    }
}

/// What was seen to be gone of rows in tables that stay. What is dropped, the catalog tells.
fn seen(losses: &[MeasuredLoss]) -> Vec<Loss> {
    losses.iter().filter(|it| it.way != Way::Dropped).map(MeasuredLoss::loss).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HolderKind {
    Table,
    Column,
    MaterializedView,
    Sequence,
}

impl Holders {
    /// What a database has.
    ///
    /// # Errors
    /// When the server refuses the query.
    pub async fn of(database: &ScratchDatabase) -> Result<Self, tokio_postgres::Error> {
        let mut holders = Self::default();
        for row in database.query_often(include_str!("queries/holders.sql")).await? {
            let name = |column| Ident::new(row.get::<_, &str>(column));
            let kind = match row.get::<_, &str>("kind") {
                "f" => {
                    holders.references.push(Reference {
                        table: row.get("oid"),
                        column: name("column"),
                        referenced: row.get("parent"),
                        on_delete: OnDelete::of(row.get("type_name")),
                    });
                    continue;
                }
                "m" => HolderKind::MaterializedView,
                "S" => HolderKind::Sequence,
                "c" => HolderKind::Column,
                _ => HolderKind::Table,
            };
            let column: Option<&str> = row.get("column");
            let holder = Holder {
                kind,
                relation: QualifiedName { namespace: name("namespace"), name: name("relation") },
                column: column.map(Ident::new),
                type_name: row.get("type_name"),
                parent: row.get("parent"),
            };
            holders.all.insert((row.get("oid"), row.get("number")), holder);
        }
        Ok(holders)
    }

    /// What a file lost, by what there is after it.
    #[must_use]
    pub fn lost(&self, after: &Self, text: &str) -> Lost {
        let statements = split(text).unwrap_or_default();
        let (mut certain, mut replaced) = (BTreeSet::new(), Vec::new());
        for (key, holder) in &self.all {
            let Some(now) = after.all.get(key) else {
                if holder.column.is_some() && after.has(holder) {
                    let values = Loss::of_values(holder);
                    replaced.push((values, holder.relation.clone()));
                } else {
                    certain.extend(self.dropped(*key, holder, after));
                }
                continue;
            };
            certain.extend(holder.narrowed(now));
        }
        certain.extend(statements.iter().flat_map(|it| self.deleted(it)));
        Lost { certain: certain.into_iter().collect(), replaced }
    }

    /// Whether something has the name and the kind of another.
    fn has(&self, other: &Holder) -> bool {
        self.all.values().any(|it| it.is_named_like(other))
    }

    /// What is lost with something that is gone; None where more is gone that it belongs to.
    fn dropped(&self, (oid, _): (Oid, i16), gone: &Holder, after: &Self) -> Option<Loss> {
        let is_left = |oid: Oid| after.all.contains_key(&(oid, 0));
        let with_its_table = gone.kind == HolderKind::Column && !is_left(oid);
        // The partitions of a table are dropped with it.
        let with_its_parent =
            gone.parent.is_some_and(|it| self.all.contains_key(&(it, 0)) && !is_left(it));
        if with_its_table || with_its_parent {
            return None;
        }
        let name = &gone.relation;
        let replaced = after.has(gone);
        Some(match (gone.kind, &gone.column) {
            (HolderKind::Table, _) if replaced => Loss::of_rows(name),
            (HolderKind::Table, _) => Loss::of_object(format_args!("table {name}")),
            // A query that is run again gives the rows again.
            (HolderKind::MaterializedView, _) if replaced => return None,
            (HolderKind::MaterializedView, _) => {
                Loss::of_object(format_args!("materialized view {name}"))
            }
            (HolderKind::Sequence, _) if replaced => Loss::of_position(name),
            (HolderKind::Sequence, _) => Loss::of_object(format_args!("sequence {name}")),
            (HolderKind::Column, _) => Loss::of_object(format_args!("column {gone}")),
        })
    }

    /// The rows that a statement deletes by its words, of tables that were there before.
    fn deleted(&self, statement: &ScriptStatement) -> Vec<Loss> {
        let named = |written: &str, kind: HolderKind| {
            self.all.iter().find(|(_, it)| it.kind == kind && it.relation.is_written(written))
        };
        let taking = match (statement.is_truncate(), statement.cascades()) {
            (false, _) => Taking::Delete,
            (true, false) => Taking::Truncate,
            (true, true) => Taking::TruncateCascade,
        };
        let tables = statement.deletes_from();
        let tables = tables.iter().filter_map(|it| named(it, HolderKind::Table));
        let mut losses = self.taken(tables.map(|(key, _)| key.0).collect(), taking);
        if let Some(sequence) = statement.restarts() {
            let known = named(&sequence, HolderKind::Sequence);
            losses.extend(known.map(|(_, it)| Loss::of_position(&it.relation)));
        }
        if statement.runs_code_that_deletes() {
            losses.push(Loss::named("rows deleted by DO"));
        }
        losses
    }
}

impl Holders {
    /// What is lost when rows are taken out of tables, with what foreign keys delete, too.
    fn taken(&self, mut tables: Vec<Oid>, taking: Taking) -> Vec<Loss> {
        let (mut losses, mut at) = (Vec::new(), 0);
        while let Some(&table) = tables.get(at) {
            at += 1;
            losses.extend(self.all.get(&(table, 0)).map(|it| Loss::of_rows(&it.relation)));
            for it in self.references.iter().filter(|it| it.referenced == table) {
                let what = match taking {
                    Taking::Delete => it.on_delete,
                    Taking::Truncate => OnDelete::Refuse,
                    Taking::TruncateCascade => OnDelete::Delete,
                };
                match what {
                    OnDelete::Refuse => {}
                    OnDelete::Delete if tables.contains(&it.table) => {}
                    OnDelete::Delete => tables.push(it.table),
                    OnDelete::SetColumn => {
                        let owner = self.all.get(&(it.table, 0));
                        let values = |on: &Holder| format!("{}.{}", on.relation, it.column);
                        losses.extend(owner.map(|it| Loss::of_values(values(it))));
                    }
                }
            }
        }
        losses
    }
}

impl Holder {
    /// What is lost of values that have another type now.
    fn narrowed(&self, now: &Self) -> Option<Loss> {
        let (from, to) = (self.type_name.as_ref()?, now.type_name.as_ref()?);
        let (from, to) = (PgType::parse(from).ok()?, PgType::parse(to).ok()?);
        cast::loss(&from, &to)?;
        Some(Loss::of_values(now))
    }

    fn is_named_like(&self, other: &Self) -> bool {
        (self.kind, &self.relation, &self.column) == (other.kind, &other.relation, &other.column)
    }
}

/// A relation, or one of its columns, as SQL.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}.{column}", self.relation),
            None => write!(f, "{}", self.relation),
        }
    }
}
