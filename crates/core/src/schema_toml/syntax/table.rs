//! Tables and their constraints as written.

use super::column::{self, ColumnSyntax, ReferenceSyntax};
use super::definition::{self, DefinitionSyntax};
use super::grants::{self, GrantSyntax};
use super::index::{self, IndexSyntax};
use super::inheritance::{self, InheritanceSyntax};
use super::node::Fields;
use super::node::Node;
use super::{Name, OptionsSyntax, Problems, borrowed, codegen};
use crate::diagnostic::Span;
use crate::model::code_hints::TableHints;
use crate::model::constraint::Timing;
use crate::model::table::RowSecurity;
use crate::schema_toml::form::{
    CLUSTERED, COLUMNS, COMMENT, CONSTRAINT_NAME, CheckForm, DEFERRABLE, ExclusionForm,
    ForeignKeyForm, INCLUDE, INDEX_COMMENT, INDEXES, NO_INHERIT, NOT_ENFORCED, NOT_VALID,
    NULLS_NOT_DISTINCT, PROVIDED, PrimaryKeyForm, REFERENCES, RENAMED_FROM, ReplicaIdentityForm,
    ReplicaWord, ReplicaWords, TableForm, UniqueForm, WITH, WITHOUT_OVERLAPS,
};

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
    pub(crate) inheritance: InheritanceSyntax,
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
            replica_identity: ReplicaSyntax::Word(ReplicaWord::Default),
            renamed_from: None,
            inheritance: InheritanceSyntax::default(),
            attached: Vec::new(),
        }
    }
}

/// `replica_identity`.
#[derive(Debug)]
pub(crate) enum ReplicaSyntax {
    Word(ReplicaWord),
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
    let mut fields = node.open::<TableForm>(format!("table `{}`", name.value), problems)?;
    let inheritance = inheritance::inheritance(&mut fields, problems);
    let inherits = inheritance.has_ancestors();
    let table = name.value.clone();
    let column = |name, node: Node<'_>, problems: &mut Problems| {
        column::column(&table, name, node, inherits, problems)
    };
    let table = TableSyntax {
        comment: fields.get(&COMMENT, problems),
        provided: fields.flag(&PROVIDED, problems),
        inheritance,
        columns: fields.each(&TableForm::COLUMNS, column, problems),
        primary_key: fields
            .take_entry(&TableForm::PRIMARY_KEY)
            .and_then(|it| primary_key(it, problems)),
        uniques: fields.each(&TableForm::UNIQUES, unique, problems),
        foreign_keys: fields.each(&TableForm::FOREIGN_KEYS, foreign_key, problems),
        checks: fields.each(&TableForm::CHECKS, check, problems),
        exclusions: fields.each(&TableForm::EXCLUSIONS, exclusion, problems),
        indexes: fields.each(&INDEXES, index::index, problems),
        unlogged: fields.flag(&TableForm::UNLOGGED, problems),
        options: fields.options(&WITH, problems),
        row_security: fields.switch(&TableForm::ROW_LEVEL_SECURITY, problems),
        replica_identity: replica_identity(&mut fields, problems),
        renamed_from: fields.get(&RENAMED_FROM, problems),
        attached: definition::sections(&mut fields, problems),
        grants: grants::grants(&mut fields, problems),
        code: codegen::table(&mut fields, problems),
        name,
    };
    fields.finish_or(problems, |key, value| borrowed::in_table(table.name.as_str(), key, value));
    Some(table)
}

fn replica_identity(fields: &mut Fields<'_>, problems: &mut Problems) -> ReplicaSyntax {
    let default = ReplicaSyntax::Word(ReplicaWord::Default);
    let Some(node) = fields.take(&TableForm::REPLICA_IDENTITY) else { return default };
    if !node.is_table() {
        return node.word::<ReplicaWords>(problems).map_or(default, ReplicaSyntax::Word);
    }
    let index =
        node.read::<ReplicaIdentityForm, _>("`replica_identity`", problems, |fields, problems| {
            fields.required(&ReplicaIdentityForm::INDEX, problems)
        });
    index.map_or(default, ReplicaSyntax::Index)
}

/// A list of columns, or a table with `columns`.
fn primary_key((key, node): (Name, Node<'_>), problems: &mut Problems) -> Option<KeySyntax> {
    node.read::<PrimaryKeyForm, _>("`primary_key`", problems, |fields, problems| {
        let name = fields.get(&CONSTRAINT_NAME, problems);
        key_constraint(key.span, name, fields, problems)
    })
}

/// The same; its name is the key of its entry.
fn unique(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<KeySyntax> {
    let what = format!("unique constraint `{}`", name.value);
    node.read::<UniqueForm, _>(what, problems, |fields, problems| {
        key_constraint(name.span, Some(name), fields, problems)
    })
}

fn key_constraint(
    span: Span,
    name: Option<Name>,
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<KeySyntax> {
    Some(KeySyntax {
        span,
        name,
        include: fields.list(&INCLUDE, problems),
        nulls_not_distinct: fields.if_known(&NULLS_NOT_DISTINCT, |it, key| it.flag(key, problems)),
        without_overlaps: fields.flag(&WITHOUT_OVERLAPS, problems),
        timing: fields.switch(&DEFERRABLE, problems),
        options: fields.options(&WITH, problems),
        clustered: fields.place(&CLUSTERED, problems),
        comment: fields.get(&COMMENT, problems),
        index_comment: fields.get(&INDEX_COMMENT, problems),
        renamed_from: fields.get(&RENAMED_FROM, problems),
        columns: fields.required(&COLUMNS, problems)?,
    })
}

fn foreign_key(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<ForeignKeySyntax> {
    let (what, help) = (format!("foreign key `{}`", name.value), borrowed::in_foreign_key);
    node.read_or::<ForeignKeyForm, _>(what, problems, help, |fields, problems| {
        if !fields.has(&REFERENCES) {
            fields.missing(&REFERENCES, problems);
        }
        let reference = column::reference(fields, problems);
        Some(ForeignKeySyntax {
            name,
            referenced_columns: fields.list(&ForeignKeyForm::REFERENCED_COLUMNS, problems),
            on_delete_columns: fields.list(&ForeignKeyForm::ON_DELETE_COLUMNS, problems),
            not_valid: fields.flag(&NOT_VALID, problems),
            not_enforced: fields.flag(&NOT_ENFORCED, problems),
            period: fields.flag(&ForeignKeyForm::PERIOD, problems),
            comment: fields.get(&COMMENT, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            columns: fields.required(&COLUMNS, problems)?,
            reference: reference?,
        })
    })
}

/// The condition alone, or a table that has it.
pub(super) fn check(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<CheckSyntax> {
    let what = format!("check `{}`", name.value);
    node.read::<CheckForm, _>(what, problems, |fields, problems| {
        Some(CheckSyntax {
            name,
            no_inherit: fields.flag(&NO_INHERIT, problems),
            not_valid: fields.flag(&NOT_VALID, problems),
            not_enforced: fields.flag(&NOT_ENFORCED, problems),
            comment: fields.get(&COMMENT, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            expression: fields.required(&CheckForm::EXPRESSION, problems)?,
        })
    })
}

/// The definition alone, or a table that has it.
fn exclusion(name: Name, node: Node<'_>, problems: &mut Problems) -> Option<ExclusionSyntax> {
    let what = format!("exclusion `{}`", name.value);
    node.read::<ExclusionForm, _>(what, problems, |fields, problems| {
        Some(ExclusionSyntax {
            name,
            timing: fields.switch(&DEFERRABLE, problems),
            comment: fields.get(&COMMENT, problems),
            index_comment: fields.get(&INDEX_COMMENT, problems),
            renamed_from: fields.get(&RENAMED_FROM, problems),
            definition: fields.required(&ExclusionForm::DEFINITION, problems)?,
        })
    })
}
