//! The mapped class of a table: its attributes and what its `__table_args__` say.

use super::layout::{Code, fits, sql, string};
use super::names;
use super::types::{PythonType, Types};
use crate::codegen::blueprint::{Entity, Field};
use crate::codegen::value_type::{Builtin, ValueType};
use crate::model::column::ColumnValue;
use crate::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Timing};
use crate::model::ident::{PUBLIC, object_name};
use crate::model::index::{Index, IndexKey, IndexValue};

/// A column in the module of its table.
pub(super) struct ColumnView {
    /// The attribute of the model.
    pub(super) attribute: String,
    /// The field of Pydantic classes.
    pub(super) field: String,
    pub(super) python: PythonType,
    pub(super) nullable: bool,
    pub(super) argument: String,
}

impl ColumnView {
    pub(super) fn new(types: &Types<'_>, it: &Field) -> Self {
        Self {
            attribute: names::attribute(&it.name),
            field: names::field(&it.name),
            python: types.of_field(it),
            nullable: it.nullable,
            argument: names::argument(&it.name),
        }
    }

    /// The annotation with NULL where there can be one.
    pub(super) fn annotation(&self) -> String {
        let bare = &self.python.annotation;
        // What is any JSON is NULL as well.
        if self.nullable && bare != "JsonValue" { format!("{bare} | None") } else { bare.clone() }
    }
}

/// The lines of one attribute.
pub(super) fn mapped(entity: &Entity, it: &Field, view: &ColumnView) -> String {
    let column = &it.column;
    let mut items = Vec::new();
    if view.attribute != column.name.as_str() {
        items.push(Code::text(string(column.name.as_str())));
    }
    items.push(column_type(view, column.collation.as_deref()));
    items.extend(generated(&column.value));
    let in_key = entity.key.iter().any(|idx| std::ptr::eq(&entity.fields[*idx], it));
    items.extend(in_key.then(|| Code::text("primary_key=True")));
    // Of views PostgreSQL does not know it, but the declaration may.
    let not_null = column.not_null || (entity.view && !it.nullable);
    items.push(Code::text(if not_null { "nullable=False" } else { "nullable=True" }));
    items.extend(server_default(entity, it, in_key));
    if !it.light {
        items.push(Code::text("deferred=True"));
        items.push(Code::text("deferred_raiseload=True"));
    }
    if let Some(comment) = &column.comment {
        items.push(Code::text(format!("comment={}", string(comment))));
    }
    let call = Code::call("orm.mapped_column", items);
    let prefix = format!("{}: orm.Mapped[{}] = ", view.attribute, view.annotation());
    call.lines(4, &prefix, "")
}

fn column_type(view: &ColumnView, collation: Option<&str>) -> Code {
    let Some(collation) = collation else { return view.python.column.clone() };
    let own = Code::text(format!("collation={}", string(collation.trim_matches('"'))));
    match view.python.column.clone() {
        Code::Text(name) if name.starts_with("sa.") => Code::call(&name, vec![own]),
        Code::Group { open, mut items, close } if open.starts_with("sa.") => {
            items.push(own);
            Code::Group { open, items, close }
        }
        other => other,
    }
}

fn generated(value: &ColumnValue) -> Option<Code> {
    match value {
        ColumnValue::Stored(it) => {
            let items = vec![Code::text(sql(it.as_str())), Code::text("persisted=True")];
            Some(Code::call("sa.Computed", items))
        }
        ColumnValue::Virtual(it) => {
            let items = vec![Code::text(sql(it.as_str())), Code::text("persisted=False")];
            Some(Code::call("sa.Computed", items))
        }
        ColumnValue::Identity(it) => {
            let (mut items, options) = (Vec::new(), &it.options);
            items.extend(it.always.then(|| Code::text("always=True")));
            if options.start != 1 {
                items.push(Code::text(format!("start={}", options.start)));
            }
            if options.increment != 1 {
                items.push(Code::text(format!("increment={}", options.increment)));
            }
            Some(Code::call("sa.Identity", items))
        }
        ColumnValue::None | ColumnValue::Default(_) => None,
    }
}

/// A sequence of the key's own comes back by itself; every other default is said.
fn server_default(entity: &Entity, it: &Field, in_key: bool) -> Option<Code> {
    let integer =
        matches!(it.value_type, ValueType::Builtin(Builtin::Int2 | Builtin::Int4 | Builtin::Int8));
    let only_key = in_key && entity.key.len() == 1;
    match &it.column.value {
        ColumnValue::Default(default) => {
            let text = default.as_str();
            if only_key && integer && text == own_sequence(it) {
                return Some(Code::text("autoincrement=True"));
            }
            let default = Code::call("sa.text", vec![Code::text(sql(text))]);
            Some(Code::keyword("server_default", default))
        }
        // SQLAlchemy would make a sequence for it.
        ColumnValue::None => (only_key && integer).then(|| Code::text("autoincrement=False")),
        _ => None,
    }
}

/// The default that `serial` leaves behind.
fn own_sequence(it: &Field) -> String {
    let column = &it.column;
    let name = object_name(column.table.name.as_str(), Some(column.name.as_str()), "seq");
    let qualified = column.table.sibling(name);
    format!("nextval('{qualified}'::regclass)")
}

/// `__table_args__`, empty where there is nothing to say.
pub(super) fn table_args(entity: &Entity, entities: &[Entity]) -> String {
    let mut items: Vec<Code> = Vec::new();
    for it in &entity.constraints {
        items.extend(constraint(entity, it, entities));
    }
    // A view is not made by SQLAlchemy, and neither are its indexes.
    items.extend(entity.indexes.iter().filter(|_| !entity.view).map(index));
    let mut options = Vec::new();
    let namespace = entity.name.namespace.as_str();
    if namespace != PUBLIC {
        options.push(Code::text(format!("\"schema\": {}", string(namespace))));
    }
    if let Some(comment) = &entity.comment {
        options.push(Code::text(format!("\"comment\": {}", string(comment))));
    }
    if !options.is_empty() {
        items.push(Code::Group { open: "{".to_owned(), items: options, close: "}" });
    }
    if items.is_empty() {
        return String::new();
    }
    let single = items.len() == 1;
    let group = Code::Group { open: "(".to_owned(), items, close: ")" };
    let line = group.lines(4, "__table_args__ = ", "");
    // The comma that makes one item a tuple takes a column, too.
    match single && !line.contains('\n') && fits(&format!("{line},")) {
        true => format!("{},)", &line[..line.len() - 1]),
        false => group.spread(4, "__table_args__ = ", ""),
    }
}

fn constraint(entity: &Entity, it: &Constraint, entities: &[Entity]) -> Option<Code> {
    let columns = |names: &[crate::model::ident::Ident]| -> Vec<Code> {
        names.iter().map(|it| Code::text(string(it.as_str()))).collect()
    };
    let name = Code::text(format!("name={}", string(it.name.as_str())));
    let (open, mut items) = match &it.rule {
        ConstraintRule::PrimaryKey(key) => {
            let made = object_name(entity.name.name.as_str(), None, "pkey");
            if made == it.name && it.timing == Timing::NotDeferrable {
                return None;
            }
            ("sa.PrimaryKeyConstraint", columns(&key.columns))
        }
        ConstraintRule::Unique(key) => {
            let mut items = columns(&key.columns);
            items.extend(
                key.nulls_not_distinct.then(|| Code::text("postgresql_nulls_not_distinct=True")),
            );
            ("sa.UniqueConstraint", items)
        }
        ConstraintRule::ForeignKey(key) => ("sa.ForeignKeyConstraint", foreign_key(key, entities)?),
        ConstraintRule::Check { expression, .. } => {
            ("sa.CheckConstraint", vec![Code::text(sql(expression.as_str()))])
        }
        ConstraintRule::Exclude { .. } => return None,
    };
    items.push(name);
    match it.timing {
        Timing::NotDeferrable => {}
        Timing::Deferrable => items.push(Code::text("deferrable=True")),
        Timing::Deferred => {
            items.push(Code::text("deferrable=True"));
            items.push(Code::text("initially=\"DEFERRED\""));
        }
    }
    Some(Code::call(open, items))
}

/// None where there is no model of the other table.
fn foreign_key(key: &ForeignKey, entities: &[Entity]) -> Option<Vec<Code>> {
    let known = |it: &&Entity| !it.view && it.name == key.references;
    entities.iter().find(known)?;
    let namespace = key.references.namespace.as_str();
    let prefix = if namespace == PUBLIC { String::new() } else { format!("{namespace}.") };
    let group = |items: Vec<String>| Code::Group {
        open: "[".to_owned(),
        items: items.iter().map(|it| Code::text(string(it))).collect(),
        close: "]",
    };
    let own = key.columns.iter().map(|it| it.as_str().to_owned()).collect();
    let table = key.references.name.as_str();
    let other = key.referenced_columns.iter().map(|it| format!("{prefix}{table}.{}", it.as_str()));
    let mut items = vec![group(own), group(other.collect())];
    for (name, action) in [("ondelete", key.on_delete), ("onupdate", key.on_update)] {
        if action != Action::NoAction {
            items.push(Code::text(format!("{name}=\"{}\"", action.sql())));
        }
    }
    items.extend(key.match_full.then(|| Code::text("match=\"FULL\"")));
    Some(items)
}

fn index(index: &Index) -> Code {
    let mut items = vec![Code::text(string(index.name.as_str()))];
    let mut ops = Vec::new();
    for key in &index.keys {
        items.push(index_key(key, &mut ops));
    }
    items.extend(index.unique.then(|| Code::text("unique=True")));
    if index.method.as_str() != "btree" {
        items.push(Code::text(format!("postgresql_using=\"{}\"", index.method.as_str())));
    }
    let options: Vec<Code> = index
        .options
        .iter()
        .map(|(name, value)| Code::text(format!("{}: {}", string(name), option(value))))
        .collect();
    let dictionary = |items| Code::Group { open: "{".to_owned(), items, close: "}" };
    if !options.is_empty() {
        items.push(Code::keyword("postgresql_with", dictionary(options)));
    }
    if !ops.is_empty() {
        items.push(Code::keyword("postgresql_ops", dictionary(ops)));
    }
    if !index.include.is_empty() {
        let names = index.include.iter().map(|it| Code::text(string(it.as_str()))).collect();
        let list = Code::Group { open: "[".to_owned(), items: names, close: "]" };
        items.push(Code::keyword("postgresql_include", list));
    }
    if let Some(predicate) = &index.predicate {
        let text = Code::call("sa.text", vec![Code::text(sql(predicate.as_str()))]);
        items.push(Code::keyword("postgresql_where", text));
    }
    items
        .extend(index.nulls_not_distinct.then(|| Code::text("postgresql_nulls_not_distinct=True")));
    Code::call("sa.Index", items)
}

fn option(value: &str) -> String {
    if value.parse::<f64>().is_ok() { value.to_owned() } else { string(value) }
}

/// A plain column by its name, its operator class beside it; anything else as SQL, since an
/// operator class of an expression would be lost.
fn index_key(key: &IndexKey, ops: &mut Vec<Code>) -> Code {
    let plain = !key.descending && !key.nulls_first && key.collation.is_none();
    let opclass = key.opclass.as_ref().map(|it| match &it.namespace {
        Some(namespace) => format!("{namespace}.{}", it.name),
        None => it.name.to_string(),
    });
    let parameters = key.opclass.as_ref().is_some_and(|it| !it.parameters.is_empty());
    if let IndexValue::Column(column) = &key.value
        && plain
        && !parameters
    {
        let name = string(column.as_str());
        ops.extend(opclass.map(|it| Code::text(format!("{name}: {}", string(&it)))));
        return Code::text(name);
    }
    let mut text = match &key.value {
        IndexValue::Column(column) => column.to_string(),
        IndexValue::Expression(it) => format!("({it})"),
    };
    if let Some(collation) = &key.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(opclass) = opclass {
        text.push_str(&format!(" {opclass}"));
    }
    if key.descending {
        text.push_str(" DESC");
    }
    // What comes first by itself is not said.
    if key.nulls_first != key.descending {
        text.push_str(if key.nulls_first { " NULLS FIRST" } else { " NULLS LAST" });
    }
    Code::call("sa.text", vec![Code::text(sql(&text))])
}
