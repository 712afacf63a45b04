//! What the planner does with a search as people write it, without settings.

use tokio_postgres::Error;
use tokio_postgres::types::Type;

use crate::recall::plan::Plan;
use crate::recall::settings::Settings;
use crate::recall::{Planner, Problem, ProblemKind};

use super::Options;
use super::clock::Clock;
use super::raw::{Parameter, plain};
use super::sample::Query;
use super::session::Session;
use super::statement::Search;
use super::target::Target;

/// How many times faster the index must be for the planner to be wrong.
const FASTER: f64 = 2.0;

/// How a search is explained that is also executed.
const ANALYZE: &str = "ANALYZE, TIMING OFF, ";

/// Explains a search by hand, once with the values, once as a prepared statement with a generic plan.
pub(super) async fn asked(
    session: &Session<'_>,
    target: &Target,
    options: &Options,
    query: &Query,
    clock: &Clock,
) -> Result<Planner, Error> {
    let search = Search { target, filter: None };
    let sql = search.by_hand("$1", "$2");
    let limit = i64::from(options.k);
    let parameters: [Parameter<'_>; 2] =
        [(&query.key, plain(target.key.type_oid)), (&limit, Type::INT8)];
    let explained = async |how: &str, settings: &Settings| {
        let work = explain(session, how, &sql, &parameters);
        Ok::<_, Error>(session.within(settings, &clock.share(4), work).await?.flatten())
    };
    let as_it_is = Settings::new();
    let custom = explained("", &as_it_is).await?;
    let uses_index = custom.is_none_or(|it| it.is_served_by(&target.names));
    let mut planner = Planner {
        uses_index,
        instead: None,
        milliseconds: None,
        index_milliseconds: None,
        generic_uses_index: generic(session, target, &sql, clock).await?,
        plan_cache_mode: session.plan_cache_mode.clone(),
    };
    if !uses_index {
        let without_sort = vec![("enable_sort".to_owned(), "off".to_owned())];
        // The first one reads pages that the others find in memory, as the search without the index does.
        let mut times = Vec::new();
        for _ in 0..3 {
            let by_index = explained(ANALYZE, &without_sort).await?;
            times.extend(by_index.and_then(|it| it.milliseconds));
        }
        planner.index_milliseconds = times.into_iter().min_by(f64::total_cmp);
        let instead = explained(ANALYZE, &as_it_is).await?;
        planner.milliseconds = instead.as_ref().and_then(|it| it.milliseconds);
        planner.instead = instead.and_then(|it| it.other(&target.names));
    }
    Ok(planner)
}

/// What EXPLAIN says of a statement with values.
pub(super) async fn explain(
    session: &Session<'_>,
    how: &str,
    sql: &str,
    parameters: &[Parameter<'_>],
) -> Result<Option<Plan>, Error> {
    let sql = format!("EXPLAIN ({how}FORMAT JSON) {sql}");
    let rows = session.client.query_typed(&sql, parameters).await?;
    let text = rows.first().map(|it| it.try_get::<_, Json>(0)).transpose()?;
    Ok(text.and_then(|it| Plan::read(&it.0)))
}

/// Whether the generic plan of a prepared statement uses the index.
async fn generic(
    session: &Session<'_>,
    target: &Target,
    sql: &str,
    clock: &Clock,
) -> Result<bool, Error> {
    let settings = vec![("plan_cache_mode".to_owned(), "force_generic_plan".to_owned())];
    let work = async {
        let prepare = format!("PREPARE aludel ({}, int8) AS {sql}", target.key.type_sql);
        session.client.batch_execute(&prepare).await?;
        let plan = explain(session, "", "EXECUTE aludel (NULL, 1)", &[]).await?;
        session.client.batch_execute("DEALLOCATE aludel").await?;
        Ok(plan)
    };
    let plan = session.within(&settings, clock, work).await?.flatten();
    Ok(plan.is_none_or(|it| it.is_served_by(&target.names)))
}

/// What is wrong with it.
pub(super) fn problems(planner: &Planner, target: &Target) -> Vec<Problem> {
    let mut problems = Vec::new();
    let times = planner.milliseconds.zip(planner.index_milliseconds);
    if let Some((instead, by_index)) = times.filter(|(it, by_index)| *it > FASTER * by_index) {
        problems.push(Problem {
            kind: ProblemKind::PlannerAvoids,
            message: format!(
                "a search without settings does not use {}, and takes {instead:.1} ms instead of {by_index:.1} ms: \
                 the planner does not count the pages of TOASTed vectors",
                target.index
            ),
            remedy: "searches of generated code are not affected; before others: SET LOCAL enable_sort = off, in \
                     the transaction of the search"
                .to_owned(),
        });
    }
    if !planner.generic_uses_index && planner.plan_cache_mode == "force_generic_plan" {
        problems.push(Problem {
            kind: ProblemKind::GenericAvoids,
            message: format!(
                "plan_cache_mode is force_generic_plan here, and the generic plan of a prepared search does not use \
                 {}",
                target.index
            ),
            remedy: "searches of generated code are not affected; before others: SET LOCAL plan_cache_mode = \
                     force_custom_plan, in the transaction of the search"
                .to_owned(),
        });
    }
    problems
}

/// The text of a `json`, as it is.
struct Json(String);

impl<'a> tokio_postgres::types::FromSql<'a> for Json {
    fn from_sql(
        _: &Type,
        bytes: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn accepts(it: &Type) -> bool {
        *it == Type::JSON
    }
}
