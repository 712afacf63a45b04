//! Tables.

use super::*;

form! {
    /// An entry of `[tables]`.
    TableForm = "table", "A table.";
    COLUMNS: Map<Table<ColumnForm>> = "columns", "The columns in their order.";
    PRIMARY_KEY: Table<PrimaryKeyForm> = "primary_key", "The primary key.";
    UNIQUES: Map<Table<UniqueForm>> = "uniques", "The unique constraints.";
    FOREIGN_KEYS: Map<Table<ForeignKeyForm>> = "foreign_keys", "The foreign keys.";
    CHECKS: Map<Table<CheckForm>> = "checks", "The check constraints.";
    EXCLUSIONS: Map<Table<ExclusionForm>> = "exclusions", "The exclusion constraints.";
    UNLOGGED: Flag = "unlogged", "Whether it is UNLOGGED.";
    ROW_LEVEL_SECURITY: FlagOr<Forcing> = "row_level_security",
        "Whether row-level security is enabled; `forced` applies it to the owner, too.";
    REPLICA_IDENTITY: Either<Words<ReplicaWords>, Table<ReplicaIdentityForm>> =
        "replica_identity", "REPLICA IDENTITY: what identifies a row in logical replication.";
    PARTITION_BY: Text = "partition_by", "PARTITION BY: how rows are divided, as in `range (day)`.";
    PARTITION_OF: Text = "partition_of", "The partitioned table of which this is a partition.";
    VALUES: Text = "values", "The bound of a partition: the text after FOR VALUES.";
    DEFAULT: Flag = "default", "Whether it is the default partition.";
    INHERITS: Names = "inherits", "The parent tables from which it inherits columns.";
    OF: Text = "of", "OF: the composite type that defines its columns.";
    ACCESS_METHOD: Text = "access_method", "The table access method.";
    FOREIGN: Table<ForeignForm> = "foreign", "The foreign server that has its rows.";
    ATTACHED: Map<Text> = "attached",
        "Indexes of the partitioned table, and the names of their partitions on this table.";
    INHERITED_TRIGGERS: Map<Words<Firings>> = "inherited_triggers",
        "Triggers of the partitioned table that fire in other sessions on this partition.";
    CODEGEN: Table<TableCodeForm> = "codegen", "Further settings of generated code.";
    + COMMENT, RENAMED_FROM, PROVIDED, INDEXES, RULES, TRIGGERS, POLICIES, GRANTS, WITH, MODEL;
}

form! {
    /// `replica_identity`, where it is an index.
    ReplicaIdentityForm = "replica_identity",
        "The index that identifies a row in logical replication."
        .required(&[&[Self::INDEX.any.name]]);
    INDEX: Text = "index", "The index.";
}

form! {
    /// `foreign` of a table.
    ForeignForm = "foreign", "The server and options of a foreign table."
        .short_at_keys(Self::SERVER.any, "a table")
        .required(&[&[Self::SERVER.any.name]]);
    SERVER: Text = "server", "The server.";
    OPTIONS: Values = "options", "Options of the foreign-data wrapper.";
}
