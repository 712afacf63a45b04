//! Variables of `psql`, as in "SQL Interpolation" of its manual page: `:name`, `:'name'` and
//! `:"name"` outside of quotes.

use std::ops::Range;

use super::lex::{Lexeme, Lexer, Token};
use super::split::{ScriptStatement, split};

/// How a variable is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `:name`, as it is.
    Bare,
    /// `:'name'`, as a string.
    Literal,
    /// `:"name"`, as an identifier.
    Name,
}

/// A statement as psql must be given it, so that it sends what stands here: a colon that psql could
/// take for the beginning of a variable is escaped, as in the array slice `a[1:n]`.
#[must_use]
pub fn for_psql(statement: &ScriptStatement) -> String {
    let sql = statement.text.as_str();
    let mut text = String::with_capacity(sql.len());
    let mut copied = 0;
    for (span, _, _) in references(sql, Lexer::with_strings(sql, statement.conforming)) {
        text.push_str(&sql[copied..span.start]);
        text.push('\\');
        copied = span.start;
    }
    text.push_str(&sql[copied..]);
    text
}

/// A script with variables put in as psql does: not in comments, nor in the rows of COPY. Names for
/// which there is no value stay; so does a script that cannot be split, which whoever splits it will
/// say.
#[must_use]
pub fn interpolated<'v>(sql: &str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut copied = 0;
    for statement in split(sql).unwrap_or_default() {
        let lexer = Lexer::with_strings(&statement.text, statement.conforming);
        for (span, name, form) in references(&statement.text, lexer) {
            let Some(value) = value(name) else { continue };
            let start = statement.span.start;
            text.push_str(&sql[copied..start + span.start]);
            push_value(&mut text, value, form);
            copied = start + span.end;
        }
    }
    text.push_str(&sql[copied..]);
    text
}

fn push_value(text: &mut String, value: &str, form: Form) {
    match form {
        Form::Bare => text.push_str(value),
        Form::Literal if value.contains('\\') => {
            let escaped = value.replace('\\', "\\\\").replace('\'', "''");
            text.push_str(&format!(" E'{escaped}'"));
        }
        Form::Literal => text.push_str(&format!("'{}'", value.replace('\'', "''"))),
        Form::Name => text.push_str(&format!("\"{}\"", value.replace('"', "\"\""))),
    }
}

/// What psql would take for a variable: place, name and form. A script that does not end well is
/// read as far as it goes; splitting it will say so.
fn references<'s>(sql: &'s str, mut lexer: Lexer<'s>) -> Vec<(Range<usize>, &'s str, Form)> {
    let mut found = Vec::new();
    // Where a second colon makes a cast of the first.
    let mut cast_until = 0;
    while let Ok(Some((lexeme, span))) = lexer.next() {
        if lexeme != Lexeme::Token(Token::Symbol(':')) || span.start < cast_until {
            continue;
        }
        let rest = &sql[span.end..];
        if rest.starts_with([':', '=']) {
            cast_until = span.end + 1;
            continue;
        }
        if let Some((name, form, length)) = reference(rest) {
            found.push((span.start..span.end + length, name, form));
            // What the quotes of `:'name'` enclose is no token of SQL.
            cast_until = span.end + length;
        }
    }
    found
}

/// The name behind a colon, its form, and how many bytes it takes.
fn reference(rest: &str) -> Option<(&str, Form, usize)> {
    let of_name = |it: char| it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii();
    let name = |text: &'_ str| text.find(|it| !of_name(it)).unwrap_or(text.len());
    let (form, quote) = match rest.chars().next()? {
        '\'' => (Form::Literal, '\''),
        '"' => (Form::Name, '"'),
        _ => {
            let end = name(rest);
            return (end > 0).then(|| (&rest[..end], Form::Bare, end));
        }
    };
    let end = name(&rest[1..]);
    let closed = end > 0 && rest[1 + end..].starts_with(quote);
    closed.then(|| (&rest[1..=end], form, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(sql: &str) -> String {
        for_psql(&split(sql).unwrap()[0])
    }

    #[test]
    fn colons_are_escaped_where_psql_would_see_a_variable() {
        let same = [
            "select 1::int, a[1 : 2], ':x', \":x\", $$ :x $$, e'\\' :x'",
            "select /* :x */ 1 -- :x\n+ 2",
            "f(a := 1)",
            "select 'a'::text::name",
            "select 50 % 2",
        ];
        for sql in same {
            assert_eq!(escaped(sql), sql);
        }
        assert_eq!(
            escaped("select a[1:n], b[:n]::x, a[1:2]"),
            "select a[1\\:n], b[\\:n]::x, a[1\\:2]"
        );
        assert_eq!(escaped("select :'x', :\"y\", :z"), "select \\:'x', \\:\"y\", \\:z");
    }

    #[test]
    fn variables_are_put_in() {
        let value = |name: &str| match name {
            "owner" => Some("O'Brien"),
            "schema" => Some("a\"b"),
            "number" => Some("7"),
            "path" => Some("c:\\x"),
            _ => None,
        };
        let check = |sql: &str, expected: &str| assert_eq!(interpolated(sql, value), expected);
        check("grant x to :\"owner\";", "grant x to \"O'Brien\";");
        check("select :'owner', :number, :'path'", "select 'O''Brien', 7,  E'c:\\\\x'");
        check("create schema :\"schema\"", "create schema \"a\"\"b\"");
        check(
            "select ':owner', a[1:n], x::number, :other",
            "select ':owner', a[1:n], x::number, :other",
        );
        check("-- :owner\nselect $f$ :owner $f$", "-- :owner\nselect $f$ :owner $f$");
        check("select ':number", "select ':number");
        let rows = "copy t from stdin;\n:number'\n\\.\n";
        check(&format!("{rows}select :number"), &format!("{rows}select 7"));
    }
}
