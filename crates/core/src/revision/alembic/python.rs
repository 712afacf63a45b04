//! The part of Python that the top of a revision file needs: its docstring, and names with literal
//! values.

/// What a name is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// A string, or a tuple or list of strings; None has none.
    Strings(Vec<String>),
    /// Anything else.
    Other,
}

/// A file.
pub(super) struct Module {
    /// The string that it begins with.
    pub(super) document: Option<String>,
    assigned: Vec<(String, usize, Literal)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Symbol(char),
}

/// A line of Python: what stands up to a line break outside of brackets.
struct Line {
    number: usize,
    indented: bool,
    tokens: Vec<Token>,
}

impl Module {
    /// Reads a file, or gives the line of a string that has no end.
    pub(super) fn parse(text: &str) -> Result<Self, usize> {
        let lines = lines(text)?;
        let document = lines.first().and_then(|it| match it.tokens.as_slice() {
            [Token::Text(text)] => Some(text.clone()),
            _ => None,
        });
        let assigned = lines.iter().filter(|it| !it.indented).filter_map(assignment).collect();
        Ok(Self { document, assigned })
    }

    /// What a name is given at the top of the file, and on which line.
    pub(super) fn assigned(&self, name: &str) -> Option<(usize, &Literal)> {
        let found = self.assigned.iter().rev().find(|(it, ..)| it == name);
        found.map(|(_, line, literal)| (*line, literal))
    }
}

/// `name = value` or `name: annotation = value`.
fn assignment(line: &Line) -> Option<(String, usize, Literal)> {
    let (Token::Word(name), rest) = line.tokens.split_first()? else { return None };
    let equals = match rest.first()? {
        Token::Symbol('=') => 0,
        Token::Symbol(':') => rest.iter().position(|it| *it == Token::Symbol('='))?,
        _ => return None,
    };
    let value = rest.get(equals + 1..).unwrap_or_default();
    if value.first() == Some(&Token::Symbol('=')) {
        return None;
    }
    Some((name.clone(), line.number, literal(value)))
}

fn literal(tokens: &[Token]) -> Literal {
    let texts = |tokens: &[Token]| -> Option<Vec<String>> {
        let items = tokens.split(|it| *it == Token::Symbol(','));
        let items = items.filter(|it| !it.is_empty());
        items.map(joined).collect()
    };
    let strings = match tokens {
        [Token::Word(word)] if word == "None" => Some(Vec::new()),
        [Token::Symbol('('), inner @ .., Token::Symbol(')')]
        | [Token::Symbol('['), inner @ .., Token::Symbol(']')]
        | [Token::Symbol('{'), inner @ .., Token::Symbol('}')] => texts(inner),
        tokens => texts(tokens),
    };
    strings.map_or(Literal::Other, Literal::Strings)
}

/// Strings that stand side by side are one.
fn joined(tokens: &[Token]) -> Option<String> {
    let text = |it: &Token| match it {
        Token::Text(text) => Some(text.clone()),
        Token::Word(_) | Token::Symbol(_) => None,
    };
    tokens.iter().map(text).collect()
}

fn lines(text: &str) -> Result<Vec<Line>, usize> {
    let mut lines = Vec::new();
    let mut line = Line { number: 1, indented: false, tokens: Vec::new() };
    let (mut number, mut depth, mut begun) = (1, 0_usize, true);
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\n' => {
                number += 1;
                if depth == 0 {
                    let fresh = Line { number, indented: false, tokens: Vec::new() };
                    lines.push(std::mem::replace(&mut line, fresh));
                    begun = true;
                }
                1
            }
            '\\' if rest[1..].starts_with('\n') => {
                number += 1;
                2
            }
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_whitespace() => {
                line.indented |= begun && depth == 0;
                first.len_utf8()
            }
            '\'' | '"' => {
                let (value, length) = string(rest, false).ok_or(number)?;
                number += rest[..length].matches('\n').count();
                line.tokens.push(Token::Text(value));
                length
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let (token, length) = word(rest).ok_or(number)?;
                number += rest[..length].matches('\n').count();
                line.tokens.push(token);
                length
            }
            _ => {
                match first {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                line.tokens.push(Token::Symbol(first));
                first.len_utf8()
            }
        };
        begun &= first.is_whitespace();
        rest = &rest[taken..];
    }
    lines.push(line);
    lines.retain(|it| !it.tokens.is_empty());
    Ok(lines)
}

/// A word, or a string after its prefix, and its length in the text; None where the string has no end.
fn word(text: &str) -> Option<(Token, usize)> {
    let of_word = |it: char| it.is_alphanumeric() || it == '_';
    let end = text.find(|it| !of_word(it)).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let prefix = word.len() <= 2 && word.chars().all(|it| "rRbBuUfF".contains(it));
    if prefix && after.starts_with(['\'', '"']) {
        let (value, length) = string(after, word.contains(['r', 'R']))?;
        return Some((Token::Text(value), end + length));
    }
    Some((Token::Word(word.to_owned()), end))
}

/// The value of a string and its length in the text; None where it has no end. Escapes other than
/// of quotes, backslashes and line breaks stay as they are: no id and no label has them.
fn string(text: &str, raw: bool) -> Option<(String, usize)> {
    let quote = text.chars().next()?;
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let (close, long) =
        if text.starts_with(&triple) { (triple.as_str(), true) } else { (&triple[..1], false) };
    let mut value = String::new();
    let mut at = close.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(close) {
            return Some((value, at + close.len()));
        }
        let first = rest.chars().next()?;
        if first == '\n' && !long {
            return None;
        }
        let second = rest.chars().nth(1);
        match (first, second) {
            ('\\', Some(second)) => {
                match second {
                    _ if raw => value.extend(['\\', second]),
                    '\n' => {}
                    'n' => value.push('\n'),
                    '\\' | '\'' | '"' => value.push(second),
                    _ => value.extend(['\\', second]),
                }
                at += 1 + second.len_utf8();
            }
            _ => {
                value.push(first);
                at += first.len_utf8();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let module = Module::parse(text).unwrap();
        let strings = expected.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(module.assigned("x").unwrap().1, &Literal::Strings(strings), "{text}");
    }

    #[test]
    fn strings() {
        check("x = 'a'", &["a"]);
        check("x = \"a\" 'b'", &["ab"]);
        check("x = u'a', r'b\\c'", &["a", "b\\c"]);
        check("x = ('a'\n  'b',\n 'c')", &["ab", "c"]);
        check("x = ()", &[]);
        check("x = None  # 'y'", &[]);
        check("x: Union[str, None] = 'a\\'b'", &["a'b"]);
        check("x = \\\n    'a'", &["a"]);
        check("if True:\n    x = 'no'\nx = 'yes'\ny = 'z'", &["yes"]);
        check("x = '''a\nb'''", &["a\nb"]);
    }

    #[test]
    fn what_is_not_a_string() {
        for text in ["x = f()", "x = 1", "x = a.b", "x = ('a', b)", "x = 'a' + 'b'"] {
            let module = Module::parse(text).unwrap();
            assert_eq!(module.assigned("x").unwrap().1, &Literal::Other, "{text}");
        }
        assert!(Module::parse("x == 'a'").unwrap().assigned("x").is_none());
        assert_eq!(Module::parse("y = 1\nx = 'a\n").err(), Some(2));
    }
}
