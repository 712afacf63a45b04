//! The module of a table: its model, Pydantic classes and functions.

use askama::Template;

use super::draft::{Draft, is_written};
use super::imports;
use super::inline::Inline;
use super::layout::{Code, annotated, comment, docstring, is_union, prose, spaced, string};
use super::model::{self, ColumnView};
use super::names;
use super::needs::{Import, Needs};
use super::runtime::Module as Runtime;
use super::searches::{self, DistanceView, HybridView, MetricView, SearchView};
use super::types::Types;
use super::values::Value;
use crate::codegen::blueprint::{Entity, Field, ListOrder};
use crate::codegen::value_type::{Builtin, ValueType};
use crate::codegen::{FORMAT, MARK};
use crate::model::Schema;
use crate::model::code_hints::CodePart;
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
    out: Vec<String>,
    searches: Vec<SearchView>,
    view: bool,
    has_wire: bool,
    writable: bool,
    create: Vec<String>,
    has_patch: bool,
    patch: Vec<String>,
    paged: bool,
    cursor: Vec<String>,
    hybrid: Option<HybridView>,
    has_key: bool,
    key_type: String,
    hit_distance: &'static str,
    class_line: String,
    /// What reads and writes rows, and its functions.
    objects: Vec<String>,
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
}

/// The type of a vector column.
struct VectorView {
    constant: String,
    dimensions: u64,
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
        let writes = entity.has(CodePart::Write);
        let writable = || both().filter(|(it, _)| is_written(it) && writes);
        let patch: Vec<String> = writable()
            .filter(|(it, _)| entity.has_key() && !self.in_key(it))
            .map(|(it, view)| self.patch_field(it, view, &mut needs))
            .collect();
        let create = if writes { self.create(&mut needs) } else { Vec::new() };
        let shown = entity.has(CodePart::Wire);
        let out = if shown { self.out(&mut needs) } else { Vec::new() };
        let order = entity.order.as_ref().filter(|_| self.is_paged());
        let cursor = order.map(|it| self.cursor(it, &mut needs)).unwrap_or_default();
        let embeddings = self.embeddings(&mut needs);
        let inline = Inline::new(entity, &self.types.blueprint.entities, self.types.own_base);
        let fields = both()
            .map(|(it, view)| model::mapped(self.schema, entity, it, view, &inline, &mut needs))
            .collect();
        let entities = &self.types.blueprint.entities;
        let table_args = model::table_args(self.schema, entity, entities, &inline, &mut needs);
        let objects = self.objects(!patch.is_empty());
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
            embeddings,
            out,
            searches: searches::views(self),
            view: entity.view,
            has_wire: shown,
            writable: writes,
            create,
            has_patch: !patch.is_empty(),
            patch,
            paged: self.is_paged(),
            cursor,
            hybrid: searches::hybrid(self),
            has_key: entity.has_key(),
            key_type: self.key_type(),
            class_line: self.class_line(),
            hit_distance: self.hit_name("distance", "distance_"),
            objects,
            numbers: self.types.numbers(),
            model: self.model.clone(),
        };
        (module, needs)
    }

    /// What the template and the lines below name, beside the columns and the table.
    fn needs(&self) -> Needs {
        let entity = self.entity;
        let mut needs = searches::needs(self);
        for it in [Import::Mapped, Import::MappedColumn, Import::Support] {
            needs.import(it);
        }
        needs.runtime.extend(Runtime::ALWAYS);
        if !entity.has_key() {
            needs.import(Import::Any);
            needs.import(Import::Orm);
        }
        if self.is_paged() {
            needs.support(Runtime::Cursors);
        }
        if !entity.searches.is_empty() {
            needs.import(Import::AsyncSession);
        }
        if entity.has(CodePart::Write) {
            needs.support(Runtime::Writes);
        }
        needs
    }

    fn heads(&self) -> Heads {
        let model = &self.model;
        let array = |it: &ColumnView| it.python.value == Value::Array;
        let arrays = self.views.iter().any(array);
        let class = |suffix: &str, bases: &[&str]| {
            let bases = bases.iter().map(|it| Code::text(*it)).collect();
            Code::call(&format!("class {model}{suffix}"), bases).lines(0, "", ":")
        };
        let shape = |suffix: &str| {
            let base = format!("support.{suffix}");
            match arrays {
                true => class(suffix, &["support.WithArrays", &base]),
                false => class(suffix, &[&base]),
            }
        };
        let of = format!("def {}", self.hit_name("of", "of_"));
        let hit = format!("hit: support.Hit[{model}]");
        let validated =
            Code::call(&format!("{model}Out.model_validate"), vec![Code::text("hit.row")]);
        Heads {
            out: shape("Out"),
            hit: class("HitOut", &[&format!("{model}Out")]),
            of: Code::call(&of, vec![Code::text("cls"), Code::text(hit)]).lines(
                4,
                "",
                &format!(" -> {model}HitOut:"),
            ),
            row: Code::call("dict", vec![validated]).lines(8, "row = ", ""),
            create: shape("Create"),
            patch: shape("Patch"),
            cursor: class("Cursor", &["support.Cursor"]),
            ranked: Code::subscript("support.Ranked", model).lines(
                0,
                &format!("{model}Ranked = "),
                "",
            ),
        }
    }

    /// What reads and writes rows, and the functions of the module, which are its methods.
    fn objects(&self, has_patch: bool) -> Vec<String> {
        let (entity, model) = (self.entity, &self.model);
        let mut lines = vec![self.rows()];
        let methods = |of: &str, names: &[&str]| {
            let all: Vec<String> = names.iter().map(|it| format!("{of}.{it}")).collect();
            format!("{} = {}", names.join(", "), all.join(", "))
        };
        let reads = entity.has(CodePart::Read);
        if reads && entity.has_key() {
            lines.push(methods("_rows", &["get", "get_many"]));
            let full = entity.fields.iter().any(|it| !it.light && !it.value_type.is_tsvector());
            lines.extend(full.then(|| "get_full = _rows.get_full".to_owned()));
        }
        let shown = ["list_page", "count", "verify"];
        lines.push(methods("_rows", if reads { &shown } else { &shown[1..] }));
        if entity.has(CodePart::Write) {
            lines.push(String::new());
            let (class, patch) = match (entity.has_key(), has_patch) {
                (false, _) => ("Inserts", None),
                (true, false) => ("Writes", None),
                (true, true) => ("Changes", Some(format!("{model}Patch"))),
            };
            let mut items = vec![Code::text("_rows"), Code::text(format!("{model}Create"))];
            items.extend(patch.map(Code::text));
            items.extend(self.written_options());
            let call = Code::call(&format!("support.{class}"), items);
            lines.push(call.lines(0, "_written = ", ""));
            lines.push(methods("_written", &["insert", "insert_many"]));
            let changes = [("upsert", entity.upserts), ("update", has_patch)];
            let changes: Vec<&str> = changes.iter().filter(|it| it.1).map(|it| it.0).collect();
            if !changes.is_empty() {
                lines.push(methods("_written", &changes));
            }
            if entity.has_key() {
                lines.push(methods("_written", &["delete", "delete_where"]));
            }
        }
        let found = reads || entity.has(CodePart::Write);
        for unique in entity.uniques.iter().filter(|_| found) {
            let name = entity.name_of(unique);
            let of = tuple_of(unique.fields.iter().map(|it| self.views[*it].bare()).collect());
            let mut items = vec![Code::text(model), Code::text(key_argument(&of))];
            items.extend(unique.fields.iter().map(|it| Code::text(self.column(*it))));
            let parameters = if is_union(&of) { format!("[{model}, {of}]") } else { String::new() };
            let call = Code::call(&format!("support.Unique{parameters}"), items);
            lines.push(String::new());
            lines.push(call.lines(0, &format!("_by_{name} = "), ""));
            let method = |name: &str, of: &str| Code::text(of).lines(0, &format!("{name} = "), "");
            lines.push(method(&format!("get_by_{name}"), &format!("_by_{name}.get")));
            if entity.has(CodePart::Write) {
                let items = vec![Code::text(format!("_by_{name}")), Code::text("_written")];
                let call = Code::call("support.Upserts", items);
                lines.push(call.lines(0, &format!("_on_{name} = "), ""));
                lines.push(method(&format!("upsert_on_{name}"), &format!("_on_{name}.upsert")));
            }
        }
        lines
    }

    /// Whether there are pages.
    fn is_paged(&self) -> bool {
        self.entity.order.is_some() && self.entity.has(CodePart::Read)
    }

    /// What reads rows.
    fn rows(&self) -> String {
        let (entity, model) = (self.entity, &self.model);
        let mut items = vec![Code::text(model)];
        let mut options = Vec::new();
        let (mut class, key) = ("support.Unkeyed".to_owned(), self.key_type());
        if let Some(order) = &entity.order {
            class = "support.Keyed".to_owned();
            items.push(Code::text(key_argument(&key)));
            let cursor = match self.is_paged() {
                true => format!("{model}Cursor"),
                false => "support.Cursor".to_owned(),
            };
            items.push(Code::text(&cursor));
            if is_union(&key) {
                class = format!("{class}[{model}, {key}, {cursor}]");
            }
            let by_key = order.terms.iter().map(|it| it.0).eq(entity.key.iter().copied())
                && order.terms.iter().all(|it| !it.1);
            if !by_key {
                options.push(Code::keyword("order", self.order_list(order)));
            }
        }
        let indexes = searches::indexes(self);
        if !indexes.is_empty() {
            options.push(Code::keyword("indexes", Code::list(indexes)));
        }
        items.extend(options);
        Code::call(&class, items).lines(0, "_rows = ", "")
    }

    fn in_key(&self, it: &Field) -> bool {
        self.entity.key.iter().any(|idx| std::ptr::eq(&self.entity.fields[*idx], it))
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

    fn column(&self, idx: usize) -> String {
        format!("{}.{}", self.model, self.views[idx].attribute)
    }

    /// The type of a key.
    fn key_type(&self) -> String {
        tuple_of(self.entity.key.iter().map(|it| self.views[*it].bare()).collect())
    }

    fn order_list(&self, order: &ListOrder) -> Code {
        let term = |(idx, descending): &(usize, bool)| {
            let descending = if *descending { "True" } else { "False" };
            let items = vec![Code::text(self.column(*idx)), Code::text(descending)];
            Code::Group { open: "(".to_owned(), items, close: ")" }
        };
        Code::list(order.terms.iter().map(term).collect())
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

/// The type of a key of one column or several.
fn tuple_of(types: Vec<String>) -> String {
    match types.as_slice() {
        [only] => only.clone(),
        several => format!("tuple[{}]", several.join(", ")),
    }
}

/// The type of a key as an argument. A union is no type there.
fn key_argument(of: &str) -> &str {
    if is_union(of) { "None" } else { of }
}

fn metric_line(it: &MetricView) -> String {
    let name = format!("{}_METRIC", it.constant);
    annotated(0, &name, "support.Metric", Some(&Code::text(string(it.metric))))
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
