//! `aludel show` and `aludel edit`: one revision.

use crate::operations::{Failure, ShownRevision};

use super::super::args::{EditArgs, ShowArgs, is_from_current};
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::marks;

/// What the commands need: a target may begin where the database is.
pub(super) fn needs(revision: &str) -> Needs {
    if is_from_current(revision) { Needs::DATABASE } else { Needs::FILES }
}

pub(crate) async fn run(context: &Context, args: &ShowArgs) -> Result<Outcome, Failure> {
    let shown = context.project.show(&args.revision, args.sql).await?;
    let text: Vec<String> = shown.iter().map(text).collect();
    let text = text.join("\n");
    match args.sql {
        true => context.ui.document(&shown, &text)?,
        false => context.ui.data(&shown, &text)?,
    }
    if shown.is_empty() {
        context.ui.note(&format!("`{}` is the state before the first revision", args.revision));
    }
    Ok(Outcome::Done)
}

fn text(it: &ShownRevision) -> String {
    let entry = &it.revision;
    let listed = |ids: &[String], none: &str| {
        if ids.is_empty() { none.to_owned() } else { ids.join(", ") }
    };
    let mut fields = vec![
        ("revision", format!("{}{}", entry.id, marks(entry))),
        ("message", entry.message.clone()),
        ("parents", listed(&entry.parents, "<base>")),
        ("children", listed(&it.children, "none")),
    ];
    if !entry.depends.is_empty() {
        fields.push(("depends", entry.depends.join(", ")));
    }
    fields.extend(entry.phase.map(|it| ("phase", it.to_owned())));
    fields.extend(entry.created.iter().map(|it| ("created", it.clone())));
    fields.extend(it.schema.iter().map(|it| ("schema", it.clone())));
    fields.push(("checksum", it.checksum.clone()));
    fields.push(("chain", it.chain.clone()));
    fields.push(("up", entry.up.clone()));
    fields.push(("down", entry.down.clone().unwrap_or_else(|| "none".to_owned())));
    let mut text: String =
        fields.into_iter().map(|(name, value)| format!("{name:9} {value}\n")).collect();
    for sql in it.up_sql.iter().chain(&it.down_sql) {
        text.push_str(&format!("\n{}\n", sql.trim_end()));
    }
    text
}

/// Opens the files of a revision.
pub(crate) async fn edit(context: &Context, args: &EditArgs) -> Result<Outcome, Failure> {
    let files = context.project.files(&args.revision).await?;
    let variable = |name: &str| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
    let editor = variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".into());
    let mut words = editor.split_whitespace();
    let mut command = std::process::Command::new(words.next().unwrap_or_default());
    command.args(words).args(&files);
    match command.status() {
        Ok(status) if status.success() => Ok(Outcome::Done),
        Ok(status) => Err(Failure::input(format!("the editor `{editor}` failed: {status}"))),
        Err(error) => Err(Failure::input(format!("cannot start the editor `{editor}`: {error}"))
            .hint("set another one with $VISUAL or $EDITOR")),
    }
}
