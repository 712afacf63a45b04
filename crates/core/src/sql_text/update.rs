//! Parses one plain UPDATE, so that it can be run for a range of a key: the text is not changed,
//! and one condition is added to its WHERE.

use std::ops::Range;

use thiserror::Error;

use super::lex::{Lexeme, Lexer, Token};
use super::split::ScriptStatement;

/// `UPDATE [ONLY] table [*] [[AS] alias] SET … [FROM …] [WHERE …]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// The table as SQL, every part of its name quoted.
    pub table: String,
    /// Whether ONLY keeps the tables out that inherit from it.
    pub only: bool,
    /// The columns that SET assigns, as the catalog has them.
    pub assigned: Vec<String>,
    /// What its columns are named by, as SQL: the alias, or the table.
    reference: String,
    text: String,
    /// What follows WHERE, comments and all.
    condition: Option<Range<usize>>,
}

/// Why a statement cannot be cut into batches.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UpdateError {
    /// It is none.
    #[error("only an UPDATE runs in batches, and this is `{word}`")]
    NoUpdate {
        /// Its first word.
        word: String,
    },
    /// It is more than that.
    #[error(
        "only `UPDATE table [AS alias] SET … [FROM …] [WHERE …]` runs in batches, and this has {what}"
    )]
    NotPlain {
        /// What it has.
        what: &'static str,
    },
}

/// A token with its place, and whether it stands outside of all brackets.
struct Placed {
    token: Token,
    span: Range<usize>,
    is_outside: bool,
}

impl Update {
    /// Takes a statement apart.
    ///
    /// # Errors
    /// When it is no plain UPDATE.
    pub fn read(statement: &ScriptStatement) -> Result<Self, UpdateError> {
        let tokens = placed(statement);
        let first = tokens.first().and_then(|it| it.token.word()).unwrap_or_default();
        if first != "update" {
            return Err(UpdateError::NoUpdate { word: first.to_ascii_uppercase() });
        }
        let not_plain = |what| UpdateError::NotPlain { what };
        let target = Target::read(&tokens[1..]).ok_or(not_plain("another form of its table"))?;
        let set = target.end + 1;
        if tokens.get(set).and_then(|it| it.token.word()) != Some("set") {
            return Err(not_plain("another form of its table"));
        }
        // Reserved words, which are names only behind a dot or AS (`ColLabel` of the server's grammar);
        // FROM is a part of IS DISTINCT FROM, too.
        let clause = |word: &str| {
            (set + 1..tokens.len()).find(|at| {
                let before = &tokens[*at - 1].token;
                let is_name = *before == Token::Symbol('.')
                    || matches!(before.word(), Some("as" | "distinct"));
                tokens[*at].is_outside && tokens[*at].token.word() == Some(word) && !is_name
            })
        };
        if clause("returning").is_some() {
            return Err(not_plain("RETURNING"));
        }
        let condition = clause("where");
        let from = clause("from").filter(|it| condition.is_none_or(|condition| *it < condition));
        let end = from.or(condition).unwrap_or(tokens.len());
        let assigned = assigned(&tokens[set + 1..end]).ok_or(not_plain("another form of SET"))?;
        let condition = match condition {
            None => None,
            Some(at) => Some(condition_span(statement, &tokens, at)?),
        };
        Ok(Self {
            table: target.table,
            only: target.only,
            assigned,
            reference: target.reference,
            text: statement.text.clone(),
            condition,
        })
    }

    /// The UPDATE of the rows whose key is greater than one and not greater than another. Keys are texts
    /// as PostgreSQL prints them. The bracket around its condition takes the place of the white space after
    /// WHERE, so that places in errors are right; further on it might stand in a comment.
    #[must_use]
    pub fn between(&self, by: &[String], after: Option<&[String]>, until: &[String]) -> String {
        let range = range(&self.reference, by, after, until);
        let text = &self.text;
        match &self.condition {
            Some(condition) => {
                let (head, condition) = text.split_at(condition.start);
                let condition =
                    condition.strip_prefix([' ', '\n', '\t', '\r']).unwrap_or(condition);
                format!("{head}({condition}\n) AND {range}")
            }
            None => format!("{text}\nWHERE {range}"),
        }
    }

    /// The query for the last key of the next so many rows, or of all; in both cases of those that are not
    /// behind a key that is given as the end.
    #[must_use]
    pub fn last_key(
        &self,
        by: &[String],
        after: Option<&[String]>,
        until: Option<&[String]>,
        rows: Option<u32>,
    ) -> String {
        let table = format!("{}{} AS it", if self.only { "ONLY " } else { "" }, self.table);
        let condition = match until {
            Some(until) => format!(" WHERE {}", range("it", by, after, until)),
            None => String::new(),
        };
        let columns = list("it", by, "");
        let last = format!("ORDER BY {} LIMIT 1", list("it", by, " DESC"));
        match rows {
            None => format!("SELECT {columns} FROM {table}{condition} {last}"),
            Some(rows) => format!(
                "SELECT {columns} FROM (SELECT {columns} FROM {table}{condition} ORDER BY {columns} \
                 LIMIT {rows}) AS it {last}"
            ),
        }
    }
}

/// A condition on a key. Its values are strings without a type, which take that of their column.
fn range(reference: &str, by: &[String], after: Option<&[String]>, until: &[String]) -> String {
    let row = |it: String| if by.len() == 1 { it } else { format!("({it})") };
    let key = row(list(reference, by, ""));
    let values =
        |it: &[String]| row(it.iter().map(|it| literal(it)).collect::<Vec<_>>().join(", "));
    let after = after.map_or_else(String::new, |it| format!("{key} > {} AND ", values(it)));
    format!("{after}{key} <= {}", values(until))
}

fn list(reference: &str, by: &[String], end: &str) -> String {
    let column = |it: &String| format!("{reference}.{}{end}", quoted(it));
    by.iter().map(column).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string that means the same whatever `standard_conforming_strings` is.
fn literal(text: &str) -> String {
    let escape = if text.contains('\\') { " E" } else { "" };
    format!("{escape}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn placed(statement: &ScriptStatement) -> Vec<Placed> {
    let mut lexer = Lexer::with_strings(&statement.text, statement.conforming);
    let (mut tokens, mut depth) = (Vec::new(), 0_usize);
    // A statement ends where its quotes do, so nothing is left over.
    while let Ok(Some((lexeme, span))) = lexer.next() {
        let Lexeme::Token(token) = lexeme else { continue };
        match token {
            Token::Symbol('(' | '[') => depth += 1,
            Token::Symbol(')' | ']') => depth = depth.saturating_sub(1),
            Token::Word(_) | Token::Name(_) | Token::Literal | Token::Symbol(_) => {}
        }
        tokens.push(Placed { token, span, is_outside: depth == 0 });
    }
    tokens
}

/// The place of the condition after a WHERE.
fn condition_span(
    statement: &ScriptStatement,
    tokens: &[Placed],
    at: usize,
) -> Result<Range<usize>, UpdateError> {
    let not_plain = |what| UpdateError::NotPlain { what };
    let rest = &tokens[at + 1..];
    let words: Vec<_> = rest.iter().take(2).filter_map(|it| it.token.word()).collect();
    if words == ["current", "of"] {
        return Err(not_plain("WHERE CURRENT OF"));
    }
    if rest.is_empty() {
        return Err(not_plain("no condition after WHERE"));
    }
    Ok(tokens[at].span.end..statement.text.len())
}

/// What stands between UPDATE and SET.
struct Target {
    table: String,
    only: bool,
    reference: String,
    /// How many tokens it takes.
    end: usize,
}

impl Target {
    fn read(tokens: &[Placed]) -> Option<Self> {
        let word = |at: usize| tokens.get(at).and_then(|it| it.token.word());
        let name = |at: usize| match &tokens.get(at)?.token {
            Token::Word(it) | Token::Name(it) => Some(quoted(it)),
            Token::Literal | Token::Symbol(_) => None,
        };
        let symbol = |at: usize, symbol: char| {
            tokens.get(at).is_some_and(|it| it.token == Token::Symbol(symbol))
        };
        let only = word(0) == Some("only");
        let mut at = usize::from(only);
        let mut table = name(at)?;
        at += 1;
        while symbol(at, '.') {
            table = format!("{table}.{}", name(at + 1)?);
            at += 2;
        }
        at += usize::from(symbol(at, '*'));
        let reference = match word(at) {
            Some("set") => table.clone(),
            Some("as") => {
                at += 2;
                name(at - 1)?
            }
            _ => {
                at += 1;
                name(at - 1)?
            }
        };
        Some(Self { table, only, reference, end: at })
    }
}

/// The columns that SET assigns: `a = …`, `a[1] = …`, `a.b = …`, `(a, b) = …`.
fn assigned(tokens: &[Placed]) -> Option<Vec<String>> {
    let is_comma = |it: &Placed| it.is_outside && it.token == Token::Symbol(',');
    let name = |it: &Placed| match &it.token {
        Token::Word(it) | Token::Name(it) => Some(it.clone()),
        Token::Literal | Token::Symbol(_) => None,
    };
    let mut found = Vec::new();
    for item in tokens.split(is_comma) {
        let first = item.first()?;
        if first.token != Token::Symbol('(') {
            found.push(name(first)?);
            continue;
        }
        let names = item[1..].iter().take_while(|it| it.token != Token::Symbol(')'));
        found.extend(names.filter_map(name));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    fn read(sql: &str) -> Result<Update, UpdateError> {
        Update::read(&split(sql).unwrap()[0])
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|it| (*it).to_owned()).collect()
    }

    /// The statement over the rows behind key 1 up to key 2.
    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let update = read(sql).unwrap();
        let cut = update.between(&texts(&["id"]), Some(&texts(&["1"])), &texts(&["2"]));
        assert_eq!(cut, expected);
    }

    #[test]
    fn the_condition_gets_a_range() {
        check(
            "UPDATE docs SET x = 1",
            "UPDATE docs SET x = 1\nWHERE \"docs\".\"id\" > '1' AND \"docs\".\"id\" <= '2'",
        );
        check(
            "update only \"S\".Docs set x = 1 where x is null or y",
            "update only \"S\".Docs set x = 1 where(x is null or y\n) AND \"S\".\"docs\".\"id\" > '1' AND \
             \"S\".\"docs\".\"id\" <= '2'",
        );
        check(
            "update t * as u set x = v.x from v where(v.id = u.id)",
            "update t * as u set x = v.x from v where((v.id = u.id)\n) AND \"u\".\"id\" > '1' AND \
             \"u\".\"id\" <= '2'",
        );
        check(
            "update t u set x = 1 -- where a\n from v",
            "update t u set x = 1 -- where a\n from v\nWHERE \"u\".\"id\" > '1' AND \"u\".\"id\" <= '2'",
        );
    }

    #[test]
    fn comments_around_the_condition_do_not_take_the_bracket_in() {
        for (written, cut) in [
            ("where -- why\n a", "where(-- why\n a"),
            ("where\n  -- why\n  a -- so\n or b", "where(  -- why\n  a -- so\n or b"),
            ("where--why\na", "where(--why\na"),
            ("where/* why */a", "where(/* why */a"),
        ] {
            check(
                &format!("update t set x = 1 {written} -- end\n;"),
                &format!(
                    "update t set x = 1 {cut}\n) AND \"t\".\"id\" > '1' AND \"t\".\"id\" <= '2'"
                ),
            );
        }
    }

    #[test]
    fn clauses_are_those_outside_of_brackets() {
        let condition = |sql: &str| {
            let it = read(sql).unwrap();
            it.condition.map(|range| it.text[range].trim().to_owned())
        };
        let where_ = |it: &str| Some(it.to_owned());
        assert_eq!(condition("update t set x = (select 1 from u where v)"), None);
        assert_eq!(
            condition(
                "update t set x = a is distinct from b, y = u.where where c is not distinct from d"
            ),
            where_("c is not distinct from d")
        );
        assert_eq!(condition("update t set x = 'where', \"where\" = 1"), None);
        assert_eq!(condition("update t set x = array[1] where a"), where_("a"));
    }

    #[test]
    fn keys_of_several_columns_are_compared_as_rows() {
        let update = read("update t set x = 1").unwrap();
        let (by, until) = (texts(&["a", "B"]), texts(&["it's", "c:\\d"]));
        assert_eq!(
            update.between(&by, None, &until),
            "update t set x = 1\nWHERE (\"t\".\"a\", \"t\".\"B\") <= ('it''s',  E'c:\\\\d')"
        );
        assert_eq!(
            update.last_key(&by, Some(&texts(&["1", "2"])), Some(&until), Some(10)),
            "SELECT it.\"a\", it.\"B\" FROM (SELECT it.\"a\", it.\"B\" FROM \"t\" AS it WHERE \
             (it.\"a\", it.\"B\") > ('1', '2') AND (it.\"a\", it.\"B\") <= ('it''s',  E'c:\\\\d') \
             ORDER BY it.\"a\", it.\"B\" LIMIT 10) AS it ORDER BY it.\"a\" DESC, it.\"B\" DESC LIMIT 1"
        );
        let only = read("update only t set x = 1").unwrap();
        assert_eq!(
            only.last_key(&texts(&["a"]), None, None, None),
            "SELECT it.\"a\" FROM ONLY \"t\" AS it ORDER BY it.\"a\" DESC LIMIT 1"
        );
    }

    #[test]
    fn what_is_assigned_is_known() {
        let assigned = |sql: &str| read(sql).unwrap().assigned;
        assert_eq!(assigned("update t set A = 1, \"B\" = f(2, 3)"), ["a", "B"]);
        assert_eq!(assigned("update t set (a, b) = (select 1, 2), c[1] = d"), ["a", "b", "c"]);
        assert_eq!(assigned("update t set a.b = 1 from u, v where w"), ["a"]);
    }

    #[track_caller]
    fn check_error(sql: &str, expected: &str) {
        assert_eq!(read(sql).unwrap_err().to_string(), expected, "{sql}");
    }

    #[test]
    fn everything_else_is_refused() {
        for (sql, word) in [
            ("insert into t values (1)", "INSERT"),
            ("with a as (select 1) update t set x = 1", "WITH"),
            ("delete from t", "DELETE"),
            ("(select 1)", ""),
        ] {
            check_error(sql, &format!("only an UPDATE runs in batches, and this is `{word}`"));
        }
        let plain =
            "only `UPDATE table [AS alias] SET … [FROM …] [WHERE …]` runs in batches, and this has";
        for (sql, what) in [
            ("update t set x = 1 returning x", "RETURNING"),
            ("update t set x = 1 where a returning x", "RETURNING"),
            ("update t set x = 1 where current of c", "WHERE CURRENT OF"),
            ("update only (t) set x = 1", "another form of its table"),
            ("update t for portion of a set x = 1", "another form of its table"),
            ("update t", "another form of its table"),
            ("update t set", "another form of SET"),
            ("update t set x = 1 where", "no condition after WHERE"),
        ] {
            check_error(sql, &format!("{plain} {what}"));
        }
    }
}
