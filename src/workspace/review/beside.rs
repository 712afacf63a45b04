//! Statements outside of a transaction, which hold their locks only while they run: other sessions make them wait
//! briefly, and one looks at their locks meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use tokio_postgres::types::Oid;

use crate::connection::Connection;
use crate::review::RelationKind;
use crate::scratch::{NotRun, ScratchDatabase, ScratchError};
use crate::sql_text::{ScriptStatement, Token};

use super::look::{self, Locks, Relation, Relations, strengthen};

/// So many tables are held each by itself.
const FEW: usize = 4;

/// How long to wait before another look.
const PAUSE: Duration = Duration::from_millis(5);

/// What the others hold: something that the statement waits for, whether it wants the table for itself, waits for
/// writes, or for reads.
const HELD: [&str; 3] = ["SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"];

/// What came of it.
#[derive(Debug)]
pub struct Beside {
    /// Why it was refused, if it was.
    pub done: Result<(), NotRun>,
    /// The locks that it has taken on what was there before.
    pub locks: Locks,
    /// Whether anybody could look.
    pub watched: bool,
}

/// Runs a statement by its text, and gives the locks that it takes, where there can be other sessions.
///
/// # Errors
/// When another session gets no connection.
pub async fn run(
    database: &ScratchDatabase,
    statement: &ScriptStatement,
    text: &str,
    relations: &Relations,
) -> Result<Beside, ScratchError> {
    let Some(watcher) = database.another().await? else {
        let done = database.run(text).await;
        return Ok(Beside { done, locks: Locks::new(), watched: false });
    };
    let own = pid(database).await?;
    let mut others = BTreeMap::new();
    for (pid, session) in holders(database, tables(relations, statement)).await? {
        others.insert(pid, session);
    }
    let mut locks = Locks::new();
    let mut running = pin!(database.run(text));
    let done = loop {
        let turn = tokio::time::timeout(PAUSE, &mut running).await;
        for (oid, level) in look::locks(&watcher, Some(own)).await.unwrap_or_default() {
            strengthen(&mut locks, oid, level);
        }
        if let Ok(done) = turn {
            break done;
        }
        for pid in blocking(&watcher, own).await {
            if let Some(session) = others.remove(&pid) {
                session.close().await;
            }
        }
    };
    for session in others.into_values() {
        session.close().await;
    }
    watcher.close().await;
    locks.retain(|oid, _| relations.contains_key(oid));
    Ok(Beside { done, locks, watched: true })
}

/// Sessions that hold locks on tables, as far as they get them: one for each lock, so that each is waited for by
/// itself; of many tables one for all of them.
async fn holders(
    database: &ScratchDatabase,
    tables: Vec<String>,
) -> Result<Vec<(i32, Connection)>, ScratchError> {
    let groups = match tables.as_slice() {
        [] => Vec::new(),
        few if few.len() <= FEW => tables.iter().map(|it| format!("ONLY {it}")).collect(),
        many => vec![many.join(", ")],
    };
    let mut holders = Vec::new();
    for (tables, mode) in groups.iter().flat_map(|it| HELD.map(|mode| (it, mode))) {
        let Some(session) = database.another().await? else { continue };
        let hold = format!(
            "SET lock_timeout = '1s'; SET search_path = public; BEGIN; LOCK TABLE {tables} IN {mode} MODE"
        );
        match session.batch_execute(&hold).await {
            Ok(()) => holders.push((pid(&session).await?, session)),
            Err(_) => session.close().await,
        }
    }
    Ok(holders)
}

/// The tables that a statement names, or whose indexes it names, with their partitions; all, where it names none.
fn tables(relations: &Relations, statement: &ScriptStatement) -> Vec<String> {
    let names = |relation: &str| {
        let bare = relation.rsplit('.').next().unwrap_or(relation).trim_matches('"');
        statement.tokens.iter().any(|it| match it {
            Token::Word(it) | Token::Name(it) => it == bare,
            Token::Literal | Token::Symbol(_) => false,
        })
    };
    let of_table = |it: &(&Oid, &Relation)| it.1.table.unwrap_or(*it.0);
    let named = relations.iter().filter(|(_, it)| names(&it.name));
    let mut wanted: BTreeSet<Oid> = named.map(|it| of_table(&it)).collect();
    loop {
        let is_part = |it: &Relation| it.parent.is_some_and(|it| wanted.contains(&it));
        let parts = relations.iter().filter(|(_, it)| is_part(it)).map(|it| of_table(&it));
        let more: Vec<Oid> = parts.filter(|it| !wanted.contains(it)).collect();
        if more.is_empty() {
            break;
        }
        wanted.extend(more);
    }
    let tables = relations.iter().filter(|(oid, it)| {
        it.kind == RelationKind::Table && (wanted.is_empty() || wanted.contains(oid))
    });
    tables.map(|(_, it)| it.name.clone()).collect()
}

async fn pid(session: &Connection) -> Result<i32, tokio_postgres::Error> {
    let row = session.query_one("SELECT pg_catalog.pg_backend_pid()", &[]).await?;
    Ok(row.get(0))
}

async fn blocking(watcher: &Connection, own: i32) -> Vec<i32> {
    let row = watcher.query_one("SELECT pg_catalog.pg_blocking_pids($1)", &[&own]).await;
    row.map(|it| it.get(0)).unwrap_or_default()
}
