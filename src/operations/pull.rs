//! schema.toml from any source.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::diff::privileges::forget;
use crate::diff::provided::align;
use crate::generator::replace;
use crate::model::Schema;
use crate::model::provided::Provided;
use crate::schema_toml;
use crate::workspace::Loaded;
use crate::workspace::declare::wanted_versions;

use super::Project;
use super::diff::{loaded, tell_unmanaged};
use super::failure::Failure;
use super::ours::{divided, tell_left};

/// What a source has, as a declaration.
#[derive(Debug, Serialize)]
pub struct PullReport {
    /// The text of schema.toml.
    pub schema_toml: String,
    /// What aludel does not manage.
    pub unmanaged: Vec<String>,
}

/// A declaration that is on disk.
#[derive(Debug, Serialize)]
pub struct Pulled {
    /// The main file.
    pub path: String,
    /// Whether it was not as it should be, and was written.
    pub written: bool,
    /// The files that it includes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub included: Vec<String>,
    /// What aludel does not manage.
    pub unmanaged: Vec<String>,
}

/// What is declared, what of it is provided, and what is not managed.
struct Found {
    schema: Schema,
    provided: Provided,
    unmanaged: Vec<String>,
}

impl Project {
    /// What a source has, as the text of schema.toml; see [`super::DiffOptions`] for sources.
    ///
    /// # Errors
    /// What is wrong with the source.
    pub async fn pull(&self, source: &str) -> Result<PullReport, Failure> {
        let Found { schema, provided, unmanaged } = Box::pin(found(self, source)).await?;
        Ok(PullReport { schema_toml: schema_toml::write(&schema, &provided), unmanaged })
    }

    /// The same into a file, and with `split` into one for each namespace beside it.
    ///
    /// # Errors
    /// As [`Project::pull`], and when a file cannot be written.
    pub async fn pull_into(
        &self,
        source: &str,
        path: &Path,
        is_split: bool,
    ) -> Result<Pulled, Failure> {
        let Found { schema, provided, unmanaged } = Box::pin(found(self, source)).await?;
        let (text, parts) =
            if is_split { split(&schema, &provided, path) } else { whole(&schema, &provided) };
        for (part, text) in &parts {
            if let Some(folder) = part.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| Failure::unwritable(folder, &error))?;
            }
            write_file(self, part, text)?;
        }
        let written = write_file(self, path, &text)?;
        let included = parts.iter().map(|(part, _)| part.display().to_string()).collect();
        Ok(Pulled { path: path.display().to_string(), written, included, unmanaged })
    }
}

async fn found(project: &Project, source: &str) -> Result<Found, Failure> {
    let loaded = loaded(project, source).await?;
    tell_unmanaged(project, &loaded, source);
    let (mut schema, provided) = ours(project, &loaded);
    if loaded.declared.is_none() {
        // Which version a server happens to have is no wish.
        wanted_versions(&mut schema, Some(&provided.objects));
    }
    let wanted = project.workspace.database().grants.value || loaded.privileges;
    if !wanted {
        forget(&mut schema);
    }
    let unmanaged = loaded.snapshot.unmanaged.iter().cloned().collect();
    Ok(Found { schema, provided, unmanaged })
}

/// What the source has that is to be declared, and what of it is provided.
fn ours(project: &Project, loaded: &Loaded) -> (Schema, Provided) {
    let mut provided = project.workspace.provided().clone();
    if let Some(declared) = &loaded.declared {
        return (loaded.snapshot.schema.clone(), declared.declaration.provided.clone());
    }
    if !loaded.live {
        return (loaded.snapshot.schema.clone(), provided);
    }
    let mut live = loaded.snapshot.clone();
    // What schema.toml says of others' things holds, where there is one.
    let declared = project.workspace.declared_schema();
    align(&mut live.schema, declared.as_ref().unwrap_or(&provided.objects), &provided);
    let division = divided(project, &live);
    tell_left(project, &division);
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

/// Writes a file whole or not at all, and only when it would change. Whether it was written.
pub(super) fn write_file(project: &Project, path: &Path, text: &str) -> Result<bool, Failure> {
    let name = path.display();
    if std::fs::read_to_string(path).is_ok_and(|it| it == text) {
        project.note(&format!("{name} is up to date"));
        return Ok(false);
    }
    replace(path, text).map_err(|error| Failure::unwritable(path, &error))?;
    project.note(&format!("wrote {name}"));
    Ok(true)
}
