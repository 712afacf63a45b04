//! What holds for every rule: its code, its words, and that it has its two tests.

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
