//! Lines in the layout of rustfmt with its default settings, where their length depends on names.

use unicode_width::UnicodeWidthStr;

/// `max_width`.
const WIDTH: usize = 100;
/// `struct_lit_width`.
const STRUCT_WIDTH: usize = 18;
/// `array_width`.
const ARRAY_WIDTH: usize = 60;
/// `fn_call_width`, which counts for tuples and macros, too.
const CALL_WIDTH: usize = 60;
/// `short_array_element_width_threshold`.
const SHORT_ELEMENT: usize = 10;

/// How wide a text is, as rustfmt counts: letters of East Asia take two columns.
fn width(text: &str) -> usize {
    text.width()
}

fn pad(indent: usize) -> String {
    " ".repeat(indent)
}

/// The first line of a function: in one line where it fits, else a parameter a line.
pub(super) fn signature(head: &str, parameters: &[String], tail: &str) -> String {
    indented_signature(0, head, parameters, tail)
}

/// The first line of a function in an `impl`.
pub(super) fn indented_signature(
    indent: usize,
    head: &str,
    parameters: &[String],
    tail: &str,
) -> String {
    let pad = pad(indent);
    let line = format!("{pad}{head}({}){tail} {{", parameters.join(", "));
    // Of functions rustfmt counts the bytes.
    if line.len() <= WIDTH {
        return line;
    }
    let listed: String = parameters.iter().map(|it| format!("{pad}    {it},\n")).collect();
    format!("{pad}{head}(\n{listed}{pad}){tail} {{")
}

/// `#[derive(…)]`: in one line, below it, or a trait a line.
pub(super) fn derive(traits: &[&str]) -> String {
    let list = traits.join(", ");
    match width(&list) {
        ..=85 => format!("#[derive({list})]"),
        86..=96 => format!("#[derive(\n    {list},\n)]"),
        _ => format!("#[derive(\n    {},\n)]", traits.join(",\n    ")),
    }
}

/// `NAME: TYPE = VALUE;`, broken after the `=` where it is too long.
pub(super) fn constant(indent: usize, head: &str, value: &str) -> String {
    let pad = pad(indent);
    let line = format!("{pad}{head} = {value};");
    let below = format!("{pad}    {value};");
    if !value.contains('\n') && width(&line) <= WIDTH {
        return line;
    }
    format!("{pad}{head} =\n{below}")
}

/// As [`constant`], of a type whose parameters get a line each where even they do not fit.
pub(super) fn generic_constant(
    indent: usize,
    head: &str,
    parameters: &[&str],
    value: &str,
) -> String {
    let whole = format!("{head}<{}>", parameters.join(", "));
    let pad = pad(indent);
    if indent + width(&whole) + " =".len() <= WIDTH {
        return constant(indent, &whole, value);
    }
    let listed: String = parameters.iter().map(|it| format!("{pad}    {it},\n")).collect();
    format!("{pad}{head}<\n{listed}{pad}> = {value};")
}

/// `use path::{a, b};`, the names of a list that is too long filling the lines below.
pub(super) fn import(path: &str, names: &[&str]) -> String {
    let line = format!("{path}::{{{}}};", names.join(", "));
    // rustfmt keeps two columns free here.
    if width(&line) <= WIDTH - 2 {
        return line;
    }
    let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
    format!("{path}::{{\n{}}};", filled("", &names))
}

/// `pub name: Type,` of a struct.
pub(super) fn field(indent: usize, name: &str, of: &str) -> String {
    part(indent, &format!("pub {name}"), of)
}

/// `name: Type,`, the type in a line below where both do not fit.
pub(super) fn part(indent: usize, name: &str, of: &str) -> String {
    let pad = pad(indent);
    let line = format!("{pad}{name}: {of},");
    if width(&line) <= WIDTH { line } else { format!("{pad}{name}:\n{pad}    {of},") }
}

/// Whether a line is short enough.
pub(super) fn fits(indent: usize, line: &str) -> bool {
    indent + width(line) <= WIDTH
}

/// A text of several lines, each of them indented.
pub(super) fn indented(indent: usize, text: &str) -> String {
    let pad = pad(indent);
    text.lines().map(|it| format!("{pad}{it}")).collect::<Vec<_>>().join("\n")
}

/// A line that may be long in a macro, where rustfmt leaves it alone: lists go on in lines below.
pub(super) fn wrapped(indent: usize, text: &str) -> String {
    let pad = pad(indent);
    let mut lines = vec![pad.clone()];
    for (idx, item) in text.split_inclusive(", ").enumerate() {
        let last = lines.last_mut().expect("there is a first line");
        if idx > 0 && width(last) + width(item.trim_end()) > WIDTH {
            last.truncate(last.trim_end().len());
            lines.push(format!("{pad}    {item}"));
        } else {
            last.push_str(item);
        }
    }
    lines.join("\n")
}

/// `name! { body }`, in three lines where it is long.
pub(super) fn block(name: &str, body: &str) -> String {
    let line = format!("{name}! {{ {body} }}");
    if width(&line) <= WIDTH {
        return line;
    }
    format!("{name}! {{\n{}\n}}", wrapped(4, body))
}

/// `Head { a: x, b: y }`, in one line only where it is very short.
pub(super) fn literal(indent: usize, head: &str, fields: &[String]) -> String {
    let short = fields.join(", ");
    if fields.is_empty() {
        return format!("{head} {{}}");
    }
    if width(&short) <= STRUCT_WIDTH {
        return format!("{head} {{ {short} }}");
    }
    let pad = pad(indent);
    let listed: String = fields.iter().map(|it| format!("{pad}    {it},\n")).collect();
    format!("{head} {{\n{listed}{pad}}}")
}

/// `HEAD = &[a, b];`: in one line, or below the `=`, or an element a line; short elements share lines.
pub(super) fn array(indent: usize, head: &str, open: &str, elements: &[String]) -> String {
    let pad = pad(indent);
    let inner = elements.join(", ");
    if width(&inner) <= ARRAY_WIDTH {
        let line = format!("{pad}{head} = {open}[{inner}];");
        if width(&line) <= WIDTH {
            return line.trim_start().to_owned();
        }
        return format!("{head} =\n{pad}    {open}[{inner}];");
    }
    if elements.iter().all(|it| width(it) <= SHORT_ELEMENT) {
        return format!("{head} = {open}[\n{}{pad}];", filled(&pad, elements));
    }
    let listed: String = elements.iter().map(|it| format!("{pad}    {it},\n")).collect();
    format!("{head} = {open}[\n{listed}{pad}];")
}

/// `(a, b)` as an element of an array: in one line unless what is inside is long.
pub(super) fn tuple(indent: usize, parts: &[String]) -> String {
    let inner = parts.join(", ");
    let pad = pad(indent);
    if width(&inner) <= CALL_WIDTH {
        return format!("({inner})");
    }
    let listed: String = parts.iter().map(|it| format!("{pad}    {it},\n")).collect();
    format!("(\n{listed}{pad})")
}

/// `name!(a, b);`
pub(super) fn call(name: &str, arguments: &[String]) -> String {
    format!("{name}{};", tuple(0, arguments))
}

/// Short elements, as many in a line as fit.
fn filled(pad: &str, elements: &[String]) -> String {
    let (mut text, mut line) = (String::new(), String::new());
    for element in elements {
        let longer = format!("{line}{}{element},", if line.is_empty() { "" } else { " " });
        if pad.len() + 4 + width(&longer) > WIDTH {
            text.push_str(&format!("{pad}    {line}\n"));
            line = format!("{element},");
        } else {
            line = longer;
        }
    }
    text.push_str(&format!("{pad}    {line}\n"));
    text
}

/// `pattern => value,` of a match; a value that does not fit beside it gets a block.
pub(super) fn arm(indent: usize, pattern: &str, value: &str) -> String {
    let pad = pad(indent);
    let line = format!("{pad}{pattern} => {value},");
    if width(&line) <= WIDTH {
        return line;
    }
    format!("{pad}{pattern} => {{\n{pad}    {value}\n{pad}}}")
}

/// `pattern => "text",` of a match, the text broken at spaces where it is long.
pub(super) fn long_arm(indent: usize, pattern: &str, text: &str) -> String {
    let short = arm(indent, pattern, &string(text));
    if short.lines().all(|it| width(it) <= WIDTH) {
        return short;
    }
    let pad = pad(indent);
    let inner = format!("{pad}    ");
    format!("{pad}{pattern} => {{\n{}\n{pad}}}", broken(&inner, &inner, text))
}

/// A string behind `head`, in lines. A line break in a string takes the spaces after it along, so
/// that lines end in all of them.
fn broken(head: &str, pad: &str, text: &str) -> String {
    let quoted = string(text);
    let mut words = quoted.split_inclusive(' ').peekable();
    let mut lines = vec![head.to_owned()];
    let mut first = true;
    while let Some(word) = words.next() {
        let mut word = word.to_owned();
        while let Some(space) = words.next_if(|it| *it == " ") {
            word.push_str(space);
        }
        let line = lines.last_mut().expect("there is a first line");
        let gap = if first && !line.ends_with(' ') { " " } else { "" };
        let fits = width(line) + width(gap) + width(&word) < WIDTH;
        if fits || line.trim().is_empty() {
            line.push_str(gap);
            line.push_str(&word);
        } else {
            line.push_str(if first { "" } else { "\\" });
            lines.push(format!("{pad}{word}"));
        }
        first = false;
    }
    lines.join("\n")
}

/// A name of the database's in a comment, where nothing may break the line or turn the text.
pub(super) fn named(name: &str) -> String {
    name.chars().filter(|it| !it.is_control() && !is_invisible(*it)).collect()
}

/// A line of our own, then a comment of the database's, both behind `///`.
pub(super) fn documentation(indent: usize, own: &str, comment: Option<&str>) -> String {
    let pad = pad(indent);
    let mut text = String::new();
    if !own.is_empty() {
        text.push_str(&format!("{pad}/// {}\n", named(own)));
    }
    let lines = comment.into_iter().flat_map(str::lines).map(prose);
    let lines: Vec<String> = lines.filter(|it| !it.is_empty()).collect();
    if !own.is_empty() && !lines.is_empty() {
        text.push_str(&format!("{pad}///\n"));
    }
    text.extend(lines.iter().map(|it| format!("{pad}/// {it}\n")));
    text
}

/// A line of a comment with nothing left that Markdown would take for its own.
fn prose(line: &str) -> String {
    let mut text = String::new();
    for it in line.trim().chars() {
        match it {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '|' => {
                text.push('\\');
                text.push(it);
            }
            it if it.is_control() => text.push(' '),
            it if is_invisible(it) => {}
            it => text.push(it),
        }
    }
    text.truncate(text.trim_end().len());
    let listed = |it: &str| {
        let digits = it.trim_start_matches(|it: char| it.is_ascii_digit());
        it.starts_with(['-', '+', '='])
            || (digits.len() < it.len() && digits.starts_with(['.', ')']))
    };
    let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    if listed(&text) { format!("{}\\{}", &text[..digits], &text[digits..]) } else { text }
}

/// Characters that turn the direction of text, which compilers refuse in source.
fn is_invisible(it: char) -> bool {
    matches!(u32::from(it), 0x202a..=0x202e | 0x2066..=0x2069)
}

/// A string as Rust source.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0' => quoted.push_str("\\0"),
            it if it.is_control() || is_invisible(it) => {
                quoted.push_str(&format!("\\u{{{:x}}}", u32::from(it)))
            }
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}
