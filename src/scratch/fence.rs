//! The isolation of a scratch database on a server: a role that owns this one database and has no
//! other privileges in the cluster, and that logs in itself. SET ROLE would not isolate, because
//! RESET ROLE ends it. The server rejects what a file tries outside of its database.
//!
//! The user's role also has a session in the database. It is opened and configured before any file
//! runs, because settings that the owner makes for the database apply to later sessions; and it
//! only runs statements that it builds itself from the names in a statement ([`Reserved`]).

use crate::connection::{Address, ConnectError, Connection, connect, ignore_notices, text_pins};
use crate::model::ident::Ident;
use crate::render::{drop_own_extension, literal};
use crate::sql_text::{ScriptStatement, Token, split};

/// Gives the role what an extension brought: the use of its foreign-data wrappers, and its schemas.
const GIVE: &str = include_str!("queries/give.sql");

/// Where the user's session looks for names: where no file can have put any.
const PIN_PATH: &str = "SET search_path TO pg_catalog, pg_temp";

/// A role that has one database, and the user's session in that database.
pub(super) struct Fence {
    role: String,
    session: Connection,
}

impl Fence {
    /// Opens the user's session in a database that no file has seen yet.
    pub(super) async fn open(role: &str, address: &Address) -> Result<Self, ConnectError> {
        let session = connect(address, ignore_notices()).await?;
        let fence = Self { role: role.to_owned(), session };
        if fence.session.major_version().is_some_and(|it| it < 15) {
            // Since then it belongs to whoever owns the database. A user who may not give it away has
            // one in which everybody may create.
            let public = format!("ALTER SCHEMA public OWNER TO {role}");
            let _ = fence.session.batch_execute(&public).await;
        }
        Ok(fence)
    }

    /// Pins what the session reads by.
    pub(super) async fn pin(&self) -> Result<(), tokio_postgres::Error> {
        self.session.batch_execute(&format!("{}; {PIN_PATH}", text_pins())).await
    }

    /// Does what only a superuser may and what neither reaches beyond the database nor runs anything that
    /// a file has defined. The schema is the one that new things go into.
    pub(super) async fn administer(
        &self,
        reserved: &Reserved,
        schema: Option<&str>,
    ) -> Result<(), tokio_postgres::Error> {
        let place = schema.filter(|it| !it.starts_with("pg_"));
        let path = place.map_or_else(String::new, |it| {
            format!("SET LOCAL search_path TO {};\n", Ident::new(it))
        });
        let give = GIVE.replace("{role}", &self.role);
        let sql = format!("BEGIN;\n{path}{};\n{PIN_PATH};\n{give};\nCOMMIT", reserved.sql());
        let done = self.session.batch_execute(&sql).await;
        if done.is_err() {
            let _ = self.session.batch_execute("ROLLBACK").await;
        }
        done
    }

    pub(super) async fn close(self) {
        self.session.close().await;
    }
}

/// A statement that PostgreSQL wants a superuser for, or the owner of what one has made, taken apart:
/// about extensions, which the server's administrator has put there, and publications of all tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reserved {
    /// CREATE EXTENSION; a version is left out.
    CreateExtension {
        /// Its name.
        name: Ident,
        /// IF NOT EXISTS.
        unless_there: bool,
        /// SCHEMA.
        schema: Option<Ident>,
        /// CASCADE.
        cascade: bool,
    },
    /// CREATE PUBLICATION … FOR ALL TABLES.
    CreatePublication(Ident),
    /// DROP of either.
    Drop {
        /// EXTENSION or PUBLICATION.
        kind: &'static str,
        /// Their names.
        names: Vec<Ident>,
        /// IF EXISTS.
        if_there: bool,
        /// CASCADE.
        cascade: bool,
    },
    /// COMMENT ON either.
    Comment {
        /// EXTENSION or PUBLICATION.
        kind: &'static str,
        /// Its name.
        name: Ident,
        /// The comment; None takes it off.
        text: Option<String>,
    },
}

impl Reserved {
    fn sql(&self) -> String {
        let when = |condition: bool, words: &'static str| if condition { words } else { "" };
        match self {
            Self::CreateExtension { name, unless_there, schema, cascade } => {
                let unless = when(*unless_there, "IF NOT EXISTS ");
                let schema = schema.as_ref().map_or_else(String::new, |it| format!(" SCHEMA {it}"));
                let cascade = when(*cascade, " CASCADE");
                format!("CREATE EXTENSION {unless}{name}{schema}{cascade}")
            }
            Self::CreatePublication(name) => format!("CREATE PUBLICATION {name} FOR ALL TABLES"),
            Self::Drop { kind, names, if_there, cascade } => {
                let names: Vec<String> = names.iter().map(ToString::to_string).collect();
                let (if_there, cascade) =
                    (when(*if_there, "IF EXISTS "), when(*cascade, " CASCADE"));
                format!("DROP {kind} {if_there}{}{cascade}", names.join(", "))
            }
            Self::Comment { kind, name, text } => {
                let text = text.as_deref().map_or_else(|| "NULL".to_owned(), literal);
                format!("COMMENT ON {kind} {name} IS {text}")
            }
        }
    }

    /// Reads a statement; None where a word of it is not among those that are known here.
    fn read(statement: &ScriptStatement) -> Option<Self> {
        let mut words = Words(&statement.tokens);
        match words.word()? {
            "create" if words.take(&["extension"]) => Self::create_extension(words),
            "create" if words.take(&["publication"]) => {
                let name = words.name()?;
                let all = words.take(&["for", "all", "tables"]) && words.is_done();
                all.then_some(Self::CreatePublication(name))
            }
            "drop" => Self::drop(words),
            "comment" if words.take(&["on"]) => Self::comment(words, statement),
            _ => None,
        }
    }

    fn create_extension(mut words: Words<'_>) -> Option<Self> {
        let unless_there = words.take(&["if", "not", "exists"]);
        let name = words.name()?;
        words.take(&["with"]);
        let schema = if words.take(&["schema"]) { Some(words.name()?) } else { None };
        if words.take(&["version"]) {
            words.skip()?;
        }
        let cascade = words.take(&["cascade"]);
        let is_own = schema.as_ref().is_some_and(|it| it.as_str().starts_with("pg_"));
        (words.is_done() && !is_own).then_some(Self::CreateExtension {
            name,
            unless_there,
            schema,
            cascade,
        })
    }

    fn drop(mut words: Words<'_>) -> Option<Self> {
        let kind = words.kind()?;
        let if_there = words.take(&["if", "exists"]);
        let mut names = vec![words.name()?];
        while words.comma() {
            names.push(words.name()?);
        }
        let cascade = words.take(&["cascade"]);
        words.take(&["restrict"]);
        words.is_done().then_some(Self::Drop { kind, names, if_there, cascade })
    }

    fn comment(mut words: Words<'_>, statement: &ScriptStatement) -> Option<Self> {
        let kind = words.kind()?;
        let name = words.name()?;
        let is = words.take(&["is"]);
        let text = if words.take(&["null"]) {
            None
        } else {
            words.skip()?;
            Some(plain_string(statement)?)
        };
        (is && words.is_done()).then_some(Self::Comment { kind, name, text })
    }
}

/// The string at the end of a statement, where it has no escapes.
fn plain_string(statement: &ScriptStatement) -> Option<String> {
    if !statement.conforming {
        return None;
    }
    let (_, rest) = statement.text.split_once('\'')?;
    let before = statement.text.len() - rest.len() - 1;
    let prefixed = statement.text[..before].ends_with(|it: char| it.is_alphanumeric() || it == '&');
    let inner = rest.strip_suffix('\'')?;
    // A quote inside is written twice.
    let is_one = !inner.replace("''", "").contains('\'');
    (is_one && !prefixed).then(|| inner.replace("''", "'"))
}

/// Tokens that are read one after the other.
struct Words<'a>(&'a [Token]);

impl<'a> Words<'a> {
    fn skip(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn word(&mut self) -> Option<&'a str> {
        self.skip()?.word()
    }

    /// Takes these words, if they come next.
    fn take(&mut self, words: &[&str]) -> bool {
        let come = self.0.len() >= words.len()
            && self.0.iter().zip(words).all(|(it, word)| it.word() == Some(word));
        if come {
            self.0 = &self.0[words.len()..];
        }
        come
    }

    fn kind(&mut self) -> Option<&'static str> {
        let extension = self.take(&["extension"]).then_some("EXTENSION");
        extension.or_else(|| self.take(&["publication"]).then_some("PUBLICATION"))
    }

    fn name(&mut self) -> Option<Ident> {
        match self.skip()? {
            Token::Word(it) | Token::Name(it) => Some(Ident::new(it.as_str())),
            Token::Literal | Token::Symbol(_) => None,
        }
    }

    fn comma(&mut self) -> bool {
        let comes = self.0.first() == Some(&Token::Symbol(','));
        self.0 = &self.0[usize::from(comes)..];
        comes
    }

    fn is_done(&self) -> bool {
        self.0.is_empty()
    }
}

/// The one statement of a text beside settings, if it is reserved; the settings come first.
pub(super) fn reserved(sql: &str) -> Option<(Vec<ScriptStatement>, Reserved)> {
    let (settings, mut others): (Vec<_>, Vec<_>) =
        split(sql).ok()?.into_iter().partition(|it| it.setting().is_some());
    let only = others.pop().filter(|_| others.is_empty())?;
    Some((settings, Reserved::read(&only)?))
}

/// DROP EXTENSION as revisions write it: unless another role owns the extension. Here that is the user's, who
/// made it for the role of the database, so the statement would leave it, and nobody would be told.
pub(super) fn drop_of_own_extension(sql: &str) -> Option<Reserved> {
    let statements = split(sql).ok()?;
    let [statement] = statements.as_slice() else { return None };
    let (_, rest) = statement.text.split_once("DROP EXTENSION ")?;
    let (name, _) = rest.split_once(';')?;
    let bare = split(&format!("DROP EXTENSION IF EXISTS {name}")).ok()?;
    let [bare] = bare.as_slice() else { return None };
    let read = Reserved::read(bare)?;
    let Reserved::Drop { names, .. } = &read else { return None };
    let [name] = names.as_slice() else { return None };
    (drop_own_extension(name) == statement.text).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: Option<&str>) {
        let said = reserved(sql).map(|(_, it)| it.sql());
        assert_eq!(said.as_deref(), expected, "{sql}");
    }

    #[test]
    fn what_is_said_for_the_role() {
        for (sql, said) in [
            ("create extension postgres_fdw", "CREATE EXTENSION postgres_fdw"),
            (
                "SET search_path TO a; CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA \"S\" \
                 VERSION '1.1' CASCADE",
                "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" SCHEMA \"S\" CASCADE",
            ),
            (
                "DROP EXTENSION IF EXISTS a, \"b c\" CASCADE",
                "DROP EXTENSION IF EXISTS a, \"b c\" CASCADE",
            ),
            ("COMMENT ON EXTENSION x IS 'it''s'", "COMMENT ON EXTENSION x IS 'it''s'"),
            ("COMMENT ON EXTENSION x IS NULL", "COMMENT ON EXTENSION x IS NULL"),
            ("CREATE PUBLICATION p FOR ALL TABLES", "CREATE PUBLICATION p FOR ALL TABLES"),
            ("DROP PUBLICATION p RESTRICT", "DROP PUBLICATION p"),
        ] {
            check(sql, Some(said));
        }
    }

    #[test]
    fn what_nobody_says_for_it() {
        for sql in [
            "",
            "SET ROLE postgres",
            "SELECT 1",
            "CREATE EXTENSION a; SELECT f()",
            "CREATE EXTENSION a SCHEMA pg_catalog",
            "CREATE EXTENSION a FROM unpackaged",
            "ALTER EXTENSION a ADD OPERATOR !~ (name, name)",
            "ALTER EXTENSION a SET SCHEMA pg_catalog",
            "COMMENT ON EXTENSION plpgsql IS E'\\''",
            "COMMENT ON EXTENSION plpgsql IS $$a$$",
            "COMMENT ON EXTENSION plpgsql IS '' 'x'",
            "CREATE ROLE r",
            "DO $$ BEGIN CREATE EXTENSION a; END $$",
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
            "ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT SELECT ON TABLES TO s",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x'",
            "CREATE OPERATOR CLASS o FOR TYPE t USING btree AS OPERATOR 1 <",
            "CREATE CAST (a AS b) WITHOUT FUNCTION",
            "CREATE FOREIGN DATA WRAPPER w VALIDATOR f OPTIONS (a 'b')",
            "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert')",
            "CREATE PUBLICATION p FOR TABLE t WHERE (f(c))",
            "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO PUBLIC",
        ] {
            check(sql, None);
        }
    }
}
