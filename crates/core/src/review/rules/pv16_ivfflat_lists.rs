//! IVFFlat with too many or too few lists.

use crate::model::pgvector::{LISTS, VectorMethod};
use crate::report::bytes;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV16",
    name: "ivfflat-lists",
    severity: Severity::Warning,
    summary: "the number of lists of an IVFFlat index does not fit the rows",
    what: "Up to a million rows, rows / 1000 lists are recommended, beyond that the square root \
            of the rows. With far fewer each search reads many rows; with far more it misses \
            rows, and the build needs more memory.",
    waits: "Nobody waits; searches are slower or less accurate.",
    safer: "The recommended number, and REINDEX CONCURRENTLY when the table has grown.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING ivfflat (embedding vector_l2_ops); -- 10 \
            million rows",
    good: "CREATE INDEX CONCURRENTLY ON docs USING ivfflat (embedding vector_l2_ops) WITH \
            (lists = 3162);",
    grows: false,
    check,
};

/// How far from the recommended number is too far.
const FACTOR: u64 = 4;

fn check(it: &Context<'_>) -> Vec<Finding> {
    let created = vectors::created(it).filter(|it| it.method == VectorMethod::Ivfflat);
    let Some(created) = created else { return Vec::new() };
    let size = it.surroundings.tables.get(&created.index.table.to_string());
    let Some(rows) = size.map(|it| it.rows).filter(|it| *it > 0) else { return Vec::new() };
    let lists = u64::try_from(created.parameter(LISTS.name, LISTS.default)).unwrap_or(0);
    let name = &created.index.name;
    let wanted = if rows <= 1_000_000 { rows / 1000 } else { rows.isqrt() }.max(1);
    let mut found = Vec::new();
    if lists > wanted * FACTOR || lists * FACTOR < wanted {
        let message =
            format!("index `{name}` has {lists} lists for {rows} rows: {wanted} are recommended");
        found.push(Finding::new(message).about(name).safer(format!("WITH (lists = {wanted})")));
    }
    let sample = created
        .value_bytes(it.after)
        .map(|it| it.saturating_mul(rows.min((lists * 50).max(10_000))));
    match (sample, vectors::maintenance_memory(it)) {
        (Some(sample), Some(memory)) if sample > memory => {
            let message = format!(
                "the sample of index `{name}` needs {}, but maintenance_work_mem is {}",
                bytes(sample),
                bytes(memory)
            );
            found.push(Finding::new(message).about(name).safer("SET maintenance_work_mem"));
        }
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::{Surroundings, TableSize};
    use crate::review::testing::{V, sql};

    fn near(rows: u64) -> Surroundings {
        let tables = [("t".to_owned(), TableSize { rows, bytes: rows * 100 })];
        Surroundings { tables: tables.into(), ..Surroundings::default() }
    }

    #[test]
    fn fires() {
        sql("create index concurrently i on t using ivfflat (v)")
            .has(V)
            .near(near(10_000_000))
            .fires(&RULE, "index `i` has 100 lists for 10000000 rows: 3162 are recommended");
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t using ivfflat (v)")
            .has(V)
            .near(near(100_000))
            .stays_quiet(&RULE);
    }
}
