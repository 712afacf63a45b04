//! The files that all tables share: the index, `support`, enums and composite types. And imports.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::layout::{Code, docstring, fits, spaced, string};
use super::types::Types;
use super::{Embedding, PythonSettings, names};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, GeneratedFile, MARK};
use crate::model::ident::PUBLIC;

/// The first lines of a file that no table alone decides about.
fn header() -> String {
    format!(
        "# {MARK}. Do not edit: change the schema and generate again.\n# generator-format: {FORMAT}"
    )
}

fn rendered(template: &impl Template) -> String {
    spaced(&template.render().expect("writing to a string cannot fail"))
}

/// Something that can be imported.
pub(super) struct Candidate {
    section: Section,
    /// The module, where it is `from MODULE import NAME`.
    from: &'static str,
    /// The name, with `as` where it has another one here.
    name: String,
    /// What in the text asks for it.
    asked_by: String,
}

/// The sections of imports, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Standard,
    ThirdParty,
    Local,
}

impl Candidate {
    fn module(section: Section, name: &str, asked_by: &str) -> Self {
        Self { section, from: "", name: name.to_owned(), asked_by: asked_by.to_owned() }
    }

    fn from(section: Section, from: &'static str, name: &str) -> Self {
        let asked_by = name.rsplit(" as ").next().unwrap_or(name).to_owned();
        Self { section, from, name: name.to_owned(), asked_by }
    }

    /// An enum or composite type.
    pub(super) fn local(module: &'static str, name: &str) -> Self {
        let from = if module == "enums" { ".enums" } else { ".composites" };
        Self::from(Section::Local, from, name)
    }

    /// What modules of tables import.
    pub(super) fn of_tables() -> Vec<Self> {
        use Section::{Local, Standard, ThirdParty};
        vec![
            Self::module(Standard, "datetime as dt", "dt."),
            Self::from(Standard, "collections.abc", "Iterable"),
            Self::from(Standard, "collections.abc", "Sequence"),
            Self::from(Standard, "decimal", "Decimal"),
            Self::from(Standard, "functools", "partial"),
            Self::from(Standard, "typing", "Annotated"),
            Self::from(Standard, "typing", "Any"),
            Self::from(Standard, "uuid", "UUID"),
            Self::module(ThirdParty, "pydantic", "pydantic."),
            Self::module(ThirdParty, "sqlalchemy as sa", "sa."),
            Self::from(ThirdParty, "pgvector", "SparseVector"),
            Self::from(ThirdParty, "pydantic", "JsonValue"),
            Self::from(ThirdParty, "sqlalchemy", "orm"),
            Self::from(ThirdParty, "sqlalchemy.dialects", "postgresql as pg"),
            Self::from(ThirdParty, "sqlalchemy.ext.asyncio", "AsyncSession"),
            Self::from(Local, ".", "support"),
        ]
    }

    fn of_support() -> Vec<Self> {
        use Section::{Standard, ThirdParty};
        let mut list = vec![
            Self::module(Standard, "datetime as dt", "dt."),
            Self::module(Standard, "enum", "enum."),
            Self::module(Standard, "json", "json."),
            Self::module(Standard, "math", "math."),
            Self::module(Standard, "struct", "struct."),
            Self::module(Standard, "sys", "sys."),
            Self { asked_by: "array(".to_owned(), ..Self::from(Standard, "array", "array") },
            Self::from(Standard, "contextlib", "asynccontextmanager"),
            Self::from(Standard, "dataclasses", "dataclass"),
            Self {
                asked_by: "fields(".to_owned(),
                ..Self::from(Standard, "dataclasses", "fields")
            },
            Self::from(Standard, "operator", "mul"),
            Self::from(Standard, "uuid", "UUID"),
            Self::module(ThirdParty, "asyncpg", "asyncpg.BitString"),
            Self::module(ThirdParty, "numpy as np", "np."),
            Self::module(ThirdParty, "pgvector", "pgvector."),
            Self::module(ThirdParty, "pydantic", "pydantic."),
            Self::module(ThirdParty, "sqlalchemy as sa", "sa."),
            Self { asked_by: "event.".to_owned(), ..Self::from(ThirdParty, "sqlalchemy", "event") },
            Self::from(ThirdParty, "numpy.typing", "NDArray"),
            Self::from(ThirdParty, "sqlalchemy", "orm"),
            Self::from(ThirdParty, "sqlalchemy.dialects", "postgresql as pg"),
            Self::from(ThirdParty, "sqlalchemy.orm", "DeclarativeBase"),
        ];
        let several: [(Section, &'static str, &[&str]); 5] = [
            (
                Standard,
                "collections.abc",
                &["AsyncIterator", "Callable", "Container", "Iterable", "Mapping", "Sequence"],
            ),
            (
                Standard,
                "ipaddress",
                &[
                    "IPv4Address",
                    "IPv4Interface",
                    "IPv4Network",
                    "IPv6Address",
                    "IPv6Interface",
                    "IPv6Network",
                ],
            ),
            (Standard, "typing", &["Annotated", "Any", "Generic", "Literal", "TypeVar", "cast"]),
            (ThirdParty, "pgvector.sqlalchemy", &["HALFVEC", "SPARSEVEC", "VECTOR"]),
            (
                ThirdParty,
                "sqlalchemy.ext.asyncio",
                &[
                    "AsyncConnection",
                    "AsyncEngine",
                    "AsyncSession",
                    "async_sessionmaker",
                    "create_async_engine",
                ],
            ),
        ];
        for (section, from, names) in several {
            list.extend(names.iter().map(|it| Self::from(section, from, it)));
        }
        list
    }

    /// Whether a text has the name, as a word of its own and not behind a dot.
    fn is_asked(&self, text: &str) -> bool {
        let word = |it: char| it.is_alphanumeric() || it == '_';
        text.match_indices(self.asked_by.as_str()).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            let begins = before.is_none_or(|it| !word(it) && it != '.');
            begins && (found.ends_with(['.', '(']) || after.is_none_or(|it| !word(it)))
        })
    }
}

/// The imports of a section: whole modules, and names by their modules.
type Imports<'c> = (BTreeSet<String>, BTreeMap<String, BTreeSet<&'c str>>);

/// The imports that a text asks for, sorted as isort and ruff do: modules before names, constants
/// before classes before functions.
pub(super) fn imports(text: &str, candidates: &[Candidate]) -> String {
    let asked = candidates.iter().filter(|it| it.is_asked(text));
    let mut sections: BTreeMap<Section, Imports<'_>> = BTreeMap::new();
    for it in asked {
        let (modules, froms) = sections.entry(it.section).or_default();
        if it.from.is_empty() {
            modules.insert(format!("import {}", it.name));
        } else {
            froms.entry(it.from.to_owned()).or_default().insert(&it.name);
        }
    }
    let mut blocks = Vec::new();
    for (modules, froms) in sections.into_values() {
        let mut lines: Vec<String> = modules.into_iter().collect();
        for (from, names) in froms {
            let (renamed, plain): (Vec<&str>, Vec<&str>) =
                names.into_iter().partition(|it| it.contains(" as "));
            if !plain.is_empty() {
                lines.push(from_import(&from, plain));
            }
            lines.extend(renamed.iter().map(|it| format!("from {from} import {it}")));
        }
        blocks.push(lines.join("\n"));
    }
    blocks.join("\n\n")
}

fn from_import(from: &str, mut names: Vec<&str>) -> String {
    names.sort_by_key(|it| (kind_of(it), *it));
    let short = format!("from {from} import {}", names.join(", "));
    if fits(&short) {
        return short;
    }
    let items = names.into_iter().map(Code::text).collect();
    Code::Group { open: "(".to_owned(), items, close: ")" }.spread(
        0,
        &format!("from {from} import "),
        "",
    )
}

/// Constants, classes, functions.
fn kind_of(name: &str) -> u8 {
    let constant = name.len() > 1 && name.chars().all(|it| !it.is_lowercase());
    match (constant, name.chars().next().is_some_and(char::is_uppercase)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

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
    let support = ["Base", "make_engine", "make_sessions"].map(str::to_owned);
    froms.entry(".support".to_owned()).or_default().extend(support);
    let lines = froms
        .iter()
        .map(|(from, names)| from_import(from, names.iter().map(String::as_str).collect()));
    let imports = lines.collect::<Vec<_>>().join("\n");
    let mut exported: Vec<&str> = froms.values().flatten().map(String::as_str).collect();
    exported.sort_by_key(|it| (kind_of(it), *it));
    exported.dedup();
    let names = exported.into_iter().map(str::to_owned).collect();
    let vectors = blueprint.used_types().any(ValueType::is_vector);
    let pgvector = match (vectors, types.embedding) {
        (false, _) => "",
        (true, Embedding::List) => ",\npgvector >= 0.4",
        (true, Embedding::Numpy) => ",\npgvector >= 0.4, numpy",
    };
    let dependencies =
        format!("Python >= 3.11, sqlalchemy[asyncio] >= 2.0, asyncpg,\npydantic >= 2{pgvector}.");
    let view = Index { header: header(), dependencies, imports, names };
    GeneratedFile { name: "__init__.py".to_owned(), text: rendered(&view) }
}

/// What of `support` is needed.
struct Used {
    base: bool,
    views: bool,
    open_enums: bool,
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
            views: has("VIEWS"),
            open_enums: has("OpenEnum"),
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
    /// Whether that is not where names are looked for.
    elsewhere: bool,
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
        elsewhere: namespace.is_some(),
        vector_schema: string(namespace.map_or(PUBLIC, |it| it.as_str())),
    };
    let base = settings.base.as_deref().and_then(|it| it.split_once(':'));
    let body = rendered(&view);
    view.imports = imports(&body, &Candidate::of_support());
    if let Some((module, name)) = base {
        let renamed =
            if name == "Base" { "Base as Base".to_owned() } else { format!("{name} as Base") };
        view.imports.push_str(&format!("\n\nfrom {module} import {renamed}"));
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
                format!("{name} = {}", string(&label.text))
            };
            EnumView {
                model: names::type_name(&it.model),
                documentation: docstring(4, &format!("``{}``", it.name), it.comment.as_deref()),
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
                format!("{name}: {} | None", types.annotation(value_type))
            };
            CompositeView {
                model: names::type_name(&it.model),
                documentation: docstring(4, &format!("``{}``", it.name), it.comment.as_deref()),
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
