//! Snapshots that are expensive to compute, in files with the hash of the input as name.
//!
//! An invalid entry is a miss, never an error: it can be computed again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::Schema;
use crate::model::snapshot::Snapshot;

/// Entries that are kept.
const MAX_ENTRIES: usize = 100;

/// Bytes that are kept in all.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// How long an entry is kept after it was last used.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 3600);

/// Names the folder for what programs can make again (XDG Base Directory Specification).
pub(super) const CACHE_VARIABLE: &str = "XDG_CACHE_HOME";

/// The user's folder for what programs can make again.
#[must_use]
pub fn user_folder() -> Option<PathBuf> {
    let named = std::env::var_os(CACHE_VARIABLE).map(PathBuf::from).filter(|it| it.is_absolute());
    named.or_else(|| std::env::home_dir().map(|it| it.join(".cache")))
}

/// A folder of snapshots.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
}

/// The address of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheKey(String);

impl CacheKey {
    /// Hashes everything that has a say in the snapshot, the version of this program included.
    #[must_use]
    pub fn new<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = Sha256::new();
        for part in [env!("CARGO_PKG_VERSION")].into_iter().chain(parts) {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finalize().iter().map(|it| format!("{it:02x}")).collect())
    }
}

/// What stands in a file.
#[derive(Serialize, Deserialize)]
struct Entry<S> {
    key: String,
    snapshot: S,
}

/// What is wanted of a [`Snapshot`] when nothing is to be planned.
#[derive(Deserialize)]
struct Objects {
    schema: Schema,
}

impl Cache {
    /// A cache in a folder, which need not exist.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The snapshot of a key, if it is there and whole.
    #[must_use]
    pub fn get(&self, key: &CacheKey) -> Option<Snapshot> {
        self.read(key)
    }

    /// The objects of a snapshot alone: half the work of reading it is its dependencies.
    #[must_use]
    pub fn schema(&self, key: &CacheKey) -> Option<Schema> {
        self.read(key).map(|it: Objects| it.schema)
    }

    /// What was kept under a key, if it is there and whole.
    pub fn read<S: DeserializeOwned>(&self, key: &CacheKey) -> Option<S> {
        if self.leads_elsewhere() {
            return None;
        }
        let path = self.path(key);
        let entry: Entry<S> = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
        if entry.key != key.0 {
            return None;
        }
        // Its use is noted by its time; a read-only cache does without.
        let file = fs::OpenOptions::new().append(true).open(&path);
        let _ = file.and_then(|it| it.set_modified(SystemTime::now()));
        Some(entry.snapshot)
    }

    /// Whether a key was marked.
    #[must_use]
    pub fn is_marked(&self, key: &CacheKey) -> bool {
        self.read(key).is_some_and(|()| true)
    }

    /// Keeps a key that says all by itself.
    pub fn mark(&self, key: &CacheKey) -> io::Result<()> {
        self.write(key, &())
    }

    /// Keeps a snapshot. Failing to is no harm, so the caller may ignore it.
    pub fn put(&self, key: &CacheKey, snapshot: &Snapshot) -> io::Result<()> {
        self.write(key, snapshot)
    }

    /// Keeps anything, as [`Cache::put`] does.
    pub fn write<S: Serialize>(&self, key: &CacheKey, snapshot: &S) -> io::Result<()> {
        if self.leads_elsewhere() {
            return Err(io::Error::other("the cache is a symbolic link"));
        }
        fs::create_dir_all(&self.directory)?;
        let text = serde_json::to_vec(&Entry { key: key.0.clone(), snapshot })?;
        let unfinished = self.directory.join(format!("{}.{}.tmp", key.0, std::process::id()));
        fs::write(&unfinished, text)?;
        fs::rename(&unfinished, self.path(key))?;
        self.prune(SystemTime::now());
        Ok(())
    }

    /// Whether the folder, or the one of ours that it is in, is a symbolic link: whoever made that
    /// wants something else to be read or removed.
    fn leads_elsewhere(&self) -> bool {
        let parent =
            self.directory.parent().filter(|it| it.file_name().is_some_and(|it| it == ".aludel"));
        let mut folders = parent.into_iter().chain([self.directory.as_path()]);
        folders.any(|it| it.symlink_metadata().is_ok_and(|it| it.is_symlink()))
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.directory.join(format!("{}.json", key.0))
    }

    /// Removes what is too old, then the least used of what is too much.
    fn prune(&self, now: SystemTime) {
        let mut files = self.files();
        files.sort_by_key(|it| std::cmp::Reverse(it.used));
        let mut bytes = 0;
        for (at, file) in files.iter().enumerate() {
            bytes += file.bytes;
            let age = now.duration_since(file.used).unwrap_or_default();
            if at >= MAX_ENTRIES || bytes > MAX_BYTES || age > MAX_AGE {
                let _ = fs::remove_file(&file.path);
            }
        }
    }

    /// Our files: entries, and what an interrupted run left unfinished.
    fn files(&self) -> Vec<File> {
        let entries = fs::read_dir(&self.directory).into_iter().flatten().flatten();
        let ours = entries.filter(|it| is_ours(&it.path()));
        ours.filter_map(|it| {
            let metadata = it.metadata().ok()?;
            let used = metadata.modified().ok()?;
            Some(File { path: it.path(), used, bytes: metadata.len() })
        })
        .collect()
    }
}

struct File {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
}

/// Whether a file has a name that [`Cache::write`] gives: a key, and what shows that it is finished or
/// not.
fn is_ours(path: &Path) -> bool {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let (key, rest) = name.split_once('.').unwrap_or_default();
    let is_key = key.len() == 64 && key.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    is_key && (rest == "json" || rest.ends_with(".tmp"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::Ident;
    use crate::model::namespace::Namespace;
    use crate::model::snapshot::Environment;

    fn snapshot(version: u32) -> Snapshot {
        let environment = Environment { server_version: version, ..Environment::default() };
        Snapshot { environment, ..Snapshot::default() }
    }

    fn cache() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        (folder, cache)
    }

    #[test]
    fn what_was_put_is_got() {
        let (_folder, cache) = cache();
        let key = CacheKey::new(["a", "b"]);
        assert_eq!(cache.get(&key), None);
        cache.put(&key, &snapshot(1)).unwrap();
        cache.put(&key, &snapshot(2)).unwrap();
        assert_eq!(cache.get(&key), Some(snapshot(2)));
        assert_eq!(cache.get(&CacheKey::new(["ab"])), None);
    }

    #[test]
    fn the_objects_can_be_got_alone() {
        let (_folder, cache) = cache();
        let (key, mark) = (CacheKey::new(["a"]), CacheKey::new(["b"]));
        let mut whole = snapshot(1);
        whole.schema.insert(Namespace { name: Ident::public(), comment: None });
        cache.put(&key, &whole).unwrap();
        assert_eq!(cache.schema(&key), Some(whole.schema));
        assert!(!cache.is_marked(&mark));
        cache.mark(&mark).unwrap();
        assert!(cache.is_marked(&mark));
    }

    #[test]
    fn keys_depend_on_where_parts_end() {
        assert_ne!(CacheKey::new(["ab", "c"]), CacheKey::new(["a", "bc"]));
        assert_ne!(CacheKey::new(["a", ""]), CacheKey::new(["a"]));
    }

    #[test]
    fn a_damaged_entry_is_a_miss() {
        let (_folder, cache) = cache();
        let key = CacheKey::new(["a"]);
        cache.put(&key, &snapshot(1)).unwrap();
        let text = fs::read_to_string(cache.path(&key)).unwrap();
        fs::write(cache.path(&key), &text[..text.len() / 2]).unwrap();
        assert_eq!(cache.get(&key), None);
        fs::rename(cache.path(&key), cache.path(&CacheKey::new(["b"]))).unwrap();
        fs::write(cache.path(&CacheKey::new(["b"])), &text).unwrap();
        assert_eq!(cache.get(&CacheKey::new(["b"])), None, "an entry under another's name");
    }

    #[test]
    fn the_least_used_goes_first() {
        let (_folder, cache) = cache();
        for at in 0..MAX_ENTRIES + 5 {
            let key = CacheKey::new([at.to_string().as_str()]);
            cache.put(&key, &snapshot(1)).unwrap();
            let age = Duration::from_secs(1000 - at as u64);
            let file = fs::OpenOptions::new().append(true).open(cache.path(&key)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        assert_eq!(cache.files().len(), MAX_ENTRIES);
        assert_eq!(cache.get(&CacheKey::new(["0"])), None);
        assert!(cache.get(&CacheKey::new(["104"])).is_some());
    }

    #[test]
    fn the_old_goes() {
        let (_folder, cache) = cache();
        cache.put(&CacheKey::new(["a"]), &snapshot(1)).unwrap();
        cache.prune(SystemTime::now() + MAX_AGE + Duration::from_secs(1));
        assert_eq!(cache.get(&CacheKey::new(["a"])), None);
    }

    #[test]
    fn what_others_keep_there_stays() {
        let (folder, cache) = cache();
        cache.put(&CacheKey::new(["a"]), &snapshot(1)).unwrap();
        let foreign = folder.path().join("cache/package.json");
        fs::write(&foreign, "{}").unwrap();
        cache.prune(SystemTime::now() + MAX_AGE + Duration::from_secs(1));
        assert!(foreign.exists());
        assert_eq!(cache.get(&CacheKey::new(["a"])), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let (folder, real) = cache();
        let key = CacheKey::new(["a"]);
        real.put(&key, &snapshot(1)).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("cache"), &link).unwrap();
        let linked = Cache::new(&link);
        assert_eq!(linked.get(&key), None);
        assert!(linked.put(&key, &snapshot(2)).is_err());
        let project = folder.path().join(".aludel");
        std::os::unix::fs::symlink(folder.path(), &project).unwrap();
        assert_eq!(Cache::new(project.join("cache")).get(&key), None);
    }
}
