//! What operations work on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use crate::config::{DatabasePlace, FILE_NAME, Flags, Settings};
use crate::connection::surroundings::Process;
use crate::diagnostic::SourceFile;
use crate::model::provided::Provided;
use crate::plan::{Plan, PlanOptions};
use crate::render::revision::Script;
use crate::workspace::{Comparison, Workspace};

use super::failure::Failure;
use super::host::{Host, Message, Silent};

/// The name of a declaration.
const DECLARATION: &str = "schema.toml";

/// The configuration, the declaration and the revisions of the current folder, with the database that is
/// configured.
pub struct Project {
    pub(super) workspace: Workspace,
    /// The declaration.
    pub(super) schema: PathBuf,
    /// The text of the configuration file, for mistakes that are found later.
    pub(super) configuration: SourceFile,
    host: Arc<dyn Host>,
    /// Set when a run is to stop after its statement.
    pub(super) stop: Option<watch::Receiver<bool>>,
}

impl Project {
    /// The project of the current folder: `aludel.toml`, if there is one, `schema.toml`, and the
    /// environment, as the command line reads them.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn open() -> Result<Self, Failure> {
        let configuration = configuration(Path::new(FILE_NAME))?;
        let settings = Settings::resolve(&configuration, &Flags::default(), &Process)
            .map_err(|errors| Failure::of_settings(errors, &configuration))?;
        Ok(Self::new(settings, configuration, DECLARATION))
    }

    /// A project with settings that are known already, the file that they were read from, and the path of
    /// its declaration.
    pub fn new(settings: Settings, configuration: SourceFile, schema: impl Into<PathBuf>) -> Self {
        let schema = schema.into();
        let workspace = Workspace::new(settings, &schema);
        Self { workspace, schema, configuration, host: Arc::new(Silent), stop: None }
    }

    /// Tells a host what happens, and asks it.
    #[must_use]
    pub fn hosted_by(self, host: impl Host + 'static) -> Self {
        Self { host: Arc::new(host), ..self }
    }

    /// Runs of revisions stop in an orderly way once this is true: the statement that runs is cancelled,
    /// and the ledger is told.
    #[must_use]
    pub fn stopped_by(self, stop: watch::Receiver<bool>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// The sources, scratch databases and cache that it works with.
    #[must_use]
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The path of the declaration.
    #[must_use]
    pub fn schema(&self) -> &Path {
        &self.schema
    }

    /// The same, with more known of what the database has by others.
    pub(super) fn providing(&self, provided: Provided) -> Self {
        let workspace = Workspace::new(self.workspace.settings().clone(), &self.schema);
        workspace.provide(provided);
        Self {
            workspace,
            schema: self.schema.clone(),
            configuration: self.configuration.clone(),
            host: Arc::clone(&self.host),
            stop: self.stop.clone(),
        }
    }

    /// The same with other settings.
    pub(super) fn with_settings(&self, settings: Settings) -> Self {
        Self {
            workspace: Workspace::new(settings, &self.schema),
            schema: self.schema.clone(),
            configuration: self.configuration.clone(),
            host: Arc::clone(&self.host),
            stop: self.stop.clone(),
        }
    }

    /// The SQL of a plan.
    pub(super) fn script(&self, plan: &Plan) -> Script {
        Script::new(plan).on(self.workspace.search_path())
    }

    pub(super) fn plan_options(&self) -> PlanOptions {
        PlanOptions { online: self.workspace.settings().plan.online.value }
    }

    pub(crate) fn tell(&self, message: &Message<'_>) {
        self.host.tell(message);
    }

    pub(crate) fn note(&self, text: &str) {
        self.tell(&Message::Note(text));
    }

    pub(crate) fn warning(&self, text: &str) {
        self.tell(&Message::Warning(text));
    }

    pub(crate) fn hint(&self, text: &str) {
        self.tell(&Message::Hint(text));
    }

    pub(super) fn confirm(&self, question: &str) -> Result<Option<bool>, Failure> {
        self.host
            .confirm(question)
            .map_err(|it| Failure::input(format!("cannot read the answer: {it}")))
    }

    /// Warns where a difference may be one of wording only.
    pub(super) fn tell_unverified(&self, comparison: &Comparison) {
        if let Some(reason) = &comparison.unverified {
            self.warning(&format!("some differences may be purely textual: {reason}"));
            self.hint(
                "for an exact comparison: --dev-url with a server of the same version and \
                          extensions",
            );
        }
    }

    /// Says it when the database is the embedded one, which nobody named.
    pub(crate) fn tell_place(&self) {
        if let DatabasePlace::Embedded(path) = &self.workspace.database().place.value {
            self.note(&format!(
                "no database is configured: using the embedded one in {}",
                path.display()
            ));
        }
    }
}

/// The configuration file; the usual one need not exist.
///
/// # Errors
/// When it cannot be read.
pub fn configuration(path: &Path) -> Result<SourceFile, Failure> {
    let name = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(SourceFile::new(name, text)),
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && path == Path::new(FILE_NAME) =>
        {
            Ok(SourceFile::new(name, String::new()))
        }
        Err(error) => Err(Failure::input(format!("cannot read `{name}`: {error}"))),
    }
}
