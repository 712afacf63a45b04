//! A difference as two revisions, one for before a release and one for after it.

use crate::diff::phases::cut;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::file::{Header, Phase};
use crate::revision_files::write_all;
use crate::workspace::Loaded;

use super::Project;
use super::draft::{self, Draft};
use super::failure::Failure;
use super::revision::{
    Ends, Generated, Making, RevisionOptions, RevisionReport, Terms, ends, generate, header,
};
use super::{beforehand, hooks};

impl Project {
    /// As [`Project::autogenerate`], but split in two if the running release does not work with all changes: the
    /// report is of the revision before the release, its [`RevisionReport::contract`] of the one after it.
    ///
    /// # Errors
    /// As [`Project::autogenerate`], and when the change cannot be cut.
    pub async fn autogenerate_phases(
        &self,
        options: &RevisionOptions,
    ) -> Result<RevisionReport, Failure> {
        let graph = self.workspace.graph()?;
        let draft = Draft::new(self, &graph, &options.draft)?;
        let header = header(&draft, options)?;
        let mut ends = Box::pin(ends(self, &graph, options)).await?;
        let made = Box::pin(made(self, options.terms(), &draft, header, &mut ends)).await;
        ends.close_site().await;
        let mut parts = made?;
        let Some(last) = parts.last_mut() else { return Ok(RevisionReport::default()) };
        let (last, built) = (last.revision.id().clone(), std::mem::take(&mut last.built));
        let changes: Vec<_> = parts.iter().flat_map(|it| it.changes.clone()).collect();
        beforehand::tell(self, &changes).await;
        let revisions: Vec<Revision> = parts.iter().map(|it| it.revision.clone()).collect();
        write_all(&revisions)?;
        revisions.iter().try_for_each(|it| hooks::post_write(self, it))?;
        draft::remember(self, &last, &built, &ends.to);
        Ok(report(parts))
    }
}

/// The revisions, none where nothing differs. Each has run up and down on a scratch database.
async fn made(
    project: &Project,
    terms: Terms,
    draft: &Draft<'_>,
    header: Header,
    ends: &mut Ends,
) -> Result<Vec<Generated>, Failure> {
    let comparison = project.workspace.compare(&ends.from, &ends.to).await?;
    let needs = &comparison.sides.to.dependencies;
    let cut = cut(&ends.from.snapshot.schema, &comparison.changes, needs);
    let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
    let making = |header| Making { graph: draft.graph, header, assembled: &place };
    if !(cut.expands && cut.contracts) {
        let header = if cut.contracts { contract(&header) } else { header };
        let only = generate(project, terms, making(header), ends).await?;
        return Ok(only.into_iter().collect());
    }
    let between = project.workspace.between(&cut.between, &ends.from, &ends.to).await;
    let between = between.map_err(|error| {
        let mut failure = Failure::from(error);
        failure.message = format!("the change cannot be split in two: {}", failure.message);
        failure.hint("write it as one revision, without --phases")
    })?;
    let alone = contract(&header);
    let wanted = std::mem::replace(&mut ends.to, between);
    let first = generate(project, terms, making(header), ends).await?;
    ends.to = wanted;
    let Some(first) = first else {
        // What was thought to come before makes no difference to the server.
        let only = generate(project, terms, making(alone), ends).await?;
        return Ok(only.into_iter().collect());
    };
    // The second part begins where the first one has led.
    ends.close_site().await;
    ends.from = Loaded::plain(first.built.snapshot.clone());
    let graph = draft.graph_with(&first.revision)?;
    let header = contract(&draft.successor(&first.revision.header)?);
    let place = |header, up: &Content, down: &Content| {
        Ok(draft.beside(&first.revision, header, up, Some(down)))
    };
    let making = Making { graph: &graph, header, assembled: &place };
    let second = generate(project, terms, making, ends).await?;
    Ok([Some(first), second].into_iter().flatten().collect())
}

/// The header of the revision after the release.
fn contract(header: &Header) -> Header {
    let message = format!("{} (contract)", header.message);
    Header { message, phase: Some(Phase::Contract), ..header.clone() }
}

/// The report of the second part stands in that of the first.
fn report(parts: Vec<Generated>) -> RevisionReport {
    let mut whole: Option<RevisionReport> = None;
    for it in parts.into_iter().rev() {
        let contract = whole.take().map(Box::new);
        whole = Some(RevisionReport { contract, ..it.report() });
    }
    whole.unwrap_or_default()
}
