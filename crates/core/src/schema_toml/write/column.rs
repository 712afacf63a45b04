//! Columns.

use super::Writer;
use super::fields::FieldsOut;
use super::object::counting;
use super::toml_text::Value;
use crate::model::base_type::BaseType;
use crate::model::column::{Column, ColumnValue, Identity};
use crate::model::constraint::{Constraint, ConstraintRule, Key, Timing};
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::not_null::NotNull;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::{ColumnRef, SequenceOptions};
use crate::schema_toml::form::{
    COLLATION, COMMENT, CONSTRAINT_NAME, ColumnForm, GeneratedForm, IdentityForm, NO_INHERIT,
    NOT_NULL_CONSTRAINT, NOT_VALID, NotNullForm, Text,
};
use crate::schema_toml::lower::{Recipe, generated_name};
use crate::schema_toml::{builtin_types, extensions, form, names, serial};

impl Writer<'_> {
    /// A column: its type alone, if there is nothing more to say.
    pub(super) fn column(&self, column: &Column) -> Value {
        if let Some(base) = self.base(column) {
            return self.overriding(column, &base);
        }
        let mut fields = FieldsOut::of::<ColumnForm>();
        let place = ColumnRef { table: column.table.clone(), column: column.name.clone() };
        let serial = self.serial(&place);
        let written = serial.map_or_else(|| self.type_text(&column.data_type), str::to_owned);
        let mark = if column.not_null { "" } else { "?" };
        fields.text(&ColumnForm::TYPE, format!("{written}{mark}"));
        not_null(&mut fields, &column.not_null_constraint);
        if serial.is_none() {
            value(&mut fields, column);
        }
        self.column_reference(&mut fields, column);
        if self.is_unique_column(column) {
            fields.push(&ColumnForm::UNIQUE, Value::Bool(true));
        }
        let collation = column.collation.as_deref().map(collation_text);
        fields.optional(&COLLATION, collation.as_deref());
        fields.word(&ColumnForm::STORAGE, column.storage);
        fields.word(&ColumnForm::COMPRESSION, column.compression);
        said_beside(&mut fields, column);
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        self.grants(&mut fields, &id);
        fields.short()
    }

    /// Whether a column is written with its table, rather than known from a parent alone.
    pub(super) fn is_written(&self, table: &QualifiedName, column: &Ident) -> bool {
        self.schema.contains(&ObjectId::child(ObjectKind::Column, table, column))
    }

    /// What a parent says of a column that is declared there.
    fn base(&self, column: &Column) -> Option<Column> {
        let base = self.schema.inherited_column(&column.table, &column.name);
        base.filter(|_| column.inherited)
    }

    /// What differs from the parent.
    fn overriding(&self, column: &Column, base: &Column) -> Value {
        let mut fields = FieldsOut::of::<ColumnForm>();
        if column.not_null != base.not_null {
            fields.push(&ColumnForm::NULL, Value::Bool(!column.not_null));
        }
        let (own, given) = (&column.not_null_constraint, &base.not_null_constraint);
        if own.validated && !given.validated && own.is_plain() {
            let mut valid = FieldsOut::of::<NotNullForm>();
            valid.push(&NOT_VALID, Value::Bool(false));
            fields.push(&NOT_NULL_CONSTRAINT, valid.table());
        } else if own != given {
            not_null(&mut fields, own);
        }
        if column.value != base.value {
            if column.value == ColumnValue::None {
                fields.text(&ColumnForm::DEFAULT, "NULL");
            }
            value(&mut fields, column);
        }
        if column.storage != base.storage {
            let own = builtin_types::own_storage(&column.data_type);
            fields.word(&ColumnForm::STORAGE, column.storage.or(own));
        }
        if column.compression != base.compression {
            fields.word(&ColumnForm::COMPRESSION, column.compression);
        }
        said_beside(&mut fields, column);
        self.column_reference(&mut fields, column);
        if self.is_unique_column(column) {
            fields.push(&ColumnForm::UNIQUE, Value::Bool(true));
        }
        fields.table()
    }

    /// The word `serial` for a column that is just what it would make.
    pub(super) fn serial(&self, place: &ColumnRef) -> Option<&'static str> {
        let id = ObjectId::child(ObjectKind::Column, &place.table, &place.column);
        let Some(Object::Column(column)) = self.schema.get(&id) else { return None };
        let word = match column.data_type.plain_base()? {
            BaseType::Smallint => "smallserial",
            BaseType::Integer => "serial",
            BaseType::Bigint => "bigserial",
            _ => return None,
        };
        let columns = [column.name.clone()];
        let recipe = Recipe { table: &place.table.name, columns: &columns, label: "seq" };
        let name = place.table.sibling(generated_name(recipe));
        let sequence = ObjectId::named(ObjectKind::Sequence, &name);
        let Some(Object::Sequence(sequence)) = self.schema.get(&sequence) else { return None };
        let Some(Object::Table(table)) = self.schema.get(&ObjectId::table(&place.table)) else {
            return None;
        };
        let id = ObjectId::named(ObjectKind::Sequence, &name);
        let usual = !self.privileges.contains_key(&id)
            && column.not_null
            && column.value == ColumnValue::Default(serial::next_value(&name))
            && sequence.owned_by.as_ref() == Some(place)
            && sequence.options == SequenceOptions::of_type(column.data_type.clone())
            && sequence.persistence == table.persistence
            && sequence.comment.is_none()
            && self.used.is_generated_relation(&place.table, &name.name, recipe);
        usual.then_some(word)
    }

    /// A type in the words that people use.
    pub(super) fn type_text(&self, data_type: &PgType) -> String {
        let mut data_type = data_type.clone();
        if data_type.namespace.is_some() && data_type.namespace == self.home_of(&data_type.name) {
            data_type.namespace = None;
        }
        let Some(alias) = data_type.base().and_then(BaseType::alias) else {
            return data_type.to_string();
        };
        let modifier = data_type.modifier.map(|it| format!("({it})")).unwrap_or_default();
        format!("{alias}{modifier}{}", if data_type.array { "[]" } else { "" })
    }

    /// The namespace of the extension that brings a type, unless an enum in `public` hides it.
    fn home_of(&self, data_type: &str) -> Option<Ident> {
        let public = QualifiedName::new("public", Ident::new(data_type));
        let hidden = [ObjectKind::Enum, ObjectKind::Table]
            .iter()
            .any(|kind| self.schema.contains(&ObjectId::named(*kind, &public)));
        let extension = extensions::with_type(data_type).filter(|_| !hidden)?;
        self.extension_home(extension.name)
    }

    /// The namespace of an extension.
    pub(super) fn extension_home(&self, name: &str) -> Option<Ident> {
        let id = ObjectId::global(ObjectKind::Extension, name);
        match self.schema.get(&id) {
            Some(Object::Extension(extension)) => Some(extension.namespace.clone()),
            _ => None,
        }
    }

    /// Whether `unique = true` at the column says all that there is to say.
    fn is_unique_column(&self, column: &Column) -> bool {
        self.schema.constraints(&column.table).any(|it| match &it.rule {
            ConstraintRule::Unique(key) => {
                key.columns == [column.name.clone()] && self.is_column_unique(it, key)
            }
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::ForeignKey(_)
            | ConstraintRule::Check { .. }
            | ConstraintRule::Exclude { .. } => false,
        })
    }

    /// Whether a unique constraint is plain, over one column, and has the generated name.
    pub(super) fn is_column_unique(&self, constraint: &Constraint, key: &Key) -> bool {
        let columns = key.columns.as_slice();
        let recipe = Recipe { table: &constraint.table.name, columns, label: "key" };
        columns.len() == 1
            && self.is_written(&constraint.table, &columns[0])
            && *key == Key::new(key.columns.clone())
            && constraint.timing == Timing::NotDeferrable
            && constraint.comment.is_none()
            && constraint.index_comment.is_none()
            && self.used.is_generated_key(&constraint.table, &constraint.name, recipe)
    }
}

/// The name of the NOT NULL constraint, and what else it says.
pub(super) fn not_null(fields: &mut FieldsOut, constraint: &NotNull) {
    let mut inner = FieldsOut::of::<NotNullForm>();
    inner.optional(&CONSTRAINT_NAME, constraint.name.as_ref().map(Ident::as_str));
    inner.flag(&NO_INHERIT, constraint.no_inherit);
    inner.flag(&NOT_VALID, !constraint.validated);
    inner.optional(&COMMENT, constraint.comment.as_deref());
    if !constraint.is_plain() {
        fields.push(&NOT_NULL_CONSTRAINT, inner.short());
    }
}

/// What is said of a column in the same way wherever its type comes from.
fn said_beside(fields: &mut FieldsOut, column: &Column) {
    if let Some(target) = column.statistics {
        fields.number(&ColumnForm::STATISTICS, target);
    }
    fields.options(&ColumnForm::OPTIONS, &column.options);
    fields.options(&ColumnForm::FOREIGN_OPTIONS, &column.foreign_options);
    fields.optional(&COMMENT, column.comment.as_deref());
}

fn value(fields: &mut FieldsOut, column: &Column) {
    match &column.value {
        ColumnValue::None => {}
        ColumnValue::Default(it) => fields.push(&ColumnForm::DEFAULT, Value::scalar(it.as_str())),
        ColumnValue::Identity(it) => {
            fields.push(&ColumnForm::IDENTITY, identity(it, &column.data_type));
        }
        ColumnValue::Stored(it) => {
            fields.push(&ColumnForm::GENERATED, generated(&GeneratedForm::STORED, it));
        }
        ColumnValue::Virtual(it) => {
            fields.push(&ColumnForm::GENERATED, generated(&GeneratedForm::VIRTUAL, it));
        }
    }
}

fn generated(key: &form::Key<Text>, expression: &SqlExpr) -> Value {
    let mut fields = FieldsOut::of::<GeneratedForm>();
    fields.text(key, expression.as_str());
    fields.short()
}

fn identity(identity: &Identity, data_type: &PgType) -> Value {
    let mut fields = FieldsOut::of::<IdentityForm>();
    fields.word(&IdentityForm::GENERATED, Some(identity.always));
    fields.optional(&IdentityForm::NAME, identity.sequence_name.as_ref().map(Ident::as_str));
    counting(&mut fields, &IdentityForm::TYPE, &identity.options, data_type.base());
    fields.short()
}

/// A collation from SQL to the form in which it is declared.
pub(super) fn collation_text(sql: &str) -> String {
    match names::parts(sql, 2).as_deref() {
        Ok([name]) => names::write_part(name),
        // The quotes say that the dot divides.
        Ok([namespace, name]) => {
            let name = name.as_str().replace('"', "\"\"");
            format!("{}.\"{name}\"", names::write_part(namespace))
        }
        _ => sql.to_owned(),
    }
}
