//! Consent to losing data: asked for before a revision is written, and before it runs.

use crate::ledger::Direction;
use crate::plan::Plan;
use crate::plan::statement::Statement;
use crate::report::count;
use crate::revision::Revision;
use crate::revision::consent::{Consent, not_allowed};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::{Loss, shown_allowed, shown_list};
use crate::runner::Unconsented;

use super::Project;
use super::failure::{Failure, Kind};

/// What a plan loses beyond what the catalog tells: where sequences go on.
pub(super) fn planned(plan: &Plan) -> Vec<Loss> {
    let lossy = plan.steps.iter().filter(|it| it.effect.loss.is_some());
    let sequences = lossy.filter(|it| matches!(it.statement, Statement::AlterSequence { .. }));
    let names = sequences.filter_map(|it| it.object.qualified_name());
    names.map(Loss::of_position).collect()
}

/// Sees to it that a new revision may lose what it loses: its header has allowed it before, a flag or a yes on a
/// terminal does.
pub(super) fn to_write(
    project: &Project,
    revision: &Revision,
    losses: &[Loss],
    data_loss: DataLoss,
) -> Result<(), Failure> {
    let open = not_allowed(revision, losses);
    if data_loss == DataLoss::Allowed || open.is_empty() {
        return Ok(());
    }
    let lost = shown_list(&open);
    let question = format!("the revision loses data: {lost}; write it?");
    match project.confirm(&question)? {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::new(Kind::Answer, "nothing was written")),
        None => {
            let message = format!("nothing was written: the revision loses data: {lost}");
            let failure = Failure::new(Kind::Answer, message);
            Err(failure.hint("to write it all the same: --allow data-loss"))
        }
    }
}

/// Whether data may be lost that nothing else consents to: rows that a downgrade loses, and what a revision loses
/// where it cannot be measured. What is measured only the header of a revision allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DataLoss {
    /// It is refused, unless a person says yes.
    #[default]
    Refused,
    /// It is allowed.
    Allowed,
}

impl DataLoss {
    /// What a run begins with.
    pub(super) fn consent(self) -> Consent {
        Consent { downgrade: self == Self::Allowed, ..Consent::default() }
    }
}

impl Project {
    /// What to do about revisions that may not run yet: they are measured, or a person is asked. Gives the consent
    /// with which to try again.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) async fn consent_after(
        &self,
        graph: &Graph,
        refused: &Unconsented,
        data_loss: DataLoss,
        mut consent: Consent,
    ) -> Result<Consent, Failure> {
        match refused {
            Unconsented::Unknown { direction, revisions } => {
                let shown = count(revisions.len(), "revision");
                self.note(&format!(
                    "measuring on a scratch database which data {shown} without proof would lose"
                ));
                let known = Box::pin(self.workspace.losses(graph, revisions, direction.side()));
                match known.await.map_err(Failure::from) {
                    Ok(known) => consent.measured.extend(known),
                    Err(error) if data_loss == DataLoss::Refused => {
                        return Err(unmeasured(refused, &error));
                    }
                    Err(error) => {
                        self.warning(&format!("{refused}: {}", error.message));
                        consent.unmeasured = true;
                    }
                }
                Ok(consent)
            }
            Unconsented::Down { .. } => {
                match self.confirm(&format!("{refused}; revert all the same?"))? {
                    Some(true) => Ok(Consent { downgrade: true, ..consent }),
                    Some(false) => Err(Failure::new(Kind::Answer, "nothing was reverted")),
                    None => Err(Failure::of_consent(refused)),
                }
            }
            Unconsented::Up { .. } => Err(Failure::of_consent(refused)),
        }
    }
}

/// A revision of which nobody knows what it loses.
fn unmeasured(refused: &Unconsented, reason: &Failure) -> Failure {
    let failure = Failure::of_consent(refused)
        .detail(format!("it could not be measured on a scratch database: {}", reason.message));
    reason.details.iter().fold(failure, |it, line| it.detail(line.clone()))
}

impl Failure {
    /// A run that would lose data without consent.
    pub(crate) fn of_consent(refused: &Unconsented) -> Self {
        let failure = Self::new(Kind::Answer, refused.to_string());
        match refused {
            Unconsented::Up { revisions } => {
                let hint = |failure: Self, (id, losses): &(RevisionId, Vec<Loss>)| {
                    failure.hint(format!(
                        "if that is intended, add to the header of revision {id}: `-- Allows: {}`",
                        shown_allowed(losses)
                    ))
                };
                let failure = revisions.iter().fold(failure, hint);
                let named: Vec<&str> = revisions.iter().map(|it| it.0.as_str()).collect();
                failure.hint(format!(
                    "which statement loses it, also through foreign keys: `aludel review --verbose {}`",
                    named.join(" ")
                ))
            }
            Unconsented::Down { .. } => failure.hint("to revert all the same: --allow data-loss"),
            Unconsented::Unknown { direction, .. } => {
                let verb = match direction {
                    Direction::Up => "apply",
                    Direction::Down => "revert",
                };
                failure
                    .hint("`aludel check --write-proofs` records what revisions lose in their headers")
                    .hint(format!("to {verb} it without knowing: --allow data-loss"))
            }
        }
    }
}
