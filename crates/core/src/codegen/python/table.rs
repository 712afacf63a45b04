//! The module of a table: its model, Pydantic classes and functions.

use askama::Template;

use super::draft::{Draft, is_written};
use super::imports;
use super::layout::{Code, annotated, comment, docstring, fits, prose, spaced, string};
use super::model::{self, ColumnView};
use super::names;
use super::needs::{Import, Needs};
use super::runtime::Module as Runtime;
use super::searches::{self, DistanceView, HybridView, MetricView, SearchView};
use super::shapes::{field_line, out_field};
use super::types::Types;
use super::values::{Place, Value};
use super::writing::is_json;
use crate::codegen::blueprint::{Entity, Field, ListOrder};
use crate::codegen::value_type::{Builtin, ValueType};
use crate::codegen::{FORMAT, MARK};
use crate::model::Schema;
use crate::model::ident::Ident;

#[derive(Template)]
#[template(path = "python/table.py", escape = "none")]
struct Module {
    header: String,
    sql_name: String,
    imports: String,
    vectors: Vec<VectorView>,
    metrics: Vec<String>,
    model: String,
    heads: Heads,
    numbers: &'static str,
    documentation: String,
    table: String,
    fields: Vec<String>,
    table_args: String,
    mapper_args: Option<String>,
    scopes: Vec<String>,
    distances: Vec<DistanceView>,
    embeddings: Vec<String>,
    arbitrary: bool,
    out: Vec<String>,
    searches: Vec<SearchView>,
    view: bool,
    writable: bool,
    create: Vec<String>,
    has_patch: bool,
    patch: Vec<String>,
    paged: bool,
    order_text: String,
    order_note: String,
    cursor: Vec<String>,
    cursor_fields: Vec<String>,
    cursor_values: Vec<String>,
    hybrid: Option<HybridView>,
    attributes: String,
    defaulted: String,
    encoders: String,
    has_key: bool,
    key: String,
    by_key: String,
    key_arguments: Vec<String>,
    /// `where`, and that a row is the one of the arguments.
    by_arguments: String,
    itself: String,
    key_parameter: String,
    key_types: String,
    other_key: Vec<String>,
    heavy: Vec<String>,
    /// Whether that is vectors and nothing else.
    heavy_vectors: bool,
    /// Whether responses have no vector that rows have.
    no_embedding: bool,
    upserts: bool,
    class_line: String,
    hit_distance: &'static str,
    bytes: bool,
    /// Whether a column of JSON can be NULL.
    json_null: bool,
    types: String,
    load_note: String,
    uniques: Vec<UniqueView>,
    order: String,
    expected: Vec<String>,
    regclass: String,
    page_type: String,
    /// The vector indexes, as the items of a list.
    indexes: Vec<String>,
}

/// Lines with the name of the model, which may be long.
struct Heads {
    out: String,
    hit: String,
    of: String,
    row: String,
    create: String,
    patch: String,
    cursor: String,
    ranked: String,
    after: String,
    given: String,
}

/// The type of a vector column.
struct VectorView {
    constant: String,
    dimensions: u64,
}

/// A further key.
struct UniqueView {
    name: String,
    arguments: Vec<String>,
    conditions: Vec<String>,
    columns: Vec<String>,
}

/// The text of a table's module, and what it needs.
pub(super) fn render(schema: &Schema, types: &Types<'_>, entity: &Entity) -> (String, Needs) {
    let views = entity.fields.iter().map(|it| ColumnView::new(types, entity, it)).collect();
    let draft = Draft { schema, entity, types, model: names::model(&entity.model), views };
    let (module, needs) = draft.module();
    let text = module.render().expect("writing to a string cannot fail");
    (spaced(&text), needs)
}

impl Draft<'_> {
    fn module(&self) -> (Module, Needs) {
        let entity = self.entity;
        let mut needs = self.needs();
        let both = || entity.fields.iter().zip(&self.views);
        let writable = || both().filter(|(it, _)| is_written(it) && !entity.view);
        let patch: Vec<String> = writable()
            .filter(|(it, _)| entity.has_key() && !self.in_key(it))
            .map(|(it, view)| self.patch_field(it, view))
            .collect();
        let order = entity.order.as_ref();
        let key_names = || entity.key.iter().map(|it| Code::text(&self.views[*it].argument));
        let by_key = |name: &str| Code::call(name, key_names().collect());
        let fields = both()
            .map(|(it, view)| model::mapped(self.schema, entity, it, view, &mut needs))
            .collect();
        let entities = &self.types.blueprint.entities;
        let table_args = model::table_args(self.schema, entity, entities, &mut needs);
        let encoders = match entity.view {
            true => String::new(),
            false => self.encoders(&mut needs),
        };
        let module = Module {
            header: header(entity),
            sql_name: prose(&sql_name(entity)),
            imports: imports::lines(&needs),
            vectors: self.vectors(),
            metrics: searches::metrics(self).iter().map(metric_line).collect(),
            heads: self.heads(),
            documentation: docstring(4, self.one_row(), entity.comment.as_deref()),
            table: string(entity.name.name.as_str()),
            fields,
            table_args,
            mapper_args: self.mapper_args(),
            scopes: searches::scopes(self),
            distances: searches::distances(self),
            embeddings: self.embeddings(),
            arbitrary: self.views.iter().any(|it| it.python.value.is_arbitrary()),
            out: both().filter(|(it, _)| it.wire).map(|(it, view)| out_field(it, view)).collect(),
            searches: searches::views(self),
            view: entity.view,
            writable: !entity.view,
            create: self.create(),
            has_patch: !patch.is_empty(),
            patch,
            paged: order.is_some(),
            order_text: order.map(|it| self.order_text(it)).unwrap_or_default(),
            order_note: order
                .and_then(|it| it.index.as_ref())
                .map(|it| format!("\n    ({})", prose(it.as_str())))
                .unwrap_or_default(),
            cursor: self.ordered(order, |_, view| {
                field_line(view, &view.python.value.text(Place::Response), None, None, &view.field)
            }),
            cursor_fields: self.ordered(order, |_, view| view.field.clone()),
            cursor_values: self
                .ordered(order, |_, view| format!("{}=last.{}", view.field, view.attribute)),
            hybrid: searches::hybrid(self),
            attributes: self.attributes(),
            defaulted: self.defaulted(),
            encoders,
            has_key: entity.has_key(),
            key: self.key_list(),
            by_key: self.by_key(),
            key_arguments: self.arguments(&entity.key),
            by_arguments: by_key("_by_key").lines(4, "where = ", ""),
            itself: Code::call("sa.and_", vec![by_key("*_by_key")]).lines(4, "itself = ", ""),
            key_parameter: Code::subscript("keys: Sequence", self.key_type()).lines(4, "", ","),
            key_types: self.key_types(),
            other_key: listed(8, self.conditions(&entity.key, "other")),
            heavy: both()
                .filter(|(it, _)| !it.light && !it.value_type.is_tsvector())
                .map(|(_, view)| view.attribute.clone())
                .collect(),
            heavy_vectors: both()
                .filter(|(it, _)| !it.light && !it.value_type.is_tsvector())
                .all(|(it, _)| it.value_type.is_vector()),
            no_embedding: entity.fields.iter().any(|it| it.value_type.is_vector() && !it.wire),
            upserts: entity.upserts,
            class_line: self.class_line(),
            hit_distance: self.hit_name("distance", "distance_"),
            bytes: self.views.iter().any(|it| it.python.value.has_bytes()),
            json_null: writable().any(|(it, view)| it.nullable && is_json(view)),
            types: self.load_types(),
            load_note: self.load_note(),
            uniques: self.uniques(),
            order: order.map(|it| self.order_list(it)).unwrap_or_default(),
            expected: entity.fields.iter().map(expected).collect(),
            regclass: string(&sql_name(entity)),
            page_type: page_type(&self.model),
            numbers: self.types.numbers(),
            model: self.model.clone(),
            indexes: searches::indexes(self),
        };
        (module, needs)
    }

    /// What the template and the lines below name, beside the columns and the table.
    fn needs(&self) -> Needs {
        let entity = self.entity;
        let mut needs = searches::needs(self);
        for it in [Import::AsyncSession, Import::Orm, Import::Pydantic, Import::Support] {
            needs.import(it);
        }
        needs.runtime.extend(Runtime::ALWAYS);
        if entity.has_key() {
            needs.import(Import::Sequence);
        } else {
            needs.import(Import::Any);
        }
        if entity.order.is_some() {
            needs.support(Runtime::Pages);
            needs.support(Runtime::Cursors);
        }
        if !entity.view {
            needs.import(Import::Any);
            needs.import(Import::Iterable);
            for it in [Runtime::Encoders, Runtime::Loading, Runtime::Writing] {
                needs.support(it);
            }
        }
        if !self.embeddings().is_empty() {
            needs.import(Import::Annotated);
            needs.import(Import::Partial);
        }
        needs
    }

    /// What classes are made from that can have vectors.
    fn shape(&self) -> &'static str {
        let array = |it: &ColumnView| it.python.value == Value::Array;
        if self.views.iter().any(array) { "support.WithArrays" } else { "pydantic.BaseModel" }
    }

    fn heads(&self) -> Heads {
        let model = &self.model;
        let class = |suffix: &str, base: &str| {
            let bases = vec![Code::text(base)];
            Code::call(&format!("class {model}{suffix}"), bases).lines(0, "", ":")
        };
        let base = self.shape();
        let of = format!("def {}", self.hit_name("of", "of_"));
        let hit = format!("hit: support.Hit[{model}]");
        let validated =
            Code::call(&format!("{model}Out.model_validate"), vec![Code::text("hit.row")]);
        let new = vec![Code::text(format!("new: {model}Create"))];
        Heads {
            out: class("Out", base),
            hit: class("HitOut", &format!("{model}Out")),
            of: Code::call(&of, vec![Code::text("cls"), Code::text(hit)]).lines(
                4,
                "",
                &format!(" -> {model}HitOut:"),
            ),
            row: Code::call("dict", vec![validated]).lines(8, "row = ", ""),
            create: class("Create", base),
            patch: class("Patch", base),
            cursor: class("Cursor", "pydantic.BaseModel"),
            ranked: Code::subscript("support.Ranked", model).lines(
                0,
                &format!("{model}Ranked = "),
                "",
            ),
            after: after(model),
            given: Code::call("def _given", new).lines(0, "", " -> dict[str, Any]:"),
        }
    }

    fn in_key(&self, it: &Field) -> bool {
        self.entity.key.iter().any(|idx| std::ptr::eq(&self.entity.fields[*idx], it))
    }

    fn ordered(
        &self,
        order: Option<&ListOrder>,
        text: impl Fn(&Field, &ColumnView) -> String,
    ) -> Vec<String> {
        let terms = order.into_iter().flat_map(|it| &it.terms);
        terms.map(|(idx, _)| text(&self.entity.fields[*idx], &self.views[*idx])).collect()
    }

    fn vectors(&self) -> Vec<VectorView> {
        let vectors = self.entity.fields.iter().filter_map(|it| match it.value_type.base() {
            ValueType::Vector(_, Some(dimensions)) => {
                Some(VectorView { constant: names::constant(&it.name), dimensions: *dimensions })
            }
            _ => None,
        });
        vectors.collect()
    }

    /// The columns that a session can tell rows apart by: never NULL, and of types that Python can
    /// hash.
    fn identity(&self) -> Option<&[usize]> {
        let entity = self.entity;
        let serves = |key: &[usize]| {
            let mut fields = key.iter().map(|it| &entity.fields[*it]);
            !key.is_empty() && fields.all(|it| !it.nullable && is_hashable(it))
        };
        let uniques = entity.uniques.iter().map(|it| it.fields.as_slice());
        if entity.has_key() {
            return Some(entity.key.as_slice()).filter(|it| serves(it));
        }
        let mut uniques = uniques.filter(|it| serves(it));
        uniques.next()
    }

    fn class_line(&self) -> String {
        let mut bases = Vec::new();
        bases.extend(self.identity().is_none().then(|| Code::text("support.Loose")));
        bases.push(Code::text("support.Base"));
        Code::call(&format!("class {}", self.model), bases).lines(0, "", ":")
    }

    /// What a model is.
    fn one_row(&self) -> &'static str {
        match self.entity.fields.iter().all(|it| it.light) {
            true => "One row.",
            false => {
                "One row. What is deferred is only loaded when asked for, and never by itself."
            }
        }
    }

    /// A name of `HitOut`, where columns may have it.
    fn hit_name(&self, name: &'static str, other: &'static str) -> &'static str {
        let both = self.entity.fields.iter().zip(&self.views);
        let mut shown = both.filter(|(it, _)| it.wire);
        if shown.any(|(_, view)| view.field == name) { other } else { name }
    }

    /// SQLAlchemy maps nothing that has no key: a table or view without one gets all its columns
    /// for a key, or those of a unique key.
    fn mapper_args(&self) -> Option<String> {
        let entity = self.entity;
        if entity.has_key() {
            return None;
        }
        let every = || 0..entity.fields.len();
        let mut all: Vec<usize> = every().filter(|it| entity.fields[*it].light).collect();
        if all.is_empty() {
            all = every().collect();
        }
        let columns = self.identity().unwrap_or(&all);
        let of = |it: &usize| Code::text(format!("cls.{}", self.views[*it].attribute));
        let items = columns.iter().map(of).collect();
        let list = Code::Group { open: "\"primary_key\": [".to_owned(), items, close: "]" };
        let group = Code::Group { open: "{".to_owned(), items: vec![list], close: "}" };
        Some(group.lines(8, "return ", ""))
    }

    fn key_types(&self) -> String {
        let key = || self.entity.key.iter().map(|it| &self.entity.fields[*it]);
        let items = if key().all(Field::has_array) {
            key().map(|it| Code::text(string(&it.bare_type))).collect()
        } else {
            Vec::new()
        };
        let group = Code::Group { open: "[".to_owned(), items, close: "]" };
        group.lines(0, "_KEY_TYPES: list[str] = ", "")
    }

    fn key_list(&self) -> String {
        let items = self.entity.key.iter().map(|it| Code::text(self.column(*it))).collect();
        let group = Code::Group { open: "[".to_owned(), items, close: "]" };
        group.lines(0, "_KEY: support.Key = ", "")
    }

    fn column(&self, idx: usize) -> String {
        format!("{}.{}", self.model, self.views[idx].attribute)
    }

    fn arguments(&self, fields: &[usize]) -> Vec<String> {
        let typed = |it: &ColumnView| format!("{}: {}", it.argument, it.bare());
        fields.iter().map(|it| typed(&self.views[*it])).collect()
    }

    fn conditions(&self, fields: &[usize], of: &str) -> Vec<Code> {
        let condition = |it: &ColumnView| Code::Same {
            left: format!("{of}.{}", it.attribute),
            right: it.argument.clone(),
        };
        fields.iter().map(|it| condition(&self.views[*it])).collect()
    }

    fn by_key(&self) -> String {
        let arguments = self.arguments(&self.entity.key).into_iter().map(Code::text).collect();
        let head = Code::call("def _by_key", arguments).lines(0, "", " -> Where:");
        let list = Code::list(self.conditions(&self.entity.key, &self.model));
        format!("{head}\n{}", list.lines(4, "return ", ""))
    }

    fn key_type(&self) -> String {
        let key = &self.entity.key;
        let types: Vec<String> = key.iter().map(|it| self.views[*it].bare()).collect();
        match types.as_slice() {
            [only] => only.clone(),
            several => format!("tuple[{}]", several.join(", ")),
        }
    }

    fn uniques(&self) -> Vec<UniqueView> {
        let uniques = self.entity.uniques.iter().map(|it| UniqueView {
            name: self.entity.name_of(it),
            arguments: self.arguments(&it.fields),
            conditions: listed(8, self.conditions(&it.fields, &self.model)),
            columns: it.fields.iter().map(|it| self.views[*it].attribute.clone()).collect(),
        });
        uniques.collect()
    }

    fn order_text(&self, order: &ListOrder) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let direction = if *descending { " DESC" } else { "" };
            format!("{}{direction}", prose(self.entity.fields[*idx].column.name.as_str()))
        };
        order.terms.iter().map(term).collect::<Vec<_>>().join(", ")
    }

    fn order_list(&self, order: &ListOrder) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let descending = if *descending { "True" } else { "False" };
            let items = vec![Code::text(self.column(*idx)), Code::text(descending)];
            Code::Group { open: "(".to_owned(), items, close: ")" }
        };
        let items = order.terms.iter().map(term).collect();
        let group = Code::Group { open: "[".to_owned(), items, close: "]" };
        group.lines(0, "_ORDER = ", "")
    }
}

/// Whether Python can hash the values.
fn is_hashable(it: &Field) -> bool {
    let json = [Builtin::Json, Builtin::Jsonb, Builtin::Hstore];
    match it.value_type.base() {
        ValueType::Array(_) | ValueType::Composite(_) | ValueType::Vector(..) => false,
        ValueType::Builtin(it) => !json.contains(it),
        ValueType::Numeric(_)
        | ValueType::Bit(_)
        | ValueType::Range(_)
        | ValueType::Enum(_)
        | ValueType::Domain(..)
        | ValueType::Text(_) => true,
    }
}

/// Items of a list, a line each.
fn listed(indent: usize, items: Vec<Code>) -> Vec<String> {
    items.iter().map(|it| it.lines(indent, "", ",")).collect()
}

fn metric_line(it: &MetricView) -> String {
    let name = format!("{}_METRIC", it.constant);
    annotated(0, &name, "support.Metric", Some(&Code::text(string(it.metric))))
}

/// Where a page begins.
fn after(model: &str) -> String {
    let line = format!("    after: {model}Cursor | None = None,");
    if fits(&line) { line } else { format!("    after: {model}Cursor\n    | None = None,") }
}

/// What `list_page` returns, taken apart as the formatter does where it is long.
fn page_type(model: &str) -> String {
    let parts = format!("{model}, {model}Cursor");
    let line = format!(") -> support.Page[{parts}]:");
    if fits(&line) {
        return line;
    }
    let below = format!("    {parts}");
    match fits(&below) {
        true => format!(") -> support.Page[\n{below}\n]:"),
        false => format!(") -> support.Page[\n    {model},\n    {model}Cursor,\n]:"),
    }
}

fn expected(it: &Field) -> String {
    let not_null = if it.column.not_null { "True" } else { "False" };
    let items = [
        string(it.column.name.as_str()),
        string(&it.column.data_type.to_string()),
        not_null.to_owned(),
    ];
    let items = items.map(Code::text).into();
    Code::Group { open: "(".to_owned(), items, close: ")" }.lines(4, "", ",")
}

fn sql_name(entity: &Entity) -> String {
    let namespace: &Ident = &entity.name.namespace;
    format!("{namespace}.{}", entity.name.name)
}

fn header(entity: &Entity) -> String {
    format!(
        "# {MARK}. Do not edit: change the schema and generate again.\n\
         # table: {}   generator-format: {FORMAT}\n# schema-fingerprint: {}",
        comment(&sql_name(entity)),
        entity.fingerprint
    )
}
