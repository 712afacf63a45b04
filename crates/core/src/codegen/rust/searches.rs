//! The searches in the module of a table.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::layout::{constant, long_arm, named, signature, string, tuple};
use super::names;
use super::needs::Needs;
use super::runtime::Part;
use crate::codegen::blueprint::{
    Entity, Method, Reduced, Rerank, Search, TextSource, Usual, bytes_of,
};
use crate::codegen::value_type::ValueType;
use crate::model::pgvector::{IterativeScan, Metric, VectorMethod, VectorType};

/// A nearest-neighbor search.
pub(super) struct SearchView {
    pub(super) constant: String,
    pub(super) column: String,
    pub(super) operator: String,
    pub(super) method: &'static str,
    pub(super) bytes: u64,
    pub(super) m: i64,
    /// How the index is searched where the caller does not say, as arguments.
    pub(super) usual: Option<String>,
    pub(super) nullable: bool,
    pub(super) note: String,
    pub(super) phrase: &'static str,
    pub(super) signature: String,
    pub(super) to_row_signature: String,
    pub(super) mmr: bool,
    pub(super) mmr_signature: String,
    pub(super) reranks: Vec<RerankView>,
    /// The constant that says the metric, where this is the first search of its column.
    pub(super) metric: Option<MetricView>,
}

/// The metric of a column.
pub(super) struct MetricView {
    pub(super) note: String,
    pub(super) line: String,
}

/// A two-stage search.
pub(super) struct RerankView {
    pub(super) index: String,
    pub(super) first: &'static str,
    pub(super) signature: String,
    pub(super) column: String,
    pub(super) query: String,
    pub(super) operator: String,
    pub(super) method: &'static str,
    pub(super) bytes: u64,
    pub(super) m: i64,
    /// How the index is searched where the caller does not say, as arguments.
    pub(super) usual: Option<String>,
    pub(super) scope: String,
}

/// A partial index.
pub(super) struct ScopeView {
    pub(super) variant: String,
    pub(super) arm: String,
}

/// The hybrid search.
pub(super) struct HybridView {
    pub(super) search: String,
    /// How the index is searched where the caller does not say, as arguments.
    pub(super) usual: Option<String>,
    pub(super) signature: String,
    pub(super) config_note: String,
    pub(super) text_constant: String,
}

/// The arguments of `usual`; None where nothing is declared.
fn usual(it: Usual) -> Option<String> {
    let effort = it.effort.map_or_else(|| "None".to_owned(), |it| format!("Some({it})"));
    let scan = it.iterative_scan.map_or("None", |it| match it {
        IterativeScan::Off => "Some(IterativeScan::Off)",
        IterativeScan::Relaxed => "Some(IterativeScan::Relaxed)",
        IterativeScan::Strict => "Some(IterativeScan::Strict)",
    });
    (it != Usual::default()).then(|| format!("{effort}, {scan}"))
}

/// What the searches need of the runtime.
pub(super) fn needs(entity: &Entity) -> Needs {
    let mut needs = Needs::default();
    let searches = &entity.searches;
    let reranks = entity.has_key() && searches.iter().any(|it| !it.reranks.is_empty());
    needs.add_if(!searches.is_empty(), &[Part::Nearest]);
    needs.add_if(reranks, &[Part::Rerank]);
    needs.add_if(searches.iter().any(|it| has_mmr(entity, it)), &[Part::Mmr]);
    needs.add_if(has_hybrid(entity), &[Part::Hybrid]);
    needs
}

/// The indexes that the searches use, sorted, as strings.
pub(super) fn indexes(entity: &Entity) -> Vec<String> {
    let mut names = BTreeSet::new();
    for search in &entity.searches {
        names.extend(&search.index);
        names.extend(search.scopes.iter().map(|it| &it.0));
        names.extend(search.reranks.iter().map(|it| &it.index));
    }
    names.into_iter().map(|it| string(it.as_str())).collect()
}

/// Whether the values of what is searched can be looked at.
pub(super) fn has_mmr(entity: &Entity, search: &Search) -> bool {
    let of = entity.fields[search.field].value_type.base();
    matches!(of, ValueType::Vector(VectorType::Vector | VectorType::Halfvec, Some(_)))
        && entity.fields[search.field].hints.rust_type.is_none()
}

pub(super) fn has_hybrid(entity: &Entity) -> bool {
    entity.has_key() && entity.text_search.is_some() && !entity.searches.is_empty()
}

pub(super) fn method(method: Method) -> &'static str {
    match method {
        Method::Index(VectorMethod::Hnsw) => "Hnsw",
        Method::Index(VectorMethod::Ivfflat) => "Ivfflat",
        Method::Exact => "Exact",
    }
}

fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::L2 => "L2",
        Metric::InnerProduct => "InnerProduct",
        Metric::Cosine => "Cosine",
        Metric::L1 => "L1",
        Metric::Hamming => "Hamming",
        Metric::Jaccard => "Jaccard",
    }
}

pub(super) fn views(draft: &Draft<'_>) -> Vec<SearchView> {
    let mut seen = Vec::new();
    let mut views = Vec::new();
    for search in &draft.entity.searches {
        let first = !seen.contains(&search.field);
        seen.push(search.field);
        views.push(view(draft, search, first));
    }
    views
}

fn view(draft: &Draft<'_>, search: &Search, first: bool) -> SearchView {
    let column = &draft.views[search.field];
    let field = &draft.entity.fields[search.field];
    let hits = format!(" -> Result<Vec<Hit<{}>>>", draft.model);
    let named = |name: &str, suffix: &str| format!("pub async fn {name}{suffix}<C: Session>");
    let arguments = |more: &[&str]| -> Vec<String> {
        let query = format!("query: &{}", column.rust.text);
        let mut list = vec!["client: &mut C".to_owned(), query];
        list.extend(more.iter().map(|it| (*it).to_owned()));
        list.push("opts: &Nearest".to_owned());
        list
    };
    let key: Vec<_> = draft.entity.key.iter().map(|it| &draft.views[*it]).collect();
    let mut to_row = draft.found_by(&key);
    "client: &mut C".clone_into(&mut to_row[0]);
    to_row.push("opts: &Nearest".to_owned());
    let reranks = search.reranks.iter().map(|it| {
        let signature = signature(
            &named("nearest_rerank", &it.suffix),
            &arguments(&["oversample: u32"]),
            &hits,
        );
        rerank(draft, search, it, signature)
    });
    let mmr = arguments(&["k: usize", "lambda: f32"]);
    let own = names::constant(&field.name);
    SearchView {
        constant: search_constant(search),
        column: string(&column.sql_name),
        operator: string(&operator(draft, search.metric)),
        method: method(search.method),
        bytes: bytes_of(&field.value_type),
        m: search.m,
        usual: usual(search.usual),
        nullable: field.nullable,
        note: note(search),
        phrase: search.metric.phrase(),
        signature: signature(&named("nearest", &search.suffix), &arguments(&[]), &hits),
        to_row_signature: signature(&named("nearest_to_row", &search.suffix), &to_row, &hits),
        mmr: has_mmr(draft.entity, search),
        mmr_signature: signature(&named("nearest_mmr", &search.suffix), &mmr, &hits),
        reranks: reranks.collect(),
        metric: first.then(|| MetricView {
            note: metric_note(search, field.column.name.as_str()),
            line: constant(
                0,
                &format!("pub const {own}_METRIC: Metric"),
                &format!("Metric::{}", metric(search.metric)),
            ),
        }),
    }
}

fn search_constant(search: &Search) -> String {
    format!("NEAREST{}", search.suffix.to_uppercase())
}

fn metric_note(search: &Search, column: &str) -> String {
    match &search.index {
        Some(index) => format!("The metric of `{}`.", named(index.as_str())),
        None => format!("The metric that searches by `{}` have.", named(column)),
    }
}

/// What a search promises.
fn note(search: &Search) -> String {
    let distance = format!("by {} (`{}`)", search.metric.phrase(), search.metric.operator());
    let head = format!("The k rows nearest to `query` {distance}");
    match (&search.index, search.scopes.as_slice()) {
        (Some(index), _) => {
            format!(
                "{head}, which\n/// `{}` answers. No vector is read back.",
                named(index.as_str())
            )
        }
        (None, []) => format!("{head}.\n/// There is no index: every row is compared."),
        (None, scopes) => {
            let names: Vec<String> = scopes
                .iter()
                .map(|it| format!("`Scope::{}`", scope_variant(it.0.as_str())))
                .collect();
            format!(
                "{head}.\n/// Only with a filter from {} an index answers it; else every row is compared.",
                names.join(" or ")
            )
        }
    }
}

/// An operator where pgvector may be in a schema that `search_path` does not have.
fn operator(draft: &Draft<'_>, metric: Metric) -> String {
    match &draft.types.blueprint.vector_namespace {
        Some(namespace) => format!("OPERATOR({namespace}.{})", metric.operator()),
        None => metric.operator().to_owned(),
    }
}

fn rerank(draft: &Draft<'_>, search: &Search, it: &Rerank, signature: String) -> RerankView {
    let namespace = draft.types.blueprint.vector_namespace.as_ref();
    let prefix = namespace.map(|it| format!("{it}.")).unwrap_or_default();
    let column = &draft.views[search.field].sql_name;
    let of = match draft.entity.fields[search.field].value_type.base() {
        ValueType::Vector(kind, _) => kind.name(),
        _ => VectorType::Vector.name(),
    };
    let reduced = |operand: &str| match it.over {
        Reduced::Bits => format!("{prefix}binary_quantize({operand})::bit({})", it.dimensions),
        Reduced::Half => {
            format!("{operand}::{prefix}{}({})", VectorType::Halfvec.name(), it.dimensions)
        }
    };
    let predicate = it.predicate.as_ref().map(|it| format!(" AND ({it})")).unwrap_or_default();
    RerankView {
        index: named(it.index.as_str()),
        first: it.metric.phrase(),
        signature,
        column: string(&reduced(&format!("d.{column}"))),
        query: string(&reduced(&format!("$1::{prefix}{of}"))),
        operator: string(&operator(draft, it.metric)),
        method: method(it.method),
        // What is compared is made of the whole value.
        bytes: bytes_of(&draft.entity.fields[search.field].value_type),
        m: it.m,
        usual: usual(it.usual),
        scope: string(&predicate),
    }
}

pub(super) fn scope_variant(index: &str) -> String {
    names::variant(None, index)
}

pub(super) fn scopes(draft: &Draft<'_>) -> Vec<ScopeView> {
    let scopes = draft.entity.searches.iter().flat_map(|it| &it.scopes);
    let scopes = scopes.map(|(index, predicate)| {
        let variant = scope_variant(index.as_str());
        let arm = long_arm(12, &format!("Scope::{variant}"), predicate);
        ScopeView { arm, variant }
    });
    scopes.collect()
}

pub(super) fn hybrid(draft: &Draft<'_>) -> Option<HybridView> {
    let search = draft.entity.searches.first().filter(|_| has_hybrid(draft.entity))?;
    let text = draft.entity.text_search.as_ref()?;
    let document = match &text.source {
        TextSource::Field(idx) => format!("d.{}", draft.views[*idx].sql_name),
        TextSource::Expression(expression) => format!("({expression})"),
    };
    let literal = |it: &String| format!("'{}'", it.replace('\'', "''"));
    let config = text.config.as_ref().map(|it| format!("{}::regconfig, ", literal(it)));
    let query = format!("query: &{}", draft.views[search.field].rust.text);
    let arguments: Vec<String> =
        ["client: &mut C", &query, "text: &str", "opts: &Hybrid"].map(str::to_owned).into();
    let value = tuple(0, &[string(&document), string(&config.unwrap_or_default())]);
    Some(HybridView {
        search: search_constant(search),
        usual: usual(search.usual),
        signature: signature(
            "pub async fn hybrid<C: Session>",
            &arguments,
            &format!(" -> Result<Vec<{}Ranked>>", draft.model),
        ),
        config_note: text
            .config
            .as_ref()
            .map(|it| format!(", {}", literal(it)))
            .unwrap_or_default(),
        text_constant: format!("const TEXT: (&str, &str) = {value};"),
    })
}
