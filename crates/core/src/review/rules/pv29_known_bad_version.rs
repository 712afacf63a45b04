//! A version of pgvector with a known mistake.

use crate::model::extension::version_numbers;
use crate::model::pgvector::VectorMethod;
use crate::model::table::Persistence;
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV29",
    name: "known-bad-version",
    severity: Severity::Warning,
    summary: "an index is built by a pgvector that has a known mistake in it",
    what: "Before 0.8.2 a parallel HNSW build can overflow a buffer; before 0.8.4 VACUUM can \
            damage an HNSW index; 0.8.4 refuses IVFFlat on small tables for want of memory; \
            before 0.7.2 an index of an unlogged table is wrong after a crash.",
    waits: "Nobody waits.",
    safer: "Install a newer pgvector, ALTER EXTENSION vector UPDATE, and REINDEX CONCURRENTLY \
            the indexes that are suspect.",
    bad: "CREATE INDEX CONCURRENTLY ON docs USING hnsw (embedding vector_l2_ops); -- pgvector \
            0.8.1",
    good: "ALTER EXTENSION vector UPDATE TO '0.8.5';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(created) = vectors::created(it) else { return Vec::new() };
    let Some(installed) = vectors::installed_version(it) else { return Vec::new() };
    let version = version_numbers(&installed);
    let before = |other: &str| version < version_numbers(other);
    let unlogged = it
        .after
        .table(&created.index.table)
        .is_some_and(|it| it.persistence == Persistence::Unlogged);
    let mut known = Vec::new();
    match created.method {
        VectorMethod::Hnsw if before("0.8.2") => {
            known.push("a parallel build can overflow a buffer")
        }
        VectorMethod::Hnsw if before("0.8.4") => known.push("VACUUM can damage the index"),
        VectorMethod::Ivfflat if version == version_numbers("0.8.4") => {
            known.push("the build can fail for want of memory")
        }
        VectorMethod::Hnsw | VectorMethod::Ivfflat => {}
    }
    if unlogged && before("0.7.2") {
        known.push("the index of an unlogged table is wrong after a crash");
    }
    let found = known.into_iter().map(|what| {
        let finding =
            Finding::new(format!("pgvector {installed}: {what}")).about(&created.index.name);
        finding.safer("ALTER EXTENSION vector UPDATE first")
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::surroundings::Surroundings;
    use crate::review::testing::{V, sql};

    fn near(version: &str) -> Surroundings {
        Surroundings { pgvector: Some(version.to_owned()), ..Surroundings::default() }
    }

    #[test]
    fn fires() {
        sql("create index i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .near(near("0.8.1"))
            .fires(&RULE, "pgvector 0.8.1: a parallel build can overflow a buffer");
    }

    #[test]
    fn stays_quiet() {
        sql("create index i on t using hnsw (v vector_l2_ops)")
            .has(V)
            .near(near("0.8.5"))
            .stays_quiet(&RULE);
    }
}
