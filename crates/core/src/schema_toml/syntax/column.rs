//! Columns as written.

use super::data_type::{TypeSyntax, split_question_mark};
use super::grants::{self, GrantSyntax};
use super::node::Fields;
use super::node::Node;
use super::object::{self, CountingSyntax};
use super::{At, Name, OptionsSyntax, Problems, borrowed, codegen};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::code_hints::ColumnHints;
use crate::model::column::{Compression, Storage};
use crate::model::constraint::{Action, Timing};
use crate::schema_toml::form::{
    COLLATION, COMMENT, CONSTRAINT_NAME, ColumnForm, DEFERRABLE, GeneratedForm, IdentityForm,
    MATCH, NO_INHERIT, NOT_NULL_CONSTRAINT, NOT_VALID, NotNullForm, ON_DELETE, ON_UPDATE, OnChange,
    OnChanges, REFERENCES, RENAMED_FROM,
};

/// An entry of `columns`.
#[derive(Debug)]
pub(crate) struct ColumnSyntax {
    pub(crate) grants: Vec<GrantSyntax>,
    pub(crate) name: Name,
    /// None where it could not be read.
    pub(crate) data_type: Option<TypeSyntax>,
    /// Whether the type is left to the parent of the table, and `null`, where that is said.
    pub(crate) inherited: Option<Option<bool>>,
    pub(crate) not_null: Option<NotNullSyntax>,
    pub(crate) default: Option<Name>,
    pub(crate) generated: Option<GeneratedSyntax>,
    pub(crate) identity: Option<IdentitySyntax>,
    pub(crate) collation: Option<Name>,
    pub(crate) storage: Option<At<Storage>>,
    pub(crate) compression: Option<Compression>,
    pub(crate) statistics: Option<At<i64>>,
    pub(crate) options: OptionsSyntax,
    pub(crate) foreign_options: OptionsSyntax,
    pub(crate) comment: Option<String>,
    pub(crate) reference: Option<ReferenceSyntax>,
    pub(crate) unique: Option<UniqueMark>,
    pub(crate) primary_key: Option<Span>,
    pub(crate) renamed_from: Option<Name>,
    pub(crate) change: Option<TypeChangeSyntax>,
    pub(crate) code: ColumnHints,
}

/// `not_null_constraint`.
#[derive(Debug)]
pub(crate) struct NotNullSyntax {
    /// Where it is said.
    pub(crate) span: Span,
    pub(crate) name: Option<Name>,
    pub(crate) no_inherit: bool,
    pub(crate) not_valid: bool,
    pub(crate) comment: Option<String>,
}

/// `generated`.
#[derive(Debug)]
pub(crate) enum GeneratedSyntax {
    Stored(Name),
    Virtual(Name),
}

/// `identity`.
#[derive(Debug)]
pub(crate) struct IdentitySyntax {
    pub(crate) span: Span,
    pub(crate) always: bool,
    pub(crate) name: Option<Name>,
    pub(crate) counting: CountingSyntax,
}

/// `unique = true`, or the constraint's name.
#[derive(Debug)]
pub(crate) struct UniqueMark {
    pub(crate) span: Span,
    pub(crate) name: Option<Name>,
}

/// `references` and what belongs to it.
#[derive(Debug)]
pub(crate) struct ReferenceSyntax {
    pub(crate) references: Name,
    pub(crate) on_delete: Action,
    pub(crate) on_update: Action,
    pub(crate) match_full: bool,
    pub(crate) timing: Timing,
}

/// How stored values may change their type.
#[derive(Debug)]
pub(crate) enum TypeChangeSyntax {
    Using(Name),
    OnChange(OnChange),
}

/// A type alone, or a table with `type`, which may be left out where the table has parents.
pub(super) fn column(
    table: &str,
    name: Name,
    node: Node<'_>,
    has_parents: bool,
    problems: &mut Problems,
) -> Option<ColumnSyntax> {
    let mut fields = node.open_anyway::<ColumnForm>(format!("column `{}`", name.value), problems);
    let from_parent = has_parents && !fields.has(&ColumnForm::TYPE) && !fields.is_broken();
    let inherited = from_parent.then(|| fields.get(&ColumnForm::NULL, problems));
    let data_type = if from_parent { None } else { data_type(&mut fields, problems) };
    let column = ColumnSyntax {
        name,
        data_type,
        inherited,
        grants: grants::grants(&mut fields, problems),
        not_null: not_null_constraint(&mut fields, problems),
        default: fields.take(&ColumnForm::DEFAULT).and_then(|it| default(&it, problems)),
        generated: generated(&mut fields, problems),
        identity: fields.take_entry(&ColumnForm::IDENTITY).and_then(|it| identity(it, problems)),
        collation: fields.get(&COLLATION, problems),
        storage: fields.get_at(&ColumnForm::STORAGE, problems),
        compression: fields.get(&ColumnForm::COMPRESSION, problems),
        statistics: fields.get(&ColumnForm::STATISTICS, problems),
        options: fields.options(&ColumnForm::OPTIONS, problems),
        foreign_options: fields.map(&ColumnForm::FOREIGN_OPTIONS, problems),
        comment: fields.get(&COMMENT, problems),
        unique: fields.take_entry(&ColumnForm::UNIQUE).and_then(|it| unique(it, problems)),
        primary_key: fields.place(&ColumnForm::PRIMARY_KEY, problems),
        reference: column_reference(&mut fields, problems),
        renamed_from: fields.get(&RENAMED_FROM, problems),
        change: change(&mut fields, problems),
        code: codegen::column(&mut fields, problems),
    };
    let host = borrowed::Column {
        table,
        name: column.name.as_str(),
        data_type: column.data_type.as_ref(),
    };
    fields.finish_or(problems, |key, value| borrowed::in_column(&host, key, value));
    Some(column)
}

fn data_type(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<TypeSyntax> {
    let text = fields.required(&ColumnForm::TYPE, problems);
    let null = fields.take_entry(&ColumnForm::NULL);
    let allowed = null.as_ref().and_then(|(_, node)| node.boolean(problems));
    let mut data_type = split_question_mark(text?);
    match (null, allowed, data_type.nullable) {
        (Some((key, _)), Some(false), Some(mark)) => {
            let message = "the type ends in `?`, but `null` is `false`";
            problems.push(Diagnostic::error(mark, message).also(key.span, "not nullable here"));
        }
        (Some((key, _)), Some(true), None) => data_type.nullable = Some(key.span),
        _ => {}
    }
    Some(data_type)
}

/// An SQL expression. A value of TOML that is none was meant to be JSON, or an array.
fn default(node: &Node<'_>, problems: &mut Problems) -> Option<Name> {
    if node.is_table() || node.is_list() {
        let help = "an empty object is `\"'{}'\"`, as is an empty array; an empty list of JSON is `\"'[]'\"`";
        return node.wrong_with("an SQL expression", help, problems);
    }
    node.scalar(problems)
}

fn generated(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<GeneratedSyntax> {
    let mut fields = fields.open(&ColumnForm::GENERATED, "`generated`", problems)?;
    let stored = fields.get(&GeneratedForm::STORED, problems);
    let computed = fields.get(&GeneratedForm::VIRTUAL, problems);
    let generated = match (stored, computed) {
        (Some(_), Some(second)) => {
            let message = "a column is generated either `stored` or `virtual`";
            problems.push(Diagnostic::error(second.span, message));
            None
        }
        (Some(expression), None) => Some(GeneratedSyntax::Stored(expression)),
        (None, Some(expression)) => Some(GeneratedSyntax::Virtual(expression)),
        (None, None) => {
            fields.missing(&GeneratedForm::STORED, problems);
            None
        }
    };
    fields.finish(problems);
    generated
}

fn identity((key, node): (Name, Node<'_>), problems: &mut Problems) -> Option<IdentitySyntax> {
    if node.as_bool() == Some(true) {
        let help =
            "write `identity = \"by default\"`, or `\"always\"` to refuse values of an INSERT";
        return node.wrong_with("\"always\" or \"by default\"", help, problems);
    }
    let mut fields = node.open::<IdentityForm>("`identity`", problems)?;
    let always = fields.required(&IdentityForm::GENERATED, problems);
    let name = fields.get(&IdentityForm::NAME, problems);
    let counting = object::counting(&mut fields, &IdentityForm::TYPE, problems);
    fields.finish(problems);
    // A table says more than the word that is wrong.
    let always = if node.is_table() { always.unwrap_or(false) } else { always? };
    Some(IdentitySyntax { span: key.span, always, name, counting })
}

/// The name of the constraint, or a table that says more.
pub(super) fn not_null_constraint(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<NotNullSyntax> {
    let (key, node) = fields.take_entry(&NOT_NULL_CONSTRAINT)?;
    node.read::<NotNullForm, _>("`not_null_constraint`", problems, |fields, problems| {
        Some(NotNullSyntax {
            span: key.span,
            name: fields.get(&CONSTRAINT_NAME, problems),
            no_inherit: fields.flag(&NO_INHERIT, problems),
            not_valid: fields.flag(&NOT_VALID, problems),
            comment: fields.get(&COMMENT, problems),
        })
    })
}

fn unique((key, node): (Name, Node<'_>), problems: &mut Problems) -> Option<UniqueMark> {
    match node.as_bool() {
        Some(true) => Some(UniqueMark { span: key.span, name: None }),
        Some(false) => None,
        None if node.is_string() => {
            Some(UniqueMark { span: key.span, name: Some(node.string(problems)?) })
        }
        None => node.wrong("`true`, `false` or the name of the constraint", problems),
    }
}

/// `references` of a column; what belongs to it makes no sense without it.
fn column_reference(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<ReferenceSyntax> {
    if !fields.has(&REFERENCES) {
        let parts = [ON_DELETE.name(), ON_UPDATE.name(), MATCH.name(), DEFERRABLE.name()];
        for name in fields.places(&parts) {
            let message = format!("`{}` needs a foreign key", name.value);
            let help = "add what the column references: `references = \"table.column\"`";
            problems.push(Diagnostic::error(name.span, message).help(help));
        }
    }
    reference(fields, problems)
}

/// `references` and what belongs to it.
pub(super) fn reference(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<ReferenceSyntax> {
    let references = fields.get(&REFERENCES, problems);
    let on_delete = fields.get(&ON_DELETE, problems);
    let on_update = fields.get(&ON_UPDATE, problems);
    let match_full = fields.get(&MATCH, problems);
    let timing = fields.switch(&DEFERRABLE, problems);
    Some(ReferenceSyntax {
        references: references?,
        on_delete: on_delete.unwrap_or(Action::NoAction),
        on_update: on_update.unwrap_or(Action::NoAction),
        match_full: match_full.unwrap_or(false),
        timing,
    })
}

fn change(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<TypeChangeSyntax> {
    let using = fields.get(&ColumnForm::USING, problems);
    let on_change = fields.take_entry(&ColumnForm::ON_CHANGE);
    let Some((key, node)) = on_change else { return using.map(TypeChangeSyntax::Using) };
    let chosen = node.word::<OnChanges>(problems)?;
    if let Some(using) = using {
        let message = "`using` and `on_change` exclude each other";
        problems.push(Diagnostic::error(key.span, message).also(using.span, "`using` is here"));
    }
    Some(TypeChangeSyntax::OnChange(chosen))
}
