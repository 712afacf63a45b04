//! `aludel check`: do schema.toml, the migrations and the database agree?

use crate::config::Place;
use crate::operations::{CheckOptions, CheckReport, Failure, FindingKind};
use crate::report::count;

use super::super::args::CheckArgs;
use super::super::needs::Needs;
use super::super::{Context, Outcome};
use super::ACCEPT_EDITS;

/// What the command needs.
pub(in crate::cli) const NEEDS: Needs = Needs::SCRATCH.each();

pub(crate) async fn run(context: &Context, args: &CheckArgs) -> Result<Outcome, Failure> {
    let CheckArgs { no_roundtrips, prove, write_proofs } = *args;
    let options = CheckOptions { no_roundtrips, prove, write_proofs };
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
        let live = matches!(context.project.workspace().database().place.value, Place::Server(_));
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
            "not compared, for aludel does not manage them: {}",
            report.unmanaged.join(", ")
        ));
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
        FindingKind::Pending => "pending: `aludel revision --autogenerate` writes what is missing",
        FindingKind::Drift => {
            "drift: `aludel diff live migrations` prints the SQL that brings the database back"
        }
        FindingKind::Heads => {
            "heads: `aludel merge heads` joins them, `aludel rebase HEAD --onto HEAD` puts one \
                 on the other"
        }
        FindingKind::Files => {
            "files: put them back as they were applied, and say what is new in a new revision; \
                 `aludel repair REVISION` accepts edited ones as they are"
        }
        FindingKind::Revisions => "revisions: fix the down file; an irreversible revision has none",
        FindingKind::Proofs => {
            "proofs: take the line `-- Proof:` out of the header, or remove the file, and run \
                 `aludel check --write-proofs`"
        }
        FindingKind::Provided => {
            "provided: no revision creates it, for schema.toml declares it as provided = true"
        }
        FindingKind::Unapplied => "unapplied: `aludel upgrade` applies it",
    }
}
