//! Expressions that differ on two sides are printed again by the same scratch engine: a difference
//! counts only if the texts still differ.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::diff::{Change, diff, privileges};
use crate::model::Schema;
use crate::model::object::ObjectId;
use crate::model::printed::{take_texts, texts};
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Dependencies;

use super::bench::Bench;
use super::error::WorkspaceError;
use super::excerpt::Excerpt;
use super::settle::settle;
use super::web::Web;
use super::{Workspace, declare};

/// One side of a comparison.
pub(super) struct Side<'a> {
    /// Its objects.
    pub(super) schema: &'a mut Schema,
    /// Whether every text is as the scratch engine prints it each time.
    pub(super) settled: bool,
}

/// A schema as the scratch engine prints it.
#[derive(Serialize, Deserialize)]
struct Reprinted {
    schema: Schema,
    /// Why some of it is not printed, or not for good.
    doubt: Option<String>,
}

impl Workspace {
    /// The changes from one schema to another, save those of wording only.
    pub async fn left_between(&self, found: &Schema, wanted: &Schema) -> Vec<Change> {
        let (mut found, mut wanted) = (found.clone(), wanted.clone());
        let unsettled = |schema| Side { schema, settled: false };
        self.align(unsettled(&mut found), unsettled(&mut wanted)).await;
        diff(&found, &wanted)
    }

    /// Brings the texts that differ between two sides to where they stay, first on one side, then,
    /// where they still differ, on the other. Gives the reason why some of them are compared as they
    /// are.
    pub(super) async fn align(&self, mut one: Side<'_>, mut other: Side<'_>) -> Option<String> {
        let first = self.settle_side(&mut one, &other).await;
        let second = self.settle_side(&mut other, &one).await;
        let doubt = first.or(second);
        doubt.filter(|_| !differing(one.schema, other.schema).is_empty())
    }

    async fn settle_side(&self, side: &mut Side<'_>, opposite: &Side<'_>) -> Option<String> {
        let differing = differing(side.schema, opposite.schema);
        if side.settled || differing.is_empty() {
            return None;
        }
        match self.reprint(side.schema, &differing).await {
            Ok(printed) => {
                take(side.schema, &printed.schema, &differing);
                printed.doubt
            }
            Err(error) => Some(error.to_string()),
        }
    }

    /// Creates some objects of a schema on the scratch engine, with what they need, or all of it, and
    /// reads them with every text where it stays.
    async fn reprint(
        &self,
        schema: &Schema,
        wanted: &BTreeSet<ObjectId>,
    ) -> Result<Reprinted, WorkspaceError> {
        let mut schema = schema.clone();
        // Roles are the server's; they print nothing.
        privileges::forget(&mut schema);
        let part = {
            let web = Web::of(&[&schema], &Dependencies::default());
            Excerpt::showing(&web, wanted).map(|it| it.of(&schema, &schema))
        };
        if let Some(part) = part {
            let printed = self.kept_print(&part).await?;
            if printed.doubt.is_none() {
                return Ok(printed);
            }
        }
        self.kept_print(&schema).await
    }

    /// A schema as the scratch engine prints it. What that said is kept, for a database is looked at
    /// again and again.
    async fn kept_print(&self, schema: &Schema) -> Result<Reprinted, WorkspaceError> {
        let text = serde_json::to_string(schema).unwrap_or_default();
        self.identify().await?;
        let key = self.kept.key("printed", std::iter::once(text.as_str()));
        if let Some(kept) = key.as_ref().and_then(|it| self.kept.cache.read(it)) {
            return Ok(kept);
        }
        let printed = self.bench.print(schema).await?;
        if let Some(key) = key {
            // A cache that cannot be written only costs time.
            let _ = self.kept.cache.write(&key, &printed);
        }
        Ok(printed)
    }
}

impl Bench {
    async fn print(&self, schema: &Schema) -> Result<Reprinted, WorkspaceError> {
        let provided = self.sources.provided();
        let mut database = self.scratch(declare::extensions(schema), provided).await?;
        let path = SearchPath::default();
        let refused = declare::create(&database, schema, provided, &path).await.err();
        let refused = refused.into_iter().flatten().next();
        let printed = self.read_back(&mut database, true).await;
        let settled = match printed {
            Ok(mut snapshot) => {
                let restless = settle(&mut database, schema, &mut snapshot.schema).await;
                restless.map(|it| (snapshot.schema, it)).map_err(WorkspaceError::from)
            }
            Err(error) => Err(error),
        };
        database.close().await;
        let (printed, restless) = settled?;
        let refused =
            refused.map(|it| format!("PostgreSQL rejects {}: {}", it.object, it.refusal.message));
        let doubt = refused.or_else(|| {
            let id = restless.first()?;
            Some(format!("PostgreSQL prints {id} differently each time"))
        });
        Ok(Reprinted { schema: printed, doubt })
    }
}

/// The objects that both have, with different texts.
fn differing(one: &Schema, other: &Schema) -> BTreeSet<ObjectId> {
    let pairs = one.iter().filter_map(|(id, it)| Some((id, it, other.get(id)?)));
    let differing = pairs.filter(|(_, one, other)| texts(one) != texts(other));
    differing.map(|(id, _, _)| id.clone()).collect()
}

/// Replaces expressions by the printed ones.
fn take(schema: &mut Schema, printed: &Schema, ids: &BTreeSet<ObjectId>) {
    for id in ids {
        if let (Some(mut object), Some(printed)) = (schema.get(id).cloned(), printed.get(id)) {
            take_texts(&mut object, printed);
            schema.insert(object);
        }
    }
}
