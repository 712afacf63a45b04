//! Rehearsals: the pending revisions on a copy of the database.

use crate::config::{DatabasePlace, Settings};
use crate::connection::surroundings::Process;
use crate::connection::{Address, Connection, connect, ignore_notices};
use crate::workspace::WorkspaceError;
use crate::workspace::review::Leg;

use super::super::Project;
use super::super::failure::Failure;
use super::super::ledger;
use super::{ReviewOptions, ReviewReport};
use crate::ledger::{Direction, pending};
use crate::revision::target::Target;

/// What two sessions have in common only if they are on the same database: when its server was started, and its
/// name.
const PLACE: &str =
    "SELECT pg_catalog.pg_postmaster_start_time()::text, pg_catalog.current_database()::text";

impl Project {
    /// Runs the revisions that a copy of the database does not have on that copy, with its rows, statement by
    /// statement, and judges them. The copy is changed, but for its ledger.
    ///
    /// # Errors
    /// When the copy is the configured database, or does not answer.
    pub async fn rehearse(
        &self,
        copy: &str,
        options: &ReviewOptions,
    ) -> Result<ReviewReport, Failure> {
        let policy = self.policy(options)?;
        let address = Address::parse(copy, &Process).map_err(WorkspaceError::from)?;
        self.refuse_configured(&address).await?;
        let copied = self.on(&address);
        let graph = copied.workspace.graph()?;
        let applied = ledger::read(&copied).await?;
        let steps = pending(&graph, &applied, Direction::Up, &[Target::HEADS])?;
        let mut legs = Vec::new();
        for step in &steps {
            let revision = &step.revision;
            legs.push(Leg::Reviewed(copied.workspace.subject(revision, &revision.up)?));
        }
        let files = match legs.is_empty() {
            true => Vec::new(),
            false => Box::pin(copied.workspace.trace_on(&address, &legs)).await?,
        };
        Ok(copied.judged(files, &policy).await)
    }

    /// The same project with another database.
    fn on(&self, address: &Address) -> Self {
        let settings = self.workspace.settings();
        let mut database = self.workspace.database().clone();
        database.place.value = DatabasePlace::Server(Box::new(address.clone()));
        self.with_settings(Settings { databases: vec![database], ..settings.clone() })
    }

    async fn refuse_configured(&self, copy: &Address) -> Result<(), Failure> {
        let DatabasePlace::Server(configured) = &self.workspace.database().place.value else {
            return Ok(());
        };
        let is_same =
            copy.endpoints == configured.endpoints && copy.database == configured.database;
        if !is_same && !is_one_database(copy, configured).await? {
            return Ok(());
        }
        let failure = Failure::input("this is the configured database, not a copy of it");
        Err(failure
            .hint("restore a copy, with another name or on another server, and give its URL"))
    }
}

/// Whether two addresses lead to one database. One that does not answer is not the copy, which does.
async fn is_one_database(copy: &Address, configured: &Address) -> Result<bool, Failure> {
    let copy = connect(copy, ignore_notices()).await.map_err(WorkspaceError::from)?;
    let Ok(other) = connect(configured, ignore_notices()).await else { return Ok(false) };
    let places = (place(&copy).await, place(&other).await);
    copy.close().await;
    other.close().await;
    Ok(places.0.is_some() && places.0 == places.1)
}

async fn place(session: &Connection) -> Option<(String, String)> {
    let row = session.query_one(PLACE, &[]).await.ok()?;
    Some((row.get(0), row.get(1)))
}
