//! The output of `alembic upgrade --sql` and `alembic downgrade --sql`: one script for many
//! revisions, with a comment before each.

use std::collections::BTreeMap;

use super::super::id::RevisionId;
use crate::sql_text::{ScriptStatement, SplitError, Token, lines, split};

/// The SQL of revisions by their ids.
pub type Sections = BTreeMap<RevisionId, String>;

/// Takes a script apart. Transactions are left out, for aludel makes its own, and so is what writes
/// Alembic's own table.
///
/// # Errors
/// When it is not SQL.
pub fn sections(script: &str, version_table: &str) -> Result<Sections, SplitError> {
    let mut sections = Sections::new();
    let mut rest = script;
    while let Some((id, after)) = next_section(rest) {
        let end = next_marker(after).unwrap_or(after.len());
        sections.insert(id, cleaned(&after[..end], version_table)?);
        rest = &after[end..];
    }
    Ok(sections)
}

/// The script with single percent signs, where all of them are doubled: psycopg's dialects double them
/// unless env.py says `dialect_opts={"paramstyle": "named"}`, as the usual one does.
#[must_use]
pub fn with_single_percents(script: &str) -> Option<String> {
    let mut runs = script.split(|it| it != '%').filter(|it| !it.is_empty()).peekable();
    runs.peek()?;
    runs.all(|it| it.len() % 2 == 0).then(|| script.replace("%%", "%"))
}

/// The revision of the next marker, and what follows it.
fn next_section(text: &str) -> Option<(RevisionId, &str)> {
    let at = next_marker(text)?;
    let (line, after) = text[at..].split_once('\n').unwrap_or((&text[at..], ""));
    marked(line).map(|id| (id, after))
}

fn next_marker(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if marked(line).is_some() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// `-- Running upgrade a, b -> c` is about c, `-- Running downgrade c -> a, b` as well.
fn marked(line: &str) -> Option<RevisionId> {
    let line = line.trim_end().strip_prefix("-- Running ")?;
    let (from, to) = line.split_once("->")?;
    let id = match from.split_once(' ')? {
        ("upgrade", _) => to,
        ("downgrade", from) => from,
        _ => return None,
    };
    RevisionId::parse(id.split([',', ' ']).find(|it| !it.is_empty())?).ok()
}

fn cleaned(sql: &str, version_table: &str) -> Result<String, SplitError> {
    let mut text = String::new();
    for statement in split(sql)? {
        if statement.is_transaction_control() || is_about(&statement, version_table) {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        for line in statement.comment.iter().flat_map(|it| lines(it)) {
            text.push_str(&format!("-- {}\n", line.trim()));
        }
        text.push_str(&statement.text);
        text.push_str(";\n");
        if let Some(rows) = &statement.rows {
            text.push_str(&rows.text);
            text.push_str("\\.\n");
        }
    }
    Ok(text)
}

/// Whether a statement makes, writes or drops this table.
fn is_about(statement: &ScriptStatement, table: &str) -> bool {
    let word = |it: &Token, words: &[&str]| matches!(it, Token::Word(it) if words.contains(&&**it));
    let verbs = ["create", "drop", "insert", "update", "delete"];
    if !statement.tokens.first().is_some_and(|it| word(it, &verbs)) {
        return false;
    }
    let between = ["table", "into", "from", "if", "not", "exists"];
    let mut names = statement.tokens.iter().skip(1).skip_while(|it| word(it, &between));
    let mut name = names.next();
    // The table may stand behind its schema.
    while names.next() == Some(&Token::Symbol('.')) {
        name = names.next();
    }
    matches!(name, Some(Token::Word(it) | Token::Name(it)) if it == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_percents_are_halved_where_all_are() {
        let halved = with_single_percents("SELECT '5%%', '%%%%'");
        assert_eq!(halved.as_deref(), Some("SELECT '5%', '%%'"));
        assert_eq!(with_single_percents("SELECT '5%', '%%'"), None);
        assert_eq!(with_single_percents("SELECT 5"), None);
    }

    #[test]
    fn scripts_are_taken_apart() {
        let script = "\
BEGIN;

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> a

CREATE TABLE t (id BIGINT);

INSERT INTO alembic_version (version_num) VALUES ('a') RETURNING alembic_version.version_num;

-- Running upgrade a -> b

COMMIT;

CREATE INDEX CONCURRENTLY i ON t (id);

BEGIN;

UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a';

-- Running upgrade b, c -> d, merge them

DELETE FROM public.alembic_version WHERE public.alembic_version.version_num = 'c';

COMMIT;
";
        let found = sections(script, "alembic_version").unwrap();
        let shown: Vec<_> = found.iter().map(|(id, sql)| (id.as_str(), sql.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("a", "CREATE TABLE t (id BIGINT);\n"),
                ("b", "CREATE INDEX CONCURRENTLY i ON t (id);\n"),
                ("d", ""),
            ]
        );
    }

    #[test]
    fn ways_down() {
        let script = "-- Running downgrade b -> a\n\nDROP TABLE alembic_versions;\n\n\
                      -- Running downgrade a -> \n\nDROP TABLE t;\n\nDROP TABLE alembic_version;\n";
        let found = sections(script, "alembic_version").unwrap();
        let sql: Vec<_> = found.values().map(String::as_str).collect();
        assert_eq!(sql, ["DROP TABLE t;\n", "DROP TABLE alembic_versions;\n"]);
    }
}
