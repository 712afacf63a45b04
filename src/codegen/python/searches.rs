//! The searches of a table as its module has them.

use super::layout::{Code, sql, string};
use super::names;
use super::table::Draft;
use crate::codegen::blueprint::{Entity, Method, Metric, Reduced, Rerank, Search, TextSource};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::model::pg_type::VectorType;

/// A nearest-neighbor search.
pub(super) struct SearchView {
    pub(super) suffix: String,
    pub(super) query_type: String,
    pub(super) effort: &'static str,
    pub(super) note: String,
    pub(super) method: &'static str,
    pub(super) phrase: &'static str,
    /// The conditions, with those of the caller.
    pub(super) conditions: String,
    pub(super) distance: String,
    pub(super) attribute: String,
    /// Whether searches must leave out rows without a vector.
    pub(super) nullable: bool,
    pub(super) mmr: bool,
    pub(super) reranks: Vec<RerankView>,
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
    pub(super) conditions: String,
    pub(super) filtered: &'static str,
}

/// The hybrid search.
pub(super) struct HybridView {
    pub(super) query_type: String,
    pub(super) config_note: String,
    pub(super) method: &'static str,
    pub(super) conditions: String,
    pub(super) distance: String,
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
        Method::Hnsw => "hnsw",
        Method::Ivfflat => "ivfflat",
        Method::Exact => "exact",
    }
}

fn is_dense(entity: &Entity, search: &Search) -> bool {
    let of = entity.fields[search.field].value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, _))
}

fn query_type(draft: &Draft<'_>, search: &Search) -> String {
    if is_dense(draft.entity, search) {
        return draft.types.numbers().to_owned();
    }
    draft.views[search.field].python.annotation.clone()
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

/// The conditions of the caller, and that there is a vector.
fn conditions(draft: &Draft<'_>, search: &Search) -> Vec<Code> {
    let mut conditions = vec![Code::text("*where")];
    if draft.entity.fields[search.field].nullable {
        let attribute = &draft.views[search.field].attribute;
        conditions.push(Code::text(format!("{}.{attribute}.is_not(None)", draft.model)));
    }
    conditions
}

/// `where=…,` of a search.
fn listed(conditions: Vec<Code>) -> String {
    if let [_] = conditions.as_slice() {
        return "        where=where,".to_owned();
    }
    Code::Group { open: "[".to_owned(), items: conditions, close: "]" }.lines(8, "where=", ",")
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
            Some(index) => format!(", the operator\n    that {} answers", index.as_str()),
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
        effort: if search.method == Method::Ivfflat { "probes" } else { "ef_search" },
        note: note(search),
        method: method(search.method),
        phrase: search.metric.phrase(),
        conditions: listed(conditions(draft, search)),
        distance: distance_name(draft, search),
        attribute: draft.views[search.field].attribute.clone(),
        nullable: draft.entity.fields[search.field].nullable,
        mmr: is_dense(draft.entity, search),
        reranks: search.reranks.iter().map(|it| rerank(draft, search, it)).collect(),
    });
    views.collect()
}

fn note(search: &Search) -> String {
    let head = format!("The k rows nearest to ``query`` by {}.", search.metric.phrase());
    match (&search.index, search.scopes.as_slice()) {
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
    let namespace = draft.types.blueprint.vector_namespace.as_ref();
    let view = &draft.views[search.field];
    let own = &view.python.column;
    let size = vec![Code::text(it.dimensions.to_string())];
    let smaller = |operand: Code| match it.over {
        Reduced::Bits => {
            let prefix = namespace.map(|it| format!("{it}.")).unwrap_or_default();
            let quantize = format!("sa.func.{prefix}binary_quantize");
            let bits = Code::call("support.Bits", size.clone());
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
        conditions.push(text);
    }
    RerankView {
        suffix: it.suffix.clone(),
        first: it.metric.phrase(),
        index: it.index.as_str().to_owned(),
        candidates: lines.join("\n"),
        method: method(it.method),
        conditions: listed(conditions),
        filtered: if it.predicate.is_some() { "True" } else { "bool(where)" },
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
        code.lines(4, &format!("{name}: sa.ColumnElement[bool] = "), "").trim_start().to_owned()
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
            .map(|it| format!(", {}", literal(it)))
            .unwrap_or_default(),
        method: method(search.method),
        conditions: listed(conditions(draft, search)),
        distance: distance_name(draft, search),
        document: document.lines(4, "document: Any = ", ""),
        arguments,
    })
}
