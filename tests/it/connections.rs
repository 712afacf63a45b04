//! Connections as libpq makes them: TLS, certificates, what a server may ask for, and who it is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::bouncer::Bouncer;
use super::project::Project;
use super::support::TestDatabase;

/// Runs openssl in a folder.
#[track_caller]
fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output();
    let output = output.expect("openssl starts: apt-get install openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Certificates as the manual of PostgreSQL has them made (section 18.9.5): an authority, and a
/// server's certificate that it signs, which is of X.509 version 1, for it has no extensions.
fn certificates() -> TempDir {
    let folder = tempfile::Builder::new().prefix("aludel-pooler-").tempdir().unwrap();
    let make = |arguments: &str| openssl(folder.path(), arguments);
    make(
        "req -new -nodes -x509 -newkey rsa:2048 -days 9 -subj /CN=root -keyout root.key -out root.crt",
    );
    make("req -new -nodes -newkey rsa:2048 -subj /CN=localhost -keyout server.key -out server.csr");
    let sign = "x509 -req -in server.csr -days 9 -CA root.crt -CAkey root.key -CAcreateserial";
    make(&format!("{sign} -out v1.crt"));
    fs::write(folder.path().join("v3"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n").unwrap();
    make(&format!("{sign} -extfile v3 -out v3.crt"));
    folder
}

/// A server that speaks TLS with a certificate.
fn tls(database: &TestDatabase, certificate: &str, more: &str) -> Bouncer {
    let more = format!(
        "{more}client_tls_sslmode = allow\nclient_tls_ca_file = @/root.crt\n\
         client_tls_key_file = @/server.key\n\
         client_tls_cert_file = @/{certificate}\n"
    );
    Bouncer::start_in(certificates(), database, "session", &more)
}

#[test]
fn a_certificate_of_version_1_encrypts_as_with_libpq() {
    let database = TestDatabase::create("tls_v1");
    let server = tls(&database, "v1.crt", "");
    let project = Project::new("");
    for versions in ["", "&ssl_min_protocol_version=TLSv1.3", "&ssl_max_protocol_version=TLSv1.2"] {
        project.ends(0, &["status", "--url", &format!("{}?sslmode=require{versions}", server.url)]);
    }
    let root = server.folder.path().join("root.crt");
    let url = format!("{}?sslmode=verify-ca&sslrootcert={}", server.url, root.display());
    project.ends(3, &["status", "--url", &url]).says(&["of X.509 version 1", "-extfile"]);
}

#[test]
fn certificates_are_verified() {
    let database = TestDatabase::create("tls_v3");
    let server = tls(&database, "v3.crt", "");
    let project = Project::new("");
    let folder = server.folder.path();
    let url = |mode: &str, root: &str, more: &str| {
        let root = folder.join(root);
        format!("{}?sslmode={mode}&sslrootcert={}{more}", server.url, root.display())
    };
    project.ends(0, &["status", "--url", &url("verify-full", "root.crt", "")]);
    project.ends(0, &["status", "--url", &url("verify-full", "root.crt", "&sslsni=0")]);
    project
        .ends(3, &["status", "--url", &url("verify-ca", "v1.crt", "")])
        .says(&["cannot use TLS \
                                                                                   with"]);
    let missing = url("verify-full", "root.crt", "&sslcrl=/nowhere.crl");
    project.ends(3, &["status", "--url", &missing]).says(&["cannot use /nowhere.crl for TLS"]);

    // Who revokes nothing has an empty list, and who revokes the server's certificate names it.
    let authority = "[ca]\ndefault_ca=a\n[a]\ndatabase=index\ndefault_md=sha256\ndefault_crl_days=9\n\
         crlnumber=number\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n";
    fs::write(folder.join("ca"), authority).unwrap();
    fs::write(folder.join("index"), "").unwrap();
    fs::write(folder.join("number"), "01\n").unwrap();
    let ca = "ca -config ca -cert root.crt -keyfile root.key";
    openssl(folder, &format!("{ca} -gencrl -out none.crl"));
    openssl(folder, &format!("{ca} -revoke v3.crt"));
    openssl(folder, &format!("{ca} -gencrl -out all.crl"));
    let revoked = |list: &str| {
        let more = format!("&sslcrl={}", folder.join(list).display());
        url("verify-full", "root.crt", &more)
    };
    project.ends(0, &["status", "--url", &revoked("none.crl")]);
    project.ends(3, &["status", "--url", &revoked("all.crl")]).says(&["evoked"]);
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let database = TestDatabase::create("tls_key");
    let server = tls(&database, "v3.crt", "");
    let project = Project::new("");
    let folder = server.folder.path();
    let key = folder.join("server.key");
    let certificate = folder.join("v3.crt");
    let url = format!(
        "{}?sslmode=require&sslcert={}&sslkey={}",
        server.url,
        certificate.display(),
        key.display()
    );
    let told = project.ends(3, &["status", "--url", &url]);
    told.says(&["server.key for TLS: others have permissions on it (chmod 06"]);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    project.ends(0, &["status", "--url", &url]);
}

#[test]
fn a_server_may_only_ask_for_what_is_allowed() {
    let database = TestDatabase::create("require_auth");
    let project = Project::new("");
    let status = |code, url: &str, method: &str| {
        let separator = if url.contains('?') { '&' } else { '?' };
        project.ends(code, &["status", "--url", &format!("{url}{separator}require_auth={method}")])
    };
    let scram = database.url();
    status(0, &scram, "scram-sha-256");
    status(0, &scram, "!password,!md5");
    status(3, &scram, "md5")
        .says(&["failed: the server asked for authentication by scram-sha-256"]);
    let open = Bouncer::start(&database, "session", "");
    status(0, &open.url, "none");
    status(3, &open.url, "scram-sha-256").says(&["failed: the server asked for no authentication"]);
    let asks = tls(&database, "v3.crt", "auth_type = plain\nauth_file = @/v3\n");
    let url = asks.url.replace("@127", ":geheim@127");
    for mode in ["disable", "prefer", "require"] {
        status(3, &format!("{url}?sslmode={mode}"), "scram-sha-256")
            .says(&["failed: the server asked for a cleartext password"]);
    }
}

#[test]
fn a_server_on_this_machine_has_to_be_of_the_user_that_is_named() {
    let database = TestDatabase::create("require_peer");
    let bouncer = Bouncer::start(&database, "session", "");
    let project = Project::new("");
    let (_, rest) = bouncer.url.split_once("://").unwrap();
    let (user, rest) = rest.split_once('@').unwrap();
    let (_, rest) = rest.split_once(':').unwrap();
    let (port, name) = rest.split_once('/').unwrap();
    let address = |peer: &str| {
        let folder = bouncer.folder.path().display();
        format!("host={folder} port={port} user={user} dbname={name} requirepeer={peer}")
    };
    let told = project.ends(3, &["status", "--url", &address("somebody")]);
    let told = told.says(&["but requirepeer asks for `somebody`"]);
    let (_, found) = told.stderr.split_once("runs as user `").unwrap();
    let (found, _) = found.split_once('`').unwrap();
    project.ends(0, &["status", "--url", &address(found)]);
}

#[test]
fn the_kind_of_server_is_asked_for() {
    let database = TestDatabase::create("target_session");
    let project = Project::new("");
    let url = database.url();
    let status = |code, kind: &str| {
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}target_session_attrs={kind}");
        project.ends(code, &["status", "--url", &url])
    };
    for kind in ["any", "read-write", "primary", "prefer-standby"] {
        status(0, kind);
    }
    status(3, "standby").says(&["is a primary, but target_session_attrs asks for standby"]);
    status(3, "read-only").says(&["accepts writes, but target_session_attrs asks for read-only"]);
}
