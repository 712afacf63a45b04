//! Which files have to be looked at to know whether something in them is denied.
//!
//! Only what its words show to be harmless is taken for it: it makes something new, or changes what the same file has
//! made, or adds a plain column. The cases of all rules test that none of it is an error.

use std::collections::BTreeSet;

use crate::model::pgvector::{VectorMethod, VectorType};
use crate::sql_text::{ScriptStatement, Token, skip_words, written_name};

/// Types of PostgreSQL, in the words in which they are written; no domain can hide behind them.
const TYPES: &[&str] = &[
    "bigint",
    "bit",
    "bool",
    "boolean",
    "bytea",
    "char",
    "character",
    "cidr",
    "date",
    "decimal",
    "double",
    "float4",
    "float8",
    "inet",
    "int",
    "int2",
    "int4",
    "int8",
    "integer",
    "interval",
    "json",
    "jsonb",
    "numeric",
    "precision",
    "real",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "uuid",
    "varchar",
    "varying",
    "with",
    "without",
    "zone",
];

/// Kinds whose creation concerns nothing that is there.
const NEW_KINDS: &[&str] =
    &["domain", "extension", "function", "procedure", "schema", "sequence", "type", "view"];

/// Words of ALTER TABLE that do more than to add something to a table, also to a new one.
const MORE: &[&str] = &["attach", "detach", "drop", "inherit", "rename", "type", "using"];

/// Whether a rule may call a statement of a file an error, as far as its words show. What the configuration denies
/// beside errors is not asked.
#[must_use]
pub fn may_have_errors(statements: &[ScriptStatement]) -> bool {
    let mut made = Made::default();
    !statements.iter().all(|it| made.is_harmless(it))
}

/// What a file has made so far.
#[derive(Default)]
struct Made {
    names: BTreeSet<String>,
    /// Whether a table of it is partitioned.
    partitioned: bool,
}

impl Made {
    fn is_harmless(&mut self, statement: &ScriptStatement) -> bool {
        let tokens = statement.tokens.as_slice();
        let Some(first) = tokens.first() else { return true };
        // One that allows nothing is told, and one with an unknown code is an error.
        let allows = statement.directives.iter().any(|it| it.text.starts_with("allow"));
        !allows
            && match first.word() {
                Some("comment" | "set" | "reset") => true,
                Some("insert") => !has(tokens, &["select", "with", "table"]),
                Some("create") => self.creates(&tokens[1..], &statement.text),
                Some("alter") => self.alters(&tokens[1..]),
                _ => false,
            }
    }

    fn creates(&mut self, tokens: &[Token], text: &str) -> bool {
        let tokens = skip_words(tokens, &["unlogged"]);
        let rest = tokens.get(1..).unwrap_or_default();
        match tokens.first().and_then(Token::word) {
            Some("table") => self.creates_table(skip_words(rest, &["if", "not", "exists"]), text),
            Some("unique") => self.creates_index(rest, text),
            Some("index") => is_built_beside_writes(rest) || self.creates_index(tokens, text),
            Some("policy" | "trigger") => after(rest, "on").is_some_and(|it| self.has(it)),
            Some(kind) if NEW_KINDS.contains(&kind) => {
                self.names.extend(written_name(skip_words(rest, &["if", "not", "exists"])));
                true
            }
            _ => false,
        }
    }

    fn creates_table(&mut self, tokens: &[Token], text: &str) -> bool {
        let Some(name) = written_name(tokens) else { return false };
        self.names.insert(name);
        self.partitioned |= has_pair(tokens, "partition", "by");
        let parent = tokens.windows(2).position(|it| is_pair(it, "partition", "of"));
        let is_plain = match parent {
            Some(at) => self.has(&tokens[at + 2..]),
            None => tokens[name_length(tokens)..].first() == Some(&Token::Symbol('(')),
        };
        // AS, or the default of an embedding, which may have other dimensions.
        let takes_rows = has(tokens, &["select", "execute"])
            || ["table", "values"].iter().any(|it| has_pair(tokens, "as", it));
        let is_vector = |it: &Token| it.word().and_then(VectorType::named).is_some();
        let has_vector = tokens.iter().any(is_vector) && has_elements(text);
        is_plain
            && !takes_rows
            && !has_vector
            && !has(tokens, &["inherits", "like"])
            && self.references_new(tokens)
    }

    /// An index of a table that the file has made, but for what may be of no use.
    fn creates_index(&self, tokens: &[Token], text: &str) -> bool {
        let Some(on) = after(tokens, "on") else { return false };
        let is_usual = match VectorMethod::named(method(on)) {
            Some(VectorMethod::Ivfflat) => false,
            Some(VectorMethod::Hnsw) => {
                let converts = text.contains("::") || text.contains("quantize");
                !self.partitioned && !converts && !has(tokens, &["cast"])
            }
            None => true,
        };
        is_usual && self.has(skip_words(on, &["only"]))
    }

    fn alters(&self, tokens: &[Token]) -> bool {
        let kind = tokens.first().and_then(Token::word);
        let named = skip_words(tokens.get(1..).unwrap_or_default(), &["if", "exists", "only"]);
        match kind {
            Some("table") if self.has(named) => !has(named, MORE) && self.references_new(named),
            Some("table") => adds_plain_column(named),
            Some("sequence") => self.has(named),
            _ => false,
        }
    }

    /// Whether all tables that are referenced have been made here, too.
    fn references_new(&self, tokens: &[Token]) -> bool {
        let mut at = tokens.iter().enumerate().filter(|(_, it)| it.word() == Some("references"));
        at.all(|(at, _)| self.has(&tokens[at + 1..]))
    }

    fn has(&self, tokens: &[Token]) -> bool {
        written_name(tokens).is_some_and(|it| self.names.contains(&it))
    }
}

/// Whether nothing is done to a table but that it gets a column of a plain type, without a default or with a
/// constant, which is not written into the rows (manual, ALTER TABLE, "Notes").
fn adds_plain_column(tokens: &[Token]) -> bool {
    let Some(add) = tokens.get(name_length(tokens)..) else { return false };
    if add.first().and_then(Token::word) != Some("add") {
        return false;
    }
    let named = skip_words(&add[1..], &["column", "if", "not", "exists"]);
    let Some((_, rest)) = named.split_first() else { return false };
    let is_clause = |it: &Token| matches!(it.word(), Some("default" | "not"));
    let clauses = rest.iter().position(is_clause).unwrap_or(rest.len());
    let (of_type, clauses) = rest.split_at(clauses);
    match clauses {
        [] => is_type(of_type, |it| TYPES.contains(&it) || VectorType::named(it).is_some()),
        _ => is_type(of_type, |it| TYPES.contains(&it)) && sets_constant(clauses),
    }
}

/// Whether all words of a type are known.
fn is_type(tokens: &[Token], known: impl Fn(&str) -> bool) -> bool {
    let is_known = |it: &Token| match it {
        Token::Word(word) => known(word),
        Token::Literal => true,
        Token::Symbol(symbol) => "()[],".contains(*symbol),
        Token::Name(_) => false,
    };
    !tokens.is_empty() && tokens.iter().all(is_known)
}

/// Whether clauses of a column are a default, which is a literal, perhaps with its type, and perhaps NOT NULL.
fn sets_constant(clauses: &[Token]) -> bool {
    let not_null = |it: &[Token]| it.len() == 2 && is_pair(it, "not", "null");
    let (clauses, is_first) = match clauses.split_at_checked(2) {
        Some((first, rest)) if not_null(first) => (rest, true),
        _ => (clauses, false),
    };
    let Some((Some("default"), value)) = clauses.split_first().map(|it| (it.0.word(), it.1)) else {
        return false;
    };
    let end = value.iter().position(|it| it.word() == Some("not")).unwrap_or(value.len());
    let (value, rest) = value.split_at(end);
    let is_constant = match value {
        [Token::Literal] => true,
        [Token::Word(word)] => matches!(word.as_str(), "true" | "false"),
        [Token::Literal, Token::Symbol(':'), Token::Symbol(':'), of_type @ ..] => {
            is_type(of_type, |it| TYPES.contains(&it))
        }
        _ => false,
    };
    is_constant && (rest.is_empty() || not_null(rest) && !is_first)
}

/// Whether an index is built while others write, and has no vectors.
fn is_built_beside_writes(tokens: &[Token]) -> bool {
    tokens.first().and_then(Token::word) == Some("concurrently")
        && after(tokens, "on").is_some_and(|it| VectorMethod::named(method(it)).is_none())
}

/// The access method of an index, by what follows ON.
fn method(on: &[Token]) -> &str {
    after(on, "using").and_then(|it| it.first()?.word()).unwrap_or("btree")
}

/// Whether a literal of a statement begins as one of a vector does: `'[1`, `'{1`.
fn has_elements(text: &str) -> bool {
    let begins = |it: &str| it.starts_with(|it: char| it.is_ascii_digit() || it == '-');
    let mut literals = ["'[", "'{"].iter().flat_map(|it| text.split(it).skip(1));
    literals.any(|it| begins(it.trim_start()))
}

/// How many tokens a name has.
fn name_length(tokens: &[Token]) -> usize {
    let qualified = tokens.get(1) == Some(&Token::Symbol('.')) && tokens.len() > 2;
    if qualified { 3 } else { 1 }
}

/// The tokens after a word.
fn after<'a>(tokens: &'a [Token], word: &str) -> Option<&'a [Token]> {
    let at = tokens.iter().position(|it| it.word() == Some(word))?;
    Some(&tokens[at + 1..])
}

fn has(tokens: &[Token], words: &[&str]) -> bool {
    tokens.iter().any(|it| it.word().is_some_and(|it| words.contains(&it)))
}

fn is_pair(tokens: &[Token], first: &str, second: &str) -> bool {
    tokens[0].word() == Some(first) && tokens[1].word() == Some(second)
}

fn has_pair(tokens: &[Token], first: &str, second: &str) -> bool {
    tokens.windows(2).any(|it| is_pair(it, first, second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql_text::split;

    #[track_caller]
    fn check(expected: bool, sql: &str) {
        let statements = split(sql).expect("statements");
        assert_eq!(may_have_errors(&statements), expected, "{sql}");
    }

    #[test]
    fn what_is_new_is_harmless() {
        check(
            false,
            "CREATE EXTENSION vector; CREATE TYPE e AS ENUM ('a');
             CREATE TABLE public.t (id bigint PRIMARY KEY, up bigint REFERENCES public.t, v vector(3),
               meta jsonb DEFAULT '{}'::jsonb, tags text DEFAULT '[]');
             CREATE UNIQUE INDEX ON public.t (up); CREATE INDEX ON public.t USING hnsw (v vector_l2_ops);
             ALTER TABLE public.t ADD CHECK (id > 0), ADD FOREIGN KEY (up) REFERENCES public.t;
             CREATE TRIGGER g BEFORE INSERT ON public.t EXECUTE FUNCTION f();
             INSERT INTO public.t VALUES (1); COMMENT ON TABLE public.t IS ''",
        );
        check(
            false,
            "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE q PARTITION OF p DEFAULT",
        );
        check(
            false,
            "ALTER TABLE IF EXISTS s.t ADD COLUMN IF NOT EXISTS c timestamp with time zone",
        );
        check(false, "ALTER TABLE t ADD c numeric(10, 2); ALTER TABLE ONLY t ADD e halfvec(3)");
        check(
            false,
            "ALTER TABLE t ADD a text DEFAULT 'en'::text NOT NULL; ALTER TABLE t ADD b int NOT NULL DEFAULT 1;
             ALTER TABLE t ADD c boolean DEFAULT false; ALTER TABLE t ADD d varchar(3) DEFAULT 'x'::character varying;
             CREATE INDEX CONCURRENTLY i ON t (a); CREATE INDEX CONCURRENTLY ON t USING gin (a)",
        );
    }

    #[test]
    fn what_concerns_others_is_looked_at() {
        for sql in [
            "CREATE TABLE t (a int REFERENCES old)",
            "CREATE TABLE q PARTITION OF p DEFAULT",
            "CREATE TABLE t AS SELECT 1",
            "CREATE TABLE t (LIKE u)",
            "CREATE TABLE t (v vector(3) DEFAULT '[1,2]')",
            "CREATE TABLE t (v sparsevec(3) DEFAULT '{ 1:1}/4')",
            "CREATE INDEX ON t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY ON t (a)",
            "CREATE INDEX CONCURRENTLY ON t USING hnsw (v vector_l2_ops)",
            "CREATE TABLE t (v vector(3)); CREATE INDEX ON t USING ivfflat (v vector_l2_ops)",
            "CREATE TABLE t (v vector(3)); CREATE INDEX ON t USING hnsw ((v::halfvec(3)) halfvec_l2_ops)",
            "CREATE TABLE t (v vector) PARTITION BY LIST (v); CREATE INDEX ON t USING hnsw (v vector_l2_ops)",
            "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u",
            "CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES old",
            "CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1",
            "CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f()",
            "ALTER TABLE t ADD c int NOT NULL",
            "ALTER TABLE t ADD c int DEFAULT f()",
            "ALTER TABLE t ADD c int DEFAULT 1 + f()",
            "ALTER TABLE t ADD c text DEFAULT 'a'::mood",
            "ALTER TABLE t ADD c int DEFAULT 1 CHECK (c > 0)",
            "ALTER TABLE t ADD c int DEFAULT 1 NOT NULL UNIQUE",
            "ALTER TABLE t ADD c vector(3) DEFAULT '[1,2]'",
            "ALTER TABLE t ADD c mood",
            "ALTER TABLE t ADD c \"int\"",
            "ALTER TABLE t ADD c bigserial",
            "ALTER TABLE t ADD a int, DROP b",
            "ALTER TABLE t ADD CHECK (a > 0)",
            "ALTER TYPE e ADD VALUE 'b'",
            "DROP INDEX i",
            "UPDATE t SET a = 1",
            "INSERT INTO t SELECT 1",
            "DO $$ BEGIN END $$",
            "SELECT f()",
            "BEGIN; COMMIT",
            "-- aludel: allow PV10 x\nCREATE TABLE t (a int)",
        ] {
            check(true, sql);
        }
    }
}
