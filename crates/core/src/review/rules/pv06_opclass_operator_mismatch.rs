//! A search that no index serves.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::searches::{self, Served};

pub(super) static RULE: Rule = Rule {
    code: "PV06",
    name: "opclass-operator-mismatch",
    severity: Severity::Warning,
    summary: "a search orders by a distance that no index serves",
    what: "An index is used only for ORDER BY column operator constant, ascending, as the sole \
            sort key, with the operator of its operator class. Another operator, DESC, a second \
            key, a distance function, or arithmetic on the distance scans the whole table.",
    waits: "Every search takes as long as a scan of the table.",
    safer: "An index for each metric that is queried, and ORDER BY column operator constant \
            LIMIT n.",
    bad: "SELECT * FROM docs ORDER BY 1 - (embedding <=> $1) DESC LIMIT 10;",
    good: "SELECT * FROM docs ORDER BY embedding <=> $1 LIMIT 10;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let found = searches::of(it).into_iter().filter_map(|(search, served)| {
        let message = match (search.unusable, served) {
            (Some(why), Served::By(_) | Served::OtherMetric(_) | Served::OtherExpression(_)) => {
                format!("no index serves the search: {why}")
            }
            (None, Served::OtherMetric(indexes)) => format!(
                "no index serves operator {}: index `{}` is of another metric",
                search.operator,
                indexes.join("`, `")
            ),
            (None, Served::By(_) | Served::OtherExpression(_)) | (_, Served::Unknown) => {
                return None;
            }
        };
        Some(Finding::new(message).safer("ORDER BY column operator constant LIMIT n"))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";

    #[test]
    fn fires() {
        sql("create view w as select * from t order by v <=> '[1,2,3]' limit 5")
            .has(INDEXED)
            .fires(&RULE, "no index serves operator <=>: index `i` is of another metric");
        sql("select * from t order by v <-> '[1,2,3]' desc")
            .has(INDEXED)
            .fires(&RULE, "the order is descending");
    }

    #[test]
    fn stays_quiet() {
        sql("select * from t order by v <-> '[1,2,3]' limit 5").has(INDEXED).stays_quiet(&RULE);
    }
}
