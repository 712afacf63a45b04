//! Connections to a server. In: an [`Address`]. Out: a [`Connection`], or why there is none.
//!
//! [`Address::parse`] is pure; only [`connect`] touches the network. Passwords are never shown.

pub mod address;
mod address_error;
mod copy;
pub mod error;
mod parameters;
mod passfile;
pub mod ssl;
pub mod surroundings;
mod text_settings;
mod tls;
mod url;

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config, NoTls, config};
use tokio_postgres_rustls::MakeRustlsConnect;

pub use address::Address;
use address::{ChannelBinding, Endpoint, Host};
pub use address_error::AddressError;
pub use copy::copy_in;
pub use error::ConnectError;
use ssl::SslMode;
pub use text_settings::{text_pins, text_pins_after};

/// What is done with a notice (`RAISE NOTICE`, `already exists, skipping`) from the server.
pub type Notices = Arc<dyn Fn(&DbError) + Send + Sync>;

/// Lets notices fall.
#[must_use]
pub fn ignore_notices() -> Notices {
    Arc::new(|_| {})
}

/// A session. It can be used as the [`Client`] that it holds.
pub struct Connection {
    client: Client,
    canceller: Canceller,
    driver: JoinHandle<()>,
    major_version: Option<u32>,
}

impl Connection {
    /// The major version that the server told when the session began.
    #[must_use]
    pub fn major_version(&self) -> Option<u32> {
        self.major_version
    }

    /// What stops the running statement from elsewhere.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// Ends the session and waits until the server has been told.
    pub async fn close(self) {
        drop(self.client);
        // The driver only fails if it panicked or was stopped; then there is nothing to wait for.
        let _ = self.driver.await;
    }
}

impl Deref for Connection {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// Stops what a session is doing, over a connection of its own.
#[derive(Clone)]
pub struct Canceller {
    endpoint: Endpoint,
    timeout: Option<Duration>,
    tls: Option<ClientConfig>,
    token: CancelToken,
}

impl Canceller {
    /// Asks the server to stop the running statement. The embedded engine cannot be asked: it has
    /// one connection only, so there this ends with a timeout.
    pub async fn cancel(&self) -> Result<(), ConnectError> {
        let limit = self.timeout.unwrap_or(address::DEFAULT_CONNECT_TIMEOUT);
        let late = || ConnectError::Timeout { endpoint: self.endpoint.to_string(), after: limit };
        tokio::time::timeout(limit, self.send()).await.unwrap_or_else(|_| Err(late()))
    }

    async fn send(&self) -> Result<(), ConnectError> {
        let stream = open(&self.endpoint, self.timeout).await?;
        let sent = match &self.tls {
            None => self.token.cancel_query_raw(stream, NoTls).await,
            Some(config) => {
                let tls = connector(config.clone(), &self.endpoint);
                self.token.cancel_query_raw(stream, tls).await
            }
        };
        sent.map_err(|it| ConnectError::Protocol {
            endpoint: self.endpoint.to_string(),
            reason: it.to_string(),
        })
    }
}

/// Opens a session at the first server of the address that lets us in.
pub async fn connect(address: &Address, notices: Notices) -> Result<Connection, ConnectError> {
    let mut failure = None;
    for endpoint in &address.endpoints {
        match connect_to(address, endpoint, &notices).await {
            Ok(connection) => return Ok(connection),
            Err(it) => failure = Some(it),
        }
    }
    Err(failure.unwrap_or_else(no_endpoint))
}

fn no_endpoint() -> ConnectError {
    ConnectError::UnknownHost { host: String::new() }
}

/// Tries one server, within the time that the address gives it.
async fn connect_to(
    address: &Address,
    endpoint: &Endpoint,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let attempt = attempts(address, endpoint, notices);
    let Some(limit) = address.connect_timeout else { return attempt.await };
    let late = ConnectError::Timeout { endpoint: endpoint.to_string(), after: limit };
    tokio::time::timeout(limit, attempt).await.unwrap_or(Err(late))
}

/// `allow` and `prefer` have a second try: with TLS after without, and the other way round.
async fn attempts(
    address: &Address,
    endpoint: &Endpoint,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let local = matches!(endpoint.host, Host::Unix(_));
    let (first, second) = match address.ssl.mode {
        _ if local => (config::SslMode::Disable, None),
        SslMode::Disable => (config::SslMode::Disable, None),
        SslMode::Allow => (config::SslMode::Disable, Some(config::SslMode::Require)),
        SslMode::Prefer => (config::SslMode::Prefer, Some(config::SslMode::Disable)),
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
            (config::SslMode::Require, None)
        }
    };
    match (attempt(address, endpoint, first, notices).await, second) {
        (Err(error), Some(second)) if another_mode_may_do(&error) => {
            // What counts is what the first try said, if neither gets in.
            attempt(address, endpoint, second, notices).await.map_err(|_| error)
        }
        (outcome, _) => outcome,
    }
}

/// Whether the server's rules (`hostssl`, `hostnossl`) or its TLS stood in the way.
fn another_mode_may_do(error: &ConnectError) -> bool {
    match error {
        ConnectError::Tls { .. } | ConnectError::TlsSetup { .. } => true,
        ConnectError::Refused { error, .. } => {
            *error.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        }
        _ => false,
    }
}

/// One try in one mode.
async fn attempt(
    address: &Address,
    endpoint: &Endpoint,
    mode: config::SslMode,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let tls = match mode {
        config::SslMode::Disable => None,
        _ => Some(tls::client(&address.ssl)?),
    };
    let stream = open(endpoint, address.connect_timeout).await?;
    let connection = begin(address, endpoint, mode, tls, stream, notices).await?;
    if address.read_write && is_read_only(&connection).await {
        return Err(ConnectError::ReadOnly { endpoint: endpoint.to_string() });
    }
    Ok(connection)
}

/// A session without TLS over a stream that is already open.
#[cfg_attr(not(feature = "embedded"), expect(dead_code, reason = "only the embedded engine"))]
pub(crate) async fn connect_over(
    stream: impl Wire + 'static,
    address: &Address,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let endpoint = address.endpoints.first().ok_or_else(no_endpoint)?;
    begin(address, endpoint, config::SslMode::Disable, None, Box::new(stream), notices).await
}

/// Begins the session.
async fn begin(
    address: &Address,
    endpoint: &Endpoint,
    mode: config::SslMode,
    tls: Option<ClientConfig>,
    stream: Box<dyn Wire>,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let config = session_config(address, endpoint, mode);
    let refused = |it: tokio_postgres::Error| ConnectError::from_startup(address, endpoint, &it);
    let (client, driver, version) = match &tls {
        None => {
            let (client, connection) = config.connect_raw(stream, NoTls).await.map_err(refused)?;
            let version = connection.parameter("server_version").and_then(major);
            (client, drive(connection, notices), version)
        }
        Some(tls) => {
            let tls = connector(tls.clone(), endpoint);
            let (client, connection) = config.connect_raw(stream, tls).await.map_err(refused)?;
            let version = connection.parameter("server_version").and_then(major);
            (client, drive(connection, notices), version)
        }
    };
    let token = client.cancel_token();
    let timeout = address.connect_timeout;
    let canceller = Canceller { endpoint: endpoint.clone(), timeout, tls, token };
    Ok(Connection { client, canceller, driver, major_version: version })
}

/// The number at the beginning of `18.4`, `19devel` or `15.20 (Debian 15.20-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let digits = version.find(|it: char| !it.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

/// Whether the server takes no writes; one that cannot even say so counts as such.
async fn is_read_only(client: &Client) -> bool {
    let asked = client.query_one("SELECT current_setting('transaction_read_only')", &[]).await;
    asked.and_then(|it| it.try_get::<_, String>(0)).map_or(true, |it| it == "on")
}

fn session_config(address: &Address, endpoint: &Endpoint, mode: config::SslMode) -> Config {
    let mut config = Config::new();
    config
        .user(&address.user)
        .dbname(&address.database)
        .application_name(&address.application_name)
        .ssl_mode(mode)
        .channel_binding(match address.channel_binding {
            ChannelBinding::Disable => config::ChannelBinding::Disable,
            ChannelBinding::Prefer => config::ChannelBinding::Prefer,
            ChannelBinding::Require => config::ChannelBinding::Require,
        });
    if let Some(options) = &address.options {
        config.options(options);
    }
    if let Some(password) = &endpoint.password {
        config.password(password.reveal());
    }
    config
}

fn connector(
    config: ClientConfig,
    endpoint: &Endpoint,
) -> <MakeRustlsConnect as MakeTlsConnect<Box<dyn Wire>>>::TlsConnect {
    let host = match &endpoint.host {
        Host::Tcp(host) => host.as_str(),
        Host::Unix(_) => "localhost",
    };
    let mut tls = MakeRustlsConnect::new(config);
    match <MakeRustlsConnect as MakeTlsConnect<Box<dyn Wire>>>::make_tls_connect(&mut tls, host) {
        Ok(it) => it,
        Err(never) => match never {},
    }
}

/// Reads what the server sends until the session ends, and hands on its notices.
fn drive<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    notices: &Notices,
) -> JoinHandle<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let notices = Arc::clone(notices);
    tokio::spawn(async move {
        // An error ends the session; whoever waits for an answer is told by the client.
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message {
                notices(&notice);
            }
        }
    })
}

/// Bytes to and from a server.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Opens the way to a server, no more.
async fn open(
    endpoint: &Endpoint,
    timeout: Option<Duration>,
) -> Result<Box<dyn Wire>, ConnectError> {
    let opening = async {
        match (&endpoint.host, endpoint.socket()) {
            (Host::Tcp(host), _) => open_tcp(endpoint, host).await,
            (Host::Unix(_), socket) => open_unix(endpoint, socket.unwrap_or_default()).await,
        }
    };
    let Some(limit) = timeout else { return opening.await };
    let late = ConnectError::Timeout { endpoint: endpoint.to_string(), after: limit };
    tokio::time::timeout(limit, opening).await.unwrap_or(Err(late))
}

async fn open_tcp(endpoint: &Endpoint, host: &str) -> Result<Box<dyn Wire>, ConnectError> {
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
    Ok(Box::new(stream))
}

#[cfg(unix)]
async fn open_unix(
    endpoint: &Endpoint,
    socket: std::path::PathBuf,
) -> Result<Box<dyn Wire>, ConnectError> {
    let stream = tokio::net::UnixStream::connect(socket).await;
    Ok(Box::new(stream.map_err(|it| unreachable(endpoint, it))?))
}

#[cfg(not(unix))]
async fn open_unix(
    endpoint: &Endpoint,
    _socket: std::path::PathBuf,
) -> Result<Box<dyn Wire>, ConnectError> {
    let reason = "this system has no Unix-domain sockets";
    Err(unreachable(endpoint, io::Error::new(io::ErrorKind::Unsupported, reason)))
}

fn unreachable(endpoint: &Endpoint, source: io::Error) -> ConnectError {
    ConnectError::Unreachable { endpoint: endpoint.to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("18.4"), Some(18));
        assert_eq!(major("15.20 (Debian 15.20-0+deb12u1)"), Some(15));
        assert_eq!(major("19devel"), Some(19));
        assert_eq!(major("EDB"), None);
    }
}
