//! A declaration becomes a snapshot: from the cache, from the previous declaration, or created on a
//! scratch database.

use crate::diff::privileges::declares_privileges;
use crate::diff::{attached, not_nulls};
use crate::model::Schema;
use crate::model::snapshot::Snapshot;
use crate::schema_toml::Declaration;

use super::bench::Bench;
use super::sources::Sources;
use super::{Declared, Loaded, Workspace, WorkspaceError, declare};

impl Workspace {
    /// Creates a declaration on PostgreSQL, unless the result is known.
    ///
    /// # Errors
    /// Every object that it refuses, at its place in the declaration.
    pub async fn declaration(&self, declared: &Declared) -> Result<Loaded, WorkspaceError> {
        self.sources.check_scope(declared)?;
        self.identify().await?;
        let key = self.kept.declaration_key(declared);
        let snapshot = match key.as_ref().and_then(|it| self.kept.cache.get(it)) {
            Some(snapshot) => snapshot,
            None => {
                let snapshot = self.created(declared).await?;
                self.kept.keep(key.as_ref(), &snapshot);
                self.kept.note_last(declared);
                snapshot
            }
        };
        let hints = declared.declaration.hints.clone();
        let privileges = declares_privileges(&declared.declaration.schema);
        let declared = Some(declared.clone());
        Ok(Loaded { hints, declared, settled: true, privileges, ..Loaded::plain(snapshot) })
    }

    /// Creates a complete declaration on PostgreSQL, whatever is known of it or of the one before.
    ///
    /// # Errors
    /// As [`Workspace::declaration`].
    pub async fn declaration_complete(
        &self,
        declared: &Declared,
    ) -> Result<Schema, WorkspaceError> {
        self.sources.check_scope(declared)?;
        self.identify().await?;
        let snapshot = completed(declared, self.bench.create(declared).await?)?;
        self.kept.keep(self.kept.declaration_key(declared).as_ref(), &snapshot);
        self.kept.note_last(declared);
        Ok(snapshot.schema)
    }

    /// The objects of a declaration, as [`Workspace::declaration`] has them.
    ///
    /// # Errors
    /// As there.
    pub async fn declaration_schema(&self, declared: &Declared) -> Result<Schema, WorkspaceError> {
        self.sources.check_scope(declared)?;
        self.identify().await?;
        match self.kept.schema(self.kept.declaration_key(declared)).await {
            Some(schema) => Ok(schema),
            None => Ok(self.declaration(declared).await?.snapshot.schema),
        }
    }

    /// What the engine makes of a declaration, and what it does not keep of it.
    async fn created(&self, declared: &Declared) -> Result<Snapshot, WorkspaceError> {
        let changed = match self.kept.last_declaration() {
            Some(last) => self.bench.create_changed(declared, &last).await?,
            None => None,
        };
        let snapshot = match changed {
            Some(snapshot) => snapshot,
            None => self.bench.create(declared).await?,
        };
        completed(declared, snapshot)
    }
}

impl Bench {
    /// Creates a complete declaration on a scratch database.
    async fn create(&self, declared: &Declared) -> Result<Snapshot, WorkspaceError> {
        let Declaration { schema: wanted, provided, .. } = &declared.declaration;
        let mut database = self.scratch(declare::extensions(wanted), provided).await?;
        let doing = self.sources.activity.begin("creating the declaration in a scratch database");
        let path = self.sources.search_path();
        let created = declare::create(&database, wanted, provided, path).await;
        let snapshot = self.settled(&mut database, wanted, created.is_ok()).await;
        drop(doing);
        database.close().await;
        if let Err(refused) = created {
            let diagnostics = declare::diagnose(&declared.declaration, refused);
            return Err(WorkspaceError::Declaration { diagnostics, files: declared.files.clone() });
        }
        snapshot
    }
}

impl Sources {
    /// What is declared has to be among what is looked at, or no revision would ever have it.
    fn check_scope(&self, declared: &Declared) -> Result<(), WorkspaceError> {
        let diagnostics = declare::out_of_scope(&declared.declaration, &self.scope());
        if diagnostics.is_empty() {
            return Ok(());
        }
        Err(WorkspaceError::Declaration { diagnostics, files: declared.files.clone() })
    }
}

/// What an engine made of a declaration, with what it does not keep of it.
fn completed(declared: &Declared, mut snapshot: Snapshot) -> Result<Snapshot, WorkspaceError> {
    let unmade = declare::unmade(&declared.declaration, &snapshot.schema);
    if !unmade.is_empty() {
        let files = declared.files.clone();
        return Err(WorkspaceError::Declaration { diagnostics: unmade, files });
    }
    let wanted = &declared.declaration.schema;
    declare::wanted_versions(&mut snapshot.schema, Some(wanted));
    not_nulls::carry_over(&mut snapshot.schema, wanted);
    attached::carry_over(&mut snapshot.schema, wanted);
    Ok(snapshot)
}
