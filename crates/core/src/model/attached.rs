//! Partitions of indexes (manual section 5.12), and their names.
//!
//! A partition has a partition of each index and key of its ancestors. [`Table::attached`] has the
//! names of those that differ from the name that PostgreSQL would generate, by the name of the
//! parent index.

use std::collections::BTreeMap;

use super::Schema;
use super::constraint::{Constraint, ConstraintRule};
use super::ident::{Ident, QualifiedName, object_name, trailing_number};
use super::index::{Index, IndexValue};
use super::object::{Object, ObjectId, ObjectKind};
use super::table::Table;

/// An index or key of an ancestor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedSource {
    /// What its part on the parent is called: the thing itself, if it is the parent's own.
    pub on_parent: Ident,
    /// The index or the constraint, where it is declared.
    pub root: ObjectId,
}

/// The indexes and keys of its ancestors that a partition has parts of: those of the parent's parents
/// first, constraints before indexes, by name.
#[must_use]
pub fn sources(schema: &Schema, table: &QualifiedName) -> Vec<AttachedSource> {
    let Some(link) = schema.table(table).and_then(|it| it.partition_of.as_ref()) else {
        return Vec::new();
    };
    let parent = &link.parent;
    let handed_on = sources(schema, parent).into_iter().filter_map(|it| {
        let on_parent = part_of(schema, parent, &it)?;
        Some(AttachedSource { on_parent, root: it.root })
    });
    let keys = schema.constraints(parent).filter(|it| generated_for_constraint(it).is_some());
    let keys = keys.map(|it| (ObjectKind::Constraint, &it.name));
    let indexes = schema.indexes(parent).map(|it| (ObjectKind::Index, &it.name));
    let own = keys.chain(indexes).map(|(kind, name)| AttachedSource {
        on_parent: name.clone(),
        root: ObjectId::child(kind, parent, name),
    });
    let mut found: Vec<AttachedSource> = handed_on.collect();
    // A key of the parent's own may itself be a part of another.
    let own = own.filter(|own| !found.iter().any(|it| it.on_parent == own.on_parent));
    let own: Vec<AttachedSource> = own.collect();
    found.extend(own);
    found
}

/// What the part of an ancestor's index or key on a partition is called: as it is written, or as
/// PostgreSQL makes it up.
#[must_use]
pub fn attached_name(schema: &Schema, table: &QualifiedName, root: &ObjectId) -> Option<Ident> {
    let source = sources(schema, table).into_iter().find(|it| it.root == *root)?;
    part_of(schema, table, &source)
}

/// As [`attached_name`], where it is written.
#[must_use]
pub fn written_name(schema: &Schema, table: &QualifiedName, root: &ObjectId) -> Option<Ident> {
    if schema.table(table)?.attached.is_empty() {
        return None;
    }
    let source = sources(schema, table).into_iter().find(|it| it.root == *root)?;
    schema.table(table)?.attached.get(&source.on_parent).cloned()
}

fn part_of(schema: &Schema, table: &QualifiedName, source: &AttachedSource) -> Option<Ident> {
    let written = schema.table(table)?.attached.get(&source.on_parent).cloned();
    written.or_else(|| generated_name(schema, table, &source.root))
}

/// The name that PostgreSQL makes up for the part of an index or key on a partition, unless it is
/// taken (`ChooseIndexName` in the server).
#[must_use]
pub fn generated_name(schema: &Schema, table: &QualifiedName, root: &ObjectId) -> Option<Ident> {
    labeled(schema, table, root, "")
}

/// The same with a number, where the plain one is taken: it belongs to the label, so that the rest
/// gets shorter for it.
#[must_use]
pub fn numbered_name(
    schema: &Schema,
    table: &QualifiedName,
    root: &ObjectId,
    number: u32,
) -> Option<Ident> {
    labeled(schema, table, root, &number.to_string())
}

fn labeled(schema: &Schema, table: &QualifiedName, root: &ObjectId, number: &str) -> Option<Ident> {
    let (columns, label) = match schema.get(root)? {
        Object::Constraint(it) => generated_for_constraint(it)?,
        Object::Index(it) => (key_names(it), "idx"),
        _ => return None,
    };
    let columns: Vec<&str> = columns.iter().map(Ident::as_str).collect();
    let joined = columns.join("_");
    let middle = (!columns.is_empty()).then_some(joined.as_str());
    Some(object_name(table.name.as_str(), middle, &format!("{label}{number}")))
}

/// The columns and the label of the generated name; none for constraints without an index.
fn generated_for_constraint(constraint: &Constraint) -> Option<(Vec<Ident>, &'static str)> {
    match &constraint.rule {
        ConstraintRule::PrimaryKey(_) => Some((Vec::new(), "pkey")),
        ConstraintRule::Unique(key) => {
            Some((key.columns.iter().chain(&key.include).cloned().collect(), "key"))
        }
        ConstraintRule::Exclude { definition } => Some((excluded(definition), "excl")),
        ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => None,
    }
}

/// Whether the name of a part is one that PostgreSQL makes up: the plain one, or one with a number.
#[must_use]
pub fn is_generated_part(
    schema: &Schema,
    table: &QualifiedName,
    root: &ObjectId,
    name: &Ident,
) -> bool {
    let number = trailing_number(name.as_str());
    labeled(schema, table, root, number).as_ref() == Some(name)
}

/// Leaves out the names that PostgreSQL would make up again, whatever is created first: those that
/// no other part would be given, too.
pub fn forget_generated_names(schema: &mut Schema) {
    let tables: Vec<Table> =
        schema.tables().filter(|it| !it.attached.is_empty()).cloned().collect();
    let mut claims: BTreeMap<QualifiedName, usize> = BTreeMap::new();
    let mut made: Vec<BTreeMap<Ident, Ident>> = Vec::new();
    for table in &tables {
        let of_table = sources(schema, &table.name).into_iter();
        let names: BTreeMap<Ident, Ident> = of_table
            .filter_map(|it| Some((it.on_parent, generated_name(schema, &table.name, &it.root)?)))
            .collect();
        for name in names.values() {
            *claims.entry(table.name.sibling(name.clone())).or_default() += 1;
        }
        made.push(names);
    }
    for (mut table, made) in tables.into_iter().zip(made) {
        let name = table.name.clone();
        table.attached.retain(|parent, own| {
            let alone = |it: &Ident| claims.get(&name.sibling(it.clone())) == Some(&1);
            !made.get(parent).is_some_and(|it| it == own && alone(it))
        });
        schema.insert(table);
    }
}

/// What the keys of an index are called (`ChooseIndexColumnNames` in the server): an expression by
/// the function that it calls, or `expr`.
fn key_names(index: &Index) -> Vec<Ident> {
    let keys = index.keys.iter().map(|key| match &key.value {
        IndexValue::Column(name) => name.as_str().to_owned(),
        IndexValue::Expression(expression) => function_name(expression.as_str()),
    });
    let mut names = numbered(keys);
    names.extend(index.include.iter().cloned());
    names
}

/// The same for the keys of EXCLUDE, each of which is followed by WITH and an operator.
fn excluded(definition: &str) -> Vec<Ident> {
    let start = definition.find('(').map_or(0, |it| it + 1);
    let (mut depth, mut at, mut keys) = (0_usize, start, Vec::new());
    for (place, letter) in definition[start..].char_indices().map(|(it, c)| (it + start, c)) {
        match letter {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                keys.push(excluded_key(definition[at..place].trim()));
                at = place + 1;
                if letter == ')' {
                    break;
                }
            }
            _ => {}
        }
    }
    numbered(keys.into_iter())
}

fn excluded_key(key: &str) -> String {
    if let Some(quoted) = key.strip_prefix('"').and_then(|it| it.split_once('"')) {
        return quoted.0.to_owned();
    }
    if key.starts_with('(') {
        return "expr".to_owned();
    }
    let word = key.split_whitespace().next().unwrap_or_default();
    if word.contains('(') { function_name(word) } else { word.to_owned() }
}

/// Names that are there twice get numbers.
fn numbered(keys: impl Iterator<Item = String>) -> Vec<Ident> {
    let mut names: Vec<Ident> = Vec::new();
    for name in keys {
        let candidates = (0..).map(|it| match it {
            0 => Ident::new(name.as_str()),
            number => Ident::new(format!("{name}{number}")),
        });
        names.extend(candidates.into_iter().find(|it| !names.contains(it)));
    }
    names
}

fn function_name(expression: &str) -> String {
    let end = expression.find('(').unwrap_or(0);
    let head = expression[..end].rsplit('.').next().unwrap_or_default();
    let plain = !head.is_empty() && head.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if plain { head.to_owned() } else { "expr".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(definition: &str, expected: &str) {
        let names: Vec<String> =
            excluded(definition).iter().map(|it| it.as_str().to_owned()).collect();
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn keys_of_exclusions_are_called_as_those_of_indexes() {
        check("EXCLUDE USING gist (room WITH =, during WITH &&)", "room during");
        check("EXCLUDE USING gist (\"Room\" gist_int4_ops WITH =, a WITH =)", "Room a");
        check(
            "EXCLUDE USING gist (int4range(a, b) WITH &&, (a + 1) WITH =) WHERE (a > 1)",
            "int4range expr",
        );
        check("EXCLUDE USING btree (a WITH =, a WITH =)", "a a1");
    }
}
