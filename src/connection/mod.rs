//! Connections to a server. In: an [`Address`]. Out: a [`Connection`], or the reason for a failure.
//!
//! [`Address::parse`] is pure; only [`connect`] uses the network. Passwords are never shown.

pub mod address;
mod address_error;
mod copy;
pub mod error;
pub mod keywords;
mod parameters;
mod passfile;
mod require_auth;
pub mod ssl;
pub mod surroundings;
mod text_settings;
mod tls;
mod url;
mod wire;
mod x509;

use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Config, NoTls, config};
use tokio_postgres_rustls::MakeRustlsConnect;

pub use address::Address;
use address::{ChannelBinding, Endpoint, Host, TargetSession};
pub use address_error::AddressError;
pub use copy::copy_in;
pub use error::ConnectError;
use require_auth::{Guarded, GuardedTls};
use ssl::SslMode;
pub use text_settings::{text_pins, text_pins_after};
use wire::{Way, Wire, open};

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
    /// The channels of the notifications that have come.
    notifications: mpsc::UnboundedReceiver<String>,
    lost: Arc<OnceLock<String>>,
}

/// A connection that hears what another one says, by the notifications of the server.
pub struct Witness<'a> {
    /// Its session.
    pub client: &'a Client,
    /// The channels of the notifications that it receives.
    pub notifications: &'a mut mpsc::UnboundedReceiver<String>,
}

impl Connection {
    /// The major version that the server told when the session began.
    #[must_use]
    pub fn major_version(&self) -> Option<u32> {
        self.major_version
    }

    /// Why the connection ended, where it was not closed from here. Whoever waits for an answer is only
    /// told that none comes.
    #[must_use]
    pub fn lost_because(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    /// This connection as the witness of another one.
    pub fn as_witness(&mut self) -> Witness<'_> {
        Witness { client: &self.client, notifications: &mut self.notifications }
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
    way: Way,
    tls: Option<ClientConfig>,
    token: CancelToken,
}

impl Canceller {
    /// Asks the server to stop the running statement. The embedded engine cannot be asked: it has
    /// one connection only, so there this ends with a timeout.
    pub async fn cancel(&self) -> Result<(), ConnectError> {
        let limit = self.way.timeout.unwrap_or(address::DEFAULT_CONNECT_TIMEOUT);
        let endpoint = self.way.endpoint.to_string();
        let late = || ConnectError::Timeout { endpoint, after: limit };
        tokio::time::timeout(limit, self.send()).await.unwrap_or_else(|_| Err(late()))
    }

    async fn send(&self) -> Result<(), ConnectError> {
        let stream = open(&self.way).await?;
        let sent = match &self.tls {
            None => self.token.cancel_query_raw(stream, NoTls).await,
            Some(config) => {
                let tls = connector(config.clone(), &self.way.endpoint);
                self.token.cancel_query_raw(stream, tls).await
            }
        };
        sent.map_err(|it| ConnectError::Protocol {
            endpoint: self.way.endpoint.to_string(),
            reason: error::innermost(&it),
        })
    }
}

/// Opens a session at the first server of the address that lets us in.
pub async fn connect(address: &Address, notices: Notices) -> Result<Connection, ConnectError> {
    let mut endpoints: Vec<&Endpoint> = address.endpoints.iter().collect();
    if address.shuffled {
        shuffle(&mut endpoints);
    }
    let first = match address.target {
        TargetSession::PreferStandby => TargetSession::Standby,
        target => target,
    };
    let failure = match connect_to_one(address, &endpoints, first, &notices).await {
        Ok(connection) => return Ok(connection),
        Err(failure) => failure,
    };
    match address.target {
        TargetSession::PreferStandby => {
            connect_to_one(address, &endpoints, TargetSession::Any, &notices).await
        }
        _ => Err(failure),
    }
}

async fn connect_to_one(
    address: &Address,
    endpoints: &[&Endpoint],
    target: TargetSession,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let mut failure = None;
    for endpoint in endpoints {
        match connect_to(address, endpoint, target, notices).await {
            Ok(connection) => return Ok(connection),
            Err(it) => failure = Some(it),
        }
    }
    Err(failure.unwrap_or_else(no_endpoint))
}

/// Puts them into a random order (Fisher and Yates). Without randomness the order stays.
fn shuffle<T>(items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let random = getrandom::u64().unwrap_or_default();
        let below = u64::try_from(last + 1).unwrap_or(u64::MAX);
        items.swap(last, usize::try_from(random % below).unwrap_or(last));
    }
}

fn no_endpoint() -> ConnectError {
    ConnectError::UnknownHost { host: String::new() }
}

/// Tries one server, within the time that the address gives it.
async fn connect_to(
    address: &Address,
    endpoint: &Endpoint,
    target: TargetSession,
    notices: &Notices,
) -> Result<Connection, ConnectError> {
    let attempt = async {
        let connection = attempts(address, endpoint, notices).await?;
        check_target(&connection, endpoint, target).await?;
        Ok(connection)
    };
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

/// Whether the connection failed because of the server's rules (`hostssl`, `hostnossl`) or its TLS.
fn another_mode_may_do(error: &ConnectError) -> bool {
    match error {
        ConnectError::Tls { .. } | ConnectError::TlsSetup { .. } => true,
        ConnectError::Refused { error, .. } => {
            *error.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        }
        ConnectError::UnknownHost { .. }
        | ConnectError::Unreachable { .. }
        | ConnectError::Timeout { .. }
        | ConnectError::NoRootCertificates
        | ConnectError::NoPassword { .. }
        | ConnectError::Target { .. }
        | ConnectError::Peer { .. }
        | ConnectError::Unwanted { .. }
        | ConnectError::Protocol { .. } => false,
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
    let stream = open(&way(address, endpoint)).await?;
    begin(address, endpoint, mode, tls, stream, notices).await
}

fn way(address: &Address, endpoint: &Endpoint) -> Way {
    Way {
        endpoint: endpoint.clone(),
        timeout: address.connect_timeout,
        tcp: address.tcp.clone(),
        peer: address.require_peer.clone(),
    }
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
    let (sender, notifications) = mpsc::unbounded_channel();
    let lost = Arc::default();
    let heard =
        Heard { notices: Arc::clone(notices), notifications: sender, lost: Arc::clone(&lost) };
    let allowed = || address.require_auth.clone();
    let (client, driver, version) = match &tls {
        None => {
            let stream = Guarded::new(stream, allowed());
            let (client, connection) = config.connect_raw(stream, NoTls).await.map_err(refused)?;
            let version = connection.parameter("server_version").and_then(major);
            (client, drive(connection, heard), version)
        }
        Some(tls) => {
            let client = connector(tls.clone(), endpoint);
            let tls = GuardedTls { client, allowed: allowed() };
            let stream = Guarded::negotiating(stream, allowed());
            let (client, connection) = config.connect_raw(stream, tls).await.map_err(refused)?;
            let version = connection.parameter("server_version").and_then(major);
            (client, drive(connection, heard), version)
        }
    };
    let token = client.cancel_token();
    let canceller = Canceller { way: way(address, endpoint), tls, token };
    Ok(Connection { client, canceller, driver, major_version: version, notifications, lost })
}

/// The number at the beginning of `18.4`, `19devel` or `15.20 (Debian 15.20-0+deb12u1)`.
fn major(version: &str) -> Option<u32> {
    let digits = version.find(|it: char| !it.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

/// Whether a server is one of those that will do (manual section 34.1.2, target_session_attrs).
async fn check_target(
    client: &Client,
    endpoint: &Endpoint,
    target: TargetSession,
) -> Result<(), ConnectError> {
    if matches!(target, TargetSession::Any | TargetSession::PreferStandby) {
        return Ok(());
    }
    // Not prepared: a pooler may stand between, and knows no such statement the next time.
    let sql = "SELECT pg_catalog.pg_is_in_recovery(), \
               pg_catalog.current_setting('default_transaction_read_only') \
                   OPERATOR(pg_catalog.=) 'on'::text";
    let row = client.query_typed_one(sql, &[]).await;
    let row = row.map_err(|it| ConnectError::Protocol {
        endpoint: endpoint.to_string(),
        reason: error::innermost(&it),
    })?;
    let standby: bool = row.get(0);
    let read_only = standby || row.get(1);
    let wrong = match target {
        TargetSession::ReadWrite if read_only => Some(("does not accept writes", "read-write")),
        TargetSession::ReadOnly if !read_only => Some(("accepts writes", "read-only")),
        TargetSession::Primary if standby => Some(("is a standby", "primary")),
        TargetSession::Standby if !standby => Some(("is a primary", "standby")),
        _ => None,
    };
    match wrong {
        None => Ok(()),
        Some((found, wanted)) => {
            Err(ConnectError::Target { endpoint: endpoint.to_string(), found, wanted })
        }
    }
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

/// Where it goes that the server says unasked.
struct Heard {
    notices: Notices,
    notifications: mpsc::UnboundedSender<String>,
    lost: Arc<OnceLock<String>>,
}

/// Reads what the server sends until the session ends, and hands on what it says unasked.
fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, heard: Heard) -> JoinHandle<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            let message = match message {
                Ok(message) => message,
                Err(error) => {
                    // Set once: an error ends the session.
                    let _ = heard.lost.set(match error.is_closed() {
                        true => "the server closed it".to_owned(),
                        false => error::innermost(&error),
                    });
                    return;
                }
            };
            match message {
                AsyncMessage::Notice(notice) => (heard.notices)(&notice),
                // Nobody listens any more when the session is being closed.
                AsyncMessage::Notification(it) => {
                    drop(heard.notifications.send(it.channel().to_owned()));
                }
                _ => {}
            }
        }
    })
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
