//! An index of many columns.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "index-too-wide",
    name: "index-too-wide",
    severity: Severity::Info,
    summary: "a non-unique index of more than three columns",
    what: "An index of many columns is large, slows down every write, and rarely serves more \
            queries than one of its first columns.",
    waits: "Nobody waits for it; every INSERT and most UPDATEs take longer.",
    safer: "Index the columns that queries filter by, at most three. Columns that are only read \
            can be in INCLUDE.",
    bad: "CREATE INDEX CONCURRENTLY docs_idx ON docs (a, b, c, d);",
    good: "CREATE INDEX CONCURRENTLY docs_idx ON docs (a, b) INCLUDE (c, d);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let wide = it.new_indexes().filter(|it| !it.unique && it.keys.len() > 3);
    let found = wide.map(|index| {
        let (name, keys) = (&index.name, index.keys.len());
        let message = format!("index `{name}` of table `{}` has {keys} keys", index.table);
        Finding::new(message).about(name)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const WIDE: &str = "[tables.t.columns]\na = \"integer\"\nb = \"text\"\nc = \"text\"\nd = \"text\"\n[tables.t.indexes]\ni = [\"a\", \"b\", \"c\", \"d\"]\n";
    const NARROW: &str = "[tables.t.columns]\na = \"integer\"\nb = \"text\"\nc = \"text\"\nd = \"text\"\n[tables.t.indexes]\ni = [\"a\", \"b\", \"c\"]\n";

    #[test]
    fn fires() {
        sql("create index i on t (a, b, c, d)")
            .makes(WIDE)
            .fires(&RULE, "index `i` of table `t` has 4 keys");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t (a, b, c)").makes(NARROW).stays_quiet(&RULE);
    }
}
