//! The session that revisions run in: the same settings for each of them, whoever ran before.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Statement};

use super::{RunError, Settings};
use crate::connection::text_pins;
use crate::ledger::store::{Store, Writer};
use crate::render::literal;

/// A setting that does not survive where a pooler changes the backend between two transactions.
const PROBE: &str = "SELECT pg_catalog.set_config('aludel.session', 'here', false), \
                     pg_catalog.pg_backend_pid()";
const PROBE_AGAIN: &str = "SELECT pg_catalog.current_setting('aludel.session', true), \
                           pg_catalog.pg_backend_pid()";
/// How often the probe is repeated: a pooler without other clients tends to give the same backend.
const PROBES: usize = 3;

/// Which backend answers, and whether it knows this session.
type Answer = (Option<String>, i32);

/// The backend's pid, or an error when it changes between transactions.
///
/// A pooler without other clients gives the same backend again and again. Only a second connection
/// shows it for certain: while the first is idle, it is given the very same backend.
pub(super) async fn probe(client: &Client, witness: Option<&Client>) -> Result<i32, RunError> {
    let first = answer(client, PROBE).await?;
    for _ in 0..PROBES {
        if answer(client, PROBE_AGAIN).await? != first {
            return Err(RunError::Pooler);
        }
    }
    let (_, pid) = first;
    match witness {
        Some(witness) if answer(witness, PROBE_AGAIN).await?.1 == pid => Err(RunError::Pooler),
        Some(_) | None => Ok(pid),
    }
}

async fn answer(client: &Client, sql: &str) -> Result<Answer, RunError> {
    let row = client.query_typed_one(sql, &[]).await.map_err(RunError::Server)?;
    Ok((row.get(0), row.get(1)))
}

/// What a run asks and writes again and again.
pub(super) struct Prepared<'a> {
    /// Whether the session still has the lock.
    pub(super) lock_held: Statement,
    /// The ledger.
    pub(super) ledger: Writer<'a>,
}

impl<'a> Prepared<'a> {
    /// Prepares it. The tables of the ledger must be there.
    pub(super) async fn new(client: &'a Client, store: &Store) -> Result<Self, RunError> {
        let sql = include_str!("queries/lock_held.sql");
        let lock_held = client.prepare_typed(sql, &[Type::INT8]).await.map_err(RunError::Server)?;
        Ok(Self { lock_held, ledger: store.writer(client).await? })
    }
}

/// The value of `client_min_messages`, which the user chose and every revision keeps.
pub(super) async fn client_min_messages(client: &Client) -> Result<String, RunError> {
    let sql = "SELECT pg_catalog.current_setting('client_min_messages')";
    let row = client.query_typed_one(sql, &[]).await.map_err(RunError::Server)?;
    Ok(row.get(0))
}

/// Statements that put a session into the state in which every revision begins, whatever an earlier
/// one has set, and in which the ledger is written.
pub(super) fn pins(settings: &Settings, client_min_messages: &str) -> String {
    let build = settings.index_build.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let own = [
        ("application_name", "aludel"),
        ("lock_timeout", settings.lock_timeout.as_str()),
        ("statement_timeout", settings.statement_timeout.as_str()),
        ("client_min_messages", client_min_messages),
    ];
    let mut sql = format!(
        "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; {}; SET search_path = {}",
        text_pins(),
        settings.search_path
    );
    for (name, value) in own.into_iter().chain(build) {
        // The `E` form of a string means the same whatever was set before.
        sql.push_str(&format!("; SET {name} = {}", literal(value)));
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_quoted() {
        let settings = Settings { lock_timeout: "1's".into(), ..Settings::default() };
        let pins = pins(&settings, "warning");
        let begin = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET \
                     standard_conforming_strings = 'on'; ";
        assert!(pins.starts_with(begin), "{pins}");
        let (_, rest) = pins.split_once("xmloption = 'content'; ").unwrap();
        assert_eq!(
            rest,
            "SET search_path = public; \
             SET application_name = 'aludel'; SET lock_timeout = '1''s'; \
             SET statement_timeout = '0'; SET client_min_messages = 'warning'"
        );
    }
}
