//! The files shared by all tables: the index, `support`, enums and composite types; and imports.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::imports::{Candidate, Section, exported_place, from_import, imports, in_order};
use super::layout::{Code, annotated, docstring, prose, spaced, string};
use super::types::Types;
use super::{Embedding, PythonSettings, names};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, GeneratedFile, MARK};
use crate::model::ident::{PUBLIC, QualifiedName};

/// The first lines of a file that no table alone decides about.
fn header() -> String {
    format!(
        "# {MARK}. Do not edit: change the schema and generate again.\n# generator-format: {FORMAT}"
    )
}

/// The name of a type in a docstring.
fn named(name: &QualifiedName) -> String {
    format!("``{}``", prose(&name.to_string()))
}

fn rendered(template: &impl Template) -> String {
    spaced(&template.render().expect("writing to a string cannot fail"))
}

/// What the index has of `support`.
pub(super) const EXPORTED: [&str; 3] = ["Base", "make_engine", "make_sessions"];

#[derive(Template)]
#[template(path = "python/__init__.py", escape = "none")]
struct Index {
    header: String,
    dependencies: String,
    imports: String,
    names: Vec<String>,
}

pub(super) fn index(types: &Types<'_>) -> GeneratedFile {
    let blueprint = types.blueprint;
    let mut modules: BTreeSet<String> =
        blueprint.entities.iter().map(|it| names::module(&it.module)).collect();
    modules.insert("support".to_owned());
    modules.extend((!blueprint.enums.is_empty()).then(|| "enums".to_owned()));
    modules.extend((!blueprint.composites.is_empty()).then(|| "composites".to_owned()));
    let mut froms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    froms.insert(".".to_owned(), modules.iter().cloned().collect());
    for entity in &blueprint.entities {
        let from = format!(".{}", names::module(&entity.module));
        froms.entry(from).or_default().push(names::model(&entity.model));
    }
    for it in &blueprint.enums {
        froms.entry(".enums".to_owned()).or_default().push(names::type_name(&it.model));
    }
    for it in &blueprint.composites {
        froms.entry(".composites".to_owned()).or_default().push(names::type_name(&it.model));
    }
    froms.entry(".support".to_owned()).or_default().extend(EXPORTED.map(str::to_owned));
    let mut exported: Vec<String> = froms.values().flatten().cloned().collect();
    exported.sort_by_key(|it| exported_place(it));
    exported.dedup();
    let lines = in_order(froms)
        .into_iter()
        .map(|(from, names)| from_import(&from, names.iter().map(String::as_str).collect()));
    let imports = lines.collect::<Vec<_>>().join("\n");
    let vectors = blueprint.used_types().any(ValueType::is_vector);
    let pgvector = match (vectors, types.embedding) {
        (false, _) => "",
        (true, Embedding::List) => ",\npgvector >= 0.4",
        (true, Embedding::Numpy) => ",\npgvector >= 0.4, numpy",
    };
    let dependencies =
        format!("Python >= 3.11, sqlalchemy[asyncio] >= 2.0, asyncpg,\npydantic >= 2{pgvector}.");
    let view = Index { header: header(), dependencies, imports, names: exported };
    GeneratedFile { name: "__init__.py".to_owned(), text: rendered(&view) }
}

/// The types of `support` beside those of vectors.
const TYPES: [&str; 9] =
    ["Bits", "Composite", "Domain(", "Json(", "Labels(", "List(", "OpenEnum", "Raw", "Serial("];

/// What of `support` is needed.
struct Used {
    base: bool,
    views: bool,
    /// Types of our own.
    types: bool,
    serials: bool,
    labels: bool,
    open_enums: bool,
    domains: bool,
    lists: bool,
    aware: bool,
    sparse_fields: bool,
    loose: bool,
    json: bool,
    collated: bool,
    listeners: bool,
    columns_of: bool,
    quantize: bool,
    raw: bool,
    bits: bool,
    inet: bool,
    composites: bool,
    vectors: bool,
    vector: bool,
    halfvec: bool,
    sparsevec: bool,
    writes: bool,
    updates: bool,
    upserts: bool,
    searches: bool,
    rerank: bool,
    mmr: bool,
    hybrid: bool,
}

impl Used {
    /// What the modules of the tables name.
    fn of(settings: &PythonSettings, tables: &[GeneratedFile]) -> Self {
        let has = |name: &str| {
            let named = format!("support.{name}");
            tables.iter().any(|it| it.text.contains(&named))
        };
        let vector = has("Embedding(") || has("Embedding,") || has("vector_to_binary");
        let halfvec = has("HalfEmbedding") || has("halfvec_to_binary");
        let sparsevec = has("SparseEmbedding");
        Self {
            base: settings.base.is_none(),
            types: TYPES.iter().any(|it| has(it)) || vector || halfvec || sparsevec,
            serials: has("Serial("),
            views: has("VIEWS"),
            labels: has("Labels("),
            open_enums: has("OpenEnum"),
            domains: has("Domain("),
            lists: has("List("),
            aware: has("Aware"),
            sparse_fields: has("SparseField"),
            loose: has("Loose"),
            json: has("Json("),
            collated: has("collated("),
            listeners: has("listener("),
            columns_of: has("columns_of("),
            quantize: has("binary_quantize("),
            raw: has("Raw"),
            bits: has("Bits"),
            inet: has("Inet") || has("Cidr"),
            composites: has("Composite"),
            vectors: vector || halfvec || sparsevec || has("check_embedding"),
            vector,
            halfvec,
            sparsevec,
            writes: has("insert"),
            updates: has("delete"),
            upserts: has("upsert"),
            searches: has("Search("),
            rerank: has("nearest_rerank"),
            mmr: has("nearest_mmr"),
            hybrid: has("hybrid("),
        }
    }
}

#[derive(Template)]
#[template(path = "python/support.py", escape = "none")]
struct Support {
    /// Whether vectors are arrays of numpy.
    numpy: bool,
    /// What is taken for a vector.
    numbers: &'static str,
    header: String,
    imports: String,
    used: Used,
    vector_schema: String,
    /// The same as SQL has it, where that is not where names are looked for.
    vector_package: Option<String>,
}

pub(super) fn support(
    types: &Types<'_>,
    settings: &PythonSettings,
    tables: &[GeneratedFile],
) -> GeneratedFile {
    let namespace = types.blueprint.vector_namespace.as_ref();
    let numpy = settings.embedding == Embedding::Numpy;
    let mut view = Support {
        numpy,
        numbers: if numpy { "Numbers" } else { "Sequence[float]" },
        header: header(),
        imports: String::new(),
        used: Used::of(settings, tables),
        vector_package: namespace.map(|it| string(&it.to_string())),
        vector_schema: string(namespace.map_or(PUBLIC, |it| it.as_str())),
    };
    let base = settings.base.as_deref().and_then(|it| it.split_once(':'));
    let body = rendered(&view);
    view.imports = imports(&body, &Candidate::of_support());
    if let Some((module, name)) = base {
        // An import under another name would be no name that this module gives on.
        view.imports.push_str(&format!("\n\nfrom {module} import {name} as _Base"));
    }
    GeneratedFile { name: "support.py".to_owned(), text: rendered(&view) }
}

#[derive(Template)]
#[template(path = "python/enums.py", escape = "none")]
struct Enums {
    header: String,
    enums: Vec<EnumView>,
}

struct EnumView {
    model: String,
    documentation: String,
    labels: Vec<String>,
}

pub(super) fn enums(types: &Types<'_>) -> Option<GeneratedFile> {
    let enums: Vec<EnumView> = types
        .blueprint
        .enums
        .iter()
        .map(|it| {
            let member = |label: &crate::codegen::blueprint::Label| {
                let name = names::member(label.name.as_ref().unwrap_or(&label.text));
                Code::text(string(&label.text)).lines(4, &format!("{name} = "), "")
            };
            EnumView {
                model: names::type_name(&it.model),
                documentation: docstring(4, &named(&it.name), it.comment.as_deref()),
                labels: it.labels.iter().map(member).collect(),
            }
        })
        .collect();
    let view = Enums { header: header(), enums };
    (!view.enums.is_empty())
        .then(|| GeneratedFile { name: "enums.py".to_owned(), text: rendered(&view) })
}

#[derive(Template)]
#[template(path = "python/composites.py", escape = "none")]
struct Composites {
    header: String,
    imports: String,
    composites: Vec<CompositeView>,
}

struct CompositeView {
    model: String,
    documentation: String,
    attributes: Vec<String>,
}

pub(super) fn composites(types: &Types<'_>) -> Option<GeneratedFile> {
    let composites: Vec<CompositeView> = types
        .blueprint
        .composites
        .iter()
        .map(|it| {
            let attribute = |(name, value_type): &(crate::model::ident::Ident, _)| {
                let name = names::attribute(&snake_case(name.as_str()));
                annotated(4, &name, &format!("{} | None", types.annotation(value_type)), None)
            };
            CompositeView {
                model: names::type_name(&it.model),
                documentation: docstring(4, &named(&it.name), it.comment.as_deref()),
                attributes: it.attributes.iter().map(attribute).collect(),
            }
        })
        .collect();
    let mut view = Composites { header: header(), imports: String::new(), composites };
    let mut candidates = Candidate::of_tables();
    candidates.push(Candidate::from(Section::Standard, "dataclasses", "dataclass"));
    let body = rendered(&view);
    view.imports = imports(&body, &candidates);
    (!view.composites.is_empty())
        .then(|| GeneratedFile { name: "composites.py".to_owned(), text: rendered(&view) })
}
