//! The canonical form of a script: its tokens without comments and white space. Two scripts with
//! the same form send the same tokens in the same statements to a server.

use std::fmt::Write as _;
use std::ops::Range;

use super::directive::changes_the_run;
use super::lex::{Lexeme, Lexer, Token};
use super::split::{ScriptStatement, SplitError, split};

/// The canonical form of a script. Every part has its length before it, so that no text can be taken
/// for another.
///
/// # Errors
/// When it cannot be split.
pub fn canonical(script: &str) -> Result<String, SplitError> {
    let mut form = String::with_capacity(script.len());
    for statement in split(script)? {
        write_statement(&mut form, &statement);
    }
    Ok(form)
}

fn write_statement(form: &mut String, statement: &ScriptStatement) {
    for directive in statement.directives.iter().filter(|it| changes_the_run(&it.text)) {
        write_part(form, 'd', &directive.text);
    }
    for token in spelled_tokens(statement) {
        write_part(form, 't', &statement.text[token]);
    }
    if let Some(rows) = &statement.rows {
        write_part(form, 'r', &rows.text);
    }
    form.push(';');
}

fn write_part(form: &mut String, kind: char, text: &str) {
    // Writing to a string does not fail.
    let _ = write!(form, "{kind}{}:{text}", text.len());
}

/// The places of the tokens. Symbols that stand side by side, and that the server may read as one
/// operator, are one.
fn spelled_tokens(statement: &ScriptStatement) -> Vec<Range<usize>> {
    let text = statement.text.as_str();
    let mut lexer = Lexer::with_strings(text, statement.conforming);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    // A statement ends where its quotes do, so nothing is left over.
    while let Ok(Some((lexeme, span))) = lexer.next() {
        let Lexeme::Token(token) = lexeme else { continue };
        match found.last_mut() {
            Some(before)
                if before.end == span.start
                    && last.as_ref().is_some_and(is_operator)
                    && is_operator(&token) =>
            {
                before.end = span.end;
            }
            _ => found.push(span),
        }
        last = Some(token);
    }
    found
}

/// Whether it may be a part of an operator (`op_chars` and `self` of the server's `scan.l`).
fn is_operator(token: &Token) -> bool {
    matches!(token, Token::Symbol(it) if "~!@#^&|`?+-*/%<>=:.".contains(*it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(canonical(one).unwrap(), canonical(other).unwrap());
    }

    #[track_caller]
    fn differ(one: &str, other: &str) {
        assert_ne!(canonical(one).unwrap(), canonical(other).unwrap());
    }

    #[test]
    fn comments_and_white_space_do_not_count() {
        same("select 1", "-- a\n\n/* b */ select\n\t1 -- c\n;;");
        same("select f(1)", "select f /* x */ ( 1 )");
        same("a; b", "a;b;");
        same("\\restrict x\na;", "a");
    }

    #[test]
    fn tokens_count() {
        differ("select 1", "select 2");
        differ("select 1", "SELECT 1");
        differ("select 'a  b'", "select 'a b'");
        differ("do $$ -- a\n$$", "do $$ -- b\n$$");
        differ("select a <= b", "select a < = b");
        differ("select E'a'", "select E 'a'");
        differ("a; b", "a b");
        differ("select 'a' 'b'", "select 'a'\n'b'");
        differ("copy t from stdin;\n1\n\\.\n", "copy t from stdin;\n2\n\\.\n");
    }

    #[test]
    fn directives_count() {
        differ("update t set a = 1", "-- aludel: batches by id\nupdate t set a = 1");
        same("drop table t", "-- aludel: allow X1 it is empty\ndrop table t");
    }
}
