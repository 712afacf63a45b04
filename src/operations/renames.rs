//! Renames given as arguments, or by answers on a terminal.

use crate::config::RenameMode as Asking;
use crate::diff::likely::{Rename, is_called, likely, named};
use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::object::{ObjectId, ObjectKind};
use crate::schema_toml::follow_renames;

use super::Project;
use super::failure::{Failure, Kind};

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

/// Learns whether what looks renamed is: by `--no-rename`, or by asking. Where nobody can answer it is an error, for a
/// rename that is taken for a drop loses data.
pub(super) fn decide(
    project: &Project,
    from: &Schema,
    to: &Schema,
    no_rename: &[String],
    hints: &mut Hints,
) -> Result<(), Failure> {
    if project.workspace.settings().plan.rename.value == Asking::Never {
        return Ok(());
    }
    for rename in likely(from, to, hints) {
        if no_rename.iter().any(|it| is_called(&rename.from, it)) {
            continue;
        }
        match project.confirm(&question(&rename))? {
            Some(true) => drop(hints.renames.insert(rename.to, rename.from)),
            Some(false) => {}
            None if holds_data(rename.from.kind) => return Err(undecided(&rename)),
            None => tell(project, &rename),
        }
    }
    follow_renames(to, hints);
    Ok(())
}

fn tell(project: &Project, rename: &Rename) {
    project.warning(&format!("{} is dropped and {} is created", rename.from, rename.to));
    project.hint(&answer(rename));
}

/// Whether more than a definition is lost where a rename is taken for a drop.
fn holds_data(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Table | ObjectKind::Column | ObjectKind::Sequence)
}

fn question(Rename { from, to }: &Rename) -> String {
    format!("{from} is dropped and {to} is created: is it a rename?")
}

/// How to say that it is one.
fn answer(rename: &Rename) -> String {
    let (old, new) = (written(&rename.from), rename.to.name.as_str());
    format!(
        "if it is a rename: set renamed_from = \"{}\" in the declaration, or pass --rename {old}={new}",
        rename.from.name.as_str()
    )
}

/// Nobody can say whether it is one.
fn undecided(rename: &Rename) -> Failure {
    let Rename { from, to } = rename;
    let message = format!("nothing was written: {from} is dropped and {to} is created");
    Failure::new(Kind::Answer, message)
        .hint(answer(rename))
        .hint(format!("if it is none: pass --no-rename {}", written(from)))
}

/// An object as an argument names it: a column with its table.
fn written(object: &ObjectId) -> String {
    match object.kind {
        ObjectKind::Column | ObjectKind::Constraint => {
            let table = object.table_name().map(|it| it.name.as_str().to_owned());
            table.map_or_else(String::new, |it| format!("{it}.")) + object.name.as_str()
        }
        _ => object.name.as_str().to_owned(),
    }
}
