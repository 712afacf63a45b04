//! How many of the nearest rows the vector indexes of the database find.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::connection::ignore_notices;
use crate::measurement::{GivenQueries, MeasurementError, Options, Target, measure, targets};
use crate::recall::queries::read;
use crate::recall::{IndexRecall, svg};

use super::Project;
use super::failure::{Failure, chain};

/// What is measured.
#[derive(Debug, Clone, Default)]
pub struct RecallOptions {
    /// A table, an index, or both, as `TABLE.INDEX`; all vector indexes where nothing is named.
    pub target: Option<String>,
    /// A file of queries.
    pub queries: Option<PathBuf>,
    /// How it is measured.
    pub measurement: Options,
}

/// What the indexes find.
#[derive(Debug, Serialize)]
pub struct RecallReport {
    /// The address of the database, without the password.
    pub database: String,
    /// The indexes, in the order of their names.
    pub indexes: Vec<IndexRecall>,
}

impl RecallReport {
    /// Whether all that was asked for was measured.
    #[must_use]
    pub fn is_measured(&self) -> bool {
        self.indexes.iter().all(IndexRecall::is_measured)
    }

    /// Recall against time, as a drawing.
    #[must_use]
    pub fn svg(&self) -> String {
        svg(&self.indexes)
    }
}

impl Project {
    /// Measures the recall of vector indexes of the configured server. Nothing is written.
    ///
    /// # Errors
    /// A name that is no vector index, queries or conditions that cannot be read, a database that does not answer.
    pub async fn recall(&self, options: &RecallOptions) -> Result<RecallReport, Failure> {
        let DatabasePlace::Server(address) = &self.workspace.database().place.value else {
            return Err(Failure::input(
                "recall is measured on a server: times of the embedded engine say nothing",
            )
            .hint("name one with --url, ALUDEL_URL, or `[database] url` in aludel.toml"));
        };
        let measurement = self.measurement(options)?;
        let database = self.workspace.connect(ignore_notices()).await?;
        let indexes = Box::pin(self.measured(&database.connection, options, &measurement)).await;
        database.close().await;
        Ok(RecallReport { database: address.to_string(), indexes: indexes? })
    }

    /// With the queries of a file, and the time that aludel.toml allows statements.
    fn measurement(&self, options: &RecallOptions) -> Result<Options, Failure> {
        let most = options.measurement.queries;
        let given = options.queries.as_deref().map(|it| given(it, most)).transpose()?;
        Ok(Options {
            given: given.or(options.measurement.given.clone()),
            statement_timeout: self.workspace.database().statement_timeout.value,
            ..options.measurement.clone()
        })
    }

    async fn measured(
        &self,
        client: &tokio_postgres::Client,
        options: &RecallOptions,
        measurement: &Options,
    ) -> Result<Vec<IndexRecall>, Failure> {
        let all = targets(client).await.map_err(|it| Failure::database(chain(&it)))?;
        let chosen = chosen(&all, options.target.as_deref())?;
        let mut indexes = Vec::new();
        for target in chosen {
            let what = format!("measuring {}.{}", target.table, target.index);
            let _doing = self.workspace.activity().begin(what);
            let measured = Box::pin(measure(client, target, measurement)).await;
            indexes.push(measured.map_err(Failure::from)?);
        }
        Ok(indexes)
    }
}

/// The vector indexes that a name means; all without one.
fn chosen<'t>(all: &'t [Target], name: Option<&str>) -> Result<Vec<&'t Target>, Failure> {
    let Some(name) = name else { return Ok(all.iter().collect()) };
    let chosen: Vec<&Target> = all.iter().filter(|it| it.is_named(name)).collect();
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let failure = Failure::input(format!("`{name}` is no vector index, and no table with one"));
    let names: Vec<String> = all.iter().map(|it| format!("{}.{}", it.table, it.index)).collect();
    Err(match names.is_empty() {
        true => failure.hint("the database has no HNSW and no IVFFlat index"),
        false => failure.hint(format!("vector indexes: {}", names.join(", "))),
    })
}

fn given(path: &Path, most: usize) -> Result<GivenQueries, Failure> {
    let name = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|it| Failure::input(format!("cannot read `{name}`: {it}")))?;
    let is_fvecs = path.extension().is_some_and(|it| it == "fvecs");
    let vectors = read(&bytes, is_fvecs, most);
    let vectors = vectors.map_err(|it| Failure::input(format!("mistake in `{name}`: {it}")))?;
    Ok(GivenQueries { name, vectors })
}

impl From<MeasurementError> for Failure {
    fn from(error: MeasurementError) -> Self {
        let message = error.to_string();
        match error {
            MeasurementError::Server(error) => Self::database(chain(&error)),
            MeasurementError::Filter { error, .. } | MeasurementError::Queries { error, .. } => {
                Self::input(message).detail(chain(&error))
            }
        }
    }
}
