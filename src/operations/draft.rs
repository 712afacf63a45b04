//! A new revision: its position in the graph and on disk, and the hooks that run after its files
//! are written.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::config::ConfigError;
use crate::diagnostic::{Diagnostic, SourceFile};
use crate::render::frame::Frame;
use crate::render::revision::{self, Content};
use crate::revision::file::{Header, Phase, TransactionMode, check_label};
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::revision::target::Target;
use crate::revision::timestamp::Timestamp;
use crate::revision::{Revision, SqlFile};
use crate::revision_files::{paths, write};
use crate::workspace::{Built, Loaded};

use super::Project;
use super::failure::{Failure, Kind};

/// What is said of a new revision beside its message and its statements.
#[derive(Debug, Clone, Default)]
pub struct DraftOptions {
    /// Labels of the branch that it begins.
    pub branch_label: Vec<String>,
    /// Revisions that must be applied before it, beside those that it builds on.
    pub depends_on: Vec<String>,
    /// Its id; a random one where it is left out.
    pub rev_id: Option<String>,
    /// One of the configured folders.
    pub version_path: Option<PathBuf>,
}

/// What a new revision is made with: the graph that it goes into, what was typed, and the project's frame
/// around its files.
pub(super) struct Draft<'a> {
    project: &'a Project,
    pub(super) graph: &'a Graph,
    options: &'a DraftOptions,
    pub(super) frame: Option<Frame>,
}

impl<'a> Draft<'a> {
    /// Reads the frame, if there is one.
    pub(super) fn new(
        project: &'a Project,
        graph: &'a Graph,
        options: &'a DraftOptions,
    ) -> Result<Self, Failure> {
        Ok(Self { project, graph, options, frame: frame(project)? })
    }

    /// The header of a new revision on top of these parents.
    pub(super) fn header(
        &self,
        message: &str,
        parents: Vec<RevisionId>,
    ) -> Result<Header, Failure> {
        let Self { graph, options, .. } = self;
        let id = match &options.rev_id {
            Some(text) => RevisionId::parse(text)
                .map_err(|error| Failure::input(format!("--rev-id: {error}")))?,
            None => random_id()?,
        };
        if graph.get(&id).is_some() {
            return Err(Failure::input(format!("revision `{id}` already exists")));
        }
        if let Some(labelled) = graph.labelled(id.as_str()) {
            return Err(Failure::input(format!("`{id}` is the label of revision `{labelled}`")));
        }
        Ok(Header {
            id,
            message: one_line(message)?,
            created: Some(self.created(&parents)),
            parents,
            labels: labels(graph, options)?,
            depends: depends(graph, options)?,
            variables: Vec::new(),
            transaction: TransactionMode::default(),
            replaces: None,
            phase: None,
            origin: None,
            fingerprint: None,
            allows: Vec::new(),
            proof: None,
        })
    }

    /// When a revision on top of these is made. It is later than they, so that the names of files sort as
    /// the revisions were made.
    fn created(&self, parents: &[RevisionId]) -> Timestamp {
        let parents = parents.iter().filter_map(|it| self.graph.get(it));
        Timestamp::after(now(), parents.filter_map(|it| it.header.created))
    }

    /// The revision with its texts and the places of its files: the folder that was asked for, or that
    /// of its parent, or the first.
    pub(super) fn assembled(
        &self,
        header: Header,
        up: &Content,
        down: Option<&Content>,
    ) -> Result<Revision, Failure> {
        let settings = &self.project.workspace.settings().migrations;
        let folder = match &self.options.version_path {
            Some(path) => configured(path, &settings.directories.value)?,
            None => beside_parent(self.graph, &header)
                .or_else(|| settings.directories.value.first().cloned())
                .unwrap_or_default(),
        };
        let paths = paths(&folder, settings.name.as_str(), &header);
        Ok(self.written(header, paths, up, down))
    }

    /// The header of a second revision, on top of one that is as new as this.
    pub(super) fn successor(&self, first: &Header) -> Result<Header, Failure> {
        let id = match &self.options.rev_id {
            Some(text) => RevisionId::parse(&format!("{text}_{}", Phase::Contract.word()))
                .map_err(|error| Failure::input(format!("--rev-id: {error}")))?,
            None => random_id()?,
        };
        if self.graph.get(&id).is_some() {
            return Err(Failure::input(format!("revision `{id}` already exists")));
        }
        let on = vec![first.id.clone()];
        let (parents, depends) = (on.clone(), on);
        let created = Some(Timestamp::after(now(), first.created));
        let (labels, fingerprint) = (Vec::new(), None);
        Ok(Header {
            id,
            parents,
            depends,
            created,
            labels,
            fingerprint,
            proof: None,
            ..first.clone()
        })
    }

    /// The revisions with a new one.
    pub(super) fn graph_with(&self, new: &Revision) -> Result<Graph, Failure> {
        Graph::new(self.graph.iter().cloned().chain([new.clone()]))
            .map_err(|errors| Failure::input(errors[0].to_string()))
    }

    /// The revision in the folder of another one.
    pub(super) fn beside(
        &self,
        other: &Revision,
        header: Header,
        up: &Content,
        down: Option<&Content>,
    ) -> Revision {
        let folder = other.up.path.parent().unwrap_or(Path::new(""));
        let template = self.project.workspace.settings().migrations.name.as_str();
        let paths = paths(folder, template, &header);
        self.written(header, paths, up, down)
    }

    /// The revision with its texts in these files.
    pub(super) fn written(
        &self,
        header: Header,
        (up_path, down_path): (PathBuf, PathBuf),
        up: &Content,
        down: Option<&Content>,
    ) -> Revision {
        let frame = self.frame.as_ref();
        let up = SqlFile { path: up_path, text: revision::up(&header, up, frame) };
        let down = down.map(|it| SqlFile { path: down_path, text: revision::down(it, frame) });
        Revision { header, up, down }
    }
}

/// A message without white space around it.
pub(super) fn one_line(message: &str) -> Result<String, Failure> {
    if message.trim().is_empty() || message.contains(['\n', '\r']) {
        return Err(Failure::input("the message must be one line of text"));
    }
    Ok(message.trim().to_owned())
}

/// The frame that the project puts around the files of its revisions.
fn frame(project: &Project) -> Result<Option<Frame>, Failure> {
    let Some(template) = &project.workspace.settings().migrations.template else {
        return Ok(None);
    };
    let name = template.value.display().to_string();
    let text = match std::fs::read_to_string(&template.value) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("cannot read the template `{name}`: {error}");
            let Some(place) = template.origin.span() else { return Err(Failure::input(message)) };
            let error = ConfigError::File(Diagnostic::error(place, message));
            return Err(Failure::of_settings(vec![error], &project.configuration));
        }
    };
    let file = SourceFile::new(name, text);
    let frame = Frame::parse(&file).map_err(|mistakes| {
        let errors = mistakes.into_iter().map(ConfigError::File).collect();
        Failure::of_settings(errors, &file)
    })?;
    Ok(Some(frame))
}

fn labels(graph: &Graph, options: &DraftOptions) -> Result<Vec<String>, Failure> {
    for label in &options.branch_label {
        check_label(label).map_err(|error| Failure::input(format!("--branch-label: {error}")))?;
        if let Some(id) = graph.labelled(label) {
            return Err(Failure::input(format!("revision `{id}` already has the label `{label}`")));
        }
        if graph.ids().any(|it| it.as_str() == label) {
            return Err(Failure::input(format!("`{label}` is the id of a revision")));
        }
    }
    Ok(options.branch_label.clone())
}

fn depends(graph: &Graph, options: &DraftOptions) -> Result<Vec<RevisionId>, Failure> {
    let mut ids = Vec::new();
    for text in &options.depends_on {
        let found = named(graph, text)?;
        if found.is_empty() {
            return Err(Failure::input(format!("--depends-on: there is no revision `{text}`")));
        }
        ids.extend(found);
    }
    Ok(ids)
}

/// The revisions that a target names, no database asked.
pub(crate) fn named(graph: &Graph, text: &str) -> Result<Vec<RevisionId>, Failure> {
    let found = Target::parse(text).and_then(|it| graph.find(&it, None));
    Ok(found?)
}

/// The one revision that a target names, no database asked; None for `base`.
pub(crate) fn named_one(graph: &Graph, text: &str) -> Result<Option<RevisionId>, Failure> {
    let found = Target::parse(text).and_then(|it| graph.find_one(&it, None));
    Ok(found?)
}

/// What a new revision builds on: the only head, or what `--head` names.
pub(super) fn parents(
    graph: &Graph,
    head: Option<&str>,
    splice: bool,
) -> Result<Vec<RevisionId>, Failure> {
    let Some(text) = head else {
        let head = graph.head().map_err(|error| {
            let failure = Failure::new(Kind::Input, error.to_string());
            failure.hint(
                "choose the parent of the new revision with `--head REVISION`, or join the heads \
                 with `aludel merge heads`",
            )
        })?;
        return Ok(head.into_iter().cloned().collect());
    };
    let parent = named_one(graph, text)?;
    if let Some(parent) = &parent
        && !splice
        && graph.children(parent).next().is_some()
    {
        let failure = Failure::input(format!("revision `{parent}` is not a head"));
        return Err(failure.hint("to start a new branch there: --splice"));
    }
    Ok(parent.into_iter().collect())
}

fn beside_parent(graph: &Graph, header: &Header) -> Option<PathBuf> {
    let parent = graph.get(header.parents.first()?)?;
    parent.up.path.parent().map(Path::to_owned)
}

/// A folder that the next command will read, too.
fn configured(path: &Path, directories: &[PathBuf]) -> Result<PathBuf, Failure> {
    let plain = |it: &Path| it.strip_prefix(".").unwrap_or(it).components().collect::<PathBuf>();
    if let Some(it) = directories.iter().find(|it| plain(it) == plain(path)) {
        return Ok(it.clone());
    }
    let known: Vec<_> = directories.iter().map(|it| format!("`{}`", it.display())).collect();
    let message = format!("--version-path: `{}` is not a directory of revisions", path.display());
    Err(Failure::input(message)
        .detail(format!("the directories are {}", known.join(", ")))
        .hint("add it to `[migrations] directory` in aludel.toml"))
}

/// Writes the files.
pub(super) fn place(project: &Project, revision: &Revision) -> Result<(), Failure> {
    write(revision)?;
    super::hooks::post_write(project, revision)
}

/// Keeps what was found out about a revision that has been written, and that it leads to what is declared.
pub(super) fn remember(project: &Project, new: &RevisionId, built: &Built, to: &Loaded) {
    if let Err(error) = project.workspace.remember(new, built, to) {
        project.warning(&format!("cannot write the proof of schema.toml: {error}"));
    }
}

fn random_id() -> Result<RevisionId, Failure> {
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::new(Kind::Internal, format!("cannot get random numbers: {error}"))
    })?;
    Ok(RevisionId::from_random(bytes))
}

/// The seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}
