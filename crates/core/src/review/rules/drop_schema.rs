//! DROP SCHEMA CASCADE.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-schema",
    name: "drop-schema",
    severity: Severity::Error,
    summary: "DROP SCHEMA CASCADE drops every object in the schema",
    what: "Tables, views, functions and types of the schema are dropped with it, also those \
            that somebody created by hand.",
    waits: "ACCESS EXCLUSIVE on every table of the schema.",
    safer: "Drop the objects by name, then DROP SCHEMA without CASCADE, which is refused while \
            anything is left.",
    bad: "DROP SCHEMA billing CASCADE;",
    good: "DROP TABLE billing.invoices;\n\
            DROP SCHEMA billing;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["drop", "schema"]) || !it.words().contains(&"cascade") || it.concerns_only_new()
    {
        return Vec::new();
    }
    let dropped = it.drops().count().saturating_sub(1);
    let message = match dropped {
        0 => "DROP SCHEMA CASCADE drops whatever is in the schema".to_owned(),
        _ => format!("DROP SCHEMA CASCADE drops {dropped} more objects"),
    };
    vec![Finding::new(message).safer("DROP the objects by name").at(it.place(&["cascade"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("drop schema s cascade")
            .fires(&RULE, "DROP SCHEMA CASCADE drops whatever is in the schema");
    }

    #[test]
    fn stays_quiet() {
        sql("drop schema s").stays_quiet(&RULE);
        sql("create schema s")
            .makes("[schemas.s]\n")
            .then("drop schema s cascade")
            .makes("")
            .stays_quiet(&RULE);
    }
}
