//! The whole file, and what stands in no table: extensions, schemas, roles, enums, sequences, default
//! privileges.

use super::*;

form! {
    /// The whole file.
    RootForm = "", "Declaration of a PostgreSQL database for aludel." .with_definitions();
    INCLUDE: Names = "include", "Other files of the declaration, as globs relative to this one.";
    EXTENSIONS: Map<Table<ExtensionForm>> = "extensions", "The extensions.";
    SCHEMAS: Map<Table<NamespaceForm>> = "schemas", "The schemas (namespaces).";
    ROLES: Map<Table<RoleForm>> = "roles", "The provided roles.";
    ENUMS: Map<Table<EnumForm>> = "enums", "The enumerated types.";
    DOMAINS: Map<Table<DomainForm>> = "domains", "The domains.";
    COMPOSITES: Map<Table<CompositeForm>> = "composite_types", "The composite types.";
    SEQUENCES: Map<Table<SequenceForm>> = "sequences", "The sequences.";
    TABLES: Map<Table<TableForm>> = "tables", "The tables.";
    DEFAULT_PRIVILEGES: List<Table<DefaultPrivilegesForm>> =
        "default_privileges", "Default privileges: privileges on objects created later.";
}

form! {
    /// An entry of `[extensions]`.
    ExtensionForm = "extension", "An extension: its version, or `*` for any."
        .short(Self::VERSION.any, "\"*\", a version, or a table with `version` and `schema`");
    VERSION: Text = "version", "The version, or `*` for any.";
    SCHEMA: Text = "schema", "The schema of its objects.";
    + PROVIDED;
}

form! {
    /// An entry of `[schemas]`.
    NamespaceForm = "schema", "A schema (namespace).";
    + COMMENT, GRANTS, PROVIDED;
}

form! {
    /// An entry of `[roles]`.
    RoleForm = "role", "A role of the cluster, which aludel never creates."
        .required(&[&[PROVIDED.any.name]]);
    + PROVIDED;
}

form! {
    /// An entry of `[enums]`.
    EnumForm = "enum", "An enumerated type: its labels in their order."
        .short(Self::LABELS.any, "a list of labels, or a table with `labels`")
        .required(&[&[Self::LABELS.any.name]]);
    LABELS: List<Table<LabelForm>> = "labels", "The labels in their order.";
    CODEGEN: Table<EnumCodeForm> = "codegen", "Further settings of generated code.";
    + COMMENT, RENAMED_FROM, GRANTS, MODEL, PROVIDED;
}

form! {
    /// A label of an enum.
    LabelForm = "label", "A label of an enum."
        .short_at_keys(Self::NAME.any, "a string")
        .required(&[&[Self::NAME.any.name]]);
    NAME: Text = "name", "The label.";
    + RENAMED_FROM;
}

form! {
    /// An entry of `[sequences]`.
    SequenceForm = "sequence", "A sequence.";
    TYPE: Text = "type", "`smallint`, `integer` or `bigint`.";
    OWNED_BY: Text = "owned_by", "OWNED BY: the column that owns it: `table.column`.";
    UNLOGGED: Flag = "unlogged", "Whether it is UNLOGGED.";
    + START, INCREMENT, MIN, MAX, CACHE, CYCLE, GRANTS, COMMENT, RENAMED_FROM, PROVIDED;
}

form! {
    /// An entry of `[[default_privileges]]`.
    DefaultPrivilegesForm = "default_privileges", "Default privileges: privileges on objects created later."
        .required(&[&[Self::OBJECTS.any.name]]);
    OBJECTS: Text = "objects",
        "`tables`, `sequences`, `functions`, `types`, `schemas` or `large objects`.";
    SCHEMA: Text = "schema", "The schema; all schemas by default.";
    ROLE: Text = "role", "The role that creates them.";
    + GRANTS, PROVIDED;
}
