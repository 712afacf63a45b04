//! A search with another expression than the index.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::searches::{self, Served};

pub(super) static RULE: Rule = Rule {
    code: "PV07",
    name: "expression-mismatch",
    severity: Severity::Warning,
    summary: "a search orders by another expression than the index has",
    what: "The planner compares expressions after parsing: an index on (embedding::halfvec(3)) \
            is not used for ORDER BY embedding <=> $1, nor for embedding::halfvec without \
            dimensions.",
    waits: "Every search takes as long as a scan of the table.",
    safer: "The expression of the index in the query, cast included.",
    bad: "SELECT * FROM docs ORDER BY embedding <=> $1 LIMIT 10;",
    good: "SELECT * FROM docs ORDER BY embedding::halfvec(3) <=> $1::halfvec(3) LIMIT 10;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let found = searches::of(it).into_iter().filter_map(|(search, served)| match served {
        Served::OtherExpression(expressions) => {
            let message = format!(
                "the search orders by `{}`, but the index has `{}`",
                search.left,
                expressions.join("`, `")
            );
            Some(Finding::new(message).safer("the expression of the index in the query"))
        }
        Served::By(_) | Served::OtherMetric(_) | Served::Unknown => None,
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ expression = \"v::halfvec(3)\", metric = \"cosine\" }]\n";

    #[test]
    fn fires() {
        sql("select * from t order by v <=> '[1,2,3]' limit 5")
            .has(INDEXED)
            .fires(&RULE, "the search orders by `v`, but the index has `v::halfvec(3)`");
    }

    #[test]
    fn stays_quiet() {
        sql("select * from t order by v::halfvec(3) <=> '[1,2,3]' limit 5")
            .has(INDEXED)
            .stays_quiet(&RULE);
    }
}
