//! An intermediate schema, created on PostgreSQL: nobody declared it, so only that shows whether it
//! is valid.

use crate::diff::privileges;
use crate::model::Schema;
use crate::model::search_path::SearchPath;

use super::{Loaded, Omitted, Workspace, WorkspaceError, declare};

impl Workspace {
    /// Makes a schema that lies between two sources on a scratch database.
    ///
    /// # Errors
    /// What PostgreSQL refuses of it.
    pub async fn between(
        &self,
        wanted: &Schema,
        from: &Loaded,
        to: &Loaded,
    ) -> Result<Loaded, WorkspaceError> {
        let mut wanted = wanted.clone();
        if !(from.privileges || to.privileges || self.sources.database().grants.value) {
            privileges::forget(&mut wanted);
        }
        let provided = self.sources.provided_to(from, to);
        let mut database = self.bench.scratch(declare::extensions(&wanted), &provided).await?;
        let created = declare::create(&database, &wanted, &provided, &SearchPath::default()).await;
        let snapshot = self.bench.settled(&mut database, &wanted, created.is_ok()).await;
        database.close().await;
        if let Some(first) = created.err().and_then(|it| it.into_iter().next()) {
            let (object, refusal) = (first.object, first.refusal);
            return Err(WorkspaceError::Between { object, refusal });
        }
        let mut snapshot = snapshot?;
        declare::kept(&mut snapshot.schema, &wanted);
        let (hints, declared) = (to.hints.clone(), to.declared.clone());
        let (privileges, omitted) = (to.privileges, Omitted::default());
        Ok(Loaded { snapshot, hints, declared, settled: true, live: false, privileges, omitted })
    }
}
