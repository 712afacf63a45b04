//! Indexes as written.

use super::node::{Fields, Node};
use super::{At, Name, OptionsSyntax, Problems, borrowed};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::pgvector::IterativeScan;
use crate::schema_toml::form::{
    CLUSTERED, COLLATION, COMMENT, INCLUDE, IndexForm, IndexKeyForm, NULLS_NOT_DISTINCT,
    RENAMED_FROM, RecallForm, WITH,
};

/// An entry of `indexes`.
#[derive(Debug)]
pub(crate) struct IndexSyntax {
    pub(crate) name: Name,
    pub(crate) method: Option<Name>,
    pub(crate) keys: Vec<IndexKeySyntax>,
    pub(crate) unique: Option<Span>,
    pub(crate) nulls_not_distinct: Option<Span>,
    /// ON ONLY: not on the partitions, and so not valid.
    pub(crate) only: bool,
    pub(crate) include: Vec<Name>,
    pub(crate) predicate: Option<Name>,
    pub(crate) options: OptionsSyntax,
    pub(crate) clustered: Option<Span>,
    pub(crate) search: SearchSyntax,
    pub(crate) comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
}

/// What is said of searches by an index.
#[derive(Debug, Default)]
pub(crate) struct SearchSyntax {
    pub(crate) ef_search: Option<At<i64>>,
    pub(crate) probes: Option<At<i64>>,
    pub(crate) iterative_scan: Option<At<IterativeScan>>,
    pub(crate) recall: Option<RecallSyntax>,
}

/// What searches by an index must find.
#[derive(Debug)]
pub(crate) struct RecallSyntax {
    pub(crate) k: Option<At<i64>>,
    pub(crate) at_least: Name,
    pub(crate) within: Option<Name>,
}

/// One key of an index.
#[derive(Debug)]
pub(crate) struct IndexKeySyntax {
    pub(crate) value: KeyText,
    pub(crate) opclass: Option<OpclassSyntax>,
    pub(crate) opclass_params: OptionsSyntax,
    pub(crate) collation: Option<Name>,
    pub(crate) descending: Option<At<bool>>,
    pub(crate) nulls_first: Option<At<bool>>,
}

/// What a key holds.
#[derive(Debug)]
pub(crate) enum KeyText {
    Column(Name),
    Expression(Name),
}

impl KeyText {
    /// The text, whichever it is.
    pub(crate) fn text(&self) -> &Name {
        match self {
            Self::Column(name) | Self::Expression(name) => name,
        }
    }
}

/// How a key is compared: by the name of a metric, or of an operator class.
#[derive(Debug)]
pub(crate) enum OpclassSyntax {
    Metric(Name),
    Opclass(Name),
}

/// A list of keys, or a table with `columns`.
pub(super) fn index(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<IndexSyntax> {
    let what = format!("index `{}`", name.value);
    node.read_or::<IndexForm, _>(what, problems, borrowed::in_index, |fields, problems| {
        Some(IndexSyntax {
            name,
            method: fields.get(&IndexForm::METHOD, problems),
            unique: fields.place(&IndexForm::UNIQUE, problems),
            nulls_not_distinct: fields.place(&NULLS_NOT_DISTINCT, problems),
            only: fields.flag(&IndexForm::ONLY, problems),
            include: fields.list(&INCLUDE, problems),
            predicate: fields.get(&IndexForm::WHERE, problems),
            options: fields.options(&WITH, problems),
            clustered: fields.place(&CLUSTERED, problems),
            search: search(fields, problems),
            comment: fields.get(&COMMENT, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            keys: keys(&fields.needed(&IndexForm::COLUMNS, problems)?, problems),
        })
    })
}

fn search(fields: &mut Fields<'_>, problems: &mut Problems) -> SearchSyntax {
    SearchSyntax {
        ef_search: fields.get(&IndexForm::EF_SEARCH, problems),
        probes: fields.get(&IndexForm::PROBES, problems),
        iterative_scan: fields.get_at(&IndexForm::ITERATIVE_SCAN, problems),
        recall: recall(fields, problems),
    }
}

fn recall(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<RecallSyntax> {
    let mut inner = fields.open(&IndexForm::RECALL, "`recall`", problems)?;
    let k = inner.get(&RecallForm::K, problems);
    let within = inner.get(&RecallForm::WITHIN, problems);
    let at_least = inner.required(&RecallForm::AT_LEAST, problems);
    inner.finish(problems);
    Some(RecallSyntax { k, at_least: at_least?, within })
}

fn keys(node: &Node<'_>, problems: &mut Problems) -> Vec<IndexKeySyntax> {
    let elements = node.elements(problems);
    if elements.is_empty() && node.is_list() {
        problems.push(Diagnostic::error(node.span(), "an index needs at least one column"));
    }
    elements.iter().filter_map(|it| key(it, problems)).collect()
}

fn key(node: &Node<'_>, problems: &mut Problems) -> Option<IndexKeySyntax> {
    let mut fields = node.open::<IndexKeyForm>("the index column", problems)?;
    let name = fields.get(&IndexKeyForm::NAME, problems);
    let expression = fields.get(&IndexKeyForm::EXPRESSION, problems);
    let metric = fields.get(&IndexKeyForm::METRIC, problems);
    let opclass = fields.get(&IndexKeyForm::OPCLASS, problems);
    let opclass_params = fields.options(&IndexKeyForm::OPCLASS_PARAMS, problems);
    let collation = fields.get(&COLLATION, problems);
    let descending = fields.get_at(&IndexKeyForm::ORDER, problems);
    let nulls_first = fields.get_at(&IndexKeyForm::NULLS, problems);
    let value = match (name, expression) {
        (Some(name), None) => Some(KeyText::Column(name)),
        (None, Some(expression)) => Some(KeyText::Expression(expression)),
        (None, None) => {
            fields.missing(&IndexKeyForm::NAME, problems);
            None
        }
        (Some(name), Some(expression)) => {
            let message = "an index column is either a `name` or an `expression`";
            let problem = Diagnostic::error(expression.span, message);
            problems.push(problem.also(name.span, "the name"));
            None
        }
    };
    fields.finish(problems);
    let opclass = opclass_syntax(metric, opclass, problems);
    let value = value?;
    Some(IndexKeySyntax { value, opclass, opclass_params, collation, descending, nulls_first })
}

fn opclass_syntax(
    metric: Option<Name>,
    opclass: Option<Name>,
    problems: &mut Problems,
) -> Option<OpclassSyntax> {
    if let (Some(metric), Some(opclass)) = (&metric, &opclass) {
        let message = "`metric` and `opclass` both set the operator class";
        let problem = Diagnostic::error(opclass.span, message);
        problems.push(problem.also(metric.span, "the metric").help("keep one of them"));
    }
    metric.map(OpclassSyntax::Metric).or(opclass.map(OpclassSyntax::Opclass))
}
