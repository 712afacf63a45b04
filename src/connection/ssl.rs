//! The TLS parameters of a connection string: `sslmode` and the certificates. Pure; used by
//! `connection::tls`.

use std::path::PathBuf;
use std::str::FromStr;

use super::address_error::AddressError;
use super::parameters::Parameters;
use super::surroundings::Surroundings;

/// Everything about TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssl {
    /// How much.
    pub mode: SslMode,
    /// What a server's certificate has to lead to.
    pub root: Option<RootCertificates>,
    /// The client's certificate and key.
    pub client: Option<(PathBuf, PathBuf)>,
    /// Certificates that were revoked.
    pub revoked: Option<PathBuf>,
    /// Whether the server is told the name that it is called by.
    pub names_server: bool,
    /// The versions of TLS that will do.
    pub versions: TlsVersions,
}

impl Default for Ssl {
    fn default() -> Self {
        Self {
            mode: SslMode::default(),
            root: None,
            client: None,
            revoked: None,
            names_server: true,
            versions: TlsVersions::Both,
        }
    }
}

/// Versions of TLS. Older ones are never spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersions {
    /// 1.2 and 1.3.
    Both,
    /// 1.2 only.
    Tls12,
    /// 1.3 only.
    Tls13,
}

/// Certificates that are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootCertificates {
    /// Those in a PEM file.
    File(PathBuf),
    /// Those that the operating system trusts.
    System,
}

/// `sslmode` (manual section 34.19).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Never.
    Disable,
    /// When the server wants it.
    Allow,
    /// When the server can.
    #[default]
    Prefer,
    /// Always.
    Require,
    /// Always, with a certificate of a trusted authority.
    VerifyCa,
    /// Always, with a certificate of a trusted authority for this very host.
    VerifyFull,
}

impl FromStr for SslMode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "disable" => Ok(Self::Disable),
            "allow" => Ok(Self::Allow),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(()),
        }
    }
}

/// Reads it. As in libpq, certificates in `~/.postgresql` count where none are named.
pub(super) fn ssl(parameters: &Parameters, around: &dyn Surroundings) -> Result<Ssl, AddressError> {
    let own = |name: &str| around.home().map(|it| it.join(".postgresql").join(name));
    let existing = |path: Option<PathBuf>| path.filter(|it| around.exists(it));
    let root = match parameters.get("sslrootcert") {
        Some("system") => Some(RootCertificates::System),
        Some(path) => Some(RootCertificates::File(path.into())),
        None => existing(own("root.crt")).map(RootCertificates::File),
    };
    let system = root == Some(RootCertificates::System);
    let mode = match parameters.get("sslmode") {
        Some(text) => text.parse().map_err(|()| AddressError::BadValue {
            keyword: "sslmode",
            expected: "disable, allow, prefer, require, verify-ca or verify-full",
        })?,
        None if system => SslMode::VerifyFull,
        None => SslMode::default(),
    };
    if system && mode != SslMode::VerifyFull {
        let expected = "verify-full where sslrootcert is `system`";
        return Err(AddressError::BadValue { keyword: "sslmode", expected });
    }
    let certificate = parameters.get("sslcert").map(PathBuf::from);
    let key = parameters.get("sslkey").map(PathBuf::from);
    let certificate = certificate.or_else(|| existing(own("postgresql.crt")));
    let key = key.or_else(|| existing(own("postgresql.key")));
    let revoked = parameters.get("sslcrl").map(PathBuf::from).or_else(|| existing(own("root.crl")));
    let client = match parameters.get("sslcertmode") {
        None | Some("allow") => certificate.zip(key),
        Some("disable") => None,
        Some(_) => {
            // Whether the server asked for a certificate is not told by the TLS library.
            let expected = "allow or disable; `require` is not supported";
            return Err(AddressError::BadValue { keyword: "sslcertmode", expected });
        }
    };
    let names_server = match parameters.get("sslsni") {
        None | Some("1") => true,
        Some("0") => false,
        Some(_) => {
            return Err(AddressError::BadValue { keyword: "sslsni", expected: "0 or 1" });
        }
    };
    Ok(Ssl { mode, root, client, revoked, names_server, versions: versions(parameters)? })
}

/// The versions of TLS, oldest first.
const VERSIONS: [&str; 4] = ["tlsv1", "tlsv1.1", "tlsv1.2", "tlsv1.3"];

fn versions(parameters: &Parameters) -> Result<TlsVersions, AddressError> {
    let bound = |keyword: &'static str, default: usize| {
        let Some(text) = parameters.get(keyword) else { return Ok(default) };
        let expected = "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3";
        let text = text.to_lowercase();
        let found = VERSIONS.iter().position(|it| *it == text);
        found.ok_or(AddressError::BadValue { keyword, expected })
    };
    let least = bound("ssl_min_protocol_version", 2)?;
    let most = bound("ssl_max_protocol_version", 3)?;
    let keyword = "ssl_max_protocol_version";
    match (least, most) {
        (_, ..2) => Err(AddressError::BadValue { keyword, expected: "at least TLSv1.2" }),
        (3, 2) => {
            let expected = "no older than ssl_min_protocol_version";
            Err(AddressError::BadValue { keyword, expected })
        }
        (3, _) => Ok(TlsVersions::Tls13),
        (_, 2) => Ok(TlsVersions::Tls12),
        _ => Ok(TlsVersions::Both),
    }
}
