//! The SQL that turns one schema into another.

use serde::Serialize;

use crate::diagram::Diagram;
use crate::diff::Change;
use crate::plan::{Effect, Plan};
use crate::render;
use crate::report::count;
use crate::revision::SqlFile;
use crate::workspace::rows::{Trial, touched};
use crate::workspace::{Comparison, Loaded, Omitted, Source};

use super::Project;
use super::failure::{Failure, Kind};
use super::findings::{Findings, Written, drawn};
use super::renames;

/// What is compared. A source is a .toml file, a folder of revisions (`migrations`, `migrations@ID`), a .sql
/// file, a postgres:// URL, `live` or `empty`.
#[derive(Debug, Clone)]
pub struct DiffOptions {
    /// The source that the SQL runs on.
    pub from: String,
    /// The source that it leads to.
    pub to: String,
    /// Renames, each as `OLD=NEW`.
    pub rename: Vec<String>,
    /// Whether the SQL is run on a scratch database, without rows and with them.
    pub prove: bool,
    /// Whether the rows are drawn from the configured database.
    pub sample: bool,
}

/// A difference, and the SQL that carries it out.
#[derive(Debug, Serialize)]
pub struct DiffReport {
    /// What differs.
    pub changes: Vec<Change>,
    /// The statements in their order.
    pub steps: Vec<Step>,
    /// Whether it has run on a scratch database.
    pub proved: bool,
    /// What may fail and what is lost.
    #[serde(flatten)]
    pub findings: Findings,
    /// All of it as a script.
    #[serde(skip)]
    pub script: String,
}

/// A statement.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The number of the transaction that it shares with its neighbors.
    pub block: usize,
    /// What it serves.
    pub object: String,
    /// Its text.
    pub sql: String,
    /// What it locks, rewrites, reads and loses.
    #[serde(flatten)]
    pub effect: Effect,
}

/// The steps of a plan, for programs.
pub(super) fn steps(plan: &Plan) -> Vec<Step> {
    let shown = plan.steps.iter().map(|it| Step {
        block: it.transaction,
        object: it.object.to_string(),
        sql: render::statement(&it.statement),
        effect: it.effect.clone(),
    });
    shown.collect()
}

impl Project {
    /// Compares two sources, and plans the SQL that leads from one to the other.
    ///
    /// # Errors
    /// What is wrong with a source, changes that need a decision, and SQL that was to run and did not.
    pub async fn diff(&self, options: &DiffOptions) -> Result<DiffReport, Failure> {
        let from = Box::pin(loaded(self, &options.from)).await?;
        let mut to = Box::pin(loaded(self, &options.to)).await?;
        renames::typed(&options.rename, &from.snapshot.schema, &to.snapshot.schema, &mut to.hints)?;
        let comparison = Box::pin(self.workspace.compare(&from, &to)).await?;
        self.tell_unverified(&comparison);
        let plan = comparison
            .up(self.plan_options())
            .map_err(|it| Failure::of_plan(&it, to.declared.as_ref()))?;
        tell_unmanaged(self, &from, &options.from);
        tell_unmanaged(self, &to, &options.to);
        let script = self.script(&plan).to_string();
        let trial = match options.prove && !comparison.changes.is_empty() {
            true => Some(
                Box::pin(proved(self, &from, &comparison, (&plan, &script), options.sample))
                    .await?,
            ),
            false => None,
        };
        let findings = Findings::of(&Written::printed(&plan, &script), None, trial.as_ref());
        let proved = trial.is_some();
        Ok(DiffReport {
            changes: comparison.changes,
            steps: steps(&plan),
            proved,
            findings,
            script,
        })
    }
}

impl Project {
    /// The tables and foreign keys of a source, schema.toml where none is named, or how two sources differ.
    ///
    /// # Errors
    /// What is wrong with a source.
    pub async fn diagram(&self, from: Option<&str>, to: Option<&str>) -> Result<Diagram, Failure> {
        let declaration = self.schema.display().to_string();
        let from = Box::pin(loaded(self, from.unwrap_or(&declaration))).await?;
        let Some(to) = to else { return Ok(Diagram::of(&from.snapshot.schema)) };
        let to = Box::pin(loaded(self, to)).await?;
        Ok(Diagram::between(&from.snapshot.schema, &to.snapshot.schema))
    }
}

/// Runs the SQL on scratch databases that are as `from`: without rows, which must lead to `to`, and with
/// them.
async fn proved(
    project: &Project,
    from: &Loaded,
    comparison: &Comparison,
    (plan, script): (&Plan, &str),
    sample: bool,
) -> Result<Trial, Failure> {
    let touched = touched(comparison, plan, &from.snapshot);
    let drawn = drawn(project, sample, &touched).await?;
    let file = SqlFile { path: "the SQL".into(), text: script.to_owned() };
    let failed = |error| {
        let mut failure = Failure::from(error);
        failure.message = format!("the SQL fails: {}", failure.message);
        failure.detail(format!("the complete SQL:\n\n{}", file.text))
    };
    let proof = project.workspace.prove(from, comparison, &file, (&touched, &drawn)).await;
    let (trial, left) = proof.map_err(failed)?;
    if left.is_empty() {
        return Ok(trial);
    }
    let message = "the SQL does not result in the schema of TO; this is a bug in aludel";
    let failure = Failure::new(Kind::Internal, message);
    Err(left
        .iter()
        .fold(failure, |it, change| it.detail(format!("remaining difference: {change}"))))
}

/// Loads a source by what was typed.
pub(crate) async fn loaded(project: &Project, text: &str) -> Result<Loaded, Failure> {
    let source = Source::parse(text)?;
    let loaded = project.workspace.load(&source).await?;
    tell_omitted(project, &loaded, text);
    Ok(loaded)
}

/// Names what was left out of a file of SQL.
pub(crate) fn tell_omitted(project: &Project, loaded: &Loaded, name: &str) {
    let Omitted { copies, rows, commands } = &loaded.omitted;
    if *copies > 0 {
        project.note(&format!(
            "{name}: skipped {}, because only the schema is read: {}",
            count(*rows, "row"),
            count(*copies, "COPY statement")
        ));
    }
    for it in commands {
        project.note(&format!("{name}:{}: skipped {}, a psql command", it.line, it.command));
    }
}

/// Names what was not compared.
pub(super) fn tell_unmanaged(project: &Project, loaded: &Loaded, name: &str) {
    let unmanaged = &loaded.snapshot.unmanaged;
    if unmanaged.is_empty() {
        return;
    }
    let shown: Vec<&str> = unmanaged.iter().map(String::as_str).collect();
    project.warning(&format!(
        "{name} has {} that aludel does not manage or change: {}",
        count(unmanaged.len(), "object"),
        shown.join(", ")
    ));
}
