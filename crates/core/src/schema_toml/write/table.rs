//! Tables.

use super::fields::{FieldsOut, word};
use super::toml_text::{Value, quote_key};
use super::{Entry, Writer};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::Ident;
use crate::model::object::ObjectId;
use crate::model::table::{Persistence, ReplicaIdentity, Table};
use crate::schema_toml::form::{
    COMMENT, Firings, ForeignForm, INDEXES, ReplicaIdentityForm, ReplicaWord, ReplicaWords,
    RootForm, TableForm, WITH,
};
use crate::schema_toml::names;

/// The section of tables.
const TABLES: &str = RootForm::TABLES.name();

impl Writer<'_> {
    /// A table with all that belongs to it.
    pub(super) fn table(&mut self, table: &Table) {
        let name = names::write_qualified(&table.name);
        let own = self.own_fields(table).into_entries();
        let columns = self.schema.columns(&table.name);
        if !own.is_empty() || columns.is_empty() {
            self.header(&[TABLES, &name]);
            for (key, value) in own {
                self.entry(&key, &value);
            }
        }
        self.columns(&name, table);
        let schema = self.schema;
        let constraints: Vec<&Constraint> = schema.constraints(&table.name).collect();
        let section = |key: &str, entries: Vec<Entry>, writer: &mut Self| {
            writer.section(&[TABLES, &name, key], entries);
        };
        section(TableForm::UNIQUES.name(), self.uniques(&constraints), self);
        section(TableForm::FOREIGN_KEYS.name(), self.foreign_keys(&constraints), self);
        section(TableForm::CHECKS.name(), super::constraint::checks(&constraints), self);
        section(TableForm::EXCLUSIONS.name(), super::constraint::exclusions(&constraints), self);
        section(INDEXES.name(), self.indexes(&table.name), self);
        self.attached(&[TABLES, &name], &table.name);
    }

    fn own_fields(&self, table: &Table) -> FieldsOut {
        let mut fields = FieldsOut::of::<TableForm>();
        inheritance(&mut fields, table);
        fields.optional(&COMMENT, table.comment.as_deref());
        self.grants(&mut fields, &ObjectId::table(&table.name));
        for constraint in self.schema.constraints(&table.name) {
            if let ConstraintRule::PrimaryKey(key) = &constraint.rule {
                fields.push(&TableForm::PRIMARY_KEY, self.primary_key(constraint, key));
            }
        }
        fields.flag(&TableForm::UNLOGGED, table.persistence == Persistence::Unlogged);
        fields.options(&WITH, &table.options);
        fields.switch(&TableForm::ROW_LEVEL_SECURITY, table.row_security);
        if let Some(identity) = replica_identity(&table.replica_identity) {
            fields.push(&TableForm::REPLICA_IDENTITY, identity);
        }
        fields
    }

    /// The columns in their order, their types below each other.
    fn columns(&mut self, name: &str, table: &Table) {
        let columns: Vec<(String, Value)> = self
            .schema
            .columns(&table.name)
            .into_iter()
            .map(|it| (quote_key(it.name.as_str()), self.column(it)))
            .collect();
        if columns.is_empty() {
            return;
        }
        self.header(&[TABLES, name, TableForm::COLUMNS.name()]);
        let width = columns.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        for (key, value) in columns {
            self.out.push_str(&format!("{key:width$} = {value}\n"));
        }
    }
}

fn replica_identity(identity: &ReplicaIdentity) -> Option<Value> {
    match identity {
        ReplicaIdentity::Default => None,
        ReplicaIdentity::Full => Some(word::<ReplicaWords>(ReplicaWord::Full)),
        ReplicaIdentity::Nothing => Some(word::<ReplicaWords>(ReplicaWord::Nothing)),
        ReplicaIdentity::Index(name) => {
            let mut fields = FieldsOut::of::<ReplicaIdentityForm>();
            fields.text(&ReplicaIdentityForm::INDEX, name.as_str());
            Some(fields.table())
        }
    }
}

/// Where a table has its columns or its rows from.
fn inheritance(fields: &mut FieldsOut, table: &Table) {
    fields.optional(&TableForm::PARTITION_BY, table.partition_by.as_deref());
    if let Some(link) = &table.partition_of {
        fields.text(&TableForm::PARTITION_OF, names::write_qualified(&link.parent));
        match link.bound.strip_prefix("FOR VALUES ") {
            Some(values) => fields.text(&TableForm::VALUES, values),
            None => fields.flag(&TableForm::DEFAULT, true),
        }
    }
    fields.names(&TableForm::INHERITS, table.inherits.iter().map(names::write_qualified));
    let of_type = table.of_type.as_ref().map(names::write_qualified);
    fields.optional(&TableForm::OF, of_type.as_deref());
    let access_method = table.access_method.as_ref().map(Ident::as_str);
    fields.optional(&TableForm::ACCESS_METHOD, access_method);
    if let Some(foreign) = &table.foreign {
        let mut inner = FieldsOut::of::<ForeignForm>();
        inner.text(&ForeignForm::SERVER, foreign.server.as_str());
        inner.options(&ForeignForm::OPTIONS, &foreign.options);
        fields.push(&TableForm::FOREIGN, inner.short());
    }
    let attached = table.attached.iter();
    let attached = attached.map(|(parent, own)| (parent.as_str(), Value::text(own.as_str())));
    fields.map(&TableForm::ATTACHED, attached);
    let triggers = table.inherited_triggers.iter();
    let triggers = triggers.map(|(name, firing)| (name.as_str(), word::<Firings>(*firing)));
    fields.map(&TableForm::INHERITED_TRIGGERS, triggers);
}
