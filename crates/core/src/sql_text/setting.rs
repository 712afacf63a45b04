//! The settings that a script makes in its session (SET, RESET, `SELECT set_config(…)`), so that
//! they can be made again in another session or transaction.

use super::lex::{Lexeme, Lexer, Token};
use super::split::ScriptStatement;

/// A setting that a statement changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// One, by its name in `pg_settings`, in lower case.
    Named(String),
    /// All that RESET ALL reaches: not the role, not the session's user (`GUC_NO_RESET_ALL`).
    All,
    /// Those of several calls of `set_config` at once.
    Several,
    /// Everything, as DISCARD ALL does it.
    Session,
}

const ROLE: &str = "role";
const AUTHORIZATION: &str = "session_authorization";

impl ScriptStatement {
    /// The setting that it changes for longer than its transaction, or would without LOCAL.
    #[must_use]
    pub fn setting(&self) -> Option<Setting> {
        match self.tokens.as_slice() {
            [first, rest @ ..] if first.word() == Some("set") => set(rest),
            [first, rest @ ..] if first.word() == Some("reset") => match words(rest).as_slice() {
                ["all"] => Some(Setting::All),
                _ => named(rest),
            },
            [first, second] if first.word() == Some("discard") => {
                (second.word() == Some("all")).then_some(Setting::Session)
            }
            [first, ..] if first.word() == Some("select") => self.set_config(),
            _ => None,
        }
    }

    /// The setting that it gives back to what the database has: RESET, DISCARD ALL, `SET … TO DEFAULT`.
    #[must_use]
    pub fn reset(&self) -> Option<Setting> {
        let first = self.tokens.first().and_then(Token::word);
        let to_default = self.tokens.last().and_then(Token::word) == Some("default");
        match first {
            Some("reset" | "discard") => self.setting(),
            Some("set") if to_default => self.setting(),
            _ => None,
        }
    }

    /// `SELECT [pg_catalog.]set_config('name', 'value', …)` and nothing else.
    fn set_config(&self) -> Option<Setting> {
        let words = words(&self.tokens);
        let calls = words.iter().filter(|it| **it == "set_config").count();
        let known = ["select", "pg_catalog", "set_config", "true", "false"];
        let plain = self.tokens.iter().all(|it| match it {
            Token::Word(word) => known.contains(&word.as_str()),
            Token::Literal => true,
            Token::Symbol(it) => "(),.".contains(*it),
            Token::Name(_) => false,
        });
        match calls {
            1 if plain => {
                let name = self.text.split('\'').nth(1)?;
                Some(Setting::Named(name.to_ascii_lowercase()))
            }
            2.. if plain => Some(Setting::Several),
            _ => None,
        }
    }

    /// Whether what it sets ends with its transaction.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let is_true = |it: &Token| it.word() == Some("true");
        match self.tokens.first().and_then(Token::word) {
            Some("set") => self.tokens.get(1).and_then(Token::word) == Some("local"),
            Some("select") => self.set_config().is_some() && self.tokens.iter().any(is_true),
            _ => false,
        }
    }

    /// The same for the rest of the session where it sets something for the rest of a transaction.
    #[must_use]
    pub fn for_session(&self) -> Self {
        if self.setting().is_none() {
            return self.clone();
        }
        let mut lexer = Lexer::with_strings(&self.text, self.conforming);
        let mut text = String::with_capacity(self.text.len());
        let (mut copied, mut at) = (0, 0);
        while let Ok(Some((lexeme, span))) = lexer.next() {
            let Lexeme::Token(token) = lexeme else { continue };
            let instead = match token.word() {
                Some("local") if at == 1 => Some("SESSION"),
                Some("true") if self.tokens[0].word() == Some("select") => Some("false"),
                _ => None,
            };
            if let Some(instead) = instead {
                text.push_str(&self.text[copied..span.start]);
                text.push_str(instead);
                copied = span.end;
            }
            at += 1;
        }
        text.push_str(&self.text[copied..]);
        Self { text, comment: None, ..self.clone() }
    }
}

/// What follows SET.
fn set(rest: &[Token]) -> Option<Setting> {
    let second = rest.get(1).and_then(Token::word);
    match rest.first().and_then(Token::word) {
        Some("session") if second == Some("authorization") => named(rest),
        Some("session" | "local") => named(&rest[1..]),
        Some("constraints") => None,
        _ => named(rest),
    }
}

/// The setting that tokens begin with, in any of the ways that SQL and PostgreSQL have to name one
/// (`generic_set`, `set_rest_more` and `VariableResetStmt` of the server's grammar).
fn named(tokens: &[Token]) -> Option<Setting> {
    let named = |name: &str| Some(Setting::Named(name.to_owned()));
    match words(tokens).as_slice() {
        ["transaction", ..] => None,
        ["session", "authorization", ..] => named(AUTHORIZATION),
        ["time", "zone", ..] => named("timezone"),
        ["names", ..] => named("client_encoding"),
        ["schema", ..] if tokens.get(1) == Some(&Token::Literal) => named("search_path"),
        ["xml", "option", ..] => named("xmloption"),
        _ => {
            let mut name = String::new();
            let mut rest = tokens;
            while let [Token::Word(part) | Token::Name(part), after @ ..] = rest {
                name.push_str(&part.to_ascii_lowercase());
                let [Token::Symbol('.'), next @ ..] = after else { break };
                name.push('.');
                rest = next;
            }
            (!name.is_empty()).then_some(Setting::Named(name))
        }
    }
}

fn words(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().filter_map(Token::word).collect()
}

/// What statements have set, as the statements that set it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionSettings {
    set: Vec<(Setting, ScriptStatement)>,
}

impl SessionSettings {
    /// What is set once these statements have been run.
    pub fn after<'s>(statements: impl IntoIterator<Item = &'s ScriptStatement>) -> Self {
        let mut settings = Self::default();
        settings.follow(statements);
        settings
    }

    /// Takes in what further statements set.
    pub fn follow<'s>(&mut self, statements: impl IntoIterator<Item = &'s ScriptStatement>) {
        for statement in statements {
            if let Some(setting) = statement.setting() {
                self.change(setting, statement);
            }
        }
    }

    fn change(&mut self, setting: Setting, statement: &ScriptStatement) {
        let is_user = |it: &Setting| matches!(it, Setting::Named(name) if name == ROLE || name == AUTHORIZATION);
        match &setting {
            Setting::Session => return self.set.clear(),
            Setting::All => self.set.retain(|it| is_user(&it.0)),
            // Whoever takes on another user has no role any more.
            Setting::Named(name) if name == AUTHORIZATION => self.set.retain(|it| !is_user(&it.0)),
            Setting::Named(_) => self.set.retain(|it| it.0 != setting),
            Setting::Several => {}
        }
        self.set.push((setting, statement.for_session()));
    }

    /// The statements, in the order in which they are to be run.
    pub fn statements(&self) -> impl Iterator<Item = &ScriptStatement> {
        self.set.iter().map(|it| &it.1)
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    #[track_caller]
    fn check(script: &str, expected: &[&str]) {
        let statements = split(script).unwrap();
        let settings = SessionSettings::after(&statements);
        let found: Vec<_> = settings.statements().map(|it| it.text.as_str()).collect();
        assert_eq!(found, expected, "{script}");
    }

    #[test]
    fn the_last_word_counts() {
        check("set a = 1; set b to 2; SET A = 3", &["set b to 2", "SET A = 3"]);
        check("set search_path = a; set schema 'b'", &["set schema 'b'"]);
        check("set time zone 'UTC'; reset timezone", &["reset timezone"]);
        check(
            "set names 'UTF8'; set client_encoding = 'LATIN1'",
            &["set client_encoding = 'LATIN1'"],
        );
        check(
            "set hnsw.ef_search = 1; set \"hnsw\".ef_search = 2",
            &["set \"hnsw\".ef_search = 2"],
        );
        check("set role a; set b = 1; reset all", &["set role a", "reset all"]);
        check("set role a; set session authorization b", &["set session authorization b"]);
        check("set role a; discard all", &[]);
    }

    #[test]
    fn what_is_local_holds_to_the_end_of_the_file() {
        check("set local a = 'local'", &["set SESSION a = 'local'"]);
        check("SET LOCAL role r", &["SET SESSION role r"]);
        check("set session a = 1", &["set session a = 1"]);
        check(
            "select pg_catalog.set_config('search_path', 'app', true)",
            &["select pg_catalog.set_config('search_path', 'app', false)"],
        );
    }

    #[test]
    fn local_settings_are_known() {
        let is_local = |sql: &str| split(sql).unwrap()[0].is_local();
        for sql in ["set local a = 1", "SELECT set_config('a.b', 'c', true)"] {
            assert!(is_local(sql), "{sql}");
        }
        for sql in ["set a = 'local'", "select set_config('a.b', 'true', false)", "select true"] {
            assert!(!is_local(sql), "{sql}");
        }
    }

    #[test]
    fn calls_of_set_config() {
        let select = "SELECT pg_catalog.set_config('search_path', '', false)";
        check(&format!("set search_path = a; {select}"), &[select]);
        let two = "select set_config('a.b', 'c', false), set_config('d.e', 'f', false)";
        check(two, &[two]);
        check("select set_config('a.b', f(), false)", &[]);
        check("select set_config('a.b', 'c', false) from t", &[]);
        check("select 1", &[]);
    }

    #[test]
    fn what_is_given_back() {
        let reset = |sql: &str| split(sql).unwrap()[0].reset();
        let named = |it: &str| Some(Setting::Named(it.to_owned()));
        assert_eq!(reset("reset all"), Some(Setting::All));
        assert_eq!(reset("discard all"), Some(Setting::Session));
        assert_eq!(reset("RESET DateStyle"), named("datestyle"));
        assert_eq!(reset("set datestyle to default"), named("datestyle"));
        assert_eq!(reset("reset role"), named("role"));
        for sql in ["set datestyle = 'ISO'", "discard plans", "select 1"] {
            assert_eq!(reset(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_ends_with_its_transaction_is_no_setting() {
        check("set transaction isolation level serializable", &[]);
        check(
            "set session characteristics as transaction read only",
            &["set session characteristics as transaction read only"],
        );
        check("set constraints all deferred; set local transaction read only", &[]);
    }
}
