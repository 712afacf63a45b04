//! Indexes.

use super::column::collation_text;
use super::toml_text::{FieldsOut, Value};
use super::{Entry, Writer};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::{PgType, VectorType};
use crate::schema_toml::lower::{Shape, shape};
use crate::schema_toml::{extensions, names, vector_opclasses};

impl Writer<'_> {
    /// The indexes of a table or materialized view.
    pub(super) fn indexes(&self, table: &QualifiedName) -> Vec<Entry> {
        self.schema.indexes(table).map(|it| self.index(it)).collect()
    }

    fn index(&self, index: &Index) -> Entry {
        let mut fields = FieldsOut::default();
        if index.method.as_str() != "btree" {
            fields.text("method", index.method.as_str());
        }
        let keys = index.keys.iter().map(|it| self.index_key(index, it)).collect();
        fields.push("columns", Value::List(keys));
        fields.flag("unique", index.unique);
        fields.flag("nulls_not_distinct", index.nulls_not_distinct);
        fields.names("include", index.include.iter().map(Ident::as_str));
        fields.optional("where", index.predicate.as_ref().map(|it| it.as_str()));
        fields.options("with", &index.options);
        fields.flag("clustered", index.clustered);
        fields.optional("comment", index.comment.as_deref());
        // An index ON ONLY a partitioned table waits for those of the partitions.
        let partitioned =
            self.schema.table(&index.table).is_some_and(|it| it.partition_by.is_some());
        fields.flag("only", !index.valid && partitioned);
        let remark = (!index.valid && !partitioned)
            .then(|| "This index is invalid where it was read".to_owned());
        Entry { remark, ..Entry::new(&index.name, fields.short("columns")) }
    }

    fn index_key(&self, index: &Index, key: &IndexKey) -> Value {
        let mut fields = FieldsOut::default();
        match &key.value {
            IndexValue::Column(name) => fields.text("name", name.as_str()),
            IndexValue::Expression(it) => fields.text("expression", it.as_str()),
        }
        self.opclass(&mut fields, index, key);
        fields.optional("collation", key.collation.as_deref().map(collation_text).as_deref());
        fields.optional("order", key.descending.then_some("desc"));
        if key.nulls_first != key.descending {
            fields.text("nulls", if key.nulls_first { "first" } else { "last" });
        }
        let plain = matches!(key.value, IndexValue::Column(_));
        if plain { fields.short("name") } else { fields.table() }
    }

    /// The metric, where there is a word for it; else the name of the operator class.
    fn opclass(&self, fields: &mut FieldsOut, index: &Index, key: &IndexKey) {
        if let Some(metric) = self.metric(index, key) {
            return fields.text("metric", metric);
        }
        let Some(class) = &key.opclass else { return };
        fields.text("opclass", self.opclass_text(class));
        fields.options("opclass_params", &class.parameters);
    }

    fn metric(&self, index: &Index, key: &IndexKey) -> Option<&'static str> {
        let accepts = self.key_type(&index.table, &key.value)?;
        let mut here = vector_opclasses::of(index.method.as_str(), accepts);
        let Some(class) = &key.opclass else {
            return here.find(|it| it.is_default()).map(|it| it.metric);
        };
        let found = here.find(|it| it.name == class.name.as_str())?;
        let at_home = class.namespace == hidden(self.extension_home("vector"));
        (at_home && class.parameters.is_empty()).then_some(found.metric)
    }

    /// The vector type of a key, where it can be seen.
    fn key_type(&self, table: &QualifiedName, value: &IndexValue) -> Option<VectorType> {
        match value {
            IndexValue::Column(name) => self.column_type(table, name)?.vector_type(),
            IndexValue::Expression(expression) => match shape(expression.as_str()) {
                Shape::Cast(_, data_type) => data_type.vector_type(),
                Shape::Name(name) => self.column_type(table, &Ident::new(name))?.vector_type(),
                Shape::Call(..) | Shape::Other => None,
            },
        }
    }

    fn column_type(&self, table: &QualifiedName, name: &Ident) -> Option<&PgType> {
        match self.schema.get(&ObjectId::child(ObjectKind::Column, table, name)) {
            Some(Object::Column(column)) => Some(&column.data_type),
            _ => None,
        }
    }

    /// The name of an operator class, with its namespace where it would not be found without.
    fn opclass_text(&self, class: &OperatorClass) -> String {
        let name = class.name.as_str();
        let extension = extensions::of_opclass(name);
        let home = hidden(extension.and_then(|it| self.extension_home(it)));
        if class.namespace == home {
            return names::write_part(&class.name);
        }
        let namespace = class.namespace.clone().unwrap_or_else(Ident::public);
        format!("{}.{}", names::write_part(&namespace), names::write_part(&class.name))
    }
}

/// A namespace, unless it is on the search path.
fn hidden(namespace: Option<Ident>) -> Option<Ident> {
    namespace.filter(|it| !matches!(it.as_str(), "public" | "pg_catalog"))
}
