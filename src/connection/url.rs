//! A connection URL (manual section 34.1.1.2) split into libpq's keywords. Pure.

use super::address_error::AddressError;

/// Whether a text claims to be a connection URL. `postgresql+driver://`, as SQLAlchemy writes it,
/// counts.
pub(crate) fn is_url(text: &str) -> bool {
    body(text).is_some()
}

/// What follows `postgres://`.
fn body(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let name = scheme.split_once('+').map_or(scheme, |(name, _)| name);
    matches!(name, "postgres" | "postgresql").then_some(rest)
}

/// Keywords and values in the order of the URL.
pub(crate) fn parse(text: &str) -> Result<Vec<(String, String)>, AddressError> {
    let rest = body(text).ok_or(AddressError::NotAnAddress)?;
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = split_path(before);
    let (user_info, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    // Put together from variables that are empty: what libpq would take for its defaults is a mistake.
    if user_info == ":" || hosts.split(',').any(|it| it == ":") {
        let reason = "one side of a `:` is empty";
        return Err(AddressError::BadUrl { reason });
    }
    // A password is cut at its `?`: what follows must not be taken, and named, for a parameter.
    let is_port = |it: &str| it.ends_with(']') || it.bytes().all(|it| it.is_ascii_digit());
    let cut = hosts.rsplit_once(':').is_some_and(|(_, port)| !is_port(port));
    if cut && user_info.is_empty() && query.contains('@') {
        return Err(AddressError::BadUrl { reason: "there is a `?` before the `@`" });
    }
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let (hosts, ports) = split_hosts(hosts)?;

    let mut found = Vec::new();
    let mut add = |keyword: &str, raw: &str| -> Result<(), AddressError> {
        if !raw.is_empty() {
            found.push((keyword.to_owned(), decode(raw)?));
        }
        Ok(())
    };
    add("user", user)?;
    add("password", password)?;
    add("host", &hosts)?;
    add("port", &ports)?;
    add("dbname", database)?;
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (keyword, value) = pair
            .split_once('=')
            .ok_or(AddressError::BadUrl { reason: "a parameter after `?` has no `=`" })?;
        match (decode(keyword)?.as_str(), value) {
            ("ssl", "true") => add("sslmode", "require")?,
            (keyword, _) => add(keyword, value)?,
        }
    }
    Ok(found)
}

/// Cuts `user@host/database` at the slash. A slash inside the user's part has to be `%2F`.
fn split_path(text: &str) -> (&str, &str) {
    text.split_once('/').unwrap_or((text, ""))
}

/// Hosts and ports, each as a list with commas, still encoded.
fn split_hosts(text: &str) -> Result<(String, String), AddressError> {
    let mut hosts = Vec::new();
    let mut ports = Vec::new();
    for part in text.split(',') {
        let (host, port) = split_host(part)?;
        hosts.push(host);
        ports.push(port);
    }
    let ports = if ports.iter().all(|it| it.is_empty()) { String::new() } else { ports.join(",") };
    Ok((hosts.join(","), ports))
}

/// One host, without its brackets, and its port.
fn split_host(part: &str) -> Result<(&str, &str), AddressError> {
    let Some(inner) = part.strip_prefix('[') else {
        return Ok(part.rsplit_once(':').unwrap_or((part, "")));
    };
    let unclosed = AddressError::BadUrl { reason: "`[` of an IPv6 address is not closed" };
    let (host, rest) = inner.split_once(']').ok_or(unclosed)?;
    Ok((host, rest.strip_prefix(':').unwrap_or(rest)))
}

/// Resolves `%41` and the like.
fn decode(text: &str) -> Result<String, AddressError> {
    let bad = || AddressError::BadUrl { reason: "`%` is not followed by two hexadecimal digits" };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|it| std::str::from_utf8(it).ok()).ok_or_else(bad)?;
        let plain = digits.bytes().all(|it| it.is_ascii_hexdigit());
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|_| plain).ok_or_else(bad)?);
        rest = &rest[2..];
    }
    String::from_utf8(bytes).map_err(|_| AddressError::BadUrl { reason: "it is not UTF-8" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        let shown = match parse(url) {
            Ok(pairs) => {
                let pairs: Vec<_> = pairs.iter().map(|(a, b)| format!("{a}={b}")).collect();
                pairs.join(" ")
            }
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(shown, expected, "{url}");
    }

    #[test]
    fn takes_urls_apart() {
        check("postgres://", "");
        check("postgresql://localhost", "host=localhost");
        check("postgres://ada@db:5433/shop", "user=ada host=db port=5433 dbname=shop");
        check("postgres://ada:p%40ss@db/shop", "user=ada password=p@ss host=db dbname=shop");
        check("postgres://ada:p@ss@db", "user=ada password=p@ss host=db");
        check("postgresql+asyncpg://db/shop", "host=db dbname=shop");
        check("postgres://%2Fvar%2Frun/shop", "host=/var/run dbname=shop");
        check("postgres:///shop?host=/tmp&port=1", "dbname=shop host=/tmp port=1");
        check("postgres://[::1]:5433/x", "host=::1 port=5433 dbname=x");
        check("postgres://h:5432/x?user=a@b", "host=h port=5432 dbname=x user=a@b");
        check("postgres://[::1]/x?user=a@b", "host=::1 dbname=x user=a@b");
        check("postgres://:p@h:/x", "password=p host=h dbname=x");
        check("postgres://@/x", "dbname=x");
        check("postgres://a:1,b:2/x", "host=a,b port=1,2 dbname=x");
        check("postgres://db/x?sslmode=require", "host=db dbname=x sslmode=require");
        check("postgres://db/x?ssl=true", "host=db dbname=x sslmode=require");
    }

    #[test]
    fn says_what_is_wrong() {
        check(
            "postgres://[::1/x",
            "error: invalid connection URL: `[` of an IPv6 address is not closed",
        );
        check(
            "postgres://a%4/x",
            "error: invalid connection URL: `%` is not followed by two hexadecimal digits",
        );
        let empty = "error: invalid connection URL: one side of a `:` is empty";
        for url in ["postgres://:@:/", "postgres://:@/", "postgres://a:b@:/x", "postgres://a,:/x"] {
            check(url, empty);
        }
        let cut = "error: invalid connection URL: there is a `?` before the `@`";
        check("postgres://u:p?w=x@h/x", cut);
        check(
            "postgres://a/x?y",
            "error: invalid connection URL: a parameter after `?` has no `=`",
        );
    }
}
