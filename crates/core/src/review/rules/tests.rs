//! Tests of all rules: codes, texts, and that each has its two tests.

use super::RULES;

#[test]
fn codes_are_unique_and_sorted() {
    let codes: Vec<_> = RULES.iter().map(|it| it.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    let mut names: Vec<_> = RULES.iter().map(|it| it.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), codes.len(), "names are unique");
}

#[test]
fn explanations_are_complete() {
    for it in RULES {
        for text in [it.summary, it.what, it.waits, it.safer, it.bad, it.good] {
            assert!(!text.is_empty() && text.trim() == text, "{}: `{text}`", it.code);
        }
        for text in [it.what, it.waits, it.safer] {
            assert!(text.ends_with('.'), "{}: `{text}`", it.code);
        }
        assert!(!it.summary.ends_with('.'), "{}: `{}`", it.code, it.summary);
    }
}

#[test]
fn every_rule_fires_in_a_test_and_stays_quiet_in_another() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/review/rules");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if text.contains("\npub(super) static RULE: Rule") {
            files += 1;
            for test in ["fn fires()", "fn stays_quiet()"] {
                assert!(text.contains(test), "{}: no `{test}`", path.display());
            }
        }
    }
    assert_eq!(files, RULES.len());
}

/// Statements that nobody should write, and that every rule looks at.
const ODD: &[&str] = &[
    "create index",
    "create index on",
    "create index on t (",
    "create index concurrently if not exists on only \"a\".\"b\" using hnsw ((v::halfvec(",
    "create index i on t using hnsw () with (m, lists =, = 5)",
    "create index i on t using hnsw (((v)::halfvec(99999999999999999999)) x.y.z)",
    "create index i on t using hnsw (v vector_l2_ops) with (m = 9223372036854775807) where",
    "create table t (a vector(), b vector(99999999999999999999), c bit('x'))",
    "alter table t alter v type vector(4) using",
    "alter table t rename",
    "alter table \u{e9}\u{1f600} rename \u{e9} to \"\u{1f600}\"",
    "alter table t add column \"\" int",
    "alter",
    "drop table if exists",
    "drop table if exists ;create table",
    "drop index concurrently",
    "set lock_timeout",
    "set lock_timeout = '99999999999999999999h'",
    "set local maintenance_work_mem = '\u{e9}'",
    "select set_config('lock_timeout', '', true)",
    "vacuum (",
    "reindex (concurrently",
    "select 1 order by v <-> '[1' limit 99999999999999999999",
    "delete from",
    "with x as (delete from t) select",
    "update \u{1f600} set \u{e9} = 1",
    "\u{1f600}",
    "truncate cascade cascade cascade",
    ")",
    "$$ \u{e9} $$",
    "alter role r set hnsw.ef_search",
    "begin; begin; commit; commit; rollback",
];

#[test]
fn nothing_that_is_written_panics() {
    use crate::plan::LockLevel;
    use crate::review::format::{self, Review};
    use crate::review::testing::{Case, V};
    use crate::review::{Policy, Surroundings, judge};

    for refused in [false, true] {
        let mut case = Case::empty().has(V);
        for text in ODD {
            case = case.then(text).locks(LockLevel::AccessExclusive, "t").scans("t").rewrites("t");
            if refused {
                case = case.refused("dimensions, not \u{e9} does not exist contains null values");
            }
        }
        let files = [case.file()];
        let hazards = judge(&files, &Policy::default(), &Surroundings::default());
        let review = Review { files: &files, hazards: &hazards, database: &[] };
        let formats = [format::html, format::markdown, format::sarif, format::github];
        assert!(formats.iter().all(|it| !it(review).is_empty()));
        assert!(!format::hazards(review, true).is_empty() && !format::facts(review).is_empty());
    }
}
