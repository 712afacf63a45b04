//! Directives: comments above a statement that tell aludel how to run it. psql ignores them.
//!
//! `-- aludel: batches by id, 5000 rows, pause 100ms`, or `-- aludel: allow CODE reason`, which
//! disables a rule and does not change the run.

use std::time::Duration;

use thiserror::Error;

use super::lex::{Lexeme, Lexer, Token};

/// What a comment begins with that is a directive.
const MARK: &str = "aludel:";

/// A directive as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// What stands behind `aludel:`.
    pub text: String,
    /// Its line, counted from one.
    pub line: usize,
}

/// What a directive wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The statement below runs in batches.
    Batches(Batches),
    /// A rule is silent about it.
    Allow,
}

/// How an UPDATE is cut into batches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batches {
    /// The columns of the key, in its order, as the catalog has them.
    pub by: Vec<String>,
    /// How many rows of the table a batch takes at most.
    pub rows: u32,
    /// The pause after each of them.
    pub pause: Duration,
}

/// A directive that says nothing to aludel.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DirectiveError {
    /// It begins with another word.
    #[error(
        "unknown directive `{word}`: there are `batches by KEY, N rows` and `allow CODE reason`"
    )]
    Unknown {
        /// The word.
        word: String,
    },
    /// It is not as it has to be.
    #[error("{expected}: a directive is written `-- aludel: batches by KEY, N rows, pause 100ms`")]
    Malformed {
        /// What should stand where something else does.
        expected: &'static str,
    },
    /// There is no statement below it.
    #[error("`aludel: {text}` has no statement: write it directly above one, without a blank line")]
    Stray {
        /// The directive.
        text: String,
    },
    /// There is another one above the statement.
    #[error("a second `batches` above the same statement")]
    Repeated,
}

/// The directives in a comment, each with the number of its line there, counted from nought.
pub(super) fn directives(comment: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = comment.lines().enumerate();
    lines.filter_map(|(at, line)| Some((at, marked(line)?)))
}

/// What stands behind the mark of a line that has it, in whatever case: a directive that is overlooked
/// would have its statement run in one go.
fn marked(line: &str) -> Option<&str> {
    let (mark, rest) = line.trim().split_at_checked(MARK.len())?;
    mark.eq_ignore_ascii_case(MARK).then(|| rest.trim())
}

/// Whether a directive changes how its statement is run.
pub(super) fn changes_the_run(text: &str) -> bool {
    text.split_whitespace().next() != Some("allow")
}

impl Directive {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self) -> Result<Meaning, DirectiveError> {
        let word = self.text.split_whitespace().next().unwrap_or_default();
        match word {
            "batches" => Reader::new(&self.text)?.batches().map(Meaning::Batches),
            "allow" => Ok(Meaning::Allow),
            _ => Err(DirectiveError::Unknown { word: word.to_owned() }),
        }
    }
}

/// Reads a directive token by token.
struct Reader<'a> {
    /// Each with its text, the next one last.
    tokens: Vec<(Token, &'a str)>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, DirectiveError> {
        let mut lexer = Lexer::new(text);
        let mut tokens = Vec::new();
        let malformed = |_| DirectiveError::Malformed { expected: "unterminated quote" };
        while let Some((lexeme, span)) = lexer.next().map_err(malformed)? {
            if let Lexeme::Token(token) = lexeme {
                tokens.push((token, &text[span]));
            }
        }
        tokens.reverse();
        Ok(Self { tokens })
    }

    /// `batches by KEY[, KEY…], N rows[, pause DURATION]`.
    fn batches(mut self) -> Result<Batches, DirectiveError> {
        self.word("batches", "expected `batches`")?;
        self.word("by", "expected `by` after `batches`")?;
        let mut by = vec![self.column()?];
        let rows = loop {
            self.comma("expected `, N rows` after the key")?;
            match self.tokens.last() {
                Some((Token::Literal, _)) => break self.rows()?,
                _ => by.push(self.column()?),
            }
        };
        let pause = match self.tokens.is_empty() {
            true => Duration::ZERO,
            false => {
                self.comma("expected nothing or `, pause DURATION` after the rows")?;
                self.word("pause", "expected `pause`")?;
                self.duration()?
            }
        };
        match self.tokens.is_empty() {
            true => Ok(Batches { by, rows, pause }),
            false => {
                Err(DirectiveError::Malformed { expected: "expected nothing after the pause" })
            }
        }
    }

    fn next(&mut self, expected: &'static str) -> Result<(Token, &'a str), DirectiveError> {
        self.tokens.pop().ok_or(DirectiveError::Malformed { expected })
    }

    fn word(&mut self, word: &str, expected: &'static str) -> Result<(), DirectiveError> {
        let (token, _) = self.next(expected)?;
        (token.word() == Some(word)).then_some(()).ok_or(DirectiveError::Malformed { expected })
    }

    fn comma(&mut self, expected: &'static str) -> Result<(), DirectiveError> {
        let (token, _) = self.next(expected)?;
        let is_comma = token == Token::Symbol(',');
        is_comma.then_some(()).ok_or(DirectiveError::Malformed { expected })
    }

    fn column(&mut self) -> Result<String, DirectiveError> {
        let expected = "expected a column of the key";
        match self.next(expected)?.0 {
            Token::Word(it) | Token::Name(it) => Ok(it),
            Token::Literal | Token::Symbol(_) => Err(DirectiveError::Malformed { expected }),
        }
    }

    fn rows(&mut self) -> Result<u32, DirectiveError> {
        let expected = "expected a number of rows, one at least";
        let (_, text) = self.next(expected)?;
        let rows = text.parse().ok().filter(|it| *it > 0);
        self.word("rows", "expected `rows` after their number")?;
        rows.ok_or(DirectiveError::Malformed { expected })
    }

    /// A number and a unit of PostgreSQL (manual, "Parameter Names and Values").
    fn duration(&mut self) -> Result<Duration, DirectiveError> {
        let expected = "expected a pause such as 100ms or 2s";
        let (_, text) = self.next(expected)?;
        let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let unit = match unit {
            "" => self.next(expected)?.1,
            unit => unit,
        };
        let microseconds: u64 = match unit {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "min" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return Err(DirectiveError::Malformed { expected }),
        };
        let whole = number.parse::<u64>().ok().and_then(|it| it.checked_mul(microseconds));
        whole.map(Duration::from_micros).ok_or(DirectiveError::Malformed { expected })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{split, split_script};
    use super::*;

    fn read(text: &str) -> Result<Meaning, DirectiveError> {
        Directive { text: text.to_owned(), line: 1 }.read()
    }

    #[track_caller]
    fn check(text: &str, by: &[&str], rows: u32, pause: u64) {
        let by = by.iter().map(|it| (*it).to_owned()).collect();
        let pause = Duration::from_micros(pause);
        assert_eq!(read(text), Ok(Meaning::Batches(Batches { by, rows, pause })), "{text}");
    }

    #[test]
    fn batches_are_read() {
        check("batches by id, 5000 rows", &["id"], 5000, 0);
        check("batches by Id,1 rows, pause 100ms", &["id"], 1, 100_000);
        check("batches by \"Tenant\", id, 10 rows, pause 2 s", &["Tenant", "id"], 10, 2_000_000);
        check("batches by rows, 10 rows, pause 1min", &["rows"], 10, 60_000_000);
    }

    #[test]
    fn mistakes_say_what_is_expected() {
        for (text, expected) in [
            ("batches", "expected `by` after `batches`"),
            ("batches of id, 5 rows", "expected `by` after `batches`"),
            ("batches by 5 rows", "expected a column of the key"),
            ("batches by id", "expected `, N rows` after the key"),
            ("batches by id 5 rows", "expected `, N rows` after the key"),
            ("batches by id, 0 rows", "expected a number of rows, one at least"),
            ("batches by id, 5k rows", "expected a number of rows, one at least"),
            ("batches by id, 99999999999 rows", "expected a number of rows, one at least"),
            ("batches by id, 5", "expected `rows` after their number"),
            ("batches by id, 5 rows,", "expected `pause`"),
            (
                "batches by id, 5 rows pause 1s",
                "expected nothing or `, pause DURATION` after the rows",
            ),
            ("batches by id, 5 rows, pause 1", "expected a pause such as 100ms or 2s"),
            ("batches by id, 5 rows, pause 1 year", "expected a pause such as 100ms or 2s"),
            ("batches by id, 5 rows, pause 1s now", "expected nothing after the pause"),
            ("batches by \"id, 5 rows", "unterminated quote"),
        ] {
            assert_eq!(read(text), Err(DirectiveError::Malformed { expected }), "{text}");
        }
        assert_eq!(read("allow X1 it is empty"), Ok(Meaning::Allow));
        assert_eq!(read("batch by id"), Err(DirectiveError::Unknown { word: "batch".into() }));
        assert_eq!(read(""), Err(DirectiveError::Unknown { word: String::new() }));
    }

    #[test]
    fn they_belong_to_the_statement_below() {
        let of = |sql: &str| {
            let script = split_script(sql).unwrap();
            let lines = |it: &[Directive]| it.iter().map(|it| it.line).collect::<Vec<_>>();
            let attached: Vec<_> =
                script.statements.iter().map(|it| lines(&it.directives)).collect();
            (attached, lines(&script.stray))
        };
        assert_eq!(of("a;\n-- aludel: x\n-- y\nb"), (vec![vec![], vec![2]], vec![]));
        assert_eq!(of("/* y\n aludel: x */ b"), (vec![vec![2]], vec![]));
        assert_eq!(of("-- aludel: x\n\nb"), (vec![vec![]], vec![1]));
        assert_eq!(of("-- aludel: x\n\n-- aludel: y\nb"), (vec![vec![3]], vec![1]));
        assert_eq!(of("b; -- aludel: x\nc"), (vec![vec![], vec![]], vec![1]));
        assert_eq!(of("b -- aludel: x\nc;\n-- aludel: y"), (vec![vec![]], vec![1, 3]));
        assert_eq!(of("-- aludel: x\n;b"), (vec![vec![]], vec![1]));
        assert_eq!(of("-- an aludel: x\nb"), (vec![vec![]], vec![]));
        assert_eq!(of("--ALUDEL:x\n-- Aludél\nb"), (vec![vec![1]], vec![]));
    }

    #[test]
    fn one_for_each_statement() {
        let check = |sql: &str| split(sql).unwrap()[0].check_directives().map_err(|it| it.0);
        assert_eq!(check("-- aludel: allow X\n-- aludel: batches by id, 5 rows\nb"), Ok(()));
        assert_eq!(
            check("-- aludel: batches by id, 5 rows\n-- aludel: batches by id, 5 rows\nb"),
            Err(2)
        );
        assert_eq!(check("-- y\n-- aludel: what\nb"), Err(2));
    }
}
