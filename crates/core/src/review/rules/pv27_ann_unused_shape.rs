//! A filtered search through an index.

use crate::model::pgvector::VectorMethod;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::searches::{self, Served};

pub(super) static RULE: Rule = Rule {
    code: "PV27",
    name: "ann-unused-shape",
    severity: Severity::Info,
    summary: "a search with WHERE goes through a vector index without iterative scans",
    what: "The index returns at most hnsw.ef_search rows, 40 by default, and WHERE is applied \
            to those: a selective filter leaves few rows or none.",
    waits: "Nobody waits; searches return too few rows.",
    safer: "SET hnsw.iterative_scan = 'strict_order' (pgvector 0.8.0), a partial index, or \
            partitions by the filter; hnsw.ef_search of at least the LIMIT.",
    bad: "SELECT * FROM docs WHERE tenant = 7 ORDER BY embedding <=> $1 LIMIT 20;",
    good: "SET hnsw.iterative_scan = 'strict_order';\n\
            SELECT * FROM docs WHERE tenant = 7 ORDER BY embedding <=> $1 LIMIT 20;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let iterative = ["hnsw.iterative_scan", "ivfflat.iterative_scan"];
    let set = iterative.iter().any(|name| it.setting(name).is_some());
    let wide = it.setting("hnsw.ef_search").is_some() || set;
    let mut found = Vec::new();
    for (search, served) in searches::of(it) {
        let Served::By(index) = served else { continue };
        let hnsw = index.vector_method() == Some(VectorMethod::Hnsw);
        if search.filtered && index.predicate.is_none() && !set {
            let message = format!(
                "WHERE is applied to the rows that index `{}` returns: it can leave few or none",
                index.name
            );
            found.push(
                Finding::new(message)
                    .safer("SET hnsw.iterative_scan = 'strict_order', or a partial index"),
            );
        }
        if let Some(limit) = search.limit.filter(|limit| hnsw && !wide && *limit > EF_SEARCH) {
            let message = format!(
                "LIMIT {limit} is more than the {EF_SEARCH} rows that index `{}` returns",
                index.name
            );
            found.push(Finding::new(message).safer(format!("SET hnsw.ef_search = {limit}")));
        }
    }
    found
}

/// The default of `hnsw.ef_search`, which is the most rows that an HNSW index returns.
const EF_SEARCH: u64 = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const INDEXED: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n[tables.t.indexes.i]\nmethod = \"hnsw\"\ncolumns = [{ name = \"v\", metric = \"l2\" }]\n";

    #[test]
    fn fires() {
        sql("create view w as select * from t where id > 5 order by v <-> '[1,2,3]' limit 20")
            .has(INDEXED)
            .fires(&RULE, "WHERE is applied to the rows that index `i` returns");
        sql("create view w as select * from t order by v <-> '[1,2,3]' limit 100")
            .has(INDEXED)
            .fires(&RULE, "LIMIT 100 is more than the 40 rows that index `i` returns");
    }

    #[test]
    fn stays_quiet() {
        sql("create view w as select * from t order by v <-> '[1,2,3]' limit 20")
            .has(INDEXED)
            .stays_quiet(&RULE);
    }
}
