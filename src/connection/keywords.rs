//! Every connection parameter of libpq (manual section 34.1.2, PostgreSQL 18), its environment
//! variable (section 34.15), and its support in aludel. Pure.
//!
//! No parameter is silently ignored: it is supported, or an error names it, or it belongs to a
//! mechanism that aludel does not use.

/// A connection parameter.
#[derive(Debug, Clone, Copy)]
pub struct Keyword {
    /// Its name.
    pub name: &'static str,
    /// The environment variable that gives it where nothing else does.
    pub variable: Option<&'static str>,
    /// What is done with it.
    pub duty: Duty,
}

/// What is done with a parameter.
#[derive(Debug, Clone, Copy)]
pub enum Duty {
    /// It means what it means in libpq.
    Honored,
    /// These values are what is done anyway; the others are refused.
    Only {
        /// The values, in lower case.
        values: &'static [&'static str],
        /// Why no other will do.
        reason: &'static str,
    },
    /// Every value is refused.
    Refused {
        /// Why.
        reason: &'static str,
    },
    /// It is about something that is never done, so it changes nothing.
    Idle {
        /// About what.
        reason: &'static str,
    },
}

/// The values of a boolean parameter that mean no.
const OFF: &[&str] = &["0", "off", "false", "no"];

const OAUTH: Duty = Duty::Refused { reason: "aludel does not support OAuth" };
const SCRAM_KEY: Duty = Duty::Refused {
    reason: "aludel authenticates by SCRAM with the password \
                                                 only",
};
const GSSAPI: Duty =
    Duty::Idle { reason: "aludel does not support GSSAPI; a server that asks for it is refused" };

/// All of them, sorted by name.
pub const KEYWORDS: &[Keyword] = &[
    honored("application_name", Some("PGAPPNAME")),
    honored("channel_binding", Some("PGCHANNELBINDING")),
    keyword(
        "client_encoding",
        Some("PGCLIENTENCODING"),
        Duty::Only {
            values: &["utf8", "utf-8", "unicode", "auto"],
            reason: "revisions and names are in UTF-8",
        },
    ),
    honored("connect_timeout", Some("PGCONNECT_TIMEOUT")),
    honored("dbname", Some("PGDATABASE")),
    honored("fallback_application_name", None),
    keyword(
        "gssdelegation",
        Some("PGGSSDELEGATION"),
        Duty::Only { values: OFF, reason: "aludel does not support GSSAPI" },
    ),
    keyword(
        "gssencmode",
        Some("PGGSSENCMODE"),
        Duty::Only {
            values: &["disable", "prefer"],
            reason: "aludel does not support GSSAPI encryption; use sslmode",
        },
    ),
    keyword("gsslib", Some("PGGSSLIB"), GSSAPI),
    honored("host", Some("PGHOST")),
    honored("hostaddr", Some("PGHOSTADDR")),
    honored("keepalives", None),
    honored("keepalives_count", None),
    honored("keepalives_idle", None),
    honored("keepalives_interval", None),
    keyword("krbsrvname", Some("PGKRBSRVNAME"), GSSAPI),
    honored("load_balance_hosts", Some("PGLOADBALANCEHOSTS")),
    keyword(
        "max_protocol_version",
        Some("PGMAXPROTOCOLVERSION"),
        Duty::Only {
            values: &["3.0", "3.2", "latest"],
            reason: "aludel uses version 3.0 of the protocol",
        },
    ),
    keyword(
        "min_protocol_version",
        Some("PGMINPROTOCOLVERSION"),
        Duty::Only { values: &["3.0"], reason: "aludel uses version 3.0 of the protocol" },
    ),
    keyword("oauth_client_id", None, OAUTH),
    keyword("oauth_client_secret", None, OAUTH),
    keyword("oauth_issuer", None, OAUTH),
    keyword("oauth_scope", None, OAUTH),
    honored("options", Some("PGOPTIONS")),
    honored("passfile", Some("PGPASSFILE")),
    honored("password", Some("PGPASSWORD")),
    honored("port", Some("PGPORT")),
    keyword(
        "replication",
        None,
        Duty::Only { values: OFF, reason: "revisions cannot be run on a replication connection" },
    ),
    honored("require_auth", Some("PGREQUIREAUTH")),
    honored("requirepeer", Some("PGREQUIREPEER")),
    keyword("scram_client_key", None, SCRAM_KEY),
    keyword("scram_server_key", None, SCRAM_KEY),
    honored("service", Some("PGSERVICE")),
    honored("servicefile", Some("PGSERVICEFILE")),
    honored("ssl_max_protocol_version", Some("PGSSLMAXPROTOCOLVERSION")),
    honored("ssl_min_protocol_version", Some("PGSSLMINPROTOCOLVERSION")),
    honored("sslcert", Some("PGSSLCERT")),
    honored("sslcertmode", Some("PGSSLCERTMODE")),
    keyword(
        "sslcompression",
        Some("PGSSLCOMPRESSION"),
        Duty::Only { values: &["0"], reason: "aludel does not support TLS compression" },
    ),
    honored("sslcrl", Some("PGSSLCRL")),
    keyword(
        "sslcrldir",
        Some("PGSSLCRLDIR"),
        Duty::Refused { reason: "revoked certificates are read from the file given as sslcrl" },
    ),
    honored("sslkey", Some("PGSSLKEY")),
    keyword(
        "sslkeylogfile",
        None,
        Duty::Refused { reason: "aludel does not write the secrets of a TLS session to a file" },
    ),
    honored("sslmode", Some("PGSSLMODE")),
    keyword(
        "sslnegotiation",
        Some("PGSSLNEGOTIATION"),
        Duty::Only { values: &["postgres"], reason: "aludel starts TLS with an SSLRequest" },
    ),
    keyword(
        "sslpassword",
        None,
        Duty::Refused {
            reason: "aludel cannot read an encrypted key; give an unencrypted one as \
                                 sslkey",
        },
    ),
    honored("sslrootcert", Some("PGSSLROOTCERT")),
    honored("sslsni", Some("PGSSLSNI")),
    honored("target_session_attrs", Some("PGTARGETSESSIONATTRS")),
    honored("tcp_user_timeout", None),
    honored("user", Some("PGUSER")),
];

const fn keyword(name: &'static str, variable: Option<&'static str>, duty: Duty) -> Keyword {
    Keyword { name, variable, duty }
}

const fn honored(name: &'static str, variable: Option<&'static str>) -> Keyword {
    keyword(name, variable, Duty::Honored)
}

impl Keyword {
    /// Why a value cannot be taken, if it cannot. An empty one counts as none.
    pub(super) fn refusal(&self, value: &str) -> Option<&'static str> {
        match self.duty {
            _ if value.is_empty() => None,
            Duty::Honored | Duty::Idle { .. } => None,
            Duty::Only { values, .. } if values.contains(&&*value.to_lowercase()) => None,
            Duty::Only { reason, .. } | Duty::Refused { reason } => Some(reason),
        }
    }
}

#[cfg(test)]
#[path = "keywords_tests.rs"]
mod tests;
