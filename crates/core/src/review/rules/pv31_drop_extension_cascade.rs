//! DROP EXTENSION CASCADE.

use crate::model::object::Object;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV31",
    name: "drop-extension-cascade",
    severity: Severity::Error,
    summary: "DROP EXTENSION CASCADE drops every column of its types",
    what: "Columns of vector, halfvec and sparsevec go with the extension, with their values \
            and indexes.",
    waits: "ACCESS EXCLUSIVE on every table that has such a column.",
    safer: "DROP EXTENSION without CASCADE, which is refused while anything uses it.",
    bad: "DROP EXTENSION vector CASCADE;",
    good: "DROP EXTENSION vector;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.starts(&["drop", "extension"])
        || !it.words().contains(&"cascade")
        || it.concerns_only_new()
    {
        return Vec::new();
    }
    let columns = it.drops().filter_map(|it| match it {
        Object::Column(it) => Some(format!("`{}.{}`", it.table, it.name)),
        _ => None,
    });
    let columns: Vec<_> = columns.collect();
    let message = match columns.is_empty() {
        true => "DROP EXTENSION CASCADE drops every column of its types".to_owned(),
        false => format!("DROP EXTENSION CASCADE drops columns {}", columns.join(", ")),
    };
    vec![Finding::new(message).at(it.place(&["cascade"])).safer("DROP EXTENSION without CASCADE")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("drop extension vector cascade")
            .has(V)
            .makes("[tables.t.columns]\nid = \"bigint\"\n")
            .fires(&RULE, "drops columns `t.v`");
    }

    #[test]
    fn stays_quiet() {
        sql("drop extension vector").stays_quiet(&RULE);
        sql("create extension vector")
            .makes(V)
            .then("drop extension vector cascade")
            .makes("")
            .stays_quiet(&RULE);
    }
}
