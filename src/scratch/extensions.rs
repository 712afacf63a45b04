//! Which extensions a piece of SQL creates, so that they can be installed first. Pure.

/// The names after `CREATE EXTENSION [IF NOT EXISTS]`, in order, each once. It reads words, not
/// grammar: a name in a comment or a string counts too, which costs nothing but a file or two.
#[must_use]
pub fn created_in(sql: &str) -> Vec<String> {
    let mut words = words(sql);
    let mut found: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        if !word.is("create") || !words.peek().is_some_and(|it| it.is("extension")) {
            continue;
        }
        words.next();
        let mut rest = words.clone();
        let skip = ["if", "not", "exists"].iter().all(|it| rest.next().is_some_and(|x| x.is(it)));
        if skip {
            words = rest;
        }
        if let Some(name) = words.peek().map(Word::name).filter(|it| !found.contains(it)) {
            found.push(name);
        }
    }
    found
}

/// An identifier or keyword, as written.
#[derive(Clone, Copy)]
enum Word<'a> {
    Bare(&'a str),
    Quoted(&'a str),
}

impl Word<'_> {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Bare(it) if it.eq_ignore_ascii_case(keyword))
    }

    /// The name as the catalog has it.
    fn name(&self) -> String {
        match self {
            Self::Bare(it) => it.to_lowercase(),
            Self::Quoted(it) => (*it).to_owned(),
        }
    }
}

fn words(sql: &str) -> std::iter::Peekable<Words<'_>> {
    Words { rest: sql }.peekable()
}

#[derive(Clone)]
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        let belongs = |it: char| it.is_alphanumeric() || it == '_';
        let start = self.rest.find(|it| belongs(it) || it == '"')?;
        let text = &self.rest[start..];
        if let Some((name, rest)) = text.strip_prefix('"').and_then(|it| it.split_once('"')) {
            self.rest = rest;
            return Some(Word::Quoted(name));
        }
        let text = text.trim_start_matches('"');
        let end = text.find(|it| !belongs(it)).unwrap_or(text.len());
        self.rest = &text[end..];
        (end > 0).then(|| Word::Bare(&text[..end])).or_else(|| self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        assert_eq!(created_in(sql).join(" "), expected, "{sql}");
    }

    #[test]
    fn names_are_found() {
        check("CREATE EXTENSION vector;", "vector");
        check("create extension if not exists \"uuid-ossp\" with schema x;", "uuid-ossp");
        check(
            "Create\n Extension Pg_Trgm; CREATE EXTENSION IF NOT EXISTS vector",
            "pg_trgm vector",
        );
        check("create extension vector; create extension vector;", "vector");
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        check("", "");
        check("CREATE TABLE extension (a int)", "");
        check("DROP EXTENSION vector", "");
        check("create extension", "");
        check("create extension \"", "");
    }
}
