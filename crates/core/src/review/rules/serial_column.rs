//! A column of a serial type.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "serial-column",
    name: "serial-column",
    severity: Severity::Info,
    summary: "a column of type serial",
    what: "serial is an integer column with a sequence and a default. The sequence has \
            privileges of its own, and INSERT can give any value.",
    waits: "Nobody waits.",
    safer: "GENERATED ALWAYS AS IDENTITY.",
    bad: "CREATE TABLE docs (id bigserial PRIMARY KEY);",
    good: "CREATE TABLE docs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
    grows: false,
    check,
};

const SERIAL: [&str; 6] = ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"];

fn check(it: &Context<'_>) -> Vec<Finding> {
    let defines = it.starts(&["create", "table"]) || it.alters_table();
    let words = it.words();
    let found = SERIAL.iter().find(|word| defines && words.contains(word)).map(|word| {
        let finding = Finding::new(format!("{word} is an integer with a sequence of its own"));
        finding.at(it.place(&[word])).safer("GENERATED ALWAYS AS IDENTITY")
    });
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create table k (id bigserial)")
            .fires(&RULE, "bigserial is an integer with a sequence of its own");
    }

    #[test]
    fn stays_quiet() {
        sql("create table k (id bigint generated always as identity)").stays_quiet(&RULE);
    }
}
