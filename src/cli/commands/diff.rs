//! `aludel diff`: the SQL that turns one schema into another.

use serde::Serialize;

use crate::diff::Change;
use crate::plan::{Effect, Plan};
use crate::render;
use crate::workspace::{Loaded, Omitted, Source};

use super::super::args::DiffArgs;
use super::super::failure::Failure;
use super::super::renames;
use super::super::{Context, Outcome};

#[derive(Serialize)]
struct Report {
    changes: Vec<Change>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    object: String,
    sql: String,
    #[serde(flatten)]
    effect: Effect,
}

/// The steps of a plan, for programs.
fn steps(plan: &Plan) -> Vec<Step> {
    let shown = plan.steps.iter().map(|it| Step {
        object: it.object.to_string(),
        sql: render::statement(&it.statement),
        effect: it.effect.clone(),
    });
    shown.collect()
}

pub(crate) async fn run(context: &Context, args: &DiffArgs) -> Result<Outcome, Failure> {
    let from = loaded(context, &args.from).await?;
    let mut to = loaded(context, &args.to).await?;
    renames::typed(&args.rename, &from.snapshot.schema, &to.snapshot.schema, &mut to.hints)?;
    let comparison =
        context.workspace.compare(&from, &to).await.map_err(|it| context.workspace_failure(it))?;
    context.tell_unverified(&comparison);
    let plan = comparison
        .up(context.plan_options())
        .map_err(|it| context.plan_failure(&it, to.declared.as_ref()))?;
    tell_unmanaged(context, &from, &args.from);
    tell_unmanaged(context, &to, &args.to);
    let no = args.exit_code && !comparison.changes.is_empty();
    let report = Report { changes: comparison.changes, steps: steps(&plan) };
    context.ui.document(&report, &context.script(&plan).to_string())?;
    Ok(if no { Outcome::No } else { Outcome::Done })
}

/// Loads a source by what was typed.
pub(super) async fn loaded(context: &Context, text: &str) -> Result<Loaded, Failure> {
    let source = Source::parse(text).map_err(|it| context.workspace_failure(it.into()))?;
    let loaded = context.workspace.load(&source).await;
    let loaded = loaded.map_err(|it| context.workspace_failure(it))?;
    tell_omitted(context, &loaded, text);
    Ok(loaded)
}

/// Names what was left out of a file of SQL.
pub(super) fn tell_omitted(context: &Context, loaded: &Loaded, name: &str) {
    let Omitted { copies, rows, commands } = &loaded.omitted;
    if *copies > 0 {
        context.ui.note(&format!(
            "{name}: left out {}, for only the schema is read: {}",
            count(*rows, "row"),
            count(*copies, "COPY statement")
        ));
    }
    for it in commands {
        context.ui.note(&format!("{name}:{}: left out {}, which is for psql", it.line, it.command));
    }
}

/// Names what was not compared.
pub(super) fn tell_unmanaged(context: &Context, loaded: &Loaded, name: &str) {
    let unmanaged = &loaded.snapshot.unmanaged;
    if unmanaged.is_empty() {
        return;
    }
    let shown: Vec<&str> = unmanaged.iter().map(String::as_str).collect();
    context.ui.warning(&format!(
        "{name} has {} that aludel does not manage and leaves alone: {}",
        count(unmanaged.len(), "object"),
        shown.join(", ")
    ));
}

/// `1 object`, `2 objects`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
