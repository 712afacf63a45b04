//! The module of a table: its model, Pydantic classes and functions.

use askama::Template;

use super::layout::{Code, docstring, fits, spaced, string};
use super::model::{self, ColumnView};
use super::names;
use super::searches::{self, DistanceView, HybridView, MetricView, SearchView};
use super::shared::{Candidate, imports};
use super::types::Types;
use crate::codegen::blueprint::{Entity, Field, ListOrder};
use crate::codegen::names::pascal_case;
use crate::codegen::value_type::ValueType;
use crate::codegen::{FORMAT, MARK};
use crate::model::ident::Ident;
use crate::model::pg_type::VectorType;

#[derive(Template)]
#[template(path = "python/table.py", escape = "none")]
struct Module {
    header: String,
    sql_name: String,
    imports: String,
    vectors: Vec<VectorView>,
    metrics: Vec<MetricView>,
    model: String,
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
    key_names: String,
    key_type: String,
    other_key: Vec<String>,
    heavy: Vec<String>,
    uniques: Vec<UniqueView>,
    order: String,
    expected: Vec<String>,
    regclass: String,
    page_type: String,
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

/// A table on its way to its module.
pub(super) struct Draft<'v> {
    pub(super) entity: &'v Entity,
    pub(super) types: &'v Types<'v>,
    pub(super) model: String,
    pub(super) views: Vec<ColumnView>,
}

/// The text of a table's module.
pub(super) fn render(types: &Types<'_>, entity: &Entity) -> String {
    let views = entity.fields.iter().map(|it| ColumnView::new(types, it)).collect();
    let draft = Draft { entity, types, model: names::model(&entity.model), views };
    let mut module = draft.module();
    let body = module.render().expect("writing to a string cannot fail");
    module.imports = imports(&body, &draft.candidates());
    let text = module.render().expect("writing to a string cannot fail");
    spaced(&text)
}

impl Draft<'_> {
    fn module(&self) -> Module {
        let entity = self.entity;
        let both = || entity.fields.iter().zip(&self.views);
        let writable = || both().filter(|(it, _)| it.writable && !entity.view);
        let patch: Vec<String> = writable()
            .filter(|(it, _)| entity.has_key() && !self.in_key(it))
            .map(|(it, view)| self.patch_field(it, view))
            .collect();
        let order = entity.order.as_ref();
        let key_names: Vec<&str> =
            entity.key.iter().map(|it| self.views[*it].argument.as_str()).collect();
        Module {
            header: header(entity),
            sql_name: sql_name(entity),
            imports: String::new(),
            vectors: self.vectors(),
            metrics: searches::metrics(self),
            documentation: docstring(4, ONE_ROW, entity.comment.as_deref()),
            table: string(entity.name.name.as_str()),
            fields: both().map(|(it, view)| model::mapped(entity, it, view)).collect(),
            table_args: model::table_args(entity, &self.types.blueprint.entities),
            mapper_args: self.mapper_args(),
            scopes: searches::scopes(self),
            distances: searches::distances(self),
            embeddings: self.embeddings(),
            arbitrary: self.views.iter().any(|it| is_arbitrary(&it.python.annotation)),
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
                .map(|it| format!("\n    ({})", it.as_str()))
                .unwrap_or_default(),
            cursor: self.ordered(order, |_, view| {
                field_line(&view.field, &view.python.annotation, Vec::new(), &view.field)
            }),
            cursor_fields: self.ordered(order, |_, view| view.field.clone()),
            cursor_values: self
                .ordered(order, |_, view| format!("{}=items[-1].{}", view.field, view.attribute)),
            hybrid: searches::hybrid(self),
            attributes: self.attributes(),
            defaulted: self.defaulted(),
            encoders: self.encoders(),
            has_key: entity.has_key(),
            key: self.key_list(),
            by_key: self.by_key(),
            key_arguments: self.arguments(&entity.key),
            key_names: key_names.join(", "),
            key_type: self.key_type(),
            other_key: self.conditions(&entity.key, "other"),
            heavy: both()
                .filter(|(it, _)| !it.light && !it.value_type.is_tsvector())
                .map(|(_, view)| view.attribute.clone())
                .collect(),
            uniques: self.uniques(),
            order: order.map(|it| self.order_list(it)).unwrap_or_default(),
            expected: entity.fields.iter().map(expected).collect(),
            regclass: string(&sql_name(entity)),
            page_type: page_type(&self.model),
            numbers: self.types.numbers(),
            model: self.model.clone(),
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

    /// SQLAlchemy maps nothing that has no key: a table or view without one gets all its columns
    /// for a key, or those of a unique key.
    fn mapper_args(&self) -> Option<String> {
        let entity = self.entity;
        if entity.has_key() {
            return None;
        }
        let all: Vec<usize> =
            (0..entity.fields.len()).filter(|it| entity.fields[*it].light).collect();
        let columns = entity.uniques.first().map_or(&all, |it| &it.fields);
        let of = |it: &usize| Code::text(format!("cls.{}", self.views[*it].attribute));
        let items = columns.iter().map(of).collect();
        let list = Code::Group { open: "\"primary_key\": [".to_owned(), items, close: "]" };
        let group = Code::Group { open: "{".to_owned(), items: vec![list], close: "}" };
        Some(group.lines(8, "return ", ""))
    }

    /// The types of embeddings in Pydantic classes, which know their length.
    fn embeddings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (it, view) in self.entity.fields.iter().zip(&self.views) {
            if !is_dense(it) || !it.writable {
                continue;
            }
            let constant = names::constant(&it.name);
            let check = Code::call(
                "pydantic.AfterValidator",
                vec![Code::text(format!(
                    "partial(support.check_embedding, {constant}_DIMENSIONS)"
                ))],
            );
            let held = field_annotation(&view.python.annotation);
            let items = vec![Code::text(held), check];
            let group = Code::Group { open: "Annotated[".to_owned(), items, close: "]" };
            lines.push(group.lines(0, &format!("{} = ", embedding_in(it)), ""));
        }
        lines
    }

    /// The annotation of a field that is written.
    fn written(&self, it: &Field, view: &ColumnView) -> String {
        let own = it.hints.python_type.is_none();
        let bare =
            if is_dense(it) && own { embedding_in(it) } else { view.python.annotation.clone() };
        if it.nullable && bare != "JsonValue" { format!("{bare} | None") } else { bare }
    }

    /// Required fields first, as arguments would be.
    fn create(&self) -> Vec<String> {
        let both = || self.entity.fields.iter().zip(&self.views).filter(|(it, _)| it.writable);
        let required = |it: &Field| !it.has_default && !it.nullable;
        let mut lines = Vec::new();
        for (it, view) in both().filter(|(it, _)| required(it)) {
            let mut options = Vec::new();
            options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
            lines.push(field_line(&view.field, &self.written(it, view), options, &it.name));
        }
        for (it, view) in both().filter(|(it, _)| !required(it)) {
            let annotation = self.written(it, view);
            let optional = annotation.ends_with("| None") || annotation == "JsonValue";
            let annotation = if optional { annotation } else { format!("{annotation} | None") };
            let mut options = vec![Code::text("default=None")];
            options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
            lines.push(field_line(&view.field, &annotation, options, &it.name));
        }
        lines
    }

    fn patch_field(&self, it: &Field, view: &ColumnView) -> String {
        let mut options = vec![Code::text("default=support.UNSET")];
        options.extend(it.value_type.is_vector().then(|| Code::text("repr=False")));
        field_line(&view.field, &self.written(it, view), options, &it.name)
    }

    fn attributes(&self) -> String {
        let both = self.entity.fields.iter().zip(&self.views);
        let renamed = both.filter(|(it, view)| it.writable && view.field != view.attribute);
        let items = renamed
            .map(|(_, it)| Code::text(format!("{}: {}", string(&it.field), string(&it.attribute))));
        let group = Code::Group { open: "{".to_owned(), items: items.collect(), close: "}" };
        let lines = group.lines(0, "_ATTRIBUTE: dict[str, str] = ", "");
        format!("# Fields whose attributes are called otherwise.\n{lines}")
    }

    fn defaulted(&self) -> String {
        let both = self.entity.fields.iter().zip(&self.views);
        let json = |view: &ColumnView| view.python.annotation == "JsonValue";
        let names = both
            .filter(|(it, view)| it.writable && it.has_default && !it.nullable && !json(view))
            .map(|(_, view)| Code::text(string(&view.field)));
        let items: Vec<Code> = names.collect();
        let lines = if items.is_empty() {
            "_DEFAULTED: frozenset[str] = frozenset()".to_owned()
        } else {
            let group = Code::Group { open: "{".to_owned(), items, close: "}" };
            group.lines(0, "_DEFAULTED = ", "")
        };
        format!("# Fields in which None means the default.\n{lines}")
    }

    fn encoders(&self) -> String {
        let both = self.entity.fields.iter().zip(&self.views).filter(|(it, _)| it.writable);
        let items = both.map(|(it, view)| {
            let encoder = match (view.python.encoder, &it.hints.python_type) {
                (Some(encoder), None) => format!("support.{encoder}"),
                _ => "None".to_owned(),
            };
            Code::text(format!("{}: {encoder}", string(&view.attribute)))
        });
        let items: Vec<Code> = items.collect();
        let group = Code::Group { open: "{".to_owned(), items, close: "}" };
        group.lines(0, "_COPY: dict[str, support.Encoder | None] = ", "")
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
        let typed = |it: &ColumnView| format!("{}: {}", it.argument, it.python.annotation);
        fields.iter().map(|it| typed(&self.views[*it])).collect()
    }

    fn conditions(&self, fields: &[usize], of: &str) -> Vec<String> {
        let condition = |it: &ColumnView| format!("{of}.{} == {}", it.attribute, it.argument);
        fields.iter().map(|it| condition(&self.views[*it])).collect()
    }

    fn by_key(&self) -> String {
        let arguments = self.arguments(&self.entity.key).into_iter().map(Code::text).collect();
        let head = Code::call("def _by_key", arguments).lines(0, "", " -> Where:");
        let conditions = self.conditions(&self.entity.key, &self.model);
        let items = conditions.into_iter().map(Code::text).collect();
        let list = Code::Group { open: "[".to_owned(), items, close: "]" };
        format!("{head}\n{}", list.lines(4, "return ", ""))
    }

    fn key_type(&self) -> String {
        let key = &self.entity.key;
        let types: Vec<&str> =
            key.iter().map(|it| self.views[*it].python.annotation.as_str()).collect();
        match types.as_slice() {
            [only] => (*only).to_owned(),
            several => format!("tuple[{}]", several.join(", ")),
        }
    }

    fn uniques(&self) -> Vec<UniqueView> {
        let uniques = self.entity.uniques.iter().map(|it| {
            let bare = |it: &usize| self.entity.fields[*it].name.clone();
            UniqueView {
                name: it.fields.iter().map(bare).collect::<Vec<_>>().join("_and_"),
                arguments: self.arguments(&it.fields),
                conditions: self.conditions(&it.fields, &self.model),
                columns: it.fields.iter().map(|it| self.views[*it].attribute.clone()).collect(),
            }
        });
        uniques.collect()
    }

    fn order_text(&self, order: &ListOrder) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let direction = if *descending { " DESC" } else { "" };
            format!("{}{direction}", self.entity.fields[*idx].column.name.as_str())
        };
        order.terms.iter().map(term).collect::<Vec<_>>().join(", ")
    }

    fn order_list(&self, order: &ListOrder) -> String {
        let term = |(idx, descending): &(usize, bool)| {
            let descending = if *descending { "True" } else { "False" };
            Code::text(format!("({}, {descending})", self.column(*idx)))
        };
        let items = order.terms.iter().map(term).collect();
        let group = Code::Group { open: "[".to_owned(), items, close: "]" };
        group.lines(0, "_ORDER = ", "")
    }

    /// What can be imported, and what in the text asks for it.
    fn candidates(&self) -> Vec<Candidate> {
        let mut candidates = Candidate::of_tables();
        let (mut enums, mut composites) = (Vec::new(), Vec::new());
        for part in self.entity.fields.iter().flat_map(|it| it.value_type.parts()) {
            match part {
                ValueType::Enum(name) => {
                    enums.push(names::type_name(&self.types.blueprint.enum_of(name).model));
                }
                ValueType::Composite(name) => {
                    let model = &self.types.blueprint.composite_of(name).model;
                    composites.push(names::type_name(model));
                }
                _ => {}
            }
        }
        candidates.extend(composites.iter().map(|it| Candidate::local("composites", it)));
        candidates.extend(enums.iter().map(|it| Candidate::local("enums", it)));
        candidates
    }
}

/// What a model is.
const ONE_ROW: &str =
    "One row. What is deferred is only loaded when asked for, and never by itself.";

/// Whether it is a vector of a known length that Python has as a list.
fn is_dense(it: &Field) -> bool {
    let of = it.value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, Some(_)))
}

fn embedding_in(it: &Field) -> String {
    format!("{}In", pascal_case(&it.name))
}

/// Types that Pydantic knows nothing of.
fn is_arbitrary(annotation: &str) -> bool {
    annotation.contains("pg.Range") || annotation.contains("SparseVector")
}

fn out_field(it: &Field, view: &ColumnView) -> String {
    let mut options = Vec::new();
    if view.attribute != view.field {
        // On a model an attribute that had to step aside comes first: `metadata` of a model is
        // something else.
        let mut names = vec![string(&view.attribute), string(&it.name)];
        names.dedup();
        let alias = match names.as_slice() {
            [only] => Code::text(only),
            several => {
                Code::call("pydantic.AliasChoices", several.iter().map(Code::text).collect())
            }
        };
        options.push(Code::keyword("validation_alias", alias));
        if view.field != it.name {
            options.push(Code::text(format!("serialization_alias={}", string(&it.name))));
        }
        return field_line(&view.field, &view.annotation(), options, &view.field);
    }
    field_line(&view.field, &view.annotation(), options, &it.name)
}

/// A field of a Pydantic class. One that had to step aside is known by its own name, too.
/// The type of a field of a Pydantic class, which must be told about arrays.
fn field_annotation(annotation: &str) -> String {
    annotation.replace("support.Array", "support.ArrayField")
}

fn field_line(field: &str, annotation: &str, options: Vec<Code>, own: &str) -> String {
    let annotation = field_annotation(annotation);
    let mut items = options;
    if field != own {
        items.push(Code::text(format!("alias={}", string(own))));
    }
    match items.as_slice() {
        [] => format!("    {field}: {annotation}"),
        [Code::Text(only)] if only.starts_with("default=") => {
            format!("    {field}: {annotation} = {}", &only["default=".len()..])
        }
        _ => Code::call("pydantic.Field", items).lines(4, &format!("{field}: {annotation} = "), ""),
    }
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
        sql_name(entity),
        entity.fingerprint
    )
}
