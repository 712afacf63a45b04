//! The files shared by all tables: the index, `support`, enums and composite types.

use std::collections::BTreeSet;

use askama::Template;

use super::layout::{arm, array, call, derive, documentation, field, string};
use super::types::{Crate, Types};
use super::{draft, names, searches};
use crate::codegen::blueprint::{Blueprint, Entity, EnumCode};
use crate::codegen::value_type::{Builtin, RangeOf, ValueType};
use crate::codegen::{FORMAT, GeneratedFile, MARK};
use crate::model::pg_type::VectorType;

/// The first lines of a file that no table alone decides about.
fn header() -> String {
    format!(
        "// {MARK}. Do not edit: change the schema and generate again.\n// generator-format: {FORMAT}"
    )
}

fn file(name: &str, template: &impl Template) -> GeneratedFile {
    GeneratedFile { name: name.to_owned(), text: rendered(template) }
}

/// The text of a template, ending in one line break.
pub(super) fn rendered(template: &impl Template) -> String {
    let mut text = template.render().expect("writing to a string cannot fail");
    // What a template leaves out leaves its empty lines behind.
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    format!("{}\n", text.trim_end())
}

#[derive(Template)]
#[template(path = "rust/mod.rs", escape = "none")]
struct Index {
    header: String,
    dependencies: Vec<String>,
    example: String,
    modules: Vec<String>,
}

pub(super) fn index(types: &Types<'_>) -> GeneratedFile {
    let blueprint = types.blueprint;
    let entities = blueprint.entities.iter();
    let mut modules: BTreeSet<String> = entities.map(|it| names::module(&it.module)).collect();
    let example = blueprint.entities.iter().find(|it| it.order.is_some() && !it.view);
    let example = example.map(|it| names::module(&it.module)).unwrap_or_default();
    modules.insert("support".to_owned());
    modules.extend((!blueprint.enums.is_empty()).then(|| "enums".to_owned()));
    modules.extend(has_composites(types).then(|| "composites".to_owned()));
    let dependencies = dependencies(types);
    let modules = modules.into_iter().collect();
    file("mod.rs", &Index { header: header(), dependencies, example, modules })
}

fn has_composites(types: &Types<'_>) -> bool {
    let mut used = types.blueprint.used_types();
    used.any(|it| types.is_struct(it))
}

/// What a type derives that goes over the wire: `own`, divided by commas, and what the settings say.
pub(super) fn wire_derive(types: &Types<'_>, own: &str) -> String {
    let mut traits: Vec<&str> = own.split(", ").collect();
    for it in &types.settings.derives {
        let last = |it: &str| it.rsplit("::").next().map(str::to_owned);
        if !traits.iter().any(|known| last(known) == last(it)) {
            traits.push(it);
        }
    }
    derive(&traits)
}

/// The lines of Cargo.toml, as few as the code needs.
fn dependencies(types: &Types<'_>) -> Vec<String> {
    let crates = types.crates(types.blueprint.used_types());
    let used = Used::of(types);
    let has = |it: Crate| crates.contains(&it);
    let vector_features =
        [(has(Crate::Half), "halfvec"), (true, "postgres"), (untyped_on_the_wire(types), "serde")];
    let vector_features: Vec<String> =
        vector_features.iter().filter(|it| it.0).map(|it| format!("\"{}\"", it.1)).collect();
    let pgvector =
        format!(r#"pgvector = {{ version = "0.4", features = [{}] }}"#, vector_features.join(", "));
    let postgres_types = match has_composites(types) {
        true => r#"postgres-types = { version = "0.2", features = ["derive"] }"#,
        false => r#"postgres-types = "0.2""#,
    };
    let driver = driver(has);
    let lines = [
        (true, r#"bytes = "1""#),
        (
            has(Crate::Chrono),
            r#"chrono = { version = "0.4", default-features = false, features = ["serde"] }"#,
        ),
        (has(Crate::Cidr), r#"cidr = { version = "0.3", features = ["serde"] }"#),
        (true, r#"deadpool-postgres = { version = "0.14", features = ["rt_tokio_1"] }"#),
        (has(Crate::Eui48), r#"eui48 = { version = "1.1", features = ["serde"] }"#),
        (used.futures, r#"futures-util = "0.3""#),
        (has(Crate::GeoTypes), r#"geo-types = { version = "0.7", features = ["serde"] }"#),
        (has(Crate::Half), r#"half = "2""#),
        (has(Crate::Jiff), r#"jiff = { version = "0.2", features = ["serde"] }"#),
        (has(Crate::Pgvector), &pgvector),
        (true, postgres_types),
        (
            has(Crate::RustDecimal),
            r#"rust_decimal = { version = "1", features = ["db-tokio-postgres"] }"#,
        ),
        (true, r#"serde = { version = "1", features = ["derive"] }"#),
        (has(Crate::SerdeJson), r#"serde_json = "1""#),
        (
            has(Crate::Time),
            r#"time = { version = "0.3", features = ["parsing", "serde-human-readable"] }"#,
        ),
        (true, &driver),
        (has(Crate::Uuid), r#"uuid = { version = "1", features = ["serde"] }"#),
    ];
    lines.iter().filter(|it| it.0).map(|it| it.1.to_owned()).collect()
}

/// The line of the driver, with the features for the types of other crates.
fn driver(has: impl Fn(Crate) -> bool) -> String {
    let named = [
        (has(Crate::Chrono), "with-chrono-0_4"),
        (has(Crate::Cidr), "with-cidr-0_3"),
        (has(Crate::Eui48), "with-eui48-1"),
        (has(Crate::GeoTypes), "with-geo-types-0_7"),
        (has(Crate::Jiff), "with-jiff-0_2"),
        (has(Crate::SerdeJson), "with-serde_json-1"),
        (has(Crate::Time), "with-time-0_3"),
        (has(Crate::Uuid), "with-uuid-1"),
    ];
    let features: Vec<&str> = named.iter().filter(|it| it.0).map(|it| it.1).collect();
    match features.as_slice() {
        [] => r#"tokio-postgres = "0.7""#.to_owned(),
        list => {
            let list: Vec<String> = list.iter().map(|it| format!("\"{it}\"")).collect();
            format!(r#"tokio-postgres = {{ version = "0.7", features = [{}] }}"#, list.join(", "))
        }
    }
}

/// What of `support` is needed.
struct Used {
    searches: bool,
    keyed_searches: bool,
    rerank: bool,
    mmr: bool,
    hybrid: bool,
    vector: bool,
    halfvec: bool,
    sparsevec: bool,
    bits: bool,
    interval: bool,
    numeric: bool,
    range: bool,
    jsonb: bool,
    enums: bool,
    writes: bool,
    updates: bool,
    many: bool,
    by_row: bool,
    pages: bool,
    lists: bool,
    upserts: bool,
    futures: bool,
    from_sql: bool,
}

impl Used {
    fn of(types: &Types<'_>) -> Self {
        let blueprint = types.blueprint;
        let uses = |wanted: &dyn Fn(&ValueType) -> bool| blueprint.used_types().any(wanted);
        let any = |wanted: &dyn Fn(&Entity) -> bool| blueprint.entities.iter().any(wanted);
        let vector = |kind: VectorType| {
            uses(&|it| matches!(it, ValueType::Vector(of, Some(_)) if *of == kind))
        };
        let text = |name: &str| uses(&|it| types.of(it).text.contains(name));
        let writes = any(&|it| !it.view);
        let searches = blueprint.has_searches();
        let values = ["Embedding<", "support::"];
        let from_sql = values.iter().any(|it| text(it));
        Self {
            from_sql,
            searches,
            keyed_searches: any(&|it| it.has_key() && !it.searches.is_empty()),
            rerank: any(&|it| it.has_key() && it.searches.iter().any(|it| !it.reranks.is_empty())),
            mmr: any(&|it| it.searches.iter().any(|search| searches::has_mmr(it, search))),
            hybrid: any(&searches::has_hybrid),
            vector: vector(VectorType::Vector),
            halfvec: vector(VectorType::Halfvec),
            sparsevec: vector(VectorType::Sparsevec),
            bits: uses(&|it| matches!(it, ValueType::Bit(_))),
            interval: uses(&|it| matches!(it, ValueType::Builtin(Builtin::Interval))),
            numeric: text("support::Numeric"),
            range: uses(&|it| matches!(it, ValueType::Range(of) if *of != RangeOf::Numeric)),
            jsonb: uses(&|it| matches!(it, ValueType::Builtin(Builtin::Jsonb))),
            enums: !blueprint.enums.is_empty(),
            writes,
            updates: any(&|it| !it.view && it.has_key()),
            many: any(&draft::has_many),
            by_row: any(&|it| it.has_key() || !it.uniques.is_empty()),
            pages: any(&|it| it.order.is_some()),
            lists: any(&|it| it.order.is_none()),
            upserts: any(&|it| !it.view && (it.upserts || !it.uniques.is_empty())),
            futures: writes || searches,
        }
    }
}

/// A vector type of pgvector's as `support` has it.
struct VectorCode {
    sql: &'static str,
    note: &'static str,
    name: &'static str,
    inner: &'static str,
    dense: bool,
    sparse: bool,
    mmr: bool,
    serde: bool,
    /// What else it refuses.
    refused: &'static str,
    from_floats: &'static str,
    into_floats: &'static str,
    /// An iterator over its numbers.
    values: &'static str,
    /// The place of a number that is none.
    not_finite: &'static str,
    length: &'static str,
}

/// Whether a response has vectors of this kind in something else, or the settings want it to be able to.
fn on_the_wire(types: &Types<'_>, kind: VectorType) -> bool {
    types.settings.embedding_serde
        || sent(types, |it| matches!(it, ValueType::Vector(of, Some(_)) if *of == kind))
}

/// Whether a response has a vector of no length of its own, which pgvector serializes.
fn untyped_on_the_wire(types: &Types<'_>) -> bool {
    sent(types, |it| matches!(it, ValueType::Vector(_, None)))
}

/// Whether a response has such a value in an array or a composite one.
fn sent(types: &Types<'_>, wanted: impl Fn(&ValueType) -> bool) -> bool {
    let entities = types.blueprint.entities.iter();
    let fields = entities.flat_map(|it| &it.fields).filter(|it| it.wire);
    // A vector that is the whole value goes as plain numbers.
    let fields = fields.map(|it| &it.value_type).filter(|it| !it.is_vector());
    let attributes = types.blueprint.composites.iter().flat_map(|it| &it.attributes);
    let mut sent = fields.chain(attributes.map(|it| &it.1));
    sent.any(|it| it.parts().into_iter().any(&wanted))
}

fn vectors(types: &Types<'_>, used: &Used) -> Vec<VectorCode> {
    let mut vectors = Vec::new();
    if used.vector {
        vectors.push(VectorCode {
            sql: VectorType::Vector.name(),
            note: "",
            name: "Embedding",
            inner: "pgvector::Vector",
            dense: true,
            sparse: false,
            mmr: used.mmr,
            serde: on_the_wire(types, VectorType::Vector),
            refused: "",
            from_floats: "pgvector::Vector::from(values)",
            into_floats: "self.0.into()",
            values: "self.as_slice().iter()",
            not_finite: "self.as_slice().iter().position(|v| !v.is_finite())",
            length: "value.as_slice().len()",
        });
    }
    if used.halfvec {
        vectors.push(VectorCode {
            sql: VectorType::Halfvec.name(),
            note: ", in 32 bits here and 16 in the database",
            name: "HalfEmbedding",
            inner: "pgvector::HalfVector",
            dense: false,
            sparse: false,
            mmr: used.mmr,
            serde: on_the_wire(types, VectorType::Halfvec),
            refused: ", also in 16 bits, whose largest number is 65504",
            from_floats: "pgvector::HalfVector::from_f32_slice(&values)",
            into_floats: "self.0.as_slice().iter().map(|v| v.to_f32()).collect()",
            values: "self.0.as_slice().iter().map(|v| v.to_f32())",
            not_finite: "self.0.as_slice().iter().position(|v| !v.is_finite())",
            length: "value.as_slice().len()",
        });
    }
    if used.sparsevec {
        vectors.push(VectorCode {
            sql: VectorType::Sparsevec.name(),
            note: ", of which the database keeps what is not zero",
            name: "SparseEmbedding",
            inner: "pgvector::SparseVector",
            dense: false,
            sparse: true,
            mmr: false,
            serde: on_the_wire(types, VectorType::Sparsevec),
            refused: "",
            from_floats: "pgvector::SparseVector::from_dense(&values)",
            into_floats: "self.0.to_vec()",
            values: "self.0.to_vec()",
            not_finite: "self.entries().find(|(_, v)| !v.is_finite()).map(|it| it.0)",
            length: "usize::try_from(value.dimensions())?",
        });
    }
    vectors
}

#[derive(Template)]
#[template(path = "rust/support.rs", escape = "none")]
struct Support<'v> {
    header: String,
    used: Used,
    vectors: Vec<VectorCode>,
    types: &'v Types<'v>,
}

impl Support<'_> {
    fn derive(&self, own: &str) -> String {
        wire_derive(self.types, own)
    }
}

pub(super) fn support(types: &Types<'_>) -> GeneratedFile {
    let used = Used::of(types);
    let vectors = vectors(types, &used);
    file("support.rs", &Support { header: header(), used, vectors, types })
}

#[derive(Template)]
#[template(path = "rust/enums.rs", escape = "none")]
struct Enums {
    header: String,
    enums: Vec<EnumView>,
}

struct EnumView {
    derive: String,
    documentation: String,
    model: String,
    /// The call of the macro that makes its conversions.
    conversions: String,
    open: bool,
    labels: Vec<LabelView>,
    all: String,
}

struct LabelView {
    text: String,
    variant: String,
    arm: String,
}

pub(super) fn enums(types: &Types<'_>) -> Option<GeneratedFile> {
    let enums: Vec<EnumView> =
        types.blueprint.enums.iter().map(|it| enum_view(types, it)).collect();
    (!enums.is_empty()).then(|| file("enums.rs", &Enums { header: header(), enums }))
}

fn enum_view(types: &Types<'_>, it: &EnumCode) -> EnumView {
    let labels: Vec<LabelView> = it
        .labels
        .iter()
        .map(|label| {
            let variant = names::variant(label.name.as_ref(), &label.text);
            let text = string(&label.text);
            let arm = arm(12, &format!("Self::{variant}"), &text);
            LabelView { text, variant, arm }
        })
        .collect();
    let variants: Vec<String> = labels.iter().map(|it| format!("Self::{}", it.variant)).collect();
    let head = format!("pub const ALL: [Self; {}]", variants.len());
    EnumView {
        documentation: documentation(0, &format!("`{}`", it.name), it.comment.as_deref()),
        model: names::type_name(&it.model),
        conversions: call(
            "support::pg_enum!",
            &[names::type_name(&it.model), string(it.name.name.as_str())],
        ),
        derive: match it.open {
            true => wire_derive(types, "Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize"),
            false => wire_derive(
                types,
                "Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize",
            ),
        },
        open: it.open,
        all: array(4, &head, "", &variants),
        labels,
    }
}

#[derive(Template)]
#[template(path = "rust/composites.rs", escape = "none")]
struct Composites {
    header: String,
    needs_support: bool,
    enums: Vec<String>,
    derive: String,
    composites: Vec<CompositeView>,
}

struct CompositeView {
    documentation: String,
    model: String,
    sql_name: String,
    attributes: Vec<AttributeView>,
}

struct AttributeView {
    sql_name: String,
    declaration: String,
}

pub(super) fn composites(types: &Types<'_>) -> Option<GeneratedFile> {
    let blueprint: &Blueprint = types.blueprint;
    let structs = blueprint
        .composites
        .iter()
        .filter(|it| types.is_struct(&ValueType::Composite(it.name.clone())));
    let mut enums = BTreeSet::new();
    let mut composites = Vec::new();
    for it in structs {
        let mut attributes = Vec::new();
        for (name, value_type) in &it.attributes {
            for part in value_type.parts() {
                if let ValueType::Enum(of) = part {
                    enums.insert(names::type_name(&blueprint.enum_of(of).model));
                }
            }
            let text = format!("Option<{}>", types.of(value_type).text);
            let own = names::field(&crate::codegen::names::snake_case(name.as_str()));
            let sql_name = string(name.as_str());
            attributes.push(AttributeView { sql_name, declaration: field(&own, &text) });
        }
        composites.push(CompositeView {
            documentation: documentation(0, &format!("`{}`", it.name), it.comment.as_deref()),
            model: names::type_name(&it.model),
            sql_name: string(it.name.name.as_str()),
            attributes,
        });
    }
    let declarations = composites.iter().flat_map(|it| &it.attributes);
    let needs_support = declarations.clone().any(|it| it.declaration.contains("support::"));
    let enums = enums.into_iter().collect();
    let derive =
        wire_derive(types, "Debug, Clone, PartialEq, ToSql, FromSql, Serialize, Deserialize");
    let view = Composites { header: header(), needs_support, enums, derive, composites };
    (!view.composites.is_empty()).then(|| file("composites.rs", &view))
}
