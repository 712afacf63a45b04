//! A feature that the installed pgvector does not have.

use crate::model::extension::version_numbers;
use crate::model::pgvector::{VectorMethod, opclasses_named};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "PV28",
    name: "version-gate",
    severity: Severity::Error,
    summary: "a feature of a newer pgvector than the one on the server",
    what: "HNSW came with 0.5.0; halfvec, sparsevec, indexes of bit and L1 with 0.7.0; \
            iterative scans with 0.8.0. The library on the server decides, and ALTER EXTENSION \
            UPDATE has to run after it is installed.",
    waits: "Nobody waits: the statement fails.",
    safer: "ALTER EXTENSION vector UPDATE in an earlier revision.",
    bad: "CREATE TABLE docs (embedding halfvec(3)); -- pgvector 0.6.0",
    good: "ALTER EXTENSION vector UPDATE TO '0.8.5';",
    grows: false,
    check,
};

/// Words that came with a version, beside types, access methods and operator classes.
const WORDS: [(&str, &str); 4] = [
    ("iterative_scan", "0.8.0"),
    ("binary_quantize", "0.7.0"),
    ("subvector", "0.7.0"),
    ("l2_normalize", "0.7.0"),
];

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(installed) = vectors::installed_version(it) else { return Vec::new() };
    let mut found: Vec<Finding> = Vec::new();
    for (token, at) in it.placed() {
        let Token::Word(word) = token else { continue };
        let Some(since) = since(word) else { continue };
        if version_numbers(&installed) >= version_numbers(since) {
            continue;
        }
        let message = format!("{word} came with pgvector {since}, but {installed} is installed");
        if !found.iter().any(|it| it.message == message) {
            found.push(
                Finding::new(message)
                    .at(Some(at.start))
                    .safer("ALTER EXTENSION vector UPDATE first"),
            );
        }
    }
    found
}

/// The version that brought a word; none of words that every version has, or that are nothing of pgvector.
fn since(word: &str) -> Option<&'static str> {
    let known = WORDS.iter().find(|it| it.0 == word).map(|it| it.1);
    let method = || VectorMethod::named(word).and_then(VectorMethod::since);
    let of_type = || crate::model::pgvector::VectorType::named(word).and_then(|it| it.since());
    let opclass = || opclasses_named(word).find_map(|it| it.since());
    known.or_else(method).or_else(of_type).or_else(opclass)
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
            .near(near("0.4.4"))
            .fires(&RULE, "hnsw came with pgvector 0.5.0, but 0.4.4 is installed");
        sql("create table h (v halfvec(3))")
            .near(near("0.6.2"))
            .fires(&RULE, "halfvec came with pgvector 0.7.0");
    }

    #[test]
    fn stays_quiet() {
        sql("create table h (v halfvec(3))").near(near("0.10.0")).stays_quiet(&RULE);
    }
}
