//! A review as SARIF 2.1.0 (OASIS), which code hosts show beside the lines of a change.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Review;
use crate::report::plain::{plain_json, with_passwords_starred};
use crate::review::explain::explain;
use crate::review::hazard::{Hazard, Severity};
use crate::review::rule::Rule;
use crate::review::rules::RULES;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log of one run: every rule with its page, and a result for each hazard. What is allowed is suppressed; what the
/// database says is a notification.
#[must_use]
pub fn sarif(review: Review<'_>) -> String {
    let results: Vec<Value> = review.hazards.iter().map(|it| result(it, review)).collect();
    let notifications: Vec<Value> = review.database.iter().map(|it| notification(it)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "aludel",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": RULES.iter().map(|it| descriptor(it)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let text = serde_json::to_string_pretty(&log).expect("a log has only keys that are strings");
    format!("{}\n", plain_json(&text))
}

fn notification(line: &str) -> Value {
    json!({ "level": "note", "message": { "text": line } })
}

fn descriptor(rule: &Rule) -> Value {
    let page = explain(rule.code).unwrap_or_default();
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.what },
        "help": { "text": format!("{}\n\n{}\n\nSafer: {}", rule.what, rule.waits, rule.safer), "markdown": page },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(hazard: &Hazard, review: Review<'_>) -> Value {
    let safer = hazard.safer.as_ref().map_or(String::new(), |it| format!("\nSafer: {it}"));
    let index = RULES.iter().position(|it| it.code == hazard.code);
    let allowed = hazard.allowed.iter();
    let suppressions: Vec<Value> = allowed.map(|it| suppression(it)).collect();
    json!({
        "ruleId": hazard.code,
        "ruleIndex": index,
        "level": level(hazard.severity),
        "message": { "text": format!("{}{safer}", hazard.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&hazard.path) },
            "region": region(hazard, review),
        }}],
        "partialFingerprints": { "aludelHazard/v1": fingerprint(hazard, review) },
        "suppressions": suppressions,
    })
}

/// A directive is in the source; the configuration is not.
fn suppression(reason: &str) -> Value {
    let kind = if reason.starts_with("aludel.toml ") { "external" } else { "inSource" };
    json!({ "kind": kind, "justification": reason })
}

/// From the place of a hazard to the end of its statement.
fn region(hazard: &Hazard, review: Review<'_>) -> Value {
    let (line, column) = (hazard.line, hazard.column);
    let start = json!({ "startLine": line, "startColumn": column });
    let Some((text, at)) = statement(hazard, review) else { return start };
    let lines = text.split('\n').count();
    let last = text.rsplit('\n').next().unwrap_or_default().trim_end_matches('\r').chars().count();
    let end_line = at.line + lines - 1;
    // The first line of the statement may begin behind another one.
    let end_column = if lines == 1 { at.column + last } else { last + 1 };
    json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
}

struct Start {
    line: usize,
    column: usize,
}

/// The text of the statement of a hazard, and where it begins.
fn statement<'a>(hazard: &Hazard, review: Review<'a>) -> Option<(&'a str, Start)> {
    let file = review.files.iter().find(|it| it.path == hazard.path)?;
    let statement = file.statements.get(hazard.statement?)?;
    let before = file.text.get(..statement.source.span.start)?;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let line = before.matches('\n').count() + 1;
    // A directive stands above the statement that it is attached to.
    (hazard.line >= line).then_some((statement.source.text.as_str(), Start { line, column }))
}

/// What stays the same while lines move: the rule, the file, and the statement.
fn fingerprint(hazard: &Hazard, review: Review<'_>) -> String {
    let text = statement(hazard, review).map_or("", |it| it.0);
    let parts = [hazard.code, hazard.path.as_str(), &with_passwords_starred(text), &hazard.message];
    let digest = Sha256::digest(parts.join("\0"));
    digest.iter().take(16).map(|it| format!("{it:02x}")).collect()
}

/// A path as a URI: relative where it is, and with what is reserved escaped.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    for it in path.bytes() {
        match it {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                uri.push(char::from(it));
            }
            _ => uri.push_str(&format!("%{it:02X}")),
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}
