//! Tokens of a script: text in, tokens with their byte spans out, as the server's `scan.l` and
//! `psqlscan.l` see them, as far as finding the ends of statements needs it.
//!
//! `standard_conforming_strings` is taken to be on, its default since PostgreSQL 9.1.

use std::ops::Range;

/// One token, without the text that only its span tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A keyword or an unquoted identifier, folded to lower case.
    Word(String),
    /// A quoted identifier, its quotes taken off.
    Name(String),
    /// A string, a number or a parameter.
    Literal,
    /// Any other character outside of quotes.
    Symbol(char),
}

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
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token or comment with its span; None at the end of the script.
    pub(crate) fn next(&mut self) -> Result<Option<(Lexeme, Range<usize>)>, Unterminated> {
        self.skip_while(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let lexeme = match first {
            '-' if self.rest().starts_with("--") => Lexeme::Comment(self.line_comment()),
            '/' if self.rest().starts_with("/*") => Lexeme::Comment(self.block_comment()?),
            _ => Lexeme::Token(self.token(first)?),
        };
        Ok(Some((lexeme, start..self.at)))
    }

    fn token(&mut self, first: char) -> Result<Token, Unterminated> {
        match first {
            '\'' => self.string(false).map(|()| Token::Literal),
            '"' => self.quoted_name().map(Token::Name),
            '$' => self.dollar(),
            '0'..='9' => {
                self.skip_while(|it| it.is_ascii_alphanumeric() || it == '_' || it == '.');
                Ok(Token::Literal)
            }
            _ if is_word_start(first) => self.word_or_prefixed_quote(),
            _ => {
                self.at += first.len_utf8();
                Ok(Token::Symbol(first))
            }
        }
    }

    /// A word, or what a prefix directly before a quote makes of it: `E'…'`, `B'…'`, `X'…'`,
    /// `N'…'`, `U&'…'`, `U&"…"`.
    fn word_or_prefixed_quote(&mut self) -> Result<Token, Unterminated> {
        let rest = self.rest().as_bytes();
        let prefix = rest[0].to_ascii_lowercase();
        match (prefix, rest.get(1), rest.get(2)) {
            (b'e' | b'b' | b'x' | b'n', Some(b'\''), _) => {
                self.at += 1;
                self.string(prefix == b'e').map(|()| Token::Literal)
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
    /// 4.1.2.1) keeps its kind, so an escape string goes on being one.
    fn string(&mut self, escapes: bool) -> Result<(), Unterminated> {
        loop {
            self.quoted('\'', escapes, "quoted string")?;
            let Some(continued) = self.continuation() else { return Ok(()) };
            self.at = continued;
        }
    }

    /// Where the next part of a string opens, if white space with a line break, line comments among
    /// it, and then a quote follow. The server sees this so; psql, which reads line by line, takes
    /// the next part of an escape string for a plain one.
    fn continuation(&self) -> Option<usize> {
        let rest = self.rest();
        let mut after = rest.trim_start();
        while let Some(comment) = after.strip_prefix("--") {
            after = comment.find('\n').map_or("", |it| comment[it..].trim_start());
        }
        let blank = rest.len() - after.len();
        let continues = rest[..blank].contains('\n') && after.starts_with('\'');
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
        self.skip_while(|it| it != '\n');
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

/// Letters, the underscore and every character beyond ASCII open an identifier.
fn is_word_start(it: char) -> bool {
    it.is_ascii_alphabetic() || it == '_' || !it.is_ascii()
}
