//! The embedded PostgreSQL (pglite-oxide): clusters in this process, without a server.
//!
//! In: the extensions that will be created, and a folder where the cluster is to stay. Out: a [`Cluster`],
//! which listens on a port of 127.0.0.1. It accepts one connection at a time; a second one would wait
//! indefinitely. A scratch database is therefore a separate cluster: starting one is cheaper than another
//! database in the first, and it has its own roles. Extensions are installed into the directory of the cluster
//! before it starts, instead of through pglite-oxide's builder, which would create them in `pg_catalog`. The
//! engine unpacks about 100 MB into the user's cache directory once.
//!
//! Nothing here is asynchronous: the engine has a runtime inside, so it must not be started or stopped on
//! a thread of another one.

mod extensions;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pglite_oxide::PgliteServer;
use tempfile::TempDir;

pub use extensions::EXTENSIONS;

/// The superuser of a cluster, and its database.
pub const POSTGRES: &str = "postgres";

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

/// How many bytes must be free there: a thousand tables up and down take 163 MB. Containers often have
/// less than a cluster takes.
#[cfg(target_os = "linux")]
const ROOM: u64 = 2 << 30;

/// Says which release of ours laid out the extensions of a folder.
const STAMP_FILE: &str = ".aludel-extensions";

/// A file that the engine locks while it uses a folder.
const LOCK_FILE: &str = ".pglite-oxide.lock";

/// Why there is no cluster.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// It did not start.
    #[error("the embedded PostgreSQL does not start: {reason}")]
    Start {
        /// What it said.
        reason: String,
    },
    /// It has to unpack itself somewhere.
    #[error("cannot write to `{}`, where the embedded PostgreSQL unpacks itself: {source}", .path.display())]
    Files {
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Another process uses the folder.
    #[error("another process is using `{}`", .path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// An extension that it does not have: see [`EXTENSIONS`].
    #[error("the embedded PostgreSQL has no extension `{name}`")]
    MissingExtension {
        /// Its name.
        name: String,
    },
}

/// A cluster that runs. Dropping it stops it, and waits for that two seconds.
pub struct Cluster {
    server: Option<PgliteServer>,
    /// Of a scratch cluster: removed with it.
    folder: Option<TempDir>,
    port: u16,
}

impl Cluster {
    /// Makes a cluster of which nothing is kept, in which some extensions can be created. Blocks.
    ///
    /// # Errors
    /// When the engine does not start, or lacks an extension.
    pub fn scratch(extensions: &[String]) -> Result<Self, EngineError> {
        sweep();
        let folder = folder().map_err(|it| failed(&it))?;
        let server = start(folder.path(), NON_DURABLE, extensions)?;
        Self::listening(server, Some(folder))
    }

    /// Opens the cluster in a folder, which is made where there is none. While another process uses it,
    /// this waits as long as the patience lasts. Blocks.
    ///
    /// # Errors
    /// When the engine does not start, or another process keeps the folder.
    pub fn open(path: &Path, patience: Duration) -> Result<Self, EngineError> {
        let begin = Instant::now();
        let server = loop {
            match open_folder(path) {
                Err(EngineError::Busy { .. }) if begin.elapsed() < patience => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                outcome => break outcome?,
            }
        };
        Self::listening(server, None)
    }

    fn listening(server: PgliteServer, folder: Option<TempDir>) -> Result<Self, EngineError> {
        let address = server.tcp_addr().ok_or_else(|| failed(&"it does not listen"))?;
        Ok(Self { server: Some(server), folder, port: address.port() })
    }

    /// Where it listens, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it, and removes a scratch cluster's folder. Blocks for as long as a connection is open.
    pub fn stop(mut self) {
        drop(self.server.take());
        drop(self.folder.take());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let (server, folder) = (self.server.take(), self.folder.take());
        if server.is_some() {
            stop_within(STOP_PATIENCE, move || {
                drop(server);
                drop(folder);
            });
        }
    }
}

/// Whether the engine can unpack itself below a directory; the user's cache directory is where it does.
///
/// # Errors
/// With the folder and the reason, where it cannot be written.
pub fn check_files(directory: &Path) -> Result<(), EngineError> {
    let path = directory.join("pglite-oxide");
    let probe = std::fs::create_dir_all(&path).and_then(|()| tempfile::tempfile_in(&path));
    probe.map(drop).map_err(|source| EngineError::Files { path, source })
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

/// Runs something that may hang on a thread, and waits for it a while.
fn stop_within(patience: Duration, stop: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        stop();
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(patience);
}

/// Opens the cluster that stays, one process at a time. A folder without the stamp is one of a process
/// that was killed while it made the cluster: nobody has ever connected to that, so it makes room.
fn open_folder(folder: &Path) -> Result<PgliteServer, EngineError> {
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
) -> Result<PgliteServer, EngineError> {
    let settings = settings.iter().copied();
    let started = PgliteServer::builder().path(folder).postgres_configs(settings).start();
    let server = started.map_err(|it| {
        let reason = format!("{it:#}");
        if reason.contains("root is already in use") {
            return EngineError::Busy { path: folder.to_owned() };
        }
        EngineError::Start { reason }
    })?;
    let stamp = folder.join(STAMP_FILE);
    let release = env!("CARGO_PKG_VERSION");
    if std::fs::read_to_string(&stamp).is_ok_and(|it| it == release) {
        return Ok(server);
    }
    let mut ready = Vec::new();
    for name in extensions {
        extensions::install(folder, name.as_ref(), &mut ready)?;
    }
    std::fs::write(stamp, release).map_err(|it| failed(&it))?;
    Ok(server)
}

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

fn failed(reason: &dyn std::fmt::Display) -> EngineError {
    EngineError::Start { reason: reason.to_string() }
}
