//! The extensions of the engine: where CREATE EXTENSION finds them.

use std::io;
use std::path::Path;

use pglite_oxide::PglitePaths;

use super::{EngineError, failed};

/// Extensions written in SQL for what the bundle lacks: name, control file, script and its name.
const SHIMS: &[(&str, &str, &str, &str)] = &[
    (
        "pgcrypto",
        include_str!("../shims/pgcrypto.control"),
        "pgcrypto--1.3.sql",
        include_str!("../shims/pgcrypto--1.3.sql"),
    ),
    (
        "uuid-ossp",
        include_str!("../shims/uuid-ossp.control"),
        "uuid-ossp--1.1.sql",
        include_str!("../shims/uuid-ossp--1.1.sql"),
    ),
];

/// Puts an extension, and those it needs, where CREATE EXTENSION finds it.
pub(super) fn install(
    folder: &Path,
    name: &str,
    ready: &mut Vec<String>,
) -> Result<(), EngineError> {
    if BUILT_IN.contains(&name) || ready.iter().any(|it| it == name) {
        return Ok(());
    }
    ready.push(name.to_owned());
    if let Some((_, control, script, sql)) = SHIMS.iter().find(|it| it.0 == name) {
        return install_shim(folder, name, control, script, sql).map_err(|it| failed(&it));
    }
    let archive = pglite_oxide_assets::extension_archive(name);
    let bundled = pglite_oxide::extensions::by_sql_name(name).zip(archive);
    let missing = || EngineError::MissingExtension { name: name.to_owned() };
    let (extension, archive) = bundled.ok_or_else(missing)?;
    for dependency in extension.dependencies() {
        install(folder, dependency, ready)?;
    }
    let paths = PglitePaths::with_root(folder);
    pglite_oxide::install_extension_bytes(&paths, archive)
        .map_err(|it| EngineError::Start { reason: format!("{it:#}") })
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
