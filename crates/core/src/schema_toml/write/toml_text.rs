//! Values as TOML text.

use std::fmt;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::schema_toml) enum Value {
    /// A string.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it stands.
    Number(String),
    /// A list.
    List(Vec<Value>),
    /// A table, on one line.
    Table(Vec<(String, Value)>),
}

impl Value {
    /// A string.
    pub(in crate::schema_toml) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of strings.
    pub(in crate::schema_toml) fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|it| Self::text(it.as_ref())).collect())
    }

    /// A number or boolean where the text reads as one and would be read back the same.
    pub(in crate::schema_toml) fn scalar(text: &str) -> Self {
        match text {
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ if is_number(text) => Self::Number(text.to_owned()),
            _ => Self::text(text),
        }
    }
}

/// A key, in quotes where it needs them.
pub(in crate::schema_toml) fn quote_key(key: &str) -> String {
    let bare = !key.is_empty()
        && key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-');
    if bare { key.to_owned() } else { quote(key, Lines::One) }
}

/// Whether a string may go over several lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Several,
}

/// A string: basic, or literal where that saves escapes, or over several lines where it has several.
fn quote(text: &str, lines: Lines) -> String {
    let plain = |it: char| !it.is_control() && it != '\u{7f}';
    if lines == Lines::Several && text.contains('\n') {
        let inside = text.chars().all(|it| plain(it) || matches!(it, '\n' | '\t'));
        return if inside && !text.contains("'''") && !text.ends_with('\'') {
            format!("'''\n{text}'''")
        } else {
            format!("\"\"\"\n{}\"\"\"", escaped(text, "\n\t"))
        };
    }
    let escapes = text.contains(['"', '\\']);
    if escapes && !text.contains('\'') && text.chars().all(plain) {
        return format!("'{text}'");
    }
    format!("\"{}\"", escaped(text, ""))
}

/// The inside of a basic string; what needs no escape there beside the ordinary stays.
fn escaped(text: &str, stays: &str) -> String {
    let mut quoted = String::new();
    for it in text.chars() {
        match it {
            _ if stays.contains(it) => quoted.push(it),
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if !it.is_control() => quoted.push(it),
            _ => quoted.push_str(&format!("\\u{:04X}", u32::from(it))),
        }
    }
    quoted
}

/// Whether TOML reads the text as a decimal number and keeps it as it is.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let no_leading_zero = whole == "0" || !whole.starts_with('0');
    let short = digits.len() <= 15;
    short && all_digits(whole) && no_leading_zero && fraction.is_none_or(all_digits) && text != "-0"
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quote(text, Lines::Several)),
            Self::Bool(it) => write!(f, "{it}"),
            Self::Number(it) => f.write_str(it),
            Self::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::to_string).collect();
                write!(f, "[{}]", elements.join(", "))
            }
            Self::Table(fields) if fields.is_empty() => f.write_str("{}"),
            Self::Table(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(key, value)| format!("{} = {value}", quote_key(key)))
                    .collect();
                write!(f, "{{ {} }}", fields.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let written = Value::text(text).to_string();
        assert_eq!(written, expected);
        let document = format!("it = {written}\n");
        let read: toml::Table = toml::from_str(&document).expect("TOML");
        assert_eq!(read["it"].as_str(), Some(text), "reading gives the text back");
    }

    #[test]
    fn strings_are_readable() {
        check("plain", "\"plain\"");
        check("it's", "\"it's\"");
        check("\"Mood\"", "'\"Mood\"'");
        check("both ' and \"", "\"both ' and \\\"\"");
        check("a\nb", "'''\na\nb'''");
        check("\na", "'''\n\na'''");
        check("a\nb'", "\"\"\"\na\nb'\"\"\"");
        check("''''\n\t\"", "\"\"\"\n''''\n\t\\\"\"\"\"");
        check("tab\tand\u{1}", "\"tab\\tand\\u0001\"");
        check("a\r\nb", "\"\"\"\na\\r\nb\"\"\"");
        check("", "\"\"");
        check("\\d+", "'\\d+'");
    }

    #[test]
    fn numbers_stay_what_they_are() {
        for it in ["0", "70", "-1", "0.05", "12.50"] {
            assert_eq!(Value::scalar(it), Value::Number(it.to_owned()));
        }
        for it in ["007", "+1", "1e3", "-0", ".5", "1.", "0x10", "99999999999999999999", ""] {
            assert_eq!(Value::scalar(it), Value::text(it));
        }
    }

    #[test]
    fn keys_are_quoted_where_needed() {
        assert_eq!(quote_key("users"), "users");
        assert_eq!(quote_key("billing.invoices"), "\"billing.invoices\"");
        assert_eq!(quote_key("a\"b"), "'a\"b'");
        assert_eq!(quote_key("a\nb"), "\"a\\nb\"");
        assert_eq!(quote_key(""), "\"\"");
    }
}
