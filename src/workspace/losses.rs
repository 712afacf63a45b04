//! The data that a file of a revision loses: what holds data in the catalog before and after it ran, by OID, so
//! that a rename is no loss; and the rows that its statements delete by their words.
//!
//! What becomes of values, an UPDATE for example, is not looked at here: see [`super::rows`].

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::types::Oid;

use crate::connection::Connection;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::pg_type::PgType;
use crate::plan::cast;
use crate::revision::Revision;
use crate::revision::checksum::Side;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::{Loss, Losses};
use crate::scratch::ScratchDatabase;
use crate::scratch::extensions::created_in;
use crate::sql_text::{ScriptStatement, split};

use super::bench::Bench;
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
    ) -> Result<BTreeMap<RevisionId, Losses>, WorkspaceError> {
        let order: Vec<&Revision> = graph.iter().collect();
        let last = order.iter().rposition(|it| wanted.contains(it.id()));
        let order = &order[..last.map_or(0, |it| it + 1)];
        let extensions = order.iter().flat_map(|it| created_in(&it.up.text)).collect();
        let database = self.bench.scratch(extensions, self.provided()).await?;
        let measured = self.bench.losses(&database, order, wanted, side).await;
        database.close().await;
        measured
    }
}

impl Bench {
    async fn losses(
        &self,
        database: &ScratchDatabase,
        order: &[&Revision],
        wanted: &[RevisionId],
        side: Side,
    ) -> Result<BTreeMap<RevisionId, Losses>, WorkspaceError> {
        let mut measured = BTreeMap::new();
        for revision in order {
            if side == Side::Up && wanted.contains(revision.id()) {
                let up = self.run_measured(database, revision, Side::Up).await?;
                measured.insert(revision.id().clone(), Losses { up, ..Losses::default() });
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
            let down = self.run_measured(database, revision, Side::Down).await?;
            if wanted.contains(revision.id()) {
                measured.insert(revision.id().clone(), Losses { down, ..Losses::default() });
            }
        }
        Ok(measured)
    }
}

/// Everything that holds data, by the OID of its relation and the number of its column.
#[derive(Debug, Default)]
pub struct Holders(BTreeMap<(Oid, i16), Holder>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Holder {
    kind: HolderKind,
    relation: QualifiedName,
    column: Option<Ident>,
    type_name: Option<String>,
    /// The table that it is a partition of.
    parent: Option<Oid>,
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
    pub async fn of(client: &Connection) -> Result<Self, tokio_postgres::Error> {
        let mut all = BTreeMap::new();
        for row in client.query_typed(include_str!("queries/holders.sql"), &[]).await? {
            let kind = match row.get::<_, &str>("kind") {
                "m" => HolderKind::MaterializedView,
                "S" => HolderKind::Sequence,
                "c" => HolderKind::Column,
                _ => HolderKind::Table,
            };
            let name = |column| Ident::new(row.get::<_, &str>(column));
            let column: Option<&str> = row.get("column");
            let holder = Holder {
                kind,
                relation: QualifiedName { namespace: name("namespace"), name: name("relation") },
                column: column.map(Ident::new),
                type_name: row.get("type_name"),
                parent: row.get("parent"),
            };
            all.insert((row.get("oid"), row.get("number")), holder);
        }
        Ok(Self(all))
    }

    /// What a file lost, by what there is after it.
    #[must_use]
    pub fn lost(&self, after: &Self, text: &str) -> Vec<Loss> {
        let statements = split(text).unwrap_or_default();
        let mut losses = BTreeSet::new();
        for (key, holder) in &self.0 {
            match after.0.get(key) {
                Some(now) => losses.extend(holder.narrowed(now)),
                None => losses.extend(self.dropped(*key, holder, after)),
            }
        }
        for statement in &statements {
            losses.extend(self.deleted(statement));
        }
        losses.into_iter().collect()
    }

    /// What is lost with something that is gone; None where more is gone that it belongs to.
    fn dropped(&self, (oid, _): (Oid, i16), gone: &Holder, after: &Self) -> Option<Loss> {
        let is_left = |oid: Oid| after.0.contains_key(&(oid, 0));
        let with_its_table = gone.kind == HolderKind::Column && !is_left(oid);
        // The partitions of a table are dropped with it.
        let with_its_parent =
            gone.parent.is_some_and(|it| self.0.contains_key(&(it, 0)) && !is_left(it));
        if with_its_table || with_its_parent {
            return None;
        }
        let name = &gone.relation;
        let replaced = after.0.values().any(|it| it.is_named_like(gone));
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
            (HolderKind::Column, Some(column)) if replaced => {
                Loss::of_values(format_args!("{name}.{column}"))
            }
            (HolderKind::Column, column) => {
                let column = column.as_ref()?;
                Loss::of_object(format_args!("column {name}.{column}"))
            }
        })
    }

    /// The rows that a statement deletes by its words, of tables that were there before.
    fn deleted(&self, statement: &ScriptStatement) -> Vec<Loss> {
        let named = |written: &str, kind: HolderKind| {
            self.0.values().find(|it| it.kind == kind && it.is_written(written))
        };
        let tables = statement.deletes_from();
        let tables = tables.iter().filter_map(|it| named(it, HolderKind::Table));
        let mut losses: Vec<Loss> = tables.map(|it| Loss::of_rows(&it.relation)).collect();
        if let Some(sequence) = statement.restarts() {
            let known = named(&sequence, HolderKind::Sequence);
            losses.extend(known.map(|it| Loss::of_position(&it.relation)));
        }
        if statement.runs_code_that_deletes() {
            losses.push(Loss::named("rows deleted by DO"));
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
        let column = now.column.as_ref()?;
        Some(Loss::of_values(format_args!("{}.{column}", now.relation)))
    }

    fn is_named_like(&self, other: &Self) -> bool {
        (self.kind, &self.relation, &self.column) == (other.kind, &other.relation, &other.column)
    }

    /// Whether a name in a statement may be its own: without a schema it is looked for on a search path.
    fn is_written(&self, written: &str) -> bool {
        let QualifiedName { namespace, name } = &self.relation;
        written == name.as_str() || written == format!("{}.{}", namespace.as_str(), name.as_str())
    }
}
