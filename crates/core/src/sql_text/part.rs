//! Checks that a text is a single part of a statement.

use std::fmt;

use super::lex::{Lexeme, Lexer, Token, Unterminated};

/// What a text is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One expression or clause, such as the condition of a check.
    Expression,
    /// The query of a view: a list may stand in it.
    Query,
}

/// Why a text would be more than its part of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotContained {
    /// Something in quotes, or a comment, that never ends, in PostgreSQL's words.
    Unterminated(&'static str),
    /// A semicolon, which ends the whole statement.
    Semicolon,
    /// A comma outside of parentheses, after which something else begins.
    Comma,
    /// A bracket that closes what the text has not opened.
    Closes(char),
    /// A bracket that the text does not close.
    Open(char),
}

impl fmt::Display for NotContained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unterminated(what) => write!(f, "unterminated {what}"),
            Self::Semicolon => write!(f, "a semicolon would end the statement"),
            Self::Comma => write!(f, "a comma outside of parentheses"),
            Self::Closes(bracket) => write!(f, "`{bracket}` has no opening bracket"),
            Self::Open(bracket) => write!(f, "`{bracket}` is never closed"),
        }
    }
}

/// A text that stays within its part of a statement wherever it is put. A line comment at its end
/// gets the end of its line, for it would reach into what follows.
///
/// # Errors
/// What would lead out of the part, or take in what follows.
pub fn contained(text: &str, part: Part) -> Result<String, NotContained> {
    let mut lexer = Lexer::new(text);
    let mut open = Vec::new();
    let mut commented = false;
    let unterminated = |it: Unterminated| NotContained::Unterminated(it.what);
    while let Some((lexeme, span)) = lexer.next().map_err(unterminated)? {
        commented = matches!(lexeme, Lexeme::Comment(_)) && text[span].starts_with("--");
        match lexeme {
            Lexeme::Token(Token::Symbol(symbol @ ('(' | '['))) => open.push(symbol),
            Lexeme::Token(Token::Symbol(symbol @ (')' | ']'))) => {
                let opening = if symbol == ')' { '(' } else { '[' };
                if open.pop() != Some(opening) {
                    return Err(NotContained::Closes(symbol));
                }
            }
            Lexeme::Token(Token::Symbol(';')) => return Err(NotContained::Semicolon),
            Lexeme::Token(Token::Symbol(',')) if open.is_empty() && part == Part::Expression => {
                return Err(NotContained::Comma);
            }
            Lexeme::Token(_) | Lexeme::Comment(_) => {}
        }
    }
    match open.pop() {
        Some(bracket) => Err(NotContained::Open(bracket)),
        None if commented => Ok(format!("{text}\n")),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression(text: &str) -> Result<String, NotContained> {
        contained(text, Part::Expression)
    }

    #[test]
    fn what_is_one_expression_stays_as_it_is() {
        for text in [
            "a > 0",
            "f(a, b) AND c IN (1, 2)",
            "';' <> $$);$$ AND \"x;,)\" > E'\\');'",
            "array[1, 2] /* ; ) */",
            "a -- why )\n > 0",
        ] {
            assert_eq!(expression(text).as_deref(), Ok(text));
        }
        assert_eq!(expression("a > 0 -- positive").as_deref(), Ok("a > 0 -- positive\n"));
        assert_eq!(contained("SELECT a, b", Part::Query).as_deref(), Ok("SELECT a, b"));
    }

    #[test]
    fn nothing_leads_out_of_it() {
        for (text, error) in [
            ("a > 0); CREATE ROLE r SUPERUSER; --", NotContained::Closes(')')),
            ("a > 0; DROP TABLE t", NotContained::Semicolon),
            ("(a; b)", NotContained::Semicolon),
            ("0, ADD COLUMN b integer", NotContained::Comma),
            ("(a > 0", NotContained::Open('(')),
            ("a[1)", NotContained::Closes(')')),
            ("a = 'it", NotContained::Unterminated("quoted string")),
            ("a /* ", NotContained::Unterminated("/* comment")),
        ] {
            assert_eq!(expression(text), Err(error), "{text}");
        }
    }

    #[test]
    fn comments_in_comments_are_counted_once() {
        let open = "/*".repeat(32_000);
        assert_eq!(expression(&open), Err(NotContained::Unterminated("/* comment")));
        let closed = format!("{open} a {}", "*/".repeat(32_000));
        assert_eq!(expression(&closed).as_deref(), Ok(closed.as_str()));
    }
}
