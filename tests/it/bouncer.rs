//! PgBouncer, Debian's (`apt-get install pgbouncer`), before the test server: it pools, it speaks TLS,
//! it asks for passwords.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::support::TestDatabase;

/// A pooler before the test server, for one database under its own name.
pub(crate) struct Bouncer {
    process: Child,
    /// Where it listens, without parameters.
    pub(crate) url: String,
    /// The folder of its configuration, and of its socket.
    pub(crate) folder: tempfile::TempDir,
}

impl Bouncer {
    /// Starts it in a pool mode, with more lines of its configuration; in those, `@/` is its folder.
    pub(crate) fn start(database: &TestDatabase, mode: &str, more: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("aludel-pooler-").tempdir().unwrap();
        Self::start_in(folder, database, mode, more)
    }

    /// The same, in a folder that may hold files of its configuration.
    pub(crate) fn start_in(
        folder: tempfile::TempDir,
        database: &TestDatabase,
        mode: &str,
        more: &str,
    ) -> Self {
        let server: tokio_postgres::Config = database.url().parse().unwrap();
        let tokio_postgres::config::Host::Tcp(host) = &server.get_hosts()[0] else {
            panic!("the test server has no port")
        };
        let name = server.get_dbname().unwrap();
        let user = server.get_user().unwrap();
        let password = String::from_utf8_lossy(server.get_password().unwrap_or_default());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let runs_as = if am_root() { "user = nobody\n" } else { "" };
        let text = format!(
            "[databases]\n{name} = host={host} port={1} user={user} password={password}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n\
             pool_mode = {mode}\nunix_socket_dir = {0}\nunix_socket_mode = 0777\ndefault_pool_size = 5\n{runs_as}{more}",
            folder.path().display(),
            server.get_ports()[0],
            more = more.replace("@/", &format!("{}/", folder.path().display())),
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, text).unwrap();
        open_to_all(folder.path());
        let process = Command::new("/usr/sbin/pgbouncer")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pgbouncer starts: apt-get install pgbouncer");
        let url = format!("postgres://{user}@127.0.0.1:{port}/{name}");
        let bouncer = Self { process, url, folder };
        let begun = Instant::now();
        // Its last step before it answers.
        let socket = bouncer.folder.path().join(format!(".s.PGSQL.{port}"));
        while !socket.exists() || TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "pgbouncer does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        bouncer
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn am_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

/// The user that it runs as must read its files and make its socket.
fn open_to_all(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    for file in fs::read_dir(folder).unwrap() {
        fs::set_permissions(file.unwrap().path(), fs::Permissions::from_mode(0o644)).unwrap();
    }
}
