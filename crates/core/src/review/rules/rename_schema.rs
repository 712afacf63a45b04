//! ALTER SCHEMA RENAME.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "rename-schema",
    name: "rename-schema",
    severity: Severity::Error,
    summary: "a schema is renamed",
    what: "Programs that are running name the objects of the schema, or have it in search_path, \
            and fail from the commit on.",
    waits: "Nobody waits for a lock.",
    safer: "Move the tables one by one, each with a view of the old name.",
    bad: "ALTER SCHEMA billing RENAME TO accounts;",
    good: "ALTER TABLE billing.invoices SET SCHEMA accounts;\n\
            CREATE VIEW billing.invoices AS SELECT * FROM accounts.invoices;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let renames = it.starts(&["alter", "schema"]) && it.words().contains(&"rename");
    match renames && !it.concerns_only_new() {
        true => vec![Finding::new("the schema is renamed: running programs use the old name")],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter schema a rename to b").fires(&RULE, "the schema is renamed");
    }

    #[test]
    fn stays_quiet() {
        sql("alter schema a owner to b").stays_quiet(&RULE);
        sql("create schema a")
            .makes("[schemas.a]\n")
            .then("alter schema a rename to b")
            .stays_quiet(&RULE);
    }
}
