//! Connection strings and the resulting addresses.

use super::*;
use crate::connection::surroundings::Imagined;

/// What was understood, with the password, which the address itself would not show.
#[track_caller]
fn check(text: &str, around: &Imagined, expected: &str) {
    let shown = match Address::parse(text, around) {
        Ok(it) => {
            let passwords: Vec<_> = it
                .endpoints
                .iter()
                .filter_map(|it| it.password.as_ref().map(|it| it.reveal().to_owned()))
                .collect();
            format!("{it:?} {}", passwords.join(","))
        }
        Err(error) => format!("error: {error}"),
    };
    assert_eq!(shown.trim_end(), expected, "{text}");
}

#[test]
fn reads_addresses() {
    let ada = Imagined::variables("USER=ada");
    check("postgres://db", &ada, "postgres://ada@db:5432/ada (Prefer)");
    check("postgres://bob:x@db/shop", &ada, "postgres://bob@db:5432/shop (Prefer) x");
    check("host=/tmp port=1", &ada, "postgres://ada@/tmp:1/ada (Prefer)");
    check("postgres://", &ada, "postgres://ada@localhost:5432/ada (Prefer)");
    check("host=a,b port=1,2", &ada, "postgres://ada@a:1,b:2/ada (Prefer)");
    check("host=a,b port=1", &ada, "postgres://ada@a:1,b:1/ada (Prefer)");
    check("hostaddr=::1", &ada, "postgres://ada@[::1]:5432/ada (Prefer)");
    check("sslrootcert=system host=db", &ada, "postgres://ada@db:5432/ada (VerifyFull)");
    check("sslmode=verify-ca host=db", &ada, "postgres://ada@db:5432/ada (VerifyCa)");
}

#[test]
fn the_socket_is_preferred_where_it_stands() {
    let around = Imagined::variables("USER=ada").file("/tmp/.s.PGSQL.5432", "", true);
    check("postgres://", &around, "postgres://ada@/tmp:5432/ada (Prefer)");
    check(" ", &around, "error: the database URL is empty");
}

#[test]
fn refuses_what_makes_no_sense() {
    let ada = Imagined::variables("USER=ada");
    check("port=0", &ada, "error: connection parameter `port` must be a number from 1 to 65535");
    check(
        "postgres://u:pa/ss@host/db",
        &ada,
        "error: connection parameter `port` must be a number from 1 to 65535",
    );
    check("hostaddr=db", &ada, "error: connection parameter `hostaddr` must be an IP address");
    check(
        "host=a,b,c port=1,2",
        &ada,
        "error: connection parameter `port` must be one number, or as many as there are hosts",
    );
    check(
        "sslmode=on",
        &ada,
        "error: connection parameter `sslmode` must be disable, allow, prefer, require, verify-ca \
         or verify-full",
    );
    check(
        "sslmode=require sslrootcert=system",
        &ada,
        "error: connection parameter `sslmode` must be verify-full where sslrootcert is `system`",
    );
    check(
        "host=db",
        &Imagined::default(),
        "error: no user is given, neither in the database URL nor in PGUSER",
    );
}

#[test]
fn passwords_come_from_the_nearest_place() {
    let pgpass = "/home/ada/.pgpass";
    let around = Imagined::variables("USER=ada").file(pgpass, "db:*:*:ada:file", true);
    check("postgres://db", &around, "postgres://ada@db:5432/ada (Prefer) file");
    check("postgres://ada:url@db", &around, "postgres://ada@db:5432/ada (Prefer) url");
    check("host=db,other", &around, "postgres://ada@db:5432,other:5432/ada (Prefer) file");
    let around = Imagined::variables("USER=ada PGPASSWORD=env").file(pgpass, "*:*:*:*:file", true);
    check("postgres://db", &around, "postgres://ada@db:5432/ada (Prefer) env");
    let around = Imagined::variables("USER=ada").file(pgpass, "localhost:*:*:*:local", true);
    check("host=/tmp", &around, "postgres://ada@/tmp:5432/ada (Prefer) local");
}

#[test]
fn an_open_password_file_is_ignored_with_a_warning() {
    let around = Imagined::variables("USER=ada").file("/home/ada/.pgpass", "*:*:*:*:secret", false);
    let address = Address::parse("host=db", &around).unwrap();
    assert_eq!(address.endpoints[0].password, None);
    assert_eq!(address.warnings.len(), 1);
}

#[test]
fn the_password_is_never_shown() {
    let around = Imagined::variables("USER=ada");
    let address = Address::parse("postgres://ada:hunter2@db/shop", &around).unwrap();
    let shown = format!("{address} {address:?} {:?}", address.endpoints[0].password);
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn waiting_is_bounded_unless_told_otherwise() {
    let around = Imagined::variables("USER=ada");
    let timeout = |text: &str| Address::parse(text, &around).unwrap().connect_timeout;
    assert_eq!(timeout("host=db"), Some(Duration::from_secs(10)));
    assert_eq!(timeout("host=db connect_timeout=3"), Some(Duration::from_secs(3)));
    assert_eq!(timeout("host=db connect_timeout=0"), None);
}
