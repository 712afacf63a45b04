//! The searches in the module of a table.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::layout::{Code, annotated, prose, sql, string};
use super::names;
use super::needs::{Import, Needs};
use super::runtime::Module;
use crate::codegen::blueprint::{
    Entity, Method, Reduced, Rerank, Search, TextSource, Usual, bytes_of,
};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::model::ident::Ident;
use crate::model::pgvector::{Metric, VectorMethod, VectorType};

/// What the searches of a table need beside its columns.
pub(super) fn needs(draft: &Draft<'_>) -> Needs {
    let mut needs = Needs::default();
    let entity = draft.entity;
    if entity.searches.is_empty() {
        return needs;
    }
    needs.import(Import::Sa);
    needs.import(Import::Any);
    needs.support(Module::Searches);
    if entity.has_key() {
        needs.import(Import::Orm);
    }
    for search in &entity.searches {
        if is_dense(entity, search) {
            needs.import(Import::Sequence);
            needs.support(Module::Mmr);
        }
        for it in search.reranks.iter().filter(|_| entity.has_key()) {
            needs.support(Module::Rerank);
            needs.support(draft.types.vectors());
            if it.over == Reduced::Bits {
                needs.support(Module::Bits);
            }
        }
    }
    if let Some(text) = entity.text_search.as_ref().filter(|_| entity.has_key()) {
        needs.support(Module::Fusion);
        if matches!(text.source, TextSource::Expression(_)) {
            needs.import(Import::Pg);
        }
    }
    needs
}

/// The vector indexes that searches use, by name.
pub(super) fn indexes(draft: &Draft<'_>) -> Vec<Code> {
    let names = draft.entity.searches.iter().flat_map(|it| {
        let scopes = it.scopes.iter().map(|it| &it.0);
        let reranks = it.reranks.iter().map(|it| &it.index);
        it.index.iter().chain(scopes).chain(reranks)
    });
    let names: BTreeSet<&str> = names.map(Ident::as_str).collect();
    names.into_iter().map(|it| Code::text(string(it))).collect()
}

/// A nearest-neighbor search.
pub(super) struct SearchView {
    pub(super) suffix: String,
    pub(super) query_type: String,
    /// The parameter that says how hard to look; none where there is no index.
    pub(super) effort: Option<&'static str>,
    /// What it and `iterative_scan` are where the caller does not say.
    pub(super) usual: UsualView,
    /// Whether the index is HNSW, of which a scan can be told when to stop.
    pub(super) hnsw: bool,
    pub(super) note: String,
    pub(super) method: &'static str,
    /// The other method, where the planner may take an index over some rows instead.
    pub(super) other: Option<&'static str>,
    pub(super) phrase: &'static str,
    /// The size of the vectors, and `m` of the index.
    pub(super) size: String,
    /// The conditions, and those of the caller.
    pub(super) conditions: String,
    /// The distance to the vector of the caller, to the vector of another row, and the first of them
    /// as an argument.
    pub(super) by_query: String,
    pub(super) by_row: String,
    pub(super) distance_of_query: String,
    pub(super) attribute: String,
    /// Whether searches must leave out rows without a vector, and the condition that does.
    pub(super) nullable: bool,
    pub(super) has_vector: String,
    pub(super) mmr: bool,
    pub(super) reranks: Vec<RerankView>,
}

/// Values of parameters that are not given, as Python.
pub(super) struct UsualView {
    pub(super) effort: String,
    pub(super) iterative_scan: String,
}

/// A function that makes a distance.
pub(super) struct DistanceView {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) query_type: String,
    pub(super) operator: String,
}

/// A two-stage search.
pub(super) struct RerankView {
    pub(super) suffix: String,
    pub(super) first: &'static str,
    pub(super) index: String,
    pub(super) candidates: String,
    pub(super) method: &'static str,
    pub(super) effort: Option<&'static str>,
    /// What it and `iterative_scan` are where the caller does not say.
    pub(super) usual: UsualView,
    pub(super) size: String,
    pub(super) conditions: String,
    /// Whether the index has some rows only.
    pub(super) partial: bool,
}

/// The hybrid search.
pub(super) struct HybridView {
    pub(super) query_type: String,
    pub(super) config_note: String,
    pub(super) method: &'static str,
    pub(super) effort: Option<&'static str>,
    /// What it and `iterative_scan` are where the caller does not say.
    pub(super) usual: UsualView,
    pub(super) other: Option<&'static str>,
    pub(super) size: String,
    pub(super) conditions: String,
    pub(super) distance_of_query: String,
    pub(super) document: String,
    pub(super) arguments: Vec<String>,
}

/// The metric of a column.
pub(super) struct MetricView {
    pub(super) constant: String,
    pub(super) metric: &'static str,
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Index(it) => it.name(),
        Method::Exact => "exact",
    }
}

fn usual(it: Usual) -> UsualView {
    let none = || "None".to_owned();
    UsualView {
        effort: it.effort.map_or_else(none, |it| it.to_string()),
        iterative_scan: it.iterative_scan.map_or_else(none, |it| string(it.setting())),
    }
}

/// The parameter that says how far an index is read.
fn effort(method: Method) -> Option<&'static str> {
    match method {
        Method::Index(it) => Some(it.effort()),
        Method::Exact => None,
    }
}

fn other(entity: &Entity, search: &Search) -> Option<&'static str> {
    let index = |name: &Ident| entity.indexes.iter().find(|it| it.name == *name);
    let names = search.index.iter().chain(search.scopes.iter().map(|it| &it.0));
    let Method::Index(own) = search.method else { return None };
    let mut others = names.filter_map(|it| index(it)?.vector_method());
    others.find(|it| *it != own).map(VectorMethod::name)
}

fn is_dense(entity: &Entity, search: &Search) -> bool {
    let of = entity.fields[search.field].value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, _))
}

fn query_type(draft: &Draft<'_>, search: &Search) -> String {
    if is_dense(draft.entity, search) {
        return draft.types.numbers().to_owned();
    }
    draft.views[search.field].bare()
}

/// `embedding_distance`, with the metric where a column has several.
fn distance_name(draft: &Draft<'_>, search: &Search) -> String {
    let column = snake_case(&draft.entity.fields[search.field].name);
    let same = draft.entity.searches.iter().filter(|it| it.field == search.field);
    let first = draft.entity.searches.iter().find(|it| it.field == search.field);
    let is_first = first.is_some_and(|it| std::ptr::eq(it, search));
    if same.count() > 1 && !is_first {
        format!("{column}_{}_distance", search.metric.word())
    } else {
        format!("{column}_distance")
    }
}

fn operator(draft: &Draft<'_>, metric: Metric) -> String {
    string(&match &draft.types.blueprint.vector_namespace {
        Some(namespace) => format!("OPERATOR({namespace}.{})", metric.operator()),
        None => metric.operator().to_owned(),
    })
}

/// That there is a vector, where there may be none.
fn conditions(draft: &Draft<'_>, search: &Search) -> Vec<Code> {
    let nullable = draft.entity.fields[search.field].nullable;
    nullable.then(|| has_vector(draft, search)).into_iter().collect()
}

/// `bytes=…,` and `m=…,` of a search.
fn size_of(draft: &Draft<'_>, search: &Search, m: i64) -> String {
    let bytes = bytes_of(&draft.entity.fields[search.field].value_type);
    format!("        bytes={bytes},\n        m={m},")
}

fn has_vector(draft: &Draft<'_>, search: &Search) -> Code {
    let attribute = &draft.views[search.field].attribute;
    let is_not = format!("{}.{attribute}.is_not", draft.model);
    Code::call(&is_not, vec![Code::text("None")])
}

fn distance_of(draft: &Draft<'_>, search: &Search, of: &str) -> Code {
    Code::call(&distance_name(draft, search), vec![Code::text(of)])
}

/// `where=…,` of a search, and the conditions of the caller.
fn listed(conditions: Vec<Code>) -> String {
    let of_caller = "        filter=where,";
    if conditions.is_empty() {
        return of_caller.to_owned();
    }
    let own = Code::Group { open: "[".to_owned(), items: conditions, close: "]" };
    format!("{}\n{of_caller}", own.lines(8, "where=", ","))
}

pub(super) fn metrics(draft: &Draft<'_>) -> Vec<MetricView> {
    let mut seen = Vec::new();
    let mut metrics = Vec::new();
    for search in &draft.entity.searches {
        if !seen.contains(&search.field) {
            seen.push(search.field);
            let constant = names::constant(&draft.entity.fields[search.field].name);
            metrics.push(MetricView { constant, metric: search.metric.word() });
        }
    }
    metrics
}

pub(super) fn distances(draft: &Draft<'_>) -> Vec<DistanceView> {
    let distances = draft.entity.searches.iter().map(|search| {
        let metric = search.metric;
        let answered = match &search.index {
            Some(index) => format!(", the operator\n    that {} answers", prose(index.as_str())),
            None => String::new(),
        };
        let phrase = metric.phrase();
        let mut chars = phrase.chars();
        let first = chars.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
        let note = format!("{first}{} (``{}``){answered}.", chars.as_str(), metric.operator());
        let column = format!("{}.{}", draft.model, draft.views[search.field].attribute);
        let items = vec![Code::text(operator(draft, metric)), Code::text("return_type=sa.Float()")];
        DistanceView {
            name: distance_name(draft, search),
            note,
            query_type: query_type(draft, search),
            operator: Code::call(&format!("{column}.op"), items).lines(4, "by = ", ""),
        }
    });
    distances.collect()
}

pub(super) fn views(draft: &Draft<'_>) -> Vec<SearchView> {
    let views = draft.entity.searches.iter().map(|search| SearchView {
        suffix: search.suffix.clone(),
        query_type: query_type(draft, search),
        effort: effort(search.method),
        usual: usual(search.usual),
        hnsw: search.method == Method::Index(VectorMethod::Hnsw),
        note: note(search, draft.entity.fields[search.field].light),
        method: method(search.method),
        other: other(draft.entity, search),
        phrase: search.metric.phrase(),
        size: size_of(draft, search, search.m),
        conditions: listed(conditions(draft, search)),
        by_query: distance_of(draft, search, "query").lines(4, "distance = ", ""),
        by_row: distance_of(draft, search, "row.scalar_subquery()").lines(4, "distance = ", ""),
        distance_of_query: distance_of(draft, search, "query").lines(8, "", ","),
        attribute: draft.views[search.field].attribute.clone(),
        nullable: draft.entity.fields[search.field].nullable,
        has_vector: has_vector(draft, search).lines(12, "", ","),
        mmr: is_dense(draft.entity, search),
        reranks: search.reranks.iter().map(|it| rerank(draft, search, it)).collect(),
    });
    views.collect()
}

fn note(search: &Search, light: bool) -> String {
    let head = format!("The k rows nearest to ``query`` by {}.", search.metric.phrase());
    match (&search.index, search.scopes.as_slice()) {
        (Some(_), _) if light => head,
        (Some(_), _) => format!("{head}\n    No vector is read back."),
        (None, []) => format!("{head}\n    There is no index: every row is compared."),
        (None, scopes) => {
            let names: Vec<String> =
                scopes.iter().map(|it| format!("Scope.{}", names::scope(it.0.as_str()))).collect();
            format!(
                "{head}\n    Only with {} in ``where`` an index answers it.",
                names.join(" or ")
            )
        }
    }
}

fn rerank(draft: &Draft<'_>, search: &Search, it: &Rerank) -> RerankView {
    let elsewhere = draft.types.blueprint.vector_namespace.is_some();
    let view = &draft.views[search.field];
    let own = &view.python.column;
    let size = vec![Code::text(it.dimensions.to_string())];
    let smaller = |operand: Code| match it.over {
        Reduced::Bits => {
            let bits = Code::call("support.Bits", size.clone());
            let quantize = if elsewhere { "support" } else { "sa.func" };
            let quantize = format!("{quantize}.binary_quantize");
            Code::call("sa.cast", vec![Code::call(&quantize, vec![operand]), bits])
        }
        Reduced::Half => {
            let half = Code::call("support.HalfEmbedding", size.clone());
            Code::call("sa.cast", vec![operand, half])
        }
    };
    let literal = Code::call("sa.literal", vec![Code::text("query"), own.clone()]);
    let vector = Code::call("sa.cast", vec![literal, own.clone()]);
    let column = Code::text(format!("{}.{}", draft.model, view.attribute));
    let operator =
        vec![Code::text(operator(draft, it.metric)), Code::text("return_type=sa.Float()")];
    let lines = [
        vector.lines(4, "vector = ", ""),
        smaller(column).lines(4, "smaller: sa.ColumnElement[Any] = ", ""),
        Code::call("smaller.op", operator).lines(4, "by = ", ""),
        Code::call("by", vec![smaller(Code::text("vector"))]).lines(4, "candidates = ", ""),
    ];
    let mut conditions = conditions(draft, search);
    if let Some(predicate) = &it.predicate {
        let text = Code::call("sa.text", vec![Code::text(sql(predicate))]);
        conditions.push(Code::call("sa.type_coerce", vec![text, Code::text("sa.Boolean()")]));
    }
    RerankView {
        suffix: it.suffix.clone(),
        first: it.metric.phrase(),
        index: prose(it.index.as_str()),
        candidates: lines.join("\n"),
        method: method(it.method),
        effort: effort(it.method),
        usual: usual(it.usual),
        size: size_of(draft, search, it.m),
        conditions: listed(conditions),
        partial: it.predicate.is_some(),
    }
}

/// The lines of `Scope`.
pub(super) fn scopes(draft: &Draft<'_>) -> Vec<String> {
    let scopes = draft.entity.searches.iter().flat_map(|it| &it.scopes);
    let scopes = scopes.map(|(index, predicate)| {
        let text = Code::call("sa.text", vec![Code::text(sql(predicate))]);
        let items = vec![text, Code::text("sa.Boolean()")];
        let name = names::scope(index.as_str());
        let code = Code::call("sa.type_coerce", items);
        annotated(4, &name, "sa.ColumnElement[bool]", Some(&code)).trim_start().to_owned()
    });
    scopes.collect()
}

pub(super) fn hybrid(draft: &Draft<'_>) -> Option<HybridView> {
    let search = draft.entity.searches.first().filter(|_| draft.entity.has_key())?;
    let text = draft.entity.text_search.as_ref()?;
    let document = match &text.source {
        TextSource::Field(idx) => {
            Code::text(format!("{}.{}", draft.model, draft.views[*idx].attribute))
        }
        TextSource::Expression(expression) => {
            let text = Code::text(string(&format!("({expression})")));
            Code::call("sa.literal_column", vec![text, Code::text("pg.TSVECTOR")])
        }
    };
    let literal = |it: &String| format!("'{}'", it.replace('\'', "''"));
    let config = text
        .config
        .as_ref()
        .map(|it| format!("sa.literal_column({})", string(&format!("{}::regconfig", literal(it)))));
    let mut arguments: Vec<String> = config.into_iter().collect();
    arguments.push("text_query".to_owned());
    Some(HybridView {
        query_type: query_type(draft, search),
        config_note: text
            .config
            .as_ref()
            .map(|it| format!(", {}", prose(&literal(it))))
            .unwrap_or_default(),
        method: method(search.method),
        effort: effort(search.method),
        usual: usual(search.usual),
        other: other(draft.entity, search),
        size: size_of(draft, search, search.m),
        conditions: listed(conditions(draft, search)),
        distance_of_query: distance_of(draft, search, "query").lines(8, "", ","),
        document: document.lines(4, "document: Any = ", ""),
        arguments,
    })
}
