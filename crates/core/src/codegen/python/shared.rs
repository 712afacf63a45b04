//! The files shared by all tables: the index, enums and composite types.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::imports::{self, exported_place, from_import, in_order};
use super::layout::{Code, annotated, docstring, prose, spaced, string};
use super::needs::{Import, Needs};
use super::types::Types;
use super::values::Place;
use super::{Embedding, PythonRuntime, PythonSettings, names};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, GeneratedFile, MARK};
use crate::model::ident::QualifiedName;

/// The first lines of a file that no table alone decides about.
pub(super) fn header() -> String {
    format!(
        "# {MARK}. Do not edit: change the schema and generate again.\n# generator-format: {FORMAT}"
    )
}

/// The name of a type in a docstring.
fn named(name: &QualifiedName) -> String {
    format!("``{}``", prose(&name.to_string()))
}

pub(super) fn rendered(template: &impl Template) -> String {
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

pub(super) fn index(types: &Types<'_>, settings: &PythonSettings) -> GeneratedFile {
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
    let runtime = match settings.runtime {
        PythonRuntime::Copy => "",
        PythonRuntime::Package => ",\naludel-runtime >= 0.1",
    };
    let dependencies = format!(
        "Python >= 3.11, sqlalchemy[asyncio] >= 2.0, asyncpg,\npydantic >= 2{pgvector}{runtime}."
    );
    let view = Index { header: header(), dependencies, imports, names: exported };
    GeneratedFile { name: "__init__.py".to_owned(), text: rendered(&view) }
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
    let mut needs = Needs::default();
    needs.import(Import::Dataclass);
    let composites: Vec<CompositeView> = types
        .blueprint
        .composites
        .iter()
        .map(|it| {
            let mut attribute = |(name, value_type): &(crate::model::ident::Ident, _)| {
                let name = names::attribute(&snake_case(name.as_str()));
                let value = types.attribute(value_type);
                needs.add(value.needs());
                annotated(4, &name, &format!("{} | None", value.text(Place::Row)), None)
            };
            CompositeView {
                model: names::type_name(&it.model),
                documentation: docstring(4, &named(&it.name), it.comment.as_deref()),
                attributes: it.attributes.iter().map(&mut attribute).collect(),
            }
        })
        .collect();
    let view = Composites { header: header(), imports: imports::lines(&needs), composites };
    (!view.composites.is_empty())
        .then(|| GeneratedFile { name: "composites.py".to_owned(), text: rendered(&view) })
}
