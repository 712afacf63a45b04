//! What is wrong with the vector indexes of the configured server.

use tokio_postgres::Client;

use crate::connection::ignore_notices;
use crate::measurement::health;
use crate::recall::health::HealthProblem;

use super::Project;
use super::failure::{Failure, chain};

/// Asks the configured server; the embedded engine has nothing to tell.
pub(super) async fn asked(project: &Project) -> Result<Vec<HealthProblem>, Failure> {
    if !project.has_server() {
        return Ok(Vec::new());
    }
    let database = project.workspace.connect(ignore_notices()).await?;
    let found = of(project, &database.connection).await;
    database.close().await;
    Ok(found)
}

/// Asks in a session. A server that does not tell is no reason to fail.
pub(super) async fn of(project: &Project, client: &Client) -> Vec<HealthProblem> {
    match Box::pin(health(client)).await {
        Ok(found) => found,
        Err(error) => {
            project.warning(&format!("vector indexes were not looked at: {}", chain(&error)));
            Vec::new()
        }
    }
}
