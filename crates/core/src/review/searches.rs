//! Searches for nearest vectors, and the indexes that serve them.
//!
//! The planner uses a vector index only for the expression that the index has, by the operator of its
//! operator class (pgvector, README, "Indexing").

use super::context::Context;
use super::shape::Search;
use super::vectors;
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::pgvector::Metric;
use crate::sql_text::Token;

/// What serves a search.
pub(super) enum Served<'a> {
    /// This index.
    By(&'a Index),
    /// None: these have the same key, but another metric.
    OtherMetric(Vec<String>),
    /// None: the indexes of the column have these expressions.
    OtherExpression(Vec<String>),
    /// There is no vector index on the column.
    Unknown,
}

/// The searches of a statement, each with what serves it.
pub(super) fn of<'a>(context: &Context<'a>) -> Vec<(Search, Served<'a>)> {
    let searches = context.shape().searches();
    if searches.is_empty() {
        return Vec::new();
    }
    let indexes = indexes(context);
    let served = searches.into_iter().map(|it| {
        let served = served(&it, &indexes, context);
        (it, served)
    });
    served.collect()
}

/// The vector indexes of the tables that the statement names.
fn indexes<'a>(context: &Context<'a>) -> Vec<&'a Index> {
    let is_named = |table: &str| {
        context.statement.source.tokens.iter().any(|it| match it {
            Token::Word(it) | Token::Name(it) => it == table,
            Token::Literal | Token::Symbol(_) => false,
        })
    };
    let tables = context.after.tables().filter(|it| is_named(it.name.name.as_str()));
    tables.flat_map(|it| context.after.indexes(&it.name)).filter(|it| it.is_vector()).collect()
}

fn served<'a>(search: &Search, indexes: &[&'a Index], context: &Context<'_>) -> Served<'a> {
    let wanted = words(&search.left);
    let mut others = Vec::new();
    let mut metrics = Vec::new();
    for index in indexes {
        let Some(key) = index.keys.first() else { continue };
        let column = vectors::key_column(index, key, context.after);
        let mentions = column.is_some_and(|it| wanted.iter().any(|word| word == it.name.as_str()));
        let same = words(key_text(key)) == wanted || search.unusable.is_some() && mentions;
        if same && operator(key) == search.operator {
            return Served::By(index);
        } else if same {
            metrics.push(index.name.to_string());
        } else if mentions {
            others.push(key_text(key).to_owned());
        }
    }
    match (metrics.is_empty(), others.is_empty()) {
        (false, _) => Served::OtherMetric(metrics),
        (true, false) => Served::OtherExpression(others),
        (true, true) => Served::Unknown,
    }
}

fn key_text(key: &IndexKey) -> &str {
    match &key.value {
        IndexValue::Column(name) => name.as_str(),
        IndexValue::Expression(text) => text.as_str(),
    }
}

/// The operator by which an index searches. Without an operator class it is that of L2.
fn operator(key: &IndexKey) -> &'static str {
    let named = key.opclass.as_ref().and_then(|it| Metric::of_opclass(it.name.as_str()));
    named.unwrap_or(Metric::L2).operator()
}

/// The words of an expression, without parentheses, spaces and what qualifies a name.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for it in text.chars().chain(std::iter::once(' ')) {
        if it.is_alphanumeric() || it == '_' {
            word.extend(it.to_lowercase());
        } else if it == '.' || it == '"' {
            word = if it == '.' { String::new() } else { word };
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_compared_by_their_words() {
        assert_eq!(words("(d.v)::public.halfvec(3)"), ["v", "halfvec", "3"]);
        assert_eq!(words("v::HALFVEC( 3 )"), ["v", "halfvec", "3"]);
        assert_eq!(words("\"V\""), ["v"]);
    }
}
