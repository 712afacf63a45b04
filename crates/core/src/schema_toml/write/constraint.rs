//! Constraints.

use super::toml_text::{FieldsOut, Value};
use super::{Entry, Writer};
use crate::model::column::Column;
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key, Timing};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectId;
use crate::schema_toml::lower::Recipe;
use crate::schema_toml::names;

impl Writer<'_> {
    /// The value of `primary_key`.
    pub(super) fn primary_key(&self, constraint: &Constraint, key: &Key) -> Value {
        let recipe = Recipe { table: &constraint.table.name, columns: &[], label: "pkey" };
        let made = self.used.is_made_key(&constraint.table, &constraint.name, recipe);
        let mut fields = FieldsOut::default();
        fields.push("columns", Value::texts(key.columns.iter().map(Ident::as_str)));
        if !made {
            fields.text("name", constraint.name.as_str());
        }
        key_fields(&mut fields, constraint, key);
        fields.short("columns")
    }

    /// The unique constraints that do not stand at their column.
    pub(super) fn uniques(&self, constraints: &[&Constraint]) -> Vec<Entry> {
        let entries = constraints.iter().filter_map(|it| {
            let ConstraintRule::Unique(key) = &it.rule else { return None };
            if self.is_column_unique(it, key) {
                return None;
            }
            let mut fields = FieldsOut::default();
            fields.push("columns", Value::texts(key.columns.iter().map(Ident::as_str)));
            key_fields(&mut fields, it, key);
            Some(Entry::new(&it.name, fields.short("columns")))
        });
        entries.collect()
    }

    /// The foreign keys that do not stand at their column.
    pub(super) fn foreign_keys(&self, constraints: &[&Constraint]) -> Vec<Entry> {
        let entries = constraints.iter().filter_map(|it| {
            let ConstraintRule::ForeignKey(key) = &it.rule else { return None };
            if self.is_column_reference(it, key) {
                return None;
            }
            let mut fields = FieldsOut::default();
            fields.push("columns", Value::texts(key.columns.iter().map(Ident::as_str)));
            self.reference(&mut fields, it, key);
            fields.names("on_delete_columns", key.on_delete_columns.iter().map(Ident::as_str));
            fields.flag("not_valid", !it.validated);
            fields.flag("not_enforced", !it.enforced);
            fields.flag("period", key.period);
            fields.optional("comment", it.comment.as_deref());
            Some(Entry::new(&it.name, fields.table()))
        });
        entries.collect()
    }

    /// The foreign key that stands at a column.
    pub(super) fn column_reference(&self, fields: &mut FieldsOut, column: &Column) {
        let found = self.schema.constraints(&column.table).find_map(|it| match &it.rule {
            ConstraintRule::ForeignKey(key)
                if key.columns == [column.name.clone()] && self.is_column_reference(it, key) =>
            {
                Some((it, key))
            }
            _ => None,
        });
        if let Some((constraint, key)) = found {
            self.reference(fields, constraint, key);
        }
    }

    /// Whether a foreign key can stand at its column: nothing that only the long form can say, and
    /// the made-up name.
    fn is_column_reference(&self, constraint: &Constraint, key: &ForeignKey) -> bool {
        let columns = key.columns.as_slice();
        let recipe = Recipe { table: &constraint.table.name, columns, label: "fkey" };
        columns.len() == 1
            && self.is_written(&constraint.table, &columns[0])
            && key.referenced_columns.len() == 1
            && key.on_delete_columns.is_empty()
            && constraint.validated
            && constraint.enforced
            && !key.period
            && constraint.comment.is_none()
            && self.used.is_made_constraint(&constraint.table, &constraint.name, recipe)
    }

    fn reference(&self, fields: &mut FieldsOut, constraint: &Constraint, key: &ForeignKey) {
        let table = names::write_qualified(&key.references);
        if let [column] = key.referenced_columns.as_slice() {
            fields.text("references", format!("{table}.{}", names::write_part(column)));
        } else {
            fields.text("references", table);
            if !self.is_primary_key(&key.references, &key.referenced_columns)
                || self.looks_like_a_column(&key.references)
            {
                let columns = key.referenced_columns.iter().map(Ident::as_str);
                fields.names("referenced_columns", columns);
            }
        }
        fields.optional("on_update", action_word(key.on_update));
        fields.optional("on_delete", action_word(key.on_delete));
        fields.optional("match", key.match_full.then_some("full"));
        timing(fields, constraint.timing);
    }

    fn is_primary_key(&self, table: &QualifiedName, columns: &[Ident]) -> bool {
        self.schema.constraints(table).any(|it| match &it.rule {
            ConstraintRule::PrimaryKey(key) => key.columns == columns,
            _ => false,
        })
    }

    /// Whether the two parts of a table's name read as a table in `public` and its column.
    fn looks_like_a_column(&self, table: &QualifiedName) -> bool {
        let other = QualifiedName::new("public", table.namespace.clone());
        table.namespace != Ident::public() && self.schema.contains(&ObjectId::table(&other))
    }
}

/// The checks.
pub(super) fn checks(constraints: &[&Constraint]) -> Vec<Entry> {
    let entries = constraints.iter().filter_map(|it| {
        let ConstraintRule::Check { expression, no_inherit } = &it.rule else { return None };
        let mut fields = FieldsOut::default();
        fields.text("expression", expression.as_str());
        fields.flag("no_inherit", *no_inherit);
        fields.flag("not_valid", !it.validated);
        fields.flag("not_enforced", !it.enforced);
        fields.optional("comment", it.comment.as_deref());
        Some(Entry::new(&it.name, fields.short("expression")))
    });
    entries.collect()
}

/// The exclusions.
pub(super) fn exclusions(constraints: &[&Constraint]) -> Vec<Entry> {
    let entries = constraints.iter().filter_map(|it| {
        let ConstraintRule::Exclude { definition } = &it.rule else { return None };
        let mut fields = FieldsOut::default();
        fields.text("definition", definition.as_str());
        timing(&mut fields, it.timing);
        fields.optional("comment", it.comment.as_deref());
        fields.optional("index_comment", it.index_comment.as_deref());
        Some(Entry::new(&it.name, fields.short("definition")))
    });
    entries.collect()
}

fn key_fields(fields: &mut FieldsOut, constraint: &Constraint, key: &Key) {
    fields.names("include", key.include.iter().map(Ident::as_str));
    fields.flag("nulls_not_distinct", key.nulls_not_distinct);
    fields.flag("without_overlaps", key.without_overlaps);
    timing(fields, constraint.timing);
    fields.options("with", &key.options);
    fields.flag("clustered", key.clustered);
    fields.optional("comment", constraint.comment.as_deref());
    fields.optional("index_comment", constraint.index_comment.as_deref());
}

fn timing(fields: &mut FieldsOut, timing: Timing) {
    match timing {
        Timing::NotDeferrable => {}
        Timing::Deferrable => fields.flag("deferrable", true),
        Timing::Deferred => fields.text("deferrable", "deferred"),
    }
}

fn action_word(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("restrict"),
        Action::Cascade => Some("cascade"),
        Action::SetNull => Some("set null"),
        Action::SetDefault => Some("set default"),
    }
}
