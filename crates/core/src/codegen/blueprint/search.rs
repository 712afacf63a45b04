//! The searches supported by the indexes of a table: nearest neighbors, two-stage searches, full
//! text.

use super::{Draft, Entity};
use crate::codegen::names::snake_case;
use crate::codegen::value_type::ValueType;
use crate::model::code_hints::TableHints;
use crate::model::column::ColumnValue;
use crate::model::ident::Ident;
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::pgvector::{IterativeScan, M, Metric, VectorMethod, VectorType};

/// How a search finds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::codegen) enum Method {
    /// An index finds the nearest, more or less.
    Index(VectorMethod),
    /// Every row is compared.
    Exact,
}

/// Nearest neighbors by one column and one distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::codegen) struct Search {
    /// What is put after `nearest`: nothing for the default, else `_by_COLUMN`, `_by_COLUMN_METRIC`.
    pub(in crate::codegen) suffix: String,
    pub(in crate::codegen) field: usize,
    pub(in crate::codegen) metric: Metric,
    pub(in crate::codegen) method: Method,
    /// `m` of its index, if that is HNSW.
    pub(in crate::codegen) m: i64,
    /// The index over all rows that answers it.
    pub(in crate::codegen) index: Option<Ident>,
    /// How it is searched where the caller does not say.
    pub(in crate::codegen) usual: Usual,
    /// The indexes that answer it for some rows: their names and predicates.
    pub(in crate::codegen) scopes: Vec<(Ident, String)>,
    /// The two-stage searches that end in this distance.
    pub(in crate::codegen) reranks: Vec<Rerank>,
}

/// A first stage over something smaller than the vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::codegen) struct Rerank {
    /// What is put after `nearest_rerank`.
    pub(in crate::codegen) suffix: String,
    pub(in crate::codegen) index: Ident,
    pub(in crate::codegen) method: Method,
    /// `m` of the index, if that is HNSW.
    pub(in crate::codegen) m: i64,
    pub(in crate::codegen) metric: Metric,
    /// How the index is searched where the caller does not say.
    pub(in crate::codegen) usual: Usual,
    pub(in crate::codegen) over: Reduced,
    /// The dimensions.
    pub(in crate::codegen) dimensions: u64,
    /// The predicate of the index.
    pub(in crate::codegen) predicate: Option<String>,
}

/// How an index is searched where neither the caller nor the server decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::codegen) struct Usual {
    /// `hnsw.ef_search` or `ivfflat.probes`.
    pub(in crate::codegen) effort: Option<u32>,
    pub(in crate::codegen) iterative_scan: Option<IterativeScan>,
}

/// What a vector is made smaller by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::codegen) enum Reduced {
    /// `binary_quantize(column)::bit(n)`.
    Bits,
    /// `column::halfvec(n)`.
    Half,
}

/// Full-text search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::codegen) struct TextSearch {
    pub(in crate::codegen) source: TextSource,
    /// The text search configuration, where it is known.
    pub(in crate::codegen) config: Option<String>,
}

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::codegen) enum TextSource {
    /// A `tsvector` column.
    Field(usize),
    /// An expression that an index holds.
    Expression(String),
}

/// A vector index: the column, the first stage if it has one, and the distance.
struct VectorIndex<'i> {
    index: &'i Index,
    field: usize,
    reduced: Option<(Reduced, u64)>,
    metric: Metric,
}

impl Draft<'_> {
    pub(super) fn searches(&mut self, entity: &Entity, hints: &TableHints) -> Vec<Search> {
        let indexes: Vec<VectorIndex<'_>> =
            entity.indexes.iter().filter_map(|it| vector_index(entity, it)).collect();
        let mut searches: Vec<Search> = Vec::new();
        for it in indexes.iter().filter(|it| it.reduced.is_none()) {
            add_direct(&mut searches, it, self.usual(it.index));
        }
        for (idx, field) in entity.fields.iter().enumerate() {
            let has = searches.iter().any(|it| it.field == idx);
            let wanted = field.hints.metric;
            let from_half = indexes.iter().find_map(|it| {
                (it.field == idx && matches!(it.reduced, Some((Reduced::Half, _))))
                    .then_some(it.metric)
            });
            if let Some(metric) = wanted.or(from_half).filter(|_| !has) {
                searches.push(Search::new(idx, metric));
            }
        }
        for it in indexes.iter().filter(|it| it.reduced.is_some()) {
            self.add_rerank(entity, &mut searches, it);
        }
        self.default_first(entity, hints, &mut searches);
        name(entity, &mut searches);
        searches
    }

    fn usual(&self, index: &Index) -> Usual {
        let id = ObjectId::child(ObjectKind::Index, &index.table, &index.name);
        self.hints.indexes.get(&id).map_or_else(Usual::default, |it| Usual {
            effort: it.effort,
            iterative_scan: it.iterative_scan,
        })
    }

    fn add_rerank(&mut self, entity: &Entity, searches: &mut [Search], it: &VectorIndex<'_>) {
        let Some((over, dimensions)) = it.reduced else { return };
        let same = |search: &&mut Search| {
            search.field == it.field && (over == Reduced::Bits || search.metric == it.metric)
        };
        let usual = self.usual(it.index);
        let Some(search) = searches.iter_mut().find(same) else {
            let field = &entity.fields[it.field];
            let message = format!(
                "index {} finds candidates, but no distance is set to sort them: set a `metric` in \
                 `codegen` of column {}, or create an index on it",
                it.index.name, field.column.name
            );
            return self.warning(entity.id.clone(), message);
        };
        search.reranks.push(Rerank {
            suffix: String::new(),
            usual,
            index: it.index.name.clone(),
            method: method_of(it.index),
            m: m_of(it.index),
            metric: it.metric,
            over,
            dimensions,
            predicate: it.index.predicate.as_ref().map(ToString::to_string),
        });
    }

    /// The default search is the one whose index is first in the order of names, unless the
    /// declaration says another; one without an index comes last.
    fn default_first(&mut self, entity: &Entity, hints: &TableHints, searches: &mut [Search]) {
        let index = |it: &Search| it.index.clone().or(it.scopes.first().map(|it| it.0.clone()));
        searches.sort_by_key(|it| {
            let index = index(it);
            (index.is_none(), index, it.field)
        });
        let Some(wanted) = &hints.default_index else { return };
        let named = |it: &Search| {
            it.index.as_ref() == Some(wanted)
                || it.scopes.iter().any(|it| it.0 == *wanted)
                || it.reranks.iter().any(|it| it.index == *wanted)
        };
        match searches.iter().position(named) {
            Some(at) => searches[..=at].rotate_right(1),
            None => {
                let id = entity.id.clone();
                let message = format!("{id} has no vector index `{}`", wanted.as_str());
                self.error(id, message, "`default_index` must be an HNSW or IVFFlat index");
            }
        }
    }

    pub(super) fn text_search(&self, entity: &Entity) -> Option<TextSearch> {
        let column = entity.fields.iter().position(|it| it.value_type.is_tsvector());
        if let Some(idx) = column {
            let config = match &entity.fields[idx].column.value {
                ColumnValue::Stored(it) | ColumnValue::Virtual(it) => configuration(it.as_str()),
                ColumnValue::None | ColumnValue::Default(_) | ColumnValue::Identity(_) => None,
            };
            return Some(TextSearch { source: TextSource::Field(idx), config });
        }
        entity.indexes.iter().filter(|it| it.predicate.is_none()).find_map(|index| {
            let [IndexKey { value: IndexValue::Expression(text), .. }] = index.keys.as_slice()
            else {
                return None;
            };
            let of_text = text.as_str().trim_start_matches('(').starts_with("to_tsvector(");
            (index.method.as_str() == "gin" && of_text).then(|| TextSearch {
                source: TextSource::Expression(text.to_string()),
                config: configuration(text.as_str()),
            })
        })
    }
}

impl Search {
    fn new(field: usize, metric: Metric) -> Self {
        Self {
            suffix: String::new(),
            field,
            metric,
            method: Method::Exact,
            m: M.default,
            index: None,
            usual: Usual::default(),
            scopes: Vec::new(),
            reranks: Vec::new(),
        }
    }
}

fn add_direct(searches: &mut Vec<Search>, it: &VectorIndex<'_>, usual: Usual) {
    let same = |search: &Search| search.field == it.field && search.metric == it.metric;
    let at = searches.iter().position(same).unwrap_or_else(|| {
        searches.push(Search::new(it.field, it.metric));
        searches.len() - 1
    });
    let search = &mut searches[at];
    match &it.index.predicate {
        Some(predicate) => {
            search.scopes.push((it.index.name.clone(), predicate.to_string()));
            if search.index.is_none() {
                search.method = method_of(it.index);
                search.m = m_of(it.index);
                search.usual = usual;
            }
        }
        None if search.index.is_none() => {
            search.index = Some(it.index.name.clone());
            search.usual = usual;
            search.method = method_of(it.index);
            search.m = m_of(it.index);
        }
        None => {}
    }
}

/// Suffixes for all but the first: the column, and the distance where the column has several.
fn name(entity: &Entity, searches: &mut [Search]) {
    let fields: Vec<usize> = searches.iter().map(|it| it.field).collect();
    for (idx, search) in searches.iter_mut().enumerate() {
        if idx > 0 {
            let column = snake_case(entity.fields[search.field].name.as_str());
            let several = fields.iter().filter(|it| **it == search.field).count() > 1;
            let metric = if several { format!("_{}", search.metric.word()) } else { String::new() };
            search.suffix = format!("_by_{column}{metric}");
        }
        let suffix = search.suffix.clone();
        for (nth, rerank) in search.reranks.iter_mut().enumerate() {
            let own = snake_case(rerank.index.as_str());
            rerank.suffix = if nth == 0 { suffix.clone() } else { format!("{suffix}_over_{own}") };
        }
    }
}

/// How many edges a row of an HNSW index has.
fn m_of(index: &Index) -> i64 {
    index.options.get(M.name).and_then(|it| it.parse().ok()).unwrap_or(M.default)
}

/// The size in bytes of a value that is searched; an estimate where the type has no dimensions.
pub(in crate::codegen) fn bytes_of(value_type: &ValueType) -> u64 {
    match value_type.base() {
        ValueType::Vector(VectorType::Vector, n) => 4 * n.unwrap_or(USUAL_DIMENSIONS) + 8,
        ValueType::Vector(VectorType::Halfvec, n) => 2 * n.unwrap_or(USUAL_DIMENSIONS) + 8,
        ValueType::Bit(n) => n.div_ceil(8) + 8,
        // Eight bytes for each of its values, of which the type does not say how many there are.
        _ => 8 * 128,
    }
}

/// The dimensions of many models.
const USUAL_DIMENSIONS: u64 = 1536;

fn method_of(index: &Index) -> Method {
    index.vector_method().map_or(Method::Exact, Method::Index)
}

/// The distance of an index key. IVFFlat has a default for each type, which is Euclidean, and
/// Hamming for bits.
fn metric_of(key: &IndexKey, bits: bool) -> Option<Metric> {
    match &key.opclass {
        Some(opclass) => Metric::of_opclass(opclass.name.as_str()),
        None => Some(if bits { Metric::Hamming } else { Metric::L2 }),
    }
}

fn vector_index<'i>(entity: &Entity, index: &'i Index) -> Option<VectorIndex<'i>> {
    let key = index.keys.first().filter(|_| index.is_vector())?;
    match &key.value {
        IndexValue::Column(column) => {
            let field = entity.field_of(column)?;
            let bits = matches!(entity.fields[field].value_type.base(), ValueType::Bit(_));
            let metric = metric_of(key, bits)?;
            Some(VectorIndex { index, field, reduced: None, metric })
        }
        IndexValue::Expression(text) => {
            let (field, reduced) = reduced(entity, text.as_str())?;
            let metric = metric_of(key, reduced.0 == Reduced::Bits)?;
            Some(VectorIndex { index, field, reduced: Some(reduced), metric })
        }
    }
}

/// The column and the way in which an expression makes its vectors smaller. Whatever way
/// PostgreSQL puts parentheses, what is left without them is one of two texts, with or without the
/// schema of pgvector before its names.
fn reduced(entity: &Entity, expression: &str) -> Option<(usize, (Reduced, u64))> {
    let (operand, cast) =
        without_parentheses(expression).split_once("::").map(|(operand, cast)| {
            let unqualified = |it: &str| it.rsplit('.').next().unwrap_or(it).to_owned();
            (unqualified(operand), unqualified(cast))
        })?;
    entity.fields.iter().enumerate().find_map(|(idx, field)| {
        let ValueType::Vector(VectorType::Vector | VectorType::Halfvec, Some(n)) =
            field.value_type.base()
        else {
            return None;
        };
        let column = without_parentheses(&field.column.name.to_string());
        let is_cast = |to: VectorType| cast == format!("{}{n}", to.name());
        let bits = operand == format!("binary_quantize{column}") && is_cast(VectorType::Bit);
        let half = operand == column && is_cast(VectorType::Halfvec);
        let over = if bits { Reduced::Bits } else { Reduced::Half };
        (bits || half).then_some((idx, (over, *n)))
    })
}

fn without_parentheses(text: &str) -> String {
    text.chars().filter(|it| !matches!(it, '(' | ')' | ' ')).collect()
}

/// The configuration in `to_tsvector('english'::regconfig, …)`.
fn configuration(expression: &str) -> Option<String> {
    let (_, rest) = expression.split_once("to_tsvector('")?;
    let (config, rest) = rest.split_once('\'')?;
    rest.starts_with("::regconfig").then(|| config.to_owned())
}
