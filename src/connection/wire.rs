//! The socket of a connection, and its timeouts.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::address::{Endpoint, Host, TcpSettings};
use super::error::ConnectError;

/// Bytes to and from a server.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// What is asked of a way before anything is sent.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) endpoint: Endpoint,
    pub(super) timeout: Option<Duration>,
    pub(super) tcp: TcpSettings,
    /// The user that a server on this machine has to run as.
    pub(super) peer: Option<String>,
}

/// Opens the way to a server.
pub(super) async fn open(way: &Way) -> Result<Box<dyn Wire>, ConnectError> {
    let endpoint = &way.endpoint;
    let opening = async {
        match (&endpoint.host, endpoint.socket()) {
            (Host::Tcp(host), _) => open_tcp(way, host).await,
            (Host::Unix(_), socket) => open_unix(way, socket.unwrap_or_default()).await,
        }
    };
    let Some(limit) = way.timeout else { return opening.await };
    let late = ConnectError::Timeout { endpoint: endpoint.to_string(), after: limit };
    tokio::time::timeout(limit, opening).await.unwrap_or(Err(late))
}

async fn open_tcp(way: &Way, host: &str) -> Result<Box<dyn Wire>, ConnectError> {
    let endpoint = &way.endpoint;
    let unknown = || ConnectError::UnknownHost { host: host.to_owned() };
    let addresses: Vec<SocketAddr> = match endpoint.host_address {
        Some(address) => vec![SocketAddr::new(address, endpoint.port)],
        None => {
            let found = tokio::net::lookup_host((host, endpoint.port)).await;
            found.map_err(|_| unknown())?.collect()
        }
    };
    if addresses.is_empty() {
        return Err(unknown());
    }
    let stream = TcpStream::connect(addresses.as_slice()).await;
    let stream = stream.map_err(|it| unreachable(endpoint, it))?;
    stream.set_nodelay(true).map_err(|it| unreachable(endpoint, it))?;
    set_patience(&stream, &way.tcp).map_err(|it| unreachable(endpoint, it))?;
    Ok(Box::new(stream))
}

/// How long a connection may be silent, and what was sent unanswered, before it counts as dead.
fn set_patience(stream: &TcpStream, tcp: &TcpSettings) -> io::Result<()> {
    let socket = SockRef::from(stream);
    if let Some(keepalive) = &tcp.keepalive {
        let mut settings = TcpKeepalive::new();
        if let Some(idle) = keepalive.idle {
            settings = settings.with_time(idle);
        }
        #[cfg(any(target_os = "linux", target_os = "macos", target_os = "freebsd", windows))]
        {
            if let Some(interval) = keepalive.interval {
                settings = settings.with_interval(interval);
            }
            if let Some(count) = keepalive.count {
                settings = settings.with_retries(count);
            }
        }
        socket.set_tcp_keepalive(&settings)?;
    }
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(tcp.user_timeout)?;
    Ok(())
}

#[cfg(unix)]
async fn open_unix(way: &Way, socket: std::path::PathBuf) -> Result<Box<dyn Wire>, ConnectError> {
    let endpoint = &way.endpoint;
    let stream = tokio::net::UnixStream::connect(socket).await;
    let stream = stream.map_err(|it| unreachable(endpoint, it))?;
    if let Some(required) = &way.peer {
        let uid = stream.peer_cred().map_err(|it| unreachable(endpoint, it))?.uid();
        let name = super::surroundings::name_of_user(uid);
        if name.as_ref() != Some(required) {
            return Err(ConnectError::Peer {
                endpoint: endpoint.to_string(),
                required: required.clone(),
                found: name.unwrap_or_else(|| uid.to_string()),
            });
        }
    }
    Ok(Box::new(stream))
}

#[cfg(not(unix))]
async fn open_unix(way: &Way, _socket: std::path::PathBuf) -> Result<Box<dyn Wire>, ConnectError> {
    let reason = "this system has no Unix-domain sockets";
    Err(unreachable(&way.endpoint, io::Error::new(io::ErrorKind::Unsupported, reason)))
}

fn unreachable(endpoint: &Endpoint, source: io::Error) -> ConnectError {
    ConnectError::Unreachable { endpoint: endpoint.to_string(), source }
}
