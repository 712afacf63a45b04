//! Measures how many of the nearest rows a vector index finds, on a server.
//!
//! In: a session, an index, and [`Options`]. Out: [`IndexRecall`]. All that is read is of one snapshot, nothing is
//! written, and each step has its share of the time. What is counted and said is decided in [`crate::recall`].
//!
//! Two things would make any figure meaningless, so both are looked at: a prepared statement with a generic plan,
//! which was made with other settings, and a search that another index, or none, serves.

mod clock;
mod exact;
mod health;
mod ladders;
mod planner;
mod raw;
mod sample;
mod session;
mod statement;
mod target;

use std::time::Duration;

use tokio_postgres::{Client, Error};

use crate::model::pgvector::IterativeScan;
use crate::recall::settings::Settings;
use crate::recall::{IndexRecall, Problem, ProblemKind};

use clock::Clock;
use session::Session;

pub use health::health;
pub use sample::GivenQueries;
pub use target::{Target, targets};

/// What is measured, and for how long.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many rows a search returns.
    pub k: u32,
    /// How many queries are sampled, or taken of those given.
    pub queries: usize,
    /// The queries, where they are not rows of the table.
    pub given: Option<GivenQueries>,
    /// Conditions, each of which is measured on its own.
    pub filters: Vec<String>,
    /// Kinds of iterative scan; where there are none, one without a filter and all with one.
    pub scans: Vec<IterativeScan>,
    /// Values of `hnsw.ef_search`.
    pub ef_search: Vec<u32>,
    /// Values of `ivfflat.probes`.
    pub probes: Vec<u32>,
    /// How many candidates are taken for each row.
    pub reranks: Vec<u32>,
    /// Further settings of searches by the index, which replace those that are sent.
    pub settings: Settings,
    /// The time for an index.
    pub time: Duration,
    /// The longest time of a statement; none where it is zero.
    pub statement_timeout: Duration,
    /// Which rows are sampled.
    pub seed: u32,
    /// The recall that is enough.
    pub at_least: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            k: 10,
            queries: 200,
            given: None,
            filters: Vec::new(),
            scans: Vec::new(),
            ef_search: Vec::new(),
            probes: Vec::new(),
            reranks: Vec::new(),
            settings: Vec::new(),
            time: Duration::from_secs(60),
            statement_timeout: Duration::ZERO,
            seed: 1,
            at_least: 0.95,
        }
    }
}

/// Why an index could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasurementError {
    /// The server refuses something.
    #[error(transparent)]
    Server(#[from] Error),
    /// It cannot read a condition.
    #[error("the server refuses the condition `{filter}` for table {table}")]
    Filter {
        /// The table.
        table: String,
        /// The condition.
        filter: String,
        /// What it says.
        #[source]
        error: Error,
    },
    /// It cannot read a query.
    #[error("the vectors of `{name}` are no queries for {index}")]
    Queries {
        /// The file.
        name: String,
        /// The index.
        index: String,
        /// What it says.
        #[source]
        error: Error,
    },
}

/// One snapshot, in which nothing is written; nobody waits for long.
const BEGIN: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '2s'";

/// Measures an index. The session must not be in a transaction.
///
/// # Errors
/// What the server refuses, such as a condition that it cannot read.
pub async fn measure(
    client: &Client,
    target: &Target,
    options: &Options,
) -> Result<IndexRecall, MeasurementError> {
    client.batch_execute(BEGIN).await?;
    let measured = Box::pin(measured(client, target, options)).await;
    let ended = client.batch_execute("ROLLBACK").await;
    let report = measured?;
    ended?;
    Ok(report.concluded(options.at_least))
}

async fn measured(
    client: &Client,
    target: &Target,
    options: &Options,
) -> Result<IndexRecall, MeasurementError> {
    let mut report = target.report(options.k);
    if !target.valid {
        report.problems.push(invalid(target));
        return Ok(report);
    }
    let clock = Clock::start(options.time);
    let session = Session::new(client, options.statement_timeout).await?;
    let queries = sample::queries(&session, target, options, &clock).await?;
    let Some(first) = queries.first() else {
        let ran_out = clock.is_over();
        report.problems.push(if ran_out { ladders::no_time(options, None) } else { no_rows() });
        return Ok(report);
    };
    let planner = planner::asked(&session, target, options, first, &clock).await?;
    report.problems.extend(planner::problems(&planner, target));
    report.planner = Some(planner);
    ladders::measure(&session, target, options, &queries, &clock, &mut report).await?;
    Ok(report)
}

fn invalid(target: &Target) -> Problem {
    Problem {
        kind: ProblemKind::Invalid,
        message: "the index is INVALID: its build was interrupted or failed, and no query uses it"
            .to_owned(),
        remedy: format!("REINDEX INDEX CONCURRENTLY {};", target.index_sql),
    }
}

fn no_rows() -> Problem {
    Problem {
        kind: ProblemKind::NoRows,
        message: "the table has no rows with a vector that the index has".to_owned(),
        remedy: "measure a database with rows, or a copy of one".to_owned(),
    }
}
