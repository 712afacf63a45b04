//! CREATE TYPE AS ENUM.

use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "enum-create",
    name: "enum-create",
    severity: Severity::Info,
    summary: "a new enum",
    what: "Labels can be added, but neither removed nor moved without a new type and a rewrite \
            of every table that uses it.",
    waits: "Nobody waits now.",
    safer: "A table of the values with a foreign key, or text with a CHECK, where the list \
            changes.",
    bad: "CREATE TYPE mood AS ENUM ('sad', 'ok');",
    good: "CREATE TABLE moods (name text PRIMARY KEY);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let enums = it.creates().filter_map(|it| match it {
        Object::Enum(it) => Some(&it.name),
        _ => None,
    });
    let found = enums.map(|name| {
        let message = format!("labels of enum `{name}` can be added, but not removed");
        Finding::new(message).about(name).at(it.mention(&name.name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create type mood as enum ('a')")
            .makes("[enums]\nmood = [\"a\"]\n")
            .fires(&RULE, "labels of enum `mood` can be added, but not removed");
    }

    #[test]
    fn stays_quiet() {
        sql("alter type mood add value 'b'")
            .has("[enums]\nmood = [\"a\"]\n")
            .makes("[enums]\nmood = [\"a\", \"b\"]\n")
            .stays_quiet(&RULE);
    }
}
