//! A table or view as seen by generated code.

use std::collections::BTreeSet;

use super::Draft;
use super::search::{Search, TextSearch};
use crate::codegen::names::{file_name, model_name, snake_case};
use crate::codegen::value_type::{ValueType, bare_type, domain_of, value_type};
use crate::model::code_hints::{CodePart, ColumnHints, OrderHint, TableHints};
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule, Timing};
use crate::model::definition::{DefinedKind, Definition};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::table::{RowSecurity, Table};

/// A table or view.
pub(in crate::codegen) struct Entity {
    pub(in crate::codegen) id: ObjectId,
    pub(in crate::codegen) name: QualifiedName,
    /// Whether it is a view or materialized view, which is only read.
    pub(in crate::codegen) view: bool,
    /// The file: `documents`.
    pub(in crate::codegen) module: String,
    /// One row: `Document`.
    pub(in crate::codegen) model: String,
    pub(in crate::codegen) comment: Option<String>,
    /// In the order of the columns.
    pub(in crate::codegen) fields: Vec<Field>,
    /// The fields of the primary key; none where there is no key.
    pub(in crate::codegen) key: Vec<usize>,
    /// The further keys that a row can be found by.
    pub(in crate::codegen) uniques: Vec<UniqueKey>,
    /// The constraints, as they are.
    pub(in crate::codegen) constraints: Vec<Constraint>,
    /// The name of the primary key.
    pub(in crate::codegen) key_constraint: Option<Ident>,
    /// Whether ON CONFLICT can be told the key: it can be written, and is checked at once.
    pub(in crate::codegen) upserts: bool,
    /// Whether policies say which rows may be written, with which COPY refuses to work.
    pub(in crate::codegen) row_security: bool,
    /// How pages are sorted; none where there is no key.
    pub(in crate::codegen) order: Option<ListOrder>,
    /// What its code has beside rows and columns.
    pub(in crate::codegen) parts: BTreeSet<CodePart>,
    /// The default search first.
    pub(in crate::codegen) searches: Vec<Search>,
    pub(in crate::codegen) text_search: Option<TextSearch>,
    /// The indexes, as they are.
    pub(in crate::codegen) indexes: Vec<Index>,
    /// Of all that its file depends on.
    pub(in crate::codegen) fingerprint: String,
}

/// A column.
pub(in crate::codegen) struct Field {
    pub(in crate::codegen) column: Column,
    /// In snake_case, not yet looked at by a language.
    pub(in crate::codegen) name: String,
    pub(in crate::codegen) value_type: ValueType,
    /// Its type below all domains, as a cast in SQL spells it.
    pub(in crate::codegen) bare_type: String,
    pub(in crate::codegen) nullable: bool,
    /// Whether rows have it that are read many at a time.
    pub(in crate::codegen) light: bool,
    /// Whether the type that goes over the wire has it; never without `light`.
    pub(in crate::codegen) wire: bool,
    /// Whether it can be written.
    pub(in crate::codegen) writable: bool,
    /// Whether an insert may leave it to the server: a default, of its own or of its domain, or an
    /// identity.
    pub(in crate::codegen) has_default: bool,
    /// Whether its default counts on with a sequence that belongs to it, as `serial` leaves it.
    pub(in crate::codegen) serial: bool,
    pub(in crate::codegen) hints: ColumnHints,
}

/// A unique constraint, or a unique index over plain columns and all rows.
pub(in crate::codegen) struct UniqueKey {
    pub(in crate::codegen) fields: Vec<usize>,
}

/// How pages are sorted.
pub(in crate::codegen) struct ListOrder {
    /// Fields, and whether the largest comes first; they end in the key.
    pub(in crate::codegen) terms: Vec<(usize, bool)>,
    /// The index that holds rows in this order.
    pub(in crate::codegen) index: Option<Ident>,
}

impl Field {
    /// Whether there are arrays of its values that can be taken apart again: an array of arrays is but
    /// an array, and one of records falls to pieces.
    pub(in crate::codegen) fn has_array(&self) -> bool {
        !matches!(self.value_type.base(), ValueType::Array(_) | ValueType::Composite(_))
    }
}

impl Entity {
    pub(in crate::codegen) fn field_of(&self, column: &Ident) -> Option<usize> {
        self.fields.iter().position(|it| it.column.name == *column)
    }

    /// What functions that find a row by further columns are called after.
    pub(in crate::codegen) fn name_of(&self, unique: &UniqueKey) -> String {
        let names: Vec<&str> =
            unique.fields.iter().map(|it| self.fields[*it].name.as_str()).collect();
        names.join("_and_")
    }

    pub(in crate::codegen) fn has_key(&self) -> bool {
        !self.key.is_empty()
    }

    /// Whether no two rows have the same values in these fields, none of which is NULL.
    fn tells_apart(&self, fields: &[usize]) -> bool {
        let holds = |key: &[usize]| !key.is_empty() && key.iter().all(|it| fields.contains(it));
        let whole = |key: &[usize]| key.iter().all(|it| !self.fields[*it].nullable);
        let mut uniques = self.uniques.iter().map(|it| it.fields.as_slice());
        holds(&self.key) || uniques.any(|it| holds(it) && whole(it))
    }
}

impl Draft<'_> {
    pub(super) fn entities(&mut self) -> Vec<Entity> {
        let schema = self.schema;
        let mut entities = Vec::new();
        for (_, object) in schema.iter() {
            match object {
                // Rows of a partition are read and written through its parent.
                Object::Table(table) if table.partition_of.is_none() => {
                    entities.extend(self.table(table));
                }
                Object::Defined(view) if is_view(view) => entities.extend(self.view(view)),
                _ => {}
            }
        }
        entities.sort_by(|a, b| a.module.cmp(&b.module));
        entities
    }

    fn table(&mut self, table: &Table) -> Option<Entity> {
        let (name, comment) = (&table.name, table.comment.as_deref());
        let hints = self.hints.tables.get(name).cloned().unwrap_or_default();
        if hints.skip {
            return None;
        }
        let names = self.schema.column_names(name);
        let columns: Vec<Column> =
            names.iter().filter_map(|it| self.schema.column(name, it)).collect();
        let id = ObjectId::table(name);
        let mut entity = self.entity(&id, name, &hints, columns, comment)?;
        entity.row_security =
            matches!(table.row_security, RowSecurity::Enabled | RowSecurity::Forced);
        self.keys(&mut entity);
        // A row tells its key, even where the server makes it.
        for idx in &entity.key {
            let field = &mut entity.fields[*idx];
            if !field.value_type.is_vector() && !field.value_type.is_tsvector() {
                field.light = true;
                field.wire = field.hints.wire.unwrap_or(true);
            }
        }
        self.lookups(&mut entity, &hints);
        Some(entity)
    }

    /// What the indexes of a table or materialized view make possible.
    fn lookups(&mut self, entity: &mut Entity, hints: &TableHints) {
        entity.indexes = self.schema.indexes(&entity.name).filter(|it| it.valid).cloned().collect();
        entity.parts = self.parts(entity, hints);
        if entity.has(CodePart::Search) {
            entity.searches = self.searches(entity, hints);
            entity.text_search = self.text_search(entity);
        }
        entity.order = self.order(entity, &hints.order);
    }

    /// A view or materialized view. PostgreSQL knows neither a key nor NOT NULL of it; the
    /// declaration may.
    fn view(&mut self, view: &Definition) -> Option<Entity> {
        let name = view.id.qualified_name()?;
        let hints = self.hints.tables.get(&name).cloned().unwrap_or_default();
        if hints.skip {
            return None;
        }
        let mut columns = Vec::new();
        for (idx, text) in view.interface.iter().flatten().enumerate() {
            let (column, data_type) = interface_column(text)?;
            let position = u32::try_from(idx + 1).unwrap_or(u32::MAX);
            let mut column = Column::new(name.clone(), column, position, data_type);
            column.not_null = false;
            column.comment = view.column_comments.get(&column.name).cloned();
            columns.push(column);
        }
        let mut entity = self.entity(&view.id, &name, &hints, columns, view.comment.as_deref())?;
        entity.view = true;
        for field in &mut entity.fields {
            field.writable = false;
            field.nullable &= !field.hints.not_null && !hints.key.contains(&field.column.name);
        }
        self.keys(&mut entity);
        self.key_of_view(&mut entity, &view.id, &hints.key);
        self.lookups(&mut entity, &hints);
        Some(entity)
    }

    fn key_of_view(&mut self, entity: &mut Entity, id: &ObjectId, key: &[Ident]) {
        for column in key {
            match entity.field_of(column) {
                Some(idx) => entity.key.push(idx),
                None => {
                    let message = format!("{id} has no column `{}`", column.as_str());
                    self.error(id.clone(), message, "`key` is a list of columns");
                }
            }
        }
        let key = &entity.key;
        entity.uniques.retain(|it| it.fields != *key);
    }

    /// What tables and views have in common; none where there is nothing to read.
    fn entity(
        &mut self,
        id: &ObjectId,
        name: &QualifiedName,
        hints: &TableHints,
        columns: Vec<Column>,
        comment: Option<&str>,
    ) -> Option<Entity> {
        if columns.is_empty() {
            self.warning(
                id.clone(),
                format!("{id} has no columns, so no code is generated for it"),
            );
            return None;
        }
        let fields: Vec<Field> = columns.into_iter().filter_map(|it| self.field(it)).collect();
        let types: Vec<&ValueType> = fields.iter().map(|it| &it.value_type).collect();
        let fingerprint = self.fingerprint(id, &types);
        let module = hints.module.clone().unwrap_or_else(|| file_name(name.name.as_str()));
        Some(Entity {
            id: id.clone(),
            name: name.clone(),
            view: false,
            module,
            model: hints.model.clone().unwrap_or_else(|| model_name(name.name.as_str())),
            comment: comment.map(str::to_owned),
            fields,
            key: Vec::new(),
            uniques: Vec::new(),
            constraints: Vec::new(),
            key_constraint: None,
            upserts: false,
            row_security: false,
            order: None,
            parts: BTreeSet::new(),
            searches: Vec::new(),
            text_search: None,
            indexes: Vec::new(),
            fingerprint,
        })
    }

    fn field(&mut self, column: Column) -> Option<Field> {
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        let hints = self.hints.columns.get(&id).cloned().unwrap_or_default();
        let value_type = self.type_of(&id, &column, &hints)?;
        let generated = matches!(column.value, ColumnValue::Stored(_) | ColumnValue::Virtual(_));
        let always = matches!(&column.value, ColumnValue::Identity(it) if it.always);
        let left_out = value_type.is_vector() || value_type.is_tsvector() || generated;
        let light = hints.list.unwrap_or(!left_out) && !value_type.is_tsvector();
        let name = hints.attribute.clone().unwrap_or_else(|| snake_case(column.name.as_str()));
        if name.is_empty() {
            let message = format!("no identifier can be made from the name of {id}");
            self.error(id, message, "set one: `attribute = \"…\"`");
            return None;
        }
        if let ValueType::Vector(_, None) = value_type.base() {
            let message = format!("{id} has no dimensions, so it cannot have a vector index");
            self.warning(id.clone(), message);
        }
        let told = hints.rust_type.is_some() || hints.python_type.is_some();
        if !told && value_type.parts().iter().any(|it| matches!(it, ValueType::Text(_))) {
            let message = format!(
                "{id} is transferred as text, because `{}` has no corresponding type in code",
                column.data_type
            );
            self.warning(id.clone(), message);
        }
        let wire = hints.wire.unwrap_or(light && !value_type.is_vector()) && light;
        if hints.wire == Some(true) && !wire {
            let message = format!("{id} is not in lists of rows, so it is not in responses");
            self.error(id.clone(), message, "`codegen = { list = true, wire = true }`");
        }
        let domain = domain_of(self.schema, &column.data_type);
        let own_default = !matches!(column.value, ColumnValue::None);
        Some(Field {
            name,
            bare_type: bare_type(self.schema, &column.data_type),
            nullable: !column.not_null && !domain.is_some_and(|it| it.not_null),
            light,
            wire,
            writable: !generated && !always,
            has_default: own_default || domain.is_some_and(|it| it.default.is_some()),
            serial: self.is_serial(&column),
            value_type,
            hints,
            column,
        })
    }

    fn is_serial(&self, column: &Column) -> bool {
        let ColumnValue::Default(default) = &column.value else { return false };
        // Few defaults count, and all objects are looked at for each that does.
        default.as_str().starts_with("nextval(")
            && self.schema.iter().any(|(_, object)| match object {
                Object::Sequence(it) => {
                    let owned = it.owned_by.as_ref();
                    owned.is_some_and(|of| of.table == column.table && of.column == column.name)
                        && default.as_str() == format!("nextval('{}'::regclass)", it.name)
                }
                _ => false,
            })
    }

    fn type_of(
        &mut self,
        id: &ObjectId,
        column: &Column,
        hints: &ColumnHints,
    ) -> Option<ValueType> {
        if let Some(known) = value_type(self.schema, &column.data_type) {
            return Some(known);
        }
        if hints.rust_type.is_some() || hints.python_type.is_some() {
            return Some(ValueType::Text("unknown"));
        }
        let message = format!("`{}` of {id} has no corresponding type in code", column.data_type);
        let help = "set one, to transfer its text: `codegen = { rust_type = \"String\", \
                    python_type = \"str\" }`";
        self.error(id.clone(), message, help);
        None
    }

    fn keys(&self, entity: &mut Entity) {
        let fields = |columns: &[Ident]| -> Vec<usize> {
            columns.iter().filter_map(|it| entity.field_of(it)).collect()
        };
        let (mut key, mut uniques) = (Vec::new(), Vec::new());
        let (mut key_constraint, mut at_once) = (None, false);
        for constraint in self.schema.constraints(&entity.name) {
            match &constraint.rule {
                ConstraintRule::PrimaryKey(it) if !it.without_overlaps => {
                    key = fields(&it.columns);
                    key_constraint = Some(constraint.name.clone());
                    at_once = constraint.timing == Timing::NotDeferrable;
                }
                // ON CONFLICT takes no deferrable constraint for its arbiter.
                ConstraintRule::Unique(it)
                    if !it.without_overlaps && constraint.timing == Timing::NotDeferrable =>
                {
                    uniques.push(fields(&it.columns));
                }
                ConstraintRule::PrimaryKey(_)
                | ConstraintRule::Unique(_)
                | ConstraintRule::ForeignKey(_)
                | ConstraintRule::Check { .. }
                | ConstraintRule::Exclude { .. } => {}
            }
        }
        for index in self.schema.indexes(&entity.name) {
            if index.unique && index.valid && index.predicate.is_none() {
                let columns: Option<Vec<Ident>> = index.keys.iter().map(plain_column).collect();
                uniques.extend(columns.map(|it| fields(&it)));
            }
        }
        let mut seen = vec![key.clone()];
        uniques.retain(|it| {
            let new = !it.is_empty() && !seen.contains(it);
            seen.push(it.clone());
            new
        });
        uniques.sort();
        entity.upserts = at_once && key.iter().all(|it| entity.fields[*it].writable);
        entity.key = key;
        entity.key_constraint = key_constraint;
        entity.uniques = uniques.into_iter().map(|fields| UniqueKey { fields }).collect();
        entity.constraints = self.schema.constraints(&entity.name).cloned().collect();
    }

    fn order(&mut self, entity: &Entity, hints: &[OrderHint]) -> Option<ListOrder> {
        if hints.is_empty() {
            return default_order(entity);
        }
        let id = entity.id.clone();
        let mut terms: Vec<(usize, bool)> = Vec::new();
        for hint in hints {
            let Some(idx) = entity.field_of(&hint.column) else {
                let message = format!("{id} has no column `{}` to sort by", hint.column.as_str());
                self.error(id.clone(), message, "`order` is a list of columns");
                continue;
            };
            let field = &entity.fields[idx];
            if field.nullable || !field.light {
                let message =
                    format!("rows of {id} cannot be paginated by `{}`", field.column.name);
                let help = "pages can only be sorted by columns that are NOT NULL and in every \
                            listed row";
                self.error(id.clone(), message, help);
            }
            if terms.iter().any(|it| it.0 == idx) {
                let message = format!("pages of {id} are sorted by `{}` twice", field.column.name);
                self.error(id.clone(), message, "the second one has no effect");
                continue;
            }
            terms.push((idx, hint.descending));
        }
        let fields: Vec<usize> = terms.iter().map(|it| it.0).collect();
        if !entity.tells_apart(&fields) {
            let message = format!("the order of {id} is not unique");
            self.error(id.clone(), message, "end it with the primary key or a unique key");
        }
        let index = index_for(entity, &terms);
        // A view is as fast as what it is made of.
        let stored = id.kind != ObjectKind::Defined(DefinedKind::View);
        if stored && index.is_none() && !is_key_order(entity, &terms) {
            let message = format!("no index of {id} has the order of its pages");
            self.warning(id, message);
        }
        Some(ListOrder { terms, index })
    }
}

/// Newest first, where an index holds a time and then the key; else by the key.
fn default_order(entity: &Entity) -> Option<ListOrder> {
    if !entity.has_key() || entity.key.iter().any(|it| !entity.fields[*it].light) {
        return None;
    }
    let by_time = entity.indexes.iter().find_map(|index| {
        let terms = index_terms(entity, index)?;
        let (first, descending) = *terms.first()?;
        let field = &entity.fields[first];
        let rest: Vec<usize> = terms[1..].iter().map(|it| it.0).collect();
        let useful = field.value_type.is_time() && !field.nullable && field.light;
        let uniform = terms.iter().all(|it| it.1 == descending);
        (useful && uniform && rest == entity.key).then(|| (index.name.clone(), terms))
    });
    Some(match by_time {
        // Newest first reads such an index from one end or the other.
        Some((index, terms)) => ListOrder {
            terms: terms.into_iter().map(|(idx, _)| (idx, true)).collect(),
            index: Some(index),
        },
        None => ListOrder {
            terms: entity.key.iter().map(|it| (*it, false)).collect(),
            index: entity.key_constraint.clone(),
        },
    })
}

fn is_view(definition: &Definition) -> bool {
    matches!(definition.id.kind, ObjectKind::Defined(kind) if kind.is_relation())
}

/// The plain keys of a whole B-tree index, and their directions.
fn index_terms(entity: &Entity, index: &Index) -> Option<Vec<(usize, bool)>> {
    if index.method.as_str() != "btree" || index.predicate.is_some() {
        return None;
    }
    let terms = index.keys.iter().map(|key| {
        let column = plain_column(key)?;
        Some((entity.field_of(&column)?, key.descending))
    });
    terms.collect()
}

fn index_for(entity: &Entity, terms: &[(usize, bool)]) -> Option<Ident> {
    if is_key_order(entity, terms) {
        return entity.key_constraint.clone();
    }
    let turned: Vec<(usize, bool)> = terms.iter().map(|(idx, it)| (*idx, !it)).collect();
    let serves = |index: &&Index| {
        index_terms(entity, index)
            .is_some_and(|it| it.starts_with(terms) || it.starts_with(&turned))
    };
    entity.indexes.iter().find(serves).map(|it| it.name.clone())
}

fn is_key_order(entity: &Entity, terms: &[(usize, bool)]) -> bool {
    let uniform = terms.iter().all(|it| it.1 == terms[0].1);
    uniform && terms.iter().map(|it| it.0).eq(entity.key.iter().copied())
}

fn plain_column(key: &IndexKey) -> Option<Ident> {
    match &key.value {
        IndexValue::Column(column) => Some(column.clone()),
        IndexValue::Expression(_) => None,
    }
}

/// `name type collation`, as the catalog query writes it. Only a quoted collation has spaces in it.
fn interface_column(text: &str) -> Option<(Ident, PgType)> {
    let (name, rest) = take_ident(text)?;
    let collation = match rest.strip_suffix('"') {
        Some(quoted) => quoted.rfind('"')?,
        None => rest.len(),
    };
    let data_type = &rest[..rest[..collation].rfind(' ')?];
    Some((name, PgType::parse(data_type).ok()?))
}

/// An identifier as `quote_ident` writes it, and what follows.
fn take_ident(text: &str) -> Option<(Ident, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (name, rest) = text.split_once(' ')?;
        return Some((Ident::new(name), rest));
    };
    let mut name = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, it)) = chars.next() {
        if it != '"' {
            name.push(it);
        } else if quoted[at + 1..].starts_with('"') {
            name.push('"');
            chars.next();
        } else {
            return Some((Ident::new(name), &quoted[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, data_type: &str) {
        let (found, found_type) = interface_column(text).expect("a column");
        assert_eq!((found.as_str(), found_type.to_string().as_str()), (name, data_type));
    }

    #[test]
    fn columns_of_views_are_read_back() {
        check("id bigint -", "id", "bigint");
        check("\"a \"\"b\" timestamp with time zone -", "a \"b", "timestamp with time zone");
        check("name character varying(20) \"default\"", "name", "character varying(20)");
        check("name text public.\"my coll\"", "name", "text");
        check("name text \"C\"", "name", "text");
    }
}
