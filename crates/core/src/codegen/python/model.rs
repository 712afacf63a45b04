//! The mapped class of a table: its attributes and its `__table_args__`.

use super::inline::Inline;
use super::keys::{foreign_key_options, referenced, timing};
use super::layout::{Code, Home, annotated, definition, fits, is_lost_in_revisions, sql, string};
use super::names;
use super::needs::Needs;
use super::runtime::Module;
use super::types::{PythonType, Types};
use super::values::Place;
use crate::codegen::blueprint::{Entity, Field};
use crate::codegen::value_type::{Builtin, ValueType, domain_of};
use crate::model::Schema;
use crate::model::column::ColumnValue;
use crate::model::constraint::{Constraint, ConstraintRule, ForeignKey, Timing};
use crate::model::ident::{Ident, PUBLIC, object_name};
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::Object;
use crate::model::sequence::{ColumnRef, SequenceOptions};

/// A column in the module of its table.
pub(super) struct ColumnView {
    /// The attribute of the model.
    pub(super) attribute: String,
    /// The field of Pydantic classes.
    pub(super) field: String,
    pub(super) python: PythonType,
    pub(super) nullable: bool,
}

impl ColumnView {
    pub(super) fn new(types: &Types<'_>, entity: &Entity, it: &Field) -> Self {
        Self {
            attribute: names::attribute(&it.name),
            field: names::field(&it.name),
            python: types.of_field(entity, it),
            nullable: it.nullable,
        }
    }

    /// The annotation as an argument.
    pub(super) fn bare(&self) -> String {
        self.python.value.text(Place::Row)
    }

    /// The annotation with NULL where there can be one.
    pub(super) fn annotation(&self, place: Place) -> String {
        let value = &self.python.value;
        if self.nullable { value.or_none(place) } else { value.text(place) }
    }
}

/// The lines of one attribute.
pub(super) fn mapped(
    schema: &Schema,
    entity: &Entity,
    it: &Field,
    view: &ColumnView,
    inline: &Inline,
    needs: &mut Needs,
) -> String {
    let column = &it.column;
    let mut items = Vec::new();
    if view.attribute != column.name.as_str() {
        items.push(Code::text(string(column.name.as_str())));
    }
    let data_type = column_type(view, column.collation.as_deref());
    items.push(match is_serial_beside_the_key(entity, it) {
        true => Home::Support(Module::Types).call("Serial", vec![data_type]),
        false => data_type,
    });
    items.extend(generated(&column.value));
    items.extend(inline.of(column).cloned());
    let in_key = entity.key.iter().any(|idx| std::ptr::eq(&entity.fields[*idx], it));
    items.extend(in_key.then(|| Code::text("primary_key=True")));
    if view.python.value.hides_null() {
        items.push(Code::text(if it.nullable { "nullable=True" } else { "nullable=False" }));
    }
    items.extend(server_default(schema, entity, it, in_key));
    if !it.light {
        items.push(Code::text("deferred=True"));
        items.push(Code::text("deferred_raiseload=True"));
    }
    if let Some(comment) = &column.comment {
        items.push(Code::text(format!("comment={}", string(comment))));
    }
    if !it.nullable && !column.not_null {
        // A domain, or the declaration of a view, excludes NULL.
        items.push(Code::text("info={\"without_not_null\": True}"));
    }
    let call = Code::call("mapped_column", items);
    needs.add(call.needs());
    needs.add(view.python.needs());
    let annotation = format!("Mapped[{}]", view.annotation(Place::Row));
    annotated(4, &view.attribute, &annotation, Some(&call))
}

/// The type of a column, with its collation where it is one of SQLAlchemy's own.
fn column_type(view: &ColumnView, collation: Option<&str>) -> Code {
    let column = view.python.column.clone();
    let (Some(collation), Code::From { home: Home::Sa, code }) = (collation, &column) else {
        return column;
    };
    let (name, size) = match &**code {
        Code::Text(name) => (name.as_str(), &[][..]),
        Code::Group { open, items, .. } => (&open[..open.len() - 1], items.as_slice()),
        Code::Same { .. } | Code::From { .. } => return column,
    };
    let parts = identifiers(collation);
    let mut items = size.to_vec();
    match parts.as_slice() {
        [namespace, own] if namespace != PUBLIC => {
            let plain = Code::From { home: Home::Sa, code: Box::new(Code::text(name)) };
            let texts = [string(own), string(namespace)].map(Code::text);
            let items = [vec![plain], texts.to_vec(), items].concat();
            Home::Support(Module::Types).call("collated", items)
        }
        [.., own] => {
            items.push(Code::text(format!("collation={}", string(own))));
            Code::From { home: Home::Sa, code: Box::new(Code::call(name, items)) }
        }
        [] => column,
    }
}

/// The parts of a qualified name, without their quotes.
fn identifiers(sql: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quoted, mut chars) = (false, sql.chars().peekable());
    while let Some(it) = chars.next() {
        match it {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => part.push('"'),
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(std::mem::take(&mut part)),
            it => part.push(it),
        }
    }
    parts.push(part);
    parts
}

fn generated(value: &ColumnValue) -> Option<Code> {
    match value {
        ColumnValue::Stored(it) => {
            let items = vec![Code::text(definition(it.as_str())), Code::text("persisted=True")];
            Some(Home::Sa.call("Computed", items))
        }
        ColumnValue::Virtual(it) => {
            let items = vec![Code::text(definition(it.as_str())), Code::text("persisted=False")];
            Some(Home::Sa.call("Computed", items))
        }
        ColumnValue::Identity(it) => {
            let options = &it.options;
            let usual =
                SequenceOptions::with_increment(options.data_type.clone(), options.increment);
            let numbers = [
                ("start", options.start, usual.start),
                ("increment", options.increment, 1),
                ("minvalue", options.min, usual.min),
                ("maxvalue", options.max, usual.max),
                ("cache", options.cache, usual.cache),
            ];
            let mut items: Vec<Code> = Vec::new();
            items.extend(it.always.then(|| Code::text("always=True")));
            let said = numbers.iter().filter(|(_, own, usual)| own != usual);
            items.extend(said.map(|(name, own, _)| Code::text(format!("{name}={own}"))));
            items.extend(options.cycle.then(|| Code::text("cycle=True")));
            Some(Home::Sa.call("Identity", items))
        }
        ColumnValue::None | ColumnValue::Default(_) => None,
    }
}

/// The sequence of a serial key is created by SQLAlchemy; every other default is written.
fn server_default(schema: &Schema, entity: &Entity, it: &Field, in_key: bool) -> Option<Code> {
    let integer =
        matches!(it.value_type, ValueType::Builtin(Builtin::Int2 | Builtin::Int4 | Builtin::Int8));
    let numeric = matches!(it.value_type, ValueType::Numeric(_));
    let only_key = in_key && entity.key.len() == 1;
    let said = |text: &str| Some(Code::keyword("server_default", default(it, text)));
    match &it.column.value {
        ColumnValue::Default(default) => {
            let text = default.as_str();
            if only_key && integer && it.serial {
                return Some(Code::text("autoincrement=True"));
            }
            if is_serial_beside_the_key(entity, it) {
                let fetched = Home::Sa.call("FetchedValue", Vec::new());
                return Some(Code::keyword("server_default", fetched));
            }
            // Alembic takes the cast off what the database has, and compares nothing further if the
            // rest is the same; else it would ask the server for two numbers, which never are.
            said(&numbers_of(text).unwrap_or_else(|| text.to_owned()))
        }
        ColumnValue::None if only_key && (integer || numeric) => {
            // SQLAlchemy would make a sequence for it.
            Some(Code::text("autoincrement=False"))
        }
        // SQLAlchemy reads the default of a domain for that of its columns.
        ColumnValue::None if !entity.view => {
            said(domain_of(schema, &it.column.data_type)?.default.as_ref()?.as_str())
        }
        _ => None,
    }
}

/// A default in SQL. A string alone is one in Python, too, where Alembic would lose what is escaped.
fn default(it: &Field, text: &str) -> Code {
    let base = it.value_type.base();
    let comparable = !matches!(base, ValueType::Builtin(Builtin::Json) | ValueType::Text(_));
    match string_alone(text) {
        Some(value) if comparable && is_lost_in_revisions(text) => Code::text(string(&value)),
        _ if comparable => Home::Sa.call("text", vec![Code::text(definition(text))]),
        // Alembic lets the server compare defaults of other spellings, and these have no equality.
        _ => Home::Sa.call("text", vec![Code::text(sql(text))]),
    }
}

/// The value of `'…'` or `'…'::type`, unless it has a quote inside, which Alembic compares as it is.
fn string_alone(text: &str) -> Option<String> {
    let (value, cast) = text.strip_prefix('\'')?.split_once('\'')?;
    let alone = cast.is_empty() || cast.starts_with("::");
    (alone && !cast.contains([' ', '\''])).then(|| value.to_owned())
}

/// Whether a column counts on with a sequence of its own that is not the one of the key, which
/// SQLAlchemy makes by itself.
fn is_serial_beside_the_key(entity: &Entity, it: &Field) -> bool {
    let alone = entity.key.len() == 1 && std::ptr::eq(&entity.fields[entity.key[0]], it);
    it.serial && !alone
}

/// `nextval('…')` of a default that is nothing else.
fn numbers_of(default: &str) -> Option<String> {
    let inside = default.strip_prefix("nextval('")?.strip_suffix("'::regclass)")?;
    let plain = !inside.replace("''", "").contains('\'');
    plain.then(|| format!("nextval('{inside}')"))
}

/// What makes the sequences that columns beside the key count on with: Alembic sees no such default,
/// and so the model says none.
fn listeners(schema: &Schema, entity: &Entity) -> Vec<Code> {
    let table = &entity.name;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for it in entity.fields.iter().filter(|it| is_serial_beside_the_key(entity, it)) {
        let column = &it.column.name;
        let owned = |owner: &ColumnRef| owner.table == *table && owner.column == *column;
        let sequence = schema.iter().find_map(|(_, object)| match object {
            Object::Sequence(it) if it.owned_by.as_ref().is_some_and(owned) => Some(it),
            _ => None,
        });
        let (Some(sequence), ColumnValue::Default(default)) = (sequence, &it.column.value) else {
            continue;
        };
        let (name, of) = (&sequence.name, &sequence.options.data_type);
        before.push(format!("CREATE SEQUENCE {name} AS {of}"));
        after.push(format!("ALTER SEQUENCE {name} OWNED BY {table}.{column}"));
        after.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {}",
            default.as_str()
        ));
    }
    let listener = |(event, statements): (&str, Vec<String>)| {
        let texts = statements.iter().map(|it| sql(it)).map(Code::text);
        let items = std::iter::once(Code::text(string(event))).chain(texts).collect();
        Home::Support(Module::Tables).call("listener", items)
    };
    let both = [("before_create", before), ("after_create", after)];
    both.into_iter().filter(|it| !it.1.is_empty()).map(listener).collect()
}

/// `__table_args__`, empty where there is nothing to say.
pub(super) fn table_args(
    schema: &Schema,
    entity: &Entity,
    entities: &[Entity],
    inline: &Inline,
    needs: &mut Needs,
) -> String {
    let mut items: Vec<Code> = Vec::new();
    for it in entity.constraints.iter().filter(|it| !inline.has(&it.name)) {
        items.extend(constraint(entity, it, entities));
    }
    // A view is not made by SQLAlchemy, and neither are its indexes.
    let indexes = entity.indexes.iter().filter(|it| !entity.view && !inline.has(&it.name));
    items.extend(indexes.map(index));
    let mut options = Vec::new();
    let namespace = entity.name.namespace.as_str();
    if namespace != PUBLIC {
        options.push(Code::text(format!("\"schema\": {}", string(namespace))));
    }
    if let Some(comment) = &entity.comment {
        options.push(Code::text(format!("\"comment\": {}", string(comment))));
    }
    if let Some(Object::Table(table)) = schema.get(&entity.id)
        && let Some(partitions) = &table.partition_by
    {
        options.push(Code::text(format!("\"postgresql_partition_by\": {}", string(partitions))));
    }
    let listeners = listeners(schema, entity);
    if !listeners.is_empty() {
        let open = "\"listeners\": [".to_owned();
        options.push(Code::Group { open, items: listeners, close: "]" });
    }
    if !options.is_empty() {
        items.push(Code::Group { open: "{".to_owned(), items: options, close: "}" });
    }
    if items.is_empty() {
        return String::new();
    }
    let single = items.len() == 1;
    let group = Code::Group { open: "(".to_owned(), items, close: ")" };
    needs.add(group.needs());
    let line = group.lines(4, "__table_args__ = ", "");
    // The comma that makes one item a tuple takes a column, too.
    match single && !line.contains('\n') && fits(&format!("{line},")) {
        true => format!("{},)", &line[..line.len() - 1]),
        false => group.spread(4, "__table_args__ = ", ""),
    }
}

fn constraint(entity: &Entity, it: &Constraint, entities: &[Entity]) -> Option<Code> {
    let columns = |names: &[Ident]| -> Vec<Code> {
        names.iter().map(|it| Code::text(string(it.as_str()))).collect()
    };
    let name = Code::text(format!("name={}", string(it.name.as_str())));
    let (class, mut items) = match &it.rule {
        ConstraintRule::PrimaryKey(key) => {
            let made = object_name(entity.name.name.as_str(), None, "pkey");
            // The columns have a key of their own, in their own order.
            let in_order = entity.key.is_sorted();
            if made == it.name && it.timing == Timing::NotDeferrable && in_order {
                return None;
            }
            ("PrimaryKeyConstraint", columns(&key.columns))
        }
        ConstraintRule::Unique(key) => {
            let mut items = columns(&key.columns);
            items.extend(
                key.nulls_not_distinct.then(|| Code::text("postgresql_nulls_not_distinct=True")),
            );
            if !key.include.is_empty() {
                let list = Code::list(columns(&key.include));
                items.push(Code::keyword("postgresql_include", list));
            }
            ("UniqueConstraint", items)
        }
        ConstraintRule::ForeignKey(key) => ("ForeignKeyConstraint", foreign_key(key, entities)),
        ConstraintRule::Check { expression, .. } => {
            ("CheckConstraint", vec![Code::text(definition(expression.as_str()))])
        }
        ConstraintRule::Exclude { .. } => return None,
    };
    items.push(name);
    items.extend(timing(it.timing));
    Some(Home::Sa.call(class, items))
}

fn foreign_key(key: &ForeignKey, entities: &[Entity]) -> Vec<Code> {
    let listed =
        |items: Vec<String>| Code::list(items.iter().map(|it| Code::text(string(it))).collect());
    let columns: Vec<String> = key.columns.iter().map(|it| it.as_str().to_owned()).collect();
    let names = referenced(key, entities);
    let is_elsewhere = names.is_none();
    let other = match names {
        Some(names) => listed(names),
        None => {
            let namespace = key.references.namespace.as_str();
            let mut items = vec![Code::text(string(key.references.name.as_str()))];
            let columns = key.referenced_columns.iter();
            items.extend(columns.map(|it| Code::text(string(it.as_str()))));
            let other = namespace != PUBLIC;
            items.extend(other.then(|| Code::text(format!("schema={}", string(namespace)))));
            Home::Support(Module::Tables).call("columns_of", items)
        }
    };
    let mut items = vec![listed(columns), other];
    items.extend(foreign_key_options(key));
    let has_model = entities.iter().any(|it| !it.view && it.name == key.references);
    // SQLAlchemy does not see which of two tables has to be there first.
    items.extend((has_model && is_elsewhere).then(|| Code::text("use_alter=True")));
    items
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
        let text = Home::Sa.call("text", vec![Code::text(definition(predicate.as_str()))]);
        items.push(Code::keyword("postgresql_where", text));
    }
    items
        .extend(index.nulls_not_distinct.then(|| Code::text("postgresql_nulls_not_distinct=True")));
    Home::Sa.call("Index", items)
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
        IndexValue::Expression(it) => {
            let bare = bare_columns(it.as_str());
            if is_call(&bare) { bare } else { format!("({bare})") }
        }
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
    Home::Sa.call("text", vec![Code::text(sql(&text))])
}

/// An expression as PostgreSQL prints it for people, which is what Alembic compares with: a column has
/// no parentheses before a cast.
fn bare_columns(expression: &str) -> String {
    let mut text = String::new();
    let mut rest = expression;
    let mut literal = false;
    while let Some(it) = rest.chars().next() {
        literal ^= it == '\'';
        rest = &rest[it.len_utf8()..];
        let called = text.ends_with(|it: char| it.is_alphanumeric() || "_$\"".contains(it));
        let column = column_at(rest);
        let alone = rest[column.len()..].starts_with(")::") && !column.is_empty();
        if it == '(' && !literal && !called && alone {
            text.push_str(column);
            rest = &rest[column.len() + 1..];
        } else {
            text.push(it);
        }
    }
    text
}

/// Whether an expression is a call of a function from end to end, which needs no parentheses.
fn is_call(expression: &str) -> bool {
    let word = |it: char| it.is_alphanumeric() || "_.$\"".contains(it);
    let name = expression.find(|it| !word(it)).unwrap_or(0);
    let (mut depth, mut literal) = (0_usize, false);
    let mut ends = expression[name..].char_indices().filter(|(_, it)| {
        literal ^= *it == '\'';
        match it {
            '(' if !literal => depth += 1,
            ')' if !literal => depth = depth.saturating_sub(1),
            _ => return depth == 0 && !literal,
        }
        depth == 0
    });
    let end = ends.next().map(|(at, _)| name + at + 1);
    name > 0
        && expression[name..].starts_with('(')
        && end == Some(expression.len())
        && !expression[..name].eq_ignore_ascii_case("row")
}

/// The identifier that a text begins with, with its quotes.
fn column_at(text: &str) -> &str {
    let word = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
    if !text.starts_with('"') {
        return &text[..text.find(|it| !word(it)).unwrap_or(text.len())];
    }
    let mut end = 1;
    while let Some(at) = text[end..].find('"') {
        end += at + 1;
        if !text[end..].starts_with('"') {
            return &text[..end];
        }
        end += 1;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_need_no_parentheses_before_a_cast() {
        assert_eq!(bare_columns("lower((email)::text)"), "lower(email::text)");
        assert_eq!(bare_columns("(\"a \"\"b\")::text || 'x'"), "\"a \"\"b\"::text || 'x'");
        for same in
            ["lower(email)::text", "(a + b)::text", "'(a)::'::text", "\"F\"(a)::text", "x[(1)]"]
        {
            assert_eq!(bare_columns(same), same);
        }
    }

    #[test]
    fn calls_need_no_parentheses() {
        for call in ["lower(a)", "app.f(a, (b + 1))", "COALESCE(a, ')'::text)"] {
            assert!(is_call(call), "{call}");
        }
        for other in ["a", "(a)", "f(a) || g(b)", "f(a)::text", "ROW(a, b)", "a || f(b)", ""] {
            assert!(!is_call(other), "{other}");
        }
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(identifiers("\"C\""), ["C"]);
        assert_eq!(identifiers("app.\"My \"\"Coll\""), ["app", "My \"Coll"]);
        assert_eq!(identifiers("\"a.b\".c"), ["a.b", "c"]);
    }

    #[test]
    fn defaults_that_only_count_lose_their_cast() {
        let counted = numbers_of("nextval('app.numbers'::regclass)");
        assert_eq!(counted.as_deref(), Some("nextval('app.numbers')"));
        assert_eq!(numbers_of("nextval('a'::regclass) + nextval('b'::regclass)"), None);
    }
}
