//! CREATE INDEX as it is written, for statements that no server has run: those that it refused, and
//! those that the engine at hand cannot run.

use std::ops::Range;

use super::context::Context;
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use crate::model::options::Options;
use crate::sql_text::{ScriptStatement, Token};

/// CREATE INDEX, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexText {
    pub(super) index: Index,
    pub(super) concurrently: bool,
    pub(super) if_not_exists: bool,
    /// ON ONLY, which leaves the partitions out.
    pub(super) only: bool,
}

/// Reads CREATE INDEX; None of any other statement, and of one that is not written as the manual has it.
pub(super) fn read(statement: &ScriptStatement) -> Option<IndexText> {
    let mut words = statement.tokens.iter().take(3).map(Token::word);
    let creates = words.next() == Some(Some("create")) && words.any(|it| it == Some("index"));
    let reader = || Reader { text: &statement.text, tokens: statement.placed_tokens(), at: 0 };
    creates.then(reader)?.index()
}

/// The index that a statement creates: as the server has it, or else as it is written.
pub(super) fn created(context: &Context<'_>) -> Option<Index> {
    let measured = context.new_indexes().next().cloned();
    measured.or_else(|| read(&context.statement.source).map(|it| it.index))
}

/// The index as a message names it: one that is not known to the server may have no name yet.
pub(super) fn shown(index: &Index) -> String {
    match index.name.as_str() {
        "" => "the index".to_owned(),
        _ => format!("index `{}`", index.name),
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<(&'a Token, Range<usize>)>,
    at: usize,
}

impl Reader<'_> {
    fn index(mut self) -> Option<IndexText> {
        self.word("create")?;
        let unique = self.word("unique").is_some();
        self.word("index")?;
        let concurrently = self.word("concurrently").is_some();
        let if_not_exists = self.word("if").is_some();
        if if_not_exists {
            self.word("not")?;
            self.word("exists")?;
        }
        let name = if self.is_word("on") { Ident::new("") } else { self.ident()? };
        self.word("on")?;
        let only = self.word("only").is_some();
        let table = self.name()?;
        let method = match self.word("using") {
            Some(()) => self.ident()?,
            None => Ident::new("btree"),
        };
        let keys = self.parenthesized()?;
        let keys = self.parts(keys).into_iter().map(|it| self.key(it)).collect::<Option<_>>()?;
        let mut index = Index { method, unique, ..Index::new(table, name, keys) };
        self.rest(&mut index)?;
        Some(IndexText { index, concurrently, if_not_exists, only })
    }

    /// What stands after the keys, in any order.
    fn rest(&mut self, index: &mut Index) -> Option<()> {
        while self.at < self.tokens.len() {
            if self.word("include").is_some() {
                let columns = self.parenthesized()?;
                let parts = self.parts(columns);
                index.include =
                    parts.into_iter().filter_map(|it| self.ident_at(it.start)).collect();
            } else if self.word("with").is_some() {
                let options = self.parenthesized()?;
                index.options = self.options(options);
            } else if self.word("where").is_some() {
                let last = self.tokens.len() - 1;
                index.predicate = Some(SqlExpr::new(self.slice(self.at..last + 1)));
                self.at = self.tokens.len();
            } else {
                self.at += 1;
            }
        }
        Some(())
    }

    fn key(&self, range: Range<usize>) -> Option<IndexKey> {
        let first = range.start;
        let (value, mut at) = if self.is_symbol(first, '(') {
            let end = self.closing(first)?;
            (IndexValue::Expression(SqlExpr::new(self.slice(first + 1..end))), end + 1)
        } else if self.is_symbol(first + 1, '(') && first + 1 < range.end {
            let end = self.closing(first + 1)?;
            (IndexValue::Expression(SqlExpr::new(self.slice(first..end + 1))), end + 1)
        } else {
            (IndexValue::Column(self.ident_at(first)?), first + 1)
        };
        let mut key = IndexKey::new(value);
        while at < range.end {
            match self.tokens[at].0.word() {
                Some("collate") => {
                    key.collation = Some(self.slice(at + 1..at + 2).to_owned());
                    at += 1;
                }
                Some("desc") => key.descending = true,
                Some("asc" | "nulls" | "last") => {}
                Some("first") => key.nulls_first = true,
                _ if key.opclass.is_none() => at = self.opclass(at, range.end, &mut key),
                _ => {}
            }
            at += 1;
        }
        Some(key)
    }

    /// Reads an operator class into a key; returns its last token.
    fn opclass(&self, at: usize, end: usize, key: &mut IndexKey) -> usize {
        let Some(first) = self.ident_at(at) else { return at };
        let qualified = at + 2 < end && self.is_symbol(at + 1, '.');
        let (namespace, name, last) = match qualified.then(|| self.ident_at(at + 2)).flatten() {
            Some(name) => (Some(first), name, at + 2),
            None => (None, first, at),
        };
        key.opclass = Some(OperatorClass { namespace, name, parameters: Options::default() });
        match self.is_symbol(last + 1, '(') && last + 1 < end {
            true => self.closing(last + 1).unwrap_or(last),
            false => last,
        }
    }

    fn options(&self, range: Range<usize>) -> Options {
        let pairs = self.parts(range).into_iter().filter_map(|it| {
            let name = self.ident_at(it.start)?;
            let value = self.slice((it.start + 2).min(it.end)..it.end);
            Some((name.as_str().to_owned(), value.trim_matches('\'').to_owned()))
        });
        pairs.collect()
    }

    /// The tokens between the parentheses that open here.
    fn parenthesized(&mut self) -> Option<Range<usize>> {
        if !self.is_symbol(self.at, '(') {
            return None;
        }
        let (start, end) = (self.at + 1, self.closing(self.at)?);
        self.at = end + 1;
        Some(start..end)
    }

    /// The parenthesis that closes the one at a token.
    fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in open..self.tokens.len() {
            if self.is_symbol(at, '(') {
                depth += 1;
            } else if self.is_symbol(at, ')') {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        None
    }

    /// What stands between the commas of a range.
    fn parts(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let (mut parts, mut start, mut depth) = (Vec::new(), range.start, 0_usize);
        for at in range.clone() {
            if self.is_symbol(at, '(') {
                depth += 1;
            } else if self.is_symbol(at, ')') {
                depth = depth.saturating_sub(1);
            } else if self.is_symbol(at, ',') && depth == 0 {
                parts.push(start..at);
                start = at + 1;
            }
        }
        parts.push(start..range.end);
        parts.retain(|it| !it.is_empty());
        parts
    }

    fn name(&mut self) -> Option<QualifiedName> {
        let first = self.ident()?;
        if !self.is_symbol(self.at, '.') {
            return Some(QualifiedName::new(Ident::public(), first));
        }
        self.at += 1;
        Some(QualifiedName::new(first, self.ident()?))
    }

    fn ident(&mut self) -> Option<Ident> {
        let found = self.ident_at(self.at)?;
        self.at += 1;
        Some(found)
    }

    fn ident_at(&self, at: usize) -> Option<Ident> {
        match self.tokens.get(at)?.0 {
            Token::Word(it) | Token::Name(it) => Some(Ident::new(it.as_str())),
            Token::Literal | Token::Symbol(_) => None,
        }
    }

    fn is_symbol(&self, at: usize, symbol: char) -> bool {
        self.tokens.get(at).is_some_and(|it| *it.0 == Token::Symbol(symbol))
    }

    fn is_word(&self, word: &str) -> bool {
        self.tokens.get(self.at).and_then(|it| it.0.word()) == Some(word)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found.then_some(())
    }

    fn slice(&self, tokens: Range<usize>) -> &str {
        let start = self.tokens.get(tokens.start).map_or(self.text.len(), |it| it.1.start);
        let end =
            tokens.end.checked_sub(1).and_then(|it| self.tokens.get(it)).map_or(0, |it| it.1.end);
        self.text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql_text::split;

    fn read_sql(sql: &str) -> Option<IndexText> {
        read(&split(sql).unwrap()[0])
    }

    #[test]
    fn a_vector_index() {
        let sql = "create index concurrently if not exists i on only app.t using hnsw \
                   ((v::halfvec(3)) x.halfvec_l2_ops) with (m = 8, ef_construction='32') where a > 0";
        let it = read_sql(sql).unwrap();
        assert!(it.concurrently && it.if_not_exists && it.only);
        let index = it.index;
        assert_eq!(index.table.to_string(), "app.t");
        assert_eq!(index.keys[0].value, IndexValue::Expression(SqlExpr::new("v::halfvec(3)")));
        assert_eq!(index.keys[0].opclass.as_ref().unwrap().name, Ident::new("halfvec_l2_ops"));
        assert_eq!(
            (index.options.get("m"), index.options.get("ef_construction")),
            (Some("8"), Some("32"))
        );
        assert_eq!(index.predicate, Some(SqlExpr::new("a > 0")));
    }

    #[test]
    fn plain_keys() {
        let it = read_sql(
            "create unique index on t (a desc nulls last, lower(b) text_pattern_ops) include (c)",
        );
        let index = it.unwrap().index;
        assert!(index.unique && index.keys[0].descending && !index.keys[0].nulls_first);
        assert_eq!(index.keys[1].value, IndexValue::Expression(SqlExpr::new("lower(b)")));
        assert_eq!(index.include, [Ident::new("c")]);
    }

    #[test]
    fn nothing_else_is_read() {
        for sql in
            ["create table t ()", "create index", "create index i on t", "create index i on t ("]
        {
            assert_eq!(read_sql(sql), None, "{sql}");
        }
    }
}
