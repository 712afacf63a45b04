//! Tables and their constraints as written.

use super::column::{self, ColumnSyntax, ReferenceSyntax};
use super::definition::{self, DefinitionSyntax};
use super::grants::{self, GrantSyntax};
use super::hierarchy::{self, HierarchySyntax};
use super::index::{self, IndexSyntax};
use super::node::{Fields, Node};
use super::{At, Name, OptionsSyntax, Problems, borrowed, codegen, each};
use crate::diagnostic::Span;
use crate::model::code_hints::TableHints;
use crate::model::constraint::Timing;
use crate::model::table::RowSecurity;

/// An entry of `[tables]`.
#[derive(Debug)]
pub(crate) struct TableSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    /// `model` and `codegen`.
    pub(crate) code: TableHints,
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) provided: bool,
    pub(crate) columns: Vec<ColumnSyntax>,
    pub(crate) primary_key: Option<KeySyntax>,
    pub(crate) uniques: Vec<KeySyntax>,
    pub(crate) foreign_keys: Vec<ForeignKeySyntax>,
    pub(crate) checks: Vec<CheckSyntax>,
    pub(crate) exclusions: Vec<ExclusionSyntax>,
    pub(crate) indexes: Vec<IndexSyntax>,
    pub(crate) unlogged: bool,
    pub(crate) options: OptionsSyntax,
    pub(crate) row_security: RowSecurity,
    pub(crate) replica_identity: ReplicaSyntax,
    pub(crate) renamed_from: Option<Name>,
    /// Partitions, inheritance and the like.
    pub(crate) hierarchy: HierarchySyntax,
    /// Triggers, rules and policies.
    pub(crate) attached: Vec<DefinitionSyntax>,
}

impl TableSyntax {
    /// A table of which nothing is said.
    pub(crate) fn new(name: Name) -> Self {
        Self {
            name,
            grants: Vec::new(),
            code: TableHints::default(),
            comment: None,
            provided: false,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            unlogged: false,
            options: Vec::new(),
            row_security: RowSecurity::Disabled,
            replica_identity: ReplicaSyntax::Default,
            renamed_from: None,
            hierarchy: HierarchySyntax::default(),
            attached: Vec::new(),
        }
    }
}

/// `replica_identity`.
#[derive(Debug)]
pub(crate) enum ReplicaSyntax {
    Default,
    Full,
    Nothing,
    Index(Name),
}

/// A primary key or unique constraint.
#[derive(Debug, Clone)]
pub(crate) struct KeySyntax {
    /// Where it is declared.
    pub(crate) span: Span,
    pub(crate) name: Option<Name>,
    pub(crate) columns: Vec<Name>,
    pub(crate) include: Vec<Name>,
    pub(crate) nulls_not_distinct: bool,
    pub(crate) without_overlaps: bool,
    pub(crate) timing: Timing,
    pub(crate) options: OptionsSyntax,
    pub(crate) clustered: Option<Span>,
    pub(crate) comment: Option<String>,
    pub(crate) index_comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
}

impl KeySyntax {
    /// A key over some columns, nothing special.
    pub(crate) fn new(span: Span, columns: Vec<Name>) -> Self {
        Self {
            span,
            name: None,
            columns,
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            timing: Timing::NotDeferrable,
            options: Vec::new(),
            clustered: None,
            comment: None,
            index_comment: None,
            renamed_from: None,
        }
    }
}

/// An entry of `foreign_keys`.
#[derive(Debug)]
pub(crate) struct ForeignKeySyntax {
    pub(crate) name: Name,
    pub(crate) columns: Vec<Name>,
    pub(crate) reference: ReferenceSyntax,
    pub(crate) referenced_columns: Vec<Name>,
    pub(crate) on_delete_columns: Vec<Name>,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
    pub(crate) period: bool,
    pub(crate) comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
}

/// An entry of `checks`.
#[derive(Debug)]
pub(crate) struct CheckSyntax {
    pub(crate) name: Name,
    pub(crate) expression: Name,
    pub(crate) no_inherit: bool,
    pub(crate) not_valid: bool,
    pub(crate) not_enforced: bool,
    pub(crate) comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
}

/// An entry of `exclusions`.
#[derive(Debug)]
pub(crate) struct ExclusionSyntax {
    pub(crate) name: Name,
    pub(crate) definition: Name,
    pub(crate) timing: Timing,
    pub(crate) comment: Option<String>,
    pub(crate) index_comment: Option<String>,
    pub(crate) renamed_from: Option<Name>,
}

/// `[tables.NAME]`.
pub(super) fn table(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<TableSyntax> {
    let mut fields = node.fields(format!("table `{}`", name.value), problems)?;
    let hierarchy = hierarchy::hierarchy(&mut fields, problems);
    let inherits = hierarchy.has_ancestors();
    let table = name.value.clone();
    let column = |name, node: Node<'_>, problems: &mut Problems| {
        column::column(&table, name, node, inherits, problems)
    };
    let table = TableSyntax {
        comment: fields.comment(problems),
        provided: fields.provided(problems),
        hierarchy,
        columns: each(&mut fields, "columns", column, problems),
        primary_key: fields.take_entry("primary_key").and_then(|it| primary_key(it, problems)),
        uniques: each(&mut fields, "uniques", unique, problems),
        foreign_keys: each(&mut fields, "foreign_keys", foreign_key, problems),
        checks: each(&mut fields, "checks", check, problems),
        exclusions: each(&mut fields, "exclusions", exclusion, problems),
        indexes: each(&mut fields, "indexes", index::index, problems),
        unlogged: fields.flag("unlogged", problems),
        options: fields.options("with", problems),
        row_security: row_security(&mut fields, problems),
        replica_identity: replica_identity(&mut fields, problems),
        renamed_from: fields.string("renamed_from", problems),
        attached: definition::attached(&mut fields, problems),
        grants: grants::grants(&mut fields, problems),
        code: codegen::table(&mut fields, problems),
        name,
    };
    fields.finish_or(problems, |key, value| borrowed::in_table(table.name.as_str(), key, value));
    Some(table)
}

fn row_security(fields: &mut Fields<'_>, problems: &mut Problems) -> RowSecurity {
    let Some(node) = fields.take("row_level_security") else { return RowSecurity::Disabled };
    if let Some(enabled) = node.as_bool() {
        return if enabled { RowSecurity::Enabled } else { RowSecurity::Disabled };
    }
    if !node.is_string() {
        node.wrong::<()>("`true`, `false` or \"forced\"", problems);
        return RowSecurity::Disabled;
    }
    let words =
        [("forced", RowSecurity::Forced), ("disabled, forced", RowSecurity::DisabledForced)];
    node.choice(&words, problems).unwrap_or(RowSecurity::Disabled)
}

fn replica_identity(fields: &mut Fields<'_>, problems: &mut Problems) -> ReplicaSyntax {
    let Some(node) = fields.take("replica_identity") else { return ReplicaSyntax::Default };
    if node.is_table() {
        let Some(mut inner) = node.fields("`replica_identity`", problems) else {
            return ReplicaSyntax::Default;
        };
        let index = inner.required("index", problems);
        inner.finish(problems);
        return index.map_or(ReplicaSyntax::Default, ReplicaSyntax::Index);
    }
    let words = [("default", 0), ("full", 1), ("nothing", 2)];
    match node.choice(&words, problems) {
        Some(1) => ReplicaSyntax::Full,
        Some(2) => ReplicaSyntax::Nothing,
        _ => ReplicaSyntax::Default,
    }
}

/// A list of columns, or a table with `columns`.
fn primary_key((key, node): (Name, Node<'_>), problems: &mut Problems) -> Option<KeySyntax> {
    key_constraint(key.span, &node, "`primary_key`", None, problems)
}

fn unique(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<KeySyntax> {
    let what = format!("unique constraint `{}`", name.value);
    key_constraint(name.span, &node, &what, Some(name), problems)
}

fn key_constraint(
    span: Span,
    node: &Node<'_>,
    what: &str,
    name: Option<Name>,
    problems: &mut Problems,
) -> Option<KeySyntax> {
    if node.is_list() {
        return Some(KeySyntax { name, ..KeySyntax::new(span, node.strings(problems)) });
    }
    if !node.is_table() {
        return node.no_list("a list of columns, or a table with `columns`", problems);
    }
    let mut fields = node.fields(what, problems)?;
    // Only a primary key has its name inside: a unique constraint's name is the key of its entry.
    // Only a unique constraint knows NULLS.
    let primary = name.is_none();
    let (name, nulls_not_distinct) = if primary {
        (fields.string("name", problems), false)
    } else {
        (name, fields.flag("nulls_not_distinct", problems))
    };
    let columns = required_columns(&mut fields, problems);
    let key = KeySyntax {
        name,
        include: fields.strings("include", problems),
        nulls_not_distinct,
        without_overlaps: fields.flag("without_overlaps", problems),
        timing: timing(&mut fields, problems),
        options: fields.options("with", problems),
        clustered: clustered(&mut fields, problems),
        comment: fields.comment(problems),
        index_comment: fields.comment_under("index_comment", problems),
        renamed_from: fields.string("renamed_from", problems),
        ..KeySyntax::new(span, Vec::new())
    };
    fields.finish(problems);
    Some(KeySyntax { columns: columns?, ..key })
}

fn foreign_key(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<ForeignKeySyntax> {
    let mut fields = node.fields(format!("foreign key `{}`", name.value), problems)?;
    let columns = required_columns(&mut fields, problems);
    if !fields.has("references") {
        fields.missing("references", problems);
    }
    let reference = column::reference(&mut fields, problems);
    let referenced_columns = fields.strings("referenced_columns", problems);
    let on_delete_columns = fields.strings("on_delete_columns", problems);
    let not_valid = fields.flag("not_valid", problems);
    let not_enforced = fields.flag("not_enforced", problems);
    let period = fields.flag("period", problems);
    let comment = fields.comment(problems);
    let renamed_from = fields.string("renamed_from", problems);
    fields.finish_or(problems, borrowed::in_foreign_key);
    Some(ForeignKeySyntax {
        name,
        columns: columns?,
        reference: reference?,
        referenced_columns,
        on_delete_columns,
        not_valid,
        not_enforced,
        period,
        comment,
        renamed_from,
    })
}

/// The condition alone, or a table that has it.
pub(super) fn check(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<CheckSyntax> {
    if node.is_string() {
        return Some(CheckSyntax {
            expression: node.string(problems)?,
            no_inherit: false,
            not_valid: false,
            not_enforced: false,
            comment: None,
            renamed_from: None,
            name,
        });
    }
    if !node.is_table() {
        return node.wrong("an SQL condition, or a table with `expression`", problems);
    }
    let mut fields = node.fields(format!("check `{}`", name.value), problems)?;
    let expression = fields.required("expression", problems);
    let no_inherit = fields.flag("no_inherit", problems);
    let not_valid = fields.flag("not_valid", problems);
    let not_enforced = fields.flag("not_enforced", problems);
    let comment = fields.comment(problems);
    let renamed_from = fields.string("renamed_from", problems);
    fields.finish(problems);
    let expression = expression?;
    Some(CheckSyntax {
        name,
        expression,
        no_inherit,
        not_valid,
        not_enforced,
        comment,
        renamed_from,
    })
}

/// The definition alone, or a table that has it.
fn exclusion(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<ExclusionSyntax> {
    if node.is_string() {
        return Some(ExclusionSyntax {
            definition: node.string(problems)?,
            timing: Timing::NotDeferrable,
            comment: None,
            index_comment: None,
            renamed_from: None,
            name,
        });
    }
    if !node.is_table() {
        return node.wrong("a definition, or a table with `definition`", problems);
    }
    let mut fields = node.fields(format!("exclusion `{}`", name.value), problems)?;
    let definition = fields.required("definition", problems);
    let timing = timing(&mut fields, problems);
    let comment = fields.comment(problems);
    let index_comment = fields.comment_under("index_comment", problems);
    let renamed_from = fields.string("renamed_from", problems);
    fields.finish(problems);
    let definition = definition?;
    Some(ExclusionSyntax { name, definition, timing, comment, index_comment, renamed_from })
}

/// `columns`, which must be there.
fn required_columns(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Vec<Name>> {
    let node = fields.take("columns");
    if node.is_none() {
        fields.missing("columns", problems);
    }
    node.map(|it| it.strings(problems))
}

/// `deferrable = true`, or `"deferred"`.
pub(super) fn timing(fields: &mut Fields<'_>, problems: &mut Problems) -> Timing {
    let Some(node) = fields.take("deferrable") else { return Timing::NotDeferrable };
    match node.as_bool() {
        Some(true) => Timing::Deferrable,
        Some(false) => Timing::NotDeferrable,
        None if node.is_string() => node
            .choice(&[("deferred", Timing::Deferred)], problems)
            .unwrap_or(Timing::NotDeferrable),
        None => {
            node.wrong::<()>("`true`, `false` or \"deferred\"", problems);
            Timing::NotDeferrable
        }
    }
}

/// `clustered = true`, with its place.
pub(super) fn clustered(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Span> {
    let (key, node) = fields.take_entry("clustered")?;
    let on = node.boolean(problems)?;
    on.then_some(At::new((), key.span).span)
}
