//! A diagram as an entity relationship diagram of Mermaid.

use super::{Diagram, Mark, Row};

impl Diagram {
    /// As `erDiagram`.
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::from("erDiagram\n");
        for table in &self.tables {
            text.push_str(&format!("    {} {{\n", entity(&table.name.to_string())));
            table.rows.iter().for_each(|it| text.push_str(&row(it)));
            text.push_str("    }\n");
        }
        for link in &self.links {
            let (from, to) = (&self.tables[link.from].name, &self.tables[link.to].name);
            let mark = note(link.mark).map(|it| format!(" ({it})")).unwrap_or_default();
            let label = format!("{}{mark}", link.name);
            text.push_str(&format!(
                "    {} }}o--|| {} : {}\n",
                entity(&from.to_string()),
                entity(&to.to_string()),
                quoted(&label)
            ));
        }
        text
    }
}

fn row(it: &Row) -> String {
    let keys = match (it.primary, it.foreign) {
        (true, true) => " PK, FK",
        (true, false) => " PK",
        (false, true) => " FK",
        (false, false) => "",
    };
    let note = note(it.mark).map(|it| format!(" \"{it}\"")).unwrap_or_default();
    format!("        {} {}{keys}{note}\n", word(&it.data_type), word(&it.name))
}

fn note(mark: Mark) -> Option<&'static str> {
    (mark != Mark::Same).then(|| mark.word())
}

/// The name of an entity in quotes, in which it can be any text but a quote.
fn entity(name: &str) -> String {
    quoted(name)
}

fn quoted(text: &str) -> String {
    let text = text.replace('"', "'");
    format!("\"{}\"", text.replace(['\n', '\r'], " "))
}

/// Types and names of attributes are words of letters, digits, and some signs, and begin with a letter.
fn word(text: &str) -> String {
    let allowed = |it: char| it.is_alphanumeric() || "_-()[]".contains(it);
    let text = text.replace('?', "");
    let word: String = text.chars().map(|it| if allowed(it) { it } else { '_' }).collect();
    match word.starts_with(char::is_alphabetic) {
        true => word,
        false => format!("a{word}"),
    }
}
