//! Splits a script into statements.

use std::ops::Range;

use thiserror::Error;

use super::directive::{Directive, directives};
use super::lex::{Lexeme, Lexer, Token, Unterminated};
use super::lines::{end_of_line, line_ends, lines};

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptStatement {
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
    /// The rows that follow COPY FROM STDIN.
    pub rows: Option<Rows>,
    /// Whether `standard_conforming_strings` is on where it stands.
    pub conforming: bool,
    /// The directives in its comment.
    pub directives: Vec<Directive>,
}

/// The rows between COPY FROM STDIN and the line `\.`, as they stand in the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The lines.
    pub text: String,
    /// How many there are.
    pub count: usize,
}

/// A script taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SplitScript {
    /// Its statements.
    pub statements: Vec<ScriptStatement>,
    /// The commands of psql that were left out: those that `pg_dump` writes, which say something to
    /// psql alone.
    pub skipped: Vec<SkippedCommand>,
    /// Directives that stand above no statement.
    pub stray: Vec<Directive>,
}

/// A line for psql that is no part of what a server is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedCommand {
    /// The command: `\connect`.
    pub command: String,
    /// Its line, counted from one.
    pub line: usize,
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
    /// COPY TO STDOUT: nobody takes the rows.
    #[error("COPY TO STDOUT needs a client that reads the rows")]
    CopyOut {
        /// Its line, counted from one.
        line: usize,
    },
    /// COPY FROM STDIN without rows.
    #[error(
        "the rows of COPY FROM STDIN are missing: write them from the next line on, and end them \
         with a line `\\.`"
    )]
    NoRows {
        /// Its line, counted from one.
        line: usize,
    },
    /// A character that no server takes.
    #[error("a NUL character, which PostgreSQL does not accept")]
    Zero {
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
            | Self::CopyOut { line }
            | Self::NoRows { line }
            | Self::Zero { line } => *line,
        }
    }
}

/// The commands of psql that `pg_dump` writes, and that are nothing to a server: which database, and
/// from where to where psql may be told nothing else.
const SKIPPED: [&str; 4] = ["\\restrict", "\\unrestrict", "\\connect", "\\c"];

/// Splits a script into its statements, as `psql` does. Empty statements are left out.
///
/// # Errors
/// When a quote has no end, or when only `psql` could run the script.
pub fn split(script: &str) -> Result<Vec<ScriptStatement>, SplitError> {
    split_script(script).map(|it| it.statements)
}

/// Splits a script into its statements, and says what it leaves out.
///
/// # Errors
/// As [`split`].
pub fn split_script(script: &str) -> Result<SplitScript, SplitError> {
    if let Some(at) = script.find('\0') {
        return Err(SplitError::Zero { line: line_of(script, at) });
    }
    let mut lexer = Lexer::new(script);
    let mut splitter = Splitter::new(script);
    loop {
        splitter.conforming = lexer.is_conforming();
        let next = lexer.next().map_err(|it| unterminated(script, &it))?;
        let Some((lexeme, span)) = next else { break };
        match lexeme {
            Lexeme::Comment(comment) => splitter.comment(comment, span),
            Lexeme::Token(Token::Symbol('\\')) => lexer.skip_to(splitter.command(span.start)?),
            Lexeme::Token(token) => {
                if let Some(after) = splitter.token(token, span)? {
                    lexer.skip_to(after);
                }
            }
        }
    }
    splitter.finish()?;
    splitter.stray.sort_by_key(|it| it.line);
    if let Some(it) = splitter.statements.iter().find(|it| it.rows.is_none() && it.reads_rows()) {
        return Err(SplitError::NoRows { line: it.line });
    }
    let Splitter { statements, skipped, stray, .. } = splitter;
    Ok(SplitScript { statements, skipped, stray })
}

/// The line of a byte, counted from one.
pub(super) fn line_of(script: &str, at: usize) -> usize {
    1 + line_ends(&script[..at])
}

fn unterminated(script: &str, error: &Unterminated) -> SplitError {
    SplitError::Unterminated { what: error.what, line: line_of(script, error.at) }
}

/// The statement that is being read, and those before it.
struct Splitter<'a> {
    script: &'a str,
    statements: Vec<ScriptStatement>,
    skipped: Vec<SkippedCommand>,
    /// Whether `standard_conforming_strings` is on before the next token.
    conforming: bool,
    tokens: Vec<Token>,
    span: Range<usize>,
    comment: Vec<String>,
    /// The directives in that comment, and those that belong to nothing.
    directives: Vec<Directive>,
    stray: Vec<Directive>,
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
            skipped: Vec::new(),
            conforming: true,
            tokens: Vec::new(),
            span: 0..0,
            comment: Vec::new(),
            directives: Vec::new(),
            stray: Vec::new(),
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
        let found = directives(&comment).map(|(at, it)| Directive {
            text: it.to_owned(),
            line: line_of(self.script, span.start) + at,
        });
        let found: Vec<_> = found.collect();
        if self.tokens.is_empty() && !(trails && self.comment.is_empty()) {
            self.forget_distant_comment(span.start);
            self.comment.push(comment);
            self.directives.extend(found);
        } else {
            self.stray.extend(found);
        }
        self.reached = span.end;
    }

    /// Takes a token; returns where to continue when rows follow the statement that it ends.
    fn token(&mut self, token: Token, span: Range<usize>) -> Result<Option<usize>, SplitError> {
        self.follow_nesting(&token);
        let mut after = None;
        match token {
            Token::Symbol(';') if self.parentheses == 0 && self.blocks == 0 => {
                after = self.finish()?.then(|| self.rows(span.end)).transpose()?;
            }
            token => {
                if self.tokens.is_empty() {
                    self.forget_distant_comment(span.start);
                    self.span.start = span.start;
                }
                self.span.end = span.end;
                self.tokens.push(token);
            }
        }
        self.reached = after.unwrap_or(span.end);
        Ok(after)
    }

    /// Leaves out a command of psql that is none for the server; says where its line ends.
    fn command(&mut self, at: usize) -> Result<usize, SplitError> {
        let command = self.script[at..].split_whitespace().next().unwrap_or("\\").to_owned();
        let line = self.line(at);
        if !self.tokens.is_empty() || !SKIPPED.contains(&command.as_str()) {
            return Err(SplitError::MetaCommand { command, line });
        }
        self.skipped.push(SkippedCommand { command, line });
        self.forget_comment();
        self.reached = at + end_of_line(&self.script[at..]);
        Ok(self.reached)
    }

    /// Takes the rows of the COPY that ended at a byte, from the next line to the line `\.`, as
    /// psql does; says where that ends.
    fn rows(&mut self, semicolon: usize) -> Result<usize, SplitError> {
        let rest = &self.script[semicolon..];
        let (blank, rest) = rest.split_at(end_of_line(rest));
        let missing = || SplitError::NoRows { line: line_of(self.script, semicolon) };
        if !blank.trim().is_empty() && !blank.trim_start().starts_with("--") {
            return Err(missing());
        }
        let mut length = 0;
        for (count, line) in lines(rest).enumerate() {
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                let text = rest[..length].to_owned();
                if let Some(copy) = self.statements.last_mut() {
                    copy.rows = Some(Rows { text, count });
                }
                return Ok(semicolon + blank.len() + length + line.len());
            }
            length += line.len();
        }
        Err(missing())
    }

    /// Semicolons inside parentheses (the actions of a rule) and inside the body of an SQL function
    /// (`BEGIN ATOMIC … END`, in which `CASE` has an `END` too) end nothing. After AS and after a dot
    /// every word is a name (`ColLabel` of the server's grammar).
    fn follow_nesting(&mut self, token: &Token) {
        match token {
            Token::Symbol('(') => self.parentheses += 1,
            Token::Symbol(')') => self.parentheses = self.parentheses.saturating_sub(1),
            Token::Word(word) => match word.as_str() {
                "atomic" if self.opens_routine_body() => self.blocks += 1,
                "case" if self.blocks > 0 && !self.expects_name() => self.blocks += 1,
                "end" if self.blocks > 0 && !self.expects_name() => self.blocks -= 1,
                _ => {}
            },
            Token::Name(_) | Token::Literal | Token::Symbol(_) => {}
        }
    }

    fn expects_name(&self) -> bool {
        match self.tokens.last() {
            Some(Token::Word(word)) => word == "as",
            Some(Token::Symbol(it)) => *it == '.',
            Some(Token::Name(_) | Token::Literal) | None => false,
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

    /// Ends a statement; says whether rows follow it.
    fn finish(&mut self) -> Result<bool, SplitError> {
        let tokens = std::mem::take(&mut self.tokens);
        let comment = std::mem::take(&mut self.comment);
        (self.parentheses, self.blocks) = (0, 0);
        if tokens.is_empty() {
            self.forget_comment();
            return Ok(false);
        }
        let line = self.line(self.span.start);
        let statement = ScriptStatement {
            text: self.script[self.span.clone()].to_owned(),
            comment: (!comment.is_empty()).then(|| comment.join("\n")),
            line,
            span: self.span.clone(),
            tokens,
            rows: None,
            conforming: self.conforming,
            directives: std::mem::take(&mut self.directives),
        };
        if statement.copies("to", "stdout") {
            return Err(SplitError::CopyOut { line });
        }
        let reads_rows = statement.reads_rows();
        self.statements.push(statement);
        Ok(reads_rows)
    }

    /// A comment with a blank line after it speaks of the script, not of the statement.
    fn forget_distant_comment(&mut self, start: usize) {
        if self.breaks_before(start) > 1 {
            self.forget_comment();
        }
    }

    fn forget_comment(&mut self) {
        self.comment.clear();
        self.stray.append(&mut self.directives);
    }

    fn breaks_before(&self, start: usize) -> usize {
        line_ends(&self.script[self.reached..start])
    }

    /// The line of a byte that is not before those asked for earlier, counted from one.
    fn line(&mut self, at: usize) -> usize {
        self.lines += line_ends(&self.script[self.counted..at]);
        self.counted = at;
        self.lines + 1
    }
}

impl ScriptStatement {
    /// Whether it is COPY FROM STDIN, whose rows the client sends.
    #[must_use]
    pub fn reads_rows(&self) -> bool {
        self.copies("from", "stdin")
    }

    fn copies(&self, way: &str, end: &str) -> bool {
        let word = |it: &Token| it.word().unwrap_or_default().to_owned();
        self.tokens.first().and_then(Token::word) == Some("copy")
            && self.tokens.windows(2).any(|it| word(&it[0]) == way && word(&it[1]) == end)
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
