//! Prints the declaration of the benchmarks, or the SQL that creates it, for measuring by hand:
//! `cargo run --example many_tables -- 1000 toml`, `… -- 1000 sql`.

#[path = "../benches/generated/mod.rs"]
mod generated;

use std::io::{self, Write};

use aludel::diagnostic::SourceFile;
use aludel::model::snapshot::Snapshot;
use aludel::{render, schema_toml};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let tables = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(10);
    let declaration = generated::declaration(tables);
    let text = match arguments.next().as_deref() {
        Some("sql") => sql(&declaration),
        _ => declaration,
    };
    io::stdout().write_all(text.as_bytes())
}

fn sql(declaration: &str) -> String {
    let files = [SourceFile::new("schema.toml", declaration)];
    let declared = schema_toml::parse(&files).expect("the declaration has no mistakes");
    let to = Snapshot { schema: declared.schema, ..Snapshot::default() };
    render::script(&generated::creation(&to))
}
