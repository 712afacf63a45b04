//! The searches by an index, at all settings, without a filter and with each.

use std::time::{Duration, Instant};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Statement};

use crate::model::pgvector::{IterativeScan, VectorMethod};
use crate::recall::counting::Truth;
use crate::recall::ladder::{DEFAULT_EF_SEARCH, DEFAULT_PROBES, Steps};
use crate::recall::plan::Plan;
use crate::recall::settings::{Settings, search as search_settings};
use crate::recall::{IndexRecall, Ladder, Problem, ProblemKind, Sample, Setting, Trial, points};

use super::clock::{Clock, milliseconds};
use super::exact::{Batches, Bounded, truths};
use super::planner::explain;
use super::raw::Parameter;
use super::sample::{Own, Query, share};
use super::session::Session;
use super::statement::Search;
use super::target::Target;
use super::{MeasurementError, Options};

/// So many searches of a setting are explained, for the pages that they read.
const EXPLAINED: usize = 3;
/// So many queries are measured at a setting, even where others then get less time.
const FEWEST: usize = 20;
/// How far the index is read for a bound, which need not be tight.
const EFFORT_OF_BOUNDS: u32 = 200;
/// How many candidates are taken for it.
const RERANK_OF_BOUNDS: u32 = 10;

/// A query with its exact answer.
type Answered<'q> = (&'q Query, Truth);

/// Measures without a filter, then with each.
pub(super) async fn measure(
    session: &Session<'_>,
    target: &Target,
    options: &Options,
    queries: &[Query],
    clock: &Clock,
    report: &mut IndexRecall,
) -> Result<(), MeasurementError> {
    let filters: Vec<Option<&str>> =
        std::iter::once(None).chain(options.filters.iter().map(|it| Some(it.as_str()))).collect();
    for (at, filter) in filters.iter().enumerate() {
        let search = Search { target, filter: *filter };
        let group = Group { session, search, options, clock: clock.share(filters.len() - at) };
        if let Some(problem) = Box::pin(group.unserved(queries)).await? {
            report.problems.push(problem);
            continue;
        }
        let begun = Instant::now();
        let answered = Box::pin(group.answered(queries)).await?;
        report.sample =
            Some(group.sample(report.sample.take(), &answered, queries, begun.elapsed()));
        if answered.is_empty() {
            report.problems.push(no_time(options, filter.as_deref()));
            continue;
        }
        match Box::pin(group.ladders(&answered)).await? {
            Ok(ladders) => report.ladders.extend(ladders),
            Err(problem) => report.problems.push(problem),
        }
    }
    Ok(())
}

/// The searches with a filter, or without one.
struct Group<'a> {
    session: &'a Session<'a>,
    search: Search<'a>,
    options: &'a Options,
    clock: Clock,
}

impl Group<'_> {
    /// Whether something else serves the search.
    async fn unserved(&self, queries: &[Query]) -> Result<Option<Problem>, MeasurementError> {
        let Some(query) = queries.first() else { return Ok(None) };
        let setting = self.usual();
        let plan = self
            .explained("", query, setting, &self.settings(setting, IterativeScan::Off, query))
            .await;
        let plan = plan.map_err(|error| self.refused(error))?;
        Ok(plan.filter(|it| !it.is_served_by(&self.search.target.names)).map(|it| self.other(&it)))
    }

    /// An error of the condition, where there is one.
    fn refused(&self, error: Error) -> MeasurementError {
        match self.search.filter {
            Some(filter) => MeasurementError::Filter {
                table: self.search.target.table.clone(),
                filter: filter.to_owned(),
                error,
            },
            None => error.into(),
        }
    }

    fn other(&self, plan: &Plan) -> Problem {
        let Target { index, names, .. } = self.search.target;
        let filter = self.search.filter.map(|it| format!(" where {it}")).unwrap_or_default();
        let others = plan.other_indexes(names);
        if !others.is_empty() {
            return Problem {
                kind: ProblemKind::OtherIndex,
                message: format!(
                    "another index serves the search of {index}{filter}: {}",
                    others.join(", ")
                ),
                remedy: format!(
                    "one of both is enough; to measure {index}, drop the other one of a copy"
                ),
            };
        }
        let instead = plan.other(names).unwrap_or_else(|| "a sort".to_owned());
        Problem {
            kind: ProblemKind::NotUsed,
            message: format!("{index} does not serve its search{filter}: {instead}"),
            remedy: "a search also reads the tables that inherit from its table: index these, or search ONLY the \
                     table"
                .to_owned(),
        }
    }

    /// The exact answers, as many as there is time for.
    async fn answered<'q>(&self, queries: &'q [Query]) -> Result<Vec<Answered<'q>>, Error> {
        // Half of the time is for the searches by the index.
        let half = self.clock.share(2);
        let mut batches = Batches::new();
        let mut answered = Vec::new();
        let statement = self.prepared().await?;
        while answered.len() < queries.len() {
            let Some(size) = batches.next(half.left()) else { break };
            let end = queries.len().min(answered.len() + size);
            let batch = &queries[answered.len()..end];
            let begun = Instant::now();
            let Some(bounded) = self.bounded(&statement, batch).await? else { break };
            // The first batch can have all the time: without it there is nothing to measure.
            let clock = if answered.is_empty() { &self.clock } else { &half };
            let found =
                Box::pin(truths(self.session, self.search, self.options.k, &bounded, clock))
                    .await?;
            let Some(found) = found else { break };
            answered.extend(batch.iter().zip(found));
            batches.took(batch.len(), begun.elapsed());
        }
        Ok(answered)
    }

    /// The queries, each with the distance of the last of as many rows as are wanted, of those that the index finds.
    async fn bounded<'q>(
        &self,
        statement: &Statement,
        batch: &'q [Query],
    ) -> Result<Option<Vec<Bounded<'q>>>, Error> {
        let Some(first) = batch.first() else { return Ok(Some(Vec::new())) };
        let target = self.search.target;
        let setting = Setting {
            effort: match target.method {
                VectorMethod::Hnsw => EFFORT_OF_BOUNDS.max(self.options.k.saturating_mul(2)),
                VectorMethod::Ivfflat => target.lists().div_ceil(10),
            },
            rerank: target.is_reduced().then_some(RERANK_OF_BOUNDS),
        };
        let k = usize::try_from(self.options.k).unwrap_or(usize::MAX);
        let work = async {
            let mut bounded = Vec::new();
            for query in batch {
                let found = self.found(statement, query, setting).await?;
                bounded.push((query, (found.len() >= k).then(|| found.last().copied()).flatten()));
            }
            Ok(bounded)
        };
        let settings = self.settings(setting, IterativeScan::Relaxed, first);
        self.session.within(&settings, &self.clock, work).await
    }

    /// The ladders with what was measured; or what is wrong with all of it.
    async fn ladders(
        &self,
        answered: &[Answered<'_>],
    ) -> Result<Result<Vec<Ladder>, Problem>, Error> {
        let passes =
            share(self.session, self.search, self.options.seed, &self.clock.share(8)).await?;
        let scans = self.scans();
        let mut ladders = Vec::new();
        // The server counts plans as long as the statement is prepared.
        let statement = self.prepared().await?;
        for (at, scan) in scans.iter().enumerate() {
            let clock = self.clock.share(scans.len() - at);
            let (trials, stopped) =
                Box::pin(self.ladder(&statement, answered, *scan, &clock)).await?;
            ladders.push(Ladder {
                filter: self.search.filter.map(str::to_owned),
                passes,
                iterative_scan: *scan,
                points: points(&trials),
                stopped,
            });
        }
        match self.session.generic_plans(&self.search.by_index()).await? {
            0 => Ok(Ok(ladders)),
            some => Ok(Err(generic(some))),
        }
    }

    /// The trials of a ladder, and why there are no more.
    async fn ladder(
        &self,
        statement: &Statement,
        answered: &[Answered<'_>],
        scan: IterativeScan,
        clock: &Clock,
    ) -> Result<(Vec<Trial>, Option<String>), Error> {
        let settings = self.steps();
        let mut trials: Vec<Trial> = Vec::new();
        for (at, setting) in settings.iter().enumerate() {
            let share = clock.share(settings.len() - at);
            let trial = Box::pin(self.trial(statement, answered, *setting, scan, &share)).await?;
            let Some(trial) = trial else {
                return Ok((trials, Some(self.stopped_before(*setting, scan))));
            };
            let is_enough = trial.is_perfect() && !self.is_asked();
            trials.push(trial);
            if is_enough {
                break;
            }
        }
        Ok((trials, None))
    }

    fn stopped_before(&self, setting: Setting, scan: IterativeScan) -> String {
        let scan = match self.search.filter {
            Some(_) => format!("iterative_scan = {}, ", scan.setting()),
            None => String::new(),
        };
        let rerank = setting.rerank.map(|it| format!("rerank ×{it}, ")).unwrap_or_default();
        let effort = self.search.target.method.effort();
        format!("time ran out before {scan}{rerank}{effort} = {}", setting.effort)
    }

    /// The queries at one setting; None where there is no time for any.
    async fn trial(
        &self,
        statement: &Statement,
        answered: &[Answered<'_>],
        setting: Setting,
        scan: IterativeScan,
        clock: &Clock,
    ) -> Result<Option<Trial>, Error> {
        let Some((first, _)) = answered.first() else { return Ok(None) };
        let settings = self.settings(setting, scan, first);
        let mut buffers = Vec::new();
        for (query, _) in answered.iter().take(EXPLAINED) {
            let plan =
                self.explained("ANALYZE, BUFFERS, TIMING OFF, ", query, setting, &settings).await?;
            let Some(plan) = plan else { break };
            buffers.extend(plan.buffers);
        }
        let work = async {
            let mut trial = Trial { buffers, ..Trial::new(setting) };
            for (query, truth) in answered {
                if clock.is_over() && trial.recalls.len() >= FEWEST || self.clock.is_over() {
                    break;
                }
                let begun = Instant::now();
                let found = self.found(statement, query, setting).await?;
                trial.add(truth, &found, milliseconds(begun.elapsed()));
            }
            Ok(trial)
        };
        let trial = self.session.within(&settings, &self.clock, work).await?;
        Ok(trial.filter(|it| !it.recalls.is_empty()))
    }

    /// The exact distances of the rows that a search finds, without the row that the query is, nearest first.
    async fn found(
        &self,
        statement: &Statement,
        query: &Query,
        setting: Setting,
    ) -> Result<Vec<f64>, Error> {
        let limits = self.limits(query, setting);
        let parameters = self.parameters(query, &limits);
        let values: Vec<_> = parameters.iter().map(|it| it.0).collect();
        let rows = self.session.client.query(statement, &values).await?;
        let mut found = Vec::new();
        for row in &rows {
            let own = Own { table: row.try_get(0)?, place: row.try_get(1)? };
            if query.own.as_ref() != Some(&own) {
                found.push(row.try_get(2)?);
            }
        }
        found.sort_by(f64::total_cmp);
        found.truncate(usize::try_from(self.options.k).unwrap_or(usize::MAX));
        Ok(found)
    }

    async fn explained(
        &self,
        how: &str,
        query: &Query,
        setting: Setting,
        settings: &Settings,
    ) -> Result<Option<Plan>, Error> {
        let limits = self.limits(query, setting);
        let parameters = self.parameters(query, &limits);
        let sql = self.search.by_index();
        let work = explain(self.session, how, &sql, &parameters);
        Ok(self.session.within(settings, &self.clock, work).await?.flatten())
    }

    async fn prepared(&self) -> Result<Statement, Error> {
        self.session.client.prepare_typed(&self.search.by_index(), &self.search.types()).await
    }

    /// How many rows, and how many candidates: one more where one is the query.
    fn limits(&self, query: &Query, setting: Setting) -> [i64; 2] {
        let own = i64::from(query.own.is_some());
        let k = i64::from(self.options.k);
        [k + own, k.saturating_mul(setting.rerank.unwrap_or(1).into()) + own]
    }

    fn parameters<'p>(&self, query: &'p Query, limits: &'p [i64; 2]) -> Vec<Parameter<'p>> {
        let types = self.search.types().into_iter();
        let [limit, candidates] = limits;
        match self.search.target.is_reduced() {
            false => {
                let values: [&(dyn ToSql + Sync); 2] = [&query.key, limit];
                values.into_iter().zip(types).collect()
            }
            true => {
                let values: [&(dyn ToSql + Sync); 4] =
                    [&query.exact, &query.key, limit, candidates];
                values.into_iter().zip(types).collect()
            }
        }
    }

    fn settings(&self, setting: Setting, scan: IterativeScan, query: &Query) -> Settings {
        let (own, iterative) = (query.own.is_some(), self.session.is_iterative);
        let mut settings =
            search_settings(self.search.target.method, setting, scan, own, iterative);
        // Of two settings of a name the later one holds.
        settings.extend(self.options.settings.iter().cloned());
        settings
    }

    /// A setting at which the index is used, if it can be.
    fn usual(&self) -> Setting {
        let effort = match self.search.target.method {
            VectorMethod::Hnsw => DEFAULT_EF_SEARCH,
            VectorMethod::Ivfflat => DEFAULT_PROBES,
        };
        Setting { effort, rerank: self.search.target.is_reduced().then_some(1) }
    }

    fn efforts(&self) -> &[u32] {
        match self.search.target.method {
            VectorMethod::Hnsw => &self.options.ef_search,
            VectorMethod::Ivfflat => &self.options.probes,
        }
    }

    /// Whether settings were asked for, so that all of them are measured.
    fn is_asked(&self) -> bool {
        !self.efforts().is_empty() || !self.options.reranks.is_empty()
    }

    fn steps(&self) -> Vec<Setting> {
        let target = self.search.target;
        let steps = Steps {
            method: target.method,
            lists: target.lists(),
            k: self.options.k,
            is_reduced: target.is_reduced(),
            efforts: self.efforts(),
            reranks: &self.options.reranks,
        };
        steps.settings()
    }

    fn scans(&self) -> Vec<IterativeScan> {
        let all: Vec<IterativeScan> = match (self.options.scans.as_slice(), self.search.filter) {
            ([], None) => vec![IterativeScan::Off],
            ([], Some(_)) => IterativeScan::WORDS.iter().map(|it| it.1).collect(),
            (asked, _) => asked.to_vec(),
        };
        let has = |it: &IterativeScan| {
            it.is_of(self.search.target.method)
                && (self.session.is_iterative || *it == IterativeScan::Off)
        };
        all.into_iter().filter(has).collect()
    }

    fn sample(
        &self,
        before: Option<Sample>,
        answered: &[Answered<'_>],
        queries: &[Query],
        took: Duration,
    ) -> Sample {
        if let Some(before) = before {
            let exact_seconds = before.exact_seconds + took.as_secs_f64();
            return Sample { exact_seconds, ..before };
        }
        let given = self.options.given.as_ref();
        Sample {
            queries: answered.len(),
            asked: queries.len(),
            from: given.map_or_else(|| "rows of the table".to_owned(), |it| it.name.clone()),
            own: given.is_none(),
            exact_seconds: took.as_secs_f64(),
            round_trip_ms: self.session.round_trip,
        }
    }
}

/// There was no time for one exact search.
pub(super) fn no_time(options: &Options, filter: Option<&str>) -> Problem {
    let filter = filter.map(|it| format!(" where {it}")).unwrap_or_default();
    Problem {
        kind: ProblemKind::NoTime,
        message: format!("exact searches{filter} take too long for --time {:?}", options.time),
        remedy: "give it more time, as in --time 10min, or measure a replica or a copy".to_owned(),
    }
}

/// Prepared searches ran with generic plans, in spite of the settings.
fn generic(plans: i64) -> Problem {
    Problem {
        kind: ProblemKind::GenericPlan,
        message: format!(
            "{plans} searches ran with a generic plan, which was made with other settings"
        ),
        remedy: "connect directly, not through a pooler that prepares statements itself".to_owned(),
    }
}
