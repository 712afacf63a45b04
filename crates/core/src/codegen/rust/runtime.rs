//! The runtime of generated Rust code: its files, and what each of them uses.
//!
//! It is the crate `runtime/rust`, which is compiled and tested there. Its files are copied as they
//! are; a test compares this list with their `use` lines.

use crate::codegen::{FORMAT, MARK};

macro_rules! file {
    ($name:literal, [$($uses:expr),*], [$($crates:expr),*]) => {
        File {
            name: $name,
            text: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/runtime/rust/",
                $name,
                ".rs"
            )),
            uses: &[$($uses),*],
            crates: &[$($crates),*],
        }
    };
}

/// A crate, or a feature of one, that code needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Crate {
    Bytes,
    Chrono,
    Cidr,
    DeadpoolPostgres,
    Eui48,
    FuturesUtil,
    GeoTypes,
    /// The feature of `pgvector`.
    Halfvec,
    Jiff,
    Pgvector,
    /// With the derive macros.
    PostgresTypes,
    RustDecimal,
    Serde,
    SerdeJson,
    Time,
    TokioPostgres,
    Uuid,
    /// The feature `serde` of `pgvector`.
    VectorSerde,
}

/// The files of the runtime, each once.
macro_rules! parts {
    ($($name:ident,)*) => {
        /// A file of the runtime.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Part {
            $($name,)*
        }

        #[cfg(test)]
        const ALL: &[Part] = &[$(Part::$name,)*];
    };
}

parts! {
    Bits,
    Bulk,
    Changing,
    Choice,
    Columns,
    Conditions,
    Cursors,
    Embedding,
    EmbeddingSerde,
    Enums,
    Errors,
    HalfEmbedding,
    HalfEmbeddingSerde,
    Hybrid,
    Interval,
    Jsonb,
    Local,
    Mmr,
    Nearest,
    Numeric,
    Pages,
    Params,
    Pool,
    Range,
    Reading,
    Rerank,
    Rows,
    Search,
    Selecting,
    Session,
    Settings,
    SparseEmbedding,
    SparseEmbeddingSerde,
    Table,
    Vectors,
    Verify,
    Watch,
    Writing,
}

/// What every schema needs.
pub(super) const ALWAYS: &[Part] = &[Part::Local, Part::Pool, Part::Selecting, Part::Watch];

/// The file of macros that the index declares before the tables, also if the runtime is a package.
pub(super) const MACROS: File = file!("macros", [], []);

/// A file of the runtime with what it uses.
pub(super) struct File {
    /// Its name as a module.
    pub(super) name: &'static str,
    /// The whole text.
    text: &'static str,
    /// The other files that it uses.
    pub(super) uses: &'static [Part],
    /// The crates that it uses.
    pub(super) crates: &'static [Crate],
}

impl File {
    /// The text of a copy: its first line marks it, the rest is the file as it is.
    pub(super) fn copy(&self) -> String {
        format!(
            "// {MARK} (format {FORMAT}). The rest of this file is runtime/rust/src/{}.rs of aludel, \
             verbatim.\n{}",
            self.name, self.text
        )
    }
}

impl Part {
    /// Whether it has names for the code; some files only implement traits, or are used by others.
    pub(super) fn has_names(self) -> bool {
        use Part::{Choice, EmbeddingSerde, HalfEmbeddingSerde, Jsonb, SparseEmbeddingSerde};
        !matches!(self, Choice | EmbeddingSerde | HalfEmbeddingSerde | Jsonb | SparseEmbeddingSerde)
    }

    /// Whether it declares types that are parts of responses, with the macro `wire`.
    pub(super) fn is_on_the_wire(self) -> bool {
        matches!(self, Self::Interval | Self::Numeric | Self::Range)
    }
}

/// The file of a part.
#[rustfmt::skip]
pub(super) fn file(part: Part) -> File {
    match part {
        Part::Bits => file!("bits", [Part::Errors], [Crate::Bytes, Crate::Serde, Crate::TokioPostgres]),
        Part::Bulk => file!("bulk", [Part::Columns, Part::Errors, Part::Params, Part::Session, Part::Table, Part::Writing], [Crate::Bytes, Crate::DeadpoolPostgres, Crate::FuturesUtil, Crate::TokioPostgres]),
        Part::Changing => file!("changing", [Part::Columns, Part::Conditions, Part::Errors, Part::Params, Part::Reading, Part::Rows, Part::Session, Part::Table, Part::Writing], []),
        Part::Choice => file!("choice", [Part::Conditions, Part::Errors, Part::Params, Part::Search, Part::Table], [Crate::TokioPostgres]),
        Part::Columns => file!("columns", [], []),
        Part::Conditions => file!("conditions", [Part::Columns, Part::Params], [Crate::TokioPostgres]),
        Part::Cursors => file!("cursors", [Part::Errors], [Crate::Serde, Crate::SerdeJson]),
        Part::Embedding => file!("embedding", [Part::Errors, Part::Vectors], [Crate::Bytes, Crate::Pgvector, Crate::TokioPostgres]),
        Part::EmbeddingSerde => file!("embedding_serde", [Part::Embedding], [Crate::Serde]),
        Part::Enums => file!("enums", [Part::Errors], [Crate::Bytes, Crate::TokioPostgres]),
        Part::Errors => file!("errors", [], [Crate::DeadpoolPostgres, Crate::TokioPostgres]),
        Part::HalfEmbedding => file!("half_embedding", [Part::Errors, Part::Vectors], [Crate::Bytes, Crate::Halfvec, Crate::Pgvector, Crate::TokioPostgres]),
        Part::HalfEmbeddingSerde => file!("half_embedding_serde", [Part::HalfEmbedding], [Crate::Serde]),
        Part::Hybrid => file!("hybrid", [Part::Columns, Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Search, Part::Session, Part::Settings, Part::Table], [Crate::TokioPostgres]),
        Part::Interval => file!("interval", [Part::Errors], [Crate::Bytes, Crate::Serde, Crate::TokioPostgres]),
        Part::Jsonb => file!("jsonb", [Part::Conditions], [Crate::SerdeJson]),
        Part::Local => file!("local", [Part::Session], []),
        Part::Mmr => file!("mmr", [Part::Errors, Part::Nearest, Part::Params, Part::Rows, Part::Search, Part::Session, Part::Settings, Part::Table, Part::Vectors], [Crate::TokioPostgres]),
        Part::Nearest => file!("nearest", [Part::Choice, Part::Columns, Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Search, Part::Session, Part::Settings, Part::Table], [Crate::TokioPostgres]),
        Part::Numeric => file!("numeric", [Part::Errors], [Crate::Bytes, Crate::Serde, Crate::TokioPostgres]),
        Part::Pages => file!("pages", [Part::Columns, Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Session, Part::Table], []),
        Part::Params => file!("params", [], [Crate::TokioPostgres]),
        Part::Pool => file!("pool", [Part::Errors], [Crate::DeadpoolPostgres, Crate::TokioPostgres]),
        Part::Range => file!("range", [Part::Errors], [Crate::Bytes, Crate::Serde, Crate::TokioPostgres]),
        Part::Reading => file!("reading", [Part::Columns, Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Session, Part::Table], []),
        Part::Rerank => file!("rerank", [Part::Columns, Part::Errors, Part::Nearest, Part::Params, Part::Rows, Part::Search, Part::Session, Part::Settings, Part::Table], [Crate::TokioPostgres]),
        Part::Rows => file!("rows", [Part::Errors], [Crate::TokioPostgres]),
        Part::Search => file!("search", [Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Table], [Crate::TokioPostgres]),
        Part::Selecting => file!("selecting", [Part::Conditions, Part::Errors, Part::Params, Part::Rows, Part::Session, Part::Table], [Crate::FuturesUtil]),
        Part::Session => file!("session", [Part::Errors], [Crate::DeadpoolPostgres, Crate::FuturesUtil, Crate::TokioPostgres]),
        Part::Settings => file!("settings", [Part::Choice, Part::Conditions, Part::Errors, Part::Params, Part::Search, Part::Session, Part::Table], [Crate::DeadpoolPostgres, Crate::FuturesUtil, Crate::TokioPostgres]),
        Part::SparseEmbedding => file!("sparse_embedding", [Part::Errors, Part::Vectors], [Crate::Bytes, Crate::Pgvector, Crate::TokioPostgres]),
        Part::SparseEmbeddingSerde => file!("sparse_embedding_serde", [Part::SparseEmbedding], [Crate::Serde]),
        Part::Table => file!("table", [Part::Columns, Part::Rows], []),
        Part::Vectors => file!("vectors", [Part::Errors], [Crate::TokioPostgres]),
        Part::Verify => file!("verify", [Part::Errors, Part::Session, Part::Table], []),
        Part::Watch => file!("watch", [Part::Session], []),
        Part::Writing => file!("writing", [Part::Columns, Part::Errors, Part::Rows, Part::Session, Part::Table], [Crate::TokioPostgres]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_file_uses_what_is_listed_and_nothing_else() {
        let crates = [
            ("bytes::", Crate::Bytes),
            ("deadpool_postgres::", Crate::DeadpoolPostgres),
            ("futures_util::", Crate::FuturesUtil),
            ("pgvector::", Crate::Pgvector),
            ("serde::", Crate::Serde),
            ("wire! {", Crate::Serde),
            ("serde_json::", Crate::SerdeJson),
            ("tokio_postgres::", Crate::TokioPostgres),
        ];
        for part in ALL.iter().copied() {
            let file = file(part);
            let module = |line: &str| {
                line.strip_prefix("use super::")?.split("::").next().map(str::to_owned)
            };
            let used: BTreeSet<String> = file.text.lines().filter_map(module).collect();
            let listed: BTreeSet<String> =
                file.uses.iter().map(|it| super::file(*it).name.to_owned()).collect();
            assert_eq!(used, listed, "{}", file.name);
            let named = crates.iter().filter(|it| file.text.contains(it.0)).map(|it| it.1);
            let named: BTreeSet<Crate> = named.collect();
            let mut listed: BTreeSet<Crate> = file.crates.iter().copied().collect();
            listed.remove(&Crate::Halfvec);
            assert_eq!(named, listed, "{}", file.name);
        }
    }

    #[test]
    fn files_can_be_copied() {
        let crate_root = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/rust/lib.rs"));
        let modules = crate_root
            .lines()
            .filter(|it| it.starts_with("mod ") && !["mod macros;", "mod tests;"].contains(it));
        assert_eq!(modules.count(), ALL.len(), "a file that no part is");
        for part in ALL.iter().copied() {
            let file = file(part);
            // They are compiled in a module of another crate, and their tests are not copied.
            for absent in ["crate::", "#[cfg", "#[macro_export]"] {
                assert!(!file.text.contains(absent), "{}: `{absent}`", file.name);
            }
            assert!(file.text.starts_with("//! "), "{}", file.name);
            assert!(crate_root.contains(&format!("\nmod {};", file.name)), "{}", file.name);
            let names = crate_root.contains(&format!("\npub use {}::*;", file.name));
            assert_eq!(names, part.has_names(), "{}", file.name);
            assert_eq!(file.text.contains("\nwire! {"), part.is_on_the_wire(), "{}", file.name);
            let copy = file.copy();
            let (first, rest) = copy.split_once('\n').expect("a first line");
            assert!(first.contains(MARK) && first.ends_with("verbatim."), "{first}");
            assert_eq!(rest, file.text);
        }
    }
}
