//! What an address says about TLS: `sslmode` and the certificates. Pure; `connection::tls` acts on it.

use std::path::PathBuf;
use std::str::FromStr;

use super::address_error::AddressError;
use super::parameters::Parameters;
use super::surroundings::Surroundings;

/// Everything about TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ssl {
    /// How much.
    pub mode: SslMode,
    /// What a server's certificate has to lead to.
    pub root: Option<RootCertificates>,
    /// The client's certificate and key.
    pub client: Option<(PathBuf, PathBuf)>,
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
    Ok(Ssl { mode, root, client: certificate.zip(key) })
}
