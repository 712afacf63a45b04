//! Whether statements keep all data, as far as their words show it; which rows they delete by their words.
//!
//! Only what is known to keep data is said to. Everything else has to run before it is known: what it drops, the
//! catalog tells.

use super::lex::Token;
use super::split::ScriptStatement;

/// First words of statements that lose nothing, whatever follows. What a routine or a rule does later, CREATE
/// does not do.
const HARMLESS: &[&str] = &[
    "abort",
    "analyze",
    "begin",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "discard",
    "end",
    "fetch",
    "grant",
    "listen",
    "load",
    "lock",
    "move",
    "notify",
    "refresh",
    "reindex",
    "release",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "show",
    "start",
    "unlisten",
    "vacuum",
];

/// First words of statements that lose nothing by themselves; a WITH in them may.
const WRITING: &[&str] = &["declare", "insert", "update", "values"];

/// Words that may lose data wherever they stand.
const LOSING: &[&str] = &["delete", "truncate", "merge"];

/// Kinds that hold no data of their own, so that DROP without CASCADE loses none.
const EMPTY_KINDS: &[&str] = &[
    "access",
    "aggregate",
    "cast",
    "collation",
    "conversion",
    "domain",
    "event",
    "function",
    "index",
    "language",
    "operator",
    "policy",
    "procedure",
    "publication",
    "role",
    "routine",
    "rule",
    "server",
    "statistics",
    "subscription",
    "text",
    "transform",
    "trigger",
    "type",
    "user",
    "view",
];

impl ScriptStatement {
    /// Whether its words show that no value is lost: no table, column, sequence or materialized view is dropped,
    /// no type of a column is changed, no row is deleted. An UPDATE is not looked into.
    #[must_use]
    pub fn keeps_data(&self) -> bool {
        let words = self.words();
        let [first, rest @ ..] = words.as_slice() else { return true };
        match *first {
            "alter" => keeps_by_alter(rest),
            "drop" => keeps_by_drop(rest),
            first if WRITING.contains(&first) => !rest.iter().any(|it| LOSING.contains(it)),
            first => HARMLESS.contains(&first),
        }
    }

    /// The tables whose rows it deletes, as far as its words say so: the names as they are written. A block of
    /// code that deletes has none.
    #[must_use]
    pub fn deletes_from(&self) -> Vec<String> {
        let tokens = &self.tokens;
        let mut tables = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let following = &tokens[at + 1..];
            match token.word() {
                Some("delete") if word(following, 0) == Some("from") => {
                    tables.extend(name(skip(&following[1..], &["only"])));
                }
                Some("truncate") if at == 0 => {
                    tables.extend(names(skip(following, &["table", "only"])));
                }
                _ => {}
            }
        }
        if self.tokens.first().and_then(Token::word) == Some("merge")
            && tokens
                .windows(2)
                .any(|it| it[0].word() == Some("then") && it[1].word() == Some("delete"))
        {
            tables.extend(name(skip(&tokens[1..], &["into", "only"])));
        }
        tables
    }

    /// Whether it is TRUNCATE.
    #[must_use]
    pub fn is_truncate(&self) -> bool {
        self.words().first() == Some(&"truncate")
    }

    /// Whether it says CASCADE.
    #[must_use]
    pub fn cascades(&self) -> bool {
        self.words().last() == Some(&"cascade")
    }

    /// Whether it runs a block of code with a word for deleting rows in it. The words of a string are not read
    /// otherwise.
    #[must_use]
    pub fn runs_code_that_deletes(&self) -> bool {
        let text = self.text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        self.words().first() == Some(&"do")
            && (words.contains(&"truncate") || words.windows(2).any(|it| it == ["delete", "from"]))
    }

    /// The sequence whose current value it resets, as it is written.
    #[must_use]
    pub fn restarts(&self) -> Option<String> {
        let words = self.words();
        let ["alter", "sequence", ..] = words.as_slice() else { return None };
        let named = name(skip(&self.tokens[2..], &["if", "exists"]))?;
        words.contains(&"restart").then_some(named)
    }
}

fn keeps_by_alter(rest: &[&str]) -> bool {
    let drops = rest.windows(2).any(|it| {
        // DROP of a column can do without the word.
        it[0] == "drop" && !matches!(it[1], "default" | "not" | "constraint")
    });
    let retypes = rest.first() != Some(&"type") && rest.contains(&"type");
    let attribute = rest.first() == Some(&"type") && rest.contains(&"attribute");
    !drops && !retypes && !attribute && !rest.contains(&"restart") && rest.last() != Some(&"drop")
}

fn keeps_by_drop(rest: &[&str]) -> bool {
    let [kind, after @ ..] = rest else { return false };
    let is_foreign = *kind == "foreign";
    (is_foreign || EMPTY_KINDS.contains(kind)) && !after.contains(&"cascade")
}

fn word(tokens: &[Token], at: usize) -> Option<&str> {
    tokens.get(at).and_then(Token::word)
}

/// The tokens after these words, each of which may be missing.
pub(crate) fn skip<'a>(mut tokens: &'a [Token], words: &[&str]) -> &'a [Token] {
    for it in words {
        if word(tokens, 0) == Some(it) {
            tokens = &tokens[1..];
        }
    }
    tokens
}

/// A name with its schema.
pub(crate) fn name(tokens: &[Token]) -> Option<String> {
    let part = |at: usize| match tokens.get(at)? {
        Token::Word(it) | Token::Name(it) => Some(it.as_str()),
        Token::Literal | Token::Symbol(_) => None,
    };
    let first = part(0)?;
    let qualified = matches!(tokens.get(1), Some(Token::Symbol('.')));
    Some(match qualified.then(|| part(2)).flatten() {
        Some(second) => format!("{first}.{second}"),
        None => first.to_owned(),
    })
}

/// Names by commas.
fn names(tokens: &[Token]) -> Vec<String> {
    let ends = |it: &Token| *it == Token::Symbol(',');
    tokens.split(ends).filter_map(|it| name(skip(it, &["only"]))).collect()
}

#[cfg(test)]
mod tests {
    use crate::sql_text::{ScriptStatement, split};

    fn only(sql: &str) -> ScriptStatement {
        let mut all = split(sql).expect("a statement");
        assert_eq!(all.len(), 1, "{sql}");
        all.remove(0)
    }

    #[track_caller]
    fn check(keeps: bool, statements: &[&str]) {
        for sql in statements {
            assert_eq!(only(sql).keeps_data(), keeps, "{sql}");
        }
    }

    #[test]
    fn what_only_adds_keeps_data() {
        check(
            true,
            &[
                "CREATE TABLE t (i int)",
                "ALTER TABLE t ADD COLUMN j int",
                "ALTER TABLE t ADD CONSTRAINT c CHECK (i > 0) NOT VALID",
                "ALTER TABLE t ALTER COLUMN i DROP NOT NULL, ALTER COLUMN i DROP DEFAULT",
                "ALTER TABLE t DROP CONSTRAINT c",
                "ALTER TABLE t DETACH PARTITION p",
                "ALTER TYPE e ADD VALUE 'x'",
                "CREATE INDEX CONCURRENTLY i ON t (i)",
                "DROP INDEX CONCURRENTLY i",
                "DROP VIEW v",
                "DROP FUNCTION f(int)",
                "DROP FOREIGN TABLE f",
                "UPDATE t SET i = 1",
                "INSERT INTO t VALUES (1)",
                "COPY t FROM STDIN;\n1\n\\.\n",
                "GRANT SELECT, DELETE ON t TO a",
            ],
        );
    }

    #[test]
    fn what_may_lose_data_has_to_run() {
        check(
            false,
            &[
                "DROP TABLE t",
                "DROP SCHEMA s CASCADE",
                "DROP SEQUENCE s",
                "DROP MATERIALIZED VIEW m",
                "DROP EXTENSION vector CASCADE",
                "DROP TYPE e CASCADE",
                "DROP OWNED BY a",
                "ALTER TABLE t DROP COLUMN i",
                "ALTER TABLE t DROP i",
                "ALTER TABLE t ALTER COLUMN i TYPE int",
                "ALTER TABLE t ALTER i SET DATA TYPE int",
                "ALTER TYPE c DROP ATTRIBUTE a",
                "ALTER TYPE c ALTER ATTRIBUTE a TYPE int",
                "ALTER SEQUENCE s RESTART",
                "DELETE FROM t",
                "TRUNCATE t",
                "WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM gone",
                "INSERT INTO u SELECT 1 WHERE EXISTS (WITH d AS (DELETE FROM t) SELECT 1)",
                "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
                "SELECT drop_old_partitions()",
                "DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$",
                "CALL clean()",
                "EXECUTE p",
            ],
        );
    }

    #[test]
    fn rows_are_deleted_from_named_tables() {
        let of = |sql: &str| only(sql).deletes_from();
        assert_eq!(of("DELETE FROM ONLY shop.orders WHERE true"), ["shop.orders"]);
        assert_eq!(of("TRUNCATE TABLE a, ONLY \"B\" CASCADE"), ["a", "B"]);
        assert_eq!(of("MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE"), ["t"]);
        assert_eq!(of("WITH d AS (DELETE FROM t RETURNING 1) SELECT * FROM d"), ["t"]);
        assert_eq!(of("CREATE TABLE d (i int REFERENCES t ON DELETE CASCADE)"), [""; 0]);
        assert_eq!(
            only("ALTER SEQUENCE IF EXISTS s RESTART WITH 1").restarts().as_deref(),
            Some("s")
        );
    }
}
