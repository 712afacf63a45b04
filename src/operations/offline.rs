//! A run of revisions as one script for psql, for `--sql`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::ledger::{Applied, Direction, RevisionStep, pending, until_contract, way};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::{Range, Target};
use crate::runner::{self, PendingRevision, RunError};

use super::consent::DataLoss;
use super::failure::Failure;
use super::migrate::runner_settings;
use super::targets::parsed;
use super::{Project, ledger};

/// Which revisions a script runs.
#[derive(Debug, Clone)]
pub struct ScriptOptions {
    /// Upgrade or downgrade.
    pub direction: Direction,
    /// Targets as they are typed, or one range, `FROM:TO`, for which no database is read.
    pub targets: Vec<String>,
    /// Whether an upgrade ends before the first contract revision of each branch.
    pub until_contract: bool,
    /// Whether data may be lost that nothing else consents to.
    pub data_loss: DataLoss,
}

/// A run of revisions as a script.
#[derive(Debug, Serialize)]
pub struct ScriptReport {
    /// The script, empty if there is nothing to do.
    pub sql: String,
    /// The contract revisions that it does not run.
    #[serde(skip)]
    pub left: Vec<PendingRevision>,
}

/// The revisions that are applied before the script runs.
enum Start {
    /// Those of the configured database.
    Live(Applied),
    /// These.
    After(BTreeSet<RevisionId>),
}

impl Project {
    /// Writes a run of revisions as one script for psql, which also writes the ledger. Nothing is run.
    ///
    /// # Errors
    /// Targets that name no place, a database that does not answer, and revisions that psql cannot run.
    pub async fn migration_script(&self, options: &ScriptOptions) -> Result<ScriptReport, Failure> {
        let graph = self.workspace.graph()?;
        let (start, targets) = ends(self, &graph, options).await?;
        let steps = match &start {
            Start::Live(applied) => pending(&graph, applied, options.direction, &targets),
            Start::After(here) => way(&graph, here, options.direction, &targets),
        };
        let (steps, left) = match options.until_contract {
            true => until_contract(steps?)?,
            false => (steps?, Vec::new()),
        };
        let left = left.iter().map(|it| PendingRevision::of(&it.revision)).collect();
        let sql = match steps.is_empty() {
            true => String::new(),
            false => Box::pin(self.consented_script(&graph, steps, options.data_loss)).await?,
        };
        Ok(ScriptReport { sql, left })
    }
}

impl Project {
    /// The script, once all that it loses is consented to.
    async fn consented_script(
        &self,
        graph: &Graph,
        steps: Vec<RevisionStep>,
        data_loss: DataLoss,
    ) -> Result<String, Failure> {
        let mut settings = runner_settings(self);
        settings.consent = data_loss.consent();
        loop {
            match runner::offline(steps.clone(), graph, &settings) {
                Err(RunError::Unconsented(refused)) => {
                    let given = std::mem::take(&mut settings.consent);
                    settings.consent =
                        self.consent_after(graph, &refused, data_loss, given).await?;
                }
                written => return Ok(written?),
            }
        }
    }
}

/// Where the script begins, and where it ends.
async fn ends(
    project: &Project,
    graph: &Graph,
    options: &ScriptOptions,
) -> Result<(Start, Vec<Target>), Failure> {
    let direction = options.direction;
    if let [text] = &options.targets[..]
        && text.contains(':')
    {
        let range = Range::parse(text)?;
        let from = graph.find(&range.from.unwrap_or(Target::BASE), None)?;
        let to = range.to.unwrap_or(match direction {
            Direction::Up => Target::HEADS,
            Direction::Down => Target::BASE,
        });
        return Ok((Start::After(graph.ancestors(&from)), vec![to]));
    }
    let targets = parsed(&options.targets)?;
    let start = match (&project.workspace.database().place.value, direction) {
        (DatabasePlace::Server(_), _) => Start::Live(ledger::read(project).await?),
        (DatabasePlace::Embedded(_), Direction::Up) => Start::After(BTreeSet::new()),
        (DatabasePlace::Embedded(_), Direction::Down) => {
            let failure =
                Failure::input("downgrade --sql needs the current revision of the database");
            return Err(failure.hint("give a range, `FROM:TO`, or a database with --url"));
        }
    };
    Ok((start, targets))
}
