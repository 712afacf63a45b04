//! `aludel import alembic`: writes the revisions of an Alembic project as files of aludel.

use std::collections::BTreeSet;

use crate::config::DatabasePlace;
use crate::operations::{Failure, ImportOptions, Imported};
use crate::report::count;
use crate::workspace::{Fault, Unsteady};

use super::super::args::ImportAlembicArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::stamp;

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::BOTH;

pub(crate) async fn alembic(
    context: &Context,
    args: &ImportAlembicArgs,
) -> Result<Outcome, Failure> {
    let ImportAlembicArgs { directory, alembic, version_table, no_sql } = args;
    let options = ImportOptions {
        directory: directory.clone(),
        alembic: alembic.clone(),
        version_table: version_table.clone(),
        no_sql: *no_sql,
    };
    let report = context.project.import_alembic(&options).await?;
    tell(context, &report)?;
    if !report.built {
        tell_unbuilt(context, &report);
    }
    if matches!(context.project.workspace().database().place.value, DatabasePlace::Server(_)) {
        return stamp::from_alembic(context, version_table, true).await;
    }
    Ok(Outcome::Done)
}

fn tell(context: &Context, report: &Imported) -> Result<(), Failure> {
    let text = format!(
        "imported {}, with {}: {}\n",
        count(report.revisions.len(), "revision"),
        count(report.heads.len(), "head"),
        report.heads.join(", ")
    );
    context.ui.data(report, &text)?;
    if !report.kept.is_empty() {
        context.ui.note(&format!("already imported, not changed: {}", report.kept.join(", ")));
    }
    for (ids, what) in
        [(&report.without_sql, "without SQL"), (&report.irreversible, "without a down file")]
    {
        if !ids.is_empty() {
            context.ui.warning(&format!("{what}: {}", ids.join(", ")));
        }
    }
    if !report.provided.is_empty() {
        context.ui.note(&format!(
            "declared as provided, because the database has it and no revision creates it: {}",
            report.provided.join(", ")
        ));
        context.ui.hint(
            "to create it in the revisions: add CREATE EXTENSION IF NOT EXISTS to Alembic's first \
             revision, then import into an empty directory",
        );
    }
    tell_unsteady(context, &report.faults);
    Ok(())
}

/// Says what is to be expected of Alembic's downgrades.
fn tell_unsteady(context: &Context, unsteady: &[Unsteady]) {
    let mut told = BTreeSet::new();
    for it in unsteady {
        // What is left behind is why it cannot be applied again.
        if !told.insert(&it.id) {
            continue;
        }
        let id = &it.id;
        context.ui.note(&match &it.fault {
            Fault::Down(reason) => format!("the downgrade of {id} fails: {reason}"),
            Fault::Again(reason) => {
                format!("{id} cannot be re-applied after its downgrade: {reason}")
            }
            Fault::Traces(changes) => format!(
                "the downgrade of {id} does not restore the previous schema, not restored: {}",
                changes.join(", ")
            ),
        });
    }
    if !unsteady.is_empty() {
        context.ui.hint(
            "imported downgrades stay as Alembic wrote them, and `check` does not report them again; \
             new revisions are checked",
        );
    }
}

/// What to do where schema.toml could not be written.
fn tell_unbuilt(context: &Context, report: &Imported) {
    let path = context.project.schema().display();
    context.ui.warning(&format!("{path} was not written: the revisions have no SQL yet"));
    context.ui.hint(&format!(
        "write the SQL of {} into its up file, then run the same import again",
        report.without_sql.join(", ")
    ));
}
