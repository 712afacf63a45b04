//! Why a connection string cannot be used, and hints.

/// What a port must be.
pub(super) const A_PORT: &str = "a number from 1 to 65535";

/// An address that cannot be read. It never carries a value that may be part of a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// A setting that is there, with nothing in it.
    #[error("the database URL is empty")]
    Empty,
    /// Neither form.
    #[error("neither a `postgres://` URL nor a `key=value` string")]
    NotAnAddress,
    /// A URL that breaks the rules.
    #[error("invalid connection URL: {reason}")]
    BadUrl {
        /// Which rule.
        reason: &'static str,
    },
    /// A quote that does not end.
    #[error("the quote of `{keyword}` is not closed")]
    OpenQuote {
        /// Whose value.
        keyword: String,
    },
    /// A keyword that libpq does not have.
    #[error("`{keyword}` is not a connection parameter")]
    UnknownKeyword {
        /// As written.
        keyword: String,
        /// The nearest one.
        meant: Option<String>,
    },
    /// Something that is not done here.
    #[error("connection parameter `{keyword}` is not supported: {reason}")]
    Unsupported {
        /// The parameter, or the environment variable.
        keyword: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A value out of range.
    #[error("connection parameter `{keyword}` must be {expected}")]
    BadValue {
        /// Whose value.
        keyword: &'static str,
        /// What would do.
        expected: &'static str,
    },
    /// A service that no file has.
    #[error("there is no connection service `{service}`")]
    UnknownService {
        /// Its name.
        service: String,
    },
    /// Nobody said who connects.
    #[error("no user is given, neither in the database URL nor in PGUSER")]
    NoUser,
}

impl AddressError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Empty => Some(
                "is a secret missing? unset the variable, or give \
                 postgres://user@host:5432/database; `postgres://` alone takes everything from the \
                 PG* variables"
                    .to_owned(),
            ),
            Self::UnknownKeyword { meant, .. } => {
                meant.as_ref().map(|it| format!("did you mean `{it}`?"))
            }
            Self::NotAnAddress => Some("postgres://user@host:5432/database".to_owned()),
            Self::BadUrl { reason } if reason.contains("either side") => {
                Some("is one of the variables empty that the URL is built from?".to_owned())
            }
            Self::BadUrl { .. } => Some(
                "in a user name or password, write `%40` for @, `%2F` for /, `%3F` for ?, `%25` \
                 for %"
                    .into(),
            ),
            Self::BadValue { expected: A_PORT, .. } => Some(
                "in a password inside a URL, write `%2F` for /, `%3F` for ? and `%23` for #".into(),
            ),
            Self::UnknownService { .. } => Some(
                "services are defined in ~/.pg_service.conf or the file named in PGSERVICEFILE"
                    .to_owned(),
            ),
            Self::OpenQuote { .. }
            | Self::Unsupported { .. }
            | Self::BadValue { .. }
            | Self::NoUser => None,
        }
    }
}
