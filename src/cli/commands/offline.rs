//! `upgrade --sql` and `downgrade --sql`: the run as one script for psql, on standard output.

use crate::operations::{Failure, ScriptOptions};

use super::super::{Context, Outcome};
use super::listing::titled;

pub(crate) async fn run(context: &Context, options: &ScriptOptions) -> Result<Outcome, Failure> {
    let report = context.project.migration_script(options).await?;
    for it in &report.left {
        context.ui.note(&format!("left {}", titled(&it.id, &it.message)));
    }
    if report.sql.is_empty() {
        context.ui.data(&report, "")?;
        context.ui.note("nothing to do");
    } else {
        context.ui.document(&report, &report.sql)?;
    }
    Ok(Outcome::Done)
}
