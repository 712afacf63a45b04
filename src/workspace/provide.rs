//! Provided objects: created in every scratch database before anything else; their statements in
//! existing revisions are skipped.

use std::collections::BTreeSet;

use crate::diff::ours::leave_to_owners;
use crate::diff::provided::align;
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::schema_toml;
use crate::scratch::embedded::EXTENSIONS;
use crate::scratch::{DatabaseSpec, Engine, ScratchDatabase, ScratchError};
use crate::sql_text::ScriptStatement;

use super::declare::{self, RefusedStep, extensions, fresh};
use super::{Loaded, Workspace, WorkspaceError, declaration_files};

impl Workspace {
    /// What the database has before any revision runs, as schema.toml says it. Mistakes in that file
    /// are reported where it is needed as a whole.
    pub fn provided(&self) -> &Provided {
        self.provided.get_or_init(|| {
            let files = declaration_files(&self.declaration).unwrap_or_default();
            schema_toml::provided(&files)
        })
    }

    /// Says what the database has before any revision runs, where no file says it yet. To be called
    /// before anything is compared.
    pub fn provide(&self, provided: Provided) {
        // What was read from a file already counts.
        let _ = self.provided.set(provided);
    }

    /// The objects of schema.toml, if there is one without mistakes.
    #[must_use]
    pub fn declared_schema(&self) -> Option<Schema> {
        let declared = super::read_declaration(&self.declaration).ok()?;
        Some(declared.declaration.schema)
    }

    /// Whether a scratch database can have an extension that nobody asked for.
    #[must_use]
    pub fn can_create_extension(&self, name: &Ident) -> bool {
        self.own_cluster() && EXTENSIONS.contains(&name.as_str())
    }

    /// What either side of a comparison has by others.
    pub(super) fn provided_to(&self, from: &Loaded, to: &Loaded) -> Provided {
        let mut provided = self.provided().clone();
        for declared in [from, to].into_iter().filter_map(|it| it.declared.as_ref()) {
            provided.extend(&declared.declaration.provided);
        }
        provided
    }

    /// What a fresh database has, as far as it is looked at.
    pub(super) fn blank(&self) -> Snapshot {
        let mut snapshot = fresh();
        let scope = self.scope();
        snapshot.schema.retain(|id, _| scope.leaves_out(id).is_none());
        snapshot
    }

    /// What nothing at all has: a fresh database with what is provided.
    pub(super) async fn nothing(&self) -> Result<Snapshot, WorkspaceError> {
        if self.provided().objects.is_empty() {
            return Ok(self.blank());
        }
        let mut database = self.scratch(Vec::new(), self.provided()).await?;
        let snapshot = self.read_back(&mut database, true).await;
        database.close().await;
        let mut snapshot = snapshot?;
        declare::wanted_versions(&mut snapshot.schema, None);
        Ok(snapshot)
    }

    /// Opens a fresh scratch database that has what is provided.
    pub(crate) async fn scratch(
        &self,
        mut names: Vec<String>,
        provided: &Provided,
    ) -> Result<ScratchDatabase, WorkspaceError> {
        let _doing = self.activity.begin("creating a scratch database");
        let engine = self.engine().await?;
        names.extend(extensions(&provided.objects));
        let database = engine.database(&DatabaseSpec { extensions: names }).await?;
        let filled = match fill(&database, provided).await {
            Ok(()) => self.pin_path(&database).await,
            Err(error) => Err(error),
        };
        match filled {
            Ok(()) => Ok(database),
            Err(error) => {
                database.close().await;
                Err(error)
            }
        }
    }

    pub(super) async fn engine(&self) -> Result<&Engine, ScratchError> {
        self.engine.get_or_try_init(|| Engine::start(self.engine_choice())).await
    }

    /// Names are looked for where the project says.
    pub(super) async fn pin_path(&self, database: &ScratchDatabase) -> Result<(), WorkspaceError> {
        let path = self.search_path();
        if *path == SearchPath::default() {
            return Ok(());
        }
        let set = database.run(&format!("SET search_path TO {path}")).await;
        Ok(set.map_err(ScratchError::from)?)
    }

    /// The schemas that the settings name, which are managed whoever owns them.
    #[must_use]
    pub fn named_namespaces(&self) -> BTreeSet<Ident> {
        let named = self.database().namespaces.iter().flat_map(|it| it.iter());
        named.map(|it| Ident::new(it.as_str())).collect()
    }

    /// Makes what is provided no difference, and leaves to others what is theirs.
    pub(super) fn align_provided(
        &self,
        provided: &Provided,
        (from, before): (&Loaded, &mut Snapshot),
        (to, after): (&Loaded, &mut Snapshot),
    ) {
        let (live, other) = match (from.live, to.live) {
            (true, false) => (before, &after.schema),
            (false, true) => (after, &before.schema),
            (true, true) | (false, false) => return,
        };
        leave_to_owners(live, other, &self.named_namespaces());
        if !provided.is_empty() {
            align(&mut live.schema, other, provided);
        }
    }
}

async fn fill(database: &ScratchDatabase, provided: &Provided) -> Result<(), WorkspaceError> {
    for role in &provided.roles {
        match database.ensure_role(role).await {
            // Only what names the role needs it, and is refused by the server then.
            Ok(()) | Err(ScratchError::MissingRole { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if provided.objects.is_empty() {
        return Ok(());
    }
    // What a body names need not be there: of others' things only what is needed is declared.
    let unchecked = "SET check_function_bodies = off";
    database.batch_execute(unchecked).await.map_err(ScratchError::from)?;
    let created =
        declare::create(database, &provided.objects, &Provided::default(), &SearchPath::default())
            .await;
    let checked = "RESET check_function_bodies";
    database.batch_execute(checked).await.map_err(ScratchError::from)?;
    created.map_err(|refused| {
        let RefusedStep { object, refusal } = refused.into_iter().next().expect("a refused step");
        WorkspaceError::Provided { object, refusal }
    })
}

/// Whether a statement creates or drops what is provided, or moves it. A scratch database has it
/// already, and later statements still need it.
pub(super) fn is_about_provided(statement: &ScriptStatement, provided: &Provided) -> bool {
    let kinds = [("EXTENSION", ObjectKind::Extension), ("SCHEMA", ObjectKind::Namespace)];
    kinds.into_iter().any(|(keyword, kind)| {
        let names = statement.subjects(keyword).into_iter();
        names.map(|it| ObjectId::global(kind, it)).any(|it| provided.objects.contains(&it))
    })
}
