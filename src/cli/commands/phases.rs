//! `aludel revision --phases`: a difference as two revisions, one for before a release and one for after
//! it.

use crate::diff::Change;
use crate::diff::phases::cut;
use crate::model::snapshot::Snapshot;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::file::{Header, Phase};
use crate::revision::store::write_all;
use crate::workspace::Loaded;

use super::super::failure::Failure;
use super::super::{Context, Outcome};
use super::draft::Draft;
use super::revision::{Ends, Report, generate, tell_nothing, tried, written};
use super::{beforehand, hooks};

pub(super) async fn run(
    context: &Context,
    draft: &Draft<'_>,
    header: Header,
    mut ends: Ends,
) -> Result<Outcome, Failure> {
    let made = made(context, draft, header, &mut ends).await;
    ends.database.close().await;
    let parts = made?;
    let Some(last) = parts.last() else { return tell_nothing(context) };
    let changes: Vec<_> = parts.iter().flat_map(|it| it.changes.clone()).collect();
    beforehand::tell(context, &changes).await;
    let revisions: Vec<Revision> = parts.iter().map(|it| it.revision.clone()).collect();
    write_all(&revisions).map_err(|it| Failure::of_write(&it))?;
    revisions.iter().try_for_each(|it| hooks::post_write(context, it))?;
    let outcome = tell_parts(context, &parts)?;
    context.workspace.remember(last.revision.id(), &last.built);
    Ok(outcome)
}

/// A revision of one part, which has run.
struct Part {
    revision: Revision,
    changes: Vec<Change>,
    built: Snapshot,
}

/// The revisions, none where nothing differs. Each has run up and down on the scratch database.
async fn made(
    context: &Context,
    draft: &Draft<'_>,
    header: Header,
    ends: &mut Ends,
) -> Result<Vec<Part>, Failure> {
    let failed = |error| context.workspace_failure(error);
    let Ends { from, to, database } = ends;
    let comparison = context.workspace.compare(from, to).await.map_err(failed)?;
    let needs = &comparison.sides.to.dependencies;
    let cut = cut(&from.snapshot.schema, &comparison.changes, needs);
    let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
    let part = |(revision, changes, built)| Part { revision, changes, built };
    let one = async |context, header, from: &Loaded, database| {
        let generated = generate(context, header, &place, from, to, database).await?;
        Ok(generated.into_iter().map(part).collect())
    };
    if !cut.contracts {
        return one(context, header, from, database).await;
    }
    if !cut.expands {
        return one(context, contract(&header), from, database).await;
    }
    let between = context.workspace.between(&cut.between, from, to).await.map_err(|error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("the change cannot be cut in two: {}", failure.message);
        failure.hint("write it as one revision, without --phases")
    })?;
    let alone = contract(&header);
    let first = generate(context, header, &place, from, &between, database).await?;
    let Some(first) = first.map(part) else {
        // What was thought to come before makes no difference to the server.
        return one(context, alone, from, database).await;
    };
    // The second part begins where the first one has led.
    let reached = tried(context, database, &first.revision.up).await?;
    let header = draft.successor(&first.revision.header)?;
    let place = |header, up: &Content, down: &Content| {
        Ok(draft.beside(&first.revision, header, up, Some(down)))
    };
    let (middle, header) = (Loaded::plain(reached), contract(&header));
    let second = generate(context, header, &place, &middle, to, database).await?;
    Ok([Some(first), second.map(part)].into_iter().flatten().collect())
}

/// The header of what comes after the release.
fn contract(header: &Header) -> Header {
    let message = format!("{} (contract)", header.message);
    Header { message, phase: Some(Phase::Contract), ..header.clone() }
}

fn tell_parts(context: &Context, parts: &[Part]) -> Result<Outcome, Failure> {
    let report = |it: &Part| Report::of(&it.revision, it.changes.clone());
    let (text, report) = match parts {
        [first, second] => {
            let text = format!(
                "before the release:\n{}after the release:\n{}",
                written(&first.revision, &first.changes),
                written(&second.revision, &second.changes),
            );
            (text, Report { contract: Some(Box::new(report(second))), ..report(first) })
        }
        [only, ..] => (written(&only.revision, &only.changes), report(only)),
        [] => return tell_nothing(context),
    };
    context.ui.data(&report, &text)?;
    match parts {
        [only] if only.revision.header.phase == Some(Phase::Contract) => context
            .ui
            .note("all of it has to wait for the release: there is no revision to apply before it"),
        [_] => context.ui.note("the running release can go on with it: nothing has to wait"),
        _ => context.ui.hint(
            "`aludel upgrade --until-contract` before the release, `aludel upgrade` after it",
        ),
    }
    Ok(Outcome::Done)
}
