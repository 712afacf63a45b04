//! Storage parameters of tables and indexes (CREATE TABLE and CREATE INDEX in the manual, pgvector
//! README): which there are, and what they take.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::options::Options;
use crate::schema_toml::syntax::OptionsSyntax;

/// Whose parameters they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A table.
    Table,
    /// An index of this access method.
    Index(&'a str),
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
enum Takes {
    /// Integers from and to.
    Integer(i64, i64),
    /// Something else, which the server judges.
    Anything,
}

/// Parameters of tables; those of the vacuum also for TOAST tables. PostgreSQL 13 to 18.
const TABLE: &[(&str, Takes)] = &[
    ("fillfactor", Takes::Integer(10, 100)),
    ("log_autovacuum_min_duration", Takes::Anything),
    ("parallel_workers", Takes::Integer(0, 1024)),
    ("toast_tuple_target", Takes::Integer(128, 8160)),
    ("user_catalog_table", Takes::Anything),
    ("vacuum_index_cleanup", Takes::Anything),
    ("vacuum_max_eager_freeze_failure_rate", Takes::Anything),
    ("vacuum_truncate", Takes::Anything),
    ("autovacuum_analyze_scale_factor", Takes::Anything),
    ("autovacuum_analyze_threshold", Takes::Anything),
    ("autovacuum_enabled", Takes::Anything),
    ("autovacuum_freeze_max_age", Takes::Anything),
    ("autovacuum_freeze_min_age", Takes::Anything),
    ("autovacuum_freeze_table_age", Takes::Anything),
    ("autovacuum_multixact_freeze_max_age", Takes::Anything),
    ("autovacuum_multixact_freeze_min_age", Takes::Anything),
    ("autovacuum_multixact_freeze_table_age", Takes::Anything),
    ("autovacuum_vacuum_cost_delay", Takes::Anything),
    ("autovacuum_vacuum_cost_limit", Takes::Anything),
    ("autovacuum_vacuum_insert_scale_factor", Takes::Anything),
    ("autovacuum_vacuum_insert_threshold", Takes::Anything),
    ("autovacuum_vacuum_max_threshold", Takes::Anything),
    ("autovacuum_vacuum_scale_factor", Takes::Anything),
    ("autovacuum_vacuum_threshold", Takes::Anything),
];

const BTREE: &[(&str, Takes)] =
    &[("fillfactor", Takes::Integer(10, 100)), ("deduplicate_items", Takes::Anything)];
const FILLFACTOR: &[(&str, Takes)] = &[("fillfactor", Takes::Integer(10, 100))];
const GIST: &[(&str, Takes)] =
    &[("fillfactor", Takes::Integer(10, 100)), ("buffering", Takes::Anything)];
const GIN: &[(&str, Takes)] =
    &[("fastupdate", Takes::Anything), ("gin_pending_list_limit", Takes::Anything)];
const BRIN: &[(&str, Takes)] =
    &[("pages_per_range", Takes::Integer(1, 131_072)), ("autosummarize", Takes::Anything)];
const HNSW: &[(&str, Takes)] =
    &[("m", Takes::Integer(2, 100)), ("ef_construction", Takes::Integer(4, 1000))];
const IVFFLAT: &[(&str, Takes)] = &[("lists", Takes::Integer(1, 32_768))];

/// Defaults of HNSW.
const DEFAULT_M: i64 = 16;
const DEFAULT_EF_CONSTRUCTION: i64 = 64;

impl Lowering<'_> {
    /// The parameters as PostgreSQL stores them.
    pub(super) fn options(&mut self, syntax: &OptionsSyntax, target: Target<'_>) -> Options {
        let mut options = Options::default();
        for (name, value) in syntax {
            self.option(name.as_str(), name.span, &value.value, value.span, target);
            if options.get(&name.value).is_some() {
                let message = format!("parameter `{}` is there twice", name.value);
                self.problem(Diagnostic::error(name.span, message));
            }
            options.insert(name.value.as_str(), value.value.as_str());
        }
        if target == Target::Index("hnsw") {
            self.graph(syntax);
        }
        options
    }

    fn option(&mut self, name: &str, name_span: Span, value: &str, span: Span, target: Target<'_>) {
        let Some(known) = parameters(target) else { return };
        let toast = name.strip_prefix("toast.").filter(|_| target == Target::Table);
        let bare = toast.unwrap_or(name);
        let Some((_, takes)) = known.iter().find(|(it, _)| *it == bare) else {
            let whose = match target {
                Target::Table => "tables have".to_owned(),
                Target::Index(method) => format!("access method `{method}` has"),
            };
            let message = format!("{whose} no parameter `{name}`");
            let problem = Diagnostic::error(name_span, message);
            let names = known.iter().map(|(it, _)| *it);
            let problem = problem.did_you_mean(name, names.clone());
            let short = problem.help.is_empty() && known.len() < 4;
            let problem = if short {
                problem.help(format!("it has: {}", super::quoted(names)))
            } else {
                problem
            };
            return self.problem(problem);
        };
        if let Takes::Integer(lowest, highest) = *takes {
            let fits = number(value).is_some_and(|it| (lowest..=highest).contains(&it));
            if !fits {
                let message =
                    format!("`{name}` is a number from {lowest} to {highest}, not `{value}`");
                self.problem(Diagnostic::error(span, message));
            }
        }
    }

    /// The graph of HNSW: `ef_construction` is at least `2 * m`, whether written or not.
    fn graph(&mut self, syntax: &OptionsSyntax) {
        let find = |name: &str| syntax.iter().find(|(it, _)| it.value == name);
        let value = |name: &str, default: i64| match find(name) {
            Some((_, written)) => number(&written.value),
            None => Some(default),
        };
        let m = value("m", DEFAULT_M);
        let ef_construction = value("ef_construction", DEFAULT_EF_CONSTRUCTION);
        let (Some(m), Some(ef_construction)) = (m, ef_construction) else { return };
        let in_range = (2..=100).contains(&m) && (4..=1000).contains(&ef_construction);
        if !in_range || ef_construction >= 2 * m {
            return;
        }
        let (written, origin) = match (find("ef_construction"), find("m")) {
            (Some((_, written)), _) => (written, ""),
            (None, Some((_, written))) => (written, ", its default,"),
            (None, None) => return,
        };
        let message = format!(
            "`ef_construction` ({ef_construction}){origin} must be at least twice `m` ({m})"
        );
        let help = format!(
            "set `ef_construction` to {} or more, or `m` to {} or less",
            2 * m,
            ef_construction / 2
        );
        self.error(written.span, message, help);
    }
}

fn parameters(target: Target<'_>) -> Option<&'static [(&'static str, Takes)]> {
    match target {
        Target::Table => Some(TABLE),
        Target::Index("btree") => Some(BTREE),
        Target::Index("hash" | "spgist") => Some(FILLFACTOR),
        Target::Index("gist") => Some(GIST),
        Target::Index("gin") => Some(GIN),
        Target::Index("brin") => Some(BRIN),
        Target::Index("hnsw") => Some(HNSW),
        Target::Index("ivfflat") => Some(IVFFLAT),
        Target::Index(_) => None,
    }
}

/// A number as PostgreSQL reads one for an integer parameter: decimal, hexadecimal, or rounded.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(digits) = hex {
        return i64::from_str_radix(digits, 16).ok();
    }
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let fraction: f64 = text.parse().ok()?;
    format!("{:.0}", fraction.round_ties_even()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_server_does() {
        assert_eq!(number("16"), Some(16));
        assert_eq!(number("0x10"), Some(16));
        assert_eq!(number("16.5"), Some(16));
        assert_eq!(number("many"), None);
    }
}
