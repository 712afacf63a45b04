//! The embedded PostgreSQL (pglite-oxide): clusters in this process, without a server.
//!
//! A cluster takes one connection at a time; a second one would wait for ever. A scratch database
//! is therefore a cluster of its own: starting one costs less than another database in the first,
//! its roles are its own too, and nothing can get stuck. Extensions are put where the cluster
//! looks for them before it begins, rather than through the crate's builder, which would create
//! them in `pg_catalog`. The engine unpacks about 100 MB into the user's cache directory once.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pglite_oxide::{PglitePaths, PgliteServer};
use tempfile::TempDir;

use super::cache::{CACHE_VARIABLE, user_folder};
use super::{DatabaseSpec, ScratchError};
use crate::connection::{
    Address, ConnectError, Connection, Notices, connect, connect_over, ignore_notices,
};

/// The superuser of a cluster, and its database.
const POSTGRES: &str = "postgres";

/// What the folders of scratch clusters begin with.
const PREFIX: &str = "aludel-scratch-";

/// A folder younger than this may belong to a cluster that is just starting.
const STALE_AFTER: Duration = Duration::from_secs(3600);

/// How long a cluster may take to stop when nobody waits for it properly.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// How a cluster runs of which nothing is kept (manual, 14.5 "Non-Durable Settings"). The engine takes as
/// long to start as its shared buffers are large.
const NON_DURABLE: &[(&str, &str)] = &[
    ("shared_buffers", "32MB"),
    ("wal_buffers", "1MB"),
    ("wal_init_zero", "off"),
    ("wal_recycle", "off"),
    ("full_page_writes", "off"),
    ("synchronous_commit", "off"),
];

/// A file system in memory (tmpfs; `shm_overview`, section 7 of the Linux manual).
const MEMORY: &str = "/dev/shm";

/// How many bytes must be free there: a thousand tables there and back take 163 MB. Containers often have
/// less than a cluster takes.
#[cfg(target_os = "linux")]
const ROOM: u64 = 2 << 30;

/// Says which release of ours laid out the extensions of a folder.
const STAMP_FILE: &str = ".aludel-extensions";

/// A file that the engine locks while it uses a folder.
const LOCK_FILE: &str = ".pglite-oxide.lock";

/// Extensions written in SQL for what the bundle lacks: name, control file, script and its name.
const SHIMS: &[(&str, &str, &str, &str)] = &[
    (
        "pgcrypto",
        include_str!("shims/pgcrypto.control"),
        "pgcrypto--1.3.sql",
        include_str!("shims/pgcrypto--1.3.sql"),
    ),
    (
        "uuid-ossp",
        include_str!("shims/uuid-ossp.control"),
        "uuid-ossp--1.1.sql",
        include_str!("shims/uuid-ossp--1.1.sql"),
    ),
];

/// Makes scratch clusters.
pub(super) struct Embedded(());

impl Embedded {
    pub(super) fn new() -> Result<Self, ScratchError> {
        check_cache_directory()?;
        Ok(Self(()))
    }

    pub(super) async fn database(
        &self,
        spec: &DatabaseSpec,
    ) -> Result<(Connection, Hold), ScratchError> {
        let extensions = spec.extensions.clone();
        let (folder, server) = blocking(move || {
            sweep();
            let folder = folder().map_err(|it| failed(&it))?;
            let server = start(folder.path(), NON_DURABLE, &extensions)?;
            Ok((folder, server))
        })
        .await?;
        let mut hold = Hold { server: Some(server), folder: Some(folder), socket: None };
        let address = address_of(hold.server.as_ref())?;
        let stream = open(&address).map_err(|it| failed(&it))?;
        hold.socket = stream.try_clone().ok();
        let stream = into_tokio(stream).map_err(|it| failed(&it))?;
        let connection = connect_over(stream, &address, &ignore_notices()).await;
        Ok((connection.map_err(startup)?, hold))
    }
}

/// A new folder for a cluster, in memory where the system has room for it there. Every table is several
/// files, and a file system that keeps a journal takes as long to make and drop them as PostgreSQL takes for
/// all else. `TMPDIR` names another place.
fn folder() -> io::Result<TempDir> {
    let new = |place: &Path| tempfile::Builder::new().prefix(PREFIX).tempdir_in(place);
    let in_memory = Path::new(MEMORY);
    if std::env::var_os("TMPDIR").is_none()
        && has_room(in_memory)
        && let Ok(folder) = new(in_memory)
    {
        return Ok(folder);
    }
    new(&std::env::temp_dir())
}

#[cfg(target_os = "linux")]
fn has_room(place: &Path) -> bool {
    rustix::fs::statvfs(place).is_ok_and(|it| it.f_bavail.saturating_mul(it.f_frsize) >= ROOM)
}

/// Others have no such file system.
#[cfg(not(target_os = "linux"))]
fn has_room(_: &Path) -> bool {
    false
}

/// A cluster that is removed with this.
pub(super) struct Hold {
    server: Option<PgliteServer>,
    folder: Option<TempDir>,
    /// A second handle on the session's socket: shutting it ends the session, whoever still holds
    /// it, and with it the cluster can stop.
    socket: Option<TcpStream>,
}

impl Hold {
    pub(super) async fn close(mut self) {
        let (server, folder) = self.take();
        let _ = tokio::task::spawn_blocking(move || {
            drop(server);
            drop(folder);
        })
        .await;
    }

    fn take(&mut self) -> (Option<PgliteServer>, Option<TempDir>) {
        if let Some(socket) = self.socket.take() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        (self.server.take(), self.folder.take())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let (server, folder) = self.take();
        stop_within(STOP_PATIENCE, move || {
            drop(server);
            drop(folder);
        });
    }
}

/// Runs something that may hang on a thread, and waits for it a while.
fn stop_within(patience: Duration, stop: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        stop();
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(patience);
}

/// A database in a folder that stays. It takes one connection at a time: close one before the next.
pub struct Persistent {
    server: Option<PgliteServer>,
    address: Address,
}

/// Opens the database in a folder, which is made where there is none. While another process uses
/// it, this waits as long as the patience lasts.
pub async fn persistent(path: &Path, patience: Duration) -> Result<Persistent, ScratchError> {
    check_cache_directory()?;
    let path = path.to_owned();
    let server = blocking(move || {
        let begin = Instant::now();
        loop {
            match open_folder(&path) {
                Err(ScratchError::Busy { .. }) if begin.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                outcome => return outcome,
            }
        }
    })
    .await?;
    let address = address_of(Some(&server))?;
    Ok(Persistent { server: Some(server), address })
}

impl Persistent {
    /// Where it listens, for as long as this lives.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Opens a session, the only one at a time. What keeps it from coming about is the engine's doing:
    /// there is no network between.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn connect(&self, notices: Notices) -> Result<Connection, ScratchError> {
        connect(&self.address, notices).await.map_err(startup)
    }

    /// Stops it cleanly. Connections have to be closed before.
    pub async fn close(mut self) {
        let server = self.server.take();
        let stopping =
            tokio::task::spawn_blocking(move || stop_within(STOP_PATIENCE, || drop(server)));
        let _ = stopping.await;
    }
}

impl Drop for Persistent {
    fn drop(&mut self) {
        let server = self.server.take();
        stop_within(STOP_PATIENCE, || drop(server));
    }
}

/// Opens the cluster that stays, one process at a time. A folder without the stamp is one of a process
/// that was killed while it made the cluster: nobody has ever connected to that, so it makes room.
fn open_folder(folder: &Path) -> Result<PgliteServer, ScratchError> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent).map_err(|it| failed(&it))?;
    }
    let guard = std::fs::File::create(beside(folder, "lock")).map_err(|it| failed(&it))?;
    guard.lock().map_err(|it| failed(&it))?;
    let unfinished = !folder.join(STAMP_FILE).exists()
        && std::fs::read_dir(folder).is_ok_and(|mut it| it.next().is_some());
    if unfinished {
        let aside = beside(folder, "unfinished");
        let _ = std::fs::remove_dir_all(&aside);
        std::fs::rename(folder, aside).map_err(|it| failed(&it))?;
    }
    private_folder(folder).map_err(|it| failed(&it))?;
    start(folder, &[], EXTENSIONS)
}

/// A name of ours beside a folder.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!("{name}.{what}"))
}

/// Makes a folder that only its owner can read, as a server has its data directory.
fn private_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Starts a cluster in a folder and lays out the extensions, before anybody connects.
fn start<N: AsRef<str>>(
    folder: &Path,
    settings: &[(&str, &str)],
    extensions: &[N],
) -> Result<PgliteServer, ScratchError> {
    let settings = settings.iter().copied();
    let started = PgliteServer::builder().path(folder).postgres_configs(settings).start();
    let server = started.map_err(|it| {
        let reason = format!("{it:#}");
        if reason.contains("root is already in use") {
            return ScratchError::Busy { path: folder.to_owned() };
        }
        ScratchError::EmbeddedEngine { reason }
    })?;
    let stamp = folder.join(STAMP_FILE);
    let release = env!("CARGO_PKG_VERSION");
    if std::fs::read_to_string(&stamp).is_ok_and(|it| it == release) {
        return Ok(server);
    }
    let mut ready = Vec::new();
    for name in extensions {
        install(folder, name.as_ref(), &mut ready)?;
    }
    std::fs::write(stamp, release).map_err(|it| failed(&it))?;
    Ok(server)
}

/// Puts an extension, and those it needs, where CREATE EXTENSION finds it.
fn install(folder: &Path, name: &str, ready: &mut Vec<String>) -> Result<(), ScratchError> {
    if BUILT_IN.contains(&name) || ready.iter().any(|it| it == name) {
        return Ok(());
    }
    ready.push(name.to_owned());
    if let Some((_, control, script, sql)) = SHIMS.iter().find(|it| it.0 == name) {
        return install_shim(folder, name, control, script, sql).map_err(|it| failed(&it));
    }
    let archive = pglite_oxide_assets::extension_archive(name);
    let bundled = pglite_oxide::extensions::by_sql_name(name).zip(archive);
    let missing = || ScratchError::MissingExtension {
        name: name.to_owned(),
        place: "the embedded PostgreSQL".to_owned(),
    };
    let (extension, archive) = bundled.ok_or_else(missing)?;
    for dependency in extension.dependencies() {
        install(folder, dependency, ready)?;
    }
    let paths = PglitePaths::with_root(folder);
    pglite_oxide::install_extension_bytes(&paths, archive)
        .map_err(|it| ScratchError::EmbeddedEngine { reason: format!("{it:#}") })
}

fn install_shim(
    folder: &Path,
    name: &str,
    control: &str,
    script: &str,
    sql: &str,
) -> io::Result<()> {
    let share = folder.join("tmp/pglite/share/postgresql/extension");
    std::fs::create_dir_all(&share)?;
    std::fs::write(share.join(format!("{name}.control")), control)?;
    std::fs::write(share.join(script), sql)
}

/// What every cluster has.
const BUILT_IN: &[&str] = &["plpgsql"];

/// Extensions that can be created: the bundle's, and the shims.
pub const EXTENSIONS: &[&str] = &[
    "age",
    "amcheck",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_hashids",
    "pg_ivm",
    "pg_surgery",
    "pg_textsearch",
    "pg_trgm",
    "pg_uuidv7",
    "pg_visibility",
    "pg_walinspect",
    "pgcrypto",
    "pgtap",
    "seg",
    "tablefunc",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "vector",
];

/// Removes the folders of clusters whose process was killed.
fn sweep() {
    let places = [std::env::temp_dir(), PathBuf::from(MEMORY)];
    let entries = places.iter().filter_map(|it| std::fs::read_dir(it).ok()).flatten();
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_stale(&entry.path()) {
            // Somebody else's, or somebody sweeps as well.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether a cluster's folder is old and its lock is free.
fn is_stale(folder: &Path) -> bool {
    let age = std::fs::metadata(folder).and_then(|it| it.modified()).map(|it| it.elapsed());
    let old = matches!(age, Ok(Ok(age)) if age > STALE_AFTER);
    let lock = std::fs::OpenOptions::new().write(true).open(folder.join(LOCK_FILE));
    old && lock.is_ok_and(|it| it.try_lock().is_ok())
}

fn address_of(server: Option<&PgliteServer>) -> Result<Address, ScratchError> {
    let listening = server.and_then(PgliteServer::tcp_addr);
    let listening = listening.ok_or_else(|| failed(&"it does not listen"))?;
    Ok(Address::local(listening.port(), POSTGRES, POSTGRES))
}

fn open(address: &Address) -> io::Result<TcpStream> {
    let port = address.endpoints.first().map_or(0, |it| it.port);
    TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))
}

fn into_tokio(stream: TcpStream) -> io::Result<tokio::net::TcpStream> {
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    tokio::net::TcpStream::from_std(stream)
}

/// The engine reports its own failures as a refusal of the connection. Advice about networks and
/// servers is of no use with it.
fn startup(error: ConnectError) -> ScratchError {
    match error {
        ConnectError::Refused { error, .. } => failed(&error.message()),
        error => failed(&error),
    }
}

fn failed(reason: &dyn std::fmt::Display) -> ScratchError {
    ScratchError::EmbeddedEngine { reason: reason.to_string() }
}

/// The engine must not run on a runtime's thread: it has a runtime of its own inside.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ScratchError> + Send + 'static,
) -> Result<T, ScratchError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|it| Err(failed(&it)))
}

/// This same process again, with the engine's files in the project, for a user whose cache directory
/// cannot be written; none where that would be no better. The engine asks only the environment for
/// that directory, and a running process cannot safely change its own.
#[must_use]
pub fn relocated(project: &Path) -> Option<Command> {
    check_cache_directory().err()?;
    let directory = std::path::absolute(project.join(".aludel/cache")).ok()?;
    check_directory(&directory).ok()?;
    let mut command = Command::new(std::env::current_exe().ok()?);
    command.args(std::env::args_os().skip(1)).env(CACHE_VARIABLE, directory);
    Some(command)
}

/// The engine unpacks itself below the user's cache directory, wherever it runs.
fn check_cache_directory() -> Result<(), ScratchError> {
    cache_directory().map_or(Ok(()), |it| check_directory(&it))
}

fn check_directory(path: &Path) -> Result<(), ScratchError> {
    let path = path.join("pglite-oxide");
    let probe = std::fs::create_dir_all(&path).and_then(|()| tempfile::tempfile_in(&path));
    probe.map(drop).map_err(|source| ScratchError::CacheDirectory { path, source })
}

/// Where that is on systems that go by XDG; the others always have theirs.
fn cache_directory() -> Option<PathBuf> {
    if cfg!(any(target_os = "macos", windows)) { None } else { user_folder() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The engine has no connect timeout, and its failures give no advice about networks.
    #[test]
    fn the_engine_is_waited_for_and_no_network_is_blamed() {
        let address = Address::local(5432, POSTGRES, POSTGRES);
        assert_eq!(address.connect_timeout, None);
        let endpoint = address.endpoints[0].to_string();
        let error = startup(ConnectError::Timeout { endpoint, after: Duration::from_secs(1) });
        let hint = error.hint().unwrap();
        assert!(!hint.contains("firewall") && !hint.contains("network"), "{hint}");
    }
}
