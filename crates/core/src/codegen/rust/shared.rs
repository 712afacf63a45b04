//! The files shared by all tables: the index, `support`, enums and composite types.

use std::collections::BTreeSet;

use askama::Template;

use super::layout::{arm, array, call, derive, documentation, field, string};
use super::needs::Needs;
use super::runtime::{self, Crate, Part};
use super::types::Types;
use super::{RustRuntime, Unit, dependencies, names};
use crate::codegen::blueprint::{Blueprint, EnumCode, Field};
use crate::codegen::error::CodegenError;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, GeneratedFile, MARK};

/// The first lines of a file that no table alone decides about.
fn header() -> String {
    format!(
        "// {MARK}. Do not edit: change the schema and generate again.\n// generator-format: {FORMAT}"
    )
}

fn file(name: &str, template: &impl Template) -> GeneratedFile {
    GeneratedFile { name: name.to_owned(), text: rendered(template) }
}

/// The text of a template, ending in a line break. What it leaves out leaves no empty lines behind.
pub(super) fn rendered(template: &impl Template) -> String {
    let text = template.render().expect("writing to a string cannot fail");
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    lines.dedup_by(|it, before| it.is_empty() && before.is_empty());
    lines.join("\n") + "\n"
}

#[derive(Template)]
#[template(path = "rust/mod.rs", escape = "none")]
struct Index {
    header: String,
    dependencies: Vec<String>,
    example: String,
    package: bool,
    modules: BTreeSet<String>,
}

/// The index of all files, which has what they need.
pub(super) fn index(types: &Types<'_>, units: &[Unit], needs: &Needs) -> GeneratedFile {
    let example = types.blueprint.entities.iter().find(|it| it.order.is_some() && !it.view);
    let example = example.map(|it| names::module(&it.module)).unwrap_or_default();
    let mut modules: BTreeSet<String> = units.iter().map(|it| it.module.clone()).collect();
    let package = types.settings.runtime == RustRuntime::Package;
    if !package {
        modules.insert("support".to_owned());
    }
    let dependencies = dependencies::lines(needs, types.settings.runtime);
    file("mod.rs", &Index { header: header(), dependencies, example, package, modules })
}

#[derive(Template)]
#[template(path = "rust/support.rs", escape = "none")]
struct Support {
    header: String,
    /// What types of responses derive, where the runtime has such types.
    wire_derive: Option<String>,
    modules: Vec<&'static str>,
    /// Those that have names.
    names: Vec<&'static str>,
}

/// The macros that the tables use.
pub(super) fn macros() -> GeneratedFile {
    GeneratedFile { name: "macros.rs".to_owned(), text: runtime::MACROS.copy() }
}

/// Copies of the files of the runtime, and the file that lists them.
pub(super) fn support(types: &Types<'_>, needs: &Needs) -> Vec<GeneratedFile> {
    let parts = needs.parts();
    let module = |it: &Part| runtime::file(*it).name;
    let on_the_wire = parts.iter().any(|it| it.is_on_the_wire());
    let view = Support {
        header: header(),
        wire_derive: on_the_wire.then(|| runtime_derive(types)),
        modules: parts.iter().map(module).collect(),
        names: parts.iter().filter(|it| it.has_names()).map(module).collect(),
    };
    let copies = parts.iter().map(|it| {
        let it = runtime::file(*it);
        GeneratedFile { name: format!("support/{}.rs", it.name), text: it.copy() }
    });
    [file("support.rs", &view)].into_iter().chain(copies).collect()
}

/// What the types of the runtime derive everywhere.
const RUNTIME_DERIVES: &str =
    "Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize";

/// What the types of the runtime derive. Their files derive `Copy` and `Default` where they can.
fn runtime_derive(types: &Types<'_>) -> String {
    let further =
        types.settings.derives.iter().filter(|it| !["Copy", "Default"].contains(&last(it)));
    format!("#[derive({})]", with_further(RUNTIME_DERIVES, further).join(", "))
}

/// Responses with types of the package that cannot derive what the settings ask for.
pub(super) fn underived(types: &Types<'_>) -> Vec<CodegenError> {
    let known = RUNTIME_DERIVES.split(", ").count();
    let derives = types.settings.derives.iter();
    let further = with_further(RUNTIME_DERIVES, derives).split_off(known);
    let (RustRuntime::Package, Some(first)) = (types.settings.runtime, further.first()) else {
        return Vec::new();
    };
    let mut errors = Vec::new();
    for entity in &types.blueprint.entities {
        let has = |it: &&Field| {
            it.wire
                && it.hints.rust_type.is_none()
                && types.of(&it.value_type).needs.is_on_the_wire()
        };
        errors.extend(entity.fields.iter().find(has).map(|it| CodegenError {
            object: entity.id.clone(),
            message: format!(
                "column {} of {} has a type of the package aludel-runtime, which does not derive \
                 `{first}`",
                it.column.name, entity.id
            ),
            help: "`[codegen.rust] runtime = \"copy\"`".to_owned(),
        }));
    }
    errors
}

/// What a type derives that is a part of responses: `own`, separated by commas, and the settings.
pub(super) fn wire_derive(types: &Types<'_>, own: &str) -> String {
    derive(&with_further(own, types.settings.derives.iter()))
}

fn with_further<'t>(own: &'t str, further: impl Iterator<Item = &'t String>) -> Vec<&'t str> {
    let mut traits: Vec<&str> = own.split(", ").collect();
    for it in further {
        if !traits.iter().any(|known| last(known) == last(it)) {
            traits.push(it);
        }
    }
    traits
}

/// The name of a trait without its path.
fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
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

pub(super) fn enums(types: &Types<'_>) -> Option<Unit> {
    let enums: Vec<EnumView> =
        types.blueprint.enums.iter().map(|it| enum_view(types, it)).collect();
    let needs = Needs::new(&[Part::Enums], &[Crate::Serde, Crate::TokioPostgres]);
    (!enums.is_empty()).then(|| {
        let file = file("enums.rs", &Enums { header: header(), enums });
        Unit { module: "enums".to_owned(), file, needs }
    })
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
            "pg_enum!",
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
    /// What the attributes need.
    needs: Needs,
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

pub(super) fn composites(types: &Types<'_>) -> Option<Unit> {
    let blueprint: &Blueprint = types.blueprint;
    let structs = blueprint
        .composites
        .iter()
        .filter(|it| types.is_struct(&ValueType::Composite(it.name.clone())));
    let (mut enums, mut needs) = (BTreeSet::new(), Needs::default());
    let mut composites = Vec::new();
    for it in structs {
        let mut attributes = Vec::new();
        for (name, value_type) in &it.attributes {
            for part in value_type.parts() {
                if let ValueType::Enum(of) = part {
                    enums.insert(names::type_name(&blueprint.enum_of(of).model));
                }
            }
            let of = types.of(value_type);
            needs.add(&of.needs);
            needs.add(&types.needs_on_the_wire(value_type));
            let text = format!("Option<{}>", of.text);
            let own = names::field(&crate::codegen::names::snake_case(name.as_str()));
            let sql_name = string(name.as_str());
            attributes.push(AttributeView { sql_name, declaration: field(4, &own, &text) });
        }
        composites.push(CompositeView {
            documentation: documentation(0, &format!("`{}`", it.name), it.comment.as_deref()),
            model: names::type_name(&it.model),
            sql_name: string(it.name.name.as_str()),
            attributes,
        });
    }
    let enums = enums.into_iter().collect();
    let derive =
        wire_derive(types, "Debug, Clone, PartialEq, ToSql, FromSql, Serialize, Deserialize");
    let view = Composites { header: header(), needs, enums, derive, composites };
    (!view.composites.is_empty()).then(|| {
        let file = file("composites.rs", &view);
        let mut needs = Needs::new(&[], &[Crate::PostgresTypes, Crate::Serde]);
        needs.add(&view.needs);
        Unit { module: "composites".to_owned(), file, needs }
    })
}
