//! Compares two declarations and prints the SQL between them, with the core crate alone: no server, no
//! runtime, no TLS. Texts are compared as they are written, since there is no PostgreSQL to print them.
//!
//! ```sh
//! cargo run -p aludel-core --example plan -- schema.toml changed.toml
//! ```

use std::error::Error;

use aludel_core::diagnostic::SourceFile;
use aludel_core::model::declared::Hints;
use aludel_core::model::snapshot::Snapshot;
use aludel_core::plan::PlanOptions;
use aludel_core::plan::comparison::Comparison;
use aludel_core::render;
use aludel_core::schema_toml;

#[expect(clippy::print_stdout, reason = "an example speaks")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (from, to) = paths.next().zip(paths.next()).ok_or("plan FROM.toml TO.toml")?;
    let comparison =
        Comparison::after(Vec::new(), declared(&from)?, declared(&to)?, Hints::default());
    for change in &comparison.changes {
        println!("-- {change}");
    }
    match comparison.up(PlanOptions { online: true }) {
        Ok(plan) => print!("{}", render::script(&plan)),
        Err(errors) => errors.iter().for_each(|it| println!("-- {it}")),
    }
    Ok(())
}

fn declared(path: &str) -> Result<Snapshot, Box<dyn Error>> {
    let file = SourceFile::new(path, std::fs::read_to_string(path)?);
    let parsed = schema_toml::parse(&[file]);
    let declaration = parsed.map_err(|mistakes| mistakes[0].message.clone())?;
    Ok(Snapshot { schema: declaration.schema, ..Snapshot::default() })
}
