//! What was found out about an index.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::model::pgvector::{IterativeScan, VectorMethod};

use super::ladder::Setting;

/// The recall of an index.
#[derive(Debug, Clone, Serialize)]
pub struct IndexRecall {
    /// The table, as SQL.
    pub table: String,
    /// The index, as SQL, without its schema.
    pub index: String,
    /// `hnsw` or `ivfflat`.
    #[serde(serialize_with = "method_name")]
    pub method: VectorMethod,
    /// What is indexed, with its operator class.
    pub key: String,
    /// What exact distances are of, where the index has others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// Its storage parameters.
    pub options: Vec<String>,
    /// Its predicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Its bytes.
    pub bytes: u64,
    /// The rows of the table, estimated.
    pub rows: u64,
    /// How many rows are wanted.
    pub k: u32,
    /// The queries; None where nothing was measured.
    pub sample: Option<Sample>,
    /// What was measured, without a filter and with each, by kinds of iterative scan.
    pub ladders: Vec<Ladder>,
    /// What the planner does with a search that comes without settings.
    pub planner: Option<Planner>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What follows, in a sentence or two.
    pub conclusion: String,
}

/// The queries of a measurement.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// How many were measured.
    pub queries: usize,
    /// How many were asked for.
    pub asked: usize,
    /// `rows of the table`, or a file.
    pub from: String,
    /// Whether they are rows of the table, which are left out of what is found.
    pub own: bool,
    /// The seconds that the exact searches took.
    pub exact_seconds: f64,
    /// The milliseconds of a statement that does nothing.
    pub round_trip_ms: f64,
}

/// Settings of increasing effort.
#[derive(Debug, Clone, Serialize)]
pub struct Ladder {
    /// The condition.
    pub filter: Option<String>,
    /// The share of the rows that satisfy it, by a sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passes: Option<f64>,
    /// What the index scan does if too few rows satisfy it.
    pub iterative_scan: IterativeScan,
    /// What was measured.
    pub points: Vec<Point>,
    /// Why there are no more points, where time was the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
}

/// A setting, and what it finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// The setting.
    #[serde(flatten)]
    pub setting: Setting,
    /// How many queries were measured.
    pub queries: usize,
    /// The share of the nearest rows that were found, on average.
    pub recall: f64,
    /// The lower end of its interval of 95 percent.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The time within which half of the queries were answered.
    pub p50_ms: f64,
    /// The time within which 95 of 100 queries were answered.
    pub p95_ms: f64,
    /// How many rows were returned, on average.
    pub rows: f64,
    /// How many pages were read or found in memory, on average; None where it was not measured.
    pub buffers: Option<f64>,
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("effort", &self.effort)?;
        map.serialize_entry("rerank", &self.rerank)?;
        map.end()
    }
}

/// What the planner does with a search that comes without settings.
#[derive(Debug, Clone, Serialize)]
pub struct Planner {
    /// Whether it uses the index.
    pub uses_index: bool,
    /// What it does instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// The milliseconds of that, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<f64>,
    /// The milliseconds of the same search by the index, once, where the planner does not use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_milliseconds: Option<f64>,
    /// Whether the generic plan of a prepared statement uses the index, with LIMIT as a parameter.
    pub generic_uses_index: bool,
    /// `plan_cache_mode`, as the role and the database have it.
    pub plan_cache_mode: String,
}

/// Something that is wrong.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// What it is.
    pub kind: ProblemKind,
    /// In words.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The index is invalid, so nothing uses it.
    Invalid,
    /// There are no rows to search for.
    NoRows,
    /// The planner uses another index for the same search.
    OtherIndex,
    /// The planner does not use the index, even where it has no other way without a sort.
    NotUsed,
    /// A prepared statement ran with a generic plan, which ignores settings.
    GenericPlan,
    /// The exact searches take longer than there is time.
    NoTime,
    /// The planner does not use the index unless settings make it.
    PlannerAvoids,
    /// Generic plans of prepared statements do not use the index, and the server makes these.
    GenericAvoids,
}

impl ProblemKind {
    /// Whether nothing, or not all, could be measured.
    #[must_use]
    pub fn prevents(self) -> bool {
        match self {
            Self::Invalid
            | Self::NoRows
            | Self::OtherIndex
            | Self::NotUsed
            | Self::GenericPlan
            | Self::NoTime => true,
            Self::PlannerAvoids | Self::GenericAvoids => false,
        }
    }
}

impl IndexRecall {
    /// Whether all was measured.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        !self.problems.iter().any(|it| it.kind.prevents())
    }

    /// The setting of how far the index is read.
    #[must_use]
    pub fn effort(&self) -> &'static str {
        self.method.effort()
    }
}

fn method_name<S: Serializer>(method: &VectorMethod, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.name())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A point at a setting, with its recall and time.
    pub(in super::super) fn point(effort: u32, recall: f64, p50_ms: f64) -> Point {
        Point {
            setting: Setting { effort, rerank: None },
            queries: 200,
            recall,
            low: recall - 0.01,
            high: (recall + 0.01).min(1.0),
            p50_ms,
            p95_ms: 2.0 * p50_ms,
            rows: 10.0,
            buffers: Some(300.0),
        }
    }

    pub(in super::super) fn ladder(
        filter: Option<String>,
        scan: IterativeScan,
        points: Vec<Point>,
    ) -> Ladder {
        let passes = filter.as_ref().map(|_| 0.02);
        Ladder { filter, passes, iterative_scan: scan, points, stopped: None }
    }

    pub(in super::super) fn measured(ladders: Vec<Ladder>) -> IndexRecall {
        IndexRecall {
            table: "docs".to_owned(),
            index: "docs_embedding_idx".to_owned(),
            method: VectorMethod::Hnsw,
            key: "embedding vector_cosine_ops".to_owned(),
            exact: None,
            options: vec!["m=16".to_owned()],
            predicate: None,
            bytes: 40 << 20,
            rows: 20_000,
            k: 10,
            sample: Some(Sample {
                queries: 200,
                asked: 200,
                from: "rows of the table".to_owned(),
                own: true,
                exact_seconds: 0.9,
                round_trip_ms: 0.1,
            }),
            ladders,
            planner: None,
            problems: Vec::new(),
            conclusion: String::new(),
        }
    }

    #[test]
    fn programs_read_settings_as_numbers() {
        let report =
            measured(vec![ladder(None, IterativeScan::Relaxed, vec![point(40, 0.5, 1.0)])]);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["method"], "hnsw");
        let ladder = &json["ladders"][0];
        assert_eq!(ladder["iterative_scan"], "relaxed_order");
        assert_eq!(ladder["points"][0]["effort"], 40);
        assert_eq!(ladder["points"][0]["rerank"], serde_json::Value::Null);
        assert_eq!(ladder["points"][0]["recall"], 0.5);
    }
}
