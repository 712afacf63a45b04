//! A script to its statements.

use std::ops::Range;

use thiserror::Error;

use super::lex::{Lexeme, Lexer, Token, Unterminated};

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The statement as it stands in the script, from its first token to its last, without the
    /// final semicolon.
    pub text: String,
    /// The comment that stands directly before it, with no blank line between, its markers off.
    pub comment: Option<String>,
    /// The line on which it begins, counted from one.
    pub line: usize,
    /// The bytes of `text` in the script.
    pub span: Range<usize>,
    /// Its tokens.
    pub tokens: Vec<Token>,
}

/// Why a script cannot be sent statement by statement.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SplitError {
    /// A quote or comment without an end.
    #[error("unterminated {what}")]
    Unterminated {
        /// What was opened, in PostgreSQL's words.
        what: &'static str,
        /// Where it was opened, counted from one.
        line: usize,
    },
    /// A backslash outside of quotes, which only `psql` understands.
    #[error("`{command}` is a command of psql, not SQL")]
    MetaCommand {
        /// The command's first word.
        command: String,
        /// Its line, counted from one.
        line: usize,
    },
    /// COPY whose rows travel through the client.
    #[error("COPY {direction} needs a client that carries the rows")]
    Copy {
        /// `FROM STDIN` or `TO STDOUT`.
        direction: &'static str,
        /// Its line, counted from one.
        line: usize,
    },
}

impl SplitError {
    /// The line that it is about, counted from one.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::Unterminated { line, .. }
            | Self::MetaCommand { line, .. }
            | Self::Copy { line, .. } => *line,
        }
    }
}

/// Splits a script into its statements, as `psql` does. Empty statements are left out.
///
/// # Errors
/// When a quote has no end, or when only `psql` could run the script.
pub fn split(script: &str) -> Result<Vec<Statement>, SplitError> {
    let mut lexer = Lexer::new(script);
    let mut splitter = Splitter::new(script);
    while let Some((lexeme, span)) = lexer.next().map_err(|it| unterminated(script, &it))? {
        match lexeme {
            Lexeme::Comment(comment) => splitter.comment(comment, span),
            Lexeme::Token(token) => splitter.token(token, span)?,
        }
    }
    splitter.finish()?;
    Ok(splitter.statements)
}

/// The line of a byte, counted from one.
pub(super) fn line_of(script: &str, at: usize) -> usize {
    1 + script.as_bytes()[..at].iter().filter(|it| **it == b'\n').count()
}

fn unterminated(script: &str, error: &Unterminated) -> SplitError {
    SplitError::Unterminated { what: error.what, line: line_of(script, error.at) }
}

/// The statement that is being read, and those before it.
struct Splitter<'a> {
    script: &'a str,
    statements: Vec<Statement>,
    tokens: Vec<Token>,
    span: Range<usize>,
    comment: Vec<String>,
    /// Where the last token or comment ended.
    reached: usize,
    /// A byte up to which `lines` line breaks were counted.
    counted: usize,
    lines: usize,
    parentheses: usize,
    /// How many `BEGIN ATOMIC` and `CASE` wait for their `END`.
    blocks: usize,
}

impl<'a> Splitter<'a> {
    fn new(script: &'a str) -> Self {
        Self {
            script,
            statements: Vec::new(),
            tokens: Vec::new(),
            span: 0..0,
            comment: Vec::new(),
            reached: 0,
            counted: 0,
            lines: 0,
            parentheses: 0,
            blocks: 0,
        }
    }

    /// Keeps a comment that stands before a statement. One that follows on the line of the
    /// statement before belongs to that.
    fn comment(&mut self, comment: String, span: Range<usize>) {
        let trails = self.breaks_before(span.start) == 0 && !self.statements.is_empty();
        if self.tokens.is_empty() && !(trails && self.comment.is_empty()) {
            self.forget_distant_comment(span.start);
            self.comment.push(comment);
        }
        self.reached = span.end;
    }

    fn token(&mut self, token: Token, span: Range<usize>) -> Result<(), SplitError> {
        self.follow_nesting(&token);
        match token {
            Token::Symbol('\\') => return Err(self.meta_command(span.start)),
            Token::Symbol(';') if self.parentheses == 0 && self.blocks == 0 => self.finish()?,
            token => {
                if self.tokens.is_empty() {
                    self.forget_distant_comment(span.start);
                    self.span.start = span.start;
                }
                self.span.end = span.end;
                self.tokens.push(token);
            }
        }
        self.reached = span.end;
        Ok(())
    }

    /// Semicolons inside parentheses (the actions of a rule) and inside the body of an SQL function
    /// (`BEGIN ATOMIC … END`, in which `CASE` has an `END` too) end nothing.
    fn follow_nesting(&mut self, token: &Token) {
        match token {
            Token::Symbol('(') => self.parentheses += 1,
            Token::Symbol(')') => self.parentheses = self.parentheses.saturating_sub(1),
            Token::Word(word) => match word.as_str() {
                "atomic" if self.opens_routine_body() => self.blocks += 1,
                "case" if self.blocks > 0 => self.blocks += 1,
                "end" if self.blocks > 0 => self.blocks -= 1,
                _ => {}
            },
            Token::Name(_) | Token::Literal | Token::Symbol(_) => {}
        }
    }

    /// Whether the tokens so far are `CREATE [OR REPLACE] FUNCTION|PROCEDURE … BEGIN`.
    fn opens_routine_body(&self) -> bool {
        let words: Vec<_> = self.tokens.iter().take(4).map(Token::word).collect();
        let is_routine = match words.as_slice() {
            [Some("create"), Some("or"), Some("replace"), Some(kind)]
            | [Some("create"), Some(kind), ..] => matches!(*kind, "function" | "procedure"),
            _ => false,
        };
        let begins = self.tokens.last().and_then(Token::word) == Some("begin");
        is_routine && begins && self.parentheses == 0
    }

    fn finish(&mut self) -> Result<(), SplitError> {
        let tokens = std::mem::take(&mut self.tokens);
        let comment = std::mem::take(&mut self.comment);
        (self.parentheses, self.blocks) = (0, 0);
        if tokens.is_empty() {
            return Ok(());
        }
        let line = self.line(self.span.start);
        if let Some(direction) = copy_direction(&tokens) {
            return Err(SplitError::Copy { direction, line });
        }
        self.statements.push(Statement {
            text: self.script[self.span.clone()].to_owned(),
            comment: (!comment.is_empty()).then(|| comment.join("\n")),
            line,
            span: self.span.clone(),
            tokens,
        });
        Ok(())
    }

    /// A comment with a blank line after it speaks of the script, not of the statement.
    fn forget_distant_comment(&mut self, start: usize) {
        if self.breaks_before(start) > 1 {
            self.comment.clear();
        }
    }

    fn breaks_before(&self, start: usize) -> usize {
        self.script[self.reached..start].matches('\n').count()
    }

    /// The line of a byte that is not before those asked for earlier, counted from one.
    fn line(&mut self, at: usize) -> usize {
        self.lines += self.script[self.counted..at].matches('\n').count();
        self.counted = at;
        self.lines + 1
    }

    fn meta_command(&self, at: usize) -> SplitError {
        let command = self.script[at..].split_whitespace().next().unwrap_or("\\");
        SplitError::MetaCommand { command: command.to_owned(), line: line_of(self.script, at) }
    }
}

/// Which way the rows of `COPY … FROM STDIN` or `COPY … TO STDOUT` travel.
fn copy_direction(tokens: &[Token]) -> Option<&'static str> {
    if tokens.first().and_then(Token::word) != Some("copy") {
        return None;
    }
    tokens.windows(2).find_map(|pair| match (pair[0].word()?, pair[1].word()?) {
        ("from", "stdin") => Some("FROM STDIN"),
        ("to", "stdout") => Some("TO STDOUT"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of the statements, one after the other, each with its line.
    #[track_caller]
    fn check(script: &str, expected: &[(usize, &str)]) {
        let statements = split(script).unwrap();
        let found: Vec<_> = statements.iter().map(|it| (it.line, it.text.as_str())).collect();
        assert_eq!(found, expected);
        for it in &statements {
            assert_eq!(script[it.span.clone()], it.text);
        }
    }

    #[track_caller]
    fn check_error(script: &str, line: usize, message: &str) {
        let error = split(script).unwrap_err();
        assert_eq!((error.line(), error.to_string().as_str()), (line, message));
    }

    #[test]
    fn plain_statements() {
        check("", &[]);
        check(" ; ;; ", &[]);
        check("select 1", &[(1, "select 1")]);
        check("select 1;\n\n  select 2 ;", &[(1, "select 1"), (3, "select 2")]);
        check("select 1 /* a */ -- b\n;select 2", &[(1, "select 1"), (2, "select 2")]);
    }

    #[test]
    fn strings() {
        check("select 'a;b', 'it''s; x';x", &[(1, "select 'a;b', 'it''s; x'"), (1, "x")]);
        check(r"select 'a\'; b", &[(1, r"select 'a\'"), (1, "b")]);
        check(r"select E'a\';b'; c", &[(1, r"select E'a\';b'"), (1, "c")]);
        check("select e'a\\\\'; c", &[(1, "select e'a\\\\'"), (1, "c")]);
        check("select E'a'\n '\\';'; c", &[(1, "select E'a'\n '\\';'"), (2, "c")]);
        check("select 'a'\n '\\'; c", &[(1, "select 'a'\n '\\'"), (2, "c")]);
        check("select E'a' -- ;\n '\\';'; c", &[(1, "select E'a' -- ;\n '\\';'"), (2, "c")]);
        check("select E'a' '\\'; c", &[(1, "select E'a' '\\'"), (1, "c")]);
        check(r"select U&'\0041;'; c", &[(1, r"select U&'\0041;'"), (1, "c")]);
        check("select B'01;', X'ff;', n'a;'; c", &[(1, "select B'01;', X'ff;', n'a;'"), (1, "c")]);
        check(r"select type'a\'; c", &[(1, r"select type'a\'"), (1, "c")]);
    }

    #[test]
    fn identifiers() {
        check(r#"select "a;""b" as x; c"#, &[(1, r#"select "a;""b" as x"#), (1, "c")]);
        check(r#"select U&"d;t"; c"#, &[(1, r#"select U&"d;t""#), (1, "c")]);
        check("select é$1$ from ü; c", &[(1, "select é$1$ from ü"), (1, "c")]);
        check("select a$b$c; select d$b$", &[(1, "select a$b$c"), (1, "select d$b$")]);
    }

    #[test]
    fn dollar_quotes() {
        check("do $$a;'b$$; c", &[(1, "do $$a;'b$$"), (1, "c")]);
        check("do $é_1$a;$$;$é_1$; c", &[(1, "do $é_1$a;$$;$é_1$"), (1, "c")]);
        check("select $1;select $2", &[(1, "select $1"), (1, "select $2")]);
        check("select a $ b; c", &[(1, "select a $ b"), (1, "c")]);
    }

    #[test]
    fn comments() {
        check("/* a; /* b; */ c; */ x; y", &[(1, "x"), (1, "y")]);
        check("select 1 -- a; 'b\n+ 2; c", &[(1, "select 1 -- a; 'b\n+ 2"), (2, "c")]);
        check("select 1+--;\n2; c", &[(1, "select 1+--;\n2"), (2, "c")]);
        check("select 1*/*;*/2; c", &[(1, "select 1*/*;*/2"), (1, "c")]);
        check("-- only\n/* comments */", &[]);
    }

    #[test]
    fn leading_comments() {
        let script = "-- header\n\n-- one\n-- more\nselect 1; -- trails\n/* two */ select 2;\nx";
        let comments: Vec<_> = split(script).unwrap().into_iter().map(|it| it.comment).collect();
        let expected = [Some("one\nmore".to_owned()), Some("two".to_owned()), None];
        assert_eq!(comments, expected);
    }

    #[test]
    fn parentheses_hold_semicolons() {
        let rule = "create rule r as on insert to t do also (insert into a values (1); notify b)";
        check(&format!("{rule};\nx"), &[(1, rule), (2, "x")]);
        check("select 1); x", &[(1, "select 1)"), (1, "x")]);
    }

    #[test]
    fn routine_bodies() {
        let function = "create or replace function f(i int) returns int begin /* ; */ atomic\n\
                        select case when i > 0 then 1 end; select 2; end";
        check(&format!("{function}; x"), &[(1, function), (2, "x")]);
        let procedure = "CREATE PROCEDURE \"begin\"() BEGIN ATOMIC END";
        check(&format!("{procedure}; x"), &[(1, procedure), (1, "x")]);
        check("begin; select 1; end; x", &[(1, "begin"), (1, "select 1"), (1, "end"), (1, "x")]);
        check(
            "create table begin (atomic int); x",
            &[(1, "create table begin (atomic int)"), (1, "x")],
        );
    }

    #[test]
    fn mistakes_name_their_line() {
        check_error("select 1;\nselect 'a;\n", 2, "unterminated quoted string");
        check_error("\n\nselect \"a;\n", 3, "unterminated quoted identifier");
        check_error("do $a$ x $$", 1, "unterminated dollar-quoted string");
        check_error("\n/* /* */", 2, "unterminated /* comment");
        check_error("select 1;\n\\connect other", 2, "`\\connect` is a command of psql, not SQL");
        check_error("select 1 \\gset", 1, "`\\gset` is a command of psql, not SQL");
        check_error(
            ";\ncopy t (a) from stdin;\n1\n\\.\n",
            2,
            "COPY FROM STDIN needs a client that carries the rows",
        );
        check_error(
            "copy (select 1) to stdout",
            1,
            "COPY TO STDOUT needs a client that carries the rows",
        );
    }

    #[test]
    fn copy_of_files_passes() {
        check("copy t from '/stdin'; x", &[(1, "copy t from '/stdin'"), (1, "x")]);
    }
}
