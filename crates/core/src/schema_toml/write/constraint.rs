//! Constraints.

use super::fields::FieldsOut;
use super::toml_text::Value;
use super::{Entry, Writer};
use crate::model::column::Column;
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectId;
use crate::schema_toml::form::{
    CLUSTERED, COLUMNS, COMMENT, CONSTRAINT_NAME, CheckForm, DEFERRABLE, ExclusionForm,
    ForeignKeyForm, INCLUDE, INDEX_COMMENT, MATCH, NO_INHERIT, NOT_ENFORCED, NOT_VALID,
    NULLS_NOT_DISTINCT, ON_DELETE, ON_UPDATE, PrimaryKeyForm, REFERENCES, UniqueForm, WITH,
    WITHOUT_OVERLAPS,
};
use crate::schema_toml::lower::Recipe;
use crate::schema_toml::names;

impl Writer<'_> {
    /// The value of `primary_key`.
    pub(super) fn primary_key(&self, constraint: &Constraint, key: &Key) -> Value {
        let recipe = Recipe { table: &constraint.table.name, columns: &[], label: "pkey" };
        let made = self.used.is_generated_key(&constraint.table, &constraint.name, recipe);
        let mut fields = FieldsOut::of::<PrimaryKeyForm>();
        fields.push(&COLUMNS, Value::texts(key.columns.iter().map(Ident::as_str)));
        if !made {
            fields.text(&CONSTRAINT_NAME, constraint.name.as_str());
        }
        key_fields(&mut fields, constraint, key);
        fields.short()
    }

    /// The unique constraints that do not stand at their column.
    pub(super) fn uniques(&self, constraints: &[&Constraint]) -> Vec<Entry> {
        let entries = constraints.iter().filter_map(|it| {
            let ConstraintRule::Unique(key) = &it.rule else { return None };
            if self.is_column_unique(it, key) {
                return None;
            }
            let mut fields = FieldsOut::of::<UniqueForm>();
            fields.push(&COLUMNS, Value::texts(key.columns.iter().map(Ident::as_str)));
            key_fields(&mut fields, it, key);
            Some(Entry::new(&it.name, fields.short()))
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
            let mut fields = FieldsOut::of::<ForeignKeyForm>();
            fields.push(&COLUMNS, Value::texts(key.columns.iter().map(Ident::as_str)));
            self.reference(&mut fields, it, key);
            let set = key.on_delete_columns.iter().map(Ident::as_str);
            fields.names(&ForeignKeyForm::ON_DELETE_COLUMNS, set);
            fields.flag(&NOT_VALID, !it.validated);
            fields.flag(&NOT_ENFORCED, !it.enforced);
            fields.flag(&ForeignKeyForm::PERIOD, key.period);
            fields.optional(&COMMENT, it.comment.as_deref());
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
    /// the generated name.
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
            && self.used.is_generated_constraint(&constraint.table, &constraint.name, recipe)
    }

    fn reference(&self, fields: &mut FieldsOut, constraint: &Constraint, key: &ForeignKey) {
        let table = names::write_qualified(&key.references);
        if let [column] = key.referenced_columns.as_slice() {
            fields.text(&REFERENCES, format!("{table}.{}", names::write_part(column)));
        } else {
            fields.text(&REFERENCES, table);
            if !self.is_primary_key(&key.references, &key.referenced_columns)
                || self.looks_like_a_column(&key.references)
            {
                let columns = key.referenced_columns.iter().map(Ident::as_str);
                fields.names(&ForeignKeyForm::REFERENCED_COLUMNS, columns);
            }
        }
        fields.word_unless(&ON_UPDATE, key.on_update, Action::NoAction);
        fields.word_unless(&ON_DELETE, key.on_delete, Action::NoAction);
        fields.word_unless(&MATCH, key.match_full, false);
        fields.switch(&DEFERRABLE, constraint.timing);
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
        let mut fields = FieldsOut::of::<CheckForm>();
        fields.text(&CheckForm::EXPRESSION, expression.as_str());
        fields.flag(&NO_INHERIT, *no_inherit);
        fields.flag(&NOT_VALID, !it.validated);
        fields.flag(&NOT_ENFORCED, !it.enforced);
        fields.optional(&COMMENT, it.comment.as_deref());
        Some(Entry::new(&it.name, fields.short()))
    });
    entries.collect()
}

/// The exclusions.
pub(super) fn exclusions(constraints: &[&Constraint]) -> Vec<Entry> {
    let entries = constraints.iter().filter_map(|it| {
        let ConstraintRule::Exclude { definition } = &it.rule else { return None };
        let mut fields = FieldsOut::of::<ExclusionForm>();
        fields.text(&ExclusionForm::DEFINITION, definition.as_str());
        fields.switch(&DEFERRABLE, it.timing);
        fields.optional(&COMMENT, it.comment.as_deref());
        fields.optional(&INDEX_COMMENT, it.index_comment.as_deref());
        Some(Entry::new(&it.name, fields.short()))
    });
    entries.collect()
}

fn key_fields(fields: &mut FieldsOut, constraint: &Constraint, key: &Key) {
    fields.names(&INCLUDE, key.include.iter().map(Ident::as_str));
    fields.flag(&NULLS_NOT_DISTINCT, key.nulls_not_distinct);
    fields.flag(&WITHOUT_OVERLAPS, key.without_overlaps);
    fields.switch(&DEFERRABLE, constraint.timing);
    fields.options(&WITH, &key.options);
    fields.flag(&CLUSTERED, key.clustered);
    fields.optional(&COMMENT, constraint.comment.as_deref());
    fields.optional(&INDEX_COMMENT, constraint.index_comment.as_deref());
}
