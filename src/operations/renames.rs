//! Renames given as arguments, or by answers on a terminal.

use crate::config::RenameMode as Asking;
use crate::diff::likely::{Rename, likely, named};
use crate::model::Schema;
use crate::model::declared::Hints;
use crate::schema_toml::follow_renames;

use super::Project;
use super::failure::Failure;

/// Adds the renames of `--rename OLD=NEW` to those that the declaration has.
pub(super) fn typed(
    texts: &[String],
    from: &Schema,
    to: &Schema,
    hints: &mut Hints,
) -> Result<(), Failure> {
    let pairs = texts.iter().map(|it| pair(it)).collect::<Result<Vec<_>, _>>()?;
    // Tables first: what hangs on them is called by its table's new name.
    for (old, new) in &pairs {
        let others: Vec<_> = pairs.iter().copied().filter(|it| it != &(*old, *new)).collect();
        let rename = named(from, to, hints, (old, new), &others)
            .map_err(|error| Failure::input(format!("--rename {old}={new}: {error}")))?;
        hints.asked.insert(rename.to.clone());
        hints.renames.insert(rename.to, rename.from);
    }
    follow_renames(to, hints);
    Ok(())
}

/// `OLD=NEW`.
fn pair(text: &str) -> Result<(&str, &str), Failure> {
    let pair = text.split_once('=').map(|(old, new)| (old.trim(), new.trim()));
    pair.filter(|(old, new)| !old.is_empty() && !new.is_empty()).ok_or_else(|| {
        let message = format!("`--rename {text}` does not have the form OLD=NEW");
        Failure::input(message).hint("as in --rename users.mail=users.email")
    })
}

/// Asks whether what looks renamed is; where nobody can answer it is only told.
pub(super) fn ask(
    project: &Project,
    from: &Schema,
    to: &Schema,
    hints: &mut Hints,
) -> Result<(), Failure> {
    if project.workspace.settings().plan.rename.value == Asking::Never {
        return Ok(());
    }
    for Rename { from, to } in likely(from, to, hints) {
        let question = format!("{from} is dropped and {to} is created: is it a rename?");
        match project.confirm(&question)? {
            Some(true) => drop(hints.renames.insert(to, from)),
            Some(false) => {}
            None => {
                project.warning(&format!("{from} is dropped and {to} is created"));
                project.hint(&format!(
                    "if it is a rename: set renamed_from = \"{}\" in the declaration, or pass --rename \
                 {}={}",
                    from.name.as_str(),
                    from.name.as_str(),
                    to.name.as_str()
                ));
            }
        }
    }
    follow_renames(to, hints);
    Ok(())
}
