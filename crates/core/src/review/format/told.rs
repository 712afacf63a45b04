//! What a statement did, in a few lines.

use std::collections::BTreeSet;

use crate::review::facts::{Facts, FactsSource, Footing, RelationKind, RelationLock};

/// What a statement does to a database in use, a line each: locks, rewrites, builds, scans, losses. What
/// the same file has created is left out.
#[must_use]
pub fn lines(facts: &Facts) -> Vec<String> {
    let mut lines: Vec<String> = source(&facts.source).into_iter().collect();
    let told = lines.len();
    let existing = facts.locks.iter().filter(|it| it.footing == Footing::Existing);
    lines.extend(existing.map(lock));
    let each = |lines: &mut Vec<String>, verb: &str, names: &[String]| {
        lines.extend(names.iter().map(|it| format!("{verb} {it}")));
    };
    each(&mut lines, "rewrites table", &facts.rewritten);
    each(&mut lines, "rebuilds index", &facts.rebuilt);
    each(&mut lines, "builds index", &facts.built);
    let scans = facts.scanned.iter().filter(|it| it.footing == Footing::Existing);
    let scanned: BTreeSet<&str> = scans.map(|it| it.table.as_str()).collect();
    lines.extend(scanned.into_iter().map(|it| format!("scans table {it}")));
    each(&mut lines, "loses", &facts.losses);
    let refused = facts.refused.iter().map(|it| it.lines().next().unwrap_or_default());
    lines.extend(refused.map(|it| format!("refused by the server: {it}")));
    let took = facts.took.map(|it| format!("took {}.{:03} s", it / 1000, it % 1000));
    if lines.len() == told && !matches!(facts.source, FactsSource::Unknown(_)) {
        lines.push("No locks on existing tables".to_owned());
    }
    lines.extend(took);
    lines
}

fn source(source: &FactsSource) -> Option<String> {
    match source {
        FactsSource::Measured => None,
        FactsSource::Unknown(reason) => Some(format!("not measured: {reason}")),
        FactsSource::Table => {
            Some("told by the table of measured forms (PostgreSQL 16.14)".to_owned())
        }
    }
}

fn lock(it: &RelationLock) -> String {
    let kind = match it.kind {
        RelationKind::Table => "table",
        RelationKind::Index => "index",
        RelationKind::View => "view",
        RelationKind::Sequence => "sequence",
    };
    let waits = match it.kind {
        RelationKind::Table => format!(": {}", it.level.who_waits()),
        RelationKind::Index | RelationKind::View | RelationKind::Sequence => String::new(),
    };
    format!("{} on {kind} {}{waits}", it.level.name(), it.relation)
}
