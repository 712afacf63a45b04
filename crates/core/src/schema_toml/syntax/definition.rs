//! What is declared by the SQL that makes it, as written.

use super::grants::{self, GrantSyntax};
use super::index::{self, IndexSyntax};
use super::node::{Fields, Node};
use super::{Name, OptionsSyntax, Problems, codegen, each};
use crate::diagnostic::Diagnostic;
use crate::model::code_hints::{ColumnHints, TableHints};
use crate::model::definition::{DefinedKind, Firing, Naming};

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

pub(super) const ENABLED: [(&str, Firing); 4] = [
    ("origin", Firing::Origin),
    ("disabled", Firing::Disabled),
    ("replica", Firing::Replica),
    ("always", Firing::Always),
];

/// The sections of all kinds that stand by themselves.
pub(super) fn sections(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<DefinitionSyntax> {
    let kinds = DefinedKind::ALL.into_iter();
    let alone = kinds.filter(|it| it.form().naming != Naming::OnRelation);
    alone.flat_map(|it| section(it, fields, problems)).collect()
}

/// Sections of what hangs on a table, where they have none.
pub(super) fn misplaced(fields: &mut Fields<'_>, problems: &mut Problems) {
    for kind in DefinedKind::ALL {
        let form = kind.form();
        let hangs = form.naming == Naming::OnRelation;
        if let Some((name, _)) = hangs.then(|| fields.remove(form.section)).flatten() {
            let message = format!("a {} belongs to a table", form.noun);
            let help = format!("declare it in `[tables.NAME.{}]`", form.section);
            problems.push(Diagnostic::error(name.span, message).help(help));
        }
    }
}

/// The sections of what hangs on a table.
pub(super) fn attached(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<DefinitionSyntax> {
    let kinds = DefinedKind::ALL.into_iter();
    let hanging = kinds.filter(|it| it.form().naming == Naming::OnRelation);
    hanging.flat_map(|it| section(it, fields, problems)).collect()
}

/// The sections of what hangs on a view.
fn attached_to(
    view: DefinedKind,
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Vec<DefinitionSyntax> {
    let hanging = DefinedKind::ALL.into_iter().filter(|it| it.can_hang_on(view));
    hanging.flat_map(|it| section(it, fields, problems)).collect()
}

fn section(
    kind: DefinedKind,
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Vec<DefinitionSyntax> {
    each(
        fields,
        kind.form().section,
        |name, node, problems| definition(kind, name, node, problems),
        problems,
    )
}

/// A string with the SQL, or a table that says more.
fn definition(
    kind: DefinedKind,
    name: Name,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<DefinitionSyntax> {
    if node.is_string() {
        let source = short(kind, node.string(problems)?);
        return Some(DefinitionSyntax {
            kind,
            name,
            source,
            options: Vec::new(),
            grants: Vec::new(),
            firing: Firing::Origin,
            comment: None,
            provided: false,
            columns: Vec::new(),
            code: TableHints::default(),
            renamed_from: None,
            indexes: Vec::new(),
            attached: Vec::new(),
        });
    }
    if !node.is_table() {
        return node.wrong("SQL, or a table with `definition` or `file`", problems);
    }
    let mut fields = node.fields(format!("{} `{}`", kind.form().noun, name.value), problems)?;
    let provided = fields.provided(problems);
    let mut source = source(kind, &mut fields, problems);
    if source.is_none() && provided {
        source = Some(DefinitionSource::Elsewhere(name.clone()));
    } else if source.is_none() {
        fields.missing("definition", problems);
    }
    let relation = kind.is_relation();
    let syntax = DefinitionSyntax {
        kind,
        provided,
        options: if relation { fields.options("with", problems) } else { Vec::new() },
        grants: if kind.is_grantable() {
            grants::grants(&mut fields, problems)
        } else {
            Vec::new()
        },
        firing: firing(kind, &mut fields, problems),
        comment: match kind {
            DefinedKind::UserMapping => None,
            _ => fields.comment(problems),
        },
        columns: if relation { columns(&mut fields, problems) } else { Vec::new() },
        code: if relation { codegen::view(&mut fields, problems) } else { TableHints::default() },
        renamed_from: match kind.form().naming {
            Naming::Name | Naming::OnRelation => fields.string("renamed_from", problems),
            Naming::Text | Naming::For => None,
        },
        indexes: match kind {
            DefinedKind::MaterializedView => each(&mut fields, "indexes", index::index, problems),
            _ => Vec::new(),
        },
        attached: attached_to(kind, &mut fields, problems),
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

/// A view's string that does not begin with CREATE is its query.
fn short(kind: DefinedKind, text: Name) -> DefinitionSource {
    let first = text.value.split_whitespace().next().unwrap_or_default();
    if kind.is_relation() && !first.eq_ignore_ascii_case("create") {
        DefinitionSource::Query(text)
    } else {
        DefinitionSource::Definition(text)
    }
}

fn source(
    kind: DefinedKind,
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<DefinitionSource> {
    let query = if kind.is_relation() { fields.string("query", problems) } else { None };
    let definition = fields.string("definition", problems);
    let file = fields.string("file", problems);
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
                .also(first.name().span, "the first time")
                .help("one of `definition`, `query` (of views) and `file` is enough"),
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

fn firing(kind: DefinedKind, fields: &mut Fields<'_>, problems: &mut Problems) -> Firing {
    let fires =
        matches!(kind, DefinedKind::Trigger | DefinedKind::Rule | DefinedKind::EventTrigger);
    let firing = if fires { fields.choice("enabled", &ENABLED, problems) } else { None };
    firing.unwrap_or_default()
}

/// Columns of a view, each a comment or a table.
fn columns(fields: &mut Fields<'_>, problems: &mut Problems) -> Vec<ViewColumnSyntax> {
    let entries = fields.entries("columns", problems).into_iter();
    entries.filter_map(|(name, node)| column(name, &node, problems)).collect()
}

fn column(name: Name, node: &Node<'_>, problems: &mut Problems) -> Option<ViewColumnSyntax> {
    if node.is_string() {
        let comment = node.string(problems).map(|it| it.value);
        return Some(ViewColumnSyntax { name, comment, code: ColumnHints::default() });
    }
    if !node.is_table() {
        return node.wrong("a comment, or a table with `comment` or `codegen`", problems);
    }
    let mut fields = node.fields(format!("column `{}`", name.value), problems)?;
    let comment = fields.comment(problems);
    let code = codegen::view_column(&mut fields, problems);
    fields.finish(problems);
    Some(ViewColumnSyntax { name, comment, code })
}
