//! Lines as `ruff format` lays them out with its default settings.
//!
//! What fits a line stands in it; what does not is taken apart, an item a line with a comma behind
//! each, which the formatter then leaves alone.

/// `line-length`.
const WIDTH: usize = 88;

/// A piece of code that may have to be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// Stays as it is.
    Text(String),
    /// Items between an opening, such as `mapped_column(`, and a closing.
    Group { open: String, items: Vec<Code>, close: &'static str },
}

impl Code {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `name(items)`
    pub(super) fn call(name: &str, items: Vec<Self>) -> Self {
        Self::Group { open: format!("{name}("), items, close: ")" }
    }

    /// `name=value`
    pub(super) fn keyword(name: &str, value: Self) -> Self {
        match value {
            Self::Text(text) => Self::Text(format!("{name}={text}")),
            Self::Group { open, items, close } => {
                Self::Group { open: format!("{name}={open}"), items, close }
            }
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Group { open, items, close } => {
                let items: Vec<String> = items.iter().map(Self::flat).collect();
                format!("{open}{}{close}", items.join(", "))
            }
        }
    }

    /// The code behind a prefix in its first line and before a suffix in its last.
    pub(super) fn lines(&self, indent: usize, prefix: &str, suffix: &str) -> String {
        let pad = " ".repeat(indent);
        let line = format!("{pad}{prefix}{}{suffix}", self.flat());
        let open = match self {
            Self::Text(text) => text,
            Self::Group { open, .. } => open,
        };
        let head = format!("{pad}{prefix}{open}");
        if prefix.ends_with("= ") && width(&line) > WIDTH && width(&head) > WIDTH {
            // Not even the beginning fits beside the name.
            let inner = self.lines(indent + 4, "", "");
            let fits = inner.lines().all(|it| width(it) <= WIDTH);
            if fits || matches!(self, Self::Group { .. }) {
                return format!("{pad}{prefix}(\n{inner}\n{pad}){suffix}");
            }
        }
        match self {
            Self::Group { open, items, close } if width(&line) > WIDTH && !items.is_empty() => {
                let mut text = format!("{pad}{prefix}{open}\n");
                for item in items {
                    text.push_str(&item.lines(indent + 4, "", ","));
                    text.push('\n');
                }
                text.push_str(&format!("{pad}{close}{suffix}"));
                text
            }
            _ => line,
        }
    }

    /// As [`Code::lines`], taken apart even where it would fit.
    pub(super) fn spread(&self, indent: usize, prefix: &str, suffix: &str) -> String {
        let Self::Group { open, items, close } = self else {
            return self.lines(indent, prefix, suffix);
        };
        let pad = " ".repeat(indent);
        let items: String =
            items.iter().map(|it| format!("{}\n", it.lines(indent + 4, "", ","))).collect();
        format!("{pad}{prefix}{open}\n{items}{pad}{close}{suffix}")
    }
}

/// Whether a line is short enough.
pub(super) fn fits(line: &str) -> bool {
    width(line) <= WIDTH
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// A string as Python source, in the quotes that need fewer backslashes.
pub(super) fn string(text: &str) -> String {
    let double = text.matches('"').count() <= text.matches('\'').count();
    let quote = if double { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for it in text.chars() {
        match it {
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            it if it == quote => {
                quoted.push('\\');
                quoted.push(it);
            }
            it if it.is_control() || is_invisible(it) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(it)));
            }
            it => quoted.push(it),
        }
    }
    quoted.push(quote);
    quoted
}

/// Characters that turn the direction of text.
fn is_invisible(it: char) -> bool {
    matches!(u32::from(it), 0x202a..=0x202e | 0x2066..=0x2069)
}

/// SQL as an argument of `text()`, where a colon before a word would be a parameter.
pub(super) fn sql(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut escaped = String::new();
    for (idx, &it) in chars.iter().enumerate() {
        let before = idx.checked_sub(1).map(|it| chars[it]);
        let word = |it: char| it.is_alphanumeric() || it == '_';
        let follows = chars.get(idx + 1).is_some_and(|it| word(*it));
        if it == ':' && follows && before.is_none_or(|it| it != ':' && !word(it) && it != '\\') {
            escaped.push('\\');
        }
        escaped.push(it);
    }
    string(&escaped)
}

/// A docstring: a sentence of our own, and a comment of the database's.
pub(super) fn docstring(indent: usize, own: &str, comment: Option<&str>) -> String {
    let clean = |it: &str| {
        let kept = it.trim().chars().filter(|it| !it.is_control() && !is_invisible(*it));
        kept.collect::<String>().replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
    };
    let lines = comment.into_iter().flat_map(str::lines).map(clean);
    let lines: Vec<String> = lines.filter(|it| !it.is_empty()).collect();
    let pad = " ".repeat(indent);
    if lines.is_empty() {
        return format!("\"\"\"{own}\"\"\"");
    }
    let listed: String = lines.iter().map(|it| format!("{pad}{it}\n")).collect();
    format!("\"\"\"{own}\n\n{listed}{pad}\"\"\"")
}

/// A file with the empty lines that the formatter wants: two around functions and classes, never
/// more than one elsewhere. Templates leave out what is not wanted, and its empty lines remain.
pub(super) fn spaced(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let (mut gap, mut in_definition, mut attached) = (false, false, false);
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            gap = true;
            continue;
        }
        let top = !line.starts_with([' ', ')', ']', '}']);
        let starts = ["def ", "async def ", "class ", "@"];
        let defines = top && starts.iter().any(|it| line.starts_with(it));
        let lines = match (top, out.is_empty()) {
            (_, true) => 0,
            (true, _) if attached && !gap => 0,
            (true, _) if defines || in_definition => 2,
            _ => usize::from(gap),
        };
        out.extend(std::iter::repeat_n("", lines));
        out.push(line);
        if top {
            in_definition = defines && !line.starts_with('@');
            attached = line.starts_with('@') || line.starts_with('#');
        }
        gap = false;
    }
    format!("{}\n", out.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_take_the_better_quotes() {
        assert_eq!(string("a"), "\"a\"");
        assert_eq!(string("a\"b"), "'a\"b'");
        assert_eq!(string("a'b\""), "\"a'b\\\"\"");
        assert_eq!(string("a\\\n"), "\"a\\\\\\n\"");
    }

    #[test]
    fn colons_of_sql_are_no_parameters() {
        assert_eq!(sql("'a'::text"), "\"'a'::text\"");
        assert_eq!(sql("x = ':b'"), "\"x = '\\\\:b'\"");
    }

    #[test]
    fn what_fits_stays_in_a_line() {
        let call = |it: &str| Code::call("f", vec![Code::text(it), Code::text("b")]);
        assert_eq!(call("a").lines(4, "x = ", ""), "    x = f(a, b)");
        let long = "a".repeat(80);
        let expected = format!("    x = f(\n        {long},\n        b,\n    )");
        assert_eq!(call(&long).lines(4, "x = ", ""), expected);
    }

    #[test]
    fn empty_lines_are_where_they_belong() {
        let text =
            "import a\n\n\n\nx = 1\n@d\ndef f():\n    pass\n\n\n\n\n    pass\nclass C:\n    a\ny\n";
        let expected = "import a\n\nx = 1\n\n\n@d\ndef f():\n    pass\n\n    pass\n\n\nclass C:\n    a\n\n\ny\n";
        assert_eq!(spaced(text), expected);
    }
}
