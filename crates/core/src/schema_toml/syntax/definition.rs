//! Objects declared by SQL, as written.

use super::grants::{self, GrantSyntax};
use super::index::{self, IndexSyntax};
use super::node::Fields;
use super::node::Node;
use super::{Name, OptionsSyntax, Problems, codegen};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::{ColumnHints, TableHints};
use crate::model::definition::{DefinedKind, Firing, Naming};
use crate::schema_toml::form::{
    COMMENT, DEFINITION, ENABLED, FILE, GRANTS, INDEXES, PROVIDED, QUERY, RENAMED_FROM,
    ViewColumnForm, ViewForm, WITH, form_of,
};

/// An entry of `[views]`, `[functions]`, `triggers` of a table, …
#[derive(Debug)]
pub(crate) struct DefinitionSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) kind: DefinedKind,
    pub(crate) name: Name,
    pub(crate) source: DefinitionSource,
    /// `with`, of views.
    pub(crate) options: OptionsSyntax,
    pub(crate) firing: Firing,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    /// What is said of the columns of a view.
    pub(crate) columns: Vec<ViewColumnSyntax>,
    /// `model` and `codegen` of a view.
    pub(crate) code: TableHints,
    pub(crate) renamed_from: Option<Name>,
    /// Indexes of a materialized view.
    pub(crate) indexes: Vec<IndexSyntax>,
    /// Triggers and rules of a view.
    pub(crate) attached: Vec<DefinitionSyntax>,
}

/// A column of a view: its comment, or a table.
#[derive(Debug)]
pub(crate) struct ViewColumnSyntax {
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) code: ColumnHints,
}

/// Where the SQL is.
#[derive(Debug)]
pub(crate) enum DefinitionSource {
    /// CREATE, and what completes it.
    Definition(Name),
    /// The query of a view.
    Query(Name),
    /// A file with the definition.
    File(Name),
    /// None: it is provided, and known by its name alone.
    Elsewhere(Name),
}

/// The sections that a table has of what is declared by the SQL that makes it.
pub(super) fn sections(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<DefinitionSyntax> {
    let mut found = Vec::new();
    for kind in DefinedKind::ALL {
        if fields.knows(kind.form().section) {
            let entries = fields.section(kind.form().section, problems).into_iter();
            found.extend(entries.filter_map(|(name, node)| definition(kind, name, node, problems)));
        }
    }
    found
}

/// Sections of what belongs to a table, where they have none.
pub(super) fn misplaced(fields: &mut Fields<'_>, problems: &mut Problems) {
    for kind in DefinedKind::ALL {
        let form = kind.form();
        let belongs = form.naming == Naming::OnRelation;
        if let Some((name, _)) = belongs.then(|| fields.remove(form.section)).flatten() {
            let message = format!("a {} belongs to a table", form.noun);
            let help = format!("declare it in `[tables.NAME.{}]`", form.section);
            problems.push(Diagnostic::error(name.span, message).help(help));
        }
    }
}

/// A string with the SQL, or a table that says more.
fn definition(
    kind: DefinedKind,
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<DefinitionSyntax> {
    let what = format!("{} `{}`", kind.form().noun, name.value);
    let mut fields = if is_query(kind, &node) {
        node.alone(form_of(kind), QUERY.name())
    } else {
        node.open_as(form_of(kind), what, problems)?
    };
    let provided = fields.flag(&PROVIDED, problems);
    let source = source(&mut fields, problems);
    let source = source.or_else(|| provided.then(|| DefinitionSource::Elsewhere(name.clone())));
    if source.is_none() {
        fields.missing(&DEFINITION, problems);
    }
    let syntax = DefinitionSyntax {
        kind,
        provided,
        options: fields.if_known(&WITH, |it, key| it.options(key, problems)),
        grants: fields.if_known(&GRANTS, |it, _| grants::grants(it, problems)),
        firing: fields.if_known(&ENABLED, |it, key| it.get(key, problems)).unwrap_or_default(),
        comment: fields.if_known(&COMMENT, |it, key| it.get(key, problems)),
        columns: fields.if_known(&ViewForm::COLUMNS, |it, key| it.each(key, column, problems)),
        code: fields.if_known(&ViewForm::CODEGEN, |it, _| codegen::view(it, problems)),
        renamed_from: fields.if_known(&RENAMED_FROM, |it, key| it.get(key, problems)),
        indexes: fields.if_known(&INDEXES, |it, key| it.each(key, index::index, problems)),
        attached: sections(&mut fields, problems),
        name,
        source: match source {
            Some(source) => source,
            None => {
                fields.finish(problems);
                return None;
            }
        },
    };
    fields.finish(problems);
    Some(syntax)
}

/// Whether it is the string of a view that does not begin with CREATE.
fn is_query(kind: DefinedKind, node: &Node<'_>) -> bool {
    let text = node.text().filter(|_| kind.is_relation() && node.is_string());
    text.is_some_and(|it| {
        let first = it.split_whitespace().next().unwrap_or_default();
        !first.eq_ignore_ascii_case("create")
    })
}

fn source(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<DefinitionSource> {
    let query = fields.if_known(&QUERY, |it, key| it.get(key, problems));
    let definition = fields.get(&DEFINITION, problems);
    let file = fields.get(&FILE, problems);
    let given = [
        definition.map(DefinitionSource::Definition),
        query.map(DefinitionSource::Query),
        file.map(DefinitionSource::File),
    ];
    let mut given = given.into_iter().flatten();
    let first = given.next()?;
    for other in given {
        let message = "the SQL is given twice";
        let problem = Diagnostic::error(other.name().span, message);
        problems.push(
            problem
                .also(first.name().span, "first one")
                .help("give only one of `definition`, `query` (for views) and `file`"),
        );
    }
    Some(first)
}

impl DefinitionSource {
    /// The text, or the name of the file.
    pub(crate) fn name(&self) -> &Name {
        match self {
            Self::Definition(it) | Self::Query(it) | Self::File(it) | Self::Elsewhere(it) => it,
        }
    }
}

/// A column of a view: a comment or a table.
fn column(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<ViewColumnSyntax> {
    let what = format!("column `{}`", name.value);
    node.read::<ViewColumnForm, _>(what, problems, |fields, problems| {
        let comment = fields.get(&COMMENT, problems);
        Some(ViewColumnSyntax { name, comment, code: codegen::view_column(fields, problems) })
    })
}
