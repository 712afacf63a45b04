//! SQL text from typed steps. Nothing reads that text to find out what it does.

mod comment;
mod defined;
mod definition;
mod mirror;
mod owners;
mod privileges;
mod statement;
mod table;
mod types;

use crate::plan::statement::Statement;
use crate::plan::{Plan, Step, TxMode};

pub use statement::statement;

/// A plan as a script: each statement after the comment that a reviewer reads.
#[must_use]
pub fn script(plan: &Plan) -> String {
    let mut transactions: Vec<&[Step]> =
        plan.steps.chunk_by(|a, b| a.transaction == b.transaction).collect();
    let several = transactions.len() > 1;
    let shown = transactions.drain(..).map(|it| transaction(it, several));
    shown.collect::<Vec<_>>().join("\n")
}

/// The steps of one transaction, between BEGIN and COMMIT where there are several.
fn transaction(steps: &[Step], several: bool) -> String {
    let body = steps.iter().map(step).collect::<Vec<_>>().join("\n");
    let is_block = several && steps.iter().all(|it| it.effect.transaction != TxMode::Outside);
    if is_block { format!("BEGIN;\n\n{body}\nCOMMIT;\n") } else { body }
}

/// One step: what it does, whom it blocks, what it can lose; then the statement.
#[must_use]
pub fn step(step: &Step) -> String {
    let mut text = String::new();
    for line in comment::lines(step) {
        // A name may hold a line break, which would end the comment.
        text.push_str("-- ");
        text.extend(line.chars().map(|it| if it.is_control() { ' ' } else { it }));
        text.push('\n');
    }
    if let Statement::Fill { key, rows, .. } = &step.statement {
        let key: Vec<String> = key.iter().map(ToString::to_string).collect();
        text.push_str(&format!("-- aludel: batches by {}, {rows} rows\n", key.join(", ")));
    }
    text.push_str(&statement(&step.statement));
    text.push_str(";\n");
    text
}

/// What a step does, in a sentence.
#[must_use]
pub fn sentence(step: &Step) -> String {
    comment::sentence(step)
}

pub use owners::reset_all;

/// A string as an SQL literal; with the `E` form where it holds a backslash, so that the meaning
/// does not hang on `standard_conforming_strings`, or a control character, which editors, terminals
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
