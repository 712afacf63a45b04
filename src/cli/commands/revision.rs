//! `aludel revision`: a new revision, by hand or generated, run on a scratch database before it is
//! written.

use serde::Serialize;

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::fingerprint::Fingerprint;
use crate::model::ident::QualifiedName;
use crate::model::snapshot::Snapshot;
use crate::plan::Plan;
use crate::render::revision::Content;
use crate::revision::file::{Header, Phase};
use crate::revision::graph::Graph;
use crate::revision::{Revision, SqlFile};
use crate::workspace::rows::{Drawn, Files, Trial, touched};
use crate::workspace::site::is_rowless;
use crate::workspace::{Built, Comparison, Loaded, Site, read_declaration};

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
    pub(super) built: Built,
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
    let making = Making { graph: &graph, header, assembled: &place };
    let generated = generate(context, args.sample, making, &mut ends).await;
    ends.close_site().await;
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
    /// A scratch database on which the revisions have run, where they had to.
    pub(super) site: Option<Site>,
}

impl Ends {
    /// Ends the scratch database.
    pub(super) async fn close_site(&mut self) {
        if let Some(site) = self.site.take() {
            site.close().await;
        }
    }
}

/// Learns what the revisions build, reads schema.toml, and learns what is renamed.
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
    let failed = |error| context.workspace_failure(error);
    let (from, site) = match workspace.known_history(graph, &heads).await.map_err(failed)? {
        Some(known) => (known, None),
        None => {
            let replayed = workspace.replay(graph, &heads, &declared.declaration.schema).await;
            let (database, snapshot) = replayed.map_err(failed)?;
            (Loaded::plain(snapshot), Some(Site::whole(database)))
        }
    };
    let (before, after) = (&from.snapshot.schema, &to.snapshot.schema);
    let asked = renames::typed(renames, before, after, &mut to.hints)
        .and_then(|()| renames::ask(context, before, after, &mut to.hints));
    let mut ends = Ends { from, to, site };
    if let Err(failure) = asked {
        ends.close_site().await;
        return Err(failure);
    }
    Ok(ends)
}

/// Plans both ways and runs them on a scratch database: up must reach the declaration, down must
/// come back. Then they run again with rows in the tables.
///
/// Where it is known what the revisions build, the database has of it only what the change touches. What
/// does not come about there is tried on the whole.
pub(super) async fn generate(
    context: &Context,
    sample: bool,
    making: Making<'_>,
    Ends { from, to, site: whole }: &mut Ends,
) -> Result<Option<Generated>, Failure> {
    let failed = |error| context.workspace_failure(error);
    let graph = making.graph;
    let Some(planned) = planned(context, making, from, to).await? else { return Ok(None) };
    let drawn = drawn(context, sample, &planned.touched).await?;
    let ground = Ground { graph, from, drawn: &drawn };
    let proved = match whole {
        Some(site) => proved(context, &planned, &ground, site).await?,
        None => match proved_in_part(context, &planned, &ground).await? {
            Some(proved) => proved,
            None => {
                let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
                let replayed = context.workspace.replay(graph, &heads, &to.snapshot.schema).await;
                let site = whole.insert(Site::whole(replayed.map_err(failed)?.0));
                proved(context, &planned, &ground, site).await?
            }
        },
    };
    let Planned { comparison, up, down, .. } = planned;
    let Proved { revision, built, trial } = proved;
    let up = Written::to(&up, &revision.up);
    let down = revision.down.as_ref().map(|it| Written::to(&down, it));
    let findings = Findings::of(&up, down.as_ref(), Some(&trial));
    let Comparison { changes, .. } = comparison;
    Ok(Some(Generated { revision, changes, built, findings }))
}

/// A revision that has not run yet.
struct Planned {
    comparison: Comparison,
    up: Plan,
    down: Plan,
    revision: Revision,
    /// The tables that it is tried with rows in.
    touched: Vec<QualifiedName>,
}

/// What a revision is tried on.
struct Ground<'a> {
    /// The revisions that have run before it.
    graph: &'a Graph,
    /// What they build.
    from: &'a Loaded,
    drawn: &'a Drawn,
}

/// A revision that has run, and what was seen.
struct Proved {
    revision: Revision,
    built: Built,
    trial: Trial,
}

/// Plans both ways; None where nothing differs.
async fn planned(
    context: &Context,
    Making { header, assembled, .. }: Making<'_>,
    from: &Loaded,
    to: &Loaded,
) -> Result<Option<Planned>, Failure> {
    let comparison = context.workspace.compare(from, to).await;
    let comparison = comparison.map_err(|it| context.workspace_failure(it))?;
    context.tell_unverified(&comparison);
    if comparison.changes.is_empty() {
        return Ok(None);
    }
    let failed = |errors: Vec<_>| context.plan_failure(&errors, to.declared.as_ref());
    let up = comparison.up(context.plan_options()).map_err(failed)?;
    let down = comparison.down(context.plan_options()).map_err(failed)?;
    let fingerprint = Some(Fingerprint::of(&comparison.sides.to.schema));
    let contents = [&up, &down].map(|it| Content::Plan(context.script(it)));
    let revision = assembled(Header { fingerprint, ..header }, &contents[0], &contents[1])?;
    let touched = touched(&comparison, &up, &from.snapshot);
    Ok(Some(Planned { comparison, up, down, revision, touched }))
}

/// Runs a revision on what it touches; None where that says nothing.
async fn proved_in_part(
    context: &Context,
    planned: &Planned,
    ground: &Ground<'_>,
) -> Result<Option<Proved>, Failure> {
    let site = context.workspace.site_of(ground.from, &planned.comparison).await;
    let Some(mut site) = site.map_err(|it| context.workspace_failure(it))? else {
        return Ok(None);
    };
    let proved = proved(context, planned, ground, &mut site).await;
    site.close().await;
    // The whole tells whether it is the part that does not do.
    Ok(proved.ok())
}

/// Runs a revision up and down, and once more with rows.
async fn proved(
    context: &Context,
    Planned { comparison, revision, touched, .. }: &Planned,
    ground: &Ground<'_>,
    site: &mut Site,
) -> Result<Proved, Failure> {
    let workspace = &context.workspace;
    let snapshot = tried(context, site, &revision.up).await?;
    let wanted = fitted(&snapshot, &comparison.sides.to);
    let left = workspace.left_between(&snapshot.schema, &wanted).await;
    expect_nothing(context, &left, "up does not reach the declaration")?;
    let rowless = is_rowless(site.database()).await;
    if let Some(down) = &revision.down {
        let back = tried(context, site, down).await?;
        let left =
            workspace.left_between(&back.schema, &fitted(&back, &ground.from.snapshot)).await;
        expect_nothing(context, &left, "down does not come back")?;
    }

    // Before the lines of the file are told.
    let proof = workspace.proof(ground.graph, revision, &snapshot.schema);
    let revision = revision.clone().with_proof(proof);

    let files = Files { up: &revision.up, down: revision.down.as_ref() };
    let trial = workspace.try_with_rows(site.database(), touched, files, ground.drawn).await;
    let trial = trial.map_err(|it| context.workspace_failure(it))?;
    Ok(Proved { revision, built: Built { snapshot, rowless }, trial })
}

async fn tried(context: &Context, site: &mut Site, file: &SqlFile) -> Result<Snapshot, Failure> {
    let reached = context.workspace.run_at(site, file).await.map_err(|error| {
        let mut failure = context.workspace_failure(error);
        failure.message = format!("the generated SQL was not written: {}", failure.message);
        failure.detail(format!("the whole of it:\n\n{}", file.text))
    })?;
    reached.ok_or_else(|| {
        let message = "the generated SQL was not written: it touches more than was planned";
        Failure::new(Kind::Internal, message)
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
