//! `aludel revision --phases`: a difference as two revisions, one for before a release and one for after
//! it.

use crate::diff::phases::cut;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::file::{Header, Phase};
use crate::revision_files::write_all;
use crate::workspace::Loaded;

use super::super::args::RevisionArgs;
use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::draft::{self, Draft};
use super::revision::{Ends, Generated, Making, Report, generate, tell_nothing, written};
use super::{beforehand, hooks};

pub(super) async fn run(
    context: &Context,
    args: &RevisionArgs,
    draft: &Draft<'_>,
    header: Header,
    mut ends: Ends,
) -> Result<Outcome, Failure> {
    let made = made(context, args.sample, draft, header, &mut ends).await;
    ends.close_site().await;
    let mut parts = made?;
    let Some(last) = parts.last_mut() else { return tell_nothing(context) };
    let (last, built) = (last.revision.id().clone(), std::mem::take(&mut last.built));
    let changes: Vec<_> = parts.iter().flat_map(|it| it.changes.clone()).collect();
    beforehand::tell(context, &changes).await;
    let revisions: Vec<Revision> = parts.iter().map(|it| it.revision.clone()).collect();
    write_all(&revisions).map_err(|it| Failure::of_write(&it))?;
    revisions.iter().try_for_each(|it| hooks::post_write(context, it))?;
    let outcome = tell_parts(context, parts)?;
    draft::remember(context, &last, &built, &ends.to);
    Ok(outcome)
}

/// The revisions, none where nothing differs. Each has run up and down on a scratch database.
async fn made(
    context: &Context,
    sample: bool,
    draft: &Draft<'_>,
    header: Header,
    ends: &mut Ends,
) -> Result<Vec<Generated>, Failure> {
    let failed = |error| context.workspace_failure(error);
    let comparison = context.workspace.compare(&ends.from, &ends.to).await.map_err(failed)?;
    let needs = &comparison.sides.to.dependencies;
    let cut = cut(&ends.from.snapshot.schema, &comparison.changes, needs);
    let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
    let making = |header| Making { graph: draft.graph, header, assembled: &place };
    if !(cut.expands && cut.contracts) {
        let header = if cut.contracts { contract(&header) } else { header };
        let only = generate(context, sample, making(header), ends).await?;
        return Ok(only.into_iter().collect());
    }
    let between = context.workspace.between(&cut.between, &ends.from, &ends.to).await;
    let between = between.map_err(|error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("the change cannot be cut in two: {}", failure.message);
        failure.hint("write it as one revision, without --phases")
    })?;
    let alone = contract(&header);
    let wanted = std::mem::replace(&mut ends.to, between);
    let first = generate(context, sample, making(header), ends).await?;
    ends.to = wanted;
    let Some(first) = first else {
        // What was thought to come before makes no difference to the server.
        let only = generate(context, sample, making(alone), ends).await?;
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
    let second = generate(context, sample, making, ends).await?;
    Ok([Some(first), second].into_iter().flatten().collect())
}

/// The header of what comes after the release.
fn contract(header: &Header) -> Header {
    let message = format!("{} (contract)", header.message);
    Header { message, phase: Some(Phase::Contract), ..header.clone() }
}

fn tell_parts(context: &Context, parts: Vec<Generated>) -> Result<Outcome, Failure> {
    let is_alone = parts.len() == 1;
    let mut text = String::new();
    let mut whole: Option<Report> = None;
    // The report of the second one stands in that of the first.
    for Generated { revision, changes, findings, .. } in parts.into_iter().rev() {
        let is_later = revision.header.phase.is_some();
        let title = match (is_alone, is_later) {
            (true, _) => "",
            (false, true) => "after the release:\n",
            (false, false) => "before the release:\n",
        };
        text = format!("{title}{}{text}", written(&revision, &changes));
        let contract = whole.take().map(Box::new);
        whole = Some(Report { contract, ..Report::of(&revision, changes, findings) });
    }
    let report = whole.unwrap_or_default();
    context.ui.data(&report, &text)?;
    report.findings.tell(context);
    if let Some(later) = &report.contract {
        later.findings.tell(context);
        context.ui.hint(
            "`aludel upgrade --until-contract` before the release, `aludel upgrade` after it",
        );
    } else if report.phase.is_some() {
        context
            .ui
            .note("all of it has to wait for the release: there is no revision to apply before it");
    } else {
        context.ui.note("the running release can go on with it: nothing has to wait");
    }
    Ok(Outcome::Done)
}
