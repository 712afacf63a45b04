//! Constraints and indexes of one column, which its attribute says: `sa.ForeignKey("users.id")`,
//! `unique=True`, `index=True`.
//!
//! Names that the declarative base gives are left out, and only a base of our own is known to give
//! those of PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use super::keys::{foreign_key_options, referenced, timing};
use super::layout::{Code, Home, string};
use crate::codegen::blueprint::Entity;
use crate::model::column::Column;
use crate::model::constraint::{Constraint, ConstraintRule, ForeignKey, Timing};
use crate::model::ident::Ident;
use crate::model::index::{Index, IndexKey, IndexValue};

/// The bytes of a name that PostgreSQL keeps.
const MOST_BYTES: usize = 63;

/// What attributes say of their columns.
#[derive(Default)]
pub(super) struct Inline {
    items: BTreeMap<Ident, Vec<Code>>,
    names: BTreeSet<Ident>,
}

impl Inline {
    /// Those of a table; `own_base` is whether the declarative base names them.
    pub(super) fn new(entity: &Entity, entities: &[Entity], own_base: bool) -> Self {
        let mut inline = Self::default();
        if entity.view {
            return inline;
        }
        for it in &entity.constraints {
            match &it.rule {
                ConstraintRule::ForeignKey(key) => {
                    let item = foreign_key(entity, it, key, entities, own_base);
                    inline.extend(&it.name, item);
                }
                ConstraintRule::Unique(key) => {
                    let plain = own_base
                        && it.timing == Timing::NotDeferrable
                        && !key.nulls_not_distinct
                        && key.include.is_empty();
                    let item = single(&key.columns).filter(|column| {
                        plain && is_made(&it.name, &[entity.name.name.as_str(), column, "key"])
                    });
                    let item = item.map(|column| (column, Code::text("unique=True")));
                    inline.extend(&it.name, item);
                }
                ConstraintRule::PrimaryKey(_)
                | ConstraintRule::Check { .. }
                | ConstraintRule::Exclude { .. } => {}
            }
        }
        for it in entity.indexes.iter().filter(|_| own_base) {
            let column = plain_index(it)
                .filter(|column| is_made(&it.name, &["ix", entity.name.name.as_str(), column]));
            // With `unique=True` it would be a unique index.
            let free = column.filter(|it| !inline.says(it, "unique=True"));
            inline.extend(&it.name, free.map(|column| (column, Code::text("index=True"))));
        }
        inline
    }

    fn extend(&mut self, name: &Ident, item: Option<(&str, Code)>) {
        let Some((column, code)) = item else { return };
        self.items.entry(Ident::new(column)).or_default().push(code);
        self.names.insert(name.clone());
    }

    fn says(&self, column: &str, text: &str) -> bool {
        let mut items = self.items.iter().filter(|it| it.0.as_str() == column).flat_map(|it| it.1);
        items.any(|it| *it == Code::text(text))
    }

    /// Whether an attribute says the constraint or the index of this name.
    pub(super) fn has(&self, name: &Ident) -> bool {
        self.names.contains(name)
    }

    /// What the attribute of a column says.
    pub(super) fn of(&self, column: &Column) -> impl Iterator<Item = &Code> {
        self.items.get(&column.name).into_iter().flatten()
    }
}

fn foreign_key<'k>(
    entity: &Entity,
    it: &Constraint,
    key: &'k ForeignKey,
    entities: &[Entity],
    own_base: bool,
) -> Option<(&'k str, Code)> {
    let column = single(&key.columns)?;
    let other = referenced(key, entities)?.pop()?;
    let mut items = vec![Code::text(string(&other))];
    items.extend(foreign_key_options(key));
    let made = is_made(&it.name, &[entity.name.name.as_str(), column, "fkey"]);
    if !own_base || !made {
        items.push(Code::text(format!("name={}", string(it.name.as_str()))));
    }
    items.extend(timing(it.timing));
    Some((column, Home::Sa.call("ForeignKey", items)))
}

fn single(columns: &[Ident]) -> Option<&str> {
    match columns {
        [only] => Some(only.as_str()),
        _ => None,
    }
}

/// Whether a name is made of these parts, and whole.
fn is_made(name: &Ident, parts: &[&str]) -> bool {
    let made = parts.join("_");
    made.len() <= MOST_BYTES && made == name.as_str()
}

/// The column of an index that is over nothing else, in the default order.
fn plain_index(it: &Index) -> Option<&str> {
    let IndexValue::Column(column) = &it.keys.first()?.value else { return None };
    let keys = vec![IndexKey::column(column.clone())];
    let plain = Index {
        clustered: it.clustered,
        comment: it.comment.clone(),
        ..Index::new(it.table.clone(), it.name.clone(), keys)
    };
    (*it == plain).then(|| column.as_str())
}
