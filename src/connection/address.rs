//! The parameters of a connection: everything that is known before the first packet.
//!
//! In: a URL or `key=value` string and the [`Surroundings`]. Out: an [`Address`]. Pure. `Display`
//! and `Debug` never contain a password.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::address_error::{A_PORT, AddressError};
use super::parameters::Parameters;
use super::passfile;
use super::require_auth::RequireAuth;
use super::ssl::{Ssl, SslMode, ssl};
use super::surroundings::Surroundings;

/// How long to wait for a server where nothing else is said.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The port of PostgreSQL.
pub const DEFAULT_PORT: u16 = 5432;

/// Where servers put their socket: Debian's place, then the one of the sources.
const SOCKET_DIRECTORIES: &[&str] = &["/var/run/postgresql", "/tmp"];

/// A database, and how to get in.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Servers to try, in this order; never empty.
    pub endpoints: Vec<Endpoint>,
    /// The role.
    pub user: String,
    /// The database.
    pub database: String,
    /// How much TLS.
    pub ssl: Ssl,
    /// Whether the authentication is bound to the TLS channel.
    pub channel_binding: ChannelBinding,
    /// Which servers will do.
    pub target: TargetSession,
    /// Whether the servers are tried in a random order.
    pub shuffled: bool,
    /// By which methods a server may ask who we are.
    pub require_auth: RequireAuth,
    /// The user of the operating system that a server behind a Unix-domain socket has to run as.
    pub require_peer: Option<String>,
    /// When a silent connection counts as dead.
    pub tcp: TcpSettings,
    /// What `pg_stat_activity` shows.
    pub application_name: String,
    /// Options for the server's command line.
    pub options: Option<String>,
    /// How long to wait for one server; without one there is no timeout.
    pub connect_timeout: Option<Duration>,
    /// What the user should know, such as a password file that is ignored.
    pub warnings: Vec<String>,
}

/// One server.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name or socket directory.
    pub host: Host,
    /// Its address, where no name shall be looked up.
    pub host_address: Option<IpAddr>,
    /// Its port.
    pub port: u16,
    /// The password for it.
    pub password: Option<Password>,
}

/// A server's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name or an address.
    Tcp(String),
    /// The directory of a Unix-domain socket.
    Unix(PathBuf),
}

/// A password. It shows itself to nobody but the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Hides a password.
    pub fn new(password: impl Into<String>) -> Self {
        Self(password.into())
    }

    /// The password itself.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// `channel_binding`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChannelBinding {
    /// Never.
    Disable,
    /// When both sides can.
    #[default]
    Prefer,
    /// Always.
    Require,
}

/// `target_session_attrs`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TargetSession {
    /// Any server.
    #[default]
    Any,
    /// One whose sessions write by default.
    ReadWrite,
    /// One whose sessions do not.
    ReadOnly,
    /// One that is not in recovery.
    Primary,
    /// One that is.
    Standby,
    /// A standby, if there is one.
    PreferStandby,
}

/// When a connection over TCP counts as dead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TcpSettings {
    /// None where `keepalives` is off.
    pub keepalive: Option<Keepalive>,
    /// How long what was sent may be unanswered; none leaves it to the system.
    pub user_timeout: Option<Duration>,
}

/// The questions whether a silent peer is still there. None leaves it to the system, which asks for
/// the first time after two hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keepalive {
    /// How long it is silent before it is asked.
    pub idle: Option<Duration>,
    /// How long between two questions.
    pub interval: Option<Duration>,
    /// How many may stay without an answer.
    pub count: Option<u32>,
}

/// A peer that is gone is found within a minute.
impl Default for TcpSettings {
    fn default() -> Self {
        let keepalive = Keepalive {
            idle: Some(Duration::from_secs(30)),
            interval: Some(Duration::from_secs(10)),
            count: Some(3),
        };
        Self { keepalive: Some(keepalive), user_timeout: Some(Duration::from_secs(60)) }
    }
}

impl Address {
    /// Reads a URL or a `key=value` string as libpq does. The surroundings fill what it leaves out.
    ///
    /// # Errors
    /// When it cannot be read, or nothing stands in it: what was to name a database and does not is
    /// a mistake, where libpq would take its defaults.
    pub fn parse(text: &str, around: &dyn Surroundings) -> Result<Self, AddressError> {
        if text.trim().is_empty() {
            return Err(AddressError::Empty);
        }
        let parameters = Parameters::read(text, around)?;
        let user = user(&parameters, around)?;
        let database = parameters.get("dbname").unwrap_or(&user).to_owned();
        let mut address = Self {
            endpoints: endpoints(&parameters, around)?,
            ssl: ssl(&parameters, around)?,
            channel_binding: channel_binding(&parameters)?,
            target: target(&parameters)?,
            shuffled: shuffled(&parameters)?,
            require_auth: require_auth(&parameters)?,
            require_peer: parameters.get("requirepeer").map(str::to_owned),
            tcp: tcp(&parameters)?,
            application_name: ["application_name", "fallback_application_name"]
                .iter()
                .find_map(|it| parameters.get(it))
                .unwrap_or("aludel")
                .to_owned(),
            options: parameters.get("options").map(str::to_owned),
            connect_timeout: connect_timeout(&parameters)?,
            warnings: Vec::new(),
            user,
            database,
        };
        address.add_passwords(&parameters, around);
        Ok(address)
    }

    /// A server on this machine that asks for nothing, such as the embedded one. It may take its
    /// time: there is nothing between it and us that could be broken.
    #[must_use]
    pub fn local(port: u16, user: &str, database: &str) -> Self {
        let host = Host::Tcp("127.0.0.1".to_owned());
        Self {
            endpoints: vec![Endpoint { host, host_address: None, port, password: None }],
            user: user.to_owned(),
            database: database.to_owned(),
            ssl: Ssl { mode: SslMode::Disable, ..Ssl::default() },
            channel_binding: ChannelBinding::default(),
            target: TargetSession::Any,
            shuffled: false,
            require_auth: RequireAuth::default(),
            require_peer: None,
            tcp: TcpSettings { keepalive: None, user_timeout: None },
            application_name: "aludel".to_owned(),
            options: None,
            connect_timeout: None,
            warnings: Vec::new(),
        }
    }

    /// The same server and role, another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        Self { database: database.to_owned(), ..self.clone() }
    }

    /// The same server and database, another role that has a password of its own.
    #[must_use]
    pub fn with_role(&self, role: &str, password: &Password) -> Self {
        let mut address = Self { user: role.to_owned(), ..self.clone() };
        for endpoint in &mut address.endpoints {
            endpoint.password = Some(password.clone());
        }
        address
    }

    /// The same, with an initial setting of the session, also used by RESET (`options` of libpq, in
    /// which a backslash takes a space along).
    #[must_use]
    pub fn with_setting(&self, name: &str, value: &str) -> Self {
        let before = self.options.as_deref().map_or_else(String::new, |it| format!("{it} "));
        let mut escaped = String::new();
        for it in value.chars() {
            if it == '\\' || it.is_ascii_whitespace() {
                escaped.push('\\');
            }
            escaped.push(it);
        }
        Self { options: Some(format!("{before}-c {name}={escaped}")), ..self.clone() }
    }

    /// All that it holds, the password too.
    #[cfg(test)]
    pub(super) fn everything(&self) -> String {
        let Self { endpoints, user, database, ssl, channel_binding, target, shuffled, .. } = self;
        let Self { require_auth, require_peer, tcp, application_name, options, .. } = self;
        let passwords: Vec<_> =
            endpoints.iter().filter_map(|it| it.password.as_ref().map(Password::reveal)).collect();
        let addresses: Vec<_> = endpoints.iter().map(|it| it.host_address).collect();
        format!(
            "{endpoints:?} {addresses:?} {passwords:?} {user} {database} {ssl:?} \
             {channel_binding:?} {target:?} {shuffled} {require_auth:?} {require_peer:?} {tcp:?} \
             {application_name} {options:?} {:?}",
            self.connect_timeout
        )
    }

    fn add_passwords(&mut self, parameters: &Parameters, around: &dyn Surroundings) {
        let given = parameters.get("password").map(Password::new);
        let file = if given.is_some() { None } else { passfile_text(parameters, around) };
        let text = match file {
            None => String::new(),
            Some(Ok(text)) => text,
            Some(Err(warning)) => {
                self.warnings.push(warning);
                String::new()
            }
        };
        for endpoint in &mut self.endpoints {
            let wanted = passfile::Wanted {
                host: &endpoint.passfile_host(),
                port: endpoint.port,
                database: &self.database,
                user: &self.user,
            };
            let found = passfile::find(&text, &wanted).map(Password::new);
            endpoint.password = given.clone().or(found);
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}@", self.user)?;
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write!(f, "{endpoint}")?;
        }
        write!(f, "/{}", self.database)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} ({:?})", self.ssl.mode)
    }
}

impl Endpoint {
    /// The name that a password file knows it by.
    fn passfile_host(&self) -> String {
        match &self.host {
            Host::Tcp(host) => host.clone(),
            Host::Unix(directory) if is_default_directory(directory) => "localhost".to_owned(),
            Host::Unix(directory) => directory.display().to_string(),
        }
    }

    /// The file of the socket, for a server on this machine.
    pub(crate) fn socket(&self) -> Option<PathBuf> {
        match &self.host {
            Host::Tcp(_) => None,
            Host::Unix(directory) => Some(directory.join(format!(".s.PGSQL.{}", self.port))),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Tcp(host) if host.contains(':') => write!(f, "[{host}]:{}", self.port),
            Host::Tcp(host) => write!(f, "{host}:{}", self.port),
            Host::Unix(directory) => write!(f, "{}:{}", directory.display(), self.port),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

fn user(parameters: &Parameters, around: &dyn Surroundings) -> Result<String, AddressError> {
    let named = parameters.get("user").map(str::to_owned);
    named.or_else(|| around.user_name()).ok_or(AddressError::NoUser)
}

/// The servers: `host`, `hostaddr` and `port` are lists of the same length, or one port for all.
fn endpoints(
    parameters: &Parameters,
    around: &dyn Surroundings,
) -> Result<Vec<Endpoint>, AddressError> {
    let list = |keyword| {
        let values = parameters.get(keyword).into_iter().flat_map(|it: &str| it.split(','));
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
    let count = hosts.len().max(addresses.len()).max(1);
    let uneven = |keyword, expected| Err(AddressError::BadValue { keyword, expected });
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        return uneven("hostaddr", "as many as there are hosts");
    }
    if ports.len() > 1 && ports.len() != count {
        return uneven("port", "one number, or as many as there are hosts");
    }
    (0..count)
        .map(|at| {
            let port = port(ports.get(at).or_else(|| ports.first()))?;
            let host_address = host_address(addresses.get(at))?;
            let host = match (hosts.get(at).filter(|it| !it.is_empty()), host_address) {
                (Some(host), _) if is_socket_directory(host) => Host::Unix(host.into()),
                (Some(host), _) => Host::Tcp(host.clone()),
                (None, Some(address)) => Host::Tcp(address.to_string()),
                (None, None) => default_host(port, around),
            };
            Ok(Endpoint { host, host_address, port, password: None })
        })
        .collect()
}

fn port(text: Option<&String>) -> Result<u16, AddressError> {
    let Some(text) = text.filter(|it| !it.is_empty()) else { return Ok(DEFAULT_PORT) };
    let number = text.trim().parse().ok().filter(|it| *it > 0);
    number.ok_or(AddressError::BadValue { keyword: "port", expected: A_PORT })
}

fn host_address(text: Option<&String>) -> Result<Option<IpAddr>, AddressError> {
    let Some(text) = text.filter(|it| !it.is_empty()) else { return Ok(None) };
    let bad = AddressError::BadValue { keyword: "hostaddr", expected: "an IP address" };
    text.parse().map(Some).map_err(|_| bad)
}

fn is_socket_directory(host: &str) -> bool {
    host.starts_with('/')
}

fn is_default_directory(directory: &Path) -> bool {
    SOCKET_DIRECTORIES.iter().any(|it| Path::new(it) == directory)
}

/// As libpq: the socket on this machine. Where none stands there, `localhost`.
fn default_host(port: u16, around: &dyn Surroundings) -> Host {
    let socket = format!(".s.PGSQL.{port}");
    let mut directories = SOCKET_DIRECTORIES.iter().map(Path::new);
    match directories.find(|it| around.exists(&it.join(&socket))) {
        Some(directory) => Host::Unix(directory.to_owned()),
        None => Host::Tcp("localhost".to_owned()),
    }
}

fn target(parameters: &Parameters) -> Result<TargetSession, AddressError> {
    Ok(match parameters.get("target_session_attrs") {
        None | Some("any") => TargetSession::Any,
        Some("read-write") => TargetSession::ReadWrite,
        Some("read-only") => TargetSession::ReadOnly,
        Some("primary") => TargetSession::Primary,
        Some("standby") => TargetSession::Standby,
        Some("prefer-standby") => TargetSession::PreferStandby,
        Some(_) => {
            let keyword = "target_session_attrs";
            let expected = "any, read-write, read-only, primary, standby or prefer-standby";
            return Err(AddressError::BadValue { keyword, expected });
        }
    })
}

fn shuffled(parameters: &Parameters) -> Result<bool, AddressError> {
    match parameters.get("load_balance_hosts") {
        None | Some("disable") => Ok(false),
        Some("random") => Ok(true),
        Some(_) => {
            let expected = "disable or random";
            Err(AddressError::BadValue { keyword: "load_balance_hosts", expected })
        }
    }
}

fn require_auth(parameters: &Parameters) -> Result<RequireAuth, AddressError> {
    let Some(text) = parameters.get("require_auth") else { return Ok(RequireAuth::default()) };
    let expected = RequireAuth::EXPECTED;
    RequireAuth::parse(text).ok_or(AddressError::BadValue { keyword: "require_auth", expected })
}

/// Zero leaves a value to the system, as in libpq.
fn tcp(parameters: &Parameters) -> Result<TcpSettings, AddressError> {
    let number = |keyword: &'static str, default: Option<u32>| {
        let Some(text) = parameters.get(keyword) else { return Ok(default) };
        let bad = AddressError::BadValue { keyword, expected: "a whole number" };
        let number: i32 = text.trim().parse().map_err(|_| bad)?;
        Ok(u32::try_from(number).ok().filter(|it| *it > 0))
    };
    let seconds = |it: Option<Duration>| it.and_then(|it| u32::try_from(it.as_secs()).ok());
    let TcpSettings { keepalive, user_timeout } = TcpSettings::default();
    let keepalive = keepalive.unwrap_or(Keepalive { idle: None, interval: None, count: None });
    let on = number("keepalives", Some(1))?.is_some();
    let whole = |it: u32| Duration::from_secs(u64::from(it));
    let keepalive = Keepalive {
        idle: number("keepalives_idle", seconds(keepalive.idle))?.map(whole),
        interval: number("keepalives_interval", seconds(keepalive.interval))?.map(whole),
        count: number("keepalives_count", keepalive.count)?,
    };
    let default = user_timeout.and_then(|it| u32::try_from(it.as_millis()).ok());
    let user_timeout = number("tcp_user_timeout", default)?;
    Ok(TcpSettings {
        keepalive: on.then_some(keepalive),
        user_timeout: user_timeout.map(|it| Duration::from_millis(u64::from(it))),
    })
}

fn channel_binding(parameters: &Parameters) -> Result<ChannelBinding, AddressError> {
    match parameters.get("channel_binding") {
        None | Some("prefer") => Ok(ChannelBinding::Prefer),
        Some("disable") => Ok(ChannelBinding::Disable),
        Some("require") => Ok(ChannelBinding::Require),
        Some(_) => {
            let expected = "disable, prefer or require";
            Err(AddressError::BadValue { keyword: "channel_binding", expected })
        }
    }
}

/// In whole seconds; zero or less waits indefinitely.
fn connect_timeout(parameters: &Parameters) -> Result<Option<Duration>, AddressError> {
    let Some(text) = parameters.get("connect_timeout") else {
        return Ok(Some(DEFAULT_CONNECT_TIMEOUT));
    };
    let expected = "a number of seconds";
    let seconds: i64 = text
        .trim()
        .parse()
        .map_err(|_| AddressError::BadValue { keyword: "connect_timeout", expected })?;
    Ok(u64::try_from(seconds).ok().filter(|it| *it > 0).map(Duration::from_secs))
}

/// The text of the password file, or why it is ignored.
fn passfile_text(
    parameters: &Parameters,
    around: &dyn Surroundings,
) -> Option<Result<String, String>> {
    let named = parameters.get("passfile").map(PathBuf::from);
    let path = named.or_else(|| around.home().map(|it| it.join(".pgpass")))?;
    let file = around.read(&path)?;
    if file.private {
        return Some(Ok(file.text));
    }
    let path = path.display();
    Some(Err(format!(
        "password file `{path}` is ignored, because group or others have permissions on it (chmod \
         0600)"
    )))
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
