//! The differences between two schemas: one matcher for all kinds, by identity.
//!
//! In: two [`Schema`] values whose texts were printed by the same server version. Out: [`Change`]s
//! in canonical order, each with both sides complete. How a change is applied is not decided here.

pub mod aspect;
pub mod attached;
pub mod change;
pub mod expand;
pub mod likely;
pub mod not_nulls;
pub mod ours;
pub mod phases;
pub mod privileges;
pub mod provided;
pub mod rename;
mod telling;

use crate::model::Schema;
use crate::model::definition::{Definition, Removal};
use crate::model::index::Index;
use crate::model::object::Object;
use crate::model::options::Options;
use crate::model::pgvector::VectorMethod;

pub use change::{Change, reverse};
pub use telling::telling;

/// The differences that turn `from` into `to`. Renames are not guessed: see [`rename`].
#[must_use]
pub fn diff(from: &Schema, to: &Schema) -> Vec<Change> {
    let dropped = from.iter().filter(|(id, _)| !to.contains(id));
    let mut changes: Vec<Change> = dropped.map(|(_, it)| Change::Drop(it.clone())).collect();
    for (id, wanted) in to.iter() {
        match from.get(id) {
            None => changes.push(Change::Create(wanted.clone())),
            Some(present) if !same(present, wanted) => {
                changes.push(Change::Alter { from: present.clone(), to: wanted.clone() });
            }
            Some(_) => {}
        }
    }
    changes
}

/// Whether nothing lies between two schemas. Both hold their objects in the same order, so they are
/// walked side by side.
#[must_use]
pub fn equal(from: &Schema, to: &Schema) -> bool {
    let (mut from, mut to) = (from.iter(), to.iter());
    loop {
        match (from.next(), to.next()) {
            (None, None) => return true,
            (Some(from), Some(to)) if from.0 == to.0 && same(from.1, to.1) => {}
            _ => return false,
        }
    }
}

/// Whether two objects with the same identity mean the same to PostgreSQL.
#[must_use]
pub fn same(from: &Object, to: &Object) -> bool {
    match (from, to) {
        (Object::Column(from), Object::Column(to)) if from.position != to.position => {
            let mut placed = from.clone();
            placed.position = to.position;
            placed == *to
        }
        (Object::Extension(from), Object::Extension(to)) => {
            let versions_agree = match (&from.version, &to.version) {
                (Some(from), Some(to)) => from == to,
                (None, _) | (_, None) => true,
            };
            versions_agree && from.namespace == to.namespace
        }
        (Object::Index(from), Object::Index(to)) if from.options != to.options => {
            let mut filled = from.clone();
            filled.options = effective_options(from);
            let mut wanted = to.clone();
            wanted.options = effective_options(to);
            filled == wanted
        }
        (Object::Privileges(from), Object::Privileges(to)) => {
            from.granted == to.granted && from.on == to.on && from.grantee == to.grantee
        }
        // What CREATE OR REPLACE must leave alone, and what DROP takes along, is not known of a
        // definition that no server has seen.
        (Object::Defined(from), Object::Defined(to))
            if from.interface.is_none() != to.interface.is_none() || from.removal != to.removal =>
        {
            let told = |it: &Definition| Definition {
                interface: None,
                removal: Removal::Alone,
                ..it.clone()
            };
            told(from) == told(to)
        }
        (from, to) => from == to,
    }
}

/// The storage parameters of a pgvector index with the defaults filled in, so that leaving one out
/// and writing its default mean the same (pgvector README, "Index Options"); those of any other
/// index as they are.
#[must_use]
pub fn effective_options(index: &Index) -> Options {
    let mut options = index.options.clone();
    for it in index.vector_method().map_or(&[][..], VectorMethod::parameters) {
        if options.get(it.name).is_none() {
            options.insert(it.name, it.default.to_string());
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::index::IndexKey;

    fn hnsw(options: &[(&str, &str)]) -> Object {
        let keys = vec![IndexKey::column("embedding")];
        let table = QualifiedName::new("public", "documents");
        let mut index = Index::new(table, Ident::new("documents_embedding_idx"), keys);
        index.method = Ident::new("hnsw");
        index.options = options.iter().copied().collect();
        index.into()
    }

    #[test]
    fn a_default_written_out_is_no_difference() {
        assert!(same(&hnsw(&[]), &hnsw(&[("m", "16")])));
        assert!(!same(&hnsw(&[]), &hnsw(&[("m", "24")])));
    }

    #[test]
    fn nothing_lies_between_a_schema_and_itself() {
        let schema: Schema = [hnsw(&[])].into_iter().collect();
        assert_eq!(diff(&schema, &schema), Vec::new());
        assert!(equal(&schema, &schema));
        assert!(!equal(&Schema::default(), &schema) && !equal(&schema, &Schema::default()));
        assert_eq!(diff(&Schema::default(), &schema).len(), 1);
    }
}
