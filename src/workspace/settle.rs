//! Normalizes expressions until PostgreSQL prints them as it read them.
//!
//! A text that was printed once can be printed differently after it was read again: PostgreSQL
//! prints `v IN ('a', 'b')` of a varchar as an array with a cast, reads the cast into the elements
//! of the array, and keeps a chain of AND as deep as it was written. Only a text that is printed as
//! it was read is stable in every database. A text that was stable at once needs no second attempt;
//! the others are created again in the same scratch database until they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{CatalogError, Scope, introspect_objects};
use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::Constraint;
use crate::model::definition::{DefinedKind, Definition};
use crate::model::domain::Domain;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::options::Options;
use crate::model::printed::{holds_expressions, take_texts, texts};
use crate::model::sequence::ColumnRef;
use crate::plan::statement::{ColumnAction, Statement};
use crate::render;
use crate::scratch::ScratchDatabase;

/// How often a text is put again before it counts as one that never stays. Those that PostgreSQL's
/// own grammar makes stay after two.
const ROUNDS: usize = 8;

/// What the names of namespaces begin with that hold copies of tables for their texts alone.
const COPIES: &str = "aludel_printed_";

/// Brings every text of a schema to where it stays. The database holds the schema, which was created
/// from `written` and printed since; it is of no use for anything else afterwards.
///
/// Gives the objects whose text does not stay, or that cannot be put a second time; they keep the
/// text that was printed last.
///
/// # Errors
/// When the database cannot be read.
pub async fn settle(
    database: &mut ScratchDatabase,
    written: &Schema,
    printed: &mut Schema,
) -> Result<Vec<ObjectId>, CatalogError> {
    let is_open = |id: &ObjectId, object: &Object| {
        let constant = texts(object).iter().all(|it| is_constant(it));
        holds_expressions(object) && !constant && written.get(id).map(texts) != Some(texts(object))
    };
    let open = printed.iter().filter(|(id, object)| is_open(id, object));
    let mut open: BTreeSet<ObjectId> = open.map(|(id, _)| id.clone()).collect();
    let mut restless = Vec::new();
    for number in 0..ROUNDS {
        if open.is_empty() {
            break;
        }
        let put = std::mem::take(&mut open);
        let round = Round::of(number, printed, &put);
        let refused = round.put(database).await;
        let mut found = introspect_objects(database, &round.scope(), false).await?.schema;
        for Put { id, found_at, .. } in &round.puts {
            let again = found.remove(found_at).filter(|_| !refused.contains(id));
            let (Some(again), Some(before)) = (again, printed.get(id)) else {
                restless.push((*id).clone());
                continue;
            };
            let mut object = before.clone();
            take_printed(&mut object, &again);
            if texts(before) != texts(&object) {
                printed.insert(object);
                open.insert((*id).clone());
            }
        }
    }
    restless.extend(open);
    Ok(restless)
}

/// All open texts, put once more: those of tables, columns, domains and materialized views on copies
/// that nothing depends on, checks and indexes beside themselves, the others in their place.
struct Round<'a> {
    /// What makes room for the copies.
    preparation: Vec<String>,
    /// The objects.
    puts: Vec<Put<'a>>,
    /// Where the copies of what stands in a namespace are.
    copies: BTreeMap<Ident, Ident>,
    /// The namespaces of what is put in its place.
    places: BTreeSet<Ident>,
}

/// An object that is put again.
struct Put<'a> {
    /// The object.
    id: &'a ObjectId,
    /// What it is called then.
    found_at: ObjectId,
    /// What puts it.
    statements: Vec<String>,
}

impl<'a> Round<'a> {
    fn of(number: usize, schema: &Schema, open: &'a BTreeSet<ObjectId>) -> Self {
        let (copied, in_place): (Vec<_>, Vec<_>) = open.iter().partition(|it| is_copied(it));
        let namespaces = |ids: &[&ObjectId]| -> BTreeSet<Ident> {
            ids.iter().filter_map(|it| it.namespace.clone()).collect()
        };
        let numbered = namespaces(&copied).into_iter().enumerate();
        let copies = numbered.map(|(at, it)| (it, Ident::new(format!("{COPIES}{number}_{at}"))));
        let mut round = Self {
            preparation: Vec::new(),
            puts: Vec::new(),
            copies: copies.collect(),
            places: namespaces(&in_place),
        };
        round.prepare(schema, open);
        let numbered = open.iter().enumerate();
        let puts = numbered.filter_map(|(at, id)| {
            let found_at = round.found_at(id, Ident::new(format!("{COPIES}{number}_{at}")));
            let typed = round.typed(schema.get(id)?, &found_at);
            let statements = typed.iter().map(render::statement).collect();
            Some(Put { id, found_at, statements })
        });
        round.puts = puts.collect();
        round
    }

    /// Empty namespaces, and in them a table like each one that has open texts.
    fn prepare(&mut self, schema: &Schema, open: &BTreeSet<ObjectId>) {
        for copy in self.copies.values() {
            self.preparation.push(format!("CREATE SCHEMA {copy}"));
        }
        let of_tables = open.iter().filter(|it| is_on_copy_of_table(it));
        let tables: BTreeSet<QualifiedName> = of_tables.filter_map(ObjectId::table_name).collect();
        for table in tables {
            let key = schema.table(&table).and_then(|it| it.partition_by.as_ref());
            let key = key.filter(|_| open.contains(&ObjectId::table(&table)));
            let partition_by = key.map(|it| format!(" PARTITION BY {it}")).unwrap_or_default();
            let copy = self.copy(&table);
            self.preparation.push(format!("CREATE TABLE {copy} (LIKE {table}){partition_by}"));
        }
    }

    /// Puts everything, and tells what PostgreSQL does not take a second time.
    async fn put(&self, database: &ScratchDatabase) -> BTreeSet<&'a ObjectId> {
        let all = self.puts.iter().flat_map(|it| &it.statements);
        let whole: Vec<&str> = self.preparation.iter().chain(all).map(String::as_str).collect();
        // What routines name was there when they were created, or was not looked for.
        let _ = database.run("SET check_function_bodies = off").await;
        if database.run(&whole.join(";\n")).await.is_ok() {
            return BTreeSet::new();
        }
        for statement in &self.preparation {
            // Without its table, what belongs to it is refused as well.
            let _ = database.run(statement).await;
        }
        let mut refused = BTreeSet::new();
        for Put { id, statements, .. } in &self.puts {
            if database.run(&statements.join(";\n")).await.is_err() {
                refused.insert(*id);
            }
        }
        refused
    }

    /// What has to be read to find what was put.
    fn scope(&self) -> Scope {
        let namespaces = self.copies.values().chain(&self.places).cloned().collect();
        // None of them is the ledger's.
        let ledger_namespace = Ident::new("");
        Scope { namespaces: Some(namespaces), ledger_namespace, ..Scope::default() }
    }

    /// What an object is called when it is put again; `beside` is a name that is free.
    fn found_at(&self, id: &ObjectId, beside: Ident) -> ObjectId {
        if is_beside(id) {
            return ObjectId { name: beside, ..id.clone() };
        }
        let copy = id.namespace.as_ref().filter(|_| is_copied(id));
        let namespace = copy.and_then(|it| self.copies.get(it)).or(id.namespace.as_ref());
        ObjectId { namespace: namespace.cloned(), ..id.clone() }
    }

    fn copy(&self, name: &QualifiedName) -> QualifiedName {
        let namespace = self.copies.get(&name.namespace).unwrap_or(&name.namespace);
        QualifiedName { namespace: namespace.clone(), name: name.name.clone() }
    }

    /// What puts an object again under a name.
    fn typed(&self, object: &Object, found_at: &ObjectId) -> Vec<Statement> {
        match object {
            Object::Column(it) => put_column(Column { table: self.copy(&it.table), ..it.clone() }),
            Object::Constraint(it) => {
                let beside = Constraint { name: found_at.name.clone(), ..it.clone() };
                vec![Statement::AddConstraint(Box::new(beside))]
            }
            Object::Index(it) => {
                let index = Box::new(Index { name: found_at.name.clone(), ..it.clone() });
                // Those of partitions print the same.
                vec![Statement::CreateIndex { index, concurrently: false, only: true }]
            }
            Object::Domain(it) => {
                let copy = Domain { name: self.copy(&it.name), ..it.clone() };
                vec![Statement::CreateDomain(Box::new(copy))]
            }
            Object::Defined(it) if is_copied(&it.id) => {
                let create = renamed(it, found_at);
                let id = found_at.clone();
                let copy =
                    Definition { id, statements: create.into_iter().collect(), ..it.clone() };
                vec![define(copy, false)]
            }
            Object::Defined(it) => put_definition(it),
            // The copy of a table has its partition key from the beginning.
            Object::Table(_)
            | Object::Namespace(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Composite(_)
            | Object::Sequence(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_) => Vec::new(),
        }
    }
}

/// Whether a printed text is one constant: `'draft'::character varying`. A type reads what it has
/// written, and `get_const_expr` of the server adds no more than the name of the type, in small
/// letters; key words of operators are in capitals.
fn is_constant(text: &str) -> bool {
    let Some((literal, name)) = text.rsplit_once("'::") else { return false };
    let inside = literal.strip_prefix('\'').unwrap_or("'").replace("''", "");
    let of_name = |it: char| it.is_lowercase() || it.is_ascii_digit() || "_ ,.()[]".contains(it);
    !inside.contains(['\'', '\\']) && name.chars().all(of_name)
}

/// Whether the text of an object is put on a copy.
fn is_copied(id: &ObjectId) -> bool {
    let domain = id.kind == ObjectKind::Domain;
    let query = id.kind == ObjectKind::Defined(DefinedKind::MaterializedView);
    domain || query || is_on_copy_of_table(id)
}

/// Whether the text of an object is put on a copy of its table.
fn is_on_copy_of_table(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Table | ObjectKind::Column)
}

/// Whether an object is put a second time on its own table, under another name.
fn is_beside(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Constraint | ObjectKind::Index)
}

/// Gives an object the texts of what was put again.
fn take_printed(object: &mut Object, again: &Object) {
    match (&mut *object, again) {
        (Object::Defined(it), Object::Defined(copy)) if is_copied(&it.id) => {
            if let (Some(create), Some(text)) = (it.statements.first_mut(), renamed(copy, &it.id)) {
                *create = text;
            }
        }
        _ => take_texts(object, again),
    }
}

/// LIKE makes a plain column of each, without default or expression, and the copy is no foreign
/// table.
fn put_column(column: Column) -> Vec<Statement> {
    let column = Column { foreign_options: Options::default(), ..column };
    let name = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    match &column.value {
        ColumnValue::Default(text) => {
            let action = ColumnAction::SetDefault(text.clone());
            vec![Statement::AlterColumn { column: name, action }]
        }
        ColumnValue::Stored(_) | ColumnValue::Virtual(_) => {
            vec![
                Statement::DropColumn { column: name, only: false },
                Statement::AddColumn(Box::new(column)),
            ]
        }
        ColumnValue::None | ColumnValue::Identity(_) => Vec::new(),
    }
}

/// Views and routines, which others depend on, are replaced; the others are dropped before.
fn put_definition(definition: &Definition) -> Vec<Statement> {
    let (object, removal) = (definition.id.clone(), definition.removal);
    let replaced = definition.interface.is_some();
    let drop = (!replaced).then(|| Statement::Drop { object: object.clone(), removal });
    let rest = definition.statements.iter().skip(1);
    let rest = rest.map(|it| Statement::Complete { object: object.clone(), sql: it.clone() });
    drop.into_iter().chain([define(definition.clone(), replaced)]).chain(rest).collect()
}

fn define(definition: Definition, or_replace: bool) -> Statement {
    Statement::Define { definition: Box::new(definition), or_replace }
}

/// The statement that creates a materialized view, under another name: it begins as the catalog
/// prints it. What completes the view holds no expression.
fn renamed(definition: &Definition, id: &ObjectId) -> Option<String> {
    let beginning = |it: &ObjectId| {
        let name = it.qualified_name().map(|it| it.to_string()).unwrap_or_default();
        format!("CREATE MATERIALIZED VIEW {name}")
    };
    let rest = definition.statements.first()?.strip_prefix(&beginning(&definition.id))?;
    Some(format!("{}{rest}", beginning(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_stays_and_what_holds_more_may_not() {
        assert!(is_constant("'draft'::character varying"));
        assert!(is_constant("'it''s'::text") && is_constant("'{}'::numeric(10,2)[]"));
        assert!(!is_constant("'a'::text || 'b'::text"));
        assert!(!is_constant("ARRAY['a'::text]") && !is_constant("('a'::text)::character(1)"));
        assert!(!is_constant("'t'::boolean OR b") && !is_constant("'a'::text COLLATE \"C\""));
        assert!(!is_constant("now()") && !is_constant("'a'::text = 'b'::text"));
        assert!(!is_constant("E'a\\\\'::text"));
    }
}
