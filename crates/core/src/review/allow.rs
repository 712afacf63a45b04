//! What files and the configuration allow, and what they deny.

use super::hazard::Allowance;
use super::rules;
use crate::diagnostic::nearest::nearest;
use crate::sql_text::Directive;

/// What the configuration says of codes: `allow` and `deny` of aludel.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// What is not reported as a mistake.
    pub allow: Vec<Pattern>,
    /// What is an error, however bad its rule says it is.
    pub deny: Vec<Pattern>,
}

/// Codes, and the files that are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// The codes, with `*` and `?`: `PV*`.
    pub codes: String,
    /// The paths of files, with `*` and `?`; None of all.
    pub files: Option<String>,
}

/// What a policy says of a code in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Nothing.
    Open,
    /// It is allowed by this pattern.
    Allowed(&'a Pattern),
    /// It is denied.
    Denied,
}

impl Pattern {
    /// Reads `CODES` or `CODES in FILES`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.split_once(" in ") {
            Some((codes, files)) => {
                Self { codes: codes.trim().to_owned(), files: Some(files.trim().to_owned()) }
            }
            None => Self { codes: text.trim().to_owned(), files: None },
        }
    }

    fn means(&self, code: &str, path: &str) -> bool {
        let named = rules::find(code).is_some_and(|it| matches(&self.codes, it.name));
        let file = self.files.as_ref().is_none_or(|it| matches(it, path));
        file && (named || matches(&self.codes, code))
    }

    /// Whether it names one code, in one file or in all.
    fn is_exact(&self) -> bool {
        !self.codes.contains(['*', '?'])
    }
}

impl Policy {
    /// A policy of patterns as they are written.
    pub fn new<'a>(
        allow: impl IntoIterator<Item = &'a str>,
        deny: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            allow: allow.into_iter().map(Pattern::parse).collect(),
            deny: deny.into_iter().map(Pattern::parse).collect(),
        }
    }

    /// What it says of a code in a file. A pattern that names the code counts more than one with `*`; of
    /// two that count the same, `deny` does.
    #[must_use]
    pub fn verdict(&self, code: &str, path: &str) -> Verdict<'_> {
        let best = |patterns: &'_ [Pattern]| {
            let found = patterns.iter().position(|it| it.is_exact() && it.means(code, path));
            found.or_else(|| patterns.iter().position(|it| it.means(code, path)))
        };
        let allowed = best(&self.allow).map(|it| &self.allow[it]);
        let denied = best(&self.deny).map(|it| &self.deny[it]);
        match (allowed, denied) {
            (Some(it), None) => Verdict::Allowed(it),
            (Some(it), Some(denied)) if it.is_exact() && !denied.is_exact() => Verdict::Allowed(it),
            (_, Some(_)) => Verdict::Denied,
            (None, None) => Verdict::Open,
        }
    }

    /// The patterns that mean no rule, each with the code that may be meant.
    #[must_use]
    pub fn unknown(&self) -> Vec<(&Pattern, Option<&'static str>)> {
        let patterns = self.allow.iter().chain(&self.deny);
        let unknown = patterns.filter(|it| {
            !rules::RULES
                .iter()
                .any(|rule| matches(&it.codes, rule.code) || matches(&it.codes, rule.name))
        });
        unknown.map(|it| (it, suggestion(&it.codes))).collect()
    }
}

/// The code that is closest to what was written.
#[must_use]
pub fn suggestion(written: &str) -> Option<&'static str> {
    nearest(written, rules::RULES.iter().flat_map(|it| [it.code, it.name]))
}

/// What the directives above a statement allow: `allow CODE[, CODE…] reason`.
pub(super) fn allowances(directives: &[Directive]) -> Vec<Allowance> {
    directives.iter().flat_map(read).collect()
}

fn read(directive: &Directive) -> Vec<Allowance> {
    let Some(mut rest) = directive.text.strip_prefix("allow").filter(|it| is_apart(it)) else {
        return Vec::new();
    };
    let mut codes = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|it: char| it == ',' || it.is_whitespace()).unwrap_or(rest.len());
        codes.push(&rest[..end]);
        let after = rest[end..].trim_start();
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => {
                rest = after;
                break;
            }
        }
    }
    let reason = rest.trim().to_owned();
    let allowance = |code: &str| Allowance {
        code: code.to_owned(),
        reason: reason.clone(),
        line: directive.line,
    };
    codes.into_iter().map(allowance).collect()
}

fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

/// Whether a text has the form of a pattern: `*` is any characters, `?` is one.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            (p, t) = (p + 1, t + 1);
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, t) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_stars() {
        assert!(matches("PV*", "PV10") && matches("*", "") && matches("a*c*", "abcd"));
        assert!(matches("PV0?", "PV01") && !matches("PV0?", "PV10") && !matches("a", "ab"));
        assert!(!matches("*x", "ab"));
    }

    #[test]
    fn the_named_code_counts_more_than_a_star() {
        let policy = Policy::new(["PV13", "drop-* in old/*"], ["*"]);
        assert_eq!(policy.verdict("PV13", "a.sql"), Verdict::Allowed(&policy.allow[0]));
        assert_eq!(policy.verdict("build-shm", "a.sql"), Verdict::Denied);
        assert_eq!(policy.verdict("drop-table", "old/a.sql"), Verdict::Denied);
        assert_eq!(Policy::default().verdict("PV13", "a.sql"), Verdict::Open);
        let policy = Policy::new(["drop-* in old/*"], []);
        assert_eq!(policy.verdict("drop-table", "old/a.sql"), Verdict::Allowed(&policy.allow[0]));
        assert_eq!(policy.verdict("drop-table", "new/a.sql"), Verdict::Open);
    }

    #[test]
    fn patterns_that_mean_nothing_are_told() {
        let policy = Policy::new(["drop-tabel"], ["nothing-like-it-*"]);
        let found: Vec<_> = policy.unknown().into_iter().map(|it| it.1).collect();
        assert_eq!(found, [Some("drop-table"), None]);
    }

    #[test]
    fn directives_name_codes_and_a_reason() {
        let of = |text: &str| {
            let found = allowances(&[Directive { text: text.to_owned(), line: 3 }]);
            found.into_iter().map(|it| format!("{}|{}", it.code, it.reason)).collect::<Vec<_>>()
        };
        assert_eq!(of("allow PV10 small table"), ["PV10|small table"]);
        assert_eq!(
            of("allow PV10, drop-table  it is empty"),
            ["PV10|it is empty", "drop-table|it is empty"]
        );
        assert_eq!(of("allow PV10"), ["PV10|"]);
        assert_eq!(of("allow"), ["|"]);
        assert_eq!(of("batches by id, 5 rows"), [] as [&str; 0]);
    }
}
