//! A declaration on a scratch database: its objects are created there and read back, so that
//! PostgreSQL has printed every expression in them.

use std::collections::BTreeSet;

use crate::catalog::{LeftOut, Scope};
use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::diff::{attached, diff, not_nulls};
use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::declared::Hints;
use crate::model::ident::Ident;
use crate::model::index::Index;
use crate::model::namespace::Namespace;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::plan::statement::Statement;
use crate::plan::{PlanError, PlanOptions, Step, plan};
use crate::render;
use crate::schema_toml::Declaration;
use crate::scratch::ScratchDatabase;

use super::bare::taken_apart;
use super::error::Refusal;
use super::mention;

/// A step that the scratch database refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedStep {
    /// What it would have created.
    pub object: ObjectId,
    /// What PostgreSQL said.
    pub refusal: Refusal,
}

/// What a fresh database has.
#[must_use]
pub fn fresh() -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.schema.insert(Namespace { name: Ident::public(), comment: None });
    snapshot
}

/// The names of the extensions that a schema has.
#[must_use]
pub fn extensions(schema: &Schema) -> Vec<String> {
    let names = schema.iter().filter(|(id, _)| id.kind == ObjectKind::Extension);
    names.map(|(id, _)| id.name.as_str().to_owned()).collect()
}

/// Creates all objects of a schema but those that are provided, which are there. Its texts were written
/// for this search path.
///
/// No server has seen them yet, so what depends on what is only partly known: a statement that is
/// refused is tried again after the others, until none of them gets any further.
///
/// # Errors
/// The steps that PostgreSQL refuses.
pub async fn create(
    database: &ScratchDatabase,
    schema: &Schema,
    provided: &Provided,
    path: &SearchPath,
) -> Result<(), Vec<RefusedStep>> {
    let steps = creating(schema, provided)?;
    // Whoever has no path of their own has that of every session.
    let path = Some(path).filter(|it| **it != SearchPath::default());
    let sql = |step: &Step| match path {
        Some(path) => format!(
            "SET search_path TO {};\n{}",
            path.for_object(&step.object),
            render::statement(&step.statement)
        ),
        None => render::statement(&step.statement),
    };
    // What is refused is told when it is tried again.
    let _ = database.run("SET search_path TO public").await;
    let whole: Vec<String> = steps.iter().map(sql).collect();
    if database.run(&whole.join(";\n")).await.is_ok() {
        return Ok(());
    }
    one_by_one(database, steps, sql).await
}

/// Runs the steps one by one, again and again, until none is refused, or none of the refused ones succeeds.
async fn one_by_one(
    database: &ScratchDatabase,
    mut steps: Vec<Step>,
    sql: impl Fn(&Step) -> String,
) -> Result<(), Vec<RefusedStep>> {
    let mut unchecked: BTreeSet<ObjectId> = BTreeSet::new();
    loop {
        let mut refused = Vec::new();
        let before = steps.len();
        for step in steps {
            let sql = match unchecked.contains(&step.object) {
                true => without_checking(&sql(&step)),
                false => sql(&step),
            };
            if let Err(error) = database.run(&sql).await {
                refused.push((Refusal::from(&error), step));
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        let stuck = refused.len() == before;
        if stuck && refused.iter().all(|(_, step)| is_name_of_part(step)) {
            return Ok(());
        }
        if stuck && refused.iter().any(|(_, step)| taken_apart(step).is_some()) {
            // A default or a check may call a function over rows of the same table.
            let apart =
                |(_, step): (Refusal, Step)| taken_apart(&step).unwrap_or_else(|| vec![step]);
            steps = refused.into_iter().flat_map(apart).collect();
            continue;
        }
        // It is named for the search path of those who call the routine.
        let elsewhere = refused.iter().filter(|it| names_what_is_elsewhere(it));
        let elsewhere: Vec<_> = elsewhere.map(|(_, step)| step.object.clone()).collect();
        if stuck && elsewhere.iter().any(|it| !unchecked.contains(it)) {
            unchecked.extend(elsewhere);
            steps = refused.into_iter().map(|(_, step)| step).collect();
            continue;
        }
        if stuck {
            let tell =
                |(refusal, step): (Refusal, Step)| RefusedStep { object: step.object, refusal };
            return Err(refused.into_iter().map(tell).collect());
        }
        steps = refused.into_iter().map(|(_, step)| step).collect();
    }
}

/// A statement that creates a routine without looking into its body.
fn without_checking(sql: &str) -> String {
    format!("SET check_function_bodies = off;\n{sql};\nRESET check_function_bodies")
}

/// Whether a routine is refused for a name that is not found. A body that is wrong in itself is
/// refused with or without its names.
fn names_what_is_elsewhere((refusal, step): &(Refusal, Step)) -> bool {
    let ObjectKind::Defined(kind) = step.object.kind else { return false };
    // undefined_table, undefined_function, undefined_object, undefined_column, invalid_schema_name
    let not_found = ["42P01", "42883", "42704", "42703", "3F000"];
    kind.is_routine() && not_found.contains(&refusal.sqlstate.as_str())
}

/// Whether a step only renames a part of an index: what was tried in another order has got other names,
/// and the ones that are wanted are taken over from the schema in the end.
fn is_name_of_part(step: &Step) -> bool {
    matches!(&step.statement, Statement::Rename { object, .. } if object.kind == ObjectKind::Index)
}

/// The steps that create a schema. Which version an extension has does not matter to a scratch
/// database, and it may have another one; what NOT NULL constraints say beside NOT NULL it may not
/// know.
fn creating(schema: &Schema, provided: &Provided) -> Result<Vec<Step>, Vec<RefusedStep>> {
    let managed = schema.iter().filter(|(id, _)| !provided.contains(id));
    let mut unversioned: Schema = managed
        .chain(provided.objects.iter())
        .map(|(_, object)| match object.clone() {
            Object::Extension(mut it) => {
                it.version = None;
                it.into()
            }
            other => other,
        })
        .collect();
    not_nulls::forget(&mut unversioned);
    let mut from = fresh();
    for (_, object) in unversioned.iter().filter(|(id, _)| provided.contains(id)) {
        from.schema.insert(object.clone());
    }
    let mut to = Snapshot { schema: unversioned, ..Snapshot::default() };
    // What nobody looks at stays.
    for (id, object) in fresh().schema.iter() {
        if !to.schema.contains(id) {
            to.schema.insert(object.clone());
        }
    }
    let changes = diff(&from.schema, &to.schema);
    let options = PlanOptions { online: false };
    let planned = plan(&from, &to, &changes, &Hints::default(), options);
    // Here the bodies of routines are checked: what they name is there in the end.
    let unchecked = |it: &Step| matches!(it.statement, Statement::CheckFunctionBodies(_));
    let steps = planned.map(|it| it.steps.into_iter().filter(|it| !unchecked(it)).collect());
    steps.map(mention::in_order).map_err(|errors| errors.iter().map(unplanned).collect())
}

/// An object that cannot even be planned: only objects that need each other in a cycle.
fn unplanned(error: &PlanError) -> RefusedStep {
    let object = error.object();
    let object = object.unwrap_or_else(|| ObjectId::global(ObjectKind::Namespace, Ident::public()));
    let refusal = Refusal {
        message: error.to_string(),
        sqlstate: String::new(),
        detail: None,
        hint: error.hints().into_iter().next(),
    };
    RefusedStep { object, refusal }
}

/// Gives a schema that was created on the scratch engine what that does not keep of it: versions of
/// extensions, NOT NULL constraints, and which indexes are invalid where they come from.
pub(super) fn kept(schema: &mut Schema, original: &Schema) {
    wanted_versions(schema, Some(original));
    not_nulls::carry_over(schema, original);
    attached::carry_over(schema, original);
    invalid_indexes(schema, original);
}

/// Gives extensions the version that was asked for, rather than the one of the scratch engine.
pub fn wanted_versions(schema: &mut Schema, declared: Option<&Schema>) {
    let extensions: Vec<Object> = schema
        .iter()
        .filter_map(|(id, object)| match object {
            Object::Extension(it) => {
                let mut it = it.clone();
                it.version = match declared.and_then(|declared| declared.get(id)) {
                    Some(Object::Extension(wanted)) => wanted.version.clone(),
                    _ => None,
                };
                Some(it.into())
            }
            _ => None,
        })
        .collect();
    for extension in extensions {
        schema.insert(extension);
    }
}

/// Marks the indexes that are invalid where they come from: recreated they are whole.
fn invalid_indexes(schema: &mut Schema, original: &Schema) {
    for (id, object) in original.iter() {
        if let Object::Index(it) = object
            && !it.valid
            && let Some(Object::Index(created)) = schema.get(id)
        {
            let invalid = Index { valid: false, ..created.clone() };
            schema.insert(invalid);
        }
    }
}

/// The refused steps as mistakes in the declaration, each at the place of its object. What belongs to
/// a table that was refused goes without saying.
pub(super) fn diagnose(declaration: &Declaration, refused: Vec<RefusedStep>) -> Vec<Diagnostic> {
    let all: BTreeSet<ObjectId> = refused.iter().map(|it| it.object.clone()).collect();
    let mut seen = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for RefusedStep { object, refusal } in refused {
        let follows = object.parent().is_some_and(|it| all.contains(&it));
        if follows || !seen.insert(object.clone()) {
            continue;
        }
        let message = format!("PostgreSQL rejects {object}: {}", refusal.message);
        let mut diagnostic = Diagnostic::error(place(declaration, &object), message);
        diagnostic = diagnostic.label(format!("SQLSTATE {}", refusal.sqlstate));
        if let Some(source) = declaration.sources.get(&object) {
            diagnostic = diagnostic.also(*source, "the SQL");
        }
        // undefined_file and config_file_error: the engine has not all files of a server.
        let lacks_file = matches!(refusal.sqlstate.as_str(), "58P01" | "F0000");
        for line in refusal.detail.into_iter().chain(refusal.hint) {
            diagnostic = diagnostic.help(line);
        }
        if lacks_file {
            diagnostic = diagnostic.help("use a server that has it: --dev-url");
        }
        if refusal.sqlstate == "42601" && has_virtual_column(&declaration.schema, &object) {
            diagnostic = diagnostic.help(
                "virtual generated columns need PostgreSQL 18: use a server of that version: \
                 --dev-url",
            );
        }
        diagnostics.push(diagnostic);
    }
    crate::diagnostic::sort(&mut diagnostics);
    diagnostics
}

fn has_virtual_column(schema: &Schema, object: &ObjectId) -> bool {
    let is_virtual = |it: &&Column| matches!(it.value, ColumnValue::Virtual(_));
    object.table_name().is_some_and(|it| schema.columns(&it).iter().any(is_virtual))
}

/// What is declared, and the settings leave out of every comparison.
pub(super) fn out_of_scope(declaration: &Declaration, scope: &Scope) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (id, object) in declaration.schema.iter().filter(|(id, _)| id.relation.is_none()) {
        let provided = declaration.provided.contains(id) || matches!(object, Object::Privileges(_));
        let Some(reason) = scope.leaves_out(id).filter(|_| !provided) else { continue };
        let Some(span) = scope_place(declaration, id) else { continue };
        let (key, help) = match reason {
            LeftOut::Ledger => (
                "ledger_schema",
                "the schema of the ledger belongs to aludel: use another one there",
            ),
            LeftOut::Namespaces => {
                ("namespaces", "add its schema there, or declare it as provided")
            }
            LeftOut::Exclude => ("exclude", "remove it there, or from the declaration"),
            LeftOut::Include => ("include", "add it there, or remove it from the declaration"),
        };
        let message = format!("{id} is excluded by `{key}` in aludel.toml");
        diagnostics.push(Diagnostic::error(span, message).help(help));
    }
    crate::diagnostic::sort(&mut diagnostics);
    diagnostics
}

/// Where an object is declared; a namespace that only follows from others is, where the extension is
/// whose objects it has.
fn scope_place(declaration: &Declaration, id: &ObjectId) -> Option<Span> {
    let own = declaration.origins.get(id);
    let extensions = declaration.schema.iter().filter_map(|(extension, object)| match object {
        Object::Extension(it) if *id == namespace_of(&it.namespace) => Some(extension),
        _ => None,
    });
    let public = *id == namespace_of(&Ident::public());
    let mut implied = extensions.filter(|_| !public).filter_map(|it| declaration.origins.get(it));
    own.or_else(|| implied.next()).copied()
}

fn namespace_of(name: &Ident) -> ObjectId {
    ObjectId::global(ObjectKind::Namespace, name.clone())
}

/// Definitions that PostgreSQL took, and that made something else than their key says.
pub(super) fn unmade(declaration: &Declaration, made: &Schema) -> Vec<Diagnostic> {
    let wanted = &declaration.schema;
    let missing = wanted
        .iter()
        .filter(|(id, object)| matches!(object, Object::Defined(_)) && !made.contains(id));
    let mut diagnostics: Vec<Diagnostic> = missing
        .map(|(id, _)| {
            let message = format!("the definition does not create {id}");
            let problem = Diagnostic::error(place(declaration, id), message);
            let alike = |it: &&ObjectId| {
                it.kind == id.kind && it.relation == id.relation && !wanted.contains(it)
            };
            let others = made.iter().map(|(id, _)| id).filter(alike);
            let of_the_name = |it: &&ObjectId| (it.name != id.name, it.namespace != id.namespace);
            match others.min_by_key(of_the_name) {
                Some(other) => problem.help(format!("the definition creates {other}")),
                None => problem,
            }
        })
        .collect();
    crate::diagnostic::sort(&mut diagnostics);
    diagnostics
}

/// Where an object is declared, or the table that it belongs to.
#[must_use]
pub fn place(declaration: &Declaration, object: &ObjectId) -> Span {
    let own = declaration.origins.get(object);
    let table = object.parent().and_then(|it| declaration.origins.get(&it));
    own.or(table).copied().unwrap_or_else(|| Span::new(0, 0..0))
}

/// A declaration with its files.
#[derive(Debug, Clone)]
pub struct Declared {
    /// What they declare.
    pub declaration: Declaration,
    /// The files, the main one first.
    pub files: Vec<SourceFile>,
}
