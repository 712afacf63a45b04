//! `aludel check`: compares schema.toml, the migrations and the database.

use crate::config::DatabasePlace;
use crate::operations::{CheckOptions, CheckReport, Failure, FindingKind};
use crate::report::count;

use super::super::args::CheckArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::ACCEPT_EDITS;

/// What the command needs.
pub(super) const NEEDS: Needs = Needs::SCRATCH.each();

pub(crate) async fn run(context: &Context, args: &CheckArgs) -> Result<Outcome, Failure> {
    let CheckArgs { no_roundtrips, prove, write_proofs, recall, ref consent } = *args;
    let data_loss = consent.data_loss();
    let options = CheckOptions { no_roundtrips, prove, write_proofs, data_loss, recall };
    let report = context.project.check(&options).await?;
    context.ui.data(&report, &shown(&report, context))?;
    tell_beside(&report, context);
    Ok(if report.findings.is_empty() { Outcome::Done } else { Outcome::No })
}

fn shown(report: &CheckReport, context: &Context) -> String {
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&format!("{}: {}\n", finding.kind.label(), finding.message));
        text.extend(finding.shown.iter().map(|it| format!("    {it}\n")));
    }
    if !report.proved.is_empty() {
        text.push_str(&format!("wrote the proofs of {}\n", count(report.proved.len(), "revision")));
    }
    if report.findings.is_empty() {
        let live =
            matches!(context.project.workspace().database().place.value, DatabasePlace::Server(_));
        text.push_str(if live {
            "schema.toml, the migrations and the database agree\n"
        } else {
            "schema.toml and the migrations agree\n"
        });
    } else {
        text.push_str(&format!("{}\n", count(report.findings.len(), "finding")));
    }
    text
}

/// What is said beside the findings: what was not compared, and what to do.
fn tell_beside(report: &CheckReport, context: &Context) {
    if !report.unmanaged.is_empty() {
        context.ui.warning(&format!(
            "not compared, because aludel does not manage them: {}",
            report.unmanaged.join(", ")
        ));
    }
    for it in &report.vector_indexes {
        context.ui.warning(&format!("{}: {}", it.line(), it.remedy));
    }
    report.edited.iter().for_each(|it| context.ui.warning(it));
    if !report.edited.is_empty() {
        context.ui.hint(ACCEPT_EDITS);
    }
    let mut told = Vec::new();
    if report.findings.iter().any(|it| it.kind == FindingKind::Heads) {
        // No revision can be written before there is one head.
        told.push(FindingKind::Pending);
    }
    for finding in &report.findings {
        if !told.contains(&finding.kind) {
            told.push(finding.kind);
            context.ui.hint(hint(finding.kind));
        }
    }
}

/// What to do about it.
fn hint(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Pending => {
            "pending: write the missing revision with `aludel revision --autogenerate`"
        }
        FindingKind::Drift => {
            "drift: print the SQL that removes the drift with `aludel diff live migrations`"
        }
        FindingKind::Heads => {
            "heads: join them with `aludel merge heads`, or move one onto the other with \
                 `aludel rebase HEAD --onto HEAD`"
        }
        FindingKind::Files => {
            "files: restore them as they were applied, and put new changes in a new revision; \
                 or accept the edited files with `aludel repair REVISION`"
        }
        FindingKind::Revisions => {
            "revisions: fix the down file; or delete it, which makes the \
                                revision irreversible"
        }
        FindingKind::Losses => {
            "losses: if they are intended, let the header allow them: `-- Allows: data-loss (OBJECT, …)`, or \
                 `aludel check --write-proofs --allow data-loss`"
        }
        FindingKind::Hazards => {
            "hazards: `aludel explain CODE` says why, and what to write instead; `-- aludel: allow CODE reason` \
                 above a statement, or `allow` in aludel.toml, allows one"
        }
        FindingKind::Proofs => {
            "proofs: remove the line `-- Proof:` from the header, or the .proof file, and run \
                 `aludel check --write-proofs`"
        }
        FindingKind::Provided => {
            "provided: have an administrator create it; schema.toml declares it with provided \
                 = true, so no revision does"
        }
        FindingKind::Unapplied => "unapplied: apply it with `aludel upgrade`",
        FindingKind::Recall => {
            "recall: set `ef_search` or `probes` of the index, and generate the code again; `aludel recall INDEX` \
                 prints what all settings find"
        }
    }
}
