//! Tests of each parameter of libpq.

use super::*;
use crate::connection::address::Address;
use crate::connection::surroundings::Imagined;

/// What `PQconndefaults` of PostgreSQL 18 lists, and `servicefile` of 19.
const OF_LIBPQ: &str = "application_name channel_binding client_encoding connect_timeout dbname \
    fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives \
    keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts \
    max_protocol_version min_protocol_version oauth_client_id oauth_client_secret oauth_issuer \
    oauth_scope options passfile password port replication require_auth requirepeer \
    scram_client_key scram_server_key service servicefile ssl_max_protocol_version \
    ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey \
    sslkeylogfile sslmode sslnegotiation sslpassword sslrootcert sslsni target_session_attrs \
    tcp_user_timeout user";

#[test]
fn every_parameter_of_libpq_is_known() {
    let names: Vec<_> = KEYWORDS.iter().map(|it| it.name).collect();
    assert_eq!(names, OF_LIBPQ.split_whitespace().collect::<Vec<_>>());
}

/// The address with another value of a parameter; what it is, or why it is none.
fn parsed(pair: &str) -> String {
    let around = Imagined::variables("USER=ada")
        .file("/home/ada/.pg_service.conf", "[s]\nhost=svc\n", true)
        .file("/pass", "*:*:*:*:file", true)
        .file("/svc", "[s]\nhost=other\n", true);
    match Address::parse(&format!("host=db sslcert=/c sslkey=/k {pair}"), &around) {
        Ok(it) => it.everything(),
        Err(error) => format!("error: {error}"),
    }
}

/// A value that a parameter is not at by default.
const OTHER_VALUES: &[(&str, &str)] = &[
    ("application_name", "x"),
    ("channel_binding", "require"),
    ("connect_timeout", "77"),
    ("dbname", "x"),
    ("fallback_application_name", "x"),
    ("host", "x"),
    ("hostaddr", "127.0.0.1"),
    ("keepalives", "0"),
    ("keepalives_count", "9"),
    ("keepalives_idle", "9"),
    ("keepalives_interval", "9"),
    ("load_balance_hosts", "random"),
    ("options", "-cx=y"),
    ("passfile", "/pass"),
    ("password", "x"),
    ("port", "1"),
    ("require_auth", "scram-sha-256"),
    ("requirepeer", "postgres"),
    ("service", "s user=ada"),
    ("servicefile", "/svc service=s"),
    ("ssl_max_protocol_version", "TLSv1.2"),
    ("ssl_min_protocol_version", "TLSv1.3"),
    ("sslcert", "/x"),
    ("sslcertmode", "disable"),
    ("sslcrl", "/x"),
    ("sslkey", "/x"),
    ("sslmode", "require"),
    ("sslrootcert", "/x"),
    ("sslsni", "0"),
    ("target_session_attrs", "standby"),
    ("tcp_user_timeout", "9"),
    ("user", "x"),
];

/// A parameter that is honored makes another address.
#[test]
fn what_is_honored_changes_the_address() {
    let honored = KEYWORDS.iter().filter(|it| matches!(it.duty, Duty::Honored));
    let names: Vec<_> = honored.map(|it| it.name).collect();
    assert_eq!(names, OTHER_VALUES.iter().map(|it| it.0).collect::<Vec<_>>());
    for (name, value) in OTHER_VALUES {
        let with = parsed(&format!("{name}={value}"));
        assert!(!with.starts_with("error"), "{name}: {with}");
        let hidden_by_host = ["service", "servicefile"].contains(name);
        assert!(with != parsed("") || hidden_by_host, "{name} changes nothing: {with}");
    }
}

#[test]
fn what_is_not_honored_is_refused_by_name() {
    for keyword in KEYWORDS {
        let name = keyword.name;
        let refused = |reason| {
            format!(
                "error: connection parameter `{name}` is not supported: \
                                        {reason}"
            )
        };
        match keyword.duty {
            Duty::Honored => {}
            Duty::Refused { reason } => assert_eq!(parsed(&format!("{name}=x")), refused(reason)),
            Duty::Idle { .. } => assert_eq!(parsed(&format!("{name}=x")), parsed("")),
            Duty::Only { values, reason } => {
                assert_eq!(parsed(&format!("{name}=nonsense")), refused(reason));
                for value in values {
                    assert_eq!(parsed(&format!("{name}={value}")), parsed(""));
                }
            }
        }
        assert!(
            matches!(keyword.duty, Duty::Honored) || parsed(&format!("{name}=''")) == parsed("")
        );
    }
}

#[test]
fn the_environment_is_refused_by_its_own_names() {
    let around = Imagined::variables("USER=ada PGGSSENCMODE=require");
    let refused = |text: &str| Address::parse(text, &around).map_err(|it| it.to_string());
    let said = "connection parameter `PGGSSENCMODE` is not supported: aludel does not support \
                GSSAPI encryption; use sslmode";
    assert_eq!(refused("host=db"), Err(said.to_owned()));
    assert!(refused("host=db gssencmode=disable").is_ok());
}

#[test]
fn values_are_read_as_libpq_does() {
    for wrong in [
        "require_auth=sha",
        "sslcertmode=require",
        "ssl_max_protocol_version=TLSv1.1",
        "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
        "sslsni=maybe",
        "target_session_attrs=master",
        "load_balance_hosts=yes",
        "keepalives_idle=soon",
        "keepalives=on",
        "tcp_user_timeout=1s",
    ] {
        let keyword = wrong.rsplit(' ').next().unwrap().split('=').next().unwrap();
        let said = parsed(wrong);
        assert!(
            said.starts_with(&format!("error: connection parameter `{keyword}` must")),
            "{said}"
        );
    }
    assert_eq!(parsed("ssl_min_protocol_version=TLSv1"), parsed(""));
    assert_eq!(parsed("keepalives=1"), parsed(""));
}

/// docs/connection.md lists them all, with the values and the reasons of this table.
#[test]
fn the_manual_has_the_same_table() {
    let manual = include_str!("../../docs/connection.md");
    let row = |it: &Keyword| {
        let done = match it.duty {
            Duty::Honored => "as libpq".to_owned(),
            Duty::Refused { reason } => format!("refused: {reason}"),
            Duty::Idle { reason } => format!("no effect: {reason}"),
            Duty::Only { values, reason } => {
                let values: Vec<_> = values.iter().map(|it| format!("`{it}`")).collect();
                format!("{}; others are refused: {reason}", values.join(", "))
            }
        };
        let variable = it.variable.map(|it| format!("`{it}`")).unwrap_or_default();
        format!("| `{}` | {variable} | {done} |\n", it.name)
    };
    let rows: String = KEYWORDS.iter().map(row).collect();
    assert!(manual.contains(&rows), "docs/connection.md must have\n{rows}");
}
