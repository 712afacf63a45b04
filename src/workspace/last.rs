//! A declaration with few differences from the last one that the engine loaded: only the affected
//! objects are loaded again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Schema;
use crate::model::enum_type::EnumType;
use crate::model::object::{Object, ObjectId};
use crate::model::snapshot::Snapshot;
use crate::scratch::cache::CacheKey;

use super::bench::Bench;
use super::excerpt::Excerpt;
use super::kept::Kept;
use super::new_columns::{Before, with_new_columns};
use super::settle::settle;
use super::web::Web;
use super::{Declared, WorkspaceError, declare};

/// What was declared last.
#[derive(Serialize, Deserialize)]
struct Last<S> {
    /// As it is written.
    written: S,
    /// Under which key stands what the engine made of it.
    printed: CacheKey,
}

/// The previous declaration, and what the engine made of it.
pub(super) struct LastDeclaration {
    written: Schema,
    known: Snapshot,
}

impl Kept {
    fn last_key(&self) -> Option<CacheKey> {
        self.key("last declaration", std::iter::empty())
    }

    /// Notes what was declared, for the next one.
    pub(super) fn note_last(&self, declared: &Declared) {
        let written = &declared.declaration.schema;
        if let (Some(key), Some(printed)) = (self.last_key(), self.declaration_key(declared)) {
            // A cache that cannot be written only costs time.
            let _ = self.cache.write(&key, &Last { written, printed });
        }
    }

    /// The previous declaration, if its snapshot is known and says all.
    pub(super) fn last_declaration(&self) -> Option<LastDeclaration> {
        let Last { written, printed } = self.cache.read::<Last<Schema>>(&self.last_key()?)?;
        let known = self.cache.get(&printed).filter(|it| it.unmanaged.is_empty())?;
        Some(LastDeclaration { written, known })
    }
}

impl Bench {
    /// What the engine makes of a declaration, as far as it differs from the last one, with what is known
    /// of the rest. None where everything has to be created, or something is refused: creating all of it
    /// tells what.
    pub(super) async fn create_changed(
        &self,
        declared: &Declared,
        LastDeclaration { written, known }: &LastDeclaration,
    ) -> Result<Option<Snapshot>, WorkspaceError> {
        let wanted = &declared.declaration.schema;
        let web = Web::of(&[wanted, &known.schema], &known.dependencies);
        let changed = changed(written, wanted);
        let (longer, changed): (BTreeSet<_>, BTreeSet<_>) =
            changed.into_iter().partition(|it| is_longer(written, wanted, it));
        let before = Before { written, printed: known };
        if longer.is_empty()
            && let Some(made) = with_new_columns(&before, wanted, &changed, &web)
        {
            return Ok(Some(made));
        }
        let Some(excerpt) = Excerpt::around_with(&web, &changed, &longer) else { return Ok(None) };
        // What nothing has touched is as it was printed.
        let part = excerpt.of(wanted, &known.schema);
        let provided = &declared.declaration.provided;
        let mut database = self.scratch(declare::extensions(&part), provided).await?;
        let activity = &self.sources.activity;
        let _doing =
            activity.begin("creating the changed part of the declaration in a scratch database");
        let created = declare::create(&database, &part, provided, self.sources.search_path()).await;
        let found = self.read_back(&mut database, created.is_ok()).await;
        let found = match found {
            Ok(mut found) if created.is_ok() => {
                let settled = settle(&mut database, &part, &mut found.schema).await;
                settled.map(|_| Some(found)).map_err(WorkspaceError::from)
            }
            found => found.map(|_| None),
        };
        database.close().await;
        Ok(found?.map(|it| excerpt.answered(known, &it)))
    }
}

/// Whether a type has the labels that it had, and more.
fn is_longer(before: &Schema, after: &Schema, id: &ObjectId) -> bool {
    let (Some(Object::Enum(before)), Some(Object::Enum(after))) = (before.get(id), after.get(id))
    else {
        return false;
    };
    let mut labels = after.labels.iter();
    let kept = before.labels.iter().all(|label| labels.any(|it| it == label));
    kept && EnumType { labels: before.labels.clone(), ..after.clone() } == *before
}

/// What one schema has, and another has not or otherwise.
fn changed(one: &Schema, other: &Schema) -> BTreeSet<ObjectId> {
    let differs = |from: &Schema, to: &Schema| -> Vec<ObjectId> {
        let differing = from.iter().filter(|(id, object)| to.get(id) != Some(*object));
        differing.map(|(id, _)| id.clone()).collect()
    };
    differs(one, other).into_iter().chain(differs(other, one)).collect()
}
