//! The session of a run: the same settings for each revision, whatever ran before.

use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, SimpleQueryMessage, Statement};

use super::autovacuum::Waits;
use super::holder::APPLICATION;
use super::{RunError, RunSettings};
use crate::connection::{Witness, text_pins};
use crate::ledger_tables::{Store, Writer};
use crate::render::{literal, reset_all};

/// How long a notification may take. Over a session it is there within a round trip or two.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is tried to find a backend again on which something was left behind.
const ATTEMPTS: usize = 20;

/// The backend's pid, or an error where the connections are no sessions: where a pooler gives each
/// transaction whatever backend is free.
///
/// Backends that stay the same prove nothing: with no other clients they do, and with many they may.
/// So one connection listens on a channel and is silent, and the other notifies it. A silent client
/// of such a pooler has no backend, so that there is nobody who could hand over the notification: it
/// cannot arrive by chance. Nothing is prepared, locked or set before.
pub(super) async fn probe(
    client: &Client,
    witness: Option<&mut Witness<'_>>,
) -> Result<i32, RunError> {
    let pid = backend(client).await?;
    let Some(witness) = witness else { return Ok(pid) };
    let other = backend(witness.client).await?;
    // Cheap, and leaves nothing on the backends of a pooler.
    let same = backend(client).await? == pid && backend(witness.client).await? == other;
    if pid == other || !same {
        return Err(RunError::Pooler);
    }
    let channel = format!("aludel_{:016x}", getrandom::u64().unwrap_or_default());
    let listening = answer(witness.client, &format!("LISTEN {channel}")).await?;
    client.batch_execute(&format!("NOTIFY {channel}")).await.map_err(RunError::Server)?;
    // A notification reaches a session only between its transactions (manual, NOTIFY, "Description"),
    // so the witness has to be idle, which behind such a pooler has no server connection.
    let heard = async {
        while let Some(it) = witness.notifications.recv().await {
            if it == channel {
                return true;
            }
        }
        false
    };
    let heard = tokio::time::timeout(PATIENCE, heard).await.unwrap_or(false);
    for _ in 0..ATTEMPTS {
        if answer(witness.client, &format!("UNLISTEN {channel}")).await? == listening {
            break;
        }
    }
    if heard { Ok(pid) } else { Err(RunError::Pooler) }
}

/// Which backend answers.
async fn backend(client: &Client) -> Result<i32, RunError> {
    let row = client.query_typed_one("SELECT pg_catalog.pg_backend_pid()", &[]).await;
    Ok(row.map_err(RunError::Server)?.get(0))
}

/// Runs a statement, and says which backend did: both are in one message, and so in one transaction.
async fn answer(client: &Client, sql: &str) -> Result<Option<String>, RunError> {
    let sql = format!("{sql}; SELECT pg_catalog.pg_backend_pid()");
    let answers = client.simple_query(&sql).await.map_err(RunError::Server)?;
    Ok(answers.iter().find_map(|it| match it {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

/// Settings by which the server finds out that this client is gone, so that its locks are free: it
/// looks while a statement runs (PostgreSQL 14 and later, where the system can), and asks a silent
/// connection.
const LASTING: &[(&str, &str)] = &[
    ("client_connection_check_interval", "2s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "60s"),
];

/// Those of [`LASTING`] that the server takes: an older one does not know all of them, and some systems
/// cannot look whether a client is still there.
pub(super) async fn lasting(client: &Client) -> Vec<(&'static str, &'static str)> {
    let known = "SELECT name FROM pg_catalog.pg_settings WHERE name = ANY ($1)";
    let names: Vec<&str> = LASTING.iter().map(|it| it.0).collect();
    let Ok(rows) = client.query_typed(known, &[(&names, Type::TEXT_ARRAY)]).await else {
        return Vec::new();
    };
    let known: Vec<String> = rows.iter().map(|it| it.get(0)).collect();
    let known = LASTING.iter().copied().filter(|(name, _)| known.iter().any(|it| it == name));
    let known: Vec<_> = known.collect();
    if set(client, &known).await {
        return known;
    }
    let mut taken = Vec::new();
    for setting in known {
        if set(client, &[setting]).await {
            taken.push(setting);
        }
    }
    taken
}

/// The same as one statement, for a script: what the server does not take is left out.
pub(super) fn lasting_sql() -> String {
    let set = |(name, value): &(&str, &str)| {
        format!(
            "BEGIN PERFORM pg_catalog.set_config('{name}', '{value}', false); \
             EXCEPTION WHEN OTHERS THEN NULL; END; "
        )
    };
    format!("DO $aludel$ BEGIN {}END $aludel$", LASTING.iter().map(set).collect::<String>())
}

/// Whether the server takes some settings.
async fn set(client: &Client, settings: &[(&str, &str)]) -> bool {
    let statements = settings.iter().map(|(name, value)| format!("SET {name} = '{value}';"));
    client.batch_execute(&statements.collect::<String>()).await.is_ok()
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

/// What a run uses of the initial settings of the session.
pub(super) struct Found {
    /// `client_min_messages`, which the user chose and every revision keeps.
    client_min_messages: String,
    /// `deadlock_timeout` in milliseconds.
    deadlock_timeout: i64,
}

impl Found {
    /// The defaults, for a script.
    pub(super) fn usual() -> Self {
        Self { client_min_messages: "notice".to_owned(), deadlock_timeout: 1000 }
    }
}

/// Asks for it.
pub(super) async fn found(client: &Client) -> Result<Found, RunError> {
    let sql = "SELECT pg_catalog.current_setting('client_min_messages'), \
               (SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout')";
    let row = client.query_typed_one(sql, &[]).await.map_err(RunError::Server)?;
    Ok(Found { client_min_messages: row.get(0), deadlock_timeout: row.get(1) })
}

/// How long a statement may wait for a lock. Where nobody has said it, that ends before the server
/// looks for a deadlock, whose victim could be the application.
fn lock_timeout(settings: &RunSettings, deadlock_timeout: i64) -> String {
    let default = RunSettings::default().lock_timeout;
    let milliseconds = default.strip_suffix("ms").and_then(|it| it.parse::<i64>().ok());
    match milliseconds {
        Some(it) if settings.lock_timeout == default && deadlock_timeout <= it => {
            format!("{}ms", (deadlock_timeout / 2).max(1))
        }
        _ => settings.lock_timeout.clone(),
    }
}

/// How long locks are waited for in a session that was found so.
pub(super) fn waits(settings: &RunSettings, found: &Found) -> Waits {
    let usual = lock_timeout(settings, found.deadlock_timeout);
    Waits::new(usual, found.deadlock_timeout)
}

/// Statements that put a session into the state in which every revision begins, whatever an earlier
/// one has set, and in which the ledger is written.
pub(super) fn pins(settings: &RunSettings, found: &Found, lasting: &[(&str, &str)]) -> String {
    let lock_timeout = lock_timeout(settings, found.deadlock_timeout);
    let build = settings.index_build.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let own = [
        ("application_name", APPLICATION),
        ("lock_timeout", lock_timeout.as_str()),
        ("statement_timeout", settings.statement_timeout.as_str()),
        ("client_min_messages", found.client_min_messages.as_str()),
    ];
    let mut sql = format!(
        "RESET SESSION AUTHORIZATION; RESET ROLE; {}; {}; SET search_path = {}",
        reset_all(),
        text_pins(),
        settings.search_path
    );
    for (name, value) in own.into_iter().chain(lasting.iter().copied()).chain(build) {
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
        let settings = RunSettings { lock_timeout: "1's".into(), ..RunSettings::default() };
        let found = Found { client_min_messages: "warning".into(), deadlock_timeout: 1000 };
        let pins = pins(&settings, &found, &[("tcp_keepalives_idle", "30")]);
        assert!(pins.starts_with("RESET SESSION AUTHORIZATION; RESET ROLE; DO "), "{pins}");
        assert!(pins.contains("; SET standard_conforming_strings = 'on'; "), "{pins}");
        let (_, rest) = pins.split_once("xmloption = 'content'; ").unwrap();
        assert_eq!(
            rest,
            "SET search_path = public; \
             SET application_name = 'aludel'; SET lock_timeout = '1''s'; \
             SET statement_timeout = '0'; SET client_min_messages = 'warning'; \
             SET tcp_keepalives_idle = '30'"
        );
    }

    #[test]
    fn the_default_is_below_the_deadlock_timeout() {
        let check = |written: Option<&str>, deadlock_timeout| {
            let settings = RunSettings::default();
            let written = written.map_or(settings.lock_timeout.clone(), str::to_owned);
            lock_timeout(&RunSettings { lock_timeout: written, ..settings }, deadlock_timeout)
        };
        assert_eq!(check(None, 1000), "200ms");
        assert_eq!(check(None, 200), "100ms");
        assert_eq!(check(None, 1), "1ms");
        assert_eq!(check(Some("3s"), 1000), "3s");
    }
}
