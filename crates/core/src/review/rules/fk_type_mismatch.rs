//! A foreign key between columns of two types.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "fk-type-mismatch",
    name: "fk-type-mismatch",
    severity: Severity::Warning,
    summary: "the columns of a foreign key have other types than those that they reference",
    what: "Each check converts the value, the referencing column may be too narrow for all \
            keys, and joins may not use an index.",
    waits: "Nobody waits now; a later change of the type rewrites the table.",
    safer: "The same type on both sides.",
    bad: "CREATE TABLE docs (author_id int REFERENCES authors (id)); -- authors.id is bigint",
    good: "CREATE TABLE docs (author_id bigint REFERENCES authors (id));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (constraint, key) in it.new_foreign_keys() {
        for (own, other) in key.columns.iter().zip(&key.referenced_columns) {
            let own = it.after.column(&constraint.table, own);
            let other = it.after.column(&key.references, other);
            let (Some(own), Some(other)) = (own, other) else { continue };
            if own.data_type.same_family(&other.data_type) {
                continue;
            }
            let message = format!(
                "column `{}` of table `{}` is {}, but it references `{}.{}`, which is {}",
                own.name, own.table, own.data_type, other.table, other.name, other.data_type
            );
            found.push(Finding::new(message).about(&constraint.name).at(it.mention(&own.name)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    fn two(own: &str) -> String {
        format!(
            "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"{own}\"\n\
             [tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\nreferenced_columns = [\"id\"]\n"
        )
    }

    #[test]
    fn fires() {
        sql("create table t (r_id int references r)").makes(&two("integer")).fires(
            &RULE,
            "column `r_id` of table `t` is integer, but it references `r.id`, which is bigint",
        );
    }

    #[test]
    fn stays_quiet() {
        sql("create table t (r_id bigint references r)").makes(&two("bigint")).stays_quiet(&RULE);
    }
}
