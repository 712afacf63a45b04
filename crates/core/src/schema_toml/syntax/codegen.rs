//! Settings of generated code as written.

use std::collections::BTreeSet;

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;

use super::node::Fields;
use super::node::Node;
use super::{Name, Problems};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::{CodePart, ColumnHints, EnumHints, OrderHint, TableHints};
use crate::model::ident::Ident;
use crate::schema_toml::form::{
    ATTRIBUTE, CodeParts, ColumnCodeForm, ColumnForm, EnumCodeForm, EnumForm, Formed, Key, MODEL,
    OrderTermForm, Table, TableCodeForm, TableForm, Text, ViewCodeForm, ViewColumnCodeForm,
    ViewColumnForm, ViewForm,
};

/// How messages call the table of a `codegen`.
const WHAT: &str = "`codegen`";

/// `model` and `codegen` of a table.
pub(super) fn table(fields: &mut Fields<'_>, problems: &mut Problems) -> TableHints {
    relation(fields, &TableForm::CODEGEN, problems)
}

/// `model` and `codegen` of a view.
pub(super) fn view(fields: &mut Fields<'_>, problems: &mut Problems) -> TableHints {
    relation(fields, &ViewForm::CODEGEN, problems)
}

fn relation<F: Formed>(
    fields: &mut Fields<'_>,
    codegen: &Key<Table<F>>,
    problems: &mut Problems,
) -> TableHints {
    let mut hints = TableHints { model: name(fields, &MODEL, problems), ..TableHints::default() };
    let Some(mut inner) = fields.open(codegen, WHAT, problems) else { return hints };
    // A view tells of no key by itself.
    let key = inner.if_known(&ViewCodeForm::KEY, |it, key| it.list(key, problems));
    hints.key = key.into_iter().map(|it| Ident::new(it.value)).collect();
    hints.skip = inner.flag(&TableCodeForm::SKIP, problems);
    hints.only = only(&mut inner, problems);
    hints.module = module(&mut inner, problems);
    hints.order = order(&mut inner, problems);
    let index = inner.get(&TableCodeForm::DEFAULT_INDEX, problems);
    hints.default_index = index.map(|it| Ident::new(it.value));
    inner.finish(problems);
    hints
}

/// `attribute` and `codegen` of a column.
pub(super) fn column(fields: &mut Fields<'_>, problems: &mut Problems) -> ColumnHints {
    any_column(fields, &ColumnForm::CODEGEN, problems)
}

/// `attribute` and `codegen` of a column of a view.
pub(super) fn view_column(fields: &mut Fields<'_>, problems: &mut Problems) -> ColumnHints {
    any_column(fields, &ViewColumnForm::CODEGEN, problems)
}

fn any_column<F: Formed>(
    fields: &mut Fields<'_>,
    codegen: &Key<Table<F>>,
    problems: &mut Problems,
) -> ColumnHints {
    let attribute = name(fields, &ATTRIBUTE, problems);
    let mut hints = ColumnHints { attribute, ..ColumnHints::default() };
    let Some(mut inner) = fields.open(codegen, WHAT, problems) else { return hints };
    // A column of a view allows NULL unless it is said.
    hints.not_null =
        inner.if_known(&ViewColumnCodeForm::NOT_NULL, |it, key| it.flag(key, problems));
    hints.list = inner.get(&ColumnCodeForm::LIST, problems);
    hints.wire = inner.get(&ColumnCodeForm::WIRE, problems);
    hints.rust_type = inner.get(&ColumnCodeForm::RUST_TYPE, problems).map(|it| it.value);
    hints.python_type = inner.get(&ColumnCodeForm::PYTHON_TYPE, problems).map(|it| it.value);
    hints.null_elements = inner.flag(&ColumnCodeForm::NULL_ELEMENTS, problems);
    hints.metric = inner.get(&ColumnCodeForm::METRIC, problems);
    inner.finish(problems);
    hints
}

/// `model` and `codegen` of an enum.
pub(super) fn enum_type(fields: &mut Fields<'_>, problems: &mut Problems) -> EnumHints {
    let mut hints = EnumHints { model: name(fields, &MODEL, problems), ..EnumHints::default() };
    let codegen = &EnumForm::CODEGEN;
    let Some(mut inner) = fields.open(codegen, WHAT, problems) else { return hints };
    hints.open = inner.flag(&EnumCodeForm::OPEN, problems);
    for (label, written) in inner.map(&EnumCodeForm::NAMES, problems) {
        hints.names.extend(identifier(written, problems).map(|it| (label.value, it)));
    }
    inner.finish(problems);
    hints
}

fn name(fields: &mut Fields<'_>, key: &Key<Text>, problems: &mut Problems) -> Option<String> {
    let written = fields.get(key, problems)?;
    identifier(written, problems)
}

fn only(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<BTreeSet<CodePart>> {
    let node = fields.take(&TableCodeForm::ONLY)?;
    let elements = node.elements(problems);
    Some(elements.iter().filter_map(|it| it.word::<CodeParts>(problems)).collect())
}

/// The name of a file, which is found on every system.
fn module(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<String> {
    let written = fields.get(&TableCodeForm::MODULE, problems)?;
    let span = written.span;
    let name = identifier(written, problems)?;
    if name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_') {
        return Some(name);
    }
    let message = format!("`{name}` is not a portable file name");
    let help = "use ASCII lowercase letters, digits and underscores";
    problems.push(Diagnostic::error(span, message).help(help));
    None
}

/// A name that both languages can have: anything else would only be found out by their compilers.
fn identifier(written: Name, problems: &mut Problems) -> Option<String> {
    let text: String = written.value.nfkc().collect();
    let mut chars = text.chars();
    let starts_well = chars.next().is_some_and(|it| is_xid_start(it) || it == '_');
    if starts_well && chars.all(is_xid_continue) {
        return Some(text);
    }
    let message = format!("`{}` is not an identifier in Rust and Python", written.value);
    let help = "use a letter or underscore, then letters, digits and underscores";
    problems.push(Diagnostic::error(written.span, message).help(help));
    None
}

/// Columns, each alone or with `order = "desc"`.
fn order(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<OrderHint> {
    let Some(node) = fields.take(&TableCodeForm::ORDER) else { return Vec::new() };
    let elements = node.elements(problems);
    elements.iter().filter_map(|it| order_term(it, problems)).collect()
}

fn order_term(node: &Node<'_>, problems: &mut Problems) -> Option<OrderHint> {
    node.read::<OrderTermForm, _>("the column", problems, |fields, problems| {
        Some(OrderHint {
            descending: fields.get(&OrderTermForm::ORDER, problems).unwrap_or(false),
            column: Ident::new(fields.required(&OrderTermForm::NAME, problems)?.value),
        })
    })
}
