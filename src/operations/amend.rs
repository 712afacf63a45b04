//! The last revision generated again, before any database has it.

use std::path::PathBuf;

use crate::config::DatabasePlace;
use crate::render::revision::Content;
use crate::revision::Revision;
use crate::revision::file::{Header, TransactionMode};
use crate::revision::graph::Graph;
use crate::revision_files::{WriteError, paths, remove, replace_all};

use super::Project;
use super::draft::{self, Draft};
use super::failure::Failure;
use super::revision::{Generated, Making, RevisionOptions, RevisionReport, ends, generate};
use super::{beforehand, hooks, ledger};

impl Project {
    /// Generates the last revision again, in its place, from what the revisions before it build.
    ///
    /// # Errors
    /// As [`Project::autogenerate`]; also when the configured database has it, others build on it, or it was
    /// edited by hand.
    pub async fn amend(&self, options: &RevisionOptions) -> Result<RevisionReport, Failure> {
        let graph = self.workspace.graph()?;
        let old = last(&graph, options.head.as_deref())?;
        expect_generated(old)?;
        expect_unapplied(self, old).await?;
        let others = graph.iter().filter(|it| it.id() != old.id()).cloned();
        let others = Graph::new(others).map_err(|errors| Failure::input(errors[0].to_string()))?;
        let draft = Draft::new(self, &others, &options.draft)?;
        let message = options.message.as_deref().map(draft::one_line).transpose()?;
        let header = Header {
            message: message.unwrap_or_else(|| old.header.message.clone()),
            fingerprint: None,
            proof: None,
            ..old.header.clone()
        };
        let files = files(self, old, &header)?;
        let place = |header, up: &Content, down: &Content| {
            let down = old.down.is_some().then_some(down);
            Ok(draft.written(header, files.clone(), up, down))
        };
        let mut ends = Box::pin(ends(self, &others, options)).await?;
        let making = Making { graph: &others, header, assembled: &place };
        let generated = Box::pin(generate(self, options.terms(), making, &mut ends)).await;
        ends.close_site().await;
        let Some(generated) = generated? else {
            return Err(empty(self, old));
        };
        let Generated { revision, changes, built, .. } = &generated;
        beforehand::tell(self, changes).await;
        replace_all(std::slice::from_ref(revision))?;
        remove(&[old], revision)?;
        hooks::post_write(self, revision)?;
        draft::remember(self, revision.id(), built, &ends.to);
        Ok(generated.report())
    }
}

/// The revision that is generated again: the only head, or the one that is named.
fn last<'g>(graph: &'g Graph, head: Option<&str>) -> Result<&'g Revision, Failure> {
    let id = match head {
        Some(text) => draft::named_one(graph, text)?,
        None => {
            let head = graph.head().map_err(|error| {
                let failure = Failure::input(error.to_string());
                failure.hint("choose the one to regenerate: `--head REVISION`")
            })?;
            head.cloned()
        }
    };
    let revision = id.and_then(|it| graph.get(&it));
    let revision = revision.ok_or_else(|| Failure::input("no revision to amend"))?;
    let id = revision.id();
    if let Some(child) = graph.children(id).chain(graph.dependents(id)).next() {
        let failure = Failure::input(format!("revision `{child}` revises `{id}`"));
        return Err(failure.hint(AS_A_NEW_ONE));
    }
    Ok(revision)
}

/// What to do where a revision has to stay as it is.
const AS_A_NEW_ONE: &str =
    "create a new revision for the new changes: aludel revision --autogenerate -m \"…\"";

/// Only what aludel has written can it write again.
fn expect_generated(old: &Revision) -> Result<(), Failure> {
    let Header { fingerprint, variables, transaction, origin, replaces, .. } = &old.header;
    let reason = if replaces.is_some() {
        "it replaces others (`Replaces` in its header)"
    } else if origin.is_some() || fingerprint.is_none() {
        "it was not generated: its header has no `Schema`"
    } else if !variables.is_empty() {
        "it was edited by hand: its header has `Variables`"
    } else if *transaction != TransactionMode::default() {
        "it was edited by hand: its header has `Transaction`"
    } else {
        return Ok(());
    };
    let failure = Failure::input(format!("revision `{}` cannot be amended: {reason}", old.id()));
    Err(failure.hint(format!("edit its files, or {AS_A_NEW_ONE}")))
}

/// The configured database, if there is one, must not have it.
async fn expect_unapplied(project: &Project, old: &Revision) -> Result<(), Failure> {
    let is_there = match &project.workspace.database().place.value {
        DatabasePlace::Server(_) => true,
        DatabasePlace::Embedded(folder) => folder.exists(),
    };
    if !is_there {
        return Ok(());
    }
    let applied = ledger::read(project).await?;
    let Some(row) = applied.get(old.id()) else { return Ok(()) };
    let id = old.id();
    let state = row.state.as_str();
    let failure = Failure::input(format!("the database already has revision `{id}` ({state})"));
    let before = match old.header.parents.first() {
        Some(parent) => parent.to_string(),
        None => "base".to_owned(),
    };
    Err(match old.down.is_some() {
        true => failure
            .hint(format!("to revert it there: `aludel downgrade {before}`"))
            .hint(format!("or {AS_A_NEW_ONE}")),
        false => failure.hint(AS_A_NEW_ONE),
    })
}

/// Its files: those that it has, unless their name has the message in it, and that changes.
fn files(
    project: &Project,
    old: &Revision,
    header: &Header,
) -> Result<(PathBuf, PathBuf), Failure> {
    let template = project.workspace.settings().migrations.name.as_str();
    let folder = old.up.path.parent().unwrap_or(std::path::Path::new(""));
    let is_renamed = template.contains("{slug}") && header.message != old.header.message;
    if !is_renamed {
        let (_, down) = paths(folder, template, header);
        let down = old.down.as_ref().map_or(down, |it| it.path.clone());
        return Ok((old.up.path.clone(), down));
    }
    let (up, down) = paths(folder, template, header);
    let own = [Some(&old.up), old.down.as_ref()].into_iter().flatten();
    let own: Vec<&PathBuf> = own.map(|it| &it.path).collect();
    let taken = [&up, &down].into_iter().find(|it| it.exists() && !own.contains(it)).cloned();
    match taken {
        Some(path) => Err(WriteError::Exists { path }.into()),
        None => Ok((up, down)),
    }
}

/// Without it, nothing differs.
fn empty(project: &Project, old: &Revision) -> Failure {
    let declaration = project.schema.display();
    let message = format!(
        "revision `{}` would be empty: without it the migrations build what {declaration} declares",
        old.id()
    );
    let files = [Some(&old.up), old.down.as_ref()].into_iter().flatten();
    let files: Vec<String> = files.map(|it| it.path.display().to_string()).collect();
    Failure::input(message).hint(format!("delete its files: rm {}", files.join(" ")))
}
