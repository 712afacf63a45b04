//! The module of a table: its structs, constants and functions.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::Unit;
use super::columns::{self, ColumnView};
use super::draft::{Draft, has_many, sql_name};
use super::layout::{
    block, constant, documentation, import, indented, literal, named, string, wrapped,
};
use super::names;
use super::needs::Needs;
use super::runtime::{ALWAYS, Crate, Part};
use super::searches::{self, HybridView, ScopeView, SearchView};
use super::shared::{rendered, wire_derive};
use super::types::{Types, fixed_vector};
use crate::codegen::blueprint::{Entity, Field, ListOrder};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, GeneratedFile, MARK};
use crate::model::code_hints::CodePart;

#[derive(Template)]
#[template(path = "rust/table.rs", escape = "none")]
struct Module<'v> {
    header: String,
    needs: Needs,
    title: String,
    imports: Vec<String>,
    model: String,
    row_field: String,
    /// What `table!` is told.
    table: String,
    vectors: Vec<VectorView>,
    searches: Vec<SearchView>,
    hybrid: Option<HybridView>,
    fields: Vec<&'v ColumnView>,
    constraints: Vec<String>,
    scopes: Vec<ScopeView>,
    has_key: bool,
    writable: bool,
    /// `, without vectors`, where rows of lists are.
    without: &'static str,
    /// What a row has that is read on request.
    rest: &'static str,
    documentation: String,
    light: Vec<&'v ColumnView>,
    heavy: Vec<&'v ColumnView>,
    /// Whether there is a type of responses, and whether it is the row as it is.
    has_wire: bool,
    one_wire: bool,
    /// Whether any type can be serialized.
    serialized: bool,
    wire: Vec<&'v ColumnView>,
    wire_literal: String,
    wire_derive: String,
    /// The same inside of a macro.
    row_derive: String,
    /// What `written!` is told.
    written: String,
    paged: bool,
    order: String,
    order_note: String,
    cursor: Vec<&'v ColumnView>,
    key: Vec<&'v ColumnView>,
    /// The macros that make functions.
    calls: Vec<String>,
}

/// The type of a vector column.
struct VectorView {
    constant: String,
    dimensions: u64,
    column: String,
    alias: String,
}

/// The module of a table.
pub(super) fn unit(types: &Types<'_>, entity: &Entity) -> Unit {
    let model = names::model(&entity.model);
    let marker = names::marker(entity.name.name.as_str(), &model);
    let views: Vec<ColumnView> =
        entity.fields.iter().map(|it| columns::view(types, &model, it)).collect();
    let draft = Draft { entity, types, model, marker, views: &views };
    let view = draft.module();
    let module = names::module(&entity.module);
    let file = GeneratedFile { name: format!("{module}.rs"), text: rendered(&view) };
    Unit { module, file, needs: view.needs }
}

impl<'v> Draft<'v> {
    fn module(&self) -> Module<'v> {
        let entity = self.entity;
        let light = self.where_field(|it| it.light);
        let heavy =
            if entity.has(CodePart::Read) { self.where_field(is_heavy) } else { Vec::new() };
        let wire = self.where_field(|it| it.wire);
        let writes = entity.has(CodePart::Write);
        let writable = if writes { self.where_field(|it| it.writable) } else { Vec::new() };
        let key = self.at(&entity.key);
        let in_key = |it: &&&ColumnView| key.iter().any(|key| std::ptr::eq(*key, **it));
        let patchable: Vec<&ColumnView> = match entity.has_key() {
            true => writable.iter().filter(|it| !in_key(it)).copied().collect(),
            false => Vec::new(),
        };
        let order = entity.order.as_ref();
        let terms: Vec<usize> = order.iter().flat_map(|it| &it.terms).map(|it| it.0).collect();
        let cursor = self.at(&terms);
        let row_field = row_field(&self.model, &heavy);
        let without = without(entity);
        let one_wire = light.len() == wire.len()
            && wire.iter().all(|it| it.wire_value == format!("row.{}", it.name));
        let derive = wire_derive(self.types, "Debug, Clone, PartialEq, Serialize, Deserialize");
        Module {
            header: header(entity),
            needs: self.needs(),
            title: format!("The rows of `{}`.", named(&sql_name(&entity.name))),
            imports: self.imports(),
            table: self.table(&key),
            vectors: self.vectors(),
            hybrid: searches::hybrid(self),
            fields: self.where_field(|_| true),
            constraints: constraints(entity),
            scopes: searches::scopes(self),
            has_key: entity.has_key(),
            writable: writes,
            without,
            rest: if without.is_empty() { "what lists leave out" } else { "the vectors" },
            documentation: documentation(
                4,
                &format!("One row as lists, `get` and searches return it{without}."),
                entity.comment.as_deref(),
            ),
            has_wire: entity.has(CodePart::Wire),
            serialized: self.is_paged() || entity.has(CodePart::Wire),
            one_wire: one_wire && entity.has(CodePart::Wire),
            wire_literal: literal(
                8,
                "Self",
                &each(&wire, |it| format!("{}: {}", it.name, it.wire_value)),
            ),
            row_derive: indented(4, &derive).trim_start().to_owned(),
            wire_derive: derive,
            written: self.written(&writable, &key, !patchable.is_empty()),
            paged: self.is_paged(),
            order: order.map(|it| named(&self.order_text(it))).unwrap_or_default(),
            order_note: order
                .and_then(|it| it.index.as_ref())
                .map(|it| format!(" (`{}`)", named(it.as_str())))
                .unwrap_or_default(),
            calls: self.calls(&key, !patchable.is_empty()),
            model: self.model.clone(),
            searches: searches::views(self),
            row_field,
            light,
            heavy,
            wire,
            cursor,
            key,
        }
    }

    fn where_field(&self, wanted: impl Fn(&Field) -> bool) -> Vec<&'v ColumnView> {
        let both = self.entity.fields.iter().zip(self.views);
        both.filter(|(field, _)| wanted(field)).map(|(_, view)| view).collect()
    }

    fn at(&self, places: &[usize]) -> Vec<&'v ColumnView> {
        places.iter().map(|it| &self.views[*it]).collect()
    }

    /// Whether there are pages.
    fn is_paged(&self) -> bool {
        self.entity.order.is_some() && self.entity.has(CodePart::Read)
    }

    /// What the module needs.
    fn needs(&self) -> Needs {
        let entity = self.entity;
        let parts = [ALWAYS, &[Part::Conditions, Part::Reading, Part::Verify]].concat();
        let mut needs = Needs::new(&parts, &[Crate::Serde, Crate::TokioPostgres]);
        let writes = entity.has(CodePart::Write);
        needs.add_if(writes, &[Part::Bulk]);
        needs.add_if(writes && entity.has_key(), &[Part::Changing]);
        needs.add_if(self.is_paged(), &[Part::Cursors, Part::Pages]);
        needs.add(&searches::needs(entity));
        for field in &entity.fields {
            needs.add(&self.types.of(&field.value_type).needs);
            if entity.has(CodePart::Wire) && field.wire && !field.value_type.is_vector() {
                needs.add(&self.types.needs_on_the_wire(&field.value_type));
            }
        }
        needs
    }

    /// What is used of the other modules, in the order that rustfmt puts it in.
    fn imports(&self) -> Vec<String> {
        let entity = self.entity;
        let searches = !entity.searches.is_empty();
        let reranks = entity.searches.iter().any(|it| !it.reranks.is_empty());
        let used = [
            ("Candidates", reranks && entity.has_key()),
            ("Column", true),
            ("ColumnInfo", self.views.iter().any(|it| it.has_info)),
            ("Cond", entity.searches.iter().any(|it| !it.scopes.is_empty())),
            ("Indexed", searches),
            ("Params", searches && entity.has_key()),
            ("Search", searches),
        ];
        let used = used.iter().filter(|it| it.1);
        let used: Vec<&str> = ["self"].into_iter().chain(used.map(|it| it.0)).collect();
        let given = [
            ("Error", true),
            ("Hit", searches),
            ("IterativeScan", searches),
            ("Method", searches),
            ("Metric", searches),
            ("Page", self.is_paged()),
            ("Result", true),
            ("Session", true),
        ];
        let given: Vec<&str> = given.iter().filter(|it| it.1).map(|it| it.0).collect();
        let mut lines: Vec<String> = self.imported_types().into_iter().collect();
        lines.push(import("use super::support", &used));
        lines.push(import("pub use super::support", &given));
        lines
    }

    /// The enums and composite types of the columns.
    fn imported_types(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        for part in self.entity.fields.iter().flat_map(|it| it.value_type.parts()) {
            match part {
                ValueType::Enum(name) => {
                    let model = names::type_name(&self.types.blueprint.enum_of(name).model);
                    lines.insert(format!("pub use super::enums::{model};"));
                }
                ValueType::Composite(name) if self.types.is_struct(part) => {
                    let model = names::type_name(&self.types.blueprint.composite_of(name).model);
                    lines.insert(format!("pub use super::composites::{model};"));
                }
                ValueType::Composite(_)
                | ValueType::Builtin(_)
                | ValueType::Numeric(_)
                | ValueType::Bit(_)
                | ValueType::Vector(..)
                | ValueType::Range(_)
                | ValueType::Domain(..)
                | ValueType::Array(_)
                | ValueType::Text(_) => {}
            }
        }
        lines
    }

    fn vectors(&self) -> Vec<VectorView> {
        let both = self.entity.fields.iter().zip(self.views);
        let vectors = both.filter_map(|(field, view)| {
            let (alias, kind, dimensions) = view.vector.as_ref()?;
            let own = names::constant(&field.name);
            let of = fixed_vector(*kind, format_args!("{own}_DIMENSIONS"));
            Some(VectorView {
                alias: constant(0, &format!("pub type {alias}"), &of.text),
                column: format!("`{}`", named(field.column.name.as_str())),
                dimensions: *dimensions,
                constant: own,
            })
        });
        vectors.collect()
    }

    /// The arguments of a function that finds a row by some columns.
    pub(super) fn found_by(&self, columns: &[&ColumnView]) -> Vec<String> {
        let mut arguments = vec!["client: &C".to_owned()];
        let typed = |it: &ColumnView| format!("{}: {}", it.argument, it.argument_type);
        arguments.extend(columns.iter().map(|it| typed(it)));
        arguments
    }

    /// `id: i64`, for all columns of a key.
    fn by(&self, columns: &[&ColumnView]) -> String {
        self.found_by(columns).split_off(1).join(", ")
    }

    /// What the table is: its key, order and indexes by the constants of its columns.
    fn table(&self, key: &[&ColumnView]) -> String {
        let entity = self.entity;
        let name = string(&sql_name(&entity.name));
        let mut lines = vec![format!("{} of {} = {name};", self.marker, self.model)];
        lines.extend((!key.is_empty()).then(|| format!("key [{}];", self.constants(&entity.key))));
        if let Some(order) = &entity.order {
            let term = |(idx, descending): &(usize, bool)| {
                let direction = if *descending { " desc" } else { "" };
                format!("{}{direction}", names::constant(&entity.fields[*idx].name))
            };
            let terms: Vec<String> = order.terms.iter().map(term).collect();
            lines.push(format!("order [{}];", terms.join(", ")));
        }
        let indexes = searches::indexes(entity);
        lines.extend((!indexes.is_empty()).then(|| format!("indexes [{}];", indexes.join(", "))));
        lines.extend(entity.row_security.then(|| "copied = false;".to_owned()));
        lines.iter().map(|it| wrapped(4, it)).collect::<Vec<_>>().join("\n")
    }

    fn constants(&self, fields: &[usize]) -> String {
        let names = fields.iter().map(|it| names::constant(&self.entity.fields[*it].name));
        names.collect::<Vec<_>>().join(", ")
    }

    /// What is written, in sections of columns of the same kind.
    fn written(&self, writable: &[&ColumnView], key: &[&ColumnView], patch: bool) -> String {
        let argument = |it: &ColumnView| match it.rust.text.as_str() {
            "String" => format!("{}: impl Into<String>", it.name),
            of => format!("{}: {of}", it.name),
        };
        let required: Vec<&ColumnView> =
            writable.iter().filter(|it| it.required).copied().collect();
        let patch = if patch { format!(", {}Patch", self.model) } else { String::new() };
        let head = format!("New{}({}){patch};", self.model, each(&required, argument).join(", "));
        let mut lines = vec![wrapped(4, &head)];
        for section in ["required key", "default key", "required", "nullable", "default"]
            .into_iter()
            .chain(["default nullable"])
        {
            let in_key = |it: &ColumnView| key.iter().any(|key| std::ptr::eq(*key, it));
            let of = writable.iter().filter(|it| section_of(it, in_key(it)) == section);
            let columns: Vec<&str> = of.map(|it| it.written.as_str()).collect();
            if !columns.is_empty() {
                lines.push(format!("    {section} {{\n{}\n    }}", columns.join("\n")));
            }
        }
        lines.join("\n")
    }

    /// The macros that make the functions of the table.
    fn calls(&self, key: &[&ColumnView], patch: bool) -> Vec<String> {
        let entity = self.entity;
        let (model, by) = (&self.model, self.by(key));
        let (has_key, writable) = (entity.has_key(), entity.has(CodePart::Write));
        let reads = entity.has(CodePart::Read);
        let types = each(key, |it| it.rust.text.clone());
        let many = match types.as_slice() {
            [only] => only.clone(),
            several => {
                let numbered = several.iter().enumerate();
                numbered.map(|(idx, it)| format!("{idx}: {it}")).collect::<Vec<_>>().join(", ")
            }
        };
        let by_key = format!("by ({by})");
        let new = format!("{model} from New{model}");
        let mut calls = Vec::new();
        let mut call = |holds: bool, name: &str, body: String| {
            calls.extend(holds.then(|| block(name, &body)));
        };
        call(reads && entity.order.is_none(), "list", model.clone());
        call(reads && has_key, "get", format!("{model} {by_key}"));
        call(has_full(entity), "get_full", format!("{model}Full {by_key}"));
        call(reads && has_many(entity), "get_many", format!("{model} by {many}"));
        call(writable, "insert", new.clone());
        call(writable && entity.upserts, "upsert", new);
        call(writable && patch, "update", format!("{model} {by_key} from {model}Patch"));
        call(writable && has_key, "delete", by_key);
        for unique in &entity.uniques {
            let name = entity.name_of(unique);
            let by = self.by(&self.at(&unique.fields));
            let columns = self.constants(&unique.fields);
            let upsert = match writable {
                true => format!(", upsert_on_{name} from New{model}"),
                false => String::new(),
            };
            let body = format!("{model}, get_by_{name} by ({by}) = [{columns}]{upsert}");
            call(reads || writable, "unique", body);
        }
        calls
    }

    fn order_text(&self, order: &ListOrder) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let direction = if *descending { " DESC" } else { "" };
            format!("{}{direction}", self.views[*idx].sql_name)
        };
        order.terms.iter().map(term).collect::<Vec<_>>().join(", ")
    }
}

/// The section of a column that is written.
fn section_of(it: &ColumnView, in_key: bool) -> &'static str {
    match (in_key, it.optional, it.nullable) {
        (true, false, _) => "required key",
        (true, true, _) => "default key",
        (false, false, false) => "required",
        (false, false, true) => "nullable",
        (false, true, false) => "default",
        (false, true, true) => "default nullable",
    }
}

fn header(entity: &Entity) -> String {
    format!(
        "// {MARK}. Do not edit: change the schema and generate again.\n\
         // table: {}   generator-format: {FORMAT}\n// schema-fingerprint: {}",
        named(&sql_name(&entity.name)),
        entity.fingerprint
    )
}

fn each(columns: &[&ColumnView], text: impl Fn(&ColumnView) -> String) -> Vec<String> {
    columns.iter().map(|it| text(it)).collect()
}

/// The light row inside of a full one: as its type, unless a vector is called that.
fn row_field(model: &str, heavy: &[&ColumnView]) -> String {
    let own = names::field(&snake_case(model));
    let mut names = [own, "row".to_owned(), "light".to_owned()].into_iter();
    let free = names.find(|name| heavy.iter().all(|it| it.name != *name));
    free.unwrap_or_else(|| "light_row".to_owned())
}

/// Names of constraints, without the table's name where that leaves a name of their own.
fn constraints(entity: &Entity) -> Vec<String> {
    let prefix = format!("{}_", entity.name.name.as_str());
    let mut short: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let unique = entity.indexes.iter().filter(|it| it.unique).map(|it| &it.name);
    for name in entity.constraints.iter().map(|it| &it.name).chain(unique) {
        let name = name.as_str();
        let own = names::constant(name.strip_prefix(&prefix).unwrap_or(name));
        short.entry(own).or_default().push(name);
    }
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    for (own, full) in short {
        for name in &full {
            let own = if full.len() > 1 { names::constant(name) } else { own.clone() };
            if !own.is_empty() && seen.insert(own.clone()) {
                lines.push(constant(4, &format!("pub const {own}: &str"), &string(name)));
            }
        }
    }
    lines
}

/// Whether only a row with everything has a field.
fn is_heavy(it: &Field) -> bool {
    !it.light && !it.value_type.is_tsvector()
}

/// What is said of rows of lists that have no vectors.
fn without(entity: &Entity) -> &'static str {
    let mut heavy = entity.fields.iter().filter(|it| is_heavy(it)).peekable();
    let vectors = heavy.peek().is_some() && heavy.all(|it| it.value_type.is_vector());
    if vectors { ", without vectors" } else { "" }
}

/// Whether there are rows with more than lists have.
pub(super) fn has_full(entity: &Entity) -> bool {
    entity.has(CodePart::Read) && entity.has_key() && entity.fields.iter().any(is_heavy)
}
