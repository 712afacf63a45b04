//! Indexes: built and dropped CONCURRENTLY, and replaced without a gap. Also, which tables are
//! rewritten at the end, when no other statement waits for the end of a transaction.

use std::collections::BTreeSet;

use crate::model::ident::Ident;
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::plan::cast::rewrites;
use crate::plan::decisions::disposition::{Disposition, Dispositions};
use crate::plan::dependencies::DependencyMap;
use crate::plan::online::site::Site;
use crate::plan::online::{attached, expand};
use crate::plan::statement::{ColumnAction, Statement};

/// Which indexes are built and dropped outside of a transaction, and what is kept away from all else.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Concurrent {
    /// Replaced by a swap: the new one is built beside the old one.
    pub(in crate::plan) swapped: BTreeSet<ObjectId>,
    /// Built CONCURRENTLY.
    pub(in crate::plan) built: BTreeSet<ObjectId>,
    /// Dropped CONCURRENTLY.
    pub(in crate::plan) dropped: BTreeSet<ObjectId>,
    /// Of those, the ones that are dropped before a change of type and built again after it.
    pub(in crate::plan) rebuilt: BTreeSet<ObjectId>,
    /// Columns whose table is rewritten after everything that is brief.
    pub(in crate::plan) apart: BTreeSet<ObjectId>,
}

/// Indexes of tables that exist are built and dropped without blocking their users.
pub(in crate::plan) fn choose(site: &Site<'_>) -> Concurrent {
    let rewritten = site.dispositions.keys().filter(|it| is_rewritten_alone(site, it));
    let mut concurrent =
        Concurrent { apart: rewritten.cloned().collect(), ..Concurrent::default() };
    for (id, disposition) in site.dispositions {
        let (before, after) = (site.from.schema.get(id), site.to.schema.get(id));
        let owner = before.and_then(|_| site.from.schema.owner(id));
        let owner = owner.or_else(|| site.to.schema.owner(id));
        let Some(owner) = owner.filter(|_| id.kind == ObjectKind::Index) else { continue };
        let Some(table) = id.table_name() else { continue };
        if !site.stays_itself(&owner) || !(disposition.removes() || disposition.makes()) {
            continue;
        }
        // CREATE INDEX CONCURRENTLY is done partition by partition, and only where all can have it;
        // DROP INDEX CONCURRENTLY not at all.
        if site.is_partitioned(&table) {
            if attached::can_build_online(site, &table, after) {
                concurrent.built.insert(id.clone());
            }
            continue;
        }
        // Over a second column it is built beside, and there when that takes the place of the first.
        if let Some(Object::Index(index)) = after
            && expand::is_over_mirror(site, index, id)
        {
            continue;
        }
        concurrent.built.insert(id.clone());
        if is_dropped_concurrently(site, id) {
            concurrent.dropped.insert(id.clone());
            if disposition.makes() && !is_unchanged(id, site.needs_before, site.dispositions) {
                concurrent.rebuilt.insert(id.clone());
            }
        }
        if let (Some(Object::Index(from)), Some(Object::Index(to))) = (before, after)
            && can_swap(from, to, (site.needs_before, site.needs_after), site.dispositions)
        {
            concurrent.swapped.insert(id.clone());
        }
    }
    concurrent
}

/// Whether the table of a column is rewritten, and nothing over the column is dropped meanwhile.
fn is_rewritten_alone(site: &Site<'_>, id: &ObjectId) -> bool {
    let Some(Disposition::Alter(altered)) = site.dispositions.get(id) else { return false };
    let is_recreated =
        |it: &ObjectId| site.dispositions.get(it).is_some_and(|it| it.removes() || it.makes());
    altered.release.is_empty()
        && altered.statements.iter().any(writes_rows)
        && site.needs_before.needed_by(id).all(|it| {
            // A key over the column is rebuilt by dropping it, with what needs the key.
            !is_recreated(it) && !site.needs_before.needed_by(it).any(is_recreated)
        })
}

/// A column that gets another type, and a type that is replaced, lock the table anyway where it
/// is rewritten: indexes that are dropped for it are dropped in the same transaction, and restored if that
/// fails. So does an index that a new foreign key waits for, lest there be no key for a while, and a
/// unique one that is built again.
fn is_dropped_concurrently(site: &Site<'_>, id: &ObjectId) -> bool {
    if site.holds_up_key(id) {
        return false;
    }
    let conflicting = |it: &&ObjectId| {
        it.kind != ObjectKind::Table
            && site.dispositions.get(*it).is_some_and(|it| !it.is_quiet())
            && !is_only_dropped(site, it)
    };
    let mut moved = site.needs_before.needs(id).filter(conflicting).peekable();
    moved.peek().is_none() || is_rebuilt_alone(site, id)
}

fn is_only_dropped(site: &Site<'_>, id: &ObjectId) -> bool {
    id.kind == ObjectKind::Column && matches!(site.dispositions.get(id), Some(Disposition::Drop))
}

/// Whether an index is out of the way only for changes of type that leave the rows as they are, and
/// would rebuild it. A unique one is not missing for a while.
fn is_rebuilt_alone(site: &Site<'_>, id: &ObjectId) -> bool {
    let unique = matches!(site.from.schema.get(id), Some(Object::Index(it)) if it.unique);
    let leaves_rows = |it: &ObjectId| match site.dispositions.get(it) {
        None => true,
        Some(Disposition::Alter(altered)) => !altered.statements.iter().any(writes_rows),
        Some(
            Disposition::Create
            | Disposition::Drop
            | Disposition::DetachAndDrop
            | Disposition::Replace
            | Disposition::Expand(_)
            | Disposition::ReplaceType,
        ) => false,
    };
    !unique && site.needs_before.needs(id).all(leaves_rows)
}

fn writes_rows(statement: &Statement) -> bool {
    match statement {
        Statement::AlterColumn {
            action: ColumnAction::SetType { from, to, using, .. }, ..
        } => using.is_some() || rewrites(from, to),
        _ => false,
    }
}

/// The new index is built with another name, the old one is dropped, and the new one renamed.
pub(in crate::plan) fn swap(
    site: &Site<'_>,
    index: &Index,
    told: impl IntoIterator<Item = Statement>,
) -> Vec<Statement> {
    let table = &index.table;
    let new = site.free_name(table, &index.name, "new");
    let old = site.free_name(table, &index.name, "old");
    let renamed = Index { name: new.clone(), ..index.clone() };
    let rename = |from: &Ident, to: &Ident| Statement::Rename {
        object: ObjectId::child(ObjectKind::Index, table, from),
        name: to.clone(),
    };
    let mut statements =
        vec![Statement::CreateIndex { index: Box::new(renamed), concurrently: true, only: false }];
    statements.push(rename(&index.name, &old));
    statements.push(rename(&new, &index.name));
    statements.extend(told);
    statements.push(Statement::DropIndex {
        table: table.clone(),
        name: old,
        concurrently: true,
        cascade: false,
    });
    statements
}

/// Whether an index can be replaced without a moment in which there is none: the new one is built
/// under another name while the old one serves. Everything it stands on must stay as it is.
pub(in crate::plan) fn can_swap(
    from: &Index,
    to: &Index,
    needs: (&DependencyMap, &DependencyMap),
    dispositions: &Dispositions,
) -> bool {
    let id = Object::Index(to.clone()).id();
    from.valid
        && is_unchanged(&id, needs.0, dispositions)
        && is_unchanged(&id, needs.1, dispositions)
}

/// Whether all that an index stands on stays as it is.
pub(in crate::plan) fn is_unchanged(
    id: &ObjectId,
    needs: &DependencyMap,
    dispositions: &Dispositions,
) -> bool {
    let mut below = needs.needs(id).filter(|it| it.kind != ObjectKind::Table);
    below.all(|it| dispositions.get(it).is_none_or(Disposition::is_quiet))
}
