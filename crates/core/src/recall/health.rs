//! What is wrong with vector indexes, as the catalog and the statistics of a server tell, without a measurement.

use serde::Serialize;

use crate::model::pgvector::VectorMethod;
use crate::report::bytes;

/// What a server says of a vector index.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The index, as SQL.
    pub index: String,
    /// The table, as SQL.
    pub table: String,
    /// `hnsw` or `ivfflat`.
    pub method: VectorMethod,
    /// Whether the server may use it.
    pub valid: bool,
    /// Whether it is what an interrupted REINDEX CONCURRENTLY left.
    pub is_left_over: bool,
    /// Its bytes.
    pub bytes: u64,
    /// The rows of the table, estimated.
    pub rows: u64,
    /// Rows that are there, and rows that are no longer, by the statistics.
    pub live: u64,
    /// Rows that are no longer there, by the statistics.
    pub dead: u64,
    /// `lists` of an IVFFlat index.
    pub lists: u32,
    /// The pages of the table, and of its TOAST table.
    pub pages: u64,
    /// The pages of its TOAST table.
    pub toast_pages: u64,
    /// What the planner does with a search by hand, where it is not this index.
    pub instead: Option<String>,
}

/// What holds for all indexes of a server.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// `shared_buffers` in bytes.
    pub shared_buffers: u64,
    /// The version of pgvector.
    pub pgvector: Option<String>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthProblem {
    /// The index, as SQL; None where it is the server.
    pub index: Option<String>,
    /// What it is.
    pub kind: HealthKind,
    /// In words.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthKind {
    /// The index is invalid.
    Invalid,
    /// An interrupted REINDEX CONCURRENTLY left it.
    LeftOver,
    /// Many rows of the table are no longer there, but still in the index.
    DeadRows,
    /// The graph does not fit in `shared_buffers`.
    Memory,
    /// The lists do not fit the number of rows.
    Lists,
    /// The planner does not use it for a search without settings.
    Planner,
    /// The version of pgvector has a known fault.
    Version,
}

/// Fewer rows than this are compared in a few milliseconds.
const FEW_ROWS: u64 = 10_000;
/// More dead rows than this share make searches visit them.
const DEAD: f64 = 0.2;
/// Fewer are removed by the next VACUUM.
const FEW_DEAD: u64 = 1_000;
/// Rows of a list: pgvector's README proposes 1,000, or the square root of the rows above a million.
const ROWS_OF_LIST: (u64, u64) = (20, 20_000);

/// A fault of pgvector, from the version that has it to that which has not.
struct Fault {
    from: &'static str,
    to: &'static str,
    method: Option<VectorMethod>,
    what: &'static str,
    remedy: &'static str,
}

/// By its CHANGELOG.
const FAULTS: [Fault; 5] = [
    Fault {
        from: "0.6.0",
        to: "0.8.2",
        method: Some(VectorMethod::Hnsw),
        what: "parallel builds of HNSW indexes can write beyond a buffer",
        remedy: "update pgvector; until then SET max_parallel_maintenance_workers = 0 before builds",
    },
    Fault {
        from: "0.5.0",
        to: "0.8.4",
        method: Some(VectorMethod::Hnsw),
        what: "VACUUM can damage the graph of an HNSW index",
        remedy: "update pgvector, then REINDEX INDEX CONCURRENTLY the HNSW indexes",
    },
    Fault {
        from: "0.8.4",
        to: "0.8.5",
        method: Some(VectorMethod::Ivfflat),
        what: "builds of IVFFlat indexes on small tables can fail with \"memory required\"",
        remedy: "update pgvector",
    },
    Fault {
        from: "0.7.0",
        to: "0.7.3",
        method: Some(VectorMethod::Hnsw),
        what: "inserts into HNSW indexes on sparsevec can fail with \"failed to add index item\"",
        remedy: "update pgvector",
    },
    Fault {
        from: "0.1.0",
        to: "0.8.0",
        method: None,
        what: "there are no iterative scans, so searches with a filter can return too few rows",
        remedy: "update pgvector",
    },
];

/// What is wrong with vector indexes.
#[must_use]
pub fn problems(indexes: &[Condition], server: &Server) -> Vec<HealthProblem> {
    let mut found: Vec<HealthProblem> = indexes.iter().flat_map(|it| it.problems(server)).collect();
    let has = |method: Option<VectorMethod>| {
        indexes.iter().any(|it| method.is_none_or(|method| it.method == method))
    };
    let version = server.pgvector.as_deref().and_then(version);
    let is_hit = |it: &&Fault| {
        version.is_some_and(|found| {
            version_of(it.from) <= found && found < version_of(it.to) && has(it.method)
        })
    };
    found.extend(FAULTS.iter().filter(is_hit).map(|it| HealthProblem {
        index: None,
        kind: HealthKind::Version,
        message: format!(
            "pgvector {}: {}",
            server.pgvector.as_deref().unwrap_or_default(),
            it.what
        ),
        remedy: it.remedy.to_owned(),
    }));
    found
}

impl Condition {
    fn problems(&self, server: &Server) -> Vec<HealthProblem> {
        let Self { index, table, .. } = self;
        if self.is_left_over {
            let message =
                "an interrupted REINDEX CONCURRENTLY left it; no query uses it".to_owned();
            let remedy = format!("DROP INDEX CONCURRENTLY {index};");
            return vec![self.problem(HealthKind::LeftOver, message, remedy)];
        }
        if !self.valid {
            let message =
                "INVALID: its build was interrupted or failed, and no query uses it".to_owned();
            let remedy = format!("REINDEX INDEX CONCURRENTLY {index};");
            return vec![self.problem(HealthKind::Invalid, message, remedy)];
        }
        let mut found = Vec::new();
        let all = self.live.saturating_add(self.dead);
        if self.dead > FEW_DEAD && ratio(self.dead, all) > DEAD {
            let share = 100.0 * ratio(self.dead, all);
            let message = format!(
                "{share:.0} % of the rows of {table} are dead, and searches still visit them"
            );
            let remedy = format!("REINDEX INDEX CONCURRENTLY {index}; VACUUM {table};");
            found.push(self.problem(HealthKind::DeadRows, message, remedy));
        }
        if self.method == VectorMethod::Hnsw && self.bytes > server.shared_buffers {
            let message = format!(
                "the graph has {}, shared_buffers {}: searches read it from elsewhere",
                bytes(self.bytes),
                bytes(server.shared_buffers)
            );
            let remedy = "raise shared_buffers, or index something smaller: a cast to halfvec, binary_quantize";
            found.push(self.problem(HealthKind::Memory, message, remedy.to_owned()));
        }
        found.extend(self.lists_problem());
        if let Some(instead) = self.instead.as_ref().filter(|_| self.rows >= FEW_ROWS) {
            let toast = if self.toast_pages > self.pages {
                ", for it does not count the pages of TOASTed vectors"
            } else {
                ""
            };
            let message =
                format!("the planner prefers a {instead} for a search without settings{toast}");
            let remedy = "searches of generated code are not affected; before others: SET LOCAL enable_sort = off";
            found.push(self.problem(HealthKind::Planner, message, remedy.to_owned()));
        }
        found
    }

    fn lists_problem(&self) -> Option<HealthProblem> {
        if self.method != VectorMethod::Ivfflat || self.rows == 0 {
            return None;
        }
        let of_list = self.rows / u64::from(self.lists.max(1));
        let (fewest, most) = ROWS_OF_LIST;
        if (fewest..=most).contains(&of_list) {
            return None;
        }
        let wanted =
            if self.rows > 1_000_000 { self.rows.isqrt() } else { (self.rows / 1000).max(1) };
        let effect = if of_list < fewest { "recall is low" } else { "searches compare many rows" };
        let message = format!("{} lists for about {} rows: {effect}", self.lists, self.rows);
        let remedy = format!("build it again with lists = {wanted}");
        Some(self.problem(HealthKind::Lists, message, remedy))
    }

    fn problem(&self, kind: HealthKind, message: String, remedy: String) -> HealthProblem {
        HealthProblem { index: Some(self.index.clone()), kind, message, remedy }
    }
}

impl HealthProblem {
    /// In a line.
    #[must_use]
    pub fn line(&self) -> String {
        match &self.index {
            Some(index) => format!("index {index}: {}", self.message),
            None => self.message.clone(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The numbers of a version; none of what is no version.
fn version(text: &str) -> Option<[u32; 3]> {
    let mut numbers = text.split('.').map(|it| it.parse::<u32>().ok());
    let first = numbers.next()??;
    Some([first, numbers.next().unwrap_or(Some(0))?, numbers.next().unwrap_or(Some(0))?])
}

fn version_of(text: &'static str) -> [u32; 3] {
    version(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy(method: VectorMethod) -> Condition {
        Condition {
            index: "docs_v_idx".to_owned(),
            table: "docs".to_owned(),
            method,
            valid: true,
            is_left_over: false,
            bytes: 1 << 20,
            rows: 100_000,
            live: 100_000,
            dead: 10_000,
            lists: 100,
            pages: 1_000,
            toast_pages: 50_000,
            instead: None,
        }
    }

    fn server(version: &str) -> Server {
        Server { shared_buffers: 128 << 20, pgvector: Some(version.to_owned()) }
    }

    #[track_caller]
    fn check(condition: Condition, expected: &[(HealthKind, &str)]) {
        let found = problems(&[condition], &server("0.8.7"));
        let found: Vec<_> = found.iter().map(|it| (it.kind, it.remedy.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_wrong_with_an_index() {
        let hnsw = || healthy(VectorMethod::Hnsw);
        let ivfflat = || healthy(VectorMethod::Ivfflat);
        check(hnsw(), &[]);
        check(ivfflat(), &[]);
        let reindex = "REINDEX INDEX CONCURRENTLY docs_v_idx;";
        check(Condition { valid: false, ..hnsw() }, &[(HealthKind::Invalid, reindex)]);
        let left = Condition { valid: false, is_left_over: true, ..hnsw() };
        check(left, &[(HealthKind::LeftOver, "DROP INDEX CONCURRENTLY docs_v_idx;")]);
        let dead = "REINDEX INDEX CONCURRENTLY docs_v_idx; VACUUM docs;";
        check(Condition { dead: 50_000, ..hnsw() }, &[(HealthKind::DeadRows, dead)]);
        check(Condition { dead: 900, live: 100, ..hnsw() }, &[]);
        let large = Condition { bytes: 1 << 30, ..hnsw() };
        assert_eq!(problems(&[large], &server("0.8.7"))[0].kind, HealthKind::Memory);
        check(Condition { bytes: 1 << 30, ..ivfflat() }, &[]);
        check(
            Condition { lists: 10_000, ..ivfflat() },
            &[(HealthKind::Lists, "build it again with lists = 100")],
        );
        check(
            Condition { lists: 10, rows: 4_000_000, ..ivfflat() },
            &[(HealthKind::Lists, "build it again with lists = 2000")],
        );
        let avoided = Condition { instead: Some("sequential scan of docs".to_owned()), ..hnsw() };
        let found = problems(std::slice::from_ref(&avoided), &server("0.8.7"));
        assert!(
            found[0].message.ends_with("does not count the pages of TOASTed vectors"),
            "{found:?}"
        );
        check(Condition { rows: 900, ..avoided }, &[]);
    }

    #[test]
    fn versions_have_faults() {
        let count = |method, version: &str| problems(&[healthy(method)], &server(version)).len();
        assert_eq!(count(VectorMethod::Hnsw, "0.8.1"), 2);
        assert_eq!(count(VectorMethod::Hnsw, "0.8.3"), 1);
        assert_eq!(count(VectorMethod::Hnsw, "0.8.5"), 0);
        assert_eq!(count(VectorMethod::Ivfflat, "0.8.4"), 1);
        assert_eq!(count(VectorMethod::Ivfflat, "0.7.4"), 1);
        assert_eq!(count(VectorMethod::Hnsw, "unknown"), 0);
        assert!(problems(&[], &server("0.8.1")).is_empty());
        assert!(FAULTS.iter().all(|it| version_of(it.from) < version_of(it.to)));
    }
}
