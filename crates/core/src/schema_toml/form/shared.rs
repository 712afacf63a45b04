//! Keys that several tables have.

use super::*;

pub(crate) const COMMENT: Key<Comment> = Key::new("comment", "The comment (COMMENT ON).");
pub(crate) const NOT_NULL_CONSTRAINT: Key<Either<Text, Table<NotNullForm>>> = Key::new(
    "not_null_constraint",
    "The name of the NOT NULL constraint, or a table with its properties.",
);
pub(crate) const INDEX_COMMENT: Key<Comment> =
    Key::new("index_comment", "The comment on the index of the constraint.");
pub(crate) const RENAMED_FROM: Key<Text> = Key::new(
    "renamed_from",
    "The previous name: the object is renamed instead of dropped and created.",
);
pub(crate) const GRANTS: Key<Map<Names>> =
    Key::new("grants", "Privileges by role; `public` is all roles and `owner` the owner.");
pub(crate) const PROVIDED: Key<Flag> = Key::new(
    "provided",
    "Created by the platform or an administrator before any revision runs: aludel checks that it exists, and never creates, alters or drops it.",
);
pub(crate) const DEFERRABLE: Key<FlagOr<Deferring>> =
    Key::new("deferrable", "DEFERRABLE, or INITIALLY DEFERRED.");
pub(crate) const CLUSTERED: Key<Flag> = Key::new("clustered", "Whether CLUSTER uses this index.");
pub(crate) const WITH: Key<Options> = Key::new("with", "Storage parameters.");
pub(crate) const NO_INHERIT: Key<Flag> =
    Key::new("no_inherit", "NO INHERIT: whether child tables do not inherit it.");
pub(crate) const NOT_VALID: Key<Flag> =
    Key::new("not_valid", "NOT VALID: existing rows are not checked.");
pub(crate) const NOT_ENFORCED: Key<Flag> =
    Key::new("not_enforced", "NOT ENFORCED: the constraint is not checked (PostgreSQL 18).");
pub(crate) const WITHOUT_OVERLAPS: Key<Flag> = Key::new(
    "without_overlaps",
    "WITHOUT OVERLAPS: the last column is a range, and ranges of equal keys must not overlap (PostgreSQL 18).",
);
pub(crate) const NULLS_NOT_DISTINCT: Key<Flag> =
    Key::new("nulls_not_distinct", "NULLS NOT DISTINCT: whether NULLs are equal (PostgreSQL 15).");
pub(crate) const COLUMNS: Key<Names> = Key::new("columns", "The columns.");
pub(crate) const CONSTRAINT_NAME: Key<Text> = Key::new("name", "The name of the constraint.");
pub(crate) const DEFINITION: Key<Text> =
    Key::new("definition", "The CREATE statement, and the statements that complete it.");
pub(crate) const FILE: Key<Text> =
    Key::new("file", "A file with the definition, relative to this one; its name ends in `.sql`.");
pub(crate) const QUERY: Key<Text> = Key::new("query", "The query of the view.");
pub(crate) const ENABLED: Key<Words<Firings>> =
    Key::new("enabled", "In which sessions it fires; the default is `origin`.");
pub(crate) const INDEXES: Key<Map<Table<IndexForm>>> = Key::new("indexes", "The indexes.");
pub(crate) const RULES: Key<Map<Table<TriggerForm>>> = Key::new("rules", "The rewrite rules.");
pub(crate) const TRIGGERS: Key<Map<Table<TriggerForm>>> = Key::new("triggers", "The triggers.");
pub(crate) const POLICIES: Key<Map<Table<PolicyForm>>> =
    Key::new("policies", "The policies of row level security.");
pub(crate) const MODEL: Key<Text> = Key::new("model", "The name of its type in generated code.");
pub(crate) const ATTRIBUTE: Key<Text> =
    Key::new("attribute", "The name of its field in generated code.");
pub(crate) const COLLATION: Key<Text> = Key::new("collation", "The collation.");
pub(crate) const INCLUDE: Key<Names> =
    Key::new("include", "Columns that are stored in the index without being keys (INCLUDE).");
pub(crate) const REFERENCES: Key<Text> = Key::new(
    "references",
    "The referenced table; in a column also the referenced column: `users.id`.",
);
pub(crate) const ON_DELETE: Key<Words<Actions>> =
    Key::new("on_delete", "ON DELETE: what happens to referencing rows when the row is deleted.");
pub(crate) const ON_UPDATE: Key<Words<Actions>> =
    Key::new("on_update", "ON UPDATE: what happens to referencing rows when the key is updated.");
pub(crate) const MATCH: Key<Words<Matches>> =
    Key::new("match", "MATCH: how NULL in a key is treated.");
pub(crate) const START: Key<Integer> = Key::new("start", "START: the first value.");
pub(crate) const INCREMENT: Key<Integer> =
    Key::new("increment", "INCREMENT: the difference between two values.");
pub(crate) const MIN: Key<Integer> = Key::new("min", "MINVALUE: the lowest value.");
pub(crate) const MAX: Key<Integer> = Key::new("max", "MAXVALUE: the highest value.");
pub(crate) const CACHE: Key<Integer> =
    Key::new("cache", "CACHE: how many values a session preallocates.");
pub(crate) const CYCLE: Key<Flag> =
    Key::new("cycle", "CYCLE: whether it restarts after its last value.");
