//! The tables of `schema.toml`: the keys of each, and what may stand there. A flat table.

/// What a value may be.
pub(super) enum Shape {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A string, a number or a boolean.
    Scalar,
    /// One of these strings.
    Words(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// A list of at least one.
    Keys(&'static Shape),
    /// A table whose keys are names.
    Map(&'static Shape),
    /// A table of [`FORMS`].
    Form(&'static str),
    /// One of several.
    Either(&'static [Shape]),
}

/// A key of a table.
pub(super) struct Key {
    /// As it is written.
    pub(super) name: &'static str,
    /// What its value may be.
    pub(super) shape: Shape,
    /// What it means, for editors.
    pub(super) description: &'static str,
}

/// A table with known keys.
pub(super) struct Form {
    /// How the JSON Schema calls it.
    pub(super) name: &'static str,
    /// What it declares, for editors.
    pub(super) description: &'static str,
    /// What is short for it.
    pub(super) short: Option<Shape>,
    /// The keys that must be there; where there are several lists, exactly one of them.
    pub(super) required: &'static [&'static [&'static str]],
    /// All keys.
    pub(super) keys: &'static [Key],
}

const fn key(name: &'static str, shape: Shape, description: &'static str) -> Key {
    Key { name, shape, description }
}

const NAMES: Shape = Shape::List(&Shape::Text);
const OPTIONS: Shape = Shape::Map(&Shape::Either(&[Shape::Scalar, Shape::Map(&Shape::Scalar)]));
const VALUES: Shape = Shape::Map(&Shape::Scalar);
const TIMING: Shape = Shape::Either(&[Shape::Flag, Shape::Words(&["deferred"])]);
const ACTIONS: &[&str] = &["no action", "restrict", "cascade", "set null", "set default"];

const COMMENT: Key = key("comment", Shape::Text, "The comment (COMMENT ON).");
const RENAMED_FROM: Key = key(
    "renamed_from",
    Shape::Text,
    "The name that it had before, so that it is renamed instead of dropped and created.",
);
const GRANTS: Key = key(
    "grants",
    Shape::Map(&Shape::List(&Shape::Text)),
    "Privileges by role; `public` is everybody and `owner` the owner.",
);
const DEFERRABLE: Key = key("deferrable", TIMING, "DEFERRABLE, or INITIALLY DEFERRED.");
const CLUSTERED: Key = key("clustered", Shape::Flag, "Whether CLUSTER sorts the table by it.");
const WITH: Key = key("with", OPTIONS, "Storage parameters.");
const NOT_VALID: Key = key("not_valid", Shape::Flag, "Rows that are there are not checked.");
const NOT_ENFORCED: Key =
    key("not_enforced", Shape::Flag, "Stated, never checked (PostgreSQL 18).");
const WITHOUT_OVERLAPS: Key = key(
    "without_overlaps",
    Shape::Flag,
    "The last column is a range, and ranges of equal keys must not overlap (PostgreSQL 18).",
);
const DEFINITION: Key =
    key("definition", Shape::Text, "The CREATE statement, and the statements that complete it.");
const FILE: Key = key(
    "file",
    Shape::Text,
    "A file with the definition, relative to this one; its name ends in `.sql`.",
);
const ENABLED: Key = key(
    "enabled",
    Shape::Words(&["origin", "disabled", "replica", "always"]),
    "In which sessions it fires; `origin` is usual.",
);
const INDEXES: Key = key("indexes", Shape::Map(&Shape::Form("index")), "The indexes.");
const RULES: Key = key("rules", Shape::Map(&Shape::Form("trigger")), "The rewrite rules.");
const TRIGGERS: Key = key("triggers", Shape::Map(&Shape::Form("trigger")), "The triggers.");
const POLICIES: Key =
    key("policies", Shape::Map(&Shape::Form("policy")), "The policies of row level security.");
const QUERY: Key = key("query", Shape::Text, "The query of the view.");
const COLUMN_COMMENTS: Key = key("columns", Shape::Map(&Shape::Text), "Comments on the columns.");
const TYPE: Key = key("type", Shape::Text, "The type.");
const COLLATION: Key = key("collation", Shape::Text, "The collation.");
const INCLUDE: Key = key("include", NAMES, "Columns that are stored without being keys.");
const REFERENCES: Key = key(
    "references",
    Shape::Text,
    "The table that is referenced; at a column also its column: `users.id`.",
);
const ON_DELETE: Key =
    key("on_delete", Shape::Words(ACTIONS), "What becomes of rows whose row goes.");
const ON_UPDATE: Key =
    key("on_update", Shape::Words(ACTIONS), "What becomes of rows whose row changes its key.");
const MATCH: Key = key("match", Shape::Words(&["simple", "full"]), "What NULL in a key means.");
const START: Key = key("start", Shape::Integer, "The first number.");
const INCREMENT: Key = key("increment", Shape::Integer, "From one number to the next.");
const MIN: Key = key("min", Shape::Integer, "The lowest number.");
const MAX: Key = key("max", Shape::Integer, "The highest number.");
const CACHE: Key = key("cache", Shape::Integer, "How many numbers a session takes at once.");
const CYCLE: Key = key("cycle", Shape::Flag, "Whether it begins again at its end.");

/// The whole file. The sections of [`crate::model::definition::DefinedKind`] are added to it.
pub(super) const ROOT: Form = Form {
    name: "",
    description: "A PostgreSQL schema as aludel declares it.",
    short: None,
    required: &[],
    keys: &[
        key("include", NAMES, "Other files of the declaration, as globs relative to this one."),
        key("extensions", Shape::Map(&Shape::Form("extension")), "The extensions."),
        key("schemas", Shape::Map(&Shape::Form("schema")), "The schemas (namespaces)."),
        key("enums", Shape::Map(&Shape::Form("enum")), "The enumerated types."),
        key("domains", Shape::Map(&Shape::Form("domain")), "The domains."),
        key("composite_types", Shape::Map(&Shape::Form("composite_type")), "The composite types."),
        key("sequences", Shape::Map(&Shape::Form("sequence")), "The sequences."),
        key("tables", Shape::Map(&Shape::Form("table")), "The tables."),
        key(
            "default_privileges",
            Shape::List(&Shape::Form("default_privileges")),
            "Privileges on objects to come.",
        ),
    ],
};

/// All other tables with known keys.
pub(super) const FORMS: &[Form] = &[
    Form {
        name: "extension",
        description: "An extension: its version, or `*` for any.",
        short: Some(Shape::Text),
        required: &[],
        keys: &[
            key("version", Shape::Text, "The version, or `*` for any."),
            key("schema", Shape::Text, "The schema of its objects."),
        ],
    },
    Form {
        name: "schema",
        description: "A schema (namespace).",
        short: None,
        required: &[],
        keys: &[COMMENT, GRANTS],
    },
    Form {
        name: "enum",
        description: "An enumerated type: its labels in their order.",
        short: Some(LABELS),
        required: &[&["labels"]],
        keys: &[key("labels", LABELS, "The labels in their order."), COMMENT, RENAMED_FROM, GRANTS],
    },
    Form {
        name: "label",
        description: "A label of an enum.",
        short: None,
        required: &[&["name"]],
        keys: &[key("name", Shape::Text, "The label."), RENAMED_FROM],
    },
    Form {
        name: "domain",
        description: "A domain: its base type.",
        short: Some(Shape::Text),
        required: &[&["type"]],
        keys: &[
            TYPE,
            COLLATION,
            key("not_null", Shape::Flag, "Whether values must not be NULL."),
            key("default", Shape::Scalar, "The default, an SQL expression."),
            key("check", Shape::Text, "A condition on `VALUE`."),
            key("checks", Shape::Map(&Shape::Form("check")), "Conditions on `VALUE` by name."),
            GRANTS,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "composite_type",
        description: "A composite type.",
        short: None,
        required: &[],
        keys: &[
            key("attributes", Shape::Map(&Shape::Form("attribute")), "The attributes in order."),
            GRANTS,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "attribute",
        description: "An attribute of a composite type: its type.",
        short: Some(Shape::Text),
        required: &[&["type"]],
        keys: &[TYPE, COLLATION, COMMENT],
    },
    Form {
        name: "sequence",
        description: "A sequence.",
        short: None,
        required: &[],
        keys: &[
            key("type", Shape::Text, "`smallint`, `integer` or `bigint`."),
            START,
            INCREMENT,
            MIN,
            MAX,
            CACHE,
            CYCLE,
            key("owned_by", Shape::Text, "The column with which it goes: `table.column`."),
            key("unlogged", Shape::Flag, "Whether it is UNLOGGED."),
            GRANTS,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "table",
        description: "A table.",
        short: None,
        required: &[],
        keys: &[
            COMMENT,
            RENAMED_FROM,
            key("columns", Shape::Map(&Shape::Form("column")), "The columns in their order."),
            key("primary_key", Shape::Form("primary_key"), "The primary key."),
            key("uniques", Shape::Map(&Shape::Form("unique")), "The unique constraints."),
            key("foreign_keys", Shape::Map(&Shape::Form("foreign_key")), "The foreign keys."),
            key("checks", Shape::Map(&Shape::Form("check")), "The check constraints."),
            key("exclusions", Shape::Map(&Shape::Form("exclusion")), "The exclusion constraints."),
            INDEXES,
            RULES,
            TRIGGERS,
            POLICIES,
            GRANTS,
            key("unlogged", Shape::Flag, "Whether it is UNLOGGED."),
            WITH,
            key(
                "row_level_security",
                Shape::Either(&[Shape::Flag, Shape::Words(&["forced", "disabled, forced"])]),
                "Whether policies decide who sees which rows; `forced` for the owner, too.",
            ),
            key(
                "replica_identity",
                Shape::Either(&[
                    Shape::Words(&["default", "full", "nothing"]),
                    Shape::Form("replica_identity"),
                ]),
                "What identifies a row in logical replication.",
            ),
            key("partition_by", Shape::Text, "How rows are divided: `range (day)`."),
            key("partition_of", Shape::Text, "The partitioned table that this is a part of."),
            key("values", Shape::Text, "The rows of a partition: what follows FOR VALUES."),
            key("default", Shape::Flag, "Whether it is the default partition."),
            key("inherits", NAMES, "The tables whose columns it has, too."),
            key("of", Shape::Text, "The composite type that its columns come from."),
            key("access_method", Shape::Text, "The table access method."),
            key(
                "foreign",
                Shape::Either(&[Shape::Text, Shape::Form("foreign")]),
                "The server on which its rows are.",
            ),
            key(
                "attached",
                Shape::Map(&Shape::Text),
                "Indexes of the partitioned table, and what their parts on this one are called.",
            ),
            key("model", Shape::Text, "The name of its type in generated code."),
        ],
    },
    Form {
        name: "replica_identity",
        description: "The index that identifies a row in logical replication.",
        short: None,
        required: &[&["index"]],
        keys: &[key("index", Shape::Text, "The index.")],
    },
    Form {
        name: "foreign",
        description: "Where the rows of a foreign table are.",
        short: None,
        required: &[&["server"]],
        keys: &[
            key("server", Shape::Text, "The server."),
            key("options", VALUES, "What the foreign-data wrapper wants to know."),
        ],
    },
    Form {
        name: "column",
        description: "A column: its type, which ends in `?` where NULL is allowed.",
        short: Some(Shape::Text),
        required: &[],
        keys: &[
            key("type", Shape::Text, "The type; it ends in `?` where NULL is allowed."),
            key("null", Shape::Flag, "Whether NULL is allowed."),
            key("default", Shape::Scalar, "The default, an SQL expression."),
            key(
                "generated",
                Shape::Either(&[Shape::Text, Shape::Form("generated")]),
                "The expression that it is computed by.",
            ),
            key(
                "identity",
                Shape::Either(&[Shape::Words(&["always", "by default"]), Shape::Form("identity")]),
                "GENERATED … AS IDENTITY.",
            ),
            COLLATION,
            key(
                "storage",
                Shape::Words(&["plain", "external", "main", "extended"]),
                "How long values are stored.",
            ),
            key("compression", Shape::Words(&["pglz", "lz4"]), "How long values are compressed."),
            key("statistics", Shape::Integer, "The statistics target."),
            key("options", OPTIONS, "`n_distinct` and `n_distinct_inherited`."),
            key("foreign_options", VALUES, "What the foreign-data wrapper wants to know."),
            key("primary_key", Shape::Flag, "Whether it is the primary key."),
            key(
                "unique",
                Shape::Either(&[Shape::Flag, Shape::Text]),
                "Whether it is unique, or the name of the constraint.",
            ),
            REFERENCES,
            ON_DELETE,
            ON_UPDATE,
            MATCH,
            DEFERRABLE,
            GRANTS,
            COMMENT,
            RENAMED_FROM,
            key("using", Shape::Text, "The SQL expression that makes old values new ones."),
            key(
                "on_change",
                Shape::Words(&["discard", "expand", "swap"]),
                "What becomes of values that have no way into a new type.",
            ),
            key("attribute", Shape::Text, "The name of its field in generated code."),
        ],
    },
    Form {
        name: "generated",
        description: "The expression that a column is computed by.",
        short: None,
        required: &[&["stored"], &["virtual"]],
        keys: &[
            key("stored", Shape::Text, "Computed when a row is written."),
            key("virtual", Shape::Text, "Computed when a row is read (PostgreSQL 18)."),
        ],
    },
    Form {
        name: "identity",
        description: "GENERATED … AS IDENTITY.",
        short: None,
        required: &[&["generated"]],
        keys: &[
            key("generated", Shape::Words(&["always", "by default"]), "Who chooses the number."),
            key("name", Shape::Text, "The name of the sequence."),
            key("type", Shape::Text, "The type of the sequence, usually the column's."),
            START,
            INCREMENT,
            MIN,
            MAX,
            CACHE,
            CYCLE,
        ],
    },
    Form {
        name: "primary_key",
        description: "The primary key: its columns.",
        short: Some(NAMES),
        required: &[&["columns"]],
        keys: &[
            key("columns", NAMES, "The columns."),
            key("name", Shape::Text, "The name of the constraint."),
            INCLUDE,
            WITHOUT_OVERLAPS,
            DEFERRABLE,
            WITH,
            CLUSTERED,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "unique",
        description: "A unique constraint: its columns.",
        short: Some(NAMES),
        required: &[&["columns"]],
        keys: &[
            key("columns", NAMES, "The columns."),
            key("nulls_not_distinct", Shape::Flag, "Whether NULL equals NULL (PostgreSQL 15)."),
            INCLUDE,
            WITHOUT_OVERLAPS,
            DEFERRABLE,
            WITH,
            CLUSTERED,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "foreign_key",
        description: "A foreign key.",
        short: None,
        required: &[&["columns", "references"]],
        keys: &[
            key("columns", NAMES, "The columns."),
            REFERENCES,
            key("referenced_columns", NAMES, "The columns there; the primary key if left out."),
            ON_DELETE,
            key(
                "on_delete_columns",
                NAMES,
                "The columns that `set null` and `set default` set (PostgreSQL 15).",
            ),
            ON_UPDATE,
            MATCH,
            DEFERRABLE,
            NOT_VALID,
            NOT_ENFORCED,
            key("period", Shape::Flag, "The last column is a PERIOD (PostgreSQL 18)."),
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "check",
        description: "A check constraint: its condition.",
        short: Some(Shape::Text),
        required: &[&["expression"]],
        keys: &[
            key("expression", Shape::Text, "The condition, an SQL expression."),
            key("no_inherit", Shape::Flag, "Whether tables that inherit do not have it."),
            NOT_VALID,
            NOT_ENFORCED,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "exclusion",
        description: "An exclusion constraint: its definition in SQL.",
        short: Some(Shape::Text),
        required: &[&["definition"]],
        keys: &[
            key("definition", Shape::Text, "SQL, from EXCLUDE on."),
            DEFERRABLE,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "index",
        description: "An index: its columns.",
        short: Some(INDEX_KEYS),
        required: &[&["columns"]],
        keys: &[
            key("columns", INDEX_KEYS, "The columns and expressions."),
            key("method", Shape::Text, "The access method; `btree` if left out."),
            key("unique", Shape::Flag, "Whether keys must differ."),
            key("nulls_not_distinct", Shape::Flag, "Whether NULL equals NULL (PostgreSQL 15)."),
            INCLUDE,
            key("where", Shape::Text, "The condition of a partial index."),
            WITH,
            CLUSTERED,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "index_key",
        description: "A column or an expression of an index.",
        short: Some(Shape::Text),
        required: &[&["name"], &["expression"]],
        keys: &[
            key("name", Shape::Text, "The column."),
            key("expression", Shape::Text, "An SQL expression."),
            key(
                "metric",
                Shape::Text,
                "How pgvector measures: l2, inner_product, cosine, l1, hamming, jaccard.",
            ),
            key("opclass", Shape::Text, "The operator class."),
            key("opclass_params", OPTIONS, "Parameters of the operator class."),
            COLLATION,
            key("order", Shape::Words(&["asc", "desc"]), "The order."),
            key("nulls", Shape::Words(&["first", "last"]), "Where NULL stands."),
        ],
    },
    Form {
        name: "view",
        description: "A view: its query, or its CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["query"], &["definition"], &["file"]],
        keys: &[
            QUERY,
            DEFINITION,
            FILE,
            key("with", OPTIONS, "Options of the view, beside `query`."),
            COLUMN_COMMENTS,
            RULES,
            TRIGGERS,
            GRANTS,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "materialized_view",
        description: "A materialized view: its query, or its CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["query"], &["definition"], &["file"]],
        keys: &[
            QUERY,
            DEFINITION,
            FILE,
            WITH,
            COLUMN_COMMENTS,
            INDEXES,
            GRANTS,
            COMMENT,
            RENAMED_FROM,
        ],
    },
    Form {
        name: "definition",
        description: "SQL: the CREATE statement, and the statements that complete it.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE, COMMENT, RENAMED_FROM],
    },
    Form {
        name: "grantable_definition",
        description: "SQL: the CREATE statement, and the statements that complete it.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE, GRANTS, COMMENT, RENAMED_FROM],
    },
    Form {
        name: "trigger",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE, ENABLED, COMMENT, RENAMED_FROM],
    },
    Form {
        name: "policy",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE, COMMENT, RENAMED_FROM],
    },
    Form {
        name: "nameless_definition",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE, COMMENT],
    },
    Form {
        name: "user_mapping",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"]],
        keys: &[DEFINITION, FILE],
    },
    Form {
        name: "default_privileges",
        description: "Privileges on objects to come.",
        short: None,
        required: &[&["objects"]],
        keys: &[
            key(
                "objects",
                Shape::Text,
                "`tables`, `sequences`, `functions`, `types`, `schemas` or `large objects`.",
            ),
            key("schema", Shape::Text, "The schema; all if left out."),
            key("role", Shape::Text, "The role that will create them."),
            GRANTS,
        ],
    },
];

const LABELS: Shape = Shape::List(&Shape::Either(&[Shape::Text, Shape::Form("label")]));
const INDEX_KEYS: Shape = Shape::Keys(&Shape::Form("index_key"));
