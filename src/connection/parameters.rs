//! Values of libpq's keywords: parsing a `key=value` string, and the values from the environment
//! and a service file. Pure.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::address_error::AddressError;
use super::keywords::{Duty, KEYWORDS, Keyword};
use super::surroundings::Surroundings;
use super::url;
use crate::diagnostic::nearest::nearest;

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
            check(&keyword, &value)?;
            parameters.0.insert(keyword, value);
        }
        parameters.add_service(around)?;
        parameters.add_environment(around)?;
        Ok(parameters)
    }

    /// The value of a keyword; an empty one counts as none.
    pub(crate) fn get(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(String::as_str).filter(|it| !it.is_empty())
    }

    fn add(&mut self, keyword: &str, value: &str) {
        self.0.entry(keyword.to_owned()).or_insert_with(|| value.to_owned());
    }

    fn add_environment(&mut self, around: &dyn Surroundings) -> Result<(), AddressError> {
        for keyword in KEYWORDS {
            let Some(variable) = keyword.variable else { continue };
            let Some(value) = around.variable(variable) else { continue };
            if !self.0.contains_key(keyword.name) {
                taken(keyword, variable, &value)?;
                self.add(keyword.name, &value);
            }
        }
        Ok(())
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
            check(&keyword, &value)?;
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

/// Whether a parameter can be honored. Its value may be secret and is not repeated.
fn check(keyword: &str, value: &str) -> Result<(), AddressError> {
    if let Some(known) = KEYWORDS.iter().find(|it| it.name == keyword) {
        return taken(known, known.name, value);
    }
    let honored = KEYWORDS.iter().filter(|it| matches!(it.duty, Duty::Honored));
    let meant = nearest(keyword, honored.map(|it| it.name)).map(str::to_owned);
    Err(AddressError::UnknownKeyword { keyword: keyword.to_owned(), meant })
}

fn taken(keyword: &Keyword, said_by: &'static str, value: &str) -> Result<(), AddressError> {
    match keyword.refusal(value) {
        None => Ok(()),
        Some(reason) => Err(AddressError::Unsupported { keyword: said_by, reason }),
    }
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
    fn check_read(text: &str, around: &Imagined, expected: &str) {
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
        check_read("", &none, "");
        check_read("host=db port = 5433", &none, "host=db port=5433");
        check_read(
            r"user='a b' password='it\'s' dbname=x\ y",
            &none,
            "dbname=x y password=it's user=a b",
        );
        check_read("host=''", &none, "host=");
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let none = Imagined::default();
        check_read("hst=db", &none, "error: `hst` is not a connection parameter");
        check_read("user='a", &none, "error: the quote of `user` is not closed");
        check_read("shop", &none, "error: neither a `postgres://` URL nor a `key=value` string");
        check_read(
            "mysql://a?b=c",
            &none,
            "error: neither a `postgres://` URL nor a `key=value` string",
        );
    }

    #[test]
    fn the_environment_fills_gaps() {
        let around = Imagined::variables("PGHOST=db PGUSER=ada PGSSLMODE=require");
        check_read("user=bob", &around, "host=db sslmode=require user=bob");
        check_read("postgres://other/x", &around, "dbname=x host=other sslmode=require user=ada");
    }

    #[test]
    fn a_service_stands_between() {
        let file = "[a]\nhost=no\n# x\n[b]\nhost = svc\nport=1\n";
        let around = Imagined::variables("PGPORT=2 PGUSER=ada").file(
            "/home/ada/.pg_service.conf",
            file,
            true,
        );
        check_read("service=b dbname=x", &around, "dbname=x host=svc port=1 service=b user=ada");
        check_read("service=c", &around, "error: there is no connection service `c`");
    }
}
