//! `standard_conforming_strings` as set by a script: the meaning of a backslash in a plain string
//! from there on (manual section 4.1.2.1).

use super::token::Token;

const NAME: &str = "standard_conforming_strings";

/// Follows the tokens of a script.
pub(super) struct StringsSetting {
    conforming: bool,
    read: Read,
}

/// What was read of `SET [SESSION | LOCAL] standard_conforming_strings { TO | = } value`, or of
/// `SELECT [pg_catalog.]set_config('standard_conforming_strings', 'value', …)`.
enum Read {
    /// A statement begins.
    Nothing,
    /// SET.
    Set,
    /// RESET.
    Reset,
    /// SELECT, or the schema of the function.
    Select,
    /// The function.
    Call,
    /// Its parenthesis.
    Argument,
    /// The setting's name.
    Name,
    /// What stands before the value.
    To,
    /// The value, to be in force from the end of the statement on.
    Value(bool),
    /// Another statement.
    Other,
}

impl StringsSetting {
    pub(super) fn new(conforming: bool) -> Self {
        Self { conforming, read: Read::Nothing }
    }

    pub(super) fn is_conforming(&self) -> bool {
        self.conforming
    }

    pub(super) fn follow(&mut self, token: &Token, text: &str) {
        let word = match token {
            Token::Word(it) | Token::Name(it) => it.as_str(),
            Token::Literal => "",
            Token::Symbol(';') => return self.end_statement(),
            Token::Symbol(_) => text,
        };
        self.read = match (&self.read, word) {
            (Read::Nothing, "set") => Read::Set,
            (Read::Nothing, "reset") => Read::Reset,
            (Read::Nothing, "select") | (Read::Select, "pg_catalog" | ".") => Read::Select,
            (Read::Select, "set_config") => Read::Call,
            (Read::Call, "(") => Read::Argument,
            (Read::Argument, "") if text.trim_matches('\'').eq_ignore_ascii_case(NAME) => {
                Read::Name
            }
            (Read::Set, "session" | "local") => Read::Set,
            (Read::Set, it) if it.eq_ignore_ascii_case(NAME) => Read::Name,
            // A run puts it back to what it pins.
            (Read::Reset, "all") => Read::Value(true),
            (Read::Reset, it) if it.eq_ignore_ascii_case(NAME) => Read::Value(true),
            (Read::Name, "to" | "=" | ",") => Read::To,
            (Read::To, _) => Read::Value(!is_off(text)),
            (Read::Value(conforming), _) => Read::Value(*conforming),
            _ => Read::Other,
        };
    }

    fn end_statement(&mut self) {
        if let Read::Value(conforming) = self.read {
            self.conforming = conforming;
        }
        self.read = Read::Nothing;
    }
}

/// Whether a value is false as PostgreSQL reads booleans (`parse_bool`): any beginning of the words
/// that is no beginning of another.
fn is_off(value: &str) -> bool {
    let value = value.trim_matches(['\'', '"']).to_ascii_lowercase();
    let begins = |word: &str, least: usize| value.len() >= least && word.starts_with(&value);
    begins("off", 2) || begins("false", 1) || begins("no", 1) || value == "0"
}
