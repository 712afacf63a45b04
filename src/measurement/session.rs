//! The session in which is measured: settings that end, statements that end in time.

use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use crate::recall::settings::{Settings, sql};
use crate::recall::statistics::percentile;

use super::clock::{Clock, milliseconds};

/// A session in a transaction.
pub(super) struct Session<'a> {
    pub(super) client: &'a Client,
    /// The longest time of a statement.
    longest: Option<Duration>,
    /// Whether pgvector has iterative scans.
    pub(super) is_iterative: bool,
    /// Whether the server counts generic plans.
    counts_plans: bool,
    /// `plan_cache_mode`, as the role and the database have it.
    pub(super) plan_cache_mode: String,
    /// The milliseconds of a statement that does nothing.
    pub(super) round_trip: f64,
}

const FACTS: &str = "\
    SELECT (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector'), \
           pg_catalog.current_setting('server_version_num')::int4, \
           pg_catalog.current_setting('plan_cache_mode'), \
           (SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'statement_timeout')";

/// Counters of generic plans came with PostgreSQL 14.
const COUNTS_PLANS: i32 = 140_000;

impl<'a> Session<'a> {
    /// Looks at the server. `longest`: of a statement, unless the role or the database has less.
    pub(super) async fn new(client: &'a Client, longest: Duration) -> Result<Self, Error> {
        let row = client.query_typed(FACTS, &[]).await?;
        let row = &row[0];
        let version: Option<String> = row.try_get(0)?;
        let server: i32 = row.try_get(1)?;
        let timeout: i64 = row.try_get(3)?;
        let timeout = Duration::from_millis(u64::try_from(timeout).unwrap_or(0));
        Ok(Self {
            client,
            longest: [longest, timeout].into_iter().filter(|it| !it.is_zero()).min(),
            is_iterative: version.is_some_and(|it| has_iterative_scans(&it)),
            counts_plans: server >= COUNTS_PLANS,
            plan_cache_mode: row.try_get(2)?,
            round_trip: round_trip(client).await?,
        })
    }

    /// Does something with settings that hold until it ends; None where time ran out.
    pub(super) async fn within<T>(
        &self,
        settings: &Settings,
        clock: &Clock,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, Error> {
        if clock.is_over() {
            return Ok(None);
        }
        let longest = self.longest.map_or(clock.left(), |it| it.min(clock.left()));
        let timeout = longest.as_millis().max(1);
        let settings = sql(settings);
        self.client
            .batch_execute(&format!(
                "SAVEPOINT aludel; {settings} SET LOCAL statement_timeout = {timeout}"
            ))
            .await?;
        let done = work.await;
        let ended = self.client.batch_execute("ROLLBACK TO aludel; RELEASE aludel").await;
        match done {
            Ok(done) => {
                ended?;
                Ok(Some(done))
            }
            Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
                ended?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// How many generic plans a prepared statement has had.
    pub(super) async fn generic_plans(&self, statement: &str) -> Result<i64, Error> {
        if !self.counts_plans {
            return Ok(0);
        }
        let row = self
            .client
            .query_one(
                "SELECT coalesce(sum(generic_plans), 0)::int8 FROM pg_catalog.pg_prepared_statements \
                 WHERE statement = $1",
                &[&statement],
            )
            .await?;
        row.try_get(0)
    }
}

/// The time of a statement that does nothing, the middle of some.
async fn round_trip(client: &Client) -> Result<f64, Error> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        client.query_typed("SELECT 1", &[]).await?;
        times.push(milliseconds(begun.elapsed()));
    }
    Ok(percentile(&times, 0.5).unwrap_or_default())
}

/// Whether a version of pgvector has iterative scans, which came with 0.8.0.
fn has_iterative_scans(version: &str) -> bool {
    let mut numbers = version.split('.').map(|it| it.parse::<u32>().unwrap_or(0));
    (numbers.next(), numbers.next()) >= (Some(0), Some(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterative_scans_came_with_0_8() {
        let has = ["0.7.4", "0.8.0", "0.10.1", "1.0.0", "x"].map(has_iterative_scans);
        assert_eq!(has, [false, true, true, true, false]);
    }
}
