//! `aludel revision`: a new revision, by hand or generated.

use crate::diff::telling;
use crate::operations::{Failure, RevisionOptions, RevisionReport};

use super::super::args::RevisionArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::findings::tell;

/// What the command needs: one written by hand only the files, and `--amend` asks the database, too.
pub(super) fn needs(args: &RevisionArgs) -> Needs {
    match (args.amend, args.autogenerate) {
        (true, _) => Needs::BOTH,
        (false, true) => Needs::SCRATCH,
        (false, false) => Needs::FILES,
    }
}

pub(crate) async fn run(context: &Context, args: &RevisionArgs) -> Result<Outcome, Failure> {
    let project = &context.project;
    let options = RevisionOptions {
        message: args.message.clone(),
        rename: args.rename.clone(),
        no_rename: args.no_rename.clone(),
        sample: args.sample,
        data_loss: args.consent.data_loss(),
        head: args.head.clone(),
        splice: args.splice,
        draft: (&args.draft).into(),
    };
    let report = if args.amend {
        project.amend(&options).await?
    } else if args.phases {
        project.autogenerate_phases(&options).await?
    } else if args.autogenerate {
        project.autogenerate(&options).await?
    } else {
        project.revision(&options)?
    };
    context.ui.data(&report, &shown(context, &report))?;
    tell(context.ui, &report.findings);
    if let Some(later) = &report.contract {
        tell(context.ui, &later.findings);
    }
    if args.phases && report.id.is_some() {
        tell_phases(context, &report);
    }
    Ok(Outcome::Done)
}

fn shown(context: &Context, report: &RevisionReport) -> String {
    match (&report.id, &report.contract) {
        (None, _) => {
            let name = context.project.schema().display();
            format!("no changes: the migrations build the schema declared in {name}\n")
        }
        (Some(_), None) => written(report),
        (Some(_), Some(later)) => format!(
            "before the release:\n{}after the release:\n{}",
            written(report),
            written(later)
        ),
    }
}

/// What a revision changes, and its files.
fn written(report: &RevisionReport) -> String {
    let mut text: String = telling(&report.changes).map(|it| format!("{it}\n")).collect();
    let files = [&report.up, &report.down];
    text.extend(files.into_iter().flatten().map(|it| format!("wrote {it}\n")));
    text
}

fn tell_phases(context: &Context, report: &RevisionReport) {
    if report.contract.is_some() {
        context.ui.hint(
            "run `aludel upgrade --until-contract` before the release, `aludel upgrade` after it",
        );
    } else if report.phase.is_some() {
        context.ui.note(
            "all changes must be applied after the release: there is no revision to apply \
                   before it",
        );
    } else {
        context.ui.note(
            "the running release works with all changes: nothing has to be applied \
                         after the release",
        );
    }
}
