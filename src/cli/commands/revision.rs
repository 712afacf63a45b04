//! `aludel revision`: a new revision, by hand or generated, run on a scratch database before it is
//! written.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::model::snapshot::Snapshot;
use crate::render::revision::Content;
use crate::revision::file::{Header, Phase};
use crate::revision::graph::Graph;
use crate::revision::{Revision, SqlFile};
use crate::scratch::ScratchDatabase;
use crate::workspace::rows::{Files, touched};
use crate::workspace::{Comparison, Loaded, read_declaration};

use super::super::args::RevisionArgs;
use super::super::failure::{Failure, Kind};
use super::super::renames;
use super::super::{Context, Outcome};
use super::check::telling;
use super::draft::{self, Draft};
use super::findings::{Findings, Written, drawn};

#[derive(Default, Serialize)]
pub(super) struct Report {
    pub(super) id: Option<String>,
    pub(super) up: Option<String>,
    pub(super) down: Option<String>,
    pub(super) changes: Vec<Change>,
    #[serde(flatten)]
    pub(super) findings: Findings,
    /// Whether it is a part of a change that is cut in two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phase: Option<&'static str>,
    /// The other part, which comes after the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<Box<Report>>,
}

/// A revision that was generated, and what was found out when it ran.
pub(super) struct Generated {
    pub(super) revision: Revision,
    pub(super) changes: Vec<Change>,
    pub(super) built: Snapshot,
    pub(super) findings: Findings,
}

pub(crate) async fn run(context: &Context, args: &RevisionArgs) -> Result<Outcome, Failure> {
    let graph = context.workspace.graph().map_err(|it| context.workspace_failure(it))?;
    if args.amend {
        return super::amend::run(context, args, &graph).await;
    }
    let message = args.message.as_deref().unwrap_or_default();
    let parents = draft::parents(context, &graph, args.head.as_deref(), args.splice)?;
    let draft = Draft::new(context, &graph, &args.draft)?;
    let header = draft.header(message, parents)?;
    if !args.autogenerate {
        let revision = draft.assembled(header, &Content::ByHand, Some(&Content::ByHand))?;
        draft::place(context, &revision)?;
        return tell(context, &revision, Vec::new(), Findings::default());
    }
    let mut ends = ends(context, &graph, &args.rename).await?;
    if args.phases {
        return super::phases::run(context, args, &draft, header, ends).await;
    }
    let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
    let Ends { from, to, database } = &mut ends;
    let making = Making { graph: &graph, header, assembled: &place };
    let generated = generate(context, args.sample, making, from, to, database).await;
    ends.database.close().await;
    match generated? {
        Some(Generated { revision, changes, built, findings }) => {
            super::beforehand::tell(context, &changes).await;
            draft::place(context, &revision)?;
            let outcome = tell(context, &revision, changes, findings)?;
            draft::remember(context, revision.id(), &built, &ends.to);
            Ok(outcome)
        }
        None => tell_nothing(context),
    }
}

/// What a revision is generated with.
pub(super) struct Making<'a> {
    /// The revisions that have run before it.
    pub(super) graph: &'a Graph,
    pub(super) header: Header,
    /// Puts its texts together, and says where they go.
    pub(super) assembled: &'a dyn Fn(Header, &Content, &Content) -> Result<Revision, Failure>,
}

/// What a generated revision leads between.
pub(super) struct Ends {
    /// What the revisions build.
    pub(super) from: Loaded,
    /// What schema.toml declares.
    pub(super) to: Loaded,
    /// A scratch database on which the revisions have run.
    pub(super) database: ScratchDatabase,
}

/// Runs the revisions on a scratch database, reads schema.toml, and learns what is renamed.
pub(super) async fn ends(
    context: &Context,
    graph: &Graph,
    renames: &[String],
) -> Result<Ends, Failure> {
    let workspace = &context.workspace;
    let declared =
        read_declaration(&context.global.schema).map_err(|it| context.workspace_failure(it))?;
    let mut to =
        workspace.declaration(&declared).await.map_err(|it| context.workspace_failure(it))?;
    // All branches, for the declaration has all of them.
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let (database, snapshot) = workspace
        .replay(graph, &heads, &declared.declaration.schema)
        .await
        .map_err(|it| context.workspace_failure(it))?;
    let from = Loaded::plain(snapshot);
    let (before, after) = (&from.snapshot.schema, &to.snapshot.schema);
    let asked = renames::typed(renames, before, after, &mut to.hints)
        .and_then(|()| renames::ask(context, before, after, &mut to.hints));
    if let Err(failure) = asked {
        database.close().await;
        return Err(failure);
    }
    Ok(Ends { from, to, database })
}

/// Plans both ways and runs them on the scratch database: up must reach the declaration, down must
/// come back. Then they run again with rows in the tables, which are left there.
pub(super) async fn generate(
    context: &Context,
    sample: bool,
    Making { graph, header, assembled }: Making<'_>,
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
    let (up, down) =
        (Content::Plan(context.script(&up_plan)), Content::Plan(context.script(&down_plan)));
    let revision = assembled(header, &up, &down)?;

    let built = tried(context, database, &revision.up).await?;
    let left = workspace.left_between(&built.schema, &fitted(&built, &comparison.sides.to)).await;
    expect_nothing(context, &left, "up does not reach the declaration")?;
    if let Some(down) = &revision.down {
        let back = tried(context, database, down).await?;
        let left = workspace.left_between(&back.schema, &fitted(&back, &from.snapshot)).await;
        expect_nothing(context, &left, "down does not come back")?;
    }

    // Before the lines of the file are told.
    let proof = workspace.proof(graph, &revision, &built.schema);
    let revision = revision.with_proof(proof);

    let touched = touched(&comparison, &up_plan, &from.snapshot);
    let drawn = drawn(context, sample, &touched).await?;
    let files = Files { up: &revision.up, down: revision.down.as_ref() };
    let trial = workspace.try_with_rows(database, &touched, files, &drawn).await;
    let trial = trial.map_err(|it| context.workspace_failure(it))?;
    let up = Written::to(&up_plan, &revision.up);
    let down = revision.down.as_ref().map(|it| Written::to(&down_plan, it));
    let findings = Findings::of(&up, down.as_ref(), Some(&trial));
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

fn expect_nothing(context: &Context, left: &[Change], what: &str) -> Result<(), Failure> {
    if left.is_empty() {
        return Ok(());
    }
    let failure = match &context.workspace.settings().migrations.template {
        Some(template) => {
            let template = template.value.display();
            let message = format!("the generated SQL was not written: within `{template}`, {what}");
            Failure::input(message)
                .hint("the statements of the template must leave the schema as it is")
        }
        None => {
            let message =
                format!("the generated SQL was not written: {what}, which is an error of aludel");
            Failure::new(Kind::Internal, message)
        }
    };
    Err(left.iter().fold(failure, |it, change| it.detail(format!("left over: {change}"))))
}

/// Says what was written.
pub(super) fn tell(
    context: &Context,
    revision: &Revision,
    changes: Vec<Change>,
    findings: Findings,
) -> Result<Outcome, Failure> {
    let text = written(revision, &changes);
    let report = Report::of(revision, changes, findings);
    context.ui.data(&report, &text)?;
    report.findings.tell(context);
    Ok(Outcome::Done)
}

/// Says that there was nothing to write.
pub(super) fn tell_nothing(context: &Context) -> Result<Outcome, Failure> {
    let name = context.global.schema.display();
    let text = format!("no changes: the migrations build what {name} declares\n");
    context.ui.data(&Report::default(), &text)?;
    Ok(Outcome::Done)
}

/// What a revision changes, and its files.
pub(super) fn written(revision: &Revision, changes: &[Change]) -> String {
    let mut text: String = telling(changes).map(|it| format!("{it}\n")).collect();
    let files = [Some(&revision.up), revision.down.as_ref()];
    text.extend(files.into_iter().flatten().map(|it| format!("wrote {}\n", it.path.display())));
    text
}

impl Report {
    pub(super) fn of(revision: &Revision, changes: Vec<Change>, findings: Findings) -> Self {
        Self {
            id: Some(revision.id().to_string()),
            up: Some(revision.up.path.display().to_string()),
            down: revision.down.as_ref().map(|it| it.path.display().to_string()),
            changes,
            findings,
            phase: revision.header.phase.map(Phase::word),
            contract: None,
        }
    }
}
