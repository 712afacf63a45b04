//! Names that must be unique: tables, sequences, indexes and the constraints with an index share
//! `pg_class`; other constraints must be unique in their table.

use std::collections::{BTreeMap, BTreeSet};

use super::generated_names::{Recipe, free_name};
use super::{Lowering, shown_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::ident::{Ident, QualifiedName};

/// The names that are taken so far.
#[derive(Default)]
pub(super) struct Relations {
    relations: BTreeMap<QualifiedName, (&'static str, Span)>,
    constraints: BTreeMap<(QualifiedName, Ident), (&'static str, Span)>,
    /// Constraint names by namespace, for generated names.
    constraint_names: BTreeSet<QualifiedName>,
}

impl Lowering<'_> {
    /// Takes a name among the relations of its namespace.
    pub(super) fn take_relation(&mut self, name: &QualifiedName, noun: &'static str, span: Span) {
        if let Some((other, first)) = self.relations.relations.get(name).copied() {
            self.name_is_taken(span, noun, shown_name(name), other, first);
        } else {
            self.relations.relations.insert(name.clone(), (noun, span));
        }
    }

    /// Takes a name among the constraints of a table.
    pub(super) fn take_constraint(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        noun: &'static str,
        span: Span,
    ) {
        let key = (table.clone(), name.clone());
        if let Some((other, first)) = self.relations.constraints.get(&key).copied() {
            self.name_is_taken(span, noun, format!("`{}`", name.as_str()), other, first);
        } else {
            self.relations.constraints.insert(key, (noun, span));
        }
        self.relations.constraint_names.insert(table.sibling(name.clone()));
    }

    /// Takes a name for a constraint that an index stands behind.
    pub(super) fn take_key(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        noun: &'static str,
        span: Span,
    ) {
        let before = self.problems.len();
        self.take_constraint(table, name, noun, span);
        if self.problems.len() == before {
            self.take_relation(&table.sibling(name.clone()), noun, span);
        }
    }

    /// Makes up a name that is free among the relations.
    pub(super) fn free_relation(&self, table: &QualifiedName, recipe: Recipe<'_>) -> Ident {
        let taken = &self.relations.relations;
        free_name(recipe, |it| taken.contains_key(&table.sibling(it.clone())))
    }

    /// Makes up a name that is free among the constraints of the namespace.
    pub(super) fn free_constraint(&self, table: &QualifiedName, recipe: Recipe<'_>) -> Ident {
        let taken = &self.relations.constraint_names;
        free_name(recipe, |it| taken.contains(&table.sibling(it.clone())))
    }

    /// Makes up a name that is free among both.
    pub(super) fn free_key(&self, table: &QualifiedName, recipe: Recipe<'_>) -> Ident {
        let Relations { relations, constraint_names, .. } = &self.relations;
        free_name(recipe, |it| {
            let name = table.sibling(it.clone());
            relations.contains_key(&name) || constraint_names.contains(&name)
        })
    }

    fn name_is_taken(&mut self, span: Span, noun: &str, name: String, other: &str, first: Span) {
        let message = format!("the name {name} of this {noun} is already used");
        let problem = Diagnostic::error(span, message).also(first, format!("by this {other}"));
        self.problem(problem);
    }
}
