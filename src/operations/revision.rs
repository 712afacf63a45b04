//! A new revision, by hand or generated, run on a scratch database before it is written.

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
use crate::revision::loss::Losses;
use crate::revision::{Revision, SqlFile};
use crate::scratch::ScratchError;
use crate::sql_text::line_ends;
use crate::workspace::losses::{Holders, Lost};
use crate::workspace::rows::{Drawn, Files, Trial, touched};
use crate::workspace::site::is_rowless;
use crate::workspace::{Built, Comparison, Loaded, Site, WorkspaceError, read_declaration};

use super::Project;
use super::consent::{self, DataLoss};
use super::diff::{Step, steps};
use super::draft::{self, Draft, DraftOptions};
use super::failure::{Failure, Kind};
use super::findings::{Findings, Written, drawn};
use super::renames;

/// What a new revision is to be.
#[derive(Debug, Clone, Default)]
pub struct RevisionOptions {
    /// What it says; an amended one keeps its own where this is left out.
    pub message: Option<String>,
    /// Renames, each as `OLD=NEW`.
    pub rename: Vec<String>,
    /// Objects that are dropped and not renamed, although a new one looks like them.
    pub no_rename: Vec<String>,
    /// Whether the rows that it is tried with are drawn from the configured database.
    pub sample: bool,
    /// Whether it may lose data: its header says so then.
    pub data_loss: DataLoss,
    /// The revision that it builds on; the only head, where this is left out.
    pub head: Option<String>,
    /// Whether that may be one that others build on: it begins a branch there.
    pub splice: bool,
    /// What else is said of it.
    pub draft: DraftOptions,
}

/// A revision that has been written. All is empty where nothing differed.
#[derive(Debug, Default, Serialize)]
pub struct RevisionReport {
    /// Its id.
    pub id: Option<String>,
    /// The file that applies it.
    pub up: Option<String>,
    /// The file that reverts it.
    pub down: Option<String>,
    /// What it changes.
    pub changes: Vec<Change>,
    /// The statements that apply it, in their order.
    pub steps: Vec<Step>,
    /// The statements that revert it.
    pub down_steps: Vec<Step>,
    /// What may fail and what is lost.
    #[serde(flatten)]
    pub findings: Findings,
    /// Whether it is a part of a change that is cut in two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<&'static str>,
    /// The other part, which comes after the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<Box<RevisionReport>>,
}

/// How a generated revision is tried, and what it may do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// Whether rows are drawn from the configured database.
    pub(super) sample: bool,
    /// Whether it may lose data.
    pub(super) data_loss: DataLoss,
}

impl RevisionOptions {
    pub(super) fn terms(&self) -> Terms {
        Terms { sample: self.sample, data_loss: self.data_loss }
    }
}

/// A revision that was generated, and what was found out when it ran.
pub(super) struct Generated {
    pub(super) revision: Revision,
    pub(super) changes: Vec<Change>,
    pub(super) built: Built,
    findings: Findings,
    steps: [Vec<Step>; 2],
}

impl Generated {
    pub(super) fn report(self) -> RevisionReport {
        let Self { revision, changes, findings, steps: [steps, down_steps], .. } = self;
        RevisionReport { changes, findings, steps, down_steps, ..RevisionReport::of(&revision) }
    }
}

impl Project {
    /// Writes a revision whose statements are to be written by hand.
    ///
    /// # Errors
    /// When it has no place in the graph, or its files cannot be written.
    pub fn revision(&self, options: &RevisionOptions) -> Result<RevisionReport, Failure> {
        let graph = self.workspace.graph()?;
        let draft = Draft::new(self, &graph, &options.draft)?;
        let header = header(&draft, options)?;
        let revision = draft.assembled(header, &Content::ByHand, Some(&Content::ByHand))?;
        draft::place(self, &revision)?;
        Ok(RevisionReport::of(&revision))
    }

    /// Writes a revision that leads from what the revisions build to what schema.toml declares. It has run
    /// up, down and with rows in the tables. Nothing is written where nothing differs.
    ///
    /// # Errors
    /// What is wrong with the declaration or the revisions, changes that need a decision, and SQL that did
    /// not run.
    pub async fn autogenerate(&self, options: &RevisionOptions) -> Result<RevisionReport, Failure> {
        let graph = self.workspace.graph()?;
        let draft = Draft::new(self, &graph, &options.draft)?;
        let header = header(&draft, options)?;
        let mut ends = Box::pin(ends(self, &graph, options)).await?;
        let place = |header, up: &Content, down: &Content| draft.assembled(header, up, Some(down));
        let making = Making { graph: &graph, header, assembled: &place };
        let generated = Box::pin(generate(self, options.terms(), making, &mut ends)).await;
        ends.close_site().await;
        let Some(generated) = generated? else {
            return Ok(RevisionReport::default());
        };
        let Generated { revision, changes, built, .. } = &generated;
        super::beforehand::tell(self, changes).await;
        draft::place(self, revision)?;
        draft::remember(self, revision.id(), built, &ends.to);
        Ok(generated.report())
    }
}

/// The header of a new revision in its place.
pub(super) fn header(draft: &Draft<'_>, options: &RevisionOptions) -> Result<Header, Failure> {
    let parents = draft::parents(draft.graph, options.head.as_deref(), options.splice)?;
    draft.header(options.message.as_deref().unwrap_or_default(), parents)
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
    project: &Project,
    graph: &Graph,
    options: &RevisionOptions,
) -> Result<Ends, Failure> {
    let workspace = &project.workspace;
    let declared = read_declaration(&project.schema)?;
    let mut to = workspace.declaration(&declared).await?;
    // All branches, for the declaration has all of them.
    let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
    let (from, site) = match workspace.known_history(graph, &heads).await? {
        Some(known) => (known, None),
        None => {
            let replayed = workspace.replay(graph, &heads, &declared.declaration.schema).await;
            let (database, snapshot) = replayed?;
            (Loaded::plain(snapshot), Some(Site::whole(database)))
        }
    };
    let (before, after) = (&from.snapshot.schema, &to.snapshot.schema);
    let asked = renames::typed(&options.rename, before, after, &mut to.hints)
        .and_then(|()| renames::decide(project, before, after, &options.no_rename, &mut to.hints));
    let mut ends = Ends { from, to, site };
    if let Err(failure) = asked {
        ends.close_site().await;
        return Err(failure);
    }
    Ok(ends)
}

/// Plans both ways and runs them on a scratch database: up must reach the declaration, down must
/// be restored. Then they run again with rows in the tables.
///
/// Where it is known what the revisions build, the database has of it only what the change touches. What
/// does not come about there is tried on the whole.
pub(super) async fn generate(
    project: &Project,
    terms: Terms,
    making: Making<'_>,
    Ends { from, to, site: whole }: &mut Ends,
) -> Result<Option<Generated>, Failure> {
    let graph = making.graph;
    let Some(planned) = planned(project, making, from, to).await? else { return Ok(None) };
    let drawn = drawn(project, terms.sample, &planned.touched).await?;
    let ground = Ground { from, drawn: &drawn };
    let proved = match whole {
        Some(site) => proved(project, &planned, &ground, site).await?,
        None => match proved_in_part(project, &planned, &ground).await? {
            Some(proved) => proved,
            None => {
                let heads: Vec<_> = graph.heads().into_iter().cloned().collect();
                let replayed = project.workspace.replay(graph, &heads, &to.snapshot.schema).await;
                let site = whole.insert(Site::whole(replayed?.0));
                proved(project, &planned, &ground, site).await?
            }
        },
    };
    let Consented { revision, built, trial } =
        consented(project, terms, graph, &planned.up, proved)?;
    let Planned { comparison, up, down, .. } = planned;
    let steps = [steps(&up), steps(&down)];
    let up = Written::to(&up, &revision.up);
    let down = revision.down.as_ref().map(|it| Written::to(&down, it));
    let findings = Findings::of(&up, down.as_ref(), Some(&trial));
    let Comparison { changes, .. } = comparison;
    Ok(Some(Generated { revision, changes, built, findings, steps }))
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
    /// What the revisions before it build.
    from: &'a Loaded,
    drawn: &'a Drawn,
}

/// A revision that has run, and what was seen.
struct Proved {
    revision: Revision,
    built: Built,
    /// What the catalog tells of what its files lose, up and down.
    lost: [Lost; 2],
    trial: Trial,
    /// Of the down file, where only rows can tell what it loses.
    trial_of_down: Option<Trial>,
}

/// Plans both ways; None where nothing differs.
async fn planned(
    project: &Project,
    Making { header, assembled, .. }: Making<'_>,
    from: &Loaded,
    to: &Loaded,
) -> Result<Option<Planned>, Failure> {
    let comparison = project.workspace.compare(from, to).await?;
    project.tell_unverified(&comparison);
    if comparison.changes.is_empty() {
        return Ok(None);
    }
    let failed = |errors: Vec<_>| Failure::of_plan(&errors, to.declared.as_ref());
    let up = comparison.up(project.plan_options()).map_err(failed)?;
    let down = comparison.down(project.plan_options()).map_err(failed)?;
    let fingerprint = Some(Fingerprint::of(&comparison.sides.to.schema));
    let contents = [&up, &down].map(|it| Content::Plan(project.script(it)));
    let revision = assembled(Header { fingerprint, ..header }, &contents[0], &contents[1])?;
    let touched = touched(&comparison, &up, &from.snapshot);
    Ok(Some(Planned { comparison, up, down, revision, touched }))
}

/// Runs a revision on what it touches; None where that says nothing.
async fn proved_in_part(
    project: &Project,
    planned: &Planned,
    ground: &Ground<'_>,
) -> Result<Option<Proved>, Failure> {
    let site = project.workspace.site_of(ground.from, &planned.comparison).await;
    let Some(mut site) = site? else {
        return Ok(None);
    };
    let proved = proved(project, planned, ground, &mut site).await;
    site.close().await;
    // The whole tells whether it is the part that does not do.
    Ok(proved.ok())
}

/// Runs a revision up and down, and once more with rows.
async fn proved(
    project: &Project,
    Planned { comparison, revision, touched, .. }: &Planned,
    ground: &Ground<'_>,
    site: &mut Site,
) -> Result<Proved, Failure> {
    let workspace = &project.workspace;
    let mut lost = <[Lost; 2]>::default();
    let before = holders(site).await?;
    let snapshot = tried(project, site, &revision.up).await?;
    let between = holders(site).await?;
    lost[0] = before.lost(&between, &revision.up.text);
    let wanted = fitted(&snapshot, &comparison.sides.to);
    let left = workspace.left_between(&snapshot.schema, &wanted).await;
    expect_nothing(project, &left, "up does not result in the declared schema")?;
    let rowless = is_rowless(site.database()).await;
    if let Some(down) = &revision.down {
        let back = tried(project, site, down).await?;
        lost[1] = between.lost(&holders(site).await?, &down.text);
        let left =
            workspace.left_between(&back.schema, &fitted(&back, &ground.from.snapshot)).await;
        expect_nothing(project, &left, "down does not restore the previous schema")?;
    }

    let files = Files { up: &revision.up, down: revision.down.as_ref() };
    let trial = workspace.try_with_rows(site.database(), touched, files, ground.drawn).await?;
    let open = lost[1].open();
    let trial_of_down = match revision.down.as_ref().filter(|_| !open.is_empty()) {
        Some(down) => {
            let files = Files { up: down, down: None };
            Some(workspace.try_with_rows(site.database(), &open, files, ground.drawn).await?)
        }
        None => None,
    };
    let (revision, built) = (revision.clone(), Built { snapshot, rowless });
    Ok(Proved { revision, built, lost, trial, trial_of_down })
}

async fn holders(site: &Site) -> Result<Holders, Failure> {
    let holders = Holders::of(site.database()).await;
    Ok(holders.map_err(|it| WorkspaceError::from(ScratchError::from(it)))?)
}

/// A revision with its consent and its proof.
struct Consented {
    revision: Revision,
    built: Built,
    trial: Trial,
}

/// A revision that may lose what it loses, with that in its header, and its proof.
fn consented(
    project: &Project,
    terms: Terms,
    graph: &Graph,
    plan: &Plan,
    proved: Proved,
) -> Result<Consented, Failure> {
    let Proved { revision, built, lost: [up, down], mut trial, trial_of_down } = proved;
    let mut losses = Losses {
        up: up.with_rows(&trial),
        down: match trial_of_down {
            Some(trial) => down.with_rows(&trial),
            None => down.all(),
        },
    };
    losses.up.extend(consent::planned(plan));
    losses.up.sort();
    losses.up.dedup();
    consent::to_write(project, &revision, &losses.up, terms.data_loss)?;
    let before = line_ends(&revision.up.text);
    let revision = revision.allowing(losses.up.clone());
    let proof = project.workspace.proof(graph, &revision, &built.snapshot.schema, &losses);
    let revision = revision.with_proof(proof);
    // The lines of its header have pushed down what was refused.
    trial.push_down(line_ends(&revision.up.text) - before);
    Ok(Consented { revision, built, trial })
}

async fn tried(project: &Project, site: &mut Site, file: &SqlFile) -> Result<Snapshot, Failure> {
    let reached = project.workspace.run_at(site, file).await.map_err(|error| {
        let mut failure = Failure::from(error);
        failure.message =
            format!("nothing was written: the generated SQL fails its test: {}", failure.message);
        failure.detail(format!("the complete SQL:\n\n{}", file.text))
    })?;
    reached.ok_or_else(|| {
        let message = "nothing was written: the generated SQL changes more objects than planned";
        Failure::new(Kind::Internal, message)
    })
}

fn expect_nothing(project: &Project, left: &[Change], what: &str) -> Result<(), Failure> {
    if left.is_empty() {
        return Ok(());
    }
    let failure = match &project.workspace.settings().migrations.template {
        Some(template) => {
            let template = template.value.display();
            let message = format!("nothing was written: with the template `{template}`, {what}");
            Failure::input(message)
                .hint("the statements of the template must not change the schema")
        }
        None => {
            let message = format!(
                "nothing was written: the generated SQL is wrong: {what}; this is a bug in \
                         aludel"
            );
            Failure::new(Kind::Internal, message)
        }
    };
    Err(left
        .iter()
        .fold(failure, |it, change| it.detail(format!("remaining difference: {change}"))))
}

impl RevisionReport {
    /// Of a revision about whose statements nothing is known.
    fn of(revision: &Revision) -> Self {
        Self {
            id: Some(revision.id().to_string()),
            up: Some(revision.up.path.display().to_string()),
            down: revision.down.as_ref().map(|it| it.path.display().to_string()),
            phase: revision.header.phase.map(Phase::word),
            ..Self::default()
        }
    }
}
