//! `aludel revision`: a new revision, by hand or generated, run on a scratch database before it is
//! written.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::revision::file::Header;
use crate::revision::{Revision, SqlFile};
use crate::scratch::ScratchDatabase;
use crate::workspace::rows::{Files, touched};
use crate::workspace::{Comparison, Loaded, read_declaration};

use super::super::args::RevisionArgs;
use super::super::failure::{Failure, Kind};
use super::super::renames;
use super::super::{Context, Outcome};
use super::check::telling;
use super::draft;
use super::findings::{Findings, Written, drawn};

/// What stands in files that are to be filled by hand.
const UP_BY_HAND: &str = "-- Write the SQL of the way up here.\n";
const DOWN_BY_HAND: &str =
    "-- Write the SQL of the way back here. Without this file the revision is irreversible.\n";

#[derive(Serialize)]
struct Report {
    id: Option<String>,
    up: Option<String>,
    down: Option<String>,
    changes: Vec<Change>,
    #[serde(flatten)]
    findings: Findings,
}

/// A revision that was generated, and what was found out when it ran.
struct Generated {
    revision: Revision,
    changes: Vec<Change>,
    built: Snapshot,
    findings: Findings,
}

pub(crate) async fn run(context: &Context, args: &RevisionArgs) -> Result<Outcome, Failure> {
    let workspace = &context.workspace;
    let graph = workspace.graph().map_err(|it| context.workspace_failure(it))?;
    let parents = draft::parents(context, &graph, args.head.as_deref(), args.splice)?;
    let header = draft::header(context, &graph, &args.draft, &args.message, parents)?;
    if !args.autogenerate {
        let revision =
            draft::assembled(context, &graph, &args.draft, header, UP_BY_HAND, DOWN_BY_HAND)?;
        return finish(context, &revision, Vec::new(), Findings::default());
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
    let place = |header, up: &str, down: &str| {
        draft::assembled(context, &graph, &args.draft, header, up, down)
    };
    let generated = generate(context, args.sample, header, &place, &from, &to, &mut database).await;
    database.close().await;
    match generated? {
        Some(Generated { revision, changes, built, findings }) => {
            super::beforehand::tell(context, &changes).await;
            let outcome = finish(context, &revision, changes, findings)?;
            workspace.remember(revision.id(), &built);
            Ok(outcome)
        }
        None => {
            let name = context.global.schema.display();
            let text = format!("no changes: the migrations build what {name} declares\n");
            let (changes, findings) = (Vec::new(), Findings::default());
            let report = Report { id: None, up: None, down: None, changes, findings };
            context.ui.data(&report, &text)?;
            Ok(Outcome::Done)
        }
    }
}

/// Plans both ways and runs them on the scratch database: up must reach the declaration, down must
/// come back. Then they run again with rows in the tables.
async fn generate(
    context: &Context,
    sample: bool,
    header: Header,
    assembled: &dyn Fn(Header, &str, &str) -> Result<Revision, Failure>,
    from: &Loaded,
    to: &Loaded,
    database: &mut ScratchDatabase,
) -> Result<Option<Generated>, Failure> {
    let workspace = &context.workspace;
    let comparison =
        workspace.compare(from, to).await.map_err(|it| context.workspace_failure(it))?;
    context.tell_unverified(&comparison);
    if comparison.changes.is_empty() {
        return Ok(None);
    }
    let failed = |errors: Vec<_>| context.plan_failure(&errors, to.declared.as_ref());
    let up_plan = comparison.up(context.plan_options()).map_err(failed)?;
    let down_plan = comparison.down(context.plan_options()).map_err(failed)?;
    let header =
        Header { fingerprint: Some(Fingerprint::of(&comparison.sides.to.schema)), ..header };
    let revision = assembled(header, &context.script(&up_plan), &context.script(&down_plan))?;

    let built = tried(context, database, &revision.up).await?;
    let left = workspace.left_between(&built.schema, &fitted(&built, &comparison.sides.to)).await;
    expect_nothing(&left, "up does not reach the declaration")?;
    let down = revision.down.as_ref().expect("a generated revision has a way back");
    let back = tried(context, database, down).await?;
    let left = workspace.left_between(&back.schema, &fitted(&back, &from.snapshot)).await;
    expect_nothing(&left, "down does not come back")?;

    let touched = touched(&comparison, &up_plan, &from.snapshot);
    let drawn = drawn(context, sample, &touched).await?;
    let files = Files { up: &revision.up, down: Some(down) };
    let trial = workspace.try_with_rows(database, &touched, files, &drawn).await;
    let trial = trial.map_err(|it| context.workspace_failure(it))?;
    let down_written = Written::to(&down_plan, down);
    let findings =
        Findings::of(&Written::to(&up_plan, &revision.up), Some(&down_written), Some(&trial));
    let Comparison { changes, .. } = comparison;
    Ok(Some(Generated { revision, changes, built, findings }))
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
    findings: Findings,
) -> Result<Outcome, Failure> {
    draft::place(context, revision)?;
    let up = revision.up.path.display().to_string();
    let down = revision.down.as_ref().map(|it| it.path.display().to_string());
    let mut text: String = telling(&changes).map(|it| format!("{it}\n")).collect();
    text.push_str(&format!("wrote {up}\n"));
    text.extend(down.iter().map(|it| format!("wrote {it}\n")));
    let id = Some(revision.id().to_string());
    let report = Report { id, up: Some(up), down, changes, findings };
    context.ui.data(&report, &text)?;
    report.findings.tell(context);
    Ok(Outcome::Done)
}
