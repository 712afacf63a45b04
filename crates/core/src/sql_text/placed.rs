//! The tokens of a statement with their places, for messages that point into a line.

use std::ops::Range;

use super::lex::{Lexeme, Lexer, Token};
use super::split::ScriptStatement;

impl ScriptStatement {
    /// Its tokens, each with its bytes in [`ScriptStatement::text`]. They are read again with the
    /// setting that the script had there, so they are the same as [`ScriptStatement::tokens`].
    #[must_use]
    pub fn placed_tokens(&self) -> Vec<(&Token, Range<usize>)> {
        let mut lexer = Lexer::with_strings(&self.text, self.conforming);
        let mut spans = Vec::with_capacity(self.tokens.len());
        while let Ok(Some((lexeme, span))) = lexer.next() {
            if let Lexeme::Token(_) = lexeme {
                spans.push(span);
            }
        }
        self.tokens.iter().zip(spans).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::split;

    #[test]
    fn places_are_those_of_the_text() {
        let statement = &split("-- x\nselect /* y */ 'a', \"B\"").unwrap()[0];
        let texts: Vec<_> =
            statement.placed_tokens().into_iter().map(|it| &statement.text[it.1]).collect();
        assert_eq!(texts, ["select", "'a'", ",", "\"B\""]);
    }
}
