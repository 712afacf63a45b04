//! From the parsed file to the schema: resolves names, fills in defaults, checks limits.
//!
//! In: [`Document`]. Out: [`Declaration`]. Every mistake becomes a diagnostic and the rest is still
//! checked, so the declaration is complete only without mistakes. No database is used.

mod column;
mod constraint;
mod definition;
mod expression;
mod foreign_key;
mod generated_names;
mod grants;
mod implied_renames;
mod index;
mod inheritance;
mod key_type;
mod made_types;
mod object;
mod options;
mod relations;
mod scope;
mod search;
mod table;
mod types;
mod vector_index;

use std::collections::{BTreeMap, BTreeSet};

use super::Declaration;
use super::names::{self, NameError};
use super::syntax::{Document, Name, Problems};
use crate::diagnostic::{Diagnostic, SourceFile, Span};
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::model::declared::Hints;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::provided::Provided;
use relations::Relations;
use scope::Scope;

pub(super) use definition::sql_files;
pub(super) use expression::{Shape, shape};
pub(super) use generated_names::{Recipe, generated_name};
pub(super) use grants::{WITH_OPTION, written_grantee};

/// The declaration that a document makes.
pub(super) fn lower(
    document: &Document,
    files: &[SourceFile],
    problems: &mut Problems,
) -> Declaration {
    let scope = Scope::collect(document, problems);
    let mut lowering = Lowering {
        problems,
        scope,
        relations: Relations::default(),
        schema: Schema::default(),
        hints: Hints::default(),
        code: CodeHints::default(),
        origins: BTreeMap::new(),
        sources: BTreeMap::new(),
        renamed: BTreeMap::new(),
        provided: BTreeSet::new(),
        files,
    };
    lowering.objects(document);
    lowering.tables(document);
    lowering.definitions(document);
    lowering.default_privileges(document);
    let namespaces = lowering.scope.managed_namespaces();
    let roles = document.roles.iter().filter_map(|it| lowering.ident(&it.name)).collect();
    lowering.provide_implied_namespaces();
    let Lowering { schema, mut hints, code, origins, sources, provided, .. } = lowering;
    follow_renames(&schema, &mut hints);
    let selected = Provided::select(&schema, &provided);
    let names = provided.into_iter().filter(|it| !schema.contains(it)).collect();
    let provided = Provided { names, roles, ..selected };
    Declaration { schema, provided, hints, code, origins, sources, namespaces }
}

/// Adds the renames that follow from others: of keys, foreign keys and sequences that are named after
/// their table and columns.
pub fn follow_renames(schema: &Schema, hints: &mut Hints) {
    implied_renames::follow(schema, hints);
}

/// What is known while a document is lowered.
struct Lowering<'p> {
    problems: &'p mut Problems,
    scope: Scope,
    relations: Relations,
    schema: Schema,
    hints: Hints,
    code: CodeHints,
    origins: BTreeMap<ObjectId, Span>,
    sources: BTreeMap<ObjectId, Span>,
    /// Old names that something was renamed from, and where it says so.
    renamed: BTreeMap<ObjectId, Span>,
    /// What is declared as provided.
    provided: BTreeSet<ObjectId>,
    /// The texts, among them those that definitions are in.
    files: &'p [SourceFile],
}

impl Lowering<'_> {
    /// Notes a mistake.
    fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Notes a mistake with a remedy.
    fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problem(Diagnostic::error(span, message).help(help));
    }

    /// Adds an object that is declared at a place.
    fn insert(&mut self, object: impl Into<Object>, span: Span) {
        let object = object.into();
        self.origins.insert(object.id(), span);
        self.schema.insert(object);
    }

    /// Notes that an object is provided, if it is.
    fn mark_provided(&mut self, id: &ObjectId, provided: bool) {
        if provided {
            self.provided.insert(id.clone());
        }
    }

    /// Marks the namespaces that no file declares and that only what is provided stands in: who made
    /// that made them, too.
    fn provide_implied_namespaces(&mut self) {
        let place = |id: &ObjectId, object: &Object| match object {
            Object::Extension(it) => Some(it.namespace.clone()),
            _ => id.namespace.clone().filter(|_| id.relation.is_none()),
        };
        let (mut implied, mut own) = (BTreeSet::new(), BTreeSet::new());
        for (id, object) in self.schema.iter() {
            let Some(namespace) = place(id, object) else { continue };
            let namespace = ObjectId::global(ObjectKind::Namespace, namespace);
            if self.provided.contains(id) { &mut implied } else { &mut own }.insert(namespace);
        }
        let is_implied =
            |it: &&ObjectId| self.schema.contains(it) && !self.origins.contains_key(it);
        let public = ObjectId::global(ObjectKind::Namespace, Ident::public());
        let provided = implied.difference(&own).filter(is_implied).filter(|it| **it != public);
        let provided: Vec<ObjectId> = provided.cloned().collect();
        self.provided.extend(provided);
    }

    /// A name of one part.
    fn ident(&mut self, name: &Name) -> Option<Ident> {
        let read = names::ident(&name.value);
        self.name(read, name.span)
    }

    /// A name with or without its namespace.
    fn qualified(&mut self, name: &Name) -> Option<QualifiedName> {
        let read = names::qualified(&name.value, &Ident::public());
        self.name(read, name.span)
    }

    /// The parts of a name.
    fn parts(&mut self, name: &Name, most: usize) -> Option<Vec<Ident>> {
        let read = names::parts(&name.value, most);
        self.name(read, name.span)
    }

    fn name<T>(&mut self, read: Result<T, NameError>, span: Span) -> Option<T> {
        read.map_err(|error| self.problem(name_problem(&error, span))).ok()
    }

    /// Notes that an object had another name. `old` says which object that was.
    ///
    /// What belongs to a table is looked for under the table's new name: the diff renames tables
    /// first.
    fn rename(&mut self, new: ObjectId, old: ObjectId, span: Span) {
        if new == old {
            let message = format!("{} is renamed from its own name", shown(&new));
            self.error(span, message, "`renamed_from` is the previous name");
            return;
        }
        if let Some(first) = self.renamed.insert(old.clone(), span) {
            let message = format!("{} is renamed to two names", shown(&old));
            self.problem(Diagnostic::error(span, message).also(first, "the other one"));
        }
        self.hints.renames.insert(new, old);
    }

    /// Notes that something that has a name of one part had another name.
    fn rename_ident(&mut self, new: ObjectId, from: Option<&Name>) {
        let Some(from) = from else { return };
        let Some(name) = self.ident(from) else { return };
        let old = ObjectId { name, ..new.clone() };
        self.rename(new, old, from.span);
    }

    /// Notes that something that stands in a namespace had another name, in the same namespace
    /// unless it says otherwise.
    fn rename_qualified(&mut self, new: ObjectId, from: Option<&Name>) {
        let Some(from) = from else { return };
        let own = new.namespace.clone().unwrap_or_else(Ident::public);
        let read = names::qualified(&from.value, &own);
        let Some(name) = self.name(read, from.span) else { return };
        let signature = new.signature.clone();
        let old = ObjectId { signature, ..ObjectId::named(new.kind, &name) };
        self.rename(new, old, from.span);
    }
}

/// A bad name as a diagnostic.
fn name_problem(error: &NameError, span: Span) -> Diagnostic {
    let problem = Diagnostic::error(span, error.to_string());
    match error.help() {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// An object in a message: its kind, and its name in backticks.
fn shown(id: &ObjectId) -> String {
    let noun = id.kind.noun();
    let signature = id.signature.as_ref().map_or("", |it| it.as_str());
    match id.qualified_name() {
        Some(name) if id.relation.is_none() => {
            format!("{noun} `{}{signature}`", names::write_qualified(&name))
        }
        _ => format!("{noun} `{}{signature}`", id.name.as_str()),
    }
}

/// A name with its namespace in a message.
fn shown_name(name: &QualifiedName) -> String {
    format!("`{}`", names::write_qualified(name))
}

/// The words of a list in backticks, with commas.
fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
