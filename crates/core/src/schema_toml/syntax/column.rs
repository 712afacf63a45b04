//! Columns as written.

use super::grants::{self, GrantSyntax};
use super::node::{Fields, Node};
use super::object::{self, CountingSyntax};
use super::table::timing;
use super::{At, Name, OptionsSyntax, Problems, borrowed, codegen, hierarchy};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::code_hints::ColumnHints;
use crate::model::column::{Compression, Storage};
use crate::model::constraint::{Action, Timing};

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
    pub(crate) generated: Option<Generated>,
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
    pub(crate) change: Option<Change>,
    pub(crate) code: ColumnHints,
}

/// A type as written, without the question mark.
#[derive(Debug)]
pub(crate) struct TypeSyntax {
    /// The SQL text.
    pub(crate) text: Name,
    /// Where it says that NULL is allowed, if it does.
    pub(crate) nullable: Option<Span>,
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
pub(crate) enum Generated {
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
pub(crate) enum Change {
    Using(Name),
    OnChange(OnChange),
}

/// What `on_change` can say.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OnChange {
    Discard,
    Expand,
    Swap,
}

const ON_CHANGE: [(&str, OnChange); 3] =
    [("discard", OnChange::Discard), ("expand", OnChange::Expand), ("swap", OnChange::Swap)];

const ACTIONS: [(&str, Action); 5] = [
    ("no action", Action::NoAction),
    ("restrict", Action::Restrict),
    ("cascade", Action::Cascade),
    ("set null", Action::SetNull),
    ("set default", Action::SetDefault),
];

const STORAGES: [(&str, Storage); 4] = [
    ("plain", Storage::Plain),
    ("external", Storage::External),
    ("main", Storage::Main),
    ("extended", Storage::Extended),
];

/// A type alone, or a table with `type`, which may be left out where the table has parents.
pub(super) fn column(
    table: &str,
    name: Name,
    node: Node<'_>,
    has_parents: bool,
    problems: &mut Problems,
) -> Option<ColumnSyntax> {
    if node.is_string() {
        let data_type = node.string(problems).map(split_question_mark);
        return Some(plain(name, data_type));
    }
    if !node.is_table() {
        node.wrong::<()>("a type, or a table with `type`", problems);
        return Some(plain(name, None));
    }
    let mut fields = node.fields(format!("column `{}`", name.value), problems)?;
    let from_parent = has_parents && !fields.has("type");
    let inherited = from_parent.then(|| fields.take("null").and_then(|it| it.boolean(problems)));
    let data_type = if from_parent { None } else { data_type(&mut fields, problems) };
    let column = ColumnSyntax {
        grants: grants::grants(&mut fields, problems),
        inherited,
        not_null: not_null_constraint(&mut fields, problems),
        default: fields.take("default").and_then(|it| default(&it, problems)),
        generated: fields.take("generated").and_then(|it| generated(&it, problems)),
        identity: fields.take_entry("identity").and_then(|it| identity(it, problems)),
        collation: fields.string("collation", problems),
        storage: fields.take("storage").and_then(|it| storage(&it, problems)),
        compression: fields.choice(
            "compression",
            &[("pglz", Compression::Pglz), ("lz4", Compression::Lz4)],
            problems,
        ),
        statistics: fields.integer("statistics", problems),
        options: fields.options("options", problems),
        foreign_options: hierarchy::texts(&mut fields, "foreign_options", problems),
        comment: fields.comment(problems),
        unique: fields.take_entry("unique").and_then(|it| unique(it, problems)),
        primary_key: primary_key(&mut fields, problems),
        reference: column_reference(&mut fields, problems),
        renamed_from: fields.string("renamed_from", problems),
        change: change(&mut fields, problems),
        code: codegen::column(&mut fields, problems),
        ..plain(name, data_type)
    };
    let host = borrowed::Column {
        table,
        name: column.name.as_str(),
        data_type: column.data_type.as_ref(),
    };
    fields.finish_or(problems, |key, value| borrowed::in_column(&host, key, value));
    Some(column)
}

fn plain(name: Name, data_type: Option<TypeSyntax>) -> ColumnSyntax {
    ColumnSyntax {
        grants: Vec::new(),
        name,
        data_type,
        inherited: None,
        not_null: None,
        default: None,
        generated: None,
        identity: None,
        collation: None,
        storage: None,
        compression: None,
        statistics: None,
        options: Vec::new(),
        foreign_options: Vec::new(),
        comment: None,
        reference: None,
        unique: None,
        primary_key: None,
        renamed_from: None,
        change: None,
        code: ColumnHints::default(),
    }
}

fn data_type(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<TypeSyntax> {
    let text = fields.required("type", problems);
    let null = fields.take_entry("null");
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

/// `text?` is a nullable `text`.
fn split_question_mark(text: Name) -> TypeSyntax {
    match text.value.trim_end().strip_suffix('?') {
        Some(bare) => TypeSyntax {
            nullable: Some(text.span),
            text: At::new(bare.trim_end().to_owned(), text.span),
        },
        None => TypeSyntax { text, nullable: None },
    }
}

/// An SQL expression. A value of TOML that is none was meant to be JSON, or an array.
fn default(node: &Node<'_>, problems: &mut Problems) -> Option<Name> {
    if node.is_table() || node.is_list() {
        let help = "an empty object is `\"'{}'\"`, as is an empty array; an empty list of JSON is `\"'[]'\"`";
        return node.wrong_with("an SQL expression", help, problems);
    }
    node.scalar(problems)
}

fn generated(node: &Node<'_>, problems: &mut Problems) -> Option<Generated> {
    if node.is_string() {
        return node.string(problems).map(Generated::Stored);
    }
    if !node.is_table() {
        return node.wrong("an SQL expression, or a table with `stored` or `virtual`", problems);
    }
    let mut fields = node.fields("`generated`", problems)?;
    let stored = fields.string("stored", problems);
    let computed = fields.string("virtual", problems);
    let generated = match (stored, computed) {
        (Some(_), Some(second)) => {
            let message = "a column is generated either `stored` or `virtual`";
            problems.push(Diagnostic::error(second.span, message));
            None
        }
        (Some(expression), None) => Some(Generated::Stored(expression)),
        (None, Some(expression)) => Some(Generated::Virtual(expression)),
        (None, None) => {
            fields.missing("stored", problems);
            None
        }
    };
    fields.finish(problems);
    generated
}

fn identity((key, node): (Name, Node<'_>), problems: &mut Problems) -> Option<IdentitySyntax> {
    const WORDS: [(&str, bool); 2] = [("always", true), ("by default", false)];
    let mut identity = IdentitySyntax {
        span: key.span,
        always: false,
        name: None,
        counting: CountingSyntax::default(),
    };
    if node.is_string() {
        identity.always = node.choice(&WORDS, problems)?;
        return Some(identity);
    }
    if node.as_bool() == Some(true) {
        let help =
            "write `identity = \"by default\"`, or `\"always\"` to refuse values of an INSERT";
        return node.wrong_with("\"always\" or \"by default\"", help, problems);
    }
    if !node.is_table() {
        return node.wrong("\"always\", \"by default\" or a table with `generated`", problems);
    }
    let mut fields = node.fields("`identity`", problems)?;
    match fields.take("generated") {
        Some(node) => identity.always = node.choice(&WORDS, problems).unwrap_or(false),
        None => fields.missing("generated", problems),
    }
    identity.name = fields.string("name", problems);
    identity.counting = object::counting(&mut fields, problems);
    fields.finish(problems);
    Some(identity)
}

/// The name of the constraint, or a table that says more.
pub(super) fn not_null_constraint(
    fields: &mut Fields<'_>,
    problems: &mut Problems,
) -> Option<NotNullSyntax> {
    let (key, node) = fields.take_entry("not_null_constraint")?;
    let mut syntax = NotNullSyntax {
        span: key.span,
        name: None,
        no_inherit: false,
        not_valid: false,
        comment: None,
    };
    if node.is_string() {
        syntax.name = node.string(problems);
        return Some(syntax);
    }
    if !node.is_table() {
        return node.wrong("the name of the constraint, or a table that says more", problems);
    }
    let mut fields = node.fields("`not_null_constraint`", problems)?;
    syntax.name = fields.string("name", problems);
    syntax.no_inherit = fields.flag("no_inherit", problems);
    syntax.not_valid = fields.flag("not_valid", problems);
    syntax.comment = fields.comment(problems);
    fields.finish(problems);
    Some(syntax)
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

fn storage(node: &Node<'_>, problems: &mut Problems) -> Option<At<Storage>> {
    Some(At::new(node.choice(&STORAGES, problems)?, node.span()))
}

fn primary_key(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Span> {
    let (key, node) = fields.take_entry("primary_key")?;
    node.boolean(problems)?.then_some(key.span)
}

/// `references` of a column; what belongs to it makes no sense without it.
fn column_reference(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<ReferenceSyntax> {
    if !fields.has("references") {
        for name in fields.places(&["on_delete", "on_update", "match", "deferrable"]) {
            let message = format!("`{}` has no foreign key to belong to", name.value);
            let help = "say what the column references: `references = \"table.column\"`";
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
    let references = fields.string("references", problems);
    let on_delete = fields.choice("on_delete", &ACTIONS, problems);
    let on_update = fields.choice("on_update", &ACTIONS, problems);
    let match_full = fields.choice("match", &[("full", true), ("simple", false)], problems);
    let timing = timing(fields, problems);
    Some(ReferenceSyntax {
        references: references?,
        on_delete: on_delete.unwrap_or(Action::NoAction),
        on_update: on_update.unwrap_or(Action::NoAction),
        match_full: match_full.unwrap_or(false),
        timing,
    })
}

fn change(fields: &mut Fields<'_>, problems: &mut Problems) -> Option<Change> {
    let using = fields.string("using", problems);
    let on_change = fields.take_entry("on_change");
    let Some((key, node)) = on_change else { return using.map(Change::Using) };
    let chosen = node.choice(&ON_CHANGE, problems)?;
    if let Some(using) = using {
        let message = "`using` and `on_change` exclude each other";
        problems.push(Diagnostic::error(key.span, message).also(using.span, "`using` is here"));
    }
    Some(Change::OnChange(chosen))
}
