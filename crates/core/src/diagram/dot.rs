//! A diagram in the language of Graphviz.

use super::{Diagram, Mark, TableBox};

impl Diagram {
    /// As a digraph.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut text = String::from(
            "digraph schema {\n    rankdir=LR;\n    node [shape=plain, fontname=\"monospace\"];\n",
        );
        for (number, table) in self.tables.iter().enumerate() {
            text.push_str(&format!("    t{number} [label=<{}>];\n", label(table)));
        }
        for link in &self.links {
            let port = link.row.map_or(String::new(), |it| format!(":c{it}"));
            text.push_str(&format!(
                "    t{}{port} -> t{} [tooltip=\"{}\"{}];\n",
                link.from,
                link.to,
                link.name.replace('\\', "\\\\").replace('"', "\\\""),
                color(link.mark).map_or(String::new(), |it| format!(", color=\"{it}\""))
            ));
        }
        text.push_str("}\n");
        text
    }
}

fn label(table: &TableBox) -> String {
    let head = format!("{}{}", sign(table.mark), table.name);
    let mut text = format!(
        "<table border=\"0\" cellborder=\"1\" cellspacing=\"0\"{}><tr><td><b>{}</b></td></tr>",
        color(table.mark).map_or(String::new(), |it| format!(" color=\"{it}\"")),
        escaped(&head)
    );
    for (number, row) in table.rows.iter().enumerate() {
        let row = format!("{}{} {}", sign(row.mark), row.name, row.data_type);
        text.push_str(&format!(
            "<tr><td align=\"left\" port=\"c{number}\">{}</td></tr>",
            escaped(&row)
        ));
    }
    text.push_str("</table>");
    text
}

fn sign(mark: Mark) -> String {
    match mark {
        Mark::Same => String::new(),
        Mark::Changed | Mark::Added | Mark::Dropped => format!("{} ", mark.sign()),
    }
}

fn color(mark: Mark) -> Option<&'static str> {
    match mark {
        Mark::Same => None,
        Mark::Changed => Some("#9a6700"),
        Mark::Added => Some("#1a7f37"),
        Mark::Dropped => Some("#cf222e"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
