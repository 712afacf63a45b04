//! Partitions of indexes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Schema;
use crate::model::attached::{attached_name, generated_name, sources};
use crate::model::ident::QualifiedName;
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId};
use crate::model::table::Table;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::inheritance::inherited::child_index;
use crate::plan::online::site::Site;
use crate::plan::statement::Statement;

/// Whether an index of a partitioned table can be built partition by partition: all of them stay,
/// and each can have a name of its own.
pub(in crate::plan) fn can_build_online(
    site: &Site<'_>,
    table: &QualifiedName,
    index: Option<&Object>,
) -> bool {
    let Some(Object::Index(index)) = index.filter(|_| site.was_partitioned(table)) else {
        return false;
    };
    let root = Object::Index(index.clone()).id();
    let partitions = site.to.schema.descendants(table);
    let (before, after) = (parts(&site.from.schema), parts(&site.to.schema));
    // An index created with that of the parent first has a generated name.
    let shared = |name: &QualifiedName| {
        before.contains_key(name) || after.get(name).is_some_and(|it| *it > 1)
    };
    let fits = |it: &&Table| {
        let id = ObjectId::table(&it.name);
        let made = site.dispositions.get(&id).is_some_and(Disposition::makes);
        let taken = attached_name(&site.to.schema, &it.name, &root)
            .map(|name| it.name.sibling(name))
            .is_none_or(|name| site.is_taken(&name) || shared(&name));
        let sub_partition = it.partition_of.as_ref().is_some_and(|it| it.parent != *table);
        it.partition_of.is_some()
            && it.foreign.is_none()
            && it.partition_by.is_none()
            && site.from.schema.contains(&id)
            && !(made || taken || sub_partition)
    };
    // A partition that is dropped last is still there when the index is built, and has no part of it.
    let before = site.from.schema.descendants(table);
    let stay = before.iter().all(|it| partitions.iter().any(|other| other.name == it.name));
    index.valid && stay && partitions.iter().all(fits)
}

/// The names of all parts of partitions, those that they have and those that PostgreSQL makes up, each
/// with how many would have it.
fn parts(schema: &Schema) -> BTreeMap<QualifiedName, usize> {
    let mut names = BTreeMap::new();
    for table in schema.tables().filter(|it| it.partition_of.is_some()) {
        for source in sources(schema, &table.name) {
            let name = attached_name(schema, &table.name, &source.root);
            let made = generated_name(schema, &table.name, &source.root);
            for name in BTreeSet::from([name, made]).into_iter().flatten() {
                *names.entry(table.name.sibling(name)).or_default() += 1;
            }
        }
    }
    names
}

/// An index that is not built on the parent, one on each partition without blocking anyone, and the
/// latter attached to the former, which makes it valid.
pub(in crate::plan) fn build_on_partitions(site: &Site<'_>, index: &Index) -> Vec<Statement> {
    let root = Object::Index(index.clone()).id();
    let whole = Box::new(index.clone());
    let mut statements =
        vec![Statement::CreateIndex { index: whole, concurrently: false, only: true }];
    for partition in site.to.schema.descendants(&index.table) {
        let Some(name) = attached_name(&site.to.schema, &partition.name, &root) else { continue };
        let child = child_index(index, &partition.name, name);
        let attach = Statement::AttachIndex {
            parent: index.qualified_name(),
            index: child.qualified_name(),
            table: index.table.clone(),
        };
        let index = Box::new(child);
        statements.push(Statement::CreateIndex { index, concurrently: true, only: false });
        statements.push(attach);
    }
    statements
}
