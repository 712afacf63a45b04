//! The settings that are sent, until the end of the transaction.

use crate::model::pgvector::{IterativeScan, VectorMethod};

use super::ladder::{MOST_EF_SEARCH, Setting};

/// Names and values.
pub type Settings = Vec<(String, String)>;

/// A generic plan of earlier executions was made with other settings.
const CUSTOM: (&str, &str) = ("plan_cache_mode", "force_custom_plan");

/// Costs of `enable_… = off` start the JIT compiler.
const NO_JIT: (&str, &str) = ("jit", "off");

/// For a search by the index, as generated code sends it. `own`: whether the index returns the query itself,
/// which is then left out. `iterative`: whether pgvector has iterative scans.
#[must_use]
pub fn search(
    method: VectorMethod,
    it: Setting,
    scan: IterativeScan,
    own: bool,
    iterative: bool,
) -> Settings {
    let mut settings = all(&[CUSTOM, NO_JIT, ("enable_sort", "off"), ("enable_indexscan", "on")]);
    match method {
        VectorMethod::Hnsw => {
            // What is left out takes the place of a candidate.
            let effort = it.effort.saturating_add(u32::from(own)).clamp(1, MOST_EF_SEARCH);
            settings.push(("hnsw.ef_search".to_owned(), effort.to_string()));
            if iterative {
                settings.push(("hnsw.iterative_scan".to_owned(), scan.setting().to_owned()));
            }
        }
        VectorMethod::Ivfflat => {
            settings.push(("ivfflat.probes".to_owned(), it.effort.to_string()));
            if iterative {
                settings.push(("ivfflat.iterative_scan".to_owned(), scan.setting().to_owned()));
            }
        }
    }
    settings
}

/// For an exact search: no vector index, for which an index scan is needed, and as many workers as the server has.
#[must_use]
pub fn exact() -> Settings {
    all(&[
        CUSTOM,
        NO_JIT,
        ("enable_indexscan", "off"),
        ("parallel_setup_cost", "0"),
        ("parallel_tuple_cost", "0"),
        ("min_parallel_table_scan_size", "0"),
    ])
}

fn all(pairs: &[(&str, &str)]) -> Settings {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A setting as it is typed: a name as PostgreSQL has them, and any value.
#[must_use]
pub fn typed(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '.';
    let is_name = !name.is_empty() && name.chars().all(is_part);
    is_name.then(|| (name.to_owned(), value.to_owned()))
}

/// `SET LOCAL …;`.
#[must_use]
pub fn sql(settings: &Settings) -> String {
    let set = |(name, value): &(String, String)| {
        format!("SET LOCAL {name} = '{}';", value.replace('\'', "''"))
    };
    settings.iter().map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_itself_is_one_candidate_more() {
        let setting = Setting { effort: 40, rerank: None };
        let sent = |own| sql(&search(VectorMethod::Hnsw, setting, IterativeScan::Off, own, true));
        assert!(
            sent(false).ends_with(
                "SET LOCAL hnsw.ef_search = '40';SET LOCAL hnsw.iterative_scan = 'off';"
            )
        );
        assert!(sent(true).contains("ef_search = '41';"));
        let most = Setting { effort: 1000, rerank: None };
        let sent = sql(&search(VectorMethod::Hnsw, most, IterativeScan::Strict, true, true));
        assert!(sent.contains("ef_search = '1000';") && sent.contains("strict_order"), "{sent}");
    }

    #[test]
    fn older_pgvector_has_no_iterative_scan() {
        let setting = Setting { effort: 4, rerank: None };
        let sent = sql(&search(VectorMethod::Ivfflat, setting, IterativeScan::Off, true, false));
        assert!(sent.ends_with("SET LOCAL ivfflat.probes = '4';"), "{sent}");
    }

    #[test]
    fn typed_settings_have_names() {
        let pair = |name: &str, value: &str| Some((name.to_owned(), value.to_owned()));
        assert_eq!(typed("hnsw.max_scan_tuples=50000"), pair("hnsw.max_scan_tuples", "50000"));
        assert_eq!(typed("work_mem=1 GB"), pair("work_mem", "1 GB"));
        assert_eq!(typed("jit"), None);
        assert_eq!(typed("jit = off; DROP TABLE x; --=1"), None);
        assert_eq!(sql(&vec![("a".to_owned(), "it's".to_owned())]), "SET LOCAL a = 'it''s';");
    }
}
