//! The module of a table: its structs, constants and functions.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::Unit;
use super::columns::{self, ColumnView, Travel};
use super::draft::{Draft, has_many, sql_name};
use super::layout::{
    array, constant, documentation, import, indented_signature, literal, long_string, named,
    signature, string, tuple,
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

#[derive(Template)]
#[template(path = "rust/table.rs", escape = "none")]
struct Module<'v> {
    header: String,
    needs: Needs,
    title: String,
    imports: Vec<String>,
    marker: String,
    model: String,
    row_field: String,
    table_constant: String,
    vectors: Vec<VectorView>,
    searches: Vec<SearchView>,
    hybrid: Option<HybridView>,
    first_column: String,
    fields: Vec<&'v ColumnView>,
    constraints: Vec<String>,
    scopes: Vec<ScopeView>,
    light_constant: String,
    width: usize,
    has_key: bool,
    /// Whether rows can be found by many keys at once.
    many: bool,
    upserts: bool,
    row_security: bool,
    writable: bool,
    read_literal: String,
    key_array: String,
    columns_array: String,
    expected_array: String,
    /// The vector indexes, if there are any.
    indexes_array: String,
    uniques: Vec<UniqueView>,
    /// `, without vectors`, where rows of lists are.
    without: &'static str,
    /// What a row has that is read on request.
    rest: &'static str,
    documentation: String,
    light: Vec<&'v ColumnView>,
    heavy: Vec<&'v ColumnView>,
    wire: Vec<&'v ColumnView>,
    wire_literal: String,
    insertable: Vec<&'v ColumnView>,
    wire_derive: String,
    requires: bool,
    new_signature: String,
    new_literal: String,
    patchable: Vec<&'v ColumnView>,
    paged: bool,
    order: String,
    order_note: String,
    cursor: Vec<&'v ColumnView>,
    cursor_literal: String,
    key: Vec<&'v ColumnView>,
    functions: Functions,
    vectors_constant: String,
    full_literal: String,
    order_constant: String,
    seek_constant: String,
    bulk: &'static str,
}

/// The first lines of functions whose length depends on names.
struct Functions {
    get: String,
    get_full: String,
    get_many: String,
    insert: String,
    upsert: String,
    insert_many: String,
    update: String,
    delete: String,
}

/// The type of a vector column.
struct VectorView {
    constant: String,
    dimensions: u64,
    column: String,
    alias: String,
}

/// A further key.
struct UniqueView {
    constant: String,
    array: String,
    columns: String,
    arguments: Vec<String>,
    get_signature: String,
    upsert_signature: String,
}

/// The module of a table.
pub(super) fn unit(types: &Types<'_>, entity: &Entity) -> Unit {
    let model = names::model(&entity.model);
    let marker = names::marker(entity.name.name.as_str(), &model);
    let mut place = 0;
    let mut views = Vec::new();
    for field in &entity.fields {
        views.push(columns::view(types, &model, field, place));
        place += usize::from(field.writable);
    }
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
        let heavy = self.where_field(is_heavy);
        let wire = self.where_field(|it| it.wire);
        let writable = if entity.view { Vec::new() } else { self.where_field(|it| it.writable) };
        let key = self.at(&entity.key);
        let in_key = |it: &&&ColumnView| key.iter().any(|key| std::ptr::eq(*key, **it));
        let patchable = match entity.has_key() {
            true => writable.iter().filter(|it| !in_key(it)).copied().collect(),
            false => Vec::new(),
        };
        let order = entity.order.as_ref();
        let terms: Vec<usize> = order.iter().flat_map(|it| &it.terms).map(|it| it.0).collect();
        let cursor = self.at(&terms);
        let required: Vec<&ColumnView> =
            writable.iter().filter(|it| it.required).copied().collect();
        let row_field = row_field(&self.model, &heavy);
        let without = without(entity);
        let searches = searches::views(self);
        Module {
            header: header(entity),
            needs: self.needs(),
            title: format!("The rows of `{}`.", named(&sql_name(&entity.name))),
            imports: self.imports(),
            table_constant: constant(0, "pub const TABLE: &str", &string(&sql_name(&entity.name))),
            vectors: self.vectors(),
            hybrid: searches::hybrid(self),
            first_column: first_column(entity),
            fields: self.where_field(|it| !it.value_type.is_tsvector()),
            constraints: constraints(entity),
            scopes: searches::scopes(self),
            light_constant: light_constant(&light),
            width: light.len().max(1),
            has_key: entity.has_key(),
            many: has_many(entity),
            upserts: entity.upserts,
            row_security: entity.row_security,
            writable: !entity.view,
            read_literal: read_literal(&self.model, &light),
            key_array: infos("KEY", &key),
            columns_array: infos("COLUMNS", &writable),
            expected_array: expected(entity),
            indexes_array: searches::indexes(entity),
            uniques: self.uniques(),
            without,
            rest: if without.is_empty() { "what lists leave out" } else { "the vectors" },
            documentation: documentation(
                0,
                &format!("One row as lists, `get` and searches return it{without}."),
                entity.comment.as_deref(),
            ),
            wire_literal: literal(
                8,
                "Self",
                &each(&wire, |it| format!("{}: {}", it.name, it.wire_value)),
            ),
            wire_derive: wire_derive(self.types, "Debug, Clone, PartialEq, Serialize, Deserialize"),
            requires: !required.is_empty(),
            new_signature: new_signature(&required),
            new_literal: literal(8, "Self", &each(&writable, initial)),
            paged: order.is_some(),
            order: order.map(|it| named(&self.order_text(it, ""))).unwrap_or_default(),
            order_note: order
                .and_then(|it| it.index.as_ref())
                .map(|it| format!(" (`{}`)", named(it.as_str())))
                .unwrap_or_default(),
            cursor_literal: literal(8, "Self", &each(&cursor, copied)),
            functions: self.functions(&key),
            vectors_constant: vectors_constant(&heavy),
            full_literal: full_literal(self, &row_field, light.len().max(1), &heavy),
            order_constant: order.map(|it| self.order_constant(it)).unwrap_or_default(),
            seek_constant: order.map(|it| self.seek_constant(it)).unwrap_or_default(),
            bulk: match writable.iter().all(|it| it.travel.is_copied()) && !entity.row_security {
                true => "COPY in binary",
                false => "COPY in binary, or INSERT where that cannot be",
            },
            marker: self.marker.clone(),
            model: self.model.clone(),
            insertable: writable,
            row_field,
            searches,
            light,
            heavy,
            wire,
            patchable,
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

    /// What the module needs.
    fn needs(&self) -> Needs {
        let entity = self.entity;
        let parts = [ALWAYS, &[Part::Conditions, Part::Reading, Part::Verify]].concat();
        let mut needs = Needs::new(&parts, &[Crate::Serde, Crate::TokioPostgres]);
        needs.add_if(!entity.view, &[Part::Bulk]);
        needs.add_if(!entity.view && entity.has_key(), &[Part::Changing]);
        needs.add_if(entity.order.is_some(), &[Part::Cursors, Part::Pages]);
        needs.add(&searches::needs(entity));
        for field in &entity.fields {
            needs.add(&self.types.of(&field.value_type).needs);
            if field.wire && !field.value_type.is_vector() {
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
            ("ColumnInfo", true),
            ("Cond", true),
            ("Given", !entity.view),
            ("Indexed", searches),
            ("New", !entity.view),
            ("Params", entity.has_key() || !entity.uniques.is_empty() || entity.order.is_some()),
            ("Search", searches),
            ("Table", true),
        ];
        let cast = self.views.iter().any(|it| it.travel != Travel::Plain);
        let needs_infos = entity.has_key() || !entity.view || !entity.uniques.is_empty() || cast;
        let used = used.iter().filter(|it| it.1 && (it.0 != "ColumnInfo" || needs_infos));
        let used: Vec<&str> = ["self"].into_iter().chain(used.map(|it| it.0)).collect();
        let given = [
            ("Error", true),
            ("Hit", searches),
            ("IterativeScan", searches),
            ("Method", searches),
            ("Metric", searches),
            ("Page", entity.order.is_some()),
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

    fn uniques(&self) -> Vec<UniqueView> {
        let uniques = self.entity.uniques.iter().map(|it| {
            let columns = self.at(&it.fields);
            let name = self.entity.name_of(it);
            let constant = format!("BY_{}", names::constant(&name));
            let get = signature(
                &format!("pub async fn get_by_{name}<C: Session>"),
                &self.found_by(&columns),
                &format!(" -> Result<Option<{}>>", self.model),
            );
            let upsert = signature(
                &format!("pub async fn upsert_on_{name}<C: Session>"),
                &self.with("client: &C", &format!("new: &New{}", self.model)),
                &format!(" -> Result<{}>", self.model),
            );
            UniqueView {
                array: infos(&constant, &columns),
                columns: each(&columns, |it| format!("`{}`", named(&it.sql_name))).join(", "),
                arguments: each(&columns, |it| it.argument.clone()),
                get_signature: get,
                upsert_signature: upsert,
                constant,
            }
        });
        uniques.collect()
    }

    fn with(&self, client: &str, more: &str) -> Vec<String> {
        vec![client.to_owned(), more.to_owned()]
    }

    /// The arguments of a function that finds a row by some columns.
    pub(super) fn found_by(&self, columns: &[&ColumnView]) -> Vec<String> {
        let mut arguments = vec!["client: &C".to_owned()];
        let typed = |it: &ColumnView| format!("{}: {}", it.argument, it.argument_type);
        arguments.extend(columns.iter().map(|it| typed(it)));
        arguments
    }

    fn functions(&self, key: &[&ColumnView]) -> Functions {
        let model = &self.model;
        let one = format!(" -> Result<{model}>");
        let maybe = format!(" -> Result<Option<{model}>>");
        let named = |name: &str| format!("pub async fn {name}<C: Session>");
        let new = self.with("client: &C", &format!("new: &New{model}"));
        let mut update = self.found_by(key);
        update.push(format!("patch: &{model}Patch"));
        let types = each(key, |it| it.rust.text.clone());
        let keys = match types.as_slice() {
            [only] => format!("keys: &[{only}]"),
            several => format!("keys: &[({})]", several.join(", ")),
        };
        let many = format!(" -> Result<Vec<{model}>>");
        let full = format!(" -> Result<Option<{model}Full>>");
        let rows = self.with("client: &mut C", &format!("rows: &[New{model}]"));
        Functions {
            get: signature(&named("get"), &self.found_by(key), &maybe),
            get_full: signature(&named("get_full"), &self.found_by(key), &full),
            get_many: signature(&named("get_many"), &self.with("client: &C", &keys), &many),
            insert: signature(&named("insert"), &new, &one),
            upsert: signature(&named("upsert"), &new, &one),
            insert_many: signature(&named("insert_many"), &rows, " -> Result<u64>"),
            update: signature(&named("update"), &update, &maybe),
            delete: signature(&named("delete"), &self.found_by(key), " -> Result<bool>"),
        }
    }

    fn order_text(&self, order: &ListOrder, alias: &str) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let direction = if *descending { " DESC" } else { "" };
            format!("{alias}{}{direction}", self.views[*idx].sql_name)
        };
        order.terms.iter().map(term).collect::<Vec<_>>().join(", ")
    }

    fn order_constant(&self, order: &ListOrder) -> String {
        long_string(0, "const ORDER: &str", &self.order_text(order, "d."))
    }

    /// What comes after a position: a comparison of rows where all columns go one way, which an
    /// index answers as a whole; else column by column.
    fn seek_constant(&self, order: &ListOrder) -> String {
        let columns = self.at(&order.terms.iter().map(|it| it.0).collect::<Vec<_>>());
        let names = each(&columns, ColumnView::compared);
        let numbered = columns.iter().enumerate();
        let values: Vec<String> =
            numbered.map(|(idx, it)| format!("${}{}", idx + 1, it.cast())).collect();
        let operator = |descending: bool| if descending { "<" } else { ">" };
        let first = order.terms[0].1;
        let condition = if let ([name], [value]) = (names.as_slice(), values.as_slice()) {
            format!("{name} {} {value}", operator(first))
        } else if order.terms.iter().all(|it| it.1 == first) {
            let (names, values) = (names.join(", "), values.join(", "));
            format!("({names}) {} ({values})", operator(first))
        } else {
            let mut choices = Vec::new();
            for (idx, (_, descending)) in order.terms.iter().enumerate() {
                let same = (0..idx).map(|it| format!("{} = {}", names[it], values[it]));
                let last = format!("{} {} {}", names[idx], operator(*descending), values[idx]);
                choices.push(same.chain([last]).collect::<Vec<_>>().join(" AND "));
            }
            format!("({})", choices.join(" OR "))
        };
        long_string(0, "const SEEK: &str", &format!(" AND {condition}"))
    }
}

/// A constant to show how filters are made.
fn first_column(entity: &Entity) -> String {
    let first = entity.fields.iter().find(|it| !it.value_type.is_tsvector());
    first.map(|it| names::constant(&it.name)).unwrap_or_else(|| "COLUMN".to_owned())
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
    entity.has_key() && entity.fields.iter().any(is_heavy)
}

fn light_constant(light: &[&ColumnView]) -> String {
    let columns = each(light, ColumnView::selected).join(", ");
    // Something must be listed.
    let columns = if columns.is_empty() { "1".to_owned() } else { columns };
    long_string(4, "const LIGHT: &'static str", &columns)
}

fn read_literal(model: &str, light: &[&ColumnView]) -> String {
    let read = |(idx, it): (usize, &&ColumnView)| format!("{}: support::at(row, {idx})?", it.name);
    let fields: Vec<String> = light.iter().enumerate().map(read).collect();
    literal(8, model, &fields)
}

fn vectors_constant(heavy: &[&ColumnView]) -> String {
    let columns = each(heavy, |it| format!(", {}", it.selected()));
    long_string(0, "const VECTORS: &str", &columns.concat())
}

fn full_literal(draft: &Draft<'_>, row_field: &str, width: usize, heavy: &[&ColumnView]) -> String {
    let (model, marker) = (&draft.model, &draft.marker);
    let mut fields = vec![format!("{row_field}: {marker}::light(row)?")];
    for (idx, it) in heavy.iter().enumerate() {
        fields.push(format!("{}: support::at(row, {})?", it.name, width + idx));
    }
    literal(4, &format!("{model}Full"), &fields)
}

fn infos(name: &str, columns: &[&ColumnView]) -> String {
    array(0, &format!("const {name}: &[ColumnInfo]"), "&", &each(columns, ColumnView::info_element))
}

fn expected(entity: &Entity) -> String {
    let tuple = |it: &Field| {
        let (name, of) = (string(it.column.name.as_str()), it.column.data_type.to_string());
        tuple(4, &[name, string(&of), it.column.not_null.to_string()])
    };
    let tuples: Vec<String> = entity.fields.iter().map(tuple).collect();
    array(0, "const EXPECTED: &[(&str, &str, bool)]", "&", &tuples)
}

fn new_signature(required: &[&ColumnView]) -> String {
    let argument = |it: &ColumnView| match it.rust.text.as_str() {
        "String" => format!("{}: impl Into<String>", it.name),
        of => format!("{}: {of}", it.name),
    };
    indented_signature(4, "pub fn new", &each(required, argument), " -> Self")
}

/// A field of what `new` makes.
fn initial(it: &ColumnView) -> String {
    match (it.required, it.rust.text.as_str()) {
        (true, "String") => format!("{0}: {0}.into()", it.name),
        (true, _) => it.name.clone(),
        (false, _) => format!("{}: None", it.name),
    }
}

fn copied(it: &ColumnView) -> String {
    let clone = if it.rust.copy { "" } else { ".clone()" };
    format!("{0}: row.{0}{clone}", it.name)
}
