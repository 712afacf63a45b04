//! Provided objects: created in every scratch database before anything else; their statements in
//! existing revisions are skipped.

use crate::diff::ours::leave_to_owners;
use crate::diff::provided::align;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::scratch::{ScratchDatabase, ScratchError};
use crate::sql_text::ScriptStatement;

use super::declare::{self, RefusedStep};
use super::sources::Sources;
use super::{Loaded, WorkspaceError};

impl Sources {
    /// What either side of a comparison has by others.
    pub(super) fn provided_to(&self, from: &Loaded, to: &Loaded) -> Provided {
        let mut provided = self.provided().clone();
        for declared in [from, to].into_iter().filter_map(|it| it.declared.as_ref()) {
            provided.extend(&declared.declaration.provided);
        }
        provided
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

/// Creates what is provided in a new scratch database.
pub(super) async fn fill(
    database: &ScratchDatabase,
    provided: &Provided,
) -> Result<(), WorkspaceError> {
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
