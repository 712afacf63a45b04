//! What is declared by the SQL that makes it.

use super::*;
use crate::model::definition::{DefinedKind, Naming};

/// What may stand instead of a table with SQL.
const SQL: &str = "SQL, or a table with `definition` or `file`";

/// The keys of which one has the SQL, unless it is provided.
const SOURCES: &[&[&str]] = &[&[DEFINITION.any.name], &[FILE.any.name], &[PROVIDED.any.name]];

/// The same of views.
const VIEW_SOURCES: &[&[&str]] =
    &[&[QUERY.any.name], &[DEFINITION.any.name], &[FILE.any.name], &[PROVIDED.any.name]];

/// The form of the entries of a kind.
pub(crate) fn form_of(kind: DefinedKind) -> &'static Form {
    match (kind, kind.form().naming) {
        (DefinedKind::View, _) => ViewForm::FORM,
        (DefinedKind::MaterializedView, _) => MaterializedViewForm::FORM,
        (DefinedKind::Trigger | DefinedKind::Rule | DefinedKind::EventTrigger, _) => {
            TriggerForm::FORM
        }
        (DefinedKind::Policy, _) => PolicyForm::FORM,
        (DefinedKind::UserMapping, _) => UserMappingForm::FORM,
        (_, Naming::Text | Naming::For) => NamelessForm::FORM,
        _ if kind.is_grantable() => GrantableForm::FORM,
        (_, Naming::Name | Naming::OnRelation) => DefinitionForm::FORM,
    }
}

form! {
    /// An entry of `[views]`.
    ViewForm = "view", "A view: its query, or its CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(VIEW_SOURCES);
    OPTIONS: Options = "with", "Options of the view, in addition to `query`.";
    COLUMNS: Map<Table<ViewColumnForm>> = "columns",
        "Settings of columns; a string is a comment.";
    CODEGEN: Table<ViewCodeForm> = "codegen", "Further settings of generated code.";
    + QUERY, DEFINITION, FILE, MODEL, RULES, TRIGGERS, GRANTS, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of `[materialized_views]`.
    MaterializedViewForm = "materialized_view",
        "A materialized view: its query, or its CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(VIEW_SOURCES);
    + ViewForm::COLUMNS, ViewForm::CODEGEN, QUERY, DEFINITION, FILE, WITH, MODEL, INDEXES, GRANTS,
        COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of a kind that has neither privileges nor anything else of its own.
    DefinitionForm = "definition",
        "SQL: the CREATE statement, and the statements that complete it."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of a kind that has privileges.
    GrantableForm = "grantable_definition",
        "SQL: the CREATE statement, and the statements that complete it."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, GRANTS, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// A trigger, a rule or an event trigger.
    TriggerForm = "trigger", "SQL: the CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, ENABLED, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of `policies`.
    PolicyForm = "policy", "SQL: the CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of a kind that has no name, so that none can be an older one.
    NamelessForm = "nameless_definition", "SQL: the CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, COMMENT, PROVIDED;
}

form! {
    /// An entry of `[user_mappings]`, which can have no comment.
    UserMappingForm = "user_mapping", "SQL: the CREATE statement."
        .short(DEFINITION.any, SQL)
        .required(SOURCES);
    + DEFINITION, FILE, PROVIDED;
}
