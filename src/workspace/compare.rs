//! Two snapshots side by side: renames carried out first, texts of different servers made
//! comparable, then the differences.

use crate::diff::rename::pending;
use crate::diff::{Change, diff, equal};
use crate::model::declared::Hints;
use crate::model::snapshot::Snapshot;
use crate::plan::{Options, Plan, PlanError, plan};
use crate::render;

use super::error::{Refusal, WorkspaceError};
use super::{Loaded, Workspace, declare};

/// What lies between two snapshots.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The differences, renames first.
    pub changes: Vec<Change>,
    /// The schemas that the other changes lead between.
    pub sides: Sides,
    /// What the declaration said beside its objects.
    pub hints: Hints,
}

/// The two schemas of a comparison, after the renames.
#[derive(Debug, Clone)]
pub struct Sides {
    /// As it is, with everything under its new name.
    pub from: Snapshot,
    /// As it shall be.
    pub to: Snapshot,
}

impl Comparison {
    /// The plan that carries the changes out.
    ///
    /// # Errors
    /// Changes that need a decision.
    pub fn up(&self, options: Options) -> Result<Plan, Vec<PlanError>> {
        plan(&self.sides.from, &self.sides.to, &self.changes, &self.hints, options)
    }

    /// The plan that takes them back.
    ///
    /// # Errors
    /// Changes that cannot be taken back.
    pub fn down(&self, options: Options) -> Result<Plan, Vec<PlanError>> {
        let changes = crate::diff::reverse(&self.changes);
        let hints = self.hints.reversed();
        plan(&self.sides.to, &self.sides.from, &changes, &hints, options)
    }
}

impl Workspace {
    /// Compares two loaded sources.
    ///
    /// # Errors
    /// Where a rename cannot be tried on the scratch engine.
    pub async fn compare(&self, from: &Loaded, to: &Loaded) -> Result<Comparison, WorkspaceError> {
        let (mut before, mut after) = (from.snapshot.clone(), to.snapshot.clone());
        let hints = to.hints.clone();
        let mut renames = pending(&before.schema, &after.schema, &hints);
        if differently_printed(from, to) && !equal(&before.schema, &after.schema) {
            // PostgreSQL prints some expressions differently from version to version. What looks
            // different is printed again by the one engine before it counts.
            let foreign = if from.by_engine { &mut after } else { &mut before };
            if let Ok(reprinted) = self.reprint(&foreign.schema).await {
                foreign.schema = reprinted.schema;
            }
            renames = pending(&before.schema, &after.schema, &hints);
        }
        if !renames.is_empty() {
            before = self.renamed(&before, &renames).await?;
        }
        let mut changes = renames;
        changes.extend(diff(&before.schema, &after.schema));
        Ok(Comparison { changes, sides: Sides { from: before, to: after }, hints })
    }

    /// What a schema becomes by renames alone. PostgreSQL carries a new name into every expression
    /// that uses the old one, so it is PostgreSQL that is asked.
    async fn renamed(
        &self,
        before: &Snapshot,
        renames: &[Change],
    ) -> Result<Snapshot, WorkspaceError> {
        let refused =
            |refusal| WorkspaceError::Refused { path: "renamed_from".into(), line: 1, refusal };
        let mut database = self.scratch(declare::extensions(&before.schema)).await?;
        let mut outcome = declare::create(&database, &before.schema)
            .await
            .map_err(|it| it.into_iter().next().map_or_else(unknown, |it| it.refusal));
        let options = Options { online: false };
        let plan = plan(before, before, renames, &Hints::default(), options).unwrap_or_default();
        for step in &plan.steps {
            if outcome.is_ok() {
                let sql = render::statement(&step.statement);
                outcome = database.batch_execute(&sql).await.map_err(|it| Refusal::from(&it));
            }
        }
        let snapshot = self.read_back(&mut database, outcome.is_ok()).await;
        database.close().await;
        outcome.map_err(refused)?;
        let mut snapshot = snapshot?;
        declare::wanted_versions(&mut snapshot.schema, Some(&before.schema));
        snapshot.environment = before.environment.clone();
        Ok(snapshot)
    }
}

fn unknown() -> Refusal {
    Refusal { message: "unknown".to_owned(), sqlstate: String::new(), detail: None, hint: None }
}

/// Whether exactly one side was printed by the scratch engine, and by another major version.
fn differently_printed(from: &Loaded, to: &Loaded) -> bool {
    let version = |it: &Loaded| it.snapshot.environment.major_version();
    from.by_engine != to.by_engine && version(from) != version(to)
}
