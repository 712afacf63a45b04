//! The tables of `schema.toml`: the keys of each, and what may stand there. A flat table, whose other
//! half is [`super::relation_forms`]; generated code has [`super::code_forms`].

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
    /// The keys that must be there; where there are several lists, exactly one of them. `provided`
    /// stands in for the others where none of them is there.
    pub(super) required: &'static [&'static [&'static str]],
    /// All keys.
    pub(super) keys: &'static [Key],
}

/// A key.
pub(super) const fn key(name: &'static str, shape: Shape, description: &'static str) -> Key {
    Key { name, shape, description }
}

pub(super) const NAMES: Shape = Shape::List(&Shape::Text);
pub(super) const OPTIONS: Shape =
    Shape::Map(&Shape::Either(&[Shape::Scalar, Shape::Map(&Shape::Scalar)]));
pub(super) const VALUES: Shape = Shape::Map(&Shape::Scalar);
const TIMING: Shape = Shape::Either(&[Shape::Flag, Shape::Words(&["deferred"])]);
const ACTIONS: &[&str] = &["no action", "restrict", "cascade", "set null", "set default"];

pub(super) const COMMENT: Key = key("comment", Shape::Text, "The comment (COMMENT ON).");
pub(super) const NOT_NULL_CONSTRAINT: Key = key(
    "not_null_constraint",
    Shape::Either(&[Shape::Text, Shape::Form("not_null_constraint")]),
    "The name of the NOT NULL constraint, or what else it says.",
);
pub(super) const INDEX_COMMENT: Key =
    key("index_comment", Shape::Text, "The comment on the index behind it.");
pub(super) const RENAMED_FROM: Key = key(
    "renamed_from",
    Shape::Text,
    "The name that it had before, so that it is renamed instead of dropped and created.",
);
pub(super) const GRANTS: Key = key(
    "grants",
    Shape::Map(&Shape::List(&Shape::Text)),
    "Privileges by role; `public` is everybody and `owner` the owner.",
);
pub(super) const PROVIDED: Key = key(
    "provided",
    Shape::Flag,
    "It is there before any revision runs, made by the platform or an administrator: it is looked \
     for in the database, and never created, altered or dropped.",
);
pub(super) const DEFERRABLE: Key = key("deferrable", TIMING, "DEFERRABLE, or INITIALLY DEFERRED.");
pub(super) const CLUSTERED: Key =
    key("clustered", Shape::Flag, "Whether CLUSTER sorts the table by it.");
pub(super) const WITH: Key = key("with", OPTIONS, "Storage parameters.");
pub(super) const NOT_VALID: Key =
    key("not_valid", Shape::Flag, "Rows that are there are not checked.");
pub(super) const NOT_ENFORCED: Key =
    key("not_enforced", Shape::Flag, "Stated, never checked (PostgreSQL 18).");
pub(super) const WITHOUT_OVERLAPS: Key = key(
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
pub(super) const FIRING: Shape = Shape::Words(&["origin", "disabled", "replica", "always"]);
const ENABLED: Key = key("enabled", FIRING, "In which sessions it fires; `origin` is usual.");
pub(super) const INDEXES: Key = key("indexes", Shape::Map(&Shape::Form("index")), "The indexes.");
pub(super) const RULES: Key =
    key("rules", Shape::Map(&Shape::Form("trigger")), "The rewrite rules.");
pub(super) const TRIGGERS: Key =
    key("triggers", Shape::Map(&Shape::Form("trigger")), "The triggers.");
pub(super) const POLICIES: Key =
    key("policies", Shape::Map(&Shape::Form("policy")), "The policies of row level security.");
const QUERY: Key = key("query", Shape::Text, "The query of the view.");
const VIEW_COLUMNS: Key = key(
    "columns",
    Shape::Map(&Shape::Form("view_column")),
    "What is said of columns; a string is a comment.",
);
const VIEW_MODEL: Key = key("model", Shape::Text, "The name of its type in generated code.");
const VIEW_CODE: Key =
    key("codegen", Shape::Form("view_code"), "What else generated code is to know.");
const TYPE: Key = key("type", Shape::Text, "The type.");
pub(super) const COLLATION: Key = key("collation", Shape::Text, "The collation.");
pub(super) const INCLUDE: Key =
    key("include", NAMES, "Columns that are stored without being keys.");
pub(super) const REFERENCES: Key = key(
    "references",
    Shape::Text,
    "The table that is referenced; at a column also its column: `users.id`.",
);
pub(super) const ON_DELETE: Key =
    key("on_delete", Shape::Words(ACTIONS), "What becomes of rows whose row goes.");
pub(super) const ON_UPDATE: Key =
    key("on_update", Shape::Words(ACTIONS), "What becomes of rows whose row changes its key.");
pub(super) const MATCH: Key =
    key("match", Shape::Words(&["simple", "full"]), "What NULL in a key means.");
pub(super) const START: Key = key("start", Shape::Integer, "The first number.");
pub(super) const INCREMENT: Key = key("increment", Shape::Integer, "From one number to the next.");
pub(super) const MIN: Key = key("min", Shape::Integer, "The lowest number.");
pub(super) const MAX: Key = key("max", Shape::Integer, "The highest number.");
pub(super) const CACHE: Key =
    key("cache", Shape::Integer, "How many numbers a session takes at once.");
pub(super) const CYCLE: Key = key("cycle", Shape::Flag, "Whether it begins again at its end.");

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
        key("roles", Shape::Map(&Shape::Form("role")), "The roles that are provided."),
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

/// All tables with known keys but those of [`super::relation_forms`] and [`super::code_forms`].
pub(super) const FORMS: &[Form] = &[
    Form {
        name: "extension",
        description: "An extension: its version, or `*` for any.",
        short: Some(Shape::Text),
        required: &[],
        keys: &[
            key("version", Shape::Text, "The version, or `*` for any."),
            key("schema", Shape::Text, "The schema of its objects."),
            PROVIDED,
        ],
    },
    Form {
        name: "schema",
        description: "A schema (namespace).",
        short: None,
        required: &[],
        keys: &[COMMENT, GRANTS, PROVIDED],
    },
    Form {
        name: "role",
        description: "A role of the cluster, which is never created here.",
        short: None,
        required: &[&["provided"]],
        keys: &[PROVIDED],
    },
    Form {
        name: "enum",
        description: "An enumerated type: its labels in their order.",
        short: Some(LABELS),
        required: &[&["labels"]],
        keys: &[
            key("labels", LABELS, "The labels in their order."),
            COMMENT,
            RENAMED_FROM,
            GRANTS,
            key("model", Shape::Text, "The name of its type in generated code."),
            key("codegen", Shape::Form("enum_code"), "What else generated code is to know."),
            PROVIDED,
        ],
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
            NOT_NULL_CONSTRAINT,
            key("default", Shape::Scalar, "The default, an SQL expression."),
            key("check", Shape::Text, "A condition on `VALUE`."),
            key("checks", Shape::Map(&Shape::Form("check")), "Conditions on `VALUE` by name."),
            GRANTS,
            COMMENT,
            RENAMED_FROM,
            PROVIDED,
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
            PROVIDED,
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
            PROVIDED,
        ],
    },
    Form {
        name: "view",
        description: "A view: its query, or its CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["query"], &["definition"], &["file"], &["provided"]],
        keys: &[
            QUERY,
            DEFINITION,
            FILE,
            key("with", OPTIONS, "Options of the view, beside `query`."),
            VIEW_COLUMNS,
            VIEW_MODEL,
            VIEW_CODE,
            RULES,
            TRIGGERS,
            GRANTS,
            COMMENT,
            RENAMED_FROM,
            PROVIDED,
        ],
    },
    Form {
        name: "materialized_view",
        description: "A materialized view: its query, or its CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["query"], &["definition"], &["file"], &["provided"]],
        keys: &[
            QUERY,
            DEFINITION,
            FILE,
            WITH,
            VIEW_COLUMNS,
            VIEW_MODEL,
            VIEW_CODE,
            INDEXES,
            GRANTS,
            COMMENT,
            RENAMED_FROM,
            PROVIDED,
        ],
    },
    Form {
        name: "definition",
        description: "SQL: the CREATE statement, and the statements that complete it.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, COMMENT, RENAMED_FROM, PROVIDED],
    },
    Form {
        name: "grantable_definition",
        description: "SQL: the CREATE statement, and the statements that complete it.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, GRANTS, COMMENT, RENAMED_FROM, PROVIDED],
    },
    Form {
        name: "trigger",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, ENABLED, COMMENT, RENAMED_FROM, PROVIDED],
    },
    Form {
        name: "policy",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, COMMENT, RENAMED_FROM, PROVIDED],
    },
    Form {
        name: "nameless_definition",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, COMMENT, PROVIDED],
    },
    Form {
        name: "user_mapping",
        description: "SQL: the CREATE statement.",
        short: Some(Shape::Text),
        required: &[&["definition"], &["file"], &["provided"]],
        keys: &[DEFINITION, FILE, PROVIDED],
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
            PROVIDED,
        ],
    },
];

/// The labels of an enum.
const LABELS: Shape = Shape::List(&Shape::Either(&[Shape::Text, Shape::Form("label")]));
