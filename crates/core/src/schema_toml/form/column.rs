//! Columns.

use super::*;

form! {
    /// An entry of `columns` of a table.
    ColumnForm = "column", "A column: its type, which ends in `?` where NULL is allowed."
        .short(Self::TYPE.any, "a type, or a table with `type`");
    TYPE: Text = "type", "The type; it ends in `?` where NULL is allowed.";
    NULL: Flag = "null", "Whether NULL is allowed.";
    DEFAULT: Scalar = "default", "The default, an SQL expression.";
    GENERATED: Table<GeneratedForm> = "generated", "The expression of the generated column.";
    IDENTITY: Table<IdentityForm> = "identity", "GENERATED … AS IDENTITY.";
    STORAGE: Words<Storages> = "storage", "STORAGE: how long values are stored.";
    COMPRESSION: Words<Compressions> = "compression", "COMPRESSION: the compression method of long values.";
    STATISTICS: Integer = "statistics", "The statistics target.";
    OPTIONS: Options = "options", "`n_distinct` and `n_distinct_inherited`.";
    FOREIGN_OPTIONS: Values = "foreign_options", "Options of the foreign-data wrapper.";
    PRIMARY_KEY: Flag = "primary_key", "Whether it is the primary key.";
    UNIQUE: Either<Flag, Text> = "unique",
        "Whether it is unique, or the name of the constraint.";
    USING: Text = "using", "USING: the SQL expression that converts old values to the new type.";
    ON_CHANGE: Words<OnChanges> = "on_change",
        "What happens to values that cannot be converted to the new type.";
    CODEGEN: Table<ColumnCodeForm> = "codegen", "Further settings of generated code.";
    + NOT_NULL_CONSTRAINT, COLLATION, REFERENCES, ON_DELETE, ON_UPDATE, MATCH, DEFERRABLE, GRANTS,
        COMMENT, RENAMED_FROM, ATTRIBUTE;
}

form! {
    /// `not_null_constraint`.
    NotNullForm = "not_null_constraint",
        "Properties of the NOT NULL constraint (PostgreSQL 18; domains 17)."
        .short(CONSTRAINT_NAME.any, "the name of the constraint, or a table with its properties");
    + CONSTRAINT_NAME, NO_INHERIT, NOT_VALID, COMMENT;
}

form! {
    /// `generated` of a column.
    GeneratedForm = "generated", "The expression of a generated column."
        .short_at_keys(
            Self::STORED.any,
            "an SQL expression, or a table with `stored` or `virtual`"
        )
        .required(&[&[Self::STORED.any.name], &[Self::VIRTUAL.any.name]]);
    STORED: Text = "stored", "STORED: computed when a row is written.";
    VIRTUAL: Text = "virtual", "VIRTUAL: computed when a row is read (PostgreSQL 18).";
}

form! {
    /// `identity` of a column.
    IdentityForm = "identity", "GENERATED … AS IDENTITY."
        .short_at_keys(
            Self::GENERATED.any,
            "\"always\", \"by default\" or a table with `generated`"
        )
        .required(&[&[Self::GENERATED.any.name]]);
    GENERATED: Words<IdentityModes> = "generated", "Whether INSERT may give a value (`by default`) or not (`always`).";
    NAME: Text = "name", "The name of the sequence.";
    TYPE: Text = "type", "The type of the sequence; by default that of the column.";
    + START, INCREMENT, MIN, MAX, CACHE, CYCLE;
}
