//! The database in which a new revision is tested: a scratch database on which all others have run,
//! or one that has only the part of their schema that the change affects.

use std::collections::BTreeSet;

use crate::diff::same;
use crate::model::Schema;
use crate::model::ident::Ident;
use crate::model::object::ObjectId;
use crate::model::search_path::SearchPath;
use crate::model::snapshot::Snapshot;
use crate::revision::SqlFile;
use crate::revision::graph::Graph;
use crate::revision::id::RevisionId;
use crate::runner;
use crate::scratch::ScratchDatabase;
use crate::scratch::cache::CacheKey;

use super::bench::Bench;
use super::excerpt::Excerpt;
use super::kept::Kept;
use super::web::Web;
use super::{Comparison, Loaded, Workspace, WorkspaceError, declare};

/// A scratch database that is as the revisions leave it.
pub struct Site {
    database: ScratchDatabase,
    part: Option<Part>,
}

/// What is on a database that has only a part.
struct Part {
    excerpt: Excerpt,
    /// What the revisions build.
    known: Snapshot,
    /// What was there at first, as the engine has read it.
    made: Schema,
}

impl Site {
    /// A database on which the revisions have run.
    #[must_use]
    pub fn whole(database: ScratchDatabase) -> Self {
        Self { database, part: None }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &ScratchDatabase {
        &self.database
    }

    /// Ends it.
    pub async fn close(self) {
        self.database.close().await;
    }
}

impl Part {
    /// What the revisions and all that has run since have built; None where something else than was
    /// thought has been touched. What reads as it did at first is as they left it: the engine may print a
    /// text otherwise once it has read it.
    fn with(&self, mut found: Snapshot) -> Option<Snapshot> {
        for (id, object) in self.made.iter() {
            let is_unchanged = found.schema.get(id).is_some_and(|it| same(object, it));
            if is_unchanged {
                self.known
                    .schema
                    .get(id)
                    .into_iter()
                    .for_each(|it| drop(found.schema.insert(it.clone())));
            } else if !self.excerpt.asks_about(&self.made, id) {
                return None;
            }
        }
        Some(self.excerpt.answered(&self.known, &found))
    }
}

impl Workspace {
    /// What revisions build, if it is known and says all: no rows that a statement could trip over, and
    /// nothing of a kind that is not managed.
    pub async fn known_history(
        &self,
        graph: &Graph,
        ends: &[RevisionId],
    ) -> Result<Option<Loaded>, WorkspaceError> {
        self.identify().await?;
        if !self.kept.is_rowless(graph, ends) {
            return Ok(None);
        }
        let known = self.kept.history(graph, ends);
        Ok(known.filter(|it| it.snapshot.unmanaged.is_empty()))
    }

    /// A scratch database with what a comparison touches of what the revisions build. None where that
    /// would be almost everything, or is refused without the rest.
    pub async fn site_of(
        &self,
        from: &Loaded,
        comparison: &Comparison,
    ) -> Result<Option<Site>, WorkspaceError> {
        let known = &from.snapshot;
        let wanted = &comparison.sides.to;
        let changed: BTreeSet<ObjectId> =
            comparison.changes.iter().flat_map(|it| [it.id_before(), it.id()]).collect();
        let web = Web::of(&[&known.schema, &wanted.schema], &known.dependencies);
        let Some(excerpt) = Excerpt::around(&web, &changed) else { return Ok(None) };
        let part = excerpt.of(&known.schema, &known.schema);
        let extensions = declare::extensions(&wanted.schema);
        let mut database = self.bench.scratch(extensions, self.sources.provided()).await?;
        let path = SearchPath::default();
        let created = declare::create(&database, &part, self.sources.provided(), &path).await;
        let made = match created {
            Ok(()) => self.bench.made(&mut database, part, from.settled).await.map(Some),
            Err(_) => Ok(None),
        };
        match made {
            Ok(Some(made)) => {
                let part = Some(Part { excerpt, known: known.clone(), made });
                Ok(Some(Site { database, part }))
            }
            other => {
                database.close().await;
                other.map(|_| None)
            }
        }
    }

    /// Runs a file at a site, and reads what it has led to; None where that cannot be said of a part.
    ///
    /// # Errors
    /// A statement that the database refuses.
    pub async fn run_at(
        &self,
        site: &mut Site,
        file: &SqlFile,
    ) -> Result<Option<Snapshot>, WorkspaceError> {
        let found = self.bench.try_file(&mut site.database, file).await?;
        Ok(match &site.part {
            Some(part) => part.with(found),
            None => Some(found),
        })
    }
}

impl Kept {
    /// Keeps what revisions build, and whether they leave rows.
    pub(super) async fn keep_history(
        &self,
        graph: &Graph,
        ends: &[RevisionId],
        (database, built): (&ScratchDatabase, &Snapshot),
    ) {
        self.keep(self.history_key(graph, ends).as_ref(), built);
        if is_rowless(database).await {
            self.note_rowless(graph, ends);
        }
    }

    /// Notes that revisions leave no rows.
    pub(super) fn note_rowless(&self, graph: &Graph, ends: &[RevisionId]) {
        self.mark(self.rowless_key(graph, ends));
    }

    fn is_rowless(&self, graph: &Graph, ends: &[RevisionId]) -> bool {
        self.is_marked(self.rowless_key(graph, ends))
    }

    fn rowless_key(&self, graph: &Graph, ends: &[RevisionId]) -> Option<CacheKey> {
        self.graph_key("history without rows", graph, ends)
    }
}

impl Bench {
    /// A part as it reads once it is made: as it was written, where every text is known to stay.
    async fn made(
        &self,
        database: &mut ScratchDatabase,
        part: Schema,
        settled: bool,
    ) -> Result<Schema, WorkspaceError> {
        self.pin_path(database).await?;
        let mut made = match settled {
            true => part,
            false => self.read_back(database, true).await?.schema,
        };
        declare::wanted_versions(&mut made, None);
        Ok(made)
    }
}

/// Whether it is certain that no table of the database has rows: none has a page.
pub async fn is_rowless(database: &ScratchDatabase) -> bool {
    // It has no ledger.
    runner::is_rowless(database, &Ident::new("")).await.unwrap_or(false)
}
