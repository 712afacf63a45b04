//! Constraints of tables.

use super::*;

form! {
    /// `primary_key` of a table.
    PrimaryKeyForm = "primary_key", "The primary key: its columns."
        .short(COLUMNS.any, "a list of columns, or a table with `columns`")
        .required(&[&[COLUMNS.any.name]]);
    + COLUMNS, CONSTRAINT_NAME, INCLUDE, WITHOUT_OVERLAPS, DEFERRABLE, WITH, CLUSTERED, COMMENT,
        INDEX_COMMENT, RENAMED_FROM;
}

form! {
    /// An entry of `uniques`.
    UniqueForm = "unique", "A unique constraint: its columns."
        .short(COLUMNS.any, "a list of columns, or a table with `columns`")
        .required(&[&[COLUMNS.any.name]]);
    + COLUMNS, NULLS_NOT_DISTINCT, INCLUDE, WITHOUT_OVERLAPS, DEFERRABLE, WITH, CLUSTERED, COMMENT,
        INDEX_COMMENT, RENAMED_FROM;
}

form! {
    /// An entry of `foreign_keys`.
    ForeignKeyForm = "foreign_key", "A foreign key."
        .required(&[&[COLUMNS.any.name, REFERENCES.any.name]]);
    REFERENCED_COLUMNS: Names = "referenced_columns",
        "The referenced columns; by default the primary key.";
    ON_DELETE_COLUMNS: Names = "on_delete_columns",
        "The columns that `set null` and `set default` set (PostgreSQL 15).";
    PERIOD: Flag = "period", "The last column is a PERIOD (PostgreSQL 18).";
    + COLUMNS, REFERENCES, ON_DELETE, ON_UPDATE, MATCH, DEFERRABLE, NOT_VALID, NOT_ENFORCED,
        COMMENT, RENAMED_FROM;
}

form! {
    /// An entry of `checks`.
    CheckForm = "check", "A check constraint: its condition."
        .short(Self::EXPRESSION.any, "an SQL condition, or a table with `expression`")
        .required(&[&[Self::EXPRESSION.any.name]]);
    EXPRESSION: Text = "expression", "The condition, an SQL expression.";
    + NO_INHERIT, NOT_VALID, NOT_ENFORCED, COMMENT, RENAMED_FROM;
}

form! {
    /// An entry of `exclusions`.
    ExclusionForm = "exclusion", "An exclusion constraint: its definition in SQL."
        .short(Self::DEFINITION.any, "a definition, or a table with `definition`")
        .required(&[&[Self::DEFINITION.any.name]]);
    DEFINITION: Text = "definition", "The definition in SQL, starting with EXCLUDE.";
    + DEFERRABLE, COMMENT, INDEX_COMMENT, RENAMED_FROM;
}
