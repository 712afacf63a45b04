//! A statement whose work depends on data.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "opaque-statement",
    name: "opaque-statement",
    severity: Severity::Info,
    summary: "a statement runs code whose branches depend on data",
    what: "DO, CALL and EXECUTE run code. What was measured is what that code did on the \
            scratch database; on other rows it can do something else. If it lost rows or values, \
            it is a warning; so is a SELECT of a function that loses some.",
    waits: "Whatever the code does.",
    safer: "Write the statements themselves.",
    bad: "DO $$ BEGIN EXECUTE 'DROP TABLE ' || quote_ident('docs'); END $$;",
    good: "DROP TABLE docs;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(first) = it.words().first() else { return Vec::new() };
    let runs_code = matches!(*first, "do" | "call" | "execute");
    let lost = lost_rows(it);
    let first = first.to_uppercase();
    if !lost.is_empty() && (runs_code || first == "SELECT") {
        let message = format!("{first} runs code that loses data: {}", lost.join(", "));
        return vec![Finding::new(message).severity(Severity::Warning)];
    }
    let message = format!("{first} runs code: it can do something else on other data");
    if runs_code { vec![Finding::new(message)] } else { Vec::new() }
}

/// The rows and values that are lost, of tables that were there before. Rules about DROP tell the rest.
fn lost_rows<'a>(it: &Context<'a>) -> Vec<&'a str> {
    let losses = it.facts().losses.iter().map(String::as_str);
    let of_rows = losses.filter(|it| it.starts_with("rows of ") || it.starts_with("values of "));
    let of_new = |loss: &str| {
        let names = it.created.iter().map(|it| format!(" {it}"));
        names.into_iter().any(|name| loss.ends_with(&name) || loss.contains(&(name + ".")))
    };
    of_rows.filter(|loss| !of_new(loss)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("do $$ begin end $$").fires(&RULE, "DO runs code");
        sql("select purge()")
            .has(T)
            .loses("rows of table t")
            .fires(&RULE, "SELECT runs code that loses data: rows of table t");
    }

    #[test]
    fn stays_quiet() {
        sql("create function f() returns int language sql as 'select 1'").stays_quiet(&RULE);
        sql("create table t ()")
            .makes(T)
            .then("select purge()")
            .loses("rows of table t")
            .stays_quiet(&RULE);
    }
}
