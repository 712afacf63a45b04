//! The fence around a scratch database on a server: a role that owns this one database and may do
//! nothing else in the cluster, logged in as itself. SET ROLE would be no fence, for RESET ROLE leaves
//! it. What a file tries beyond its database the server refuses.
//!
//! PostgreSQL reserves for superusers what reaches into the cluster, what could bring the server down,
//! and a few definitions that do neither. Those few are made for the role by the role of the user
//! ([`is_for_administrator`]).

use tokio::sync::OnceCell;

use crate::connection::{Address, Connection, connect, ignore_notices};
use crate::model::ident::Ident;
use crate::sql_text::{Statement, Token, split};

/// Gives the role what an extension brought: the use of its foreign-data wrappers, and its schemas.
const GIVE: &str = include_str!("queries/give.sql");

/// The event triggers that would fire for an administrator, with what turns each on again. None fires
/// for statements about event triggers (manual, "Overview of Event Trigger Behavior").
const EVENT_TRIGGERS: &str = "SELECT evtname::text AS name, \
     CASE evtenabled WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' \
                     ELSE 'ENABLE' END AS enable \
     FROM pg_catalog.pg_event_trigger WHERE evtenabled OPERATOR(pg_catalog.<>) 'D'";

/// A role that has one database, and the user's role in that database.
pub(super) struct Fence {
    role: String,
    administrator: Address,
    session: OnceCell<Connection>,
}

impl Fence {
    /// The fence of a role; the address leads to its database as the user.
    pub(super) fn new(role: &str, administrator: Address) -> Self {
        Self { role: role.to_owned(), administrator, session: OnceCell::new() }
    }

    /// Makes the schema `public` the role's. Since version 15 it belongs to whoever owns the database.
    pub(super) async fn give_public(&self) {
        if let Ok(session) = self.session().await
            && session.major_version().is_some_and(|it| it < 15)
        {
            // Where the user may not either, all may create in it.
            let sql = format!("ALTER SCHEMA public OWNER TO {}", self.role);
            let _ = session.batch_execute(&sql).await;
        }
    }

    /// Runs SQL that the role was refused, if the one statement in it beside settings is for an
    /// administrator; None where it is not. The settings are the caller's to have run.
    pub(super) async fn administer(
        &self,
        statement: &Statement,
        search_path: &str,
    ) -> Option<Result<(), tokio_postgres::Error>> {
        let session = self.session().await.ok()?;
        let done = self.try_administer(session, statement, search_path).await;
        if done.is_err() {
            let _ = session.batch_execute("ROLLBACK").await;
        }
        Some(done)
    }

    async fn try_administer(
        &self,
        session: &Connection,
        statement: &Statement,
        search_path: &str,
    ) -> Result<(), tokio_postgres::Error> {
        session.batch_execute("BEGIN; SET LOCAL search_path TO pg_catalog, pg_temp").await?;
        let mut on = Vec::new();
        if !is_about_event_trigger(statement) {
            // What they call was written by whoever wrote the file.
            for row in session.query(EVENT_TRIGGERS, &[]).await? {
                let name = Ident::new(row.get::<_, &str>("name"));
                session.batch_execute(&format!("ALTER EVENT TRIGGER {name} DISABLE")).await?;
                on.push(format!("ALTER EVENT TRIGGER {name} {}", row.get::<_, &str>("enable")));
            }
        }
        let path = "SELECT pg_catalog.set_config('search_path', $1, true)";
        session.query_one(path, &[&search_path]).await?;
        session.batch_execute(&statement.text).await?;
        session.batch_execute("SET LOCAL search_path TO pg_catalog, pg_temp").await?;
        session.batch_execute(&GIVE.replace("{role}", &self.role)).await?;
        for sql in on {
            session.batch_execute(&sql).await?;
        }
        session.batch_execute("COMMIT").await
    }

    async fn session(&self) -> Result<&Connection, crate::connection::ConnectError> {
        let open = || connect(&self.administrator, ignore_notices());
        self.session.get_or_try_init(open).await
    }

    pub(super) async fn close(self) {
        if let Some(session) = self.session.into_inner() {
            session.close().await;
        }
    }
}

/// The one statement of a text that is more than a setting, if it is for an administrator; the
/// settings come first.
pub(super) fn for_administrator(sql: &str) -> Option<(Vec<Statement>, Statement)> {
    let (settings, mut others): (Vec<_>, Vec<_>) =
        split(sql).ok()?.into_iter().partition(|it| it.setting().is_some());
    let only = others.pop().filter(|it| others.is_empty() && is_for_administrator(it))?;
    Some((settings, only))
}

/// Whether a statement is one that PostgreSQL wants a superuser for, or the owner of what one has made,
/// and that neither reaches beyond its database nor runs what the file has defined nor could bring the
/// server down: extensions, which the server's administrator has put there; event triggers;
/// publications of all tables; default privileges of other roles.
fn is_for_administrator(statement: &Statement) -> bool {
    // The only one in which an expression could stand: the rows of a publication.
    if statement.tokens.iter().any(|it| it.word() == Some("where")) {
        return false;
    }
    let words: Vec<&str> = statement.tokens.iter().map_while(Token::word).take(4).collect();
    let rest = match words.as_slice() {
        ["create" | "alter" | "drop", rest @ ..] | ["comment", "on", rest @ ..] => rest,
        _ => return false,
    };
    matches!(
        rest,
        ["extension" | "publication", ..]
            | ["event", "trigger", ..]
            | ["default", "privileges", ..]
    )
}

fn is_about_event_trigger(statement: &Statement) -> bool {
    let mut words = statement.tokens.iter().map_while(Token::word).take(4);
    words.any(|it| it == "event")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_does_for_the_role() {
        for sql in [
            "CREATE EXTENSION postgres_fdw",
            "SET search_path TO a; DROP EXTENSION IF EXISTS postgres_fdw",
            "COMMENT ON EXTENSION x IS 'x'",
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
            "ALTER EVENT TRIGGER e ENABLE ALWAYS",
            "CREATE PUBLICATION p FOR ALL TABLES",
            "ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT SELECT ON TABLES TO s",
        ] {
            assert!(for_administrator(sql).is_some(), "{sql}");
        }
    }

    #[test]
    fn what_nobody_does_for_it() {
        for sql in [
            "",
            "SET ROLE postgres",
            "SELECT 1",
            "CREATE EXTENSION a; SELECT f()",
            "CREATE ROLE r",
            "DO $$ BEGIN CREATE EXTENSION a; END $$",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x'",
            "CREATE OPERATOR CLASS o FOR TYPE t USING btree AS OPERATOR 1 <",
            "CREATE CAST (a AS b) WITHOUT FUNCTION",
            "CREATE FOREIGN DATA WRAPPER w VALIDATOR f OPTIONS (a 'b')",
            "CREATE PUBLICATION p FOR TABLES IN SCHEMA a, TABLE b WHERE (f(c))",
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC",
        ] {
            assert!(for_administrator(sql).is_none(), "{sql}");
        }
    }
}
