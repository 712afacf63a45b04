//! What the catalog and the statistics of a server say of its vector indexes. Nothing is searched.

use std::collections::BTreeMap;

use tokio_postgres::{Client, Error, Row};

use crate::recall::health::{Condition, HealthProblem, Server, problems};
use crate::recall::plan::Plan;

use super::statement::Search;
use super::target::{Target, targets};

/// Nobody waits for long, neither this nor others.
const BEGIN: &str =
    "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'";

/// What is wrong with the vector indexes of a database.
///
/// # Errors
/// When the server does not answer.
pub async fn health(client: &Client) -> Result<Vec<HealthProblem>, Error> {
    client.batch_execute(BEGIN).await?;
    let found = read(client).await;
    let ended = client.batch_execute("ROLLBACK").await;
    let (conditions, server) = found?;
    ended?;
    Ok(problems(&conditions, &server))
}

/// What the statistics say of an index and its table.
struct Statistics {
    is_left_over: bool,
    live: u64,
    dead: u64,
    toast_pages: u64,
}

async fn read(client: &Client) -> Result<(Vec<Condition>, Server), Error> {
    let rows = client.query_typed(include_str!("queries/health.sql"), &[]).await?;
    let mut statistics = BTreeMap::new();
    let mut server = Server::default();
    for row in &rows {
        server.shared_buffers = number(row, "shared_buffers")?;
        server.pgvector = row.try_get("pgvector")?;
        let index: String = row.try_get("index_sql")?;
        statistics.insert(index, of_row(row)?);
    }
    let mut conditions = Vec::new();
    for target in targets(client).await? {
        let Some(of) = statistics.get(&target.index_sql) else { continue };
        let instead = if target.valid { allowed(client, &target).await? } else { None };
        conditions.push(target.condition(of, instead));
    }
    Ok((conditions, server))
}

fn of_row(row: &Row) -> Result<Statistics, Error> {
    Ok(Statistics {
        is_left_over: row.try_get("is_left_over")?,
        live: number(row, "live")?,
        dead: number(row, "dead")?,
        toast_pages: number(row, "toast_pages")?,
    })
}

fn number(row: &Row, name: &str) -> Result<u64, Error> {
    row.try_get::<_, i64>(name).map(|it| u64::try_from(it).unwrap_or(0))
}

/// The same as `instead`; None where the role may not read the table.
async fn allowed(client: &Client, target: &Target) -> Result<Option<String>, Error> {
    client.batch_execute("SAVEPOINT aludel").await?;
    let found = instead(client, target).await;
    client.batch_execute("ROLLBACK TO aludel; RELEASE aludel").await?;
    Ok(found.unwrap_or_default())
}

/// How the planner answers a search by hand for the ten nearest rows, where it does not use the index.
async fn instead(client: &Client, target: &Target) -> Result<Option<String>, Error> {
    let vector = format!("(SELECT NULL::{} OFFSET 0)", target.key.type_sql);
    let sql = Search { target, filter: None }.by_hand(&vector, "10");
    let explained = client.simple_query(&format!("EXPLAIN (FORMAT JSON) {sql}")).await?;
    let lines = explained.iter().filter_map(|it| match it {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan = Plan::read(&lines.collect::<String>());
    Ok(plan.filter(|it| !it.is_served_by(&target.names)).and_then(|it| it.other(&target.names)))
}

impl Target {
    fn condition(&self, of: &Statistics, instead: Option<String>) -> Condition {
        Condition {
            index: self.index_sql.clone(),
            table: self.table.clone(),
            method: self.method,
            valid: self.valid,
            is_left_over: of.is_left_over,
            bytes: self.bytes,
            rows: self.rows,
            live: of.live,
            dead: of.dead,
            lists: self.lists(),
            pages: self.pages,
            toast_pages: of.toast_pages,
            instead,
        }
    }
}
