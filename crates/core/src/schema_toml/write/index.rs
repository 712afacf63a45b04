//! Indexes.

use super::column::collation_text;
use super::fields::FieldsOut;
use super::toml_text::Value;
use super::{Entry, Writer};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::pgvector::{self, VectorType};
use crate::schema_toml::form::{
    CLUSTERED, COLLATION, COMMENT, INCLUDE, IndexForm, IndexKeyForm, NULLS_NOT_DISTINCT, WITH,
};
use crate::schema_toml::lower::{Shape, shape};
use crate::schema_toml::{extensions, names};

impl Writer<'_> {
    /// The indexes of a table or materialized view.
    pub(super) fn indexes(&self, table: &QualifiedName) -> Vec<Entry> {
        self.schema.indexes(table).map(|it| self.index(it)).collect()
    }

    fn index(&self, index: &Index) -> Entry {
        let mut fields = FieldsOut::of::<IndexForm>();
        if index.method.as_str() != "btree" {
            fields.text(&IndexForm::METHOD, index.method.as_str());
        }
        let keys = index.keys.iter().map(|it| self.index_key(index, it)).collect();
        fields.push(&IndexForm::COLUMNS, Value::List(keys));
        fields.flag(&IndexForm::UNIQUE, index.unique);
        fields.flag(&NULLS_NOT_DISTINCT, index.nulls_not_distinct);
        fields.names(&INCLUDE, index.include.iter().map(Ident::as_str));
        fields.optional(&IndexForm::WHERE, index.predicate.as_ref().map(|it| it.as_str()));
        fields.options(&WITH, &index.options);
        fields.flag(&CLUSTERED, index.clustered);
        fields.optional(&COMMENT, index.comment.as_deref());
        // An index ON ONLY a partitioned table waits for those of the partitions.
        let partitioned =
            self.schema.table(&index.table).is_some_and(|it| it.partition_by.is_some());
        fields.flag(&IndexForm::ONLY, !index.valid && partitioned);
        let remark = (!index.valid && !partitioned)
            .then(|| "This index is invalid where it was read".to_owned());
        Entry { remark, ..Entry::new(&index.name, fields.short()) }
    }

    fn index_key(&self, index: &Index, key: &IndexKey) -> Value {
        let mut fields = FieldsOut::of::<IndexKeyForm>();
        match &key.value {
            IndexValue::Column(name) => fields.text(&IndexKeyForm::NAME, name.as_str()),
            IndexValue::Expression(it) => fields.text(&IndexKeyForm::EXPRESSION, it.as_str()),
        }
        self.opclass(&mut fields, index, key);
        fields.optional(&COLLATION, key.collation.as_deref().map(collation_text).as_deref());
        fields.word_unless(&IndexKeyForm::ORDER, key.descending, false);
        // NULL comes first where the order is descending (manual section 11.4).
        fields.word_unless(&IndexKeyForm::NULLS, key.nulls_first, key.descending);
        fields.short()
    }

    /// The metric, where there is a word for it; else the name of the operator class.
    fn opclass(&self, fields: &mut FieldsOut, index: &Index, key: &IndexKey) {
        if let Some(metric) = self.metric(index, key) {
            return fields.text(&IndexKeyForm::METRIC, metric);
        }
        let Some(class) = &key.opclass else { return };
        fields.text(&IndexKeyForm::OPCLASS, self.opclass_text(class));
        fields.options(&IndexKeyForm::OPCLASS_PARAMS, &class.parameters);
    }

    fn metric(&self, index: &Index, key: &IndexKey) -> Option<&'static str> {
        let accepts = self.key_type(&index.table, &key.value)?;
        let mut here = pgvector::opclasses(index.vector_method()?, accepts);
        let Some(class) = &key.opclass else {
            return here.find(|it| it.is_default()).map(|it| it.metric.word());
        };
        let found = here.find(|it| it.name == class.name.as_str())?;
        let at_home = class.namespace == hidden(self.extension_home(pgvector::EXTENSION));
        (at_home && class.parameters.is_empty()).then_some(found.metric.word())
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
