//! `aludel diff`: the SQL that turns one schema into another.

use serde::Serialize;

use crate::diff::Change;
use crate::plan::{Effect, Plan};
use crate::render;
use crate::revision::SqlFile;
use crate::workspace::rows::{Trial, touched};
use crate::workspace::{Comparison, Loaded, Omitted, Source};

use super::super::args::DiffArgs;
use super::super::failure::{Failure, Kind};
use super::super::renames;
use super::super::{Context, Outcome};
use super::findings::{Findings, Written, drawn};

#[derive(Serialize)]
struct Report {
    changes: Vec<Change>,
    steps: Vec<Step>,
    /// Whether it has run on a scratch database.
    proved: bool,
    #[serde(flatten)]
    findings: Findings,
}

#[derive(Serialize)]
struct Step {
    /// The number of the transaction that it shares with its neighbors.
    block: usize,
    object: String,
    sql: String,
    #[serde(flatten)]
    effect: Effect,
}

/// The steps of a plan, for programs.
fn steps(plan: &Plan) -> Vec<Step> {
    let shown = plan.steps.iter().map(|it| Step {
        block: it.transaction,
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
    let script = context.script(&plan).to_string();
    let trial = match args.prove && !comparison.changes.is_empty() {
        true => Some(proved(context, &from, &comparison, (&plan, &script), args.sample).await?),
        false => None,
    };
    let findings = Findings::of(&Written::printed(&plan, &script), None, trial.as_ref());
    let proved = trial.is_some();
    let report = Report { changes: comparison.changes, steps: steps(&plan), proved, findings };
    context.ui.document(&report, &script)?;
    report.findings.tell(context);
    match (report.steps.is_empty(), proved) {
        (true, _) => {}
        (false, true) => context.ui.note("the SQL has run on a scratch database, and leads there"),
        (false, false) => {
            context.ui.note("the SQL has not run; --prove runs it on a scratch database")
        }
    }
    Ok(if no { Outcome::No } else { Outcome::Done })
}

/// Runs the SQL on scratch databases that are as `from`: without rows, which must lead to `to`, and with
/// them.
async fn proved(
    context: &Context,
    from: &Loaded,
    comparison: &Comparison,
    (plan, script): (&Plan, &str),
    sample: bool,
) -> Result<Trial, Failure> {
    let touched = touched(comparison, plan, &from.snapshot);
    let drawn = drawn(context, sample, &touched).await?;
    let file = SqlFile { path: "the SQL".into(), text: script.to_owned() };
    let failed = |error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("the SQL does not run: {}", failure.message);
        failure.detail(format!("the whole of it:\n\n{}", file.text))
    };
    let proof = context.workspace.prove(from, comparison, &file, (&touched, &drawn)).await;
    let (trial, left) = proof.map_err(failed)?;
    if left.is_empty() {
        return Ok(trial);
    }
    let message = "the SQL does not lead there, which is an error of aludel";
    let failure = Failure::new(Kind::Internal, message);
    Err(left.iter().fold(failure, |it, change| it.detail(format!("left over: {change}"))))
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
