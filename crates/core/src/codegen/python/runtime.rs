//! The runtime: the modules of `runtime/python`, which generated packages copy or import.
//!
//! A package gets the modules that its tables need and what those use, word for word, below a first
//! line that says so. The files are written, checked and tested where they are, as a package of their
//! own.

use std::collections::BTreeSet;

use crate::codegen::MARK;

/// The modules of the runtime, each once.
macro_rules! modules {
    ($($name:ident,)*) => {
        /// A module of the runtime.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Module {
            $($name,)*
        }

        #[cfg(test)]
        const ALL: &[Module] = &[$(Module::$name,)*];
    };
}

modules! {
    Arrays,
    Bits,
    Choice,
    Conditions,
    Cursors,
    Drift,
    Encoders,
    Engine,
    Enums,
    Errors,
    Fusion,
    Kinds,
    Loading,
    Mmr,
    Pages,
    Reads,
    Rerank,
    Revisions,
    Rows,
    Searches,
    Settings,
    Shapes,
    Sparse,
    Tables,
    Types,
    Values,
    VectorEngine,
    Vectors,
    Writes,
    Writing,
}

/// A file of the runtime.
pub(super) struct Source {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    /// What other code may use of it: its `__all__`.
    pub(super) exports: &'static [&'static str],
    /// The modules that it imports.
    pub(super) uses: &'static [Module],
}

macro_rules! source {
    ($name:literal, $exports:expr, $uses:expr) => {
        Source {
            name: $name,
            text: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/runtime/python/",
                $name,
                ".py"
            )),
            exports: &$exports,
            uses: &$uses,
        }
    };
}

impl Module {
    /// The package of the runtime.
    pub(super) const PACKAGE: &'static str = "aludel_runtime";

    /// What every package uses.
    pub(super) const ALWAYS: [Self; 9] = [
        Self::Conditions,
        Self::Engine,
        Self::Errors,
        Self::Reads,
        Self::Revisions,
        Self::Rows,
        Self::Settings,
        Self::Shapes,
        Self::Values,
    ];

    pub(super) fn source(self) -> Source {
        use Module as M;
        match self {
            M::Arrays => source!(
                "arrays",
                [
                    "Array",
                    "ArrayField",
                    "Embedding",
                    "HalfEmbedding",
                    "WithArrays",
                    "binary_quantize",
                    "check_embedding",
                    "halfvec_to_binary",
                    "sized",
                    "vector_to_binary"
                ],
                [M::Vectors]
            ),
            M::Bits => source!("bits", ["Bits"], [M::Revisions]),
            M::Choice => source!("choice", [], [M::Conditions]),
            M::Conditions => source!("conditions", ["Key", "Order", "Where"], []),
            M::Cursors => source!("cursors", ["decode_cursor", "encode_cursor"], [M::Errors]),
            M::Drift => source!("drift", [], [M::Errors, M::Kinds]),
            M::Encoders => source!(
                "encoders",
                [
                    "Encoder",
                    "copy_bool",
                    "copy_bytes",
                    "copy_date",
                    "copy_float4",
                    "copy_float8",
                    "copy_int2",
                    "copy_int4",
                    "copy_int8",
                    "copy_interval",
                    "copy_json",
                    "copy_jsonb",
                    "copy_oid",
                    "copy_text",
                    "copy_time",
                    "copy_timestamp",
                    "copy_timestamptz",
                    "copy_uuid"
                ],
                []
            ),
            M::Engine => source!("engine", ["make_engine", "make_sessions"], []),
            M::Enums => source!("enums", ["Labels", "OpenEnum"], [M::Errors, M::Revisions]),
            M::Errors => source!("errors", ["InvalidCursor", "SchemaDrift", "UnknownLabel"], []),
            M::Fusion => {
                source!("fusion", ["Ranked", "hybrid"], [M::Conditions, M::Rows, M::Searches])
            }
            M::Kinds => source!("kinds", [], [M::Encoders, M::Revisions]),
            M::Loading => source!("loading", [], [M::Encoders, M::Rows]),
            M::Mmr => source!("mmr", ["nearest_mmr"], [M::Rows, M::Searches]),
            M::Pages => source!("pages", ["Page"], [M::Conditions, M::Rows]),
            M::Reads => source!(
                "reads",
                ["Keyed", "Unique", "Unkeyed"],
                [M::Conditions, M::Drift, M::Kinds, M::Pages, M::Rows, M::Shapes]
            ),
            M::Rerank => {
                source!("rerank", ["nearest_rerank"], [M::Conditions, M::Rows, M::Searches])
            }
            M::Revisions => source!("revisions", ["alembic_options"], []),
            M::Rows => source!("rows", ["Loose"], [M::Conditions]),
            M::Searches => source!(
                "searches",
                ["Hit", "IterativeScan", "Method", "Metric", "Search", "nearest"],
                [M::Choice, M::Conditions, M::Rows]
            ),
            M::Settings => source!("settings", ["with_settings"], []),
            M::Shapes => source!("shapes", ["Create", "Cursor", "Out", "Patch"], []),
            M::Sparse => source!("sparse", ["SparseEmbedding", "SparseField"], [M::Vectors]),
            M::Tables => source!("tables", ["columns_of", "listener"], []),
            M::Types => source!(
                "types",
                ["Composite", "Domain", "Json", "List", "Raw", "Serial", "collated"],
                [M::Revisions]
            ),
            M::Values => source!("values", ["UNSET", "Aware", "Cidr", "Inet"], []),
            M::VectorEngine => source!("vector_engine", ["make_engine"], [M::Engine, M::Vectors]),
            M::Vectors => source!(
                "vectors",
                [
                    "Embedding",
                    "HalfEmbedding",
                    "binary_quantize",
                    "check_embedding",
                    "halfvec_to_binary",
                    "sized",
                    "vector_to_binary"
                ],
                [M::Revisions]
            ),
            M::Writes => source!(
                "writes",
                ["Changes", "Inserts", "Upserts", "Writes"],
                [M::Conditions, M::Encoders, M::Kinds, M::Loading, M::Reads, M::Shapes, M::Writing]
            ),
            M::Writing => source!("writing", [], [M::Conditions, M::Rows]),
        }
    }
}

/// The modules, and all that they use.
pub(super) fn with_used(modules: &BTreeSet<Module>) -> BTreeSet<Module> {
    let mut all = BTreeSet::new();
    let mut left: Vec<Module> = modules.iter().copied().collect();
    while let Some(module) = left.pop() {
        if all.insert(module) {
            left.extend(module.source().uses);
        }
    }
    all
}

/// The text of a module's copy.
pub(super) fn copy(source: &Source) -> String {
    format!(
        "# {MARK}. The rest of this file is runtime/python/{}/{}.py of aludel, verbatim.\n{}",
        Module::PACKAGE,
        source.name,
        source.text
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is between `__all__ = [` and its bracket; nothing where there is no such list.
    fn exported(text: &str) -> Vec<&str> {
        let list = text.split_once("__all__ = [").and_then(|it| it.1.split_once(']'));
        let list = list.map_or("", |it| it.0);
        list.split(',').map(|it| it.trim().trim_matches('"')).filter(|it| !it.is_empty()).collect()
    }

    /// The modules beside it that a file imports.
    fn imported(text: &str) -> BTreeSet<&str> {
        let lines = text.lines().filter_map(|it| it.strip_prefix("from ."));
        let names = lines.flat_map(|line| {
            let (module, names) = line.split_once(" import ").unwrap();
            let whole = names.split(',').map(|it| it.trim().split(' ').next().unwrap());
            if module.is_empty() { whole.collect() } else { vec![module] }
        });
        names.collect()
    }

    #[test]
    fn modules_are_what_their_files_say() {
        for source in ALL.iter().map(|it| it.source()) {
            assert_eq!(exported(source.text), source.exports, "{}", source.name);
            let uses: BTreeSet<&str> = source.uses.iter().map(|it| it.source().name).collect();
            assert_eq!(imported(source.text), uses, "{}", source.name);
        }
    }

    #[test]
    fn copies_are_verbatim_below_their_first_line() {
        let source = Module::Pages.source();
        let text = copy(&source);
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(first.contains(MARK) && first.contains("verbatim"), "{first}");
        assert_eq!(rest, source.text);
    }

    #[test]
    fn what_modules_use_comes_with_them() {
        let names = |of: &[Module]| -> Vec<&str> {
            with_used(&of.iter().copied().collect()).iter().map(|it| it.source().name).collect()
        };
        assert_eq!(
            names(&[Module::Rerank]),
            ["choice", "conditions", "rerank", "rows", "searches"]
        );
        assert_eq!(names(&[Module::Arrays]), ["arrays", "revisions", "vectors"]);
    }
}
