//! The part of an SQL expression that can be understood without a server: whether it is a cast, a
//! call or a column, and how many dimensions it has. Anything else is ignored.

use crate::model::pg_type::PgType;

/// The outermost form of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape<'a> {
    /// `inner::type` or `CAST(inner AS type)`.
    Cast(&'a str, PgType),
    /// `function(arguments)`.
    Call(String, Vec<&'a str>),
    /// A bare name.
    Name(String),
    /// Anything else.
    Other,
}

/// The outermost form of an expression.
pub(crate) fn shape(text: &str) -> Shape<'_> {
    let text = without_parentheses(text);
    if let Some(at) = split_at_top(text, "::").last().copied() {
        let (inner, data_type) = (&text[..at], &text[at + 2..]);
        return match PgType::parse(data_type) {
            Ok(data_type) if is_primary(inner) => Shape::Cast(inner.trim(), data_type),
            _ => Shape::Other,
        };
    }
    if !is_primary(text) {
        return Shape::Other;
    }
    let Some(open) = text.find('(') else { return name(text).map_or(Shape::Other, Shape::Name) };
    let function = text[..open].trim().to_lowercase();
    let inside = &text[open + 1..text.len() - 1];
    if function == "cast" {
        return cast(inside);
    }
    let function = function.rsplit('.').next().unwrap_or_default().to_owned();
    let mut arguments = Vec::new();
    let mut start = 0;
    for at in split_at_top(inside, ",") {
        arguments.push(inside[start..at].trim());
        start = at + 1;
    }
    arguments.push(inside[start..].trim());
    Shape::Call(function, arguments)
}

/// The dimensions of a vector expression, where they can be counted. `column` knows those of a
/// column.
pub(super) fn dimensions(text: &str, column: &impl Fn(&str) -> Option<u64>) -> Option<u64> {
    match shape(text) {
        Shape::Name(name) => column(&name),
        Shape::Cast(inner, data_type) => {
            data_type.vector_type().and(data_type.length()).or_else(|| dimensions(inner, column))
        }
        Shape::Call(function, arguments) => match (function.as_str(), arguments.as_slice()) {
            ("binary_quantize" | "l2_normalize", [inner]) => dimensions(inner, column),
            ("subvector", [_, _, count]) => count.parse().ok(),
            _ => None,
        },
        Shape::Other => None,
    }
}

fn cast(inside: &str) -> Shape<'_> {
    let upper = inside.to_ascii_uppercase();
    let Some(at) = split_at_top(&upper, " AS ").last().copied() else { return Shape::Other };
    match PgType::parse(&inside[at + 4..]) {
        Ok(data_type) => Shape::Cast(inside[..at].trim(), data_type),
        Err(_) => Shape::Other,
    }
}

/// The name that an identifier means, folded unless it is quoted.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(quoted) = text.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        return Some(quoted.replace("\"\"", "\""));
    }
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|it| it.is_alphabetic() || it == '_');
    let plain = starts && chars.all(|it| it.is_alphanumeric() || it == '_' || it == '$');
    plain.then(|| text.to_lowercase())
}

/// Whether a text is one thing, or casts of one; not an operator between two.
fn is_primary(text: &str) -> bool {
    let casts = split_at_top(text, "::");
    let first = casts.first().map_or(text, |at| &text[..*at]);
    is_operand(first) && casts.iter().all(|at| !text[at + 2..].trim().is_empty())
}

/// Whether a text is a name, a call, a literal, or something in parentheses.
fn is_operand(text: &str) -> bool {
    let mut scan = Scan::new(text);
    let outside: String = scan.by_ref().map(|(_, it)| it).collect();
    let outside = outside.trim();
    let head = outside.strip_suffix("()").unwrap_or(outside).trim_end();
    let plain =
        |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '.' | '"' | '\'' | '[' | ']');
    !outside.is_empty() && head.chars().all(plain) && scan.balanced()
}

/// Takes parentheses away that enclose the whole text.
fn without_parentheses(text: &str) -> &str {
    let mut text = text.trim();
    while text.starts_with('(') && text.ends_with(')') {
        let inside = &text[1..text.len() - 1];
        let closes = Scan::new(text).find(|(_, it)| *it == ')').map(|(at, _)| at);
        if closes != Some(text.len() - 1) {
            break;
        }
        text = inside.trim();
    }
    text
}

/// Where a separator stands outside of quotes and parentheses.
fn split_at_top(text: &str, separator: &str) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for (at, _) in Scan::new(text) {
        let free = found.last().is_none_or(|last| at >= last + separator.len());
        if free && text[at..].starts_with(separator) {
            found.push(at);
        }
    }
    found
}

/// The characters outside of quotes and parentheses; of those only the outermost parentheses and
/// the quotes themselves.
struct Scan<'a> {
    chars: std::iter::Peekable<std::str::CharIndices<'a>>,
    depth: i32,
    quote: Option<char>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self { chars: text.char_indices().peekable(), depth: 0, quote: None }
    }

    fn balanced(&self) -> bool {
        self.depth == 0 && self.quote.is_none()
    }
}

impl Iterator for Scan<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        loop {
            let (at, it) = self.chars.next()?;
            if let Some(quote) = self.quote {
                if it == quote {
                    self.quote = None;
                }
                continue;
            }
            let outside = self.depth == 0;
            match it {
                '\'' | '"' => self.quote = Some(it),
                '(' => self.depth += 1,
                ')' => self.depth -= 1,
                _ => {}
            }
            if outside || (it == ')' && self.depth == 0) {
                return Some((at, it));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Shape<'_>) {
        assert_eq!(shape(text), expected);
    }

    fn data_type(text: &str) -> PgType {
        PgType::parse(text).expect("a type")
    }

    #[test]
    fn casts_are_recognized() {
        check("embedding::halfvec(1536)", Shape::Cast("embedding", data_type("halfvec(1536)")));
        check("((v)::halfvec(3))", Shape::Cast("(v)", data_type("halfvec(3)")));
        let quantized = Shape::Cast("binary_quantize(v)", data_type("bit(3)"));
        check("binary_quantize(v)::bit(3)", quantized.clone());
        check("(binary_quantize(v) :: bit(3))", quantized);
        check("CAST(v AS vector(3))", Shape::Cast("v", data_type("vector(3)")));
        check("'[1,2]'::vector::vector(2)", Shape::Cast("'[1,2]'::vector", data_type("vector(2)")));
    }

    #[test]
    fn names_and_calls_are_recognized() {
        check("(Embedding)", Shape::Name("embedding".to_owned()));
        check("\"Odd\"", Shape::Name("Odd".to_owned()));
        check(
            "subvector(v, 1, f(2, 3))",
            Shape::Call("subvector".to_owned(), vec!["v", "1", "f(2, 3)"]),
        );
        check("extensions.l2_normalize(v)", Shape::Call("l2_normalize".to_owned(), vec!["v"]));
    }

    #[test]
    fn operators_are_left_alone() {
        check("a || b::vector(3)", Shape::Other);
        check("(a) || (b)", Shape::Other);
        check("lower(a) || b", Shape::Other);
        check("case when a then b end", Shape::Other);
        check("f(a", Shape::Other);
        check("", Shape::Other);
    }

    #[test]
    fn dimensions_are_counted() {
        let column = |name: &str| (name == "v").then_some(3);
        assert_eq!(dimensions("binary_quantize(v)", &column), Some(3));
        assert_eq!(dimensions("v::vector", &column), Some(3));
        assert_eq!(dimensions("subvector(v, 1, 2)", &column), Some(2));
        assert_eq!(dimensions("v || v", &column), None);
    }
}
