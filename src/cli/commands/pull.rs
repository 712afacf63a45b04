//! `aludel pull`: schema.toml from any source.

use std::path::Path;

use serde::Serialize;

use crate::diff::rights::forget;
use crate::schema_toml;
use crate::workspace::declare::wanted_versions;

use super::super::args::PullArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::{loaded, tell_unmanaged};

#[derive(Serialize)]
struct Report<'a> {
    schema_toml: &'a str,
    unmanaged: Vec<&'a str>,
}

#[derive(Serialize)]
struct Written<'a> {
    path: String,
    written: bool,
    unmanaged: Vec<&'a str>,
}

pub(crate) async fn run(context: &Context, args: &PullArgs) -> Result<Outcome, Failure> {
    let loaded = loaded(context, &args.source).await?;
    tell_unmanaged(context, &loaded, &args.source);
    let mut schema = loaded.snapshot.schema;
    if loaded.declared.is_none() {
        // Which version a server happens to have is no wish.
        wanted_versions(&mut schema, None);
    }
    let wanted = context.workspace.database().grants.value || loaded.rights;
    if !wanted {
        forget(&mut schema);
    }
    let text = schema_toml::write(&schema);
    let unmanaged = loaded.snapshot.unmanaged.iter().map(String::as_str).collect();
    match &args.output {
        Some(path) => {
            let written = write_file(context, path, &text)?;
            let path = path.display().to_string();
            context.ui.data(&Written { path, written, unmanaged }, "")?;
        }
        None => context.ui.data(&Report { schema_toml: &text, unmanaged }, &text)?,
    }
    Ok(Outcome::Done)
}

/// Writes a file whole or not at all, and only when it would change. Whether it was written.
fn write_file(context: &Context, path: &Path, text: &str) -> Result<bool, Failure> {
    let name = path.display();
    if std::fs::read_to_string(path).is_ok_and(|it| it == text) {
        context.ui.note(&format!("{name} is up to date"));
        return Ok(false);
    }
    let failed = |error: std::io::Error| Failure::input(format!("cannot write `{name}`: {error}"));
    // A link stays a link, and a device a device.
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if place.exists() && !place.is_file() {
        std::fs::write(&place, text).map_err(failed)?;
    } else {
        let mut temporary = place.as_os_str().to_owned();
        temporary.push(".new");
        std::fs::write(&temporary, text).map_err(failed)?;
        std::fs::rename(&temporary, &place).map_err(failed)?;
    }
    context.ui.note(&format!("wrote {name}"));
    Ok(true)
}
