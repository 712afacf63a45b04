//! Tokens of a script: text in, tokens with their byte spans out, like the server's `scan.l` and
//! `psqlscan.l`, as far as needed to find the ends of statements.
//!
//! `standard_conforming_strings` is on at the start of a script, as in a run; if a script sets it
//! to off, as the dump of an old database does, it is off from the next statement on.

use std::ops::Range;

use super::lines::end_of_line;
use super::strings_setting::StringsSetting;

pub use super::token::Token;

/// What the lexer gives: a token or a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Token(Token),
    /// A comment, without its markers.
    Comment(String),
}

/// A quote or comment that the script never closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unterminated {
    /// What was opened, in PostgreSQL's words.
    pub(crate) what: &'static str,
    /// The byte where it was opened.
    pub(crate) at: usize,
}

/// Walks through a script.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    strings: StringsSetting,
}

impl<'a> Lexer<'a> {
    /// Begins after the byte order mark, where the script has one, as `psql` does.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::with_strings(text, true)
    }

    /// Begins in the middle of a script, with `standard_conforming_strings` as it is there.
    pub(crate) fn with_strings(text: &'a str, conforming: bool) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, strings: StringsSetting::new(conforming) }
    }

    /// Whether a backslash is an ordinary character in a plain string.
    pub(crate) fn is_conforming(&self) -> bool {
        self.strings.is_conforming()
    }

    /// Continues at a later byte.
    pub(crate) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The next token or comment with its span; None at the end of the script.
    pub(crate) fn next(&mut self) -> Result<Option<(Lexeme, Range<usize>)>, Unterminated> {
        self.skip_while(is_space);
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let lexeme = match first {
            '-' if self.rest().starts_with("--") => Lexeme::Comment(self.line_comment()),
            '/' if self.rest().starts_with("/*") => Lexeme::Comment(self.block_comment()?),
            _ => Lexeme::Token(self.token(first)?),
        };
        if let Lexeme::Token(token) = &lexeme {
            self.strings.follow(token, &self.text[start..self.at]);
        }
        Ok(Some((lexeme, start..self.at)))
    }

    fn token(&mut self, first: char) -> Result<Token, Unterminated> {
        match first {
            '\'' => self.string(!self.is_conforming()).map(|()| Token::Literal),
            '"' => self.quoted_name().map(Token::Name),
            '$' => self.dollar(),
            '0'..='9' => {
                self.number();
                Ok(Token::Literal)
            }
            _ if is_word_start(first) => self.word_or_prefixed_quote(),
            _ => {
                self.at += first.len_utf8();
                Ok(Token::Symbol(first))
            }
        }
    }

    /// Digits and what may stand among them. Servers before 15 begin the next token at the first
    /// letter that is no part of the number, so one that opens a quote is left to that.
    fn number(&mut self) {
        let of_number = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'.';
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|it| of_number(*it)) && !self.is_prefixed_quote() {
            self.at += 1;
        }
    }

    /// Whether a letter stands here that tells of what kind the quote after it is.
    fn is_prefixed_quote(&self) -> bool {
        matches!(
            self.text.as_bytes()[self.at..],
            [b'e' | b'E' | b'b' | b'B' | b'x' | b'X' | b'n' | b'N', b'\'', ..]
                | [b'u' | b'U', b'&', b'\'' | b'"', ..]
        )
    }

    /// A word, or what a prefix directly before a quote makes of it: `E'…'`, `B'…'`, `X'…'`,
    /// `N'…'`, `U&'…'`, `U&"…"`.
    fn word_or_prefixed_quote(&mut self) -> Result<Token, Unterminated> {
        let rest = self.rest().as_bytes();
        let prefix = rest[0].to_ascii_lowercase();
        match (prefix, rest.get(1), rest.get(2)) {
            (b'e' | b'b' | b'x' | b'n', Some(b'\''), _) => {
                self.at += 1;
                let escapes = match prefix {
                    b'e' => true,
                    b'n' => !self.is_conforming(),
                    _ => false,
                };
                self.string(escapes).map(|()| Token::Literal)
            }
            (b'u', Some(b'&'), Some(b'\'')) => {
                self.at += 2;
                self.string(false).map(|()| Token::Literal)
            }
            (b'u', Some(b'&'), Some(b'"')) => {
                self.at += 2;
                self.quoted_name().map(Token::Name)
            }
            _ => Ok(Token::Word(self.word())),
        }
    }

    fn word(&mut self) -> String {
        let start = self.at;
        self.skip_while(|it| is_word_start(it) || it.is_ascii_digit() || it == '$');
        self.text[start..self.at].to_ascii_lowercase()
    }

    /// A string from its opening quote on. One that continues after a line break (manual section
    /// 4.1.2.1) keeps its kind, so an escape string stays one.
    fn string(&mut self, escapes: bool) -> Result<(), Unterminated> {
        loop {
            self.quoted('\'', escapes, "quoted string")?;
            let Some(continued) = self.continuation() else { return Ok(()) };
            self.at = continued;
        }
    }

    /// Where the next part of a string opens, if white space with a line break, line comments among
    /// it, and then a quote follow (`quotecontinue` of `scan.l`). The server sees this so; psql,
    /// which reads line by line, takes the next part of an escape string for a plain one.
    fn continuation(&self) -> Option<usize> {
        let rest = self.rest();
        let mut after = rest.trim_start_matches(is_space);
        while let Some(comment) = after.strip_prefix("--") {
            after = comment[end_of_line(comment)..].trim_start_matches(is_space);
        }
        let blank = rest.len() - after.len();
        let continues = rest[..blank].contains(is_line_end) && after.starts_with('\'');
        continues.then_some(self.at + blank)
    }

    fn quoted_name(&mut self) -> Result<String, Unterminated> {
        let start = self.at + 1;
        self.quoted('"', false, "quoted identifier")?;
        Ok(self.text[start..self.at - 1].replace("\"\"", "\""))
    }

    /// Passes over a quoted text, standing on its opening quote. A doubled quote stands for one.
    fn quoted(
        &mut self,
        quote: char,
        escapes: bool,
        what: &'static str,
    ) -> Result<(), Unterminated> {
        let start = self.at;
        self.at += 1;
        while let Some(it) = self.bump() {
            if it == '\\' && escapes {
                self.bump();
            } else if it == quote {
                if self.peek() != Some(quote) {
                    return Ok(());
                }
                self.bump();
            }
        }
        Err(Unterminated { what, at: start })
    }

    /// `$tag$…$tag$`, a parameter as `$1`, or a lone dollar.
    fn dollar(&mut self) -> Result<Token, Unterminated> {
        let start = self.at;
        self.at += 1;
        if self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.skip_while(|it| it.is_ascii_digit());
            return Ok(Token::Literal);
        }
        if self.peek().is_some_and(is_word_start) {
            self.skip_while(|it| is_word_start(it) || it.is_ascii_digit());
        }
        if self.peek() != Some('$') {
            self.at = start + 1;
            return Ok(Token::Symbol('$'));
        }
        self.at += 1;
        let delimiter = &self.text[start..self.at];
        let Some(length) = self.rest().find(delimiter) else {
            return Err(Unterminated { what: "dollar-quoted string", at: start });
        };
        self.at += length + delimiter.len();
        Ok(Token::Literal)
    }

    fn line_comment(&mut self) -> String {
        let start = self.at + 2;
        self.skip_while(|it| !is_line_end(it));
        self.text[start..self.at].trim().to_owned()
    }

    /// Block comments nest (manual section 4.1.5).
    fn block_comment(&mut self) -> Result<String, Unterminated> {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            if self.rest().starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if self.rest().starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else if self.bump().is_none() {
                return Err(Unterminated { what: "/* comment", at: start });
            }
            if depth == 0 {
                return Ok(self.text[start + 2..self.at - 2].trim().to_owned());
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let it = self.peek()?;
        self.at += it.len_utf8();
        Some(it)
    }

    fn skip_while(&mut self, keep: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|it| !keep(it)).unwrap_or(rest.len());
    }
}

/// The white space of `scan.l`. What Unicode has beyond it, as the no-break space, is part of a word.
fn is_space(it: char) -> bool {
    matches!(it, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// A carriage return ends a line by itself, and with it a comment.
fn is_line_end(it: char) -> bool {
    matches!(it, '\n' | '\r')
}

/// Letters, the underscore and every character beyond ASCII open an identifier.
fn is_word_start(it: char) -> bool {
    it.is_ascii_alphabetic() || it == '_' || !it.is_ascii()
}
