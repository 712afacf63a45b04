//! Why a connection failed, in one sentence, and hints.

use std::io;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use super::address::{Address, Endpoint};

/// A connection that did not come about. It never carries a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody knows the name.
    #[error("unknown host `{host}`")]
    UnknownHost {
        /// The name.
        host: String,
    },
    /// Nobody answers.
    #[error("cannot connect to {endpoint}: {source}")]
    Unreachable {
        /// Host and port.
        endpoint: String,
        /// What the system says.
        source: io::Error,
    },
    /// No answer in time.
    #[error("no answer from {endpoint} within {} s", .after.as_secs())]
    Timeout {
        /// Host and port.
        endpoint: String,
        /// The time.
        after: Duration,
    },
    /// A certificate or key of ours cannot be used.
    #[error("cannot use {what} for TLS: {reason}")]
    TlsSetup {
        /// A file, or what else.
        what: String,
        /// Why not.
        reason: String,
    },
    /// Nothing to verify against.
    #[error("there are no root certificates to verify the server with")]
    NoRootCertificates,
    /// TLS is asked for, and not to be had, or the certificate is wrong.
    #[error("cannot use TLS with {endpoint}: {reason}")]
    Tls {
        /// Host and port.
        endpoint: String,
        /// Why not.
        reason: String,
    },
    /// The server wants a password, and there is none.
    #[error("{endpoint} asks for the password of user `{user}`, but none is given")]
    NoPassword {
        /// Host and port.
        endpoint: String,
        /// The role.
        user: String,
    },
    /// The server said no.
    #[error("{endpoint} rejected user `{user}` on database `{database}`: {}", .error.message())]
    Refused {
        /// Host and port.
        endpoint: String,
        /// The role.
        user: String,
        /// The database.
        database: String,
        /// What it said.
        error: Box<DbError>,
    },
    /// A standby, where a primary is needed, or the other way round.
    #[error("{endpoint} {found}, but target_session_attrs asks for {wanted}")]
    Target {
        /// Host and port.
        endpoint: String,
        /// What it is.
        found: &'static str,
        /// What is wanted.
        wanted: &'static str,
    },
    /// A server of somebody else on this machine.
    #[error(
        "the server at {endpoint} runs as user `{found}`, but requirepeer asks for `{required}`"
    )]
    Peer {
        /// The directory of the socket.
        endpoint: String,
        /// Who it has to be.
        required: String,
        /// Who it is.
        found: String,
    },
    /// A server that asks in a way that is not wanted.
    #[error("authentication with {endpoint} failed: {reason}")]
    Unwanted {
        /// Host and port.
        endpoint: String,
        /// What it asked for.
        reason: String,
    },
    /// Something that is no PostgreSQL, or that hung up.
    #[error("{endpoint} does not speak the PostgreSQL protocol: {reason}")]
    Protocol {
        /// Host and port.
        endpoint: String,
        /// What was seen.
        reason: String,
    },
}

impl ConnectError {
    /// Sorts out what the driver reports from before the session began.
    pub(super) fn from_startup(
        address: &Address,
        endpoint: &Endpoint,
        error: &tokio_postgres::Error,
    ) -> Self {
        let shown = endpoint.to_string();
        if let Some(it) = error.as_db_error() {
            return Self::Refused {
                endpoint: shown,
                user: address.user.clone(),
                database: address.database.clone(),
                error: Box::new(it.clone()),
            };
        }
        let message = error.to_string();
        let reason = innermost(error);
        // With TLS 1.3 a server may turn down our certificate after the handshake.
        let alert = reason.starts_with("received fatal alert");
        if alert || message.starts_with("error performing TLS handshake") {
            return Self::Tls { endpoint: shown, reason };
        }
        if let Some(reason) = reason.strip_prefix("require_auth: ") {
            return Self::Unwanted { endpoint: shown, reason: reason.to_owned() };
        }
        if reason == "password missing" {
            return Self::NoPassword { endpoint: shown, user: address.user.clone() };
        }
        Self::Protocol { endpoint: shown, reason }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::UnknownHost { .. } => {
                "is the name spelled right, and does this machine resolve it?"
            }
            Self::Unreachable { source, .. } => match source.kind() {
                io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
                    "is the server running, and listening there?"
                }
                _ => "is the server running, and the network up?",
            },
            Self::Timeout { .. } => {
                "is there a firewall? connect_timeout in the URL sets how long to wait"
            }
            Self::NoRootCertificates => {
                "give sslrootcert=FILE or sslrootcert=system, or save the file as \
                 ~/.postgresql/root.crt"
            }
            Self::Tls { reason, .. } if reason == "server does not support TLS" => {
                "sslmode=prefer connects without TLS where the server has none"
            }
            Self::Tls { reason, .. } if reason.contains("UnsupportedCertVersion") => {
                "the server's certificate is of X.509 version 1, which cannot be verified (only \
                 used, by sslmode=require without root certificates): sign it with extensions \
                 (openssl x509 -req -extfile …)"
            }
            Self::Tls { .. } => {
                "is sslrootcert the authority that signed the server's certificate, and is the \
                 certificate issued for this host?"
            }
            Self::NoPassword { .. } => {
                "give it in the URL, in PGPASSWORD or in the password file ~/.pgpass"
            }
            Self::Refused { error, database, .. } => return refusal_hint(error, database),
            Self::Target { .. } => "list all servers: host=a,b,c",
            Self::Unwanted { .. } => {
                "the authentication method is set in the server's pg_hba.conf; require_auth lists \
                 the accepted ones"
            }
            Self::TlsSetup { .. } | Self::Protocol { .. } | Self::Peer { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

fn refusal_hint(error: &DbError, database: &str) -> Option<String> {
    let code = error.code();
    if *code == SqlState::INVALID_PASSWORD {
        return Some("is the password right? PGPASSWORD and ~/.pgpass are used, too".to_owned());
    }
    if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        return Some("does the role exist, and does the server's pg_hba.conf allow it?".to_owned());
    }
    if *code == SqlState::INVALID_CATALOG_NAME {
        return Some(format!("create it: CREATE DATABASE \"{}\"", database.replace('"', "\"\"")));
    }
    if *code == SqlState::TOO_MANY_CONNECTIONS || *code == SqlState::CANNOT_CONNECT_NOW {
        return Some("try again in a moment".to_owned());
    }
    error.hint().map(str::to_owned)
}

/// The last cause of an error, which says most.
pub(super) fn innermost(error: &tokio_postgres::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
