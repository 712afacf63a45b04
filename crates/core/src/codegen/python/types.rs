//! The Python types of values.

use super::Embedding;
use super::layout::{Code, string};
use super::names;
use crate::codegen::blueprint::{Blueprint, Field};
use crate::codegen::value_type::{Builtin, RangeOf, ValueType};
use crate::model::ident::{PUBLIC, QualifiedName};
use crate::model::pg_type::{PgType, VectorType};

/// A type in Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PythonType {
    /// The SQLAlchemy type.
    pub(super) column: Code,
    /// What values are.
    pub(super) annotation: String,
    /// The function of `support` that makes the bytes for COPY.
    pub(super) encoder: Option<&'static str>,
}

impl PythonType {
    fn new(column: Code, annotation: impl Into<String>, encoder: Option<&'static str>) -> Self {
        Self { column, annotation: annotation.into(), encoder }
    }
}

/// Names the types of a blueprint.
pub(super) struct Types<'b> {
    pub(super) blueprint: &'b Blueprint,
    pub(super) embedding: Embedding,
}

impl Types<'_> {
    /// The type of a field without its NULL; the declaration can say another.
    pub(super) fn of_field(&self, field: &Field) -> PythonType {
        let modifier = field.column.data_type.modifier.as_deref();
        let mut own = match &field.value_type {
            it if is_text(it) => raw(&field.column.data_type),
            other => self.of(other, modifier),
        };
        if let Some(fields) = field.column.data_type.name.strip_prefix("interval ") {
            own.column = with_fields(own.column, fields);
        }
        own.column = refined(own.column, field);
        if field.hints.null_elements
            && let Some(element) =
                own.annotation.strip_prefix("list[").and_then(|it| it.strip_suffix(']'))
        {
            own.annotation = format!("list[{element} | None]");
        }
        if let Some(text) = &field.hints.python_type {
            own.annotation.clone_from(text);
            let any = ["Any", "JsonValue", "object"].contains(&text.as_str());
            let json = ValueType::Builtin(Builtin::Json);
            let jsonb = ValueType::Builtin(Builtin::Jsonb);
            if !any && (*field.value_type.base() == json || *field.value_type.base() == jsonb) {
                own.column = Code::call("support.Json", vec![Code::text(text), own.column]);
            }
        }
        own
    }

    fn of(&self, value_type: &ValueType, modifier: Option<&str>) -> PythonType {
        match value_type {
            ValueType::Builtin(it) => builtin(*it, modifier),
            ValueType::Numeric(bounds) => {
                let sizes = bounds.iter().flat_map(|it| [it.0.to_string(), it.1.to_string()]);
                let sizes: Vec<Code> = sizes.map(Code::text).collect();
                PythonType::new(named("sa.Numeric", sizes), "Decimal", None)
            }
            ValueType::Bit(n) => {
                let column = Code::call("support.Bits", vec![Code::text(n.to_string())]);
                PythonType::new(column, "str", None)
            }
            ValueType::Vector(kind, dimensions) => self.vector(*kind, *dimensions),
            ValueType::Range(of) => range(*of),
            ValueType::Enum(name) => self.enumeration(name),
            ValueType::Composite(name) => self.composite(name),
            ValueType::Domain(name, base) => {
                let base = self.of(base, modifier);
                let items = vec![Code::text(string(&name.to_string())), base.column];
                PythonType { column: Code::call("support.Domain", items), ..base }
            }
            ValueType::Array(element) => {
                let python = self.of(element, modifier);
                let mut items = vec![python.column];
                items.extend(is_list(element).then(|| Code::text("dimensions=1")));
                let column = Code::call(ARRAY, items);
                PythonType::new(column, format!("list[{}]", python.annotation), None)
            }
            ValueType::Text(name) => {
                let column = Code::call("support.Raw", vec![Code::text(string(name))]);
                PythonType::new(column, "str", None)
            }
        }
    }

    fn vector(&self, kind: VectorType, dimensions: Option<u64>) -> PythonType {
        let size = dimensions.map(|it| Code::text(it.to_string())).into_iter().collect();
        let numbers = match self.embedding {
            Embedding::List => "list[float]",
            Embedding::Numpy => "support.Array",
        };
        match kind {
            VectorType::Vector | VectorType::Bit => PythonType::new(
                Code::call("support.Embedding", size),
                numbers,
                Some("vector_to_binary"),
            ),
            VectorType::Halfvec => PythonType::new(
                Code::call("support.HalfEmbedding", size),
                numbers,
                Some("halfvec_to_binary"),
            ),
            VectorType::Sparsevec => {
                PythonType::new(Code::call("support.SparseEmbedding", size), "SparseVector", None)
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

    fn enumeration(&self, name: &QualifiedName) -> PythonType {
        let it = self.blueprint.enum_of(name);
        let model = names::type_name(&it.model);
        if it.open {
            let items = vec![Code::text(&model), Code::text(string(&name.to_string()))];
            let column = Code::call("support.OpenEnum", items);
            return PythonType::new(column, format!("{model} | str"), Some("copy_text"));
        }
        let own = string(name.name.as_str());
        let mut items = vec![Code::text(&model), Code::text(format!("name={own}"))];
        items.extend(schema_keyword(name));
        items.extend(it.underlies.then(|| Code::text("create_type=False")));
        PythonType::new(Code::call("support.Labels", items), model, Some("copy_text"))
    }

    fn composite(&self, name: &QualifiedName) -> PythonType {
        let model = names::type_name(&self.blueprint.composite_of(name).model);
        let items = vec![Code::text(&model), Code::text(string(&name.to_string()))];
        PythonType::new(Code::call("support.Composite", items), model, None)
    }

    /// The annotation of an attribute of a composite type.
    pub(super) fn annotation(&self, value_type: &ValueType) -> String {
        match value_type.base() {
            // The driver knows nothing of our classes inside of a record.
            ValueType::Enum(_) => "str".to_owned(),
            ValueType::Composite(_) | ValueType::Vector(..) | ValueType::Text(_) => {
                "object".to_owned()
            }
            ValueType::Builtin(_)
            | ValueType::Numeric(_)
            | ValueType::Bit(_)
            | ValueType::Range(_)
            | ValueType::Domain(..)
            | ValueType::Array(_) => self.of(value_type, None).annotation,
        }
    }
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

/// `interval day to second`, which keeps some fields only.
fn with_fields(column: Code, fields: &str) -> Code {
    let own = Code::text(format!("fields={}", string(&fields.to_uppercase())));
    match column {
        Code::Text(name) if name == "pg.INTERVAL" => Code::call(&name, vec![own]),
        Code::Group { open, mut items, close } if open == "pg.INTERVAL(" => {
            items.insert(0, own);
            Code::Group { open, items, close }
        }
        other @ (Code::Text(_) | Code::Group { .. } | Code::Same { .. }) => other,
    }
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

/// What arrays are, if they can have NULL in them.
const ARRAY: &str = "pg.ARRAY";

/// The type of a column knows of NULL: whether an array may have it, and that None is NULL and not
/// the null of JSON where a column of JSON can be NULL.
fn refined(column: Code, field: &Field) -> Code {
    let of_json = |items: &[Code]| items.first().is_some_and(is_json);
    match column {
        Code::Text(name) if field.nullable && is_json(&Code::text(&name)) => {
            Code::call(&name, vec![Code::text("none_as_null=True")])
        }
        Code::Group { open, items, close } if open == "support.Domain(" => {
            let items = items.into_iter().map(|it| refined(it, field)).collect();
            Code::Group { open, items, close }
        }
        Code::Group { open, items, close }
            if open == format!("{ARRAY}(") && !field.hints.null_elements && !of_json(&items) =>
        {
            Code::Group { open: "support.List(".to_owned(), items, close }
        }
        other => other,
    }
}

fn is_json(column: &Code) -> bool {
    matches!(column, Code::Text(name) if name == "pg.JSON" || name == "pg.JSONB")
}

fn schema_keyword(name: &QualifiedName) -> Option<Code> {
    let namespace = name.namespace.as_str();
    (namespace != PUBLIC).then(|| Code::text(format!("schema={}", string(namespace))))
}

fn raw(data_type: &PgType) -> PythonType {
    let name = Code::text(string(&data_type.to_string()));
    PythonType::new(Code::call("support.Raw", vec![name]), "str", None)
}

/// `name`, or `name(items)` where there are any.
fn named(name: &str, items: Vec<Code>) -> Code {
    if items.is_empty() { Code::text(name) } else { Code::call(name, items) }
}

fn builtin(builtin: Builtin, modifier: Option<&str>) -> PythonType {
    let size = || modifier.map(Code::text).into_iter().collect::<Vec<_>>();
    let simple = |column: &str, annotation: &str, encoder: &'static str| {
        PythonType::new(Code::text(column), annotation, Some(encoder))
    };
    let without = |column: Code, annotation: &str| PythonType::new(column, annotation, None);
    match builtin {
        Builtin::Bool => simple("sa.Boolean", "bool", "copy_bool"),
        Builtin::Int2 => simple("sa.SmallInteger", "int", "copy_int2"),
        Builtin::Int4 => simple("sa.Integer", "int", "copy_int4"),
        Builtin::Int8 => simple("sa.BigInteger", "int", "copy_int8"),
        Builtin::Oid => simple("pg.OID", "int", "copy_oid"),
        Builtin::Float4 => simple("sa.REAL", "float", "copy_float4"),
        Builtin::Float8 => simple("sa.Double", "float", "copy_float8"),
        Builtin::Text => simple("sa.Text", "str", "copy_text"),
        Builtin::Varchar => PythonType::new(named("sa.String", size()), "str", Some("copy_text")),
        Builtin::Bpchar => PythonType::new(named("sa.CHAR", size()), "str", Some("copy_text")),
        Builtin::Name => without(Code::text("support.Raw(\"name\")"), "str"),
        Builtin::Citext => simple("pg.CITEXT", "str", "copy_text"),
        Builtin::InternalChar => without(Code::text("support.Raw('\"char\"')"), "str"),
        Builtin::Bytea => simple("sa.LargeBinary", "bytes", "copy_bytes"),
        Builtin::Date => simple("sa.Date", "dt.date", "copy_date"),
        Builtin::Time => {
            PythonType::new(time("TIME", modifier, false), "dt.time", Some("copy_time"))
        }
        Builtin::Timetz => without(time("TIME", modifier, true), "dt.time"),
        Builtin::Timestamp => PythonType::new(
            time("TIMESTAMP", modifier, false),
            "dt.datetime",
            Some("copy_timestamp"),
        ),
        Builtin::Timestamptz => PythonType::new(
            time("TIMESTAMP", modifier, true),
            "dt.datetime",
            Some("copy_timestamptz"),
        ),
        Builtin::Interval => {
            let size = modifier.map(|it| Code::text(format!("precision={it}")));
            let column = named("pg.INTERVAL", size.into_iter().collect());
            PythonType::new(column, "dt.timedelta", Some("copy_interval"))
        }
        Builtin::Uuid => simple("sa.Uuid", "UUID", "copy_uuid"),
        Builtin::Json => simple("pg.JSON", "JsonValue", "copy_json"),
        Builtin::Jsonb => simple("pg.JSONB", "JsonValue", "copy_jsonb"),
        Builtin::Inet => without(Code::text("pg.INET"), "support.Inet"),
        Builtin::Cidr => without(Code::text("pg.CIDR"), "support.Cidr"),
        Builtin::Macaddr => without(Code::text("pg.MACADDR"), "str"),
        Builtin::Varbit => {
            let mut items = size();
            if items.is_empty() {
                items.push(Code::text("None"));
            }
            items.push(Code::text("varying=True"));
            without(Code::call("support.Bits", items), "str")
        }
        Builtin::Tsvector => without(Code::text("pg.TSVECTOR"), "str"),
        Builtin::Hstore => without(Code::text("pg.HSTORE"), "dict[str, str | None]"),
        Builtin::Point => without(Code::text("support.Raw(\"point\")"), "str"),
        Builtin::Box => without(Code::text("support.Raw(\"box\")"), "str"),
        Builtin::Path => without(Code::text("support.Raw(\"path\")"), "str"),
    }
}

/// Times with a precision are PostgreSQL's own; the others anybody's.
fn time(name: &str, modifier: Option<&str>, zone: bool) -> Code {
    let mut items = Vec::new();
    items.extend(zone.then(|| Code::text("timezone=True")));
    items.extend(modifier.map(|it| Code::text(format!("precision={it}"))));
    let plain = if name == "TIME" { "sa.Time" } else { "sa.DateTime" };
    if modifier.is_some() { Code::call(&format!("pg.{name}"), items) } else { named(plain, items) }
}

fn range(of: RangeOf) -> PythonType {
    let (column, bound) = match of {
        RangeOf::Int4 => ("pg.INT4RANGE", "int"),
        RangeOf::Int8 => ("pg.INT8RANGE", "int"),
        RangeOf::Numeric => ("pg.NUMRANGE", "Decimal"),
        RangeOf::Date => ("pg.DATERANGE", "dt.date"),
        RangeOf::Timestamp => ("pg.TSRANGE", "dt.datetime"),
        RangeOf::Timestamptz => ("pg.TSTZRANGE", "dt.datetime"),
    };
    PythonType::new(Code::text(column), format!("pg.Range[{bound}]"), None)
}
