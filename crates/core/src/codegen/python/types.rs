//! The Python types of values.

use super::Embedding;
use super::layout::{Code, Home, string};
use super::names;
use super::needs::{Import, Needs};
use super::runtime::Module;
use super::values::Value;
use crate::codegen::blueprint::{Blueprint, Entity, Field};
use crate::codegen::value_type::{Builtin, RangeOf, ValueType};
use crate::model::ident::{PUBLIC, QualifiedName};
use crate::model::pg_type::{PgType, VectorType};

/// A type in Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PythonType {
    /// The SQLAlchemy type.
    pub(super) column: Code,
    pub(super) value: Value,
    /// The enum or composite type that the column names, also where values are declared as another.
    class: Option<Import>,
    /// The function of the runtime that makes the bytes for COPY.
    pub(super) encoder: Option<Encoder>,
}

/// A function of the runtime, and its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Encoder {
    pub(super) name: &'static str,
    pub(super) module: Module,
}

/// `copy_…`
fn copy(name: &'static str) -> Option<Encoder> {
    Some(Encoder { name, module: Module::Encoders })
}

impl PythonType {
    fn new(column: Code, value: Value, encoder: Option<Encoder>) -> Self {
        Self { column, value, class: None, encoder }
    }

    fn of_class(column: Code, value: Value, import: Import) -> Self {
        Self { column, value, class: Some(import), encoder: None }
    }

    /// What a model with it needs. Its encoder is another matter.
    pub(super) fn needs(&self) -> Needs {
        let mut needs = self.column.needs();
        needs.add(self.value.needs());
        needs.imports.extend(self.class.clone());
        needs
    }
}

/// Names the types of a blueprint.
pub(super) struct Types<'b> {
    pub(super) blueprint: &'b Blueprint,
    pub(super) embedding: Embedding,
    /// Whether the declarative base is one of our own, which names constraints as PostgreSQL does.
    pub(super) own_base: bool,
}

/// The column that a type is of; elements of arrays are of none.
#[derive(Clone, Copy)]
struct Of<'f> {
    entity: Option<&'f Entity>,
    /// The column itself, for what a type knows of NULL: whether an array can contain it, and that
    /// None is NULL and not the null of JSON where a column of JSON can be NULL.
    field: Option<&'f Field>,
    modifier: Option<&'f str>,
}

impl Of<'_> {
    /// Whether an attribute has the name of an enum or a composite type, and so hides it from the lines
    /// below. Such a type is named with its module.
    fn hides(&self, name: &str) -> bool {
        self.entity.is_some_and(|it| is_hidden(it, name))
    }
}

impl Types<'_> {
    /// The type of a field without its NULL; the declaration can say another.
    pub(super) fn of_field(&self, entity: &Entity, field: &Field) -> PythonType {
        let modifier = field.column.data_type.modifier.as_deref();
        let of = Of { entity: Some(entity), field: Some(field), modifier };
        let mut own = match &field.value_type {
            it if is_text(it) => raw(&field.column.data_type),
            other => self.of(other, of),
        };
        if let Some(text) = &field.hints.python_type {
            own.value = Value::declared(text);
            let any = ["Any", "JsonValue", "object"].contains(&text.as_str());
            if !any && is_json(field.value_type.base()) {
                let items = vec![Code::text(text), own.column];
                own.column = Home::Support(Module::Types).call("Json", items);
            }
        }
        own
    }

    fn of(&self, value_type: &ValueType, of: Of<'_>) -> PythonType {
        match value_type {
            ValueType::Builtin(it) => builtin(*it, of),
            ValueType::Numeric(bounds) => {
                let sizes = bounds.iter().flat_map(|it| [it.0.to_string(), it.1.to_string()]);
                let sizes: Vec<Code> = sizes.map(Code::text).collect();
                PythonType::new(Home::Sa.named("Numeric", sizes), Value::Decimal, None)
            }
            ValueType::Bit(n) => {
                let column =
                    Home::Support(Module::Bits).call("Bits", vec![Code::text(n.to_string())]);
                PythonType::new(column, Value::Plain("str"), None)
            }
            ValueType::Vector(kind, dimensions) => self.vector(*kind, *dimensions),
            ValueType::Range(it) => range(*it),
            ValueType::Enum(name) => self.enumeration(name, of),
            ValueType::Composite(name) => self.composite(name, of),
            ValueType::Domain(name, base) => {
                let base = self.of(base, of);
                let items = vec![Code::text(string(&name.to_string())), base.column];
                let column = Home::Support(Module::Types).call("Domain", items);
                PythonType { column, ..base }
            }
            ValueType::Array(element) => self.array(element, of),
            ValueType::Text(name) => raw_named(name),
        }
    }

    fn array(&self, element: &ValueType, of: Of<'_>) -> PythonType {
        let null_elements = of.field.is_some_and(|it| it.hints.null_elements);
        let PythonType { column, value, class, .. } = self.of(element, Of { field: None, ..of });
        let value = if null_elements { Value::Nullable(Box::new(value)) } else { value };
        let mut items = vec![column];
        items.extend(is_list(element).then(|| Code::text("dimensions=1")));
        // Elements of JSON have a null of their own.
        let strict = of.field.is_some() && !null_elements && !is_json(element);
        let column = match strict {
            true => Home::Support(Module::Types).call("List", items),
            false => Home::Pg.call("ARRAY", items),
        };
        PythonType { column, value: Value::List(Box::new(value)), class, encoder: None }
    }

    /// The module of the runtime that has dense vectors.
    pub(super) fn vectors(&self) -> Module {
        match self.embedding {
            Embedding::List => Module::Vectors,
            Embedding::Numpy => Module::Arrays,
        }
    }

    fn vector(&self, kind: VectorType, dimensions: Option<u64>) -> PythonType {
        let size: Vec<Code> = dimensions.map(|it| Code::text(it.to_string())).into_iter().collect();
        let numbers = match self.embedding {
            Embedding::List => Value::List(Box::new(Value::Plain("float"))),
            Embedding::Numpy => Value::Array,
        };
        let module = self.vectors();
        let encoder = |name| Some(Encoder { name, module });
        let dense = |name: &str| Home::Support(module).call(name, size.clone());
        match kind {
            VectorType::Vector | VectorType::Bit => {
                PythonType::new(dense("Embedding"), numbers, encoder("vector_to_binary"))
            }
            VectorType::Halfvec => {
                PythonType::new(dense("HalfEmbedding"), numbers, encoder("halfvec_to_binary"))
            }
            VectorType::Sparsevec => {
                let column = Home::Support(Module::Sparse).call("SparseEmbedding", size);
                PythonType::new(column, Value::Sparse, None)
            }
        }
    }

    /// What a search takes for a vector.
    pub(super) fn numbers(&self) -> &'static str {
        match self.embedding {
            Embedding::List => "Sequence[float]",
            Embedding::Numpy => "Sequence[float] | support.Array",
        }
    }

    fn enumeration(&self, name: &QualifiedName, of: Of<'_>) -> PythonType {
        let it = self.blueprint.enum_of(name);
        let own_name = names::type_name(&it.model);
        let (model, import) = match of.hides(&own_name) {
            true => (format!("enums.{own_name}"), Import::Enums),
            false => (own_name.clone(), Import::Enum(own_name)),
        };
        let value = Value::Class { import: import.clone(), name: model.clone() };
        let home = Home::Support(Module::Enums);
        let mut items = vec![Code::text(model)];
        let (column, value) = if it.open {
            items.push(Code::text(string(&name.to_string())));
            (home.call("OpenEnum", items), Value::Open(Box::new(value)))
        } else {
            items.push(Code::text(format!("name={}", string(name.name.as_str()))));
            items.extend(schema_keyword(name));
            items.extend(it.underlies.then(|| Code::text("create_type=False")));
            (home.call("Labels", items), value)
        };
        let encoder = copy("copy_text");
        PythonType { encoder, ..PythonType::of_class(column, value, import) }
    }

    fn composite(&self, name: &QualifiedName, of: Of<'_>) -> PythonType {
        let own_name = names::type_name(&self.blueprint.composite_of(name).model);
        let (model, import) = match of.hides(&own_name) {
            true => (format!("composites.{own_name}"), Import::Composites),
            false => (own_name.clone(), Import::Composite(own_name)),
        };
        let items = vec![Code::text(&model), Code::text(string(&name.to_string()))];
        let column = Home::Support(Module::Types).call("Composite", items);
        PythonType::of_class(column, Value::Class { import: import.clone(), name: model }, import)
    }

    /// The value of an attribute of a composite type.
    pub(super) fn attribute(&self, value_type: &ValueType) -> Value {
        match value_type.base() {
            // The driver knows nothing of our classes inside of a record.
            ValueType::Enum(_) => Value::Plain("str"),
            ValueType::Composite(_) | ValueType::Vector(..) | ValueType::Text(_) => {
                Value::Plain("object")
            }
            ValueType::Builtin(_)
            | ValueType::Numeric(_)
            | ValueType::Bit(_)
            | ValueType::Range(_)
            | ValueType::Domain(..)
            | ValueType::Array(_) => {
                self.of(value_type, Of { entity: None, field: None, modifier: None }).value
            }
        }
    }
}

fn is_json(value_type: &ValueType) -> bool {
    matches!(value_type, ValueType::Builtin(Builtin::Json | Builtin::Jsonb))
}

/// Whether a value can be a list or a tuple, which SQLAlchemy would take for a dimension of the array
/// that it is in.
fn is_list(value_type: &ValueType) -> bool {
    matches!(
        value_type.base(),
        ValueType::Vector(..)
            | ValueType::Composite(_)
            | ValueType::Builtin(Builtin::Json | Builtin::Jsonb)
    )
}

/// Whether a type is carried as its text as a whole. An array of such a type is, too, since its
/// text cannot be taken apart.
fn is_text(value_type: &ValueType) -> bool {
    match value_type {
        ValueType::Text(_) => true,
        ValueType::Array(inner) | ValueType::Domain(_, inner) => {
            is_text(inner) || matches!(**inner, ValueType::Builtin(it) if is_sent_as_text(it))
        }
        _ => false,
    }
}

/// Whether the driver has an own idea of the values, so that a column is `support.Raw`.
fn is_sent_as_text(builtin: Builtin) -> bool {
    matches!(builtin, Builtin::InternalChar | Builtin::Point | Builtin::Box | Builtin::Path)
}

fn schema_keyword(name: &QualifiedName) -> Option<Code> {
    let namespace = name.namespace.as_str();
    (namespace != PUBLIC).then(|| Code::text(format!("schema={}", string(namespace))))
}

fn raw(data_type: &PgType) -> PythonType {
    raw_named(&data_type.to_string())
}

fn raw_named(name: &str) -> PythonType {
    let column = Home::Support(Module::Types).call("Raw", vec![Code::text(string(name))]);
    PythonType::new(column, Value::Plain("str"), None)
}

fn builtin(builtin: Builtin, of: Of<'_>) -> PythonType {
    let modifier = of.modifier;
    let size = || modifier.map(Code::text).into_iter().collect::<Vec<_>>();
    let sa = |name: &str, value: Value, encoder| {
        PythonType::new(Home::Sa.text(name), value, copy(encoder))
    };
    let text = |column: Code| PythonType::new(column, Value::Plain("str"), copy("copy_text"));
    let without = |column: Code, value: Value| PythonType::new(column, value, None);
    match builtin {
        Builtin::Bool => sa("Boolean", Value::Plain("bool"), "copy_bool"),
        Builtin::Int2 => sa("SmallInteger", Value::Plain("int"), "copy_int2"),
        Builtin::Int4 => sa("Integer", Value::Plain("int"), "copy_int4"),
        Builtin::Int8 => sa("BigInteger", Value::Plain("int"), "copy_int8"),
        Builtin::Oid => {
            PythonType::new(Home::Pg.text("OID"), Value::Plain("int"), copy("copy_oid"))
        }
        Builtin::Float4 => sa("REAL", Value::Plain("float"), "copy_float4"),
        Builtin::Float8 => sa("Double", Value::Plain("float"), "copy_float8"),
        Builtin::Text => text(Home::Sa.text("Text")),
        Builtin::Varchar => text(Home::Sa.named("String", size())),
        Builtin::Bpchar => text(Home::Sa.named("CHAR", size())),
        Builtin::Citext => text(Home::Pg.text("CITEXT")),
        Builtin::Name => raw_named("name"),
        Builtin::InternalChar => raw_named("\"char\""),
        Builtin::Point => raw_named("point"),
        Builtin::Box => raw_named("box"),
        Builtin::Path => raw_named("path"),
        Builtin::Bytea => sa("LargeBinary", Value::Plain("bytes"), "copy_bytes"),
        Builtin::Date => sa("Date", Value::Date, "copy_date"),
        Builtin::Time => {
            PythonType::new(time("TIME", modifier, false), Value::Time, copy("copy_time"))
        }
        Builtin::Timetz => without(time("TIME", modifier, true), Value::Time),
        Builtin::Timestamp => PythonType::new(
            time("TIMESTAMP", modifier, false),
            Value::Timestamp,
            copy("copy_timestamp"),
        ),
        Builtin::Timestamptz => PythonType::new(
            time("TIMESTAMP", modifier, true),
            Value::Timestamptz,
            copy("copy_timestamptz"),
        ),
        Builtin::Interval => PythonType::new(interval(of), Value::Interval, copy("copy_interval")),
        Builtin::Uuid => sa("Uuid", Value::Uuid, "copy_uuid"),
        Builtin::Json => PythonType::new(json("JSON", of), Value::Json, copy("copy_json")),
        Builtin::Jsonb => PythonType::new(json("JSONB", of), Value::Json, copy("copy_jsonb")),
        Builtin::Inet => without(Home::Pg.text("INET"), Value::Inet),
        Builtin::Cidr => without(Home::Pg.text("CIDR"), Value::Cidr),
        Builtin::Macaddr => without(Home::Pg.text("MACADDR"), Value::Plain("str")),
        Builtin::Varbit => {
            let mut items = size();
            if items.is_empty() {
                items.push(Code::text("None"));
            }
            items.push(Code::text("varying=True"));
            without(Home::Support(Module::Bits).call("Bits", items), Value::Plain("str"))
        }
        Builtin::Tsvector => without(Home::Pg.text("TSVECTOR"), Value::Plain("str")),
        Builtin::Hstore => without(Home::Pg.text("HSTORE"), Value::Plain("dict[str, str | None]")),
    }
}

fn json(name: &str, of: Of<'_>) -> Code {
    let nullable = of.field.is_some_and(|it| it.nullable);
    let items = nullable.then(|| Code::text("none_as_null=True"));
    Home::Pg.named(name, items.into_iter().collect())
}

/// `interval day to second` keeps some fields only.
fn interval(of: Of<'_>) -> Code {
    let kept = of.field.and_then(|it| it.column.data_type.name.strip_prefix("interval "));
    let mut items = Vec::new();
    items.extend(kept.map(|it| Code::text(format!("fields={}", string(&it.to_uppercase())))));
    items.extend(of.modifier.map(|it| Code::text(format!("precision={it}"))));
    Home::Pg.named("INTERVAL", items)
}

/// Times with a precision are PostgreSQL's own; the others anybody's.
fn time(name: &str, modifier: Option<&str>, zone: bool) -> Code {
    let mut items = Vec::new();
    items.extend(zone.then(|| Code::text("timezone=True")));
    items.extend(modifier.map(|it| Code::text(format!("precision={it}"))));
    let plain = if name == "TIME" { "Time" } else { "DateTime" };
    if modifier.is_some() { Home::Pg.call(name, items) } else { Home::Sa.named(plain, items) }
}

fn range(of: RangeOf) -> PythonType {
    let (column, bound) = match of {
        RangeOf::Int4 => ("INT4RANGE", Value::Plain("int")),
        RangeOf::Int8 => ("INT8RANGE", Value::Plain("int")),
        RangeOf::Numeric => ("NUMRANGE", Value::Decimal),
        RangeOf::Date => ("DATERANGE", Value::Date),
        RangeOf::Timestamp => ("TSRANGE", Value::Timestamp),
        RangeOf::Timestamptz => ("TSTZRANGE", Value::Timestamptz),
    };
    PythonType::new(Home::Pg.text(column), Value::Range(Box::new(bound)), None)
}

/// Whether an attribute is called as a type.
fn is_hidden(entity: &Entity, model: &str) -> bool {
    let called =
        |it: &Field| names::attribute(&it.name) == model || names::field(&it.name) == model;
    entity.fields.iter().any(called)
}
