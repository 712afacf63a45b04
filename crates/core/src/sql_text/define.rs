//! Which object a statement creates or alters, from its first words.

use super::lex::{Lexeme, Lexer, Token};
use super::split::ScriptStatement;

/// Words that may stand between CREATE and what is created.
const BETWEEN: &[&str] =
    &["or", "replace", "constraint", "recursive", "trusted", "procedural", "default"];

impl ScriptStatement {
    /// Whether it is CREATE of what is called so: `MATERIALIZED VIEW`.
    #[must_use]
    pub fn creates(&self, keyword: &str) -> bool {
        let mut words = self.first_words().peekable();
        words.next() == Some("create") && {
            while words.next_if(|it| BETWEEN.contains(it)).is_some() {}
            begins(words, keyword)
        }
    }

    /// Whether it is ALTER of what is called so.
    #[must_use]
    pub fn alters(&self, keyword: &str) -> bool {
        let mut words = self.first_words();
        words.next() == Some("alter") && begins(words, keyword)
    }

    /// The names that it creates, alters or drops, if they are of what is called so: `EXTENSION`.
    #[must_use]
    pub fn subjects(&self, keyword: &str) -> Vec<&str> {
        let length = 1 + keyword.split(' ').count();
        let verb = self.first_words().next().unwrap_or_default();
        let is_about = ["create", "alter", "drop"].contains(&verb)
            && begins(self.first_words().skip(1), keyword);
        if !is_about {
            return Vec::new();
        }
        let mut rest = &self.tokens[length..];
        for word in ["if", "not", "exists"] {
            if rest.first().and_then(Token::word) == Some(word) {
                rest = &rest[1..];
            }
        }
        let mut names = Vec::new();
        while let [Token::Word(name) | Token::Name(name), after @ ..] = rest {
            names.push(name.as_str());
            let [Token::Symbol(','), next @ ..] = after else { break };
            rest = next;
        }
        names
    }

    /// CREATE OR REPLACE as CREATE; any other statement as it stands.
    #[must_use]
    pub fn without_or_replace(&self) -> String {
        let replaces = self.first_words().take(3).eq(["create", "or", "replace"]);
        let after = if replaces { end_of_token(&self.text, 3) } else { None };
        match after {
            Some(after) => format!("CREATE{}", &self.text[after..]),
            None => self.text.clone(),
        }
    }

    fn first_words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map_while(Token::word)
    }
}

fn begins<'w>(mut words: impl Iterator<Item = &'w str>, keyword: &str) -> bool {
    keyword.split(' ').all(|it| words.next().is_some_and(|word| word.eq_ignore_ascii_case(it)))
}

/// Where the first so many tokens end.
fn end_of_token(text: &str, count: usize) -> Option<usize> {
    let mut lexer = Lexer::new(text);
    let mut seen = 0;
    while let Ok(Some((lexeme, span))) = lexer.next() {
        seen += usize::from(matches!(lexeme, Lexeme::Token(_)));
        if seen == count {
            return Some(span.end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    fn statement(text: &str) -> ScriptStatement {
        split(text).expect("a script").remove(0)
    }

    #[test]
    fn comments_and_case_do_not_matter() {
        let it = statement("create /* or */ Or -- replace\n REPLACE view v AS SELECT 1");
        assert!(it.creates("VIEW") && !it.creates("MATERIALIZED VIEW") && !it.alters("VIEW"));
        assert_eq!(it.without_or_replace(), "CREATE view v AS SELECT 1");
    }

    #[test]
    fn what_may_stand_between() {
        assert!(statement("CREATE CONSTRAINT TRIGGER t").creates("TRIGGER"));
        assert!(statement("CREATE OR REPLACE RECURSIVE VIEW v").creates("VIEW"));
        assert!(statement("CREATE TRUSTED PROCEDURAL LANGUAGE l").creates("LANGUAGE"));
        assert!(statement("CREATE DEFAULT CONVERSION c").creates("CONVERSION"));
        assert!(!statement("CREATE TEMP VIEW v").creates("VIEW"));
        assert!(!statement("CREATE").creates("VIEW"));
        assert!(statement("ALTER TEXT SEARCH CONFIGURATION c").alters("TEXT SEARCH CONFIGURATION"));
    }

    #[test]
    fn subjects_are_named_once_each() {
        let of_extension = |text| {
            let statement = statement(text);
            statement.subjects("EXTENSION").join(" ")
        };
        assert_eq!(of_extension("CREATE EXTENSION IF NOT EXISTS vector SCHEMA x"), "vector");
        assert_eq!(
            of_extension("drop extension if exists \"uuid-ossp\", b CASCADE"),
            "uuid-ossp b"
        );
        assert_eq!(of_extension("ALTER EXTENSION vector UPDATE"), "vector");
        assert_eq!(of_extension("CREATE SCHEMA x"), "");
        assert_eq!(of_extension("COMMENT ON EXTENSION vector IS ''"), "");
        assert_eq!(of_extension("CREATE EXTENSION"), "");
        let trigger = statement("DROP EVENT TRIGGER IF EXISTS a");
        assert_eq!(trigger.subjects("EVENT TRIGGER"), ["a"]);
    }

    #[test]
    fn others_stay_as_they_are() {
        for text in ["CREATE VIEW v AS SELECT 'or replace'", "ALTER VIEW v RENAME TO w"] {
            assert_eq!(statement(text).without_or_replace(), text);
        }
    }
}
