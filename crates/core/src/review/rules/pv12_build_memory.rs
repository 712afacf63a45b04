//! A graph that does not fit into memory.

use crate::report::bytes;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV12",
    name: "build-memory",
    severity: Severity::Warning,
    summary: "the graph of an HNSW index does not fit into maintenance_work_mem",
    what: "A row needs the bytes of its value, 32 * m, and about 205 more. Once the graph no \
            longer fits, the build uses the disk and takes several times longer (NOTICE: hnsw \
            graph no longer fits into maintenance_work_mem).",
    waits: "Nobody longer than before, but the build takes long: with CONCURRENTLY old \
            transactions keep dead rows meanwhile.",
    safer: "SET maintenance_work_mem before the statement and RESET after it; not SET LOCAL, \
            which has no effect outside of a transaction.",
    bad: "CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding \
            vector_cosine_ops);",
    good: "SET maintenance_work_mem = '8GB';\n\
            CREATE INDEX CONCURRENTLY docs_embedding_idx ON docs USING hnsw (embedding vector_cosine_ops);\n\
            RESET maintenance_work_mem;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let table = &created.index.table;
    let Some(size) = it.surroundings.tables.get(&table.to_string()) else { return Vec::new() };
    let Some(memory) = vectors::maintenance_memory(it) else { return Vec::new() };
    let Some(row) = created.bytes_per_row(it.after) else { return Vec::new() };
    let needed = size.rows.saturating_mul(row);
    if needed <= memory {
        return Vec::new();
    }
    let message = format!(
        "the graph of index `{}` needs about {} for {} rows, but maintenance_work_mem is {}",
        created.index.name,
        bytes(needed),
        size.rows,
        bytes(memory)
    );
    let safer = format!("SET maintenance_work_mem = '{}MB'", needed.div_ceil(1 << 20));
    vec![Finding::new(message).about(&created.index.name).safer(safer)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::{Surroundings, TableSize};
    use crate::review::testing::sql;

    fn near(rows: u64) -> Surroundings {
        let tables = [("t".to_owned(), TableSize { rows, bytes: rows * 100 })];
        Surroundings {
            tables: tables.into(),
            maintenance_work_mem: Some(64 << 20),
            ..Surroundings::default()
        }
    }
    const WIDE: &str = "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(1536)?\"\n";

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .has(WIDE)
            .near(near(1_000_000))
            .fires(
                &RULE,
                "needs about 6.4 GiB for 1000000 rows, but maintenance_work_mem is 64.0 MiB",
            );
    }

    #[test]
    fn stays_quiet() {
        sql("set maintenance_work_mem = '8GB'")
            .has(WIDE)
            .then("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .near(near(1_000_000))
            .stays_quiet(&RULE);
    }
}
