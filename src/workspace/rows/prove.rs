//! Runs the SQL between two schemas on databases with the first of them.

use crate::diff::Change;
use crate::diff::not_nulls::fitted;
use crate::model::ident::QualifiedName;
use crate::revision::SqlFile;
use crate::scratch::ScratchDatabase;

use super::super::{Comparison, Loaded, Workspace, WorkspaceError, declare};
use super::{Drawn, Files, Trial};

impl Workspace {
    /// Runs a script that is to carry out a comparison: without rows, then with rows in the tables that
    /// it touches. Gives what was seen, and the changes from where it leads to where it should.
    ///
    /// # Errors
    /// What the scratch database refuses without rows.
    pub async fn prove(
        &self,
        from: &Loaded,
        comparison: &Comparison,
        file: &SqlFile,
        (touched, drawn): (&[QualifiedName], &Drawn),
    ) -> Result<(Trial, Vec<Change>), WorkspaceError> {
        let mut database = self.like(from, comparison).await?;
        let reached = self.bench.try_file(&mut database, file).await;
        database.close().await;
        let reached = reached?;
        let wanted = fitted(&reached, &comparison.sides.to);
        let left = self.left_between(&reached.schema, &wanted).await;
        if touched.is_empty() || !left.is_empty() {
            return Ok((Trial::default(), left));
        }
        let database = self.like(from, comparison).await?;
        let files = Files { up: file, down: None };
        let trial = self.try_with_rows(&database, touched, files, drawn).await;
        database.close().await;
        Ok((trial?, left))
    }

    /// A scratch database that is as a source.
    async fn like(
        &self,
        from: &Loaded,
        comparison: &Comparison,
    ) -> Result<ScratchDatabase, WorkspaceError> {
        let schema = &from.snapshot.schema;
        let mut extensions = declare::extensions(schema);
        extensions.extend(declare::extensions(&comparison.sides.to.schema));
        let database = self.bench.scratch(extensions, self.provided()).await?;
        let path = self.search_path();
        match declare::create(&database, schema, self.provided(), path).await {
            Ok(()) => Ok(database),
            Err(refused) => {
                database.close().await;
                let first = refused.into_iter().next().expect("what is refused is named");
                let (object, refusal) = (first.object, first.refusal);
                Err(WorkspaceError::NotMadeAgain { object, refusal })
            }
        }
    }
}
