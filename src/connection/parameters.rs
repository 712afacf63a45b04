//! libpq's keywords: which there are, how a `key=value` string is read, and what the environment
//! and a service file add. Pure.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::address_error::AddressError;
use super::surroundings::Surroundings;
use super::url;
use crate::diagnostic::nearest::nearest;

/// Keywords that are honored, each with its environment variable.
const HONORED: &[(&str, &str)] = &[
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("options", "PGOPTIONS"),
    ("passfile", "PGPASSFILE"),
    ("password", "PGPASSWORD"),
    ("port", "PGPORT"),
    ("service", "PGSERVICE"),
    ("servicefile", "PGSERVICEFILE"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("user", "PGUSER"),
];

/// Keywords of libpq that change nothing here.
const WITHOUT_EFFECT: &[&str] = &[
    "client_encoding",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "replication",
    "require_auth",
    "requirepeer",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslnegotiation",
    "sslpassword",
    "sslsni",
    "tcp_user_timeout",
];

/// Values by keyword.
#[derive(Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a URL or a `key=value` string, then what the surroundings add.
    pub(crate) fn read(text: &str, around: &dyn Surroundings) -> Result<Self, AddressError> {
        let text = text.trim();
        let pairs = if url::is_url(text) { url::parse(text)? } else { parse_pairs(text)? };
        let mut parameters = Self::default();
        for (keyword, value) in pairs {
            check_keyword(&keyword)?;
            parameters.0.insert(keyword, value);
        }
        parameters.add_service(around)?;
        parameters.add_environment(around);
        Ok(parameters)
    }

    /// The value of a keyword; an empty one counts as none.
    pub(crate) fn get(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(String::as_str).filter(|it| !it.is_empty())
    }

    fn add(&mut self, keyword: &str, value: &str) {
        self.0.entry(keyword.to_owned()).or_insert_with(|| value.to_owned());
    }

    fn add_environment(&mut self, around: &dyn Surroundings) {
        for (keyword, variable) in HONORED {
            if let Some(value) = around.variable(variable) {
                self.add(keyword, &value);
            }
        }
    }

    /// The connection service file (manual section 34.17): what it says stands between what was
    /// written and what the environment has.
    fn add_service(&mut self, around: &dyn Surroundings) -> Result<(), AddressError> {
        let named = self.get("service").map(str::to_owned);
        let Some(service) = named.or_else(|| around.variable("PGSERVICE")) else { return Ok(()) };
        let files = self.service_files(around);
        let unknown = AddressError::UnknownService { service: service.clone() };
        let found = files.iter().filter_map(|it| around.read(it));
        let section = found.filter_map(|it| service_section(&it.text, &service)).next();
        for (keyword, value) in section.ok_or(unknown)? {
            check_keyword(&keyword)?;
            self.add(&keyword, &value);
        }
        Ok(())
    }

    fn service_files(&self, around: &dyn Surroundings) -> Vec<PathBuf> {
        let named = self.get("servicefile").map(str::to_owned);
        let own = named
            .or_else(|| around.variable("PGSERVICEFILE"))
            .map(PathBuf::from)
            .or_else(|| around.home().map(|it| it.join(".pg_service.conf")));
        let system =
            around.variable("PGSYSCONFDIR").map(|it| PathBuf::from(it).join("pg_service.conf"));
        own.into_iter().chain(system).collect()
    }
}

fn check_keyword(keyword: &str) -> Result<(), AddressError> {
    let honored = || HONORED.iter().map(|(keyword, _)| *keyword);
    if honored().any(|it| it == keyword) || WITHOUT_EFFECT.contains(&keyword) {
        return Ok(());
    }
    let meant = nearest(keyword, honored()).map(str::to_owned);
    Err(AddressError::UnknownKeyword { keyword: keyword.to_owned(), meant })
}

/// The pairs under `[name]`, if there is such a section.
fn service_section(text: &str, name: &str) -> Option<Vec<(String, String)>> {
    let header = format!("[{name}]");
    let mut lines = text.lines().map(str::trim);
    lines.find(|it| *it == header)?;
    let section = lines.take_while(|it| !it.starts_with('['));
    let pairs = section.filter(|it| !it.starts_with('#')).filter_map(|it| it.split_once('='));
    Some(pairs.map(|(a, b)| (a.trim().to_owned(), b.trim().to_owned())).collect())
}

/// Reads `host=db user='a b'` (manual section 34.1.1.1): values may stand in single quotes, a
/// backslash takes the next character as it is.
fn parse_pairs(text: &str) -> Result<Vec<(String, String)>, AddressError> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (keyword, after) = rest.split_once('=').ok_or(AddressError::NotAnAddress)?;
        let keyword = keyword.trim_end();
        if keyword.is_empty() || keyword.contains(char::is_whitespace) || keyword.contains("://") {
            return Err(AddressError::NotAnAddress);
        }
        let (value, after) = parse_value(after.trim_start(), keyword)?;
        pairs.push((keyword.to_owned(), value));
        rest = after.trim_start();
    }
    Ok(pairs)
}

fn parse_value<'a>(text: &'a str, keyword: &str) -> Result<(String, &'a str), AddressError> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, it)) = characters.next() {
        match it {
            '\\' => value.extend(characters.next().map(|(_, it)| it)),
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            _ if !quoted && it.is_whitespace() => return Ok((value, &text[at..])),
            _ => value.push(it),
        }
    }
    if quoted {
        return Err(AddressError::OpenQuote { keyword: keyword.to_owned() });
    }
    Ok((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::surroundings::Imagined;

    #[track_caller]
    fn check(text: &str, around: &Imagined, expected: &str) {
        let shown = match Parameters::read(text, around) {
            Ok(it) => {
                let pairs: Vec<_> = it.0.iter().map(|(a, b)| format!("{a}={b}")).collect();
                pairs.join(" ")
            }
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn reads_pairs() {
        let none = Imagined::default();
        check("", &none, "");
        check("host=db port = 5433", &none, "host=db port=5433");
        check(
            r"user='a b' password='it\'s' dbname=x\ y",
            &none,
            "dbname=x y password=it's user=a b",
        );
        check("host=''", &none, "host=");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let none = Imagined::default();
        check("hst=db", &none, "error: `hst` is not a connection parameter");
        check("user='a", &none, "error: the quote of `user` is not closed");
        check("shop", &none, "error: neither a `postgres://` URL nor a `key=value` string");
        check(
            "mysql://a?b=c",
            &none,
            "error: neither a `postgres://` URL nor a `key=value` string",
        );
    }

    #[test]
    fn the_environment_fills_gaps() {
        let around = Imagined::variables("PGHOST=db PGUSER=ada PGSSLMODE=require");
        check("user=bob", &around, "host=db sslmode=require user=bob");
        check("postgres://other/x", &around, "dbname=x host=other sslmode=require user=ada");
    }

    #[test]
    fn a_service_stands_between() {
        let file = "[a]\nhost=no\n# x\n[b]\nhost = svc\nport=1\n";
        let around = Imagined::variables("PGPORT=2 PGUSER=ada").file(
            "/home/ada/.pg_service.conf",
            file,
            true,
        );
        check("service=b dbname=x", &around, "dbname=x host=svc port=1 service=b user=ada");
        check("service=c", &around, "error: there is no connection service `c`");
    }
}
