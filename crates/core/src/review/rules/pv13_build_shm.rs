//! A parallel build that shared memory has no room for.

use crate::model::pgvector::VectorMethod;
use crate::report::bytes;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV13",
    name: "build-shm",
    severity: Severity::Info,
    summary: "a parallel HNSW build needs more shared memory than there is",
    what: "A parallel build allocates maintenance_work_mem of shared memory at its start. In a \
            container /dev/shm is often 64 MB: could not resize shared memory segment: No space \
            left on device.",
    waits: "Nobody waits: the statement fails, and with CONCURRENTLY leaves an invalid index.",
    safer: "A larger /dev/shm, or SET max_parallel_maintenance_workers = 0.",
    bad: "SET maintenance_work_mem = '8GB';",
    good: "SET maintenance_work_mem = '8GB';\n\
            SET max_parallel_maintenance_workers = 0;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let created = vectors::created(it).filter(|it| it.method == VectorMethod::Hnsw);
    let memory = (vectors::maintenance_memory(it), it.surroundings.shared_memory);
    let workers = it.setting("max_parallel_maintenance_workers").and_then(|it| it.1.parse().ok());
    let workers = workers.or(it.surroundings.parallel_workers).unwrap_or(2);
    match (created, memory) {
        (Some(created), (Some(needed), Some(free))) if needed > free && workers > 0 => {
            let message = format!(
                "a parallel build of index `{}` allocates {} of shared memory, but {} are free",
                created.index.name,
                bytes(needed),
                bytes(free)
            );
            vec![Finding::new(message).safer("SET max_parallel_maintenance_workers = 0")]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::Surroundings;
    use crate::review::testing::{V, sql};

    fn near() -> Surroundings {
        Surroundings {
            maintenance_work_mem: Some(1 << 30),
            shared_memory: Some(64 << 20),
            ..Surroundings::default()
        }
    }

    #[test]
    fn fires() {
        sql("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .near(near())
            .fires(&RULE, "allocates 1.0 GiB of shared memory, but 64.0 MiB are free");
    }

    #[test]
    fn stays_quiet() {
        sql("set max_parallel_maintenance_workers = 0")
            .has(V)
            .then("create index concurrently i on t using hnsw (v vector_l2_ops)")
            .near(near())
            .stays_quiet(&RULE);
    }
}
