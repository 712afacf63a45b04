//! `aludel revision`: a new revision, by hand or generated, run on a scratch database before it is
//! written.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::render::revision::Content;
use crate::revision::file::Header;
use crate::revision::{Revision, SqlFile};
use crate::scratch::ScratchDatabase;
use crate::workspace::{Comparison, Loaded, read_declaration};

use super::super::args::RevisionArgs;
use super::super::failure::{Failure, Kind};
use super::super::renames;
use super::super::{Context, Outcome};
use super::check::telling;
use super::draft::{self, Draft};

#[derive(Serialize)]
struct Report {
    id: Option<String>,
    up: Option<String>,
    down: Option<String>,
    changes: Vec<Change>,
}

pub(crate) async fn run(context: &Context, args: &RevisionArgs) -> Result<Outcome, Failure> {
    let workspace = &context.workspace;
    let graph = workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let parents = draft::parents(context, &graph, args.head.as_deref(), args.splice)?;
    let draft = Draft::new(context, &graph, &args.draft)?;
    let header = draft.header(&args.message, parents)?;
    if !args.autogenerate {
        let revision = draft.assembled(header, &Content::ByHand, Some(&Content::ByHand))?;
        return finish(context, &revision, Vec::new());
    }
    let declared =
        read_declaration(&context.global.schema).map_err(|it| context.workspace_failure(it))?;
    let mut to =
        workspace.declaration(&declared).await.map_err(|it| context.workspace_failure(it))?;
    // All branches, for the declaration has all of them.
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let (mut database, snapshot) = workspace
        .replay(&graph, &heads, &declared.declaration.schema)
        .await
        .map_err(|it| context.workspace_failure(it))?;
    let from = Loaded::plain(snapshot);
    let (before, after) = (&from.snapshot.schema, &to.snapshot.schema);
    let asked = renames::typed(&args.rename, before, after, &mut to.hints)
        .and_then(|()| renames::ask(context, before, after, &mut to.hints));
    if let Err(failure) = asked {
        database.close().await;
        return Err(failure);
    }
    let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
    let generated = generate(context, header, &place, &from, &to, &mut database).await;
    database.close().await;
    match generated? {
        Some((revision, changes, built)) => {
            super::beforehand::tell(context, &changes).await;
            let outcome = finish(context, &revision, changes)?;
            workspace.remember(revision.id(), &built);
            Ok(outcome)
        }
        None => {
            let name = context.global.schema.display();
            let text = format!("no changes: the migrations build what {name} declares\n");
            let report = Report { id: None, up: None, down: None, changes: Vec::new() };
            context.ui.data(&report, &text)?;
            Ok(Outcome::Done)
        }
    }
}

/// Plans both ways and runs them on the scratch database: up must reach the declaration, down must
/// come back.
async fn generate(
    context: &Context,
    header: Header,
    assembled: &dyn Fn(Header, &Content, &Content) -> Result<Revision, Failure>,
    from: &Loaded,
    to: &Loaded,
    database: &mut ScratchDatabase,
) -> Result<Option<(Revision, Vec<Change>, Snapshot)>, Failure> {
    let workspace = &context.workspace;
    let comparison =
        workspace.compare(from, to).await.map_err(|it| context.workspace_failure(it))?;
    context.tell_unverified(&comparison);
    if comparison.changes.is_empty() {
        return Ok(None);
    }
    let failed = |errors: Vec<_>| context.plan_failure(&errors, to.declared.as_ref());
    let up = comparison.up(context.plan_options()).map_err(failed)?;
    let down = comparison.down(context.plan_options()).map_err(failed)?;
    let header =
        Header { fingerprint: Some(Fingerprint::of(&comparison.sides.to.schema)), ..header };
    let (up, down) = (Content::Plan(context.script(&up)), Content::Plan(context.script(&down)));
    let revision = assembled(header, &up, &down)?;

    let reached = tried(context, database, &revision.up).await?;
    let left =
        workspace.left_between(&reached.schema, &fitted(&reached, &comparison.sides.to)).await;
    expect_nothing(&left, "up does not reach the declaration")?;
    let down = revision.down.as_ref().expect("a generated revision has a way back");
    let back = tried(context, database, down).await?;
    let left = workspace.left_between(&back.schema, &fitted(&back, &from.snapshot)).await;
    expect_nothing(&left, "down does not come back")?;
    let Comparison { changes, .. } = comparison;
    Ok(Some((revision, changes, reached)))
}

async fn tried(
    context: &Context,
    database: &mut ScratchDatabase,
    file: &SqlFile,
) -> Result<Snapshot, Failure> {
    context.workspace.try_file(database, file).await.map_err(|error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("the generated SQL was not written: {}", failure.message);
        failure.detail(format!("the whole of it:\n\n{}", file.text))
    })
}

fn expect_nothing(left: &[Change], what: &str) -> Result<(), Failure> {
    if left.is_empty() {
        return Ok(());
    }
    let message = format!("the generated SQL was not written: {what}, which is an error of aludel");
    let failure = Failure::new(Kind::Internal, message);
    Err(left.iter().fold(failure, |it, change| it.detail(format!("left over: {change}"))))
}

fn finish(
    context: &Context,
    revision: &Revision,
    changes: Vec<Change>,
) -> Result<Outcome, Failure> {
    draft::place(context, revision)?;
    let up = revision.up.path.display().to_string();
    let down = revision.down.as_ref().map(|it| it.path.display().to_string());
    let mut text: String = telling(&changes).map(|it| format!("{it}\n")).collect();
    text.push_str(&format!("wrote {up}\n"));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    let id = Some(revision.id().to_string());
    context.ui.data(&Report { id, up: Some(up), down, changes }, &text)?;
    Ok(Outcome::Done)
}
