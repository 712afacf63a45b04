//! `[hooks]`: the user's own commands.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::revision::Revision;

use super::Project;
use super::failure::Failure;

/// Runs the commands of `[hooks] post_write` on a revision's new files. `{up}` and `{down}` stand
/// for them, `{id}` for the revision; a command that names a file that there is not is left out.
pub(super) fn post_write(project: &Project, revision: &Revision) -> Result<(), Failure> {
    for template in &project.workspace.settings().post_write.value {
        let Some(line) = filled(template, revision) else { continue };
        let status = shell(&line).stdin(Stdio::null()).stdout(std::io::stderr()).status();
        let failed = match status {
            Ok(status) if status.success() => continue,
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let message = format!("the hook `{line}` failed: {failed}");
        let written = "the revision was written; changes that the hook made to its files are kept";
        return Err(Failure::input(message).detail(written));
    }
    Ok(())
}

fn filled(template: &str, revision: &Revision) -> Option<String> {
    let down = revision.down.as_ref().map(|it| quoted(&it.path));
    if down.is_none() && template.contains("{down}") {
        return None;
    }
    let line = template
        .replace("{up}", &quoted(&revision.up.path))
        .replace("{down}", &down.unwrap_or_default())
        .replace("{id}", revision.id().as_str());
    Some(line)
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

#[cfg(not(unix))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    command.args(["/C", line]);
    command
}

/// A path as one word of the shell.
#[cfg(unix)]
fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', "'\\''"))
}

#[cfg(not(unix))]
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display())
}
