//! Tables.

use super::definition::firing_word;
use super::toml_text::{FieldsOut, Value, quote_key};
use super::{Entry, Writer};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::Ident;
use crate::model::object::ObjectId;
use crate::model::table::{Persistence, ReplicaIdentity, RowSecurity, Table};
use crate::schema_toml::names;

impl Writer<'_> {
    /// A table with all that hangs on it.
    pub(super) fn table(&mut self, table: &Table) {
        let name = names::write_qualified(&table.name);
        let own = self.own_fields(table).into_entries();
        let columns = self.schema.columns(&table.name);
        if !own.is_empty() || columns.is_empty() {
            self.header(&["tables", &name]);
            for (key, value) in own {
                self.entry(&key, &value);
            }
        }
        self.columns(&name, table);
        let schema = self.schema;
        let constraints: Vec<&Constraint> = schema.constraints(&table.name).collect();
        let section = |key: &str, entries: Vec<Entry>, writer: &mut Self| {
            writer.section(&["tables", &name, key], entries);
        };
        section("uniques", self.uniques(&constraints), self);
        section("foreign_keys", self.foreign_keys(&constraints), self);
        section("checks", super::constraint::checks(&constraints), self);
        section("exclusions", super::constraint::exclusions(&constraints), self);
        section("indexes", self.indexes(&table.name), self);
        self.attached(&["tables", &name], &table.name);
    }

    fn own_fields(&self, table: &Table) -> FieldsOut {
        let mut fields = FieldsOut::default();
        hierarchy(&mut fields, table);
        fields.optional("comment", table.comment.as_deref());
        self.grants(&mut fields, &ObjectId::table(&table.name));
        for constraint in self.schema.constraints(&table.name) {
            if let ConstraintRule::PrimaryKey(key) = &constraint.rule {
                fields.push("primary_key", self.primary_key(constraint, key));
            }
        }
        fields.flag("unlogged", table.persistence == Persistence::Unlogged);
        fields.options("with", &table.options);
        match table.row_security {
            RowSecurity::Disabled => {}
            RowSecurity::Enabled => fields.flag("row_level_security", true),
            RowSecurity::Forced => fields.text("row_level_security", "forced"),
            RowSecurity::DisabledForced => fields.text("row_level_security", "disabled, forced"),
        }
        match &table.replica_identity {
            ReplicaIdentity::Default => {}
            ReplicaIdentity::Full => fields.text("replica_identity", "full"),
            ReplicaIdentity::Nothing => fields.text("replica_identity", "nothing"),
            ReplicaIdentity::Index(name) => {
                let index = vec![("index".to_owned(), Value::text(name.as_str()))];
                fields.push("replica_identity", Value::Table(index));
            }
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
        self.header(&["tables", name, "columns"]);
        let width = columns.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        for (key, value) in columns {
            self.out.push_str(&format!("{key:width$} = {value}\n"));
        }
    }
}

/// Where a table has its columns or its rows from.
fn hierarchy(fields: &mut FieldsOut, table: &Table) {
    fields.optional("partition_by", table.partition_by.as_deref());
    if let Some(link) = &table.partition_of {
        fields.text("partition_of", names::write_qualified(&link.parent));
        match link.bound.strip_prefix("FOR VALUES ") {
            Some(values) => fields.text("values", values),
            None => fields.flag("default", true),
        }
    }
    fields.names("inherits", table.inherits.iter().map(names::write_qualified));
    fields.optional("of", table.of_type.as_ref().map(names::write_qualified).as_deref());
    fields.optional("access_method", table.access_method.as_ref().map(Ident::as_str));
    if let Some(foreign) = &table.foreign {
        let mut inner = FieldsOut::default();
        inner.text("server", foreign.server.as_str());
        inner.options("options", &foreign.options);
        fields.push("foreign", inner.short("server"));
    }
    if !table.attached.is_empty() {
        let pairs = table.attached.iter();
        let pairs =
            pairs.map(|(parent, own)| (parent.as_str().to_owned(), Value::text(own.as_str())));
        fields.push("attached", Value::Table(pairs.collect()));
    }
    if !table.inherited_triggers.is_empty() {
        let pairs = table.inherited_triggers.iter();
        let pairs = pairs
            .map(|(name, firing)| (name.as_str().to_owned(), Value::text(firing_word(*firing))));
        fields.push("inherited_triggers", Value::Table(pairs.collect()));
    }
}
