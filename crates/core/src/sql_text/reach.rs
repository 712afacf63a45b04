//! Finds statements that affect more than their database, at any visible depth: in statements, in
//! the bodies of routines and DO blocks, in strings that are executed. Statements that a DO block
//! builds at run time are not found.
//!
//! This is used only if nothing else isolates a file: a role without privileges is rejected by the
//! server itself.

use super::lex::{Lexeme, Lexer, Token};

/// Functions that act on the cluster, its files or other sessions, and modules that call out; each
/// the beginning of a name (manual, 9.28 "System Administration Functions", 35.4, appendix F).
const FUNCTIONS: &[&str] = &[
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "pg_rotate_logfile",
    "pg_promote",
    "pg_switch_wal",
    "pg_backup_",
    "pg_create_restore_point",
    "pg_wal_replay_",
    "pg_create_logical_replication_slot",
    "pg_create_physical_replication_slot",
    "pg_drop_replication_slot",
    "pg_copy_logical_replication_slot",
    "pg_copy_physical_replication_slot",
    "pg_replication_",
    "pg_logical_slot_",
    "pg_read_",
    "pg_stat_file",
    "pg_ls_",
    "pg_file_",
    "lo_import",
    "lo_export",
    "dblink",
];

/// A word of a text, or what stands between two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(String),
    /// What stands in the quotes of a string, and between the dollars of one.
    Quoted(String),
    Symbol(char),
}

impl Piece {
    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(it) => Some(it),
            Self::Quoted(_) | Self::Symbol(_) => None,
        }
    }
}

/// The words of a text that reach beyond its database, if there are any.
#[must_use]
pub fn reaches_out(text: &str) -> Option<String> {
    // A text that cannot be read is refused by the server as well.
    let pieces = match pieces(text)? {
        Ok(pieces) => pieces,
        Err(hidden) => return Some(hidden.to_owned()),
    };
    let ends = |it: &Piece| *it == Piece::Symbol(';');
    pieces.split(ends).find_map(reaching).or_else(|| {
        pieces.iter().find_map(|it| match it {
            Piece::Quoted(inner) => reaches_out(inner),
            Piece::Word(_) | Piece::Symbol(_) => None,
        })
    })
}

/// The pieces of a text, or what hides a part of it.
fn pieces(text: &str) -> Option<Result<Vec<Piece>, &'static str>> {
    let mut lexer = Lexer::new(text);
    let mut pieces = Vec::new();
    while let Some((lexeme, span)) = lexer.next().ok()? {
        if let Some(hidden) = hides(&text[span.clone()]) {
            return Some(Err(hidden));
        }
        match lexeme {
            Lexeme::Token(Token::Word(word)) => pieces.push(Piece::Word(word)),
            Lexeme::Token(Token::Name(name)) => pieces.push(Piece::Word(name)),
            Lexeme::Token(Token::Symbol(it)) => pieces.push(Piece::Symbol(it)),
            Lexeme::Token(Token::Literal) => pieces.extend(quoted(&text[span]).map(Piece::Quoted)),
            Lexeme::Comment(_) => {}
        }
    }
    Some(Ok(pieces))
}

/// A string or a name whose letters are written as numbers.
fn hides(token: &str) -> Option<&'static str> {
    let bytes = token.as_bytes();
    match bytes {
        [b'u' | b'U', b'&', b'\'' | b'"', ..] => Some("what U& hides"),
        [b'e' | b'E', b'\'', ..] => {
            let is_number = |it: &[u8]| {
                it[0] == b'\\' && (it[1].is_ascii_digit() || matches!(it[1], b'x' | b'u' | b'U'))
            };
            bytes.windows(2).any(is_number).then_some("what an escape hides")
        }
        _ => None,
    }
}

/// What stands in a string; none for a number.
fn quoted(literal: &str) -> Option<String> {
    if let Some(rest) = literal.strip_prefix('$') {
        let (tag, rest) = rest.split_once('$')?;
        let end = rest.len().checked_sub(tag.len() + 2)?;
        return Some(rest[..end].to_owned());
    }
    let (_, rest) = literal.split_once('\'')?;
    let inner = rest.strip_suffix('\'').unwrap_or(rest);
    Some(inner.replace("''", "'"))
}

/// What reaches out in one statement.
fn reaching(statement: &[Piece]) -> Option<String> {
    let words = |from: usize| statement[from..].iter().map_while(Piece::word);
    (0..statement.len()).find_map(|at| {
        let two: Vec<&str> = words(at).take(3).collect();
        let told = |count: usize| Some(two[..count].join(" ").to_uppercase());
        match two.as_slice() {
            ["create" | "alter" | "drop", "user", "mapping"] => None,
            ["create" | "alter" | "drop", kind, ..] if is_of_the_cluster(kind) => told(2),
            ["drop" | "reassign", "owned", ..] | ["set", "session", "authorization"] => told(2),
            ["grant" | "revoke", ..] => grants_beyond(&statement[at..]),
            ["copy", ..] => copies_out(&statement[at + 1..]),
            ["language", ..] | ["load", ..] => loads(&statement[at..]),
            [function, ..] => {
                let is_called = statement.get(at + 1) == Some(&Piece::Symbol('('));
                let reaches = FUNCTIONS.iter().any(|it| function.starts_with(it));
                (is_called && reaches).then(|| (*function).to_owned())
            }
            [] => None,
        }
    })
}

fn is_of_the_cluster(kind: &str) -> bool {
    let kinds = ["role", "user", "group", "database", "tablespace", "subscription", "system"];
    kinds.contains(&kind)
}

/// Membership in a role, and privileges on what all databases share.
fn grants_beyond(statement: &[Piece]) -> Option<String> {
    let verb = statement.first()?.word()?.to_uppercase();
    let rest = &statement[1..];
    let place = |word: &str| rest.iter().position(|it| it.word() == Some(word));
    let end = place("to").or_else(|| place("from"))?;
    match place("on").filter(|it| *it < end) {
        None => Some(format!("{verb} of a role")),
        Some(on) => {
            let kind = rest.get(on + 1)?.word()?;
            let shared = ["database", "tablespace", "parameter"].contains(&kind);
            shared.then(|| format!("{verb} ON {}", kind.to_uppercase()))
        }
    }
}

/// COPY with a program, or with a file of the server.
fn copies_out(rest: &[Piece]) -> Option<String> {
    rest.windows(2).find_map(|it| match it {
        [Piece::Word(way), Piece::Word(program)]
            if ["to", "from"].contains(&way.as_str()) && program == "program" =>
        {
            Some(format!("COPY {} PROGRAM", way.to_uppercase()))
        }
        [Piece::Word(way), Piece::Quoted(_)] if ["to", "from"].contains(&way.as_str()) => {
            Some(format!("COPY {} a file", way.to_uppercase()))
        }
        _ => None,
    })
}

/// A library of the server, or a language that may do anything: those that are not trusted end in u.
fn loads(statement: &[Piece]) -> Option<String> {
    match statement {
        [Piece::Word(it), Piece::Quoted(_), ..] if it == "load" => Some("LOAD".to_owned()),
        [Piece::Word(it), Piece::Word(name) | Piece::Quoted(name), ..] if it == "language" => {
            let name = name.to_lowercase();
            let any = ["c", "internal"].contains(&name.as_str()) || name.ends_with('u');
            any.then(|| format!("LANGUAGE {name}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_out() {
        for (text, told) in [
            ("CREATE ROLE r", "CREATE ROLE"),
            ("DO $$ BEGIN CREATE ROLE r SUPERUSER; END $$", "CREATE ROLE"),
            ("DO $a$ BEGIN EXECUTE 'drop /* x */ owned BY app'; END $a$", "DROP OWNED"),
            ("SELECT f('alter ' || 'x'); alter system reset all", "ALTER SYSTEM"),
            ("CREATE FUNCTION f() RETURNS void AS 'DROP DATABASE d' LANGUAGE sql", "DROP DATABASE"),
            ("REASSIGN OWNED BY a TO b", "REASSIGN OWNED"),
            ("GRANT admin TO bob", "GRANT of a role"),
            ("GRANT a, b TO bob", "GRANT of a role"),
            ("GRANT CONNECT ON DATABASE d TO bob", "GRANT ON DATABASE"),
            ("COPY t TO PROGRAM 'sh'", "COPY TO PROGRAM"),
            ("COPY (SELECT 1) TO '/tmp/x'", "COPY TO a file"),
            ("SELECT pg_catalog.pg_terminate_backend(1)", "pg_terminate_backend"),
            ("SELECT * FROM pg_create_physical_replication_slot('x')", "pg_create_physical"),
            ("SELECT \"lo_export\"(1, 'x')", "lo_export"),
            ("SELECT dblink_exec('', '')", "dblink_exec"),
            ("LOAD 'x'", "LOAD"),
            ("DO E'BEGIN ALT\\x45R ROLE r SUPERUSER; END'", "what an escape hides"),
            ("SELECT U&\"pg\\005fterminate_backend\"(1)", "what U& hides"),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE C AS 'x'", "LANGUAGE c"),
            ("CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE 'plpython3u'", "LANGUAGE plpython3u"),
        ] {
            let found = reaches_out(text).unwrap_or_default();
            assert!(found.starts_with(told), "{text}: {found}");
        }
    }

    #[test]
    fn what_stays_in_its_database() {
        for text in [
            "",
            "CREATE TABLE role (database text, program text)",
            "SELECT * FROM program",
            "CREATE USER MAPPING FOR u SERVER s",
            "GRANT SELECT ON TABLE t TO r",
            "GRANT USAGE ON SCHEMA s TO PUBLIC",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r WITH GRANT OPTION",
            "COPY t FROM STDIN",
            "COMMENT ON TABLE t IS 'create a role'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
            "ALTER TABLE t OWNER TO r",
            "SELECT 'it",
        ] {
            assert_eq!(reaches_out(text), None, "{text}");
        }
    }
}
