//! Lines in the layout of `ruff format` with its default settings.
//!
//! Text that fits stays on one line; other text is split into one item per line, each with a
//! trailing comma, which the formatter keeps.

use unicode_width::UnicodeWidthStr;

use super::needs::{Import, Needs};
use super::runtime::Module;

/// `line-length`.
const WIDTH: usize = 88;

/// A piece of code that may have to be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// Stays as it is.
    Text(String),
    /// Items between an opening, such as `mapped_column(`, and a closing.
    Group { open: String, items: Vec<Code>, close: &'static str },
    /// A comparison, taken apart before its operator.
    Same { left: String, right: String },
    /// Code that begins with a name of a module.
    From { home: Home, code: Box<Code> },
}

/// A module whose names code uses with the module's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    Sa,
    Pg,
    /// `support`, which passes on what this module of the runtime has.
    Support(Module),
}

impl Home {
    fn name(self, name: &str) -> String {
        match self {
            Self::Sa => format!("sa.{name}"),
            Self::Pg => format!("pg.{name}"),
            Self::Support(_) => format!("support.{name}"),
        }
    }

    /// `sa.name`
    pub(super) fn text(self, name: &str) -> Code {
        Code::From { home: self, code: Box::new(Code::text(self.name(name))) }
    }

    /// `sa.name(items)`
    pub(super) fn call(self, name: &str, items: Vec<Code>) -> Code {
        Code::From { home: self, code: Box::new(Code::call(&self.name(name), items)) }
    }

    /// The same, without parentheses where there are no items.
    pub(super) fn named(self, name: &str, items: Vec<Code>) -> Code {
        if items.is_empty() { self.text(name) } else { self.call(name, items) }
    }
}

impl Code {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// `name(items)`
    pub(super) fn call(name: &str, items: Vec<Self>) -> Self {
        Self::Group { open: format!("{name}("), items, close: ")" }
    }

    /// `[items]`
    pub(super) fn list(items: Vec<Self>) -> Self {
        Self::Group { open: "[".to_owned(), items, close: "]" }
    }

    /// `name[item]`
    pub(super) fn subscript(name: &str, item: impl Into<String>) -> Self {
        Self::Group { open: format!("{name}["), items: vec![Self::text(item)], close: "]" }
    }

    /// `name=value`
    pub(super) fn keyword(name: &str, value: Self) -> Self {
        match value {
            Self::Text(text) => Self::Text(format!("{name}={text}")),
            Self::Group { open, items, close } => {
                Self::Group { open: format!("{name}={open}"), items, close }
            }
            Self::Same { left, right } => Self::Same { left: format!("{name}={left}"), right },
            Self::From { home, code } => {
                Self::From { home, code: Box::new(Self::keyword(name, *code)) }
            }
        }
    }

    /// What it needs, with its items.
    pub(super) fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        self.tell(&mut needs);
        needs
    }

    fn tell(&self, needs: &mut Needs) {
        match self {
            Self::Text(_) | Self::Same { .. } => {}
            Self::Group { items, .. } => items.iter().for_each(|it| it.tell(needs)),
            Self::From { home, code } => {
                match home {
                    Home::Sa => needs.import(Import::Sa),
                    Home::Pg => needs.import(Import::Pg),
                    Home::Support(module) => needs.support(*module),
                }
                code.tell(needs);
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
            Self::Same { left, right } => format!("{left} == {right}"),
            Self::From { code, .. } => code.flat(),
        }
    }

    /// The first line where it is taken apart.
    fn opening(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Group { open, .. } => open,
            Self::Same { left, .. } => left,
            Self::From { code, .. } => code.opening(),
        }
    }

    /// Whether it gets parentheses behind an `=`: it cannot begin there, and can in a line below.
    fn wants_parentheses(&self, indent: usize, prefix: &str) -> bool {
        let pad = " ".repeat(indent);
        prefix.ends_with("= ")
            && !fits(&format!("{pad}{prefix}{}", self.opening()))
            && fits(&format!("{pad}{prefix}("))
            && fits(&format!("{pad}    {}", self.opening()))
            // A call that does not fit between them, either, gets none.
            && (!self.is_call() || self.lines(indent + 4, "", "").lines().all(fits))
    }

    /// Whether it can begin beside a prefix, be it with a parenthesis.
    fn begins(&self, indent: usize, prefix: &str) -> bool {
        let pad = " ".repeat(indent);
        fits(&format!("{pad}{prefix}{}", self.flat()))
            || self.wants_parentheses(indent, prefix)
            || (!self.is_text() && fits(&format!("{pad}{prefix}{}", self.opening())))
    }

    fn is_text(&self) -> bool {
        match self {
            Self::Text(_) => true,
            Self::From { code, .. } => code.is_text(),
            Self::Group { .. } | Self::Same { .. } => false,
        }
    }

    /// The code behind a prefix in its first line and before a suffix in its last.
    pub(super) fn lines(&self, indent: usize, prefix: &str, suffix: &str) -> String {
        let pad = " ".repeat(indent);
        let line = format!("{pad}{prefix}{}{suffix}", self.flat());
        if fits(&line) {
            return line;
        }
        if self.wants_parentheses(indent, prefix) {
            let inner = self.lines(indent + 4, "", "");
            return format!("{pad}{prefix}(\n{inner}\n{pad}){suffix}");
        }
        match self {
            Self::Group { items, .. } if !items.is_empty() => self.spread(indent, prefix, suffix),
            Self::Same { left, right } => format!("{pad}{prefix}{left}\n{pad}== {right}{suffix}"),
            Self::From { code, .. } => code.lines(indent, prefix, suffix),
            Self::Text(_) | Self::Group { .. } => line,
        }
    }

    /// As [`Code::lines`], taken apart even where it would fit.
    pub(super) fn spread(&self, indent: usize, prefix: &str, suffix: &str) -> String {
        if let Self::From { code, .. } = self {
            return code.spread(indent, prefix, suffix);
        }
        let Self::Group { open, items, close } = self else {
            return self.lines(indent, prefix, suffix);
        };
        let pad = " ".repeat(indent);
        if self.is_call() {
            let inner: Vec<String> = items.iter().map(Self::flat).collect();
            let inner = format!("{pad}    {}", inner.join(", "));
            if fits(&inner) {
                return format!("{pad}{prefix}{open}\n{inner}\n{pad}{close}{suffix}");
            }
        }
        // A comma would make a tuple of what is between brackets behind a name.
        let comma = if self.is_subscript() && items.len() == 1 { "" } else { "," };
        let items: String =
            items.iter().map(|it| format!("{}\n", it.lines(indent + 4, "", comma))).collect();
        format!("{pad}{prefix}{open}\n{items}{pad}{close}{suffix}")
    }

    /// Whether it is a call, whose arguments stay in one line where that fits.
    fn is_call(&self) -> bool {
        let word = |it: char| it.is_alphanumeric() || it == '_' || it == ']';
        self.opening().strip_suffix('(').is_some_and(|it| it.ends_with(word))
    }

    fn is_subscript(&self) -> bool {
        let word = |it: char| it.is_alphanumeric() || it == '_';
        self.opening().strip_suffix('[').is_some_and(|it| it.ends_with(word))
    }
}

/// `name: annotation = value`. An annotation beside which the value cannot even begin is taken apart
/// as well.
pub(super) fn annotated(
    indent: usize,
    name: &str,
    annotation: &str,
    value: Option<&Code>,
) -> String {
    let pad = " ".repeat(indent);
    let (open, inner, close) = match annotation.split_once('[') {
        _ if is_union(annotation) => ("(".to_owned(), annotation, ")"),
        Some((open, inner)) if inner.ends_with(']') => {
            (format!("{open}["), &inner[..inner.len() - 1], "]")
        }
        // A name alone gets parentheses only where nothing stands behind it.
        _ if value.is_none() => ("(".to_owned(), annotation, ")"),
        _ => (String::new(), annotation, ""),
    };
    let apart = format!("{pad}{name}: {open}\n{pad}    {inner}\n");
    let prefix = format!("{name}: {annotation} = ");
    match value {
        None => {
            let line = format!("{pad}{name}: {annotation}");
            let helps = fits(&format!("{pad}    {inner}")) && fits(&format!("{pad}{name}: {open}"));
            if fits(&line) || !helps { line } else { format!("{apart}{pad}{close}") }
        }
        Some(value) if open.is_empty() || value.begins(indent, &prefix) => {
            value.lines(indent, &prefix, "")
        }
        Some(value) => format!("{apart}{}", value.lines(indent, &format!("{close} = "), "")),
    }
}

/// Whether a type is one of several, outside of all brackets.
pub(super) fn is_union(annotation: &str) -> bool {
    let mut depth = 0_usize;
    annotation.chars().any(|it| {
        match it {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        it == '|' && depth == 0
    })
}

/// Whether a line is short enough.
pub(super) fn fits(line: &str) -> bool {
    line.width() <= WIDTH
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

/// Characters that show nothing: they turn the direction of text, end a line for some editors, or
/// have no width.
fn is_invisible(it: char) -> bool {
    matches!(u32::from(it), 0x061c | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060
        | 0x2066..=0x2069 | 0xfeff)
}

/// SQL as an argument of `text()`, which takes a colon before a word for a parameter, and a
/// backslash before a colon for what keeps it from that (`BIND_PARAMS` and `BIND_PARAMS_ESC` in
/// SQLAlchemy's `sql/compiler.py`).
pub(super) fn sql(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let word = |it: &char| it.is_alphanumeric() || *it == '_';
    // Where the word at a place ends, unless a colon stands behind it.
    let word_at = |start: usize| {
        let count = chars[start..].iter().take_while(|it| word(it)).count();
        (chars.get(start + count) != Some(&':')).then_some(count)
    };
    let mut escaped = String::new();
    for (idx, &it) in chars.iter().enumerate() {
        let before = idx.checked_sub(1).map(|it| &chars[it]);
        let free = before.is_none_or(|it| !word(it) && *it != ':' && *it != '\\');
        let parameter = it == ':' && free && word_at(idx + 1).is_some_and(|count| count > 0);
        let escapes = it == '\\' && chars.get(idx + 1) == Some(&':') && word_at(idx + 2).is_some();
        if parameter || escapes {
            escaped.push('\\');
        }
        escaped.push(it);
    }
    string(&escaped)
}

/// SQL of a definition as an argument of `text()`. Alembic compiles it and writes what comes of it into
/// a revision, where it is read and compiled once more: what was escaped is then a parameter, and of
/// each percent sign there are two (`_render_potential_expr` in its `autogenerate/render.py`). So
/// strings have neither; the manual's section 4.1.2.3 has the escapes.
pub(super) fn definition(text: &str) -> String {
    let pieces = literals(text).into_iter().map(|(piece, is_string)| {
        if is_string && is_lost_in_revisions(piece) { unicode(piece) } else { piece.to_owned() }
    });
    sql(&pieces.collect::<String>())
}

/// Whether Alembic loses a part of a text on its way into a revision.
pub(super) fn is_lost_in_revisions(text: &str) -> bool {
    text.contains('%') || sql(text) != string(text)
}

/// A string of SQL without colons and percent signs: `U&'\003Ax'`.
fn unicode(literal: &str) -> String {
    let escaped = literal.replace('\\', "\\\\").replace(':', "\\003A").replace('%', "\\0025");
    format!("U&{escaped}")
}

/// SQL cut into its strings, which are told, and what stands between them.
fn literals(text: &str) -> Vec<(&str, bool)> {
    let (mut pieces, mut start, mut within) = (Vec::new(), 0, None);
    let quotes = text.char_indices().filter(|(_, it)| matches!(it, '\'' | '"'));
    let mut quotes = quotes.peekable();
    while let Some((at, it)) = quotes.next() {
        match within {
            // A quote inside is doubled.
            Some(quote) if quote == it && quotes.next_if_eq(&(at + 1, it)).is_some() => {}
            Some(quote) if quote == it => {
                pieces.push((&text[start..=at], it == '\''));
                (start, within) = (at + 1, None);
            }
            Some(_) => {}
            None => {
                pieces.push((&text[start..at], false));
                (start, within) = (at, Some(it));
            }
        }
    }
    pieces.push((&text[start..], false));
    pieces
}

/// A text of the database's in a `#` comment, which it may not end.
pub(super) fn comment(text: &str) -> String {
    text.chars().filter(|it| !it.is_control() && !is_invisible(*it)).collect()
}

/// A text of the database's in a line of a docstring, which it may not end either.
pub(super) fn prose(text: &str) -> String {
    comment(text).replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}

/// A docstring: a sentence of our own, and a comment of the database's.
pub(super) fn docstring(indent: usize, own: &str, comment: Option<&str>) -> String {
    let lines = comment.into_iter().flat_map(str::lines).map(|it| prose(it).trim().to_owned());
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
        // Neither of these is one, and a backslash would stay.
        assert_eq!(sql("':smile:'"), "\"':smile:'\"");
        assert_eq!(sql("'a:b'"), "\"'a:b'\"");
        assert_eq!(sql("'::'"), "\"'::'\"");
        // A backslash of the value's own is doubled, or it would be taken away.
        assert_eq!(sql("'C:\\:x'"), "\"'C:\\\\\\\\:x'\"");
        assert_eq!(sql("'\\:x:'"), "\"'\\\\:x:'\"");
    }

    #[test]
    fn strings_of_definitions_have_nothing_to_escape() {
        assert_eq!(definition("a ~ 'x' AND \"b:c\" > 0"), "\"a ~ 'x' AND \\\"b:c\\\" > 0\"");
        assert_eq!(definition("a <> 'b:c'::text"), "\"a <> 'b:c'::text\"");
        assert_eq!(definition("a <> ':b'::text"), "\"a <> U&'\\\\003Ab'::text\"");
        assert_eq!(definition("a ~~ 'it''s 5%'"), "\"a ~~ U&'it''s 5\\\\0025'\"");
        assert_eq!(definition("a <> '\\:x'"), "\"a <> U&'\\\\\\\\\\\\003Ax'\"");
    }

    #[test]
    fn names_end_no_docstring() {
        assert_eq!(prose("we\\ird \"x\""), "we\\\\ird \"x\"");
        assert_eq!(prose("a\"\"\"\nimport os\u{202e}"), "a\\\"\\\"\\\"import os");
        assert_eq!(comment("a\nimport os\u{2028}"), "aimport os");
    }

    #[test]
    fn long_annotations_are_taken_apart() {
        let (name, value) = ("n".repeat(40), Code::call("f", vec![Code::text("a".repeat(20))]));
        let line = |annotation: &str| annotated(4, &name, annotation, Some(&value));
        assert_eq!(line("T"), format!("    {name}: T = f({})", "a".repeat(20)));
        let long = "t".repeat(40);
        assert_eq!(
            line(&format!("list[{long}]")),
            format!("    {name}: list[\n        {long}\n    ] = f({})", "a".repeat(20))
        );
        assert_eq!(
            annotated(4, &name, &format!("{long} | None"), None),
            format!("    {name}: (\n        {long} | None\n    )")
        );
        let same = Code::Same { left: name.clone(), right: long.clone() };
        assert_eq!(same.lines(4, "", ","), format!("    {name}\n    == {long},"));
    }

    #[test]
    fn wide_letters_count_twice() {
        let call = Code::call("f", vec![Code::text("状".repeat(40)), Code::text("b")]);
        assert!(call.lines(0, "x = ", "").contains('\n'));
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
