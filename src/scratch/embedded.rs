//! Databases on the embedded engine: its clusters, with sessions on them.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aludel_engine::{Cluster, EngineError, POSTGRES, check_files};

use super::cache::{CACHE_VARIABLE, user_folder};
use super::{DatabaseSpec, ScratchError};
use crate::connection::{
    Address, ConnectError, Connection, Notices, connect, connect_over, ignore_notices,
};

pub use aludel_engine::EXTENSIONS;

/// Makes scratch clusters.
pub(super) struct Embedded(());

impl Embedded {
    pub(super) fn new() -> Result<Self, ScratchError> {
        check_cache_directory()?;
        Ok(Self(()))
    }

    pub(super) async fn database(
        &self,
        spec: &DatabaseSpec,
    ) -> Result<(Connection, Hold), ScratchError> {
        let extensions = spec.extensions.clone();
        let cluster = blocking(move || Cluster::scratch(&extensions)).await?;
        let address = address_of(&cluster);
        let mut hold = Hold { cluster: Some(cluster), socket: None };
        let stream = open(&address).map_err(|it| failed(&it))?;
        hold.socket = stream.try_clone().ok();
        let stream = into_tokio(stream).map_err(|it| failed(&it))?;
        let connection = connect_over(stream, &address, &ignore_notices()).await;
        Ok((connection.map_err(startup)?, hold))
    }
}

/// A cluster that is removed with this.
pub(super) struct Hold {
    cluster: Option<Cluster>,
    /// A second handle on the session's socket: shutting it ends the session, whoever still holds
    /// it, and with it the cluster can stop.
    socket: Option<TcpStream>,
}

impl Hold {
    pub(super) async fn close(mut self) {
        self.end_session();
        if let Some(cluster) = self.cluster.take() {
            let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
        }
    }

    fn end_session(&mut self) {
        if let Some(socket) = self.socket.take() {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.end_session();
    }
}

/// A database in a folder that stays. It takes one connection at a time: close one before the next.
pub struct Persistent {
    cluster: Cluster,
    address: Address,
}

/// Opens the database in a folder, which is made where there is none. While another process uses
/// it, this waits as long as the patience lasts.
pub async fn persistent(path: &Path, patience: Duration) -> Result<Persistent, ScratchError> {
    check_cache_directory()?;
    let path = path.to_owned();
    let cluster = blocking(move || Cluster::open(&path, patience)).await?;
    let address = address_of(&cluster);
    Ok(Persistent { cluster, address })
}

impl Persistent {
    /// Where it listens, for as long as this lives.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Opens a session, the only one at a time. What keeps it from coming about is the engine's doing:
    /// there is no network between.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn connect(&self, notices: Notices) -> Result<Connection, ScratchError> {
        connect(&self.address, notices).await.map_err(startup)
    }

    /// Stops it cleanly. Connections have to be closed before.
    pub async fn close(self) {
        // Dropped rather than stopped: somebody may still hold a connection.
        let _ = tokio::task::spawn_blocking(move || drop(self.cluster)).await;
    }
}

fn address_of(cluster: &Cluster) -> Address {
    Address::local(cluster.port(), POSTGRES, POSTGRES)
}

fn open(address: &Address) -> io::Result<TcpStream> {
    let port = address.endpoints.first().map_or(0, |it| it.port);
    TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))
}

fn into_tokio(stream: TcpStream) -> io::Result<tokio::net::TcpStream> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    tokio::net::TcpStream::from_std(stream)
}

/// The engine reports its own failures as a refusal of the connection. Advice about networks and
/// servers is of no use with it.
fn startup(error: ConnectError) -> ScratchError {
    match error {
        ConnectError::Refused { error, .. } => failed(&error.message()),
        error => failed(&error),
    }
}

fn failed(reason: &dyn std::fmt::Display) -> ScratchError {
    ScratchError::EmbeddedEngine { reason: reason.to_string() }
}

impl From<EngineError> for ScratchError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Start { reason } => Self::EmbeddedEngine { reason },
            EngineError::Files { path, source } => Self::CacheDirectory { path, source },
            EngineError::Busy { path } => Self::Busy { path },
            EngineError::MissingExtension { name } => {
                Self::MissingExtension { name, place: "the embedded PostgreSQL".to_owned() }
            }
        }
    }
}

/// The engine must not run on a runtime's thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, ScratchError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome?),
        Err(panicked) => Err(failed(&panicked)),
    }
}

/// This same process again, with the engine's files in the project, for a user whose cache directory
/// cannot be written; none where that would be no better. The engine asks only the environment for
/// that directory, and a running process cannot safely change its own.
#[must_use]
pub fn relocated(project: &Path) -> Option<Command> {
    check_cache_directory().err()?;
    let directory = std::path::absolute(project.join(".aludel/cache")).ok()?;
    check_files(&directory).ok()?;
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.args(std::env::args_os().skip(1)).env(CACHE_VARIABLE, directory);
    Some(command)
}

/// The engine unpacks itself below the user's cache directory, wherever it runs.
pub(crate) fn check_cache_directory() -> Result<(), EngineError> {
    cache_directory().map_or(Ok(()), |it| check_files(&it))
}

/// Where that is on systems that go by XDG; the others always have theirs.
fn cache_directory() -> Option<PathBuf> {
    if cfg!(any(target_os = "macos", windows)) { None } else { user_folder() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The engine has no connect timeout, and its failures give no advice about networks.
    #[test]
    fn the_engine_is_waited_for_and_no_network_is_blamed() {
        let address = Address::local(5432, POSTGRES, POSTGRES);
        assert_eq!(address.connect_timeout, None);
        let endpoint = address.endpoints[0].to_string();
        let error = startup(ConnectError::Timeout { endpoint, after: Duration::from_secs(1) });
        let hint = error.hint().unwrap();
        assert!(!hint.contains("firewall") && !hint.contains("network"), "{hint}");
    }
}
