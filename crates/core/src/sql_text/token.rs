//! A token of a script.

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
