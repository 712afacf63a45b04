//! A foreign key whose columns have no index.

use crate::model::Schema;
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::ident::Ident;
use crate::model::index::{Index, IndexValue};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "fk-missing-index",
    name: "fk-missing-index",
    severity: Severity::Warning,
    summary: "the referencing columns of a foreign key have no index",
    what: "Every DELETE on the referenced table, and every UPDATE of its key, scans the \
            referencing table.",
    waits: "The rows of the referenced table stay locked for the duration of that scan.",
    safer: "CREATE INDEX CONCURRENTLY on the referencing columns.",
    bad: "ALTER TABLE docs ADD FOREIGN KEY (author_id) REFERENCES authors NOT VALID;",
    good: "CREATE INDEX CONCURRENTLY docs_author_id_idx ON docs (author_id);\n\
            ALTER TABLE docs ADD FOREIGN KEY (author_id) REFERENCES authors NOT VALID;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    // An index that a later statement creates is among those of the whole file.
    let schemas = [it.after, &it.file.after.schema];
    let keys = it.new_foreign_keys().filter(|(constraint, key)| {
        !schemas.iter().any(|it| has_index(it, constraint, &key.columns))
    });
    let found = keys.map(|(constraint, key)| {
        let columns: Vec<_> = key.columns.iter().map(ToString::to_string).collect();
        let table = &constraint.table;
        let message = format!(
            "foreign key `{}` has no index on `{table}` ({}): every DELETE on table `{}` scans table `{table}`",
            constraint.name,
            columns.join(", "),
            key.references
        );
        let safer = format!("CREATE INDEX CONCURRENTLY ON {table} ({})", columns.join(", "));
        Finding::new(message).about(&constraint.name).grows_with(table).safer(safer)
    });
    found.collect()
}

/// Whether an index or a key of the table begins with one of the columns: what it finds by that is compared by
/// the others, and the table is not scanned.
fn has_index(schema: &Schema, constraint: &Constraint, columns: &[Ident]) -> bool {
    let begins = |keys: &[Ident]| keys.first().is_some_and(|it| columns.contains(it));
    // The search for referencing rows never finds NULL, so that an index without it serves.
    let is_whole = |it: &Index| {
        let predicate = it.predicate.as_ref().map(|it| it.as_str().trim_matches(['(', ')']));
        predicate
            .is_none_or(|told| columns.iter().any(|column| told == format!("{column} IS NOT NULL")))
    };
    let mut indexes = schema.indexes(&constraint.table).filter(|it| is_whole(it));
    let keyed = indexes.any(|index| {
        let keys = index.keys.iter().map_while(|it| match &it.value {
            IndexValue::Column(name) => Some(name.clone()),
            IndexValue::Expression(_) => None,
        });
        !index.is_vector() && begins(&keys.collect::<Vec<_>>())
    });
    keyed
        || schema.constraints(&constraint.table).any(|it| match &it.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => begins(&key.columns),
            ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => false,
            ConstraintRule::Exclude { .. } => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const BEFORE: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n";
    const WITH: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\n";
    const INDEXED: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n[tables.t.indexes]\ni = [\"r_id\"]\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\n";

    #[test]
    fn fires() {
        sql("alter table t add constraint fk foreign key (r_id) references r").has(BEFORE).makes(WITH).fires(
            &RULE,
            "foreign key `fk` has no index on `t` (r_id): every DELETE on table `r` scans table `t`",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add constraint fk foreign key (r_id) references r")
            .has(BEFORE)
            .makes(WITH)
            .then("create index i on t (r_id)")
            .makes(INDEXED)
            .stays_quiet(&RULE);
        sql("alter table t add constraint fk foreign key (r_id) references r")
            .has(BEFORE)
            .makes(&INDEXED.replace(
                "[\"r_id\"]\n[",
                "{ columns = [\"r_id\"], where = \"(r_id IS NOT NULL)\" }\n[",
            ))
            .stays_quiet(&RULE);
        let two = "[tables.r]\nprimary_key = [\"id\", \"x\"]\n[tables.r.columns]\nid = \"bigint\"\nx = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\nx = \"bigint\"\n[tables.t.indexes]\ni = [\"r_id\"]\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\", \"x\"]\nreferences = \"r\"\n";
        sql("create table t (r_id bigint, x bigint)").makes(two).stays_quiet(&RULE);
    }
}
