//! What the diagrams of a small schema are.

use super::*;
use crate::diagnostic::SourceFile;
use crate::schema_toml;

const BEFORE: &str = "
[tables.authors]
columns = { id = { type = \"bigint\", primary_key = true }, gone = \"text?\" }
[tables.docs.columns]
id = { type = \"bigint\", primary_key = true }
author_id = { type = \"bigint?\", references = \"authors.id\" }
[tables.untouched]
columns = { a = \"numeric(10,2)\" }
";

const AFTER: &str = "
[tables.authors]
columns = { id = { type = \"bigint\", primary_key = true } }
[tables.docs.columns]
id = { type = \"bigint\", primary_key = true }
author_id = { type = \"bigint?\", references = \"authors.id\" }
[tables.untouched]
columns = { a = \"numeric(10,2)\" }
[tables.\"Odd <Name>\"]
columns = { doc_id = { type = \"bigint\", references = \"docs.id\" } }
";

fn schema(toml: &str) -> Schema {
    schema_toml::parse(&[SourceFile::new("schema.toml", toml)]).unwrap().schema
}

fn difference() -> Diagram {
    Diagram::between(&schema(BEFORE), &schema(AFTER))
}

#[test]
fn what_differs_is_marked() {
    let found = difference();
    let marks: Vec<_> = found.tables.iter().map(|it| (it.name.to_string(), it.mark)).collect();
    let marks: Vec<_> = marks.iter().map(|(name, mark)| (name.as_str(), *mark)).collect();
    assert_eq!(
        marks,
        [
            ("\"Odd <Name>\"", Mark::Added),
            ("authors", Mark::Changed),
            ("docs", Mark::Same),
            ("untouched", Mark::Same),
        ]
    );
    assert_eq!(found.tables[1].rows[1].mark, Mark::Dropped);
    let links: Vec<_> = found.links.iter().map(|it| (it.from, it.to, it.mark)).collect();
    assert_eq!(links, [(0, 2, Mark::Added), (2, 1, Mark::Same)]);
}

#[test]
fn only_what_differs_and_its_neighbors() {
    let found = difference().changed();
    let names: Vec<_> = found.tables.iter().map(|it| it.name.name.as_str().to_owned()).collect();
    assert_eq!(names, ["Odd <Name>", "authors", "docs"]);
    assert_eq!(found.links.len(), 2);
    assert_eq!(Diagram::of(&schema(AFTER)).changed(), Diagram::default());
}

#[test]
fn mermaid() {
    let text = Diagram::of(&schema(BEFORE)).mermaid();
    assert_eq!(
        text,
        "erDiagram
    \"authors\" {
        bigint id PK
        text gone
    }
    \"docs\" {
        bigint id PK
        bigint author_id FK
    }
    \"untouched\" {
        numeric(10_2) a
    }
    \"docs\" }o--|| \"authors\" : \"docs_author_id_fkey\"
"
    );
    assert!(difference().mermaid().contains("        text gone \"dropped\"\n"));
}

#[test]
fn dot() {
    let text = difference().dot();
    assert!(text.starts_with("digraph schema {\n") && text.ends_with("}\n"));
    assert!(text.contains("t2:c1 -> t1 [tooltip=\"docs_author_id_fkey\"];"), "{text}");
    assert!(text.contains("<b>+ &quot;Odd &lt;Name&gt;&quot;</b>"), "{text}");
}

#[test]
fn svg() {
    let narrow = difference().svg(1);
    assert!(
        narrow.starts_with("<svg ") && narrow.contains("<style>") && narrow.ends_with("</svg>\n")
    );
    assert!(narrow.contains("+ &quot;Odd &lt;Name&gt;&quot;"), "{narrow}");
    let width =
        |it: &str| it.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse::<u32>();
    assert!(width(&narrow).unwrap() <= 360);
    assert!(width(&difference().svg(3)).unwrap() > 360);
    assert!(Diagram::default().svg(3).ends_with("</svg>\n"));
}
