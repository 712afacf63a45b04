//! Possible renames that nobody declared: a dropped and a new object can be the same object
//! renamed.
//!
//! Nothing is renamed by a guess. [`likely`] finds the questions to ask a user, [`named`] the
//! renames that a user gave.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::object::{Object, ObjectId, ObjectKind};

/// The least share of columns that two tables have in common before one may be the other.
const LEAST_IN_COMMON: f64 = 0.5;

/// Something that may have another name now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The identity before.
    pub from: ObjectId,
    /// The identity after.
    pub to: ObjectId,
}

/// Pairs of a dropped and a new object that look like one object with two names,
/// each object in one pair at most. Columns are looked for in tables that stay.
#[must_use]
pub fn likely(from: &Schema, to: &Schema, hints: &Hints) -> Vec<Rename> {
    let mut going = going(from, to, hints);
    let mut found = Vec::new();
    for created in coming(from, to, hints) {
        let Some(wanted) = to.get(&created) else { continue };
        let scored = going.iter().filter_map(|it| {
            let score = alike(from, from.get(it)?, to, wanted)?;
            Some((score, it.clone()))
        });
        // Of equal ones the first by name.
        let best = scored.reduce(|best, it| if it.0 > best.0 { it } else { best });
        if let Some((_, dropped)) = best {
            going.remove(&dropped);
            found.push(Rename { from: dropped, to: created });
        }
    }
    found
}

/// The dropped object of this name and the new object of the other. `others` are the
/// pairs of names that are asked for at the same time, so that names can change places.
///
/// # Errors
/// Where there is none, or where there are several.
pub fn named(
    from: &Schema,
    to: &Schema,
    hints: &Hints,
    (old, new): (&str, &str),
    others: &[(&str, &str)],
) -> Result<Rename, RenameError> {
    let (mut going, mut coming) = (going(from, to, hints), coming(from, to, hints));
    // What gets another name leaves its own to somebody else.
    let passed_on = from.iter().filter(|it| others.iter().any(|other| is_called(it.0, other.1)));
    going.extend(passed_on.map(|it| it.0.clone()));
    let taken_over = to.iter().filter(|it| others.iter().any(|other| is_called(it.0, other.0)));
    coming.extend(taken_over.map(|it| it.0.clone()));
    let olds = || going.iter().filter(|it| is_called(it, old));
    let news = || coming.iter().filter(|it| is_called(it, new));
    let pairs: Vec<Rename> = olds()
        .flat_map(|old| news().map(move |new| (old, new)))
        .filter(|(old, new)| {
            old.kind == new.kind && old.relation.is_some() == new.relation.is_some()
        })
        .map(|(from, to)| Rename { from: from.clone(), to: to.clone() })
        .collect();
    match pairs.as_slice() {
        [one] => Ok(one.clone()),
        [] if olds().next().is_none() => Err(RenameError::NothingGoes { name: old.to_owned() }),
        [] => Err(RenameError::NothingComes { name: new.to_owned() }),
        several => Err(RenameError::Several {
            name: old.to_owned(),
            candidates: several.iter().map(|it| it.from.clone()).collect(),
        }),
    }
}

/// Why a rename that was asked for cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenameError {
    /// Nothing of the old name would be dropped.
    #[error("no dropped object is named `{name}`")]
    NothingGoes {
        /// The old name.
        name: String,
    },
    /// Nothing of the new name would be created.
    #[error("no new object of that kind is named `{name}`")]
    NothingComes {
        /// The new name.
        name: String,
    },
    /// The old name is that of several objects.
    #[error(
        "`{name}` is ambiguous: {}",
        candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    )]
    Several {
        /// The name.
        name: String,
        /// The objects.
        candidates: Vec<ObjectId>,
    },
}

fn going(from: &Schema, to: &Schema, hints: &Hints) -> BTreeSet<ObjectId> {
    let spoken_for: BTreeSet<&ObjectId> = hints.renames.values().collect();
    let only = from.iter().filter(|(id, _)| !to.contains(id) && !spoken_for.contains(id));
    let tables: BTreeSet<&ObjectId> = hints.renames.values().collect();
    only.filter(|(id, _)| can_be_renamed(id, to, &tables)).map(|(id, _)| id.clone()).collect()
}

fn coming(from: &Schema, to: &Schema, hints: &Hints) -> BTreeSet<ObjectId> {
    let only = to.iter().filter(|(id, _)| !from.contains(id) && !hints.renames.contains_key(*id));
    let tables: BTreeSet<&ObjectId> = hints.renames.keys().collect();
    only.filter(|(id, _)| can_be_renamed(id, from, &tables)).map(|(id, _)| id.clone()).collect()
}

/// What belongs to a table that itself goes or comes follows the table, unless that is renamed.
fn can_be_renamed(id: &ObjectId, other: &Schema, renamed: &BTreeSet<&ObjectId>) -> bool {
    let fixed = matches!(
        id.kind,
        ObjectKind::Extension | ObjectKind::Privileges | ObjectKind::DefaultPrivileges
    );
    let stays = || other.owner(id).is_some() || id.parent().is_some_and(|it| renamed.contains(&it));
    !fixed && (id.relation.is_none() || stays())
}

/// `name`, `namespace.name`, `relation.name` or `namespace.relation.name`, unquoted, after the kind
/// where that is said: `table users`.
#[must_use]
pub fn is_called(id: &ObjectId, text: &str) -> bool {
    let kind = id.kind.noun();
    let name = text.strip_prefix(kind).map_or(text, str::trim_start);
    let own = format!("{}{}", id.name.as_str(), id.signature.as_ref().map_or("", |it| it.as_str()));
    let parts = [id.namespace.as_ref(), id.relation.as_ref()];
    let whole: Vec<&str> =
        parts.into_iter().flatten().map(|it| it.as_str()).chain([own.as_str()]).collect();
    (0..whole.len()).any(|at| whole[at..].join(".") == name)
}

/// How much two objects of one kind are the same but for their names, from 0 to 1; none where they
/// are not.
fn alike(from: &Schema, old: &Object, to: &Schema, new: &Object) -> Option<f64> {
    let (before, after) = (old.id(), new.id());
    if before.kind != after.kind || before.relation != after.relation {
        return None;
    }
    match (old, new) {
        (Object::Table(_), Object::Table(_)) => {
            let shared = in_common(from, &before, to, &after);
            (shared >= LEAST_IN_COMMON).then_some(shared)
        }
        (old, new) => resembles(old, new).then_some(1.0),
    }
}

/// Whether two objects of one kind are the same but for their names; tables never are.
pub(super) fn resembles(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Column(old), Object::Column(new)) => old.data_type == new.data_type,
        (Object::Enum(old), Object::Enum(new)) => old.labels == new.labels,
        (Object::Domain(old), Object::Domain(new)) => {
            old.data_type == new.data_type && old.checks.len() == new.checks.len()
        }
        (Object::Composite(old), Object::Composite(new)) => old.attributes == new.attributes,
        (Object::Sequence(old), Object::Sequence(new)) => {
            old.owned_by.is_none() && new.owned_by.is_none() && old.options == new.options
        }
        (Object::Constraint(old), Object::Constraint(new)) => old.rule == new.rule,
        (Object::Index(old), Object::Index(new)) => {
            (&old.keys, &old.method, &old.predicate) == (&new.keys, &new.method, &new.predicate)
        }
        (Object::Defined(old), Object::Defined(new)) => {
            let (was, is) = (old.id.name.to_string(), new.id.name.to_string());
            let renamed = old.statements.iter().map(|it| it.replacen(&was, &is, 1));
            old.id.signature == new.id.signature && renamed.eq(new.statements.iter().cloned())
        }
        _ => false,
    }
}

/// The share of columns, by name and type, that two tables have in common.
pub(super) fn in_common(from: &Schema, old: &ObjectId, to: &Schema, new: &ObjectId) -> f64 {
    let columns = |side: &Schema, id: &ObjectId| -> BTreeSet<String> {
        let name = id.qualified_name();
        let columns = name.map(|it| side.columns(&it)).unwrap_or_default();
        columns.iter().map(|it| format!("{} {}", it.name, it.data_type)).collect()
    };
    let (old, new) = (columns(from, old), columns(to, new));
    let most = old.len().max(new.len());
    if most == 0 { 0.0 } else { old.intersection(&new).count() as f64 / most as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::column::Column;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::pg_type::PgType;
    use crate::model::table::Table;

    fn schema(tables: &[(&str, &[(&str, &str)])]) -> Schema {
        let mut schema = Schema::default();
        for (table, columns) in tables {
            let name = QualifiedName::new("public", *table);
            schema.insert(Table::new(name.clone()));
            for (at, (column, data_type)) in (1..).zip(*columns) {
                let column = Ident::new(*column);
                schema.insert(Column::new(name.clone(), column, at, PgType::named(*data_type)));
            }
        }
        schema
    }

    #[track_caller]
    fn check(from: &Schema, to: &Schema, expected: &[&str]) {
        let shown = |it: Rename| format!("{} -> {}", it.from, it.to.name);
        let found: Vec<_> = likely(from, to, &Hints::default()).into_iter().map(shown).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_table_with_most_of_its_columns_may_be_the_same() {
        let people: &[_] = &[("id", "bigint"), ("name", "text")];
        let persons: &[_] = &[("id", "bigint"), ("name", "text"), ("age", "integer")];
        let from = schema(&[("people", people), ("logs", &[("line", "text")])]);
        check(&from, &schema(&[("persons", persons)]), &["table people -> persons"]);
        check(&from, &schema(&[("other", &[("x", "text")])]), &[]);
    }

    #[test]
    fn a_column_of_the_same_type_may_be_the_same() {
        let from = schema(&[("people", &[("id", "bigint"), ("name", "text")])]);
        let to = schema(&[("people", &[("id", "bigint"), ("nick", "text"), ("n", "integer")])]);
        check(&from, &to, &["column people.name -> nick"]);
    }

    #[test]
    fn names_are_found_in_every_length() {
        let from = schema(&[("people", &[("id", "bigint"), ("name", "text")])]);
        let to = schema(&[("people", &[("id", "bigint"), ("nick", "text")])]);
        let find = |old, new| named(&from, &to, &Hints::default(), (old, new), &[]);
        for old in ["name", "people.name", "public.people.name", "column name"] {
            assert_eq!(find(old, "nick").map(|it| it.from.name), Ok(Ident::new("name")), "{old}");
        }
        let missing = RenameError::NothingGoes { name: "id".to_owned() };
        assert_eq!(find("id", "nick"), Err(missing));
        let missing = RenameError::NothingComes { name: "id".to_owned() };
        assert_eq!(find("name", "id"), Err(missing));
    }
}
