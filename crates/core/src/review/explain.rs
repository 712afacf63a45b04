//! The page of a rule, and the page of all of them.

use super::rule::Rule;
use super::rules;

/// The page of a rule, as Markdown, by its code or its name in any case.
#[must_use]
pub fn explain(code: &str) -> Option<String> {
    rules::find(code).map(page)
}

/// The page of every rule, as `docs/hazards.md` has it.
#[must_use]
pub fn hazards_page() -> String {
    let rows = rules::RULES.iter().map(|it| {
        format!("| [{}](#{}) | {} | {} |\n", title(it), anchor(it), it.severity.word(), it.summary)
    });
    let pages = rules::RULES.iter().map(|it| format!("\n#{}", page(it)));
    format!("{INTRODUCTION}{}{}", rows.collect::<String>(), pages.collect::<String>())
}

const INTRODUCTION: &str = "\
# Hazards

`aludel review` runs each statement on a scratch database and reads from the server what it locks, rewrites,
scans and loses. The rules on this page say which of that is a hazard. `aludel explain CODE` prints the section
of a rule.

An error is denied unless it is allowed: by `-- aludel: allow CODE reason` in a comment directly above the
statement, or by `allow` in aludel.toml. Several codes are separated by commas. An allowance that allows nothing
is reported. Tables that the same file creates raise nothing that concerns tables in use; with `--url` the rows
of each table are counted as well: an empty table raises no hazard that grows with rows, and a small one only
information.

| rule | severity | finds |
| --- | --- | --- |
";

fn title(rule: &Rule) -> String {
    match rule.code == rule.name {
        true => rule.code.to_owned(),
        false => format!("{} {}", rule.code, rule.name),
    }
}

/// The anchor that Markdown makes of a heading.
fn anchor(rule: &Rule) -> String {
    title(rule).to_lowercase().replace(' ', "-")
}

fn page(rule: &Rule) -> String {
    format!(
        "# {}\n\n{} ({})\n\n{}\n\n{}\n\nSafer: {}\n\nInstead of\n\n```sql\n{}\n```\n\nwrite\n\n```sql\n{}\n```\n",
        title(rule),
        rule.summary,
        rule.severity.word(),
        rule.what,
        rule.waits,
        rule.safer,
        rule.bad,
        rule.good
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ALUDEL_BLESS=1` writes the page.
    #[test]
    fn the_page_in_docs_is_what_the_rules_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hazards.md");
        if std::env::var_os("ALUDEL_BLESS").is_some() {
            std::fs::write(path, hazards_page()).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        let same = kept == hazards_page();
        assert!(same, "docs/hazards.md differs: write it again with ALUDEL_BLESS=1, and read it");
    }

    #[test]
    fn codes_and_names_are_found() {
        assert!(explain("pv10").unwrap().starts_with("# PV10 "));
        assert_eq!(explain("ann-not-concurrent"), explain("PV10"));
        assert_eq!(explain("nothing"), None);
    }
}
