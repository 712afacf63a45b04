//! A setting of pgvector for a role or a database.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "PV35",
    name: "setting-scope",
    severity: Severity::Info,
    summary: "ALTER ROLE or ALTER DATABASE SET of a setting of pgvector",
    what: "Before the library is loaded the setting is unknown: a role that is no superuser is \
            refused (permission denied to set parameter), and the value is stored unchecked, so \
            one out of range only gives a WARNING later.",
    waits: "Nobody waits; new sessions have the setting.",
    safer: "GRANT SET ON PARAMETER hnsw.ef_search, and a value within its range (1 to 1000).",
    bad: "ALTER ROLE app SET hnsw.ef_search = 5000;",
    good: "GRANT SET ON PARAMETER hnsw.ef_search TO app;\n\
            ALTER ROLE app SET hnsw.ef_search = 200;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let kinds = ["role", "user", "database"];
    let scoped = kinds.iter().any(|kind| it.starts(&["alter", kind]));
    let name = ["hnsw", "ivfflat"].into_iter().find(|name| it.has(&[name, "."]));
    match name.filter(|_| scoped && it.words().contains(&"set")) {
        Some(name) => {
            let message =
                format!("the value of {name} settings is stored unchecked, and needs a privilege");
            vec![
                Finding::new(message)
                    .at(it.place(&[name, "."]))
                    .safer("GRANT SET ON PARAMETER, and a value within its range"),
            ]
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("alter role app set hnsw.ef_search = 5000")
            .fires(&RULE, "the value of hnsw settings is stored unchecked");
    }

    #[test]
    fn stays_quiet() {
        sql("alter role app set work_mem = '1GB'").stays_quiet(&RULE);
    }
}
