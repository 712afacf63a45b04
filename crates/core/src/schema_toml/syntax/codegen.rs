//! What is said of generated code, as written: beside what it is said of.

use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization;

use super::node::{Fields, Node};
use super::{At, Name, Problems};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::{ColumnHints, EnumHints, OrderHint, TableHints};
use crate::model::ident::Ident;

/// The words of `metric`.
const METRICS: [(&str, &str); 6] = [
    ("l2", "l2"),
    ("inner_product", "inner_product"),
    ("cosine", "cosine"),
    ("l1", "l1"),
    ("hamming", "hamming"),
    ("jaccard", "jaccard"),
];

/// `model` and `codegen` of a table.
pub(super) fn table(fields: &mut Fields<'_>, problems: &mut Problems) -> TableHints {
    relation(fields, problems, |_, _| Vec::new())
}

/// `model` and `codegen` of a view, which tells of no key by itself.
pub(super) fn view(fields: &mut Fields<'_>, problems: &mut Problems) -> TableHints {
    relation(fields, problems, |inner, problems| {
        let names = inner.strings("key", problems).into_iter();
        names.map(|it| Ident::new(it.value)).collect()
    })
}

fn relation(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
    key: impl Fn(&mut Fields<'_>, &mut Problems) -> Vec<Ident>,
) -> TableHints {
    let mut hints = TableHints { model: name(fields, "model", problems), ..TableHints::default() };
    let Some(mut inner) = codegen(fields, problems) else { return hints };
    hints.key = key(&mut inner, problems);
    hints.skip = inner.flag("skip", problems);
    hints.module = module(&mut inner, problems);
    hints.order = order(&mut inner, problems);
    hints.default_index =
        inner.string("default_index", problems).map(|it| Ident::new(it.value.as_str()));
    inner.finish(problems);
    hints
}

/// `attribute` and `codegen` of a column.
pub(super) fn column(fields: &mut Fields<'_>, problems: &mut Problems) -> ColumnHints {
    any_column(fields, problems, |_, _| false)
}

/// `attribute` and `codegen` of a column of a view, which allows NULL unless it is said.
pub(super) fn view_column(fields: &mut Fields<'_>, problems: &mut Problems) -> ColumnHints {
    any_column(fields, problems, |inner, problems| inner.flag("not_null", problems))
}

fn any_column(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
    not_null: impl Fn(&mut Fields<'_>, &mut Problems) -> bool,
) -> ColumnHints {
    let attribute = name(fields, "attribute", problems);
    let mut hints = ColumnHints { attribute, ..ColumnHints::default() };
    let Some(mut inner) = codegen(fields, problems) else { return hints };
    hints.not_null = not_null(&mut inner, problems);
    let optional = |fields: &mut Fields<'_>, key, problems: &mut Problems| {
        fields.take(key).and_then(|it| it.boolean(problems))
    };
    hints.list = optional(&mut inner, "list", problems);
    hints.wire = optional(&mut inner, "wire", problems);
    hints.rust_type = inner.string("rust_type", problems).map(|it| it.value);
    hints.python_type = inner.string("python_type", problems).map(|it| it.value);
    hints.null_elements = inner.flag("null_elements", problems);
    hints.metric = inner.choice("metric", &METRICS, problems).map(str::to_owned);
    inner.finish(problems);
    hints
}

/// `model` and `codegen` of an enum.
pub(super) fn enum_type(fields: &mut Fields<'_>, problems: &mut Problems) -> EnumHints {
    let mut hints = EnumHints { model: name(fields, "model", problems), ..EnumHints::default() };
    let Some(mut inner) = codegen(fields, problems) else { return hints };
    hints.open = inner.flag("open", problems);
    for (label, node) in inner.entries("names", problems) {
        let written = node.string(problems).and_then(|it| identifier(it, problems));
        hints.names.extend(written.map(|it| (label.value, it)));
    }
    inner.finish(problems);
    hints
}

fn codegen<'a>(fields: &mut Fields<'a>, problems: &mut Problems) -> Option<Fields<'a>> {
    fields.take("codegen")?.fields("`codegen`", problems)
}

fn name(fields: &mut Fields<'_>, key: &'static str, problems: &mut Problems) -> Option<String> {
    let written = fields.string(key, problems)?;
    identifier(written, problems)
}

/// The name of a file, which is found on every system.
fn module(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<String> {
    let written = fields.string("module", problems)?;
    let span = written.span;
    let name = identifier(written, problems)?;
    if name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_') {
        return Some(name);
    }
    let message = format!("`{name}` is no name for a file on every system");
    let help = "small letters of ASCII, digits and underscores";
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
    let message = format!("`{}` is no name in Rust and Python", written.value);
    let help = "a letter or underscore, then letters, digits and underscores";
    problems.push(Diagnostic::error(written.span, message).help(help));
    None
}

/// Columns, each alone or with `order = "desc"`.
fn order(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<OrderHint> {
    let Some(node) = fields.take("order") else { return Vec::new() };
    let elements = node.elements(problems);
    elements.iter().filter_map(|it| order_term(it, problems)).collect()
}

fn order_term(node: &Node<'_>, problems: &mut Problems) -> Option<OrderHint> {
    let hint =
        |name: &Name, descending| OrderHint { column: Ident::new(name.value.as_str()), descending };
    if node.is_string() {
        return node.string(problems).map(|it| hint(&it, false));
    }
    if !node.is_table() {
        return node.wrong("a column, or a table with `name`", problems);
    }
    let mut fields = node.fields("the column", problems)?;
    let name = fields.required("name", problems);
    let words = [("asc", false), ("desc", true)];
    let descending = fields.choice("order", &words, problems).unwrap_or(false);
    fields.finish(problems);
    name.map(|it: At<String>| hint(&it, descending))
}
