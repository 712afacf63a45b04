//! `aludel show` and `aludel edit`: one revision.

use serde::Serialize;

use crate::operations::failure::Failure;
use crate::operations::ledger;
use crate::revision::Revision;
use crate::revision::graph::Graph;
use crate::revision::target::{Target, TargetPlace, Word};

use super::super::args::{EditArgs, ShowArgs, is_from_current};
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::listing::Entry;

/// What the commands need: a target may begin where the database is.
pub(in crate::cli) fn needs(revision: &str) -> Needs {
    if is_from_current(revision) { Needs::DATABASE } else { Needs::FILES }
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    revision: Entry,
    children: Vec<String>,
    checksum: String,
    chain: String,
    schema: Option<String>,
    up_sql: Option<String>,
    down_sql: Option<String>,
}

pub(crate) async fn run(context: &Context, args: &ShowArgs) -> Result<Outcome, Failure> {
    let (graph, found) = found(context, &args.revision).await?;
    let shown: Vec<Shown> = found.iter().map(|it| shown(&graph, it, args.sql)).collect();
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

/// The revisions that a target names.
async fn found(context: &Context, text: &str) -> Result<(Graph, Vec<Revision>), Failure> {
    let graph = context.project.workspace().graph()?;
    let target = Target::parse(text)?;
    let current =
        matches!(target.place, TargetPlace::Word(Word::Current, _) | TargetPlace::Relative(_));
    let held = if current { Some(ledger::read(&context.project).await?.held()) } else { None };
    let ids = graph.find(&target, held.as_ref())?;
    let revisions = ids.iter().filter_map(|id| graph.get(id)).cloned().collect();
    Ok((graph, revisions))
}

fn shown(graph: &Graph, revision: &Revision, sql: bool) -> Shown {
    let id = revision.id();
    Shown {
        revision: Entry::new(graph, revision, None),
        children: graph.children(id).map(ToString::to_string).collect(),
        checksum: graph.checksum(id).map(ToString::to_string).unwrap_or_default(),
        chain: graph.chain(id).map(ToString::to_string).unwrap_or_default(),
        schema: revision.header.fingerprint.as_ref().map(ToString::to_string),
        up_sql: sql.then(|| revision.up.text.clone()),
        down_sql: revision.down.as_ref().filter(|_| sql).map(|it| it.text.clone()),
    }
}

fn text(it: &Shown) -> String {
    let entry = &it.revision;
    let listed = |ids: &[String], none: &str| {
        if ids.is_empty() { none.to_owned() } else { ids.join(", ") }
    };
    let mut fields = vec![
        ("revision", format!("{}{}", entry.id, entry.marks())),
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
    let (_, found) = found(context, &args.revision).await?;
    let files: Vec<_> =
        found.iter().flat_map(|it| [Some(&it.up), it.down.as_ref()]).flatten().collect();
    if files.is_empty() {
        return Err(Failure::input(format!("there is no revision `{}` to edit", args.revision)));
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|it| !it.trim().is_empty());
    let editor = variable("VISUAL").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".into());
    let mut words = editor.split_whitespace();
    let mut command = std::process::Command::new(words.next().unwrap_or_default());
    command.args(words).args(files.iter().map(|it| &it.path));
    match command.status() {
        Ok(status) if status.success() => Ok(Outcome::Done),
        Ok(status) => Err(Failure::input(format!("the editor `{editor}` failed: {status}"))),
        Err(error) => Err(Failure::input(format!("cannot start the editor `{editor}`: {error}"))
            .hint("set another one with $VISUAL or $EDITOR")),
    }
}
