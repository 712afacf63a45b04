//! One review in every format.

use super::super::testing::{Case, sql};
use super::super::{Policy, Surroundings, judge};
use super::*;
use crate::plan::LockLevel;

const BEFORE: &str = "
[tables.docs.columns]
id = { type = \"bigint\", primary_key = true }
note = \"text?\"
";

const AFTER: &str = "
[tables.docs.columns]
id = { type = \"bigint\", primary_key = true }
title = \"text?\"
";

fn case() -> Case {
    sql("-- aludel: allow drop-column nobody reads it\nalter table docs\n  drop column note")
        .has(BEFORE)
        .in_revision()
        .locks(LockLevel::AccessExclusive, "docs")
        .loses("column docs.note")
        .makes("[tables.docs.columns]\nid = { type = \"bigint\", primary_key = true }\n")
        .then("alter table docs add column title text, add constraint é check (title > '<b>')")
        .locks(LockLevel::AccessExclusive, "docs")
        .scans("docs")
        .makes(AFTER)
        .then("create user u password 'sesame'")
        .unknown("it is cluster-wide")
}

fn shown(format: impl Fn(Review<'_>) -> String) -> String {
    let files = [case().file()];
    let hazards = judge(&files, &Policy::default(), &Surroundings::default());
    let database = ["table <docs>: about 9 rows".to_owned()];
    format(Review { files: &files, hazards: &hazards, database: &database })
}

#[test]
fn text() {
    let shown = shown(|it| hazards(it, false));
    assert!(
        shown
            .contains("warning[not-measured]: not measured: it is cluster-wide\n --> up.sql:5:1\n"),
        "{shown}"
    );
    assert!(shown.ends_with("1 warning, 1 allowed\n"), "{shown}");
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn without_a_file_nothing_is_said_of_hazards() {
    let review = Review { files: &[], hazards: &[], database: &[] };
    assert_eq!(review.summary(), "nothing to review");
}

#[test]
fn facts_of_each_statement() {
    let shown = shown(facts);
    assert!(shown.starts_with(
        "up.sql\n  2: alter table docs …\n      ACCESS EXCLUSIVE on table docs: reads and writes wait\n      loses column docs.note\n"
    ), "{shown}");
    assert!(shown.contains("      not measured: it is cluster-wide\n"), "{shown}");
}

#[test]
fn json_has_everything() {
    let json = |it: Review<'_>| serde_json::to_string(&ReviewReport::new(it)).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown(json)).unwrap();
    let file = &shown["files"][0];
    assert_eq!(file["statements"][0]["losses"][0], "column docs.note");
    assert_eq!(file["statements"][0]["locks"][0]["level"], "ACCESS_EXCLUSIVE");
    assert_eq!(file["statements"][0]["changes"][0], "drop column docs.note");
    assert_eq!(file["hazards"][0]["allowed"], "nobody reads it");
    assert_eq!(shown["summary"]["allowed"], 1);
    assert!(!shown.to_string().contains("sesame"));
}

#[test]
fn github_lines_are_escaped() {
    let shown = shown(github);
    assert!(
        shown.contains("::warning file=up.sql,line=5,col=1,title=not-measured::not measured"),
        "{shown}"
    );
    assert!(shown.contains("%0Asafer"), "{shown}");
    assert!(!shown.contains("drop-column"), "{shown}");
    assert!(shown.contains("\n::notice title=database::table <docs>"), "{shown}");
}

#[test]
fn markdown_has_a_table() {
    let shown = shown(markdown);
    assert!(shown.starts_with("## aludel review: "), "{shown}");
    assert!(
        shown.contains("| allowed | 3 | **drop-column** column `note` of table `docs` is dropped"),
        "{shown}"
    );
    assert!(shown.contains("- ACCESS EXCLUSIVE on table docs: reads and writes wait\n"), "{shown}");
    assert!(!shown.contains("sesame"), "{shown}");
}

#[test]
fn sarif_has_rules_and_places() {
    let log: serde_json::Value = serde_json::from_str(&shown(sarif)).unwrap();
    let run = &log["runs"][0];
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(told["message"]["text"], "table <docs>: about 9 rows");
    let results = run["results"].as_array().unwrap();
    let allowed = results.iter().find(|it| it["ruleId"] == "drop-column").unwrap();
    assert_eq!(allowed["suppressions"][0]["justification"], "nobody reads it");
    let region = &allowed["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        *region,
        serde_json::json!({ "startLine": 3, "startColumn": 15, "endLine": 3, "endColumn": 19 })
    );
    for it in results {
        let index = usize::try_from(it["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], it["ruleId"]);
    }
}

#[test]
fn html_is_one_page() {
    let shown = shown(html);
    for part in [
        "<!doctype html>",
        "drop column note",
        "+ title",
        "<svg ",
        "&#60;b&#62;",
        "table &#60;docs",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    for outside in ["http://", "https://", "<script", "sesame", "<b>"] {
        let found = shown.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(outside), "{outside}");
    }
}
