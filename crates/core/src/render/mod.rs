//! SQL text from typed steps. No code parses that text.

mod comment;
mod defined;
mod definition;
mod foreign;
pub mod frame;
mod mirror;
mod owners;
mod privileges;
pub mod revision;
mod statement;
mod subject;
mod table;
mod types;

use crate::plan::statement::Statement;
use crate::plan::{Plan, Step};

pub use statement::statement;

/// A plan as a script: each statement after the comment that a reviewer reads.
#[must_use]
pub fn script(plan: &Plan) -> String {
    revision::Script::new(plan).to_string()
}

/// What a step asks of a run that psql need not know.
fn directive(step: &Step) -> Option<String> {
    let Statement::Fill { key, rows, .. } = &step.statement else { return None };
    let key: Vec<String> = key.iter().map(ToString::to_string).collect();
    Some(format!("batches by {}, {rows} rows", key.join(", ")))
}

/// What a step does, in a sentence.
#[must_use]
pub fn sentence(step: &Step) -> String {
    comment::sentence(step)
}

pub use owners::reset_all;
pub use statement::drop_own_extension;

/// A string as an SQL literal; with the `E` form where it holds a backslash, so that the meaning
/// does not depend on `standard_conforming_strings`, or a control character, which editors, terminals
/// and version control change or hide.
#[must_use]
pub fn literal(text: &str) -> String {
    let is_hidden = |it: char| it.is_ascii_control() && !matches!(it, '\n' | '\t');
    if !text.contains(|it| it == '\\' || is_hidden(it)) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut quoted = String::from("E'");
    for it in text.chars() {
        match it {
            '\'' => quoted.push_str("''"),
            '\\' => quoted.push_str("\\\\"),
            '\r' => quoted.push_str("\\r"),
            it if is_hidden(it) => quoted.push_str(&format!("\\x{:02x}", u32::from(it))),
            it => quoted.push(it),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn literals_say_what_nobody_sees() {
        assert_eq!(literal("it's\n\tü"), "'it''s\n\tü'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
        assert_eq!(literal("it's\r\n\u{1}2\u{7f}"), "E'it''s\\r\n\\x012\\x7f'");
    }
}
