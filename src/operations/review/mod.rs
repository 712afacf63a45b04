//! Reviews: what revisions and other files of SQL do to a database in use, and which of it is a hazard.

mod folder;
mod live;
mod rehearsal;
mod what;

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::report::count;
use crate::review::{FactsSource, Hazard, Policy, ReviewedFile, Severity, Surroundings, judge};
use crate::revision::file::Header;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::loss::shown_allowed;
use crate::workspace::review::Leg;

use super::Project;
use super::failure::Failure;

pub use live::{LiveDatabase, LiveTable, OpenTransaction};
use what::{courses, upwards};

/// What is reviewed, and what is said of it.
#[derive(Debug, Clone, Default)]
pub struct ReviewOptions {
    /// Revisions, ranges `FROM:TO`, `pending`, files, folders, `-`. Where nothing is named: the pending revisions
    /// of the configured server, or without one those that have no valid proof.
    pub what: Vec<String>,
    /// What `-` stands for.
    pub standard_input: Option<String>,
    /// Codes that are allowed, as patterns.
    pub allow: Vec<String>,
    /// Codes that are denied, as patterns.
    pub deny: Vec<String>,
}

/// What a review found.
#[derive(Debug, Default)]
pub struct ReviewReport {
    /// The files with their statements and facts.
    pub files: Vec<ReviewedFile>,
    /// The hazards.
    pub hazards: Vec<Hazard>,
    /// What is known of the configured database.
    pub surroundings: Surroundings,
    /// The same with its tables and their indexes, for people; None where no server was asked.
    pub live: Option<LiveDatabase>,
}

/// How the facts of statements are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Known {
    /// They ran, and the server was asked.
    pub measured: usize,
    /// From the table of measured forms.
    pub told: usize,
    /// They are not known.
    pub unknown: usize,
}

impl ReviewReport {
    /// Whether a hazard is denied and not allowed.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.hazards.iter().any(|it| it.severity == Severity::Error && it.allowed.is_none())
    }

    /// How the facts of the statements are known.
    #[must_use]
    pub fn known(&self) -> Known {
        let mut known = Known::default();
        for statement in self.files.iter().flat_map(|it| &it.statements) {
            match statement.facts.source {
                FactsSource::Measured => known.measured += 1,
                FactsSource::Table => known.told += 1,
                FactsSource::Unknown(_) => known.unknown += 1,
            }
        }
        known
    }
}

impl Project {
    /// Runs what is reviewed on scratch databases, statement by statement, and judges it.
    ///
    /// # Errors
    /// What names nothing, files that cannot be read, a history that does not run, a database that does not
    /// answer where its ledger is needed. A reviewed statement that is refused is a hazard.
    pub async fn review(&self, options: &ReviewOptions) -> Result<ReviewReport, Failure> {
        let policy = self.policy(options)?;
        let courses = Box::pin(courses(self, options)).await?;
        let mut files = Vec::new();
        for course in courses {
            files.extend(Box::pin(self.workspace.trace(&course)).await?);
        }
        Ok(self.judged(files, &policy).await)
    }

    /// Judges revisions by what aludel.toml allows and denies.
    pub(super) async fn review_revisions(
        &self,
        graph: &Graph,
        revisions: &BTreeSet<RevisionId>,
        policy: &Policy,
    ) -> Result<ReviewReport, Failure> {
        let ends: Vec<&RevisionId> = revisions.iter().collect();
        let course = upwards(self, graph, &ends, revisions)?;
        let files = Box::pin(self.workspace.trace(&course)).await?;
        Ok(self.judged(files, policy).await)
    }

    /// What is said of files that have run.
    async fn judged(&self, files: Vec<ReviewedFile>, policy: &Policy) -> ReviewReport {
        let live = match files.is_empty() {
            true => None,
            false => Box::pin(live::asked(self, &files)).await,
        };
        let surroundings = live.as_ref().map(LiveDatabase::surroundings).unwrap_or_default();
        let mut hazards = judge(&files, policy, &surroundings);
        consent(&files, &mut hazards);
        ReviewReport { files, hazards, surroundings, live }
    }

    /// What the arguments and aludel.toml say of codes.
    pub(super) fn policy(&self, options: &ReviewOptions) -> Result<Policy, Failure> {
        let settings = &self.workspace.settings().review;
        let all = |file: &[String], typed: &[String]| [typed, file].concat();
        let (allow, deny) =
            (all(&settings.allow.value, &options.allow), all(&settings.deny.value, &options.deny));
        let policy = Policy::new(allow.iter().map(String::as_str), deny.iter().map(String::as_str));
        match policy.unknown().first() {
            None => Ok(policy),
            Some((pattern, meant)) => {
                let failure = Failure::input(format!("no rule has the code `{}`", pattern.codes));
                Err(match meant {
                    Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                    None => failure.hint("`aludel explain` lists the codes"),
                })
            }
        }
    }

    pub(super) fn has_server(&self) -> bool {
        matches!(self.workspace.database().place.value, DatabasePlace::Server(_))
    }

    /// Says what a folder was left without.
    fn tell_skipped(&self, folder: &str, skipped: &[String]) {
        if !skipped.is_empty() {
            self.note(&format!(
                "{folder}: skipped {}, which revert others: {}",
                count(skipped.len(), "file"),
                skipped.join(", ")
            ));
        }
    }
}

/// Hazards of losses that the header of a revision consents to are allowed: `upgrade` sees to it that nothing else is
/// lost.
fn consent(files: &[ReviewedFile], hazards: &mut [Hazard]) {
    for file in files.iter().filter(|it| it.revision.is_some()) {
        let header = Header::parse(Path::new(&file.path), &file.text);
        let Some(allows) = header.ok().map(|it| it.allows).filter(|it| !it.is_empty()) else {
            continue;
        };
        let reason = format!("the header allows {}", shown_allowed(&allows));
        let is_open = |it: &Hazard| it.path == file.path && it.is_loss() && it.allowed.is_none();
        for hazard in hazards.iter_mut().filter(|it| is_open(it)) {
            hazard.allowed = Some(reason.clone());
        }
    }
}

/// The legs of files that are run one after the other.
type Course = Vec<Leg>;
