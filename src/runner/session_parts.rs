//! What a session needs beside its own connection: the notices of the server in their order, and a witness.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_postgres::error::DbError;

use super::Session;
use crate::connection::{Address, ConnectError, Connection, Notices, connect, ignore_notices};

/// The notices of a connection, and a second connection by which a pooler shows itself.
pub(crate) struct SessionParts {
    notices: mpsc::UnboundedReceiver<DbError>,
    witness: Option<Connection>,
}

impl SessionParts {
    /// Gives what the connection of the session has to be opened with.
    pub(crate) fn new() -> (Notices, Self) {
        let (sender, notices) = mpsc::unbounded_channel();
        // Nobody listens any more when the run has ended.
        let forward: Notices = Arc::new(move |it: &DbError| drop(sender.send(it.clone())));
        (forward, Self { notices, witness: None })
    }

    /// Opens the witness. The embedded engine takes only one connection, and has none.
    pub(crate) async fn open_witness(&mut self, address: &Address) -> Result<(), ConnectError> {
        self.witness = Some(connect(address, ignore_notices()).await?);
        Ok(())
    }

    /// A session on a connection, which stops when the receiver says so.
    pub(crate) fn session<'a>(
        &'a mut self,
        client: &'a Connection,
        interrupt: watch::Receiver<bool>,
    ) -> Session<'a> {
        let witness = self.witness.as_mut().map(Connection::as_witness);
        Session { client, witness, notices: &mut self.notices, interrupt }
    }

    /// Closes the witness.
    pub(crate) async fn close(self) {
        if let Some(witness) = self.witness {
            witness.close().await;
        }
    }
}
