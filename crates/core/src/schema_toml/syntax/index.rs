//! Indexes as written.

use super::node::Node;
use super::table::clustered;
use super::{At, Name, OptionsSyntax, Problems, borrowed};
use crate::diagnostic::{Diagnostic, Span};

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
    pub(crate) comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
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
    if node.is_list() {
        return Some(plain(name, keys(&node, problems)));
    }
    if !node.is_table() {
        return node.no_list("a list of columns, or a table with `columns`", problems);
    }
    let mut fields = node.fields(format!("index `{}`", name.value), problems)?;
    let columns = fields.take("columns");
    if columns.is_none() {
        fields.missing("columns", problems);
    }
    let keys = columns.as_ref().map(|it| keys(it, problems));
    let index = IndexSyntax {
        method: fields.string("method", problems),
        unique: flag_place(fields.take_entry("unique"), problems),
        nulls_not_distinct: flag_place(fields.take_entry("nulls_not_distinct"), problems),
        only: fields.flag("only", problems),
        include: fields.strings("include", problems),
        predicate: fields.string("where", problems),
        options: fields.options("with", problems),
        clustered: clustered(&mut fields, problems),
        comment: fields.comment(problems),
        renamed_from: fields.string("renamed_from", problems),
        ..plain(name, Vec::new())
    };
    fields.finish_or(problems, borrowed::in_index);
    Some(IndexSyntax { keys: keys?, ..index })
}

fn plain(name: Name, keys: Vec<IndexKeySyntax>) -> IndexSyntax {
    IndexSyntax {
        name,
        method: None,
        keys,
        unique: None,
        nulls_not_distinct: None,
        only: false,
        include: Vec::new(),
        predicate: None,
        options: Vec::new(),
        clustered: None,
        comment: None,
        renamed_from: None,
    }
}

/// The place of a flag that is on.
fn flag_place(entry: Option<(Name, Node<'_>)>, problems: &mut Problems) -> Option<Span> {
    let (key, node) = entry?;
    node.boolean(problems)?.then_some(key.span)
}

fn keys(node: &Node<'_>, problems: &mut Problems) -> Vec<IndexKeySyntax> {
    let elements = node.elements(problems);
    if elements.is_empty() && node.is_list() {
        problems.push(Diagnostic::error(node.span(), "an index has at least one column"));
    }
    elements.iter().filter_map(|it| key(it, problems)).collect()
}

fn key(node: &Node<'_>, problems: &mut Problems) -> Option<IndexKeySyntax> {
    if node.is_string() {
        return Some(plain_key(KeyText::Column(node.string(problems)?)));
    }
    if !node.is_table() {
        return node.wrong("a column, or a table with `name` or `expression`", problems);
    }
    let mut fields = node.fields("the index column", problems)?;
    let name = fields.string("name", problems);
    let expression = fields.string("expression", problems);
    let metric = fields.string("metric", problems);
    let opclass = fields.string("opclass", problems);
    let opclass_params = fields.options("opclass_params", problems);
    let collation = fields.string("collation", problems);
    let descending = direction(fields.take("order"), ["asc", "desc"], problems);
    let nulls_first = direction(fields.take("nulls"), ["last", "first"], problems);
    let value = match (name, expression) {
        (Some(name), None) => Some(KeyText::Column(name)),
        (None, Some(expression)) => Some(KeyText::Expression(expression)),
        (None, None) => {
            fields.missing("name", problems);
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
    let key = plain_key(value?);
    Some(IndexKeySyntax { opclass, opclass_params, collation, descending, nulls_first, ..key })
}

fn opclass_syntax(
    metric: Option<Name>,
    opclass: Option<Name>,
    problems: &mut Problems,
) -> Option<OpclassSyntax> {
    if let (Some(metric), Some(opclass)) = (&metric, &opclass) {
        let message = "`metric` and `opclass` say the same thing twice";
        let problem = Diagnostic::error(opclass.span, message);
        problems.push(problem.also(metric.span, "the metric").help("keep one of them"));
    }
    metric.map(OpclassSyntax::Metric).or(opclass.map(OpclassSyntax::Opclass))
}

fn plain_key(value: KeyText) -> IndexKeySyntax {
    IndexKeySyntax {
        value,
        opclass: None,
        opclass_params: Vec::new(),
        collation: None,
        descending: None,
        nulls_first: None,
    }
}

/// Which of two words, with its place; `true` for the second.
fn direction(
    node: Option<Node<'_>>,
    [off, on]: [&'static str; 2],
    problems: &mut Problems,
) -> Option<At<bool>> {
    let node = node?;
    let value = node.choice(&[(off, false), (on, true)], problems)?;
    Some(At::new(value, node.span()))
}
