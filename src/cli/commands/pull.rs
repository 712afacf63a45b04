//! `aludel pull`: schema.toml from any source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::diff::provided::align;
use crate::diff::rights::forget;
use crate::generator::replace;
use crate::model::Schema;
use crate::model::provided::Provided;
use crate::schema_toml;
use crate::workspace::Loaded;
use crate::workspace::declare::wanted_versions;

use super::super::args::PullArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::diff::{loaded, tell_unmanaged};
use super::ours::{divided, tell_left};

#[derive(Serialize)]
struct Report<'a> {
    schema_toml: &'a str,
    unmanaged: Vec<&'a str>,
}

#[derive(Serialize)]
struct Written<'a> {
    path: String,
    written: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    included: Vec<String>,
    unmanaged: Vec<&'a str>,
}

pub(crate) async fn run(context: &Context, args: &PullArgs) -> Result<Outcome, Failure> {
    let loaded = loaded(context, &args.source).await?;
    tell_unmanaged(context, &loaded, &args.source);
    let (mut schema, provided) = ours(context, &loaded);
    if loaded.declared.is_none() {
        // Which version a server happens to have is no wish.
        wanted_versions(&mut schema, Some(&provided.objects));
    }
    let wanted = context.workspace.database().grants.value || loaded.rights;
    if !wanted {
        forget(&mut schema);
    }
    let provided = &provided;
    let unmanaged = loaded.snapshot.unmanaged.iter().map(String::as_str).collect();
    let Some(path) = &args.output else {
        let text = schema_toml::write(&schema, provided);
        context.ui.document(&Report { schema_toml: &text, unmanaged }, &text)?;
        return Ok(Outcome::Done);
    };
    let (text, parts) =
        if args.split { split(&schema, provided, path) } else { whole(&schema, provided) };
    for (part, text) in &parts {
        if let Some(folder) = part.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
        }
        write_file(context, part, text)?;
    }
    let written = write_file(context, path, &text)?;
    let included = parts.iter().map(|(part, _)| part.display().to_string()).collect();
    let path = path.display().to_string();
    context.ui.data(&Written { path, written, included, unmanaged }, "")?;
    Ok(Outcome::Done)
}

/// What the source has that is to be declared, and what of it is provided.
fn ours(context: &Context, loaded: &Loaded) -> (Schema, Provided) {
    let mut provided = context.workspace.provided().clone();
    if let Some(declared) = &loaded.declared {
        return (loaded.snapshot.schema.clone(), declared.declaration.provided.clone());
    }
    if !loaded.live {
        return (loaded.snapshot.schema.clone(), provided);
    }
    let mut live = loaded.snapshot.clone();
    // What schema.toml says of others' things holds, where there is one.
    let declared = context.workspace.declared_schema();
    align(&mut live.schema, declared.as_ref().unwrap_or(&provided.objects), &provided);
    let division = divided(context, &live);
    tell_left(context, &division);
    let mut schema = division.schema;
    for (id, object) in division.provided.objects.iter() {
        if !provided.contains(id) {
            provided.objects.insert(object.clone());
        }
    }
    for (_, object) in provided.objects.iter() {
        schema.insert(object.clone());
    }
    (schema, provided)
}

/// The text of the main file, and the files that it includes.
type Files = (String, Vec<(PathBuf, String)>);

fn whole(schema: &Schema, provided: &Provided) -> Files {
    (schema_toml::write(schema, provided), Vec::new())
}

/// A file for each namespace, in a folder that is called as the main file.
fn split(schema: &Schema, provided: &Provided, path: &Path) -> Files {
    let (main, namespaces) = schema_toml::write_split(schema, provided);
    let folder = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut names = BTreeSet::new();
    let (mut include, mut parts) = (Vec::new(), Vec::new());
    for (namespace, text) in namespaces {
        let name = free_name(namespace.as_str(), &mut names);
        parts.push((beside.join(&folder).join(format!("{name}.toml")), text));
        include.push(format!("{}/{name}.toml", glob::Pattern::escape(&folder)));
    }
    let divide = if main.is_empty() { "" } else { "\n" };
    (format!("{}{divide}{main}", schema_toml::write_include(&include)), parts)
}

/// The name of a namespace as that of a file, which no other one of these has on any system: some
/// take names for the same that differ in case only.
fn free_name(namespace: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |it: char| if it.is_alphanumeric() || it == '-' { it } else { '_' };
    let name: String = namespace.chars().map(plain).collect();
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    let free = names.find(|it| taken.insert(it.to_lowercase()));
    free.expect("there are more numbers than names")
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot write `{}`: {error}", path.display()))
}

/// Writes a file whole or not at all, and only when it would change. Whether it was written.
pub(super) fn write_file(context: &Context, path: &Path, text: &str) -> Result<bool, Failure> {
    let name = path.display();
    if std::fs::read_to_string(path).is_ok_and(|it| it == text) {
        context.ui.note(&format!("{name} is up to date"));
        return Ok(false);
    }
    replace(path, text).map_err(|error| cannot_write(path, &error))?;
    context.ui.note(&format!("wrote {name}"));
    Ok(true)
}
