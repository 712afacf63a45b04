//! Columns.

use super::generated_names::{Recipe, generated_name};
use super::inheritance::texts;
use super::object::is_integer;
use super::table::{Draft, serial_type};
use super::{Lowering, vector_index};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::code_hints::ColumnHints;
use crate::model::column::{Column, ColumnValue, Identity, Storage};
use crate::model::declared::TypeChange;
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::not_null::NotNull;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::parameters::ParameterTarget;
use crate::model::pg_type::PgType;
use crate::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use crate::schema_toml::form::OnChange;
use crate::schema_toml::syntax::{
    At, ColumnSyntax, GeneratedSyntax, IdentitySyntax, Name, NotNullSyntax, TypeChangeSyntax,
};
use crate::schema_toml::write::toml_text::Value;
use crate::schema_toml::{builtin_types, names, serial};
use crate::sql_text::{Part, contained};

/// Largest statistics target that is kept; PostgreSQL lowers what is above (SET STATISTICS).
const MAX_STATISTICS: i64 = 10_000;

impl Lowering<'_> {
    /// The columns of a table.
    pub(super) fn columns(&mut self, draft: &Draft<'_>) {
        for (idx, syntax) in draft.syntax.columns.iter().enumerate() {
            if syntax.inherited.is_some() {
                self.inherited_column(draft, syntax);
                continue;
            }
            let name = Ident::new(syntax.name.as_str());
            let known = self.scope.column(&draft.name, &name);
            let Some(data_type) = known.and_then(|it| it.data_type.clone()) else { continue };
            let position = u32::try_from(idx + 1).unwrap_or(u32::MAX);
            let column = Column::new(draft.name.clone(), name, position, data_type);
            self.column(draft, syntax, column);
        }
    }

    fn column(&mut self, draft: &Draft<'_>, syntax: &ColumnSyntax, mut column: Column) {
        self.one_value(syntax);
        column.not_null = self.not_null(draft, syntax);
        self.not_null_constraint(syntax, &mut column);
        column.collation = self.collation_of(syntax, &column.data_type);
        self.column_attributes(syntax, &mut column);
        column.value = self.value(draft, syntax, &column);
        let id = draft.child(ObjectKind::Column, &column.name);
        self.rename_ident(id.clone(), syntax.renamed_from.as_ref());
        if let Some(change) = &syntax.change {
            let change = match change {
                TypeChangeSyntax::Using(text) => TypeChange::Using(self.expression(text)),
                TypeChangeSyntax::OnChange(OnChange::Discard) => TypeChange::Discard,
                TypeChangeSyntax::OnChange(OnChange::Expand) => TypeChange::Expand,
                TypeChangeSyntax::OnChange(OnChange::Swap) => TypeChange::Swap,
            };
            self.hints.type_changes.insert(id, change);
        }
        let id = draft.child(ObjectKind::Column, &column.name);
        self.grants(&id, &syntax.grants);
        self.code_of_column(id, &syntax.code);
        self.insert(column, syntax.name.span);
    }

    /// What is said of generated code.
    pub(super) fn code_of_column(&mut self, id: ObjectId, hints: &ColumnHints) {
        if *hints != ColumnHints::default() {
            self.code.columns.insert(id, hints.clone());
        }
    }

    /// What is said of a column beside its type and its value.
    pub(super) fn column_attributes(&mut self, syntax: &ColumnSyntax, column: &mut Column) {
        if syntax.storage.is_some() {
            column.storage = self.storage_of(syntax, &column.data_type);
        }
        column.compression = syntax.compression.or(column.compression);
        column.statistics = syntax.statistics.as_ref().and_then(|it| self.statistics(it));
        column.options = self.options(&syntax.options, ParameterTarget::Column);
        column.foreign_options = texts(&syntax.foreign_options);
        column.comment.clone_from(&syntax.comment);
    }

    /// A value comes from one place only.
    fn one_value(&mut self, syntax: &ColumnSyntax) {
        let generated = syntax.generated.as_ref().map(|it| match it {
            GeneratedSyntax::Stored(text) | GeneratedSyntax::Virtual(text) => text.span,
        });
        let serial = syntax.data_type.as_ref().filter(|it| serial_type(it).is_some());
        let sources = [
            (syntax.default.as_ref().map(|it| it.span), "a default"),
            (generated, "a generation expression"),
            (syntax.identity.as_ref().map(|it| it.span), "an identity"),
            (serial.map(|it| it.text.span), "the default of a serial type"),
        ];
        let here: Vec<(Span, &str)> =
            sources.into_iter().filter_map(|(span, what)| Some((span?, what))).collect();
        if let [(first, one), (second, other), ..] = here.as_slice() {
            let message = format!("column `{}` has both {one} and {other}", syntax.name.value);
            let problem =
                Diagnostic::error(*second, message).also(*first, format!("{one} is here"));
            self.problem(problem.help("keep one of them"));
        }
    }

    /// Primary keys, identity and serial columns are NOT NULL by nature.
    fn not_null(&mut self, draft: &Draft<'_>, syntax: &ColumnSyntax) -> bool {
        let Some(written) = &syntax.data_type else { return true };
        let Some(mark) = written.nullable else { return true };
        let (reason, place) = if let Some(key) = draft.in_primary_key(syntax.name.as_str()) {
            ("is in the primary key", Some((key, "the primary key")))
        } else if let Some(identity) = &syntax.identity {
            ("is an identity column", Some((identity.span, "the identity")))
        } else if serial_type(written).is_some() {
            ("has a serial type", None)
        } else {
            return false;
        };
        let message = format!("column `{}` {reason} and cannot be nullable", syntax.name.value);
        let problem = Diagnostic::error(mark, message);
        let problem = match place {
            Some((span, text)) => problem.also(span, text),
            None => problem,
        };
        self.problem(problem.help(format!("write the type as `{}`", written.text.value)));
        true
    }

    /// What the constraint says beside NOT NULL.
    pub(super) fn not_null_constraint(&mut self, syntax: &ColumnSyntax, column: &mut Column) {
        let Some(written) = &syntax.not_null else { return };
        if !column.not_null {
            let message = format!("column `{}` may be NULL", syntax.name.value);
            let help = "a NOT NULL constraint needs a type without `?`";
            self.error(written.span, message, help);
        }
        column.not_null_constraint = self.not_null_of(written);
    }

    pub(super) fn not_null_of(&mut self, written: &NotNullSyntax) -> NotNull {
        NotNull {
            name: written.name.as_ref().and_then(|it| self.ident(it)),
            no_inherit: written.no_inherit,
            validated: !written.not_valid,
            comment: written.comment.clone(),
        }
    }

    fn collation_of(&mut self, syntax: &ColumnSyntax, data_type: &PgType) -> Option<String> {
        let written = syntax.collation.as_ref()?;
        let own = data_type.namespace.is_none() && builtin_types::is_builtin(&data_type.name);
        let enumerated = self.scope.is_enum(data_type);
        if enumerated || (own && !builtin_types::is_collatable(&data_type.name)) {
            let message = format!("collations are not supported by type `{data_type}`");
            self.problem(Diagnostic::error(written.span, message));
        }
        self.collation(written)
    }

    /// A collation as SQL; none for the one that the database has anyway.
    ///
    /// Names of collations have dots (`en_US.utf8`), so a dot divides only where a namespace of that
    /// name is known.
    pub(super) fn collation(&mut self, written: &Name) -> Option<String> {
        let text = written.as_str();
        let divided = text.contains('"')
            || text.split_once('.').is_some_and(|(namespace, _)| {
                let namespace = Ident::new(namespace);
                namespace.as_str() == "pg_catalog" || self.scope.namespaces.contains(&namespace)
            });
        let name = if divided {
            self.qualified(written)?
        } else {
            QualifiedName::new("pg_catalog", self.ident(written)?)
        };
        if name.name.as_str() == "default" {
            return None;
        }
        let bare = matches!(name.namespace.as_str(), "pg_catalog" | "public");
        Some(if bare { name.name.to_string() } else { name.to_string() })
    }

    /// The storage, where it is not the type's own.
    fn storage_of(&mut self, syntax: &ColumnSyntax, data_type: &PgType) -> Option<Storage> {
        let At { value: written, span } = syntax.storage.clone()?;
        let own = builtin_types::own_storage(data_type);
        if own == Some(Storage::Plain) && written != Storage::Plain {
            let message = format!("type `{data_type}` can only have the storage `plain`");
            self.problem(Diagnostic::error(span, message));
        }
        (own != Some(written)).then_some(written)
    }

    /// The statistics target; -1 is the default.
    fn statistics(&mut self, written: &At<i64>) -> Option<i16> {
        if !(-1..=MAX_STATISTICS).contains(&written.value) {
            let message = format!("`statistics` is between 0 and {MAX_STATISTICS}");
            self.problem(Diagnostic::error(written.span, message));
        }
        i16::try_from(written.value).ok().filter(|it| *it >= 0)
    }

    pub(super) fn value(
        &mut self,
        draft: &Draft<'_>,
        syntax: &ColumnSyntax,
        column: &Column,
    ) -> ColumnValue {
        if let Some(written) = &syntax.data_type
            && serial_type(written).is_some()
        {
            return self.serial(draft, syntax, column);
        }
        if let Some(identity) = &syntax.identity {
            return self.identity(draft, identity, column);
        }
        match &syntax.generated {
            Some(GeneratedSyntax::Stored(text)) => {
                return ColumnValue::Stored(self.expression(text));
            }
            Some(GeneratedSyntax::Virtual(text)) => {
                return ColumnValue::Virtual(self.expression(text));
            }
            None => {}
        }
        let Some(default) = &syntax.default else { return ColumnValue::None };
        let problem =
            no_expression(default).or_else(|| vector_index::default_problem(column, default));
        self.problems.extend(problem);
        ColumnValue::Default(self.expression(default))
    }

    /// An SQL expression, kept as it is written.
    pub(super) fn expression(&mut self, text: &Name) -> SqlExpr {
        if text.value.trim().is_empty() {
            let help = "an empty string is `\"''\"`";
            self.error(text.span, "the SQL expression is empty", help);
        }
        SqlExpr::new(self.contained(text, Part::Expression))
    }

    /// A text that cannot be more than its part of a statement.
    pub(super) fn contained(&mut self, text: &At<String>, part: Part) -> String {
        match contained(text.value.trim(), part) {
            Ok(contained) => contained,
            Err(error) => {
                let (what, help) = match part {
                    Part::Expression => ("expression", "write a single expression or clause here"),
                    Part::Query => ("query", "write a single query here, the text after AS"),
                };
                self.error(text.span, format!("the SQL is not a single {what}: {error}"), help);
                text.value.trim().to_owned()
            }
        }
    }

    /// `serial`: an integer with a sequence of its own (manual section 8.1.4).
    fn serial(&mut self, draft: &Draft<'_>, syntax: &ColumnSyntax, column: &Column) -> ColumnValue {
        let columns = [column.name.clone()];
        let recipe = Recipe { table: &draft.name.name, columns: &columns, label: "seq" };
        let name = draft.name.sibling(self.free_relation(&draft.name, recipe));
        self.take_relation(&name, "sequence", syntax.name.span);
        let default = serial::next_value(&name);
        let sequence = Sequence {
            name,
            options: SequenceOptions::of_type(column.data_type.clone()),
            owned_by: Some(ColumnRef { table: draft.name.clone(), column: column.name.clone() }),
            persistence: draft.persistence(),
            comment: None,
        };
        self.insert(sequence, syntax.name.span);
        ColumnValue::Default(default)
    }

    fn identity(
        &mut self,
        draft: &Draft<'_>,
        syntax: &IdentitySyntax,
        column: &Column,
    ) -> ColumnValue {
        if !is_integer(&column.data_type) {
            let message = format!("an identity column cannot be of type `{}`", column.data_type);
            self.error(syntax.span, message, "one of: `smallint`, `integer`, `bigint`");
        }
        let options = self.counting(&syntax.counting, column.data_type.clone(), syntax.span);
        let sequence_name = self.identity_name(draft, syntax, column);
        ColumnValue::Identity(Identity { always: syntax.always, sequence_name, options })
    }

    /// The name of the sequence, where it is not the one that PostgreSQL makes up first.
    fn identity_name(
        &mut self,
        draft: &Draft<'_>,
        syntax: &IdentitySyntax,
        column: &Column,
    ) -> Option<Ident> {
        let columns = [column.name.clone()];
        let recipe = Recipe { table: &draft.name.name, columns: &columns, label: "seq" };
        let name = match &syntax.name {
            Some(written) => names::ident(&written.value).ok()?,
            None => {
                let name = self.free_relation(&draft.name, recipe);
                self.take_relation(&draft.name.sibling(name.clone()), "sequence", syntax.span);
                name
            }
        };
        (name != generated_name(recipe)).then_some(name)
    }
}

/// Words that are expressions by themselves (manual sections 9.9.5 and 9.27).
const WORDS: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "false",
    "localtime",
    "localtimestamp",
    "null",
    "session_user",
    "system_user",
    "true",
    "user",
];

/// Functions that are taken for words, and what they are called here (manual sections 9.9.5 and 9.14).
const FUNCTIONS: &[(&str, &str)] = &[
    ("clock_timestamp", "clock_timestamp()"),
    ("gen_random_uuid", "gen_random_uuid()"),
    ("now", "now()"),
    ("random", "random()"),
    ("statement_timestamp", "statement_timestamp()"),
    ("utcnow", "now()"),
    ("uuid", "gen_random_uuid()"),
    ("uuid4", "gen_random_uuid()"),
    ("uuid_generate_v4", "gen_random_uuid()"),
    ("uuidv7", "uuidv7()"),
];

/// A default that is not SQL: just a word, which in SQL is the name of a column, and a default
/// cannot use one; or JSON. It was meant to be a string or a function.
fn no_expression(default: &Name) -> Option<Diagnostic> {
    let text = default.value.trim();
    let word = text.starts_with(|it: char| it.is_alphabetic())
        && text.chars().all(|it| it.is_alphanumeric() || it == '_');
    let json = text.starts_with(['{', '[']);
    if !(word || json) || WORDS.contains(&text.to_lowercase().as_str()) {
        return None;
    }
    let function = FUNCTIONS.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    let help = match function {
        Some((_, call)) => format!("to call the function: `\"{call}\"`"),
        None => format!("write a string in single quotes: `{}`", Value::text(format!("'{text}'"))),
    };
    let message = match json {
        true => format!("the default `{text}` is not an SQL expression"),
        false => format!("the default `{text}` is the name of a column in SQL"),
    };
    Some(Diagnostic::error(default.span, message).help(help))
}
