//! What is wrong with the vector indexes of the configured server.

use tokio_postgres::Client;

use crate::measurement::health;
use crate::recall::health::HealthProblem;

use super::Project;
use super::failure::chain;

/// Asks in a session of the configured database. The embedded engine has nothing to tell, and a server that does
/// not tell is no reason to fail.
pub(super) async fn of(project: &Project, client: &Client) -> Vec<HealthProblem> {
    if !project.has_server() {
        return Vec::new();
    }
    match Box::pin(health(client)).await {
        Ok(found) => found,
        Err(error) => {
            project.warning(&format!("vector indexes were not looked at: {}", chain(&error)));
            Vec::new()
        }
    }
}
