//! `aludel pull`: schema.toml from any source.

use std::path::Path;

use serde::Serialize;

use crate::schema_toml;

use super::super::args::PullArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::{loaded, tell_unmanaged};

#[derive(Serialize)]
struct Report<'a> {
    schema_toml: &'a str,
    unmanaged: Vec<&'a str>,
}

pub(crate) async fn run(context: &Context, args: &PullArgs) -> Result<Outcome, Failure> {
    let loaded = loaded(context, &args.source).await?;
    tell_unmanaged(context, &loaded, &args.source);
    let text = schema_toml::write(&loaded.snapshot.schema);
    match &args.output {
        Some(path) => write_file(context, path, &text)?,
        None => {
            let unmanaged = loaded.snapshot.unmanaged.iter().map(String::as_str).collect();
            context.ui.data(&Report { schema_toml: &text, unmanaged }, &text)?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes a file whole or not at all, and only when it would change.
fn write_file(context: &Context, path: &Path, text: &str) -> Result<(), Failure> {
    let name = path.display();
    if std::fs::read_to_string(path).is_ok_and(|it| it == text) {
        context.ui.note(&format!("{name} is up to date"));
        return Ok(());
    }
    let failed = |error: std::io::Error| Failure::input(format!("cannot write `{name}`: {error}"));
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    std::fs::write(&temporary, text).map_err(failed)?;
    std::fs::rename(&temporary, path).map_err(failed)?;
    context.ui.note(&format!("wrote {name}"));
    Ok(())
}
