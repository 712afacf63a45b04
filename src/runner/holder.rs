//! Another session that holds a lock: who it is, and whether it still runs the same work.

use std::fmt;
use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::model::ident::without_public;

/// Of a query of somebody else no more is shown.
const LONGEST_QUERY: usize = 100;
/// A run is never idle for so long: it pauses for ten seconds at most.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Another session that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its backend.
    pub pid: i32,
    /// Its application name.
    pub application: String,
    /// Its user.
    pub user: String,
    /// Since when its transaction runs, or its session where it is in none; where the server tells.
    pub since: Option<String>,
    /// What it does: `active`, `idle in transaction`, …; where the server tells.
    pub state: Option<String>,
    /// Its query, the last one where it is idle; where the server tells.
    pub query: Option<String>,
    /// What it is as autovacuum; None where it is a session.
    pub autovacuum: Option<Autovacuum>,
}

/// An autovacuum worker that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autovacuum {
    /// The table as SQL, with its schema; None where it is none that can be locked, such as a TOAST table.
    pub table: Option<String>,
    /// Whether it prevents wraparound of transaction IDs, so that PostgreSQL does not cancel it.
    pub prevents_wraparound: bool,
}

impl fmt::Display for Autovacuum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("autovacuum")?;
        let Some(table) = &self.table else { return Ok(()) };
        write!(f, " of {}", without_public(table))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(autovacuum) = &self.autovacuum {
            let why = if autovacuum.prevents_wraparound { " to prevent wraparound" } else { "" };
            write!(f, "{autovacuum}{why}, pid {}", self.pid)?;
            return self.since.iter().try_for_each(|since| write!(f, ", since {since}"));
        }
        write!(f, "pid {}, `{}`, user {}", self.pid, self.application, self.user)?;
        if let Some(since) = &self.since {
            write!(f, ", since {since}")?;
        }
        if let Some(state) = &self.state {
            write!(f, ", {state}")?;
        }
        match &self.query {
            Some(query) => write!(f, ": {query}"),
            None => Ok(()),
        }
    }
}

impl Holder {
    pub(super) fn read(row: &Row) -> Self {
        let text = |column: &str| row.get::<_, Option<String>>(column).filter(|it| !it.is_empty());
        Self {
            pid: row.get("pid"),
            application: text("application").unwrap_or_default(),
            user: text("user_name").unwrap_or_default(),
            since: text("since"),
            state: text("state"),
            // A role without privileges is shown this in its place (manual, "pg_stat_activity").
            query: text("query").filter(|it| it != "<insufficient privilege>").map(|it| brief(&it)),
            autovacuum: None,
        }
    }

    /// The same, where the query says whether it is autovacuum.
    fn read_blocking(row: &Row) -> Self {
        let autovacuum = row.get::<_, bool>("is_autovacuum").then(|| Autovacuum {
            table: row.get("table_name"),
            prevents_wraparound: row.get("prevents_wraparound"),
        });
        Self { autovacuum, ..Self::read(row) }
    }
}

/// The beginning of a query in one line. What may be a password is left out.
fn brief(query: &str) -> String {
    let line = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let secret = line.to_ascii_lowercase().find("password").map(|it| it + "password".len());
    let end = line.char_indices().nth(LONGEST_QUERY).map_or(line.len(), |(at, _)| at);
    let end = end.min(secret.unwrap_or(line.len()));
    let more = if end < line.len() { "…" } else { "" };
    format!("{}{more}", &line[..end])
}

/// Who keeps a session waiting for a lock, asked over another one.
pub(super) async fn sessions_blocking(
    pid: i32,
    witness: &Client,
) -> Result<Vec<Holder>, tokio_postgres::Error> {
    let sql = include_str!("queries/holders.sql");
    let rows = witness.query_typed(sql, &[(&pid, Type::INT4)]).await?;
    Ok(rows.iter().map(Holder::read_blocking).collect())
}

/// What was seen of the session that holds the runners' lock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    /// What calls itself so.
    pub(super) application: &'a str,
    /// Whether it does nothing; None where the server does not tell.
    pub(super) idle: Option<bool>,
    /// Since when.
    pub(super) quiet_for: Option<Duration>,
}

/// What the looks at the holder of the runners' lock come to.
#[derive(Debug, Default)]
pub(super) struct Suspicion {
    /// How long ago another application was seen in the session for the first time.
    strange_looks: u32,
    strange_since: Option<Duration>,
}

/// What every run calls its session.
pub(super) const APPLICATION: &str = "aludel";
/// Another application name must be seen this often, and for this long: a revision can change the name
/// of the session briefly.
const STRANGE_LOOKS: u32 = 3;
const STRANGE_FOR: Duration = Duration::from_secs(3);

impl Suspicion {
    /// Whether the lock was left behind: no run has it any more. A pooler that gives a session to
    /// somebody else keeps the locks that were taken in it.
    pub(super) fn grows(&mut self, now: Duration, look: Look<'_>) -> bool {
        let idle = look.idle.unwrap_or(true);
        if look.application == APPLICATION {
            *self = Self::default();
            let silent = look.quiet_for.is_some_and(|it| it >= LONGEST_SILENCE);
            return look.idle == Some(true) && silent;
        }
        let since = *self.strange_since.get_or_insert(now);
        self.strange_looks += u32::from(idle);
        self.strange_looks >= STRANGE_LOOKS && now.saturating_sub(since) >= STRANGE_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_brief_and_without_passwords() {
        assert_eq!(brief("LOCK\n  TABLE t"), "LOCK TABLE t");
        assert_eq!(brief("ALTER ROLE a PASSWORD 'x'"), "ALTER ROLE a PASSWORD…");
        assert_eq!(brief(&"é".repeat(101)), format!("{}…", "é".repeat(100)));
    }

    #[test]
    fn autovacuum_is_called_so() {
        let mut holder = Holder {
            pid: 7,
            application: String::new(),
            user: String::new(),
            since: Some("2026-01-02T03:04:05Z".into()),
            state: Some("active".into()),
            query: Some("autovacuum: VACUUM public.items".into()),
            autovacuum: Some(Autovacuum {
                table: Some("public.items".into()),
                prevents_wraparound: false,
            }),
        };
        let since = "pid 7, since 2026-01-02T03:04:05Z";
        assert_eq!(holder.to_string(), format!("autovacuum of items, {since}"));
        holder.autovacuum = Some(Autovacuum { table: None, prevents_wraparound: true });
        assert_eq!(holder.to_string(), format!("autovacuum to prevent wraparound, {since}"));
    }

    #[track_caller]
    fn check(looks: &[(u64, &str, Option<bool>, u64)], expected: bool) {
        let mut suspicion = Suspicion::default();
        let seconds = Duration::from_secs;
        let last = looks.iter().map(|(now, application, idle, quiet)| {
            let quiet_for = idle.map(|_| seconds(*quiet));
            suspicion.grows(seconds(*now), Look { application, idle: *idle, quiet_for })
        });
        assert_eq!(last.last(), Some(expected), "{looks:?}");
    }

    #[test]
    fn a_run_is_known_by_its_name_and_by_what_it_does() {
        check(&[(0, "aludel", Some(true), 29)], false);
        check(&[(0, "aludel", Some(true), 30)], true);
        check(&[(0, "aludel", Some(false), 3000)], false);
        check(&[(0, "aludel", None, 0)], false);
        check(&[(0, "app", Some(true), 0)], false);
        check(
            &[(0, "app", Some(true), 0), (1, "", Some(true), 0), (3, "app", Some(true), 0)],
            true,
        );
        check(&[(0, "app", None, 0), (1, "app", None, 0), (2, "app", None, 0)], false);
        check(&[(0, "app", None, 0), (2, "app", None, 0), (3, "app", None, 0)], true);
        // One revision that calls the session otherwise, and works.
        check(
            &[(0, "x", Some(false), 0), (60, "x", Some(false), 0), (90, "x", Some(false), 0)],
            false,
        );
        check(
            &[(0, "x", Some(true), 0), (9, "aludel", Some(false), 0), (10, "x", Some(true), 0)],
            false,
        );
    }
}
