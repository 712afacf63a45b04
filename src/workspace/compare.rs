//! Compares two snapshots: applies renames first, normalizes expressions, then computes the
//! differences.

use crate::diff::Change;
use crate::diff::attached;
use crate::diff::expand::{expand, swap};
use crate::diff::not_nulls::{self, Knowledge};
use crate::diff::privileges;
use crate::diff::rename::pending;
use crate::model::column::Column;
use crate::model::declared::Hints;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::provided::Provided;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::plan::cast::{Conversion, conversion};
use crate::plan::comparison::Comparison;
use crate::plan::{PlanOptions, plan};
use crate::render;
use crate::scratch::ScratchDatabase;

use super::bench::Bench;
use super::error::{Refusal, WorkspaceError};
use super::excerpt::Excerpt;
use super::reprint::Side;
use super::sources::Sources;
use super::web::Web;
use super::{Loaded, Workspace, declare};

impl Workspace {
    /// Compares two loaded sources.
    ///
    /// # Errors
    /// Where a rename cannot be tried on the scratch engine.
    pub async fn compare(&self, from: &Loaded, to: &Loaded) -> Result<Comparison, WorkspaceError> {
        let (mut before, mut after) = (from.snapshot.clone(), to.snapshot.clone());
        let provided = self.sources.provided_to(from, to);
        self.sources.align_provided(&provided, (from, &mut before), (to, &mut after));
        let hints = to.hints.clone();
        refuse_unknown(from, to)?;
        self.sources.align_privileges((from, &mut before), (to, &mut after));
        let align = |before: &mut Snapshot, after: &mut Snapshot| {
            let sides = (knowledge(from), knowledge(to));
            not_nulls::align((sides.0, &mut before.schema), (sides.1, &mut after.schema));
            if sides.1 == Knowledge::Declared {
                attached::keep_generated(&before.schema, &mut after.schema);
            }
            if sides.0 == Knowledge::Declared {
                attached::keep_generated(&after.schema, &mut before.schema);
            }
        };
        align(&mut before, &mut after);
        let environments = [before.environment.clone(), after.environment.clone()];
        let converts = |present: &Column, wanted: &Column| {
            let (from, to) = (&present.data_type, &wanted.data_type);
            environments.iter().any(|it| conversion(from, to, it) != Conversion::None)
        };
        expand(&before.schema, &mut after.schema, &hints, converts);
        let mut renames = pending(&before.schema, &after.schema, &hints);
        renames.extend(swap(&before.schema, &after.schema, &hints));
        if !renames.is_empty() {
            before = self.renamed(&before, &renames, &provided).await?;
            align(&mut before, &mut after);
        }
        let one = Side { schema: &mut before.schema, settled: from.settled };
        let other = Side { schema: &mut after.schema, settled: to.settled };
        let unverified = self.align(one, other).await;
        Ok(Comparison { unverified, ..Comparison::after(renames, before, after, hints) })
    }

    /// What a schema becomes by renames alone. PostgreSQL carries a new name into every expression
    /// that uses the old one, so it is PostgreSQL that is asked.
    async fn renamed(
        &self,
        before: &Snapshot,
        renames: &[Change],
        provided: &Provided,
    ) -> Result<Snapshot, WorkspaceError> {
        let refused =
            |refusal| WorkspaceError::Refused { path: "renamed_from".into(), line: 1, refusal };
        let parts = [
            serde_json::to_string(before),
            serde_json::to_string(renames),
            serde_json::to_string(provided),
        ];
        let parts = parts.map(Result::unwrap_or_default);
        let key = self.kept.key("renamed", parts.iter().map(String::as_str));
        if let Some(kept) = key.as_ref().and_then(|it| self.kept.cache.get(it)) {
            return Ok(kept);
        }
        let web = Web::of(&[&before.schema], &before.dependencies);
        let excerpt = Excerpt::around(&web, &renames.iter().map(Change::id_before).collect());
        let part = excerpt.map(|it| (it.of(&before.schema, &before.schema), it));
        let found = match part {
            Some((part, excerpt)) => {
                let part = Snapshot { schema: part, ..before.clone() };
                let found = self.bench.renamed_there(&part, renames, provided).await?;
                found.ok().map(|it| excerpt.answered(before, &it))
            }
            None => None,
        };
        let mut snapshot = match found {
            Some(found) => found,
            None => self.bench.renamed_there(before, renames, provided).await?.map_err(refused)?,
        };
        declare::kept(&mut snapshot.schema, &before.schema);
        let renamed = |table: &QualifiedName, column: &Ident| renamed(renames, table, column);
        not_nulls::keep_names(&mut snapshot.schema, &before.schema, renamed);
        snapshot.environment = before.environment.clone();
        self.kept.keep(key.as_ref(), &snapshot);
        Ok(snapshot)
    }
}

impl Sources {
    /// Makes privileges comparable, or no difference where nobody wants to know.
    fn align_privileges(&self, from: (&Loaded, &mut Snapshot), to: (&Loaded, &mut Snapshot)) {
        let (before, after) = (from.1, to.1);
        let oldest = [&*before, &*after].map(|it| it.environment.major_version());
        if from.0.privileges || to.0.privileges || self.database().grants.value {
            let oldest = oldest.into_iter().filter(|it| *it > 0).min().unwrap_or(0);
            privileges::fit(&mut before.schema, oldest);
            privileges::fit(&mut after.schema, oldest);
            match (from.0.live, to.0.live) {
                (true, false) => privileges::expect_given(&before.schema, &mut after.schema),
                (false, true) => privileges::expect_given(&after.schema, &mut before.schema),
                (true, true) | (false, false) => {}
            }
        } else {
            privileges::forget(&mut before.schema);
            privileges::forget(&mut after.schema);
        }
    }
}

impl Bench {
    /// What a schema becomes by renames on a scratch database, or what is refused there.
    async fn renamed_there(
        &self,
        before: &Snapshot,
        renames: &[Change],
        provided: &Provided,
    ) -> Result<Result<Snapshot, Refusal>, WorkspaceError> {
        let mut database = self.scratch(declare::extensions(&before.schema), provided).await?;
        let path = SearchPath::default();
        let mut outcome = declare::create(&database, &before.schema, provided, &path)
            .await
            .map_err(|it| it.into_iter().next().map_or_else(unknown, |it| it.refusal));
        if outcome.is_ok() {
            outcome = rename(&database, before, renames).await;
        }
        let snapshot = self.read_back(&mut database, outcome.is_ok()).await;
        database.close().await;
        let snapshot = snapshot?;
        Ok(outcome.map(|()| snapshot))
    }
}

/// Carries renames out on a scratch database that holds the schema before them.
///
/// # Errors
/// The first rename that PostgreSQL refuses.
pub async fn rename(
    database: &ScratchDatabase,
    before: &Snapshot,
    renames: &[Change],
) -> Result<(), Refusal> {
    let options = PlanOptions { online: false };
    let plan = plan(before, before, renames, &Hints::default(), options)
        .expect("renames alone need no decision");
    for step in &plan.steps {
        let sql = render::statement(&step.statement);
        database.run(&sql).await.map_err(|it| Refusal::from(&it))?;
    }
    Ok(())
}

/// What a column is called after renames.
fn renamed(renames: &[Change], table: &QualifiedName, column: &Ident) -> (QualifiedName, Ident) {
    let mut id = ObjectId::child(ObjectKind::Column, table, column);
    for change in renames {
        let Change::Rename { from, to } = change else { continue };
        if *from == id {
            id = to.clone();
        } else if Some(from) == id.parent().as_ref() {
            let relation = Some(to.name.clone());
            id = ObjectId { namespace: to.namespace.clone(), relation, ..id };
        }
    }
    (id.table_name().unwrap_or_else(|| table.clone()), id.name)
}

/// What a source knows of NOT NULL constraints.
fn knowledge(source: &Loaded) -> Knowledge {
    match source.declared {
        Some(_) => Knowledge::Declared,
        None => Knowledge::of(&source.snapshot),
    }
}

/// A declaration that says more of NOT NULL constraints than the server keeps.
fn refuse_unknown(from: &Loaded, to: &Loaded) -> Result<(), WorkspaceError> {
    let version = from.snapshot.environment.major_version();
    let too_old = from.live && knowledge(from) == Knowledge::Nothing;
    if !too_old || to.declared.is_none() {
        return Ok(());
    }
    let columns: Vec<String> = not_nulls::said(&to.snapshot.schema)
        .map(|it| format!("{}.{}", it.table, it.name))
        .collect();
    if columns.is_empty() {
        return Ok(());
    }
    Err(WorkspaceError::NotNullConstraints { columns, version })
}

fn unknown() -> Refusal {
    Refusal { message: "unknown".to_owned(), sqlstate: String::new(), detail: None, hint: None }
}
