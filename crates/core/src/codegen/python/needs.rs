//! What a module needs: names that it imports, and modules of the runtime.
//!
//! Whatever is laid out tells its needs before it becomes text; text is never searched for them.

use std::collections::BTreeSet;

use super::runtime::Module;

/// A name that a module of a table imports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Import {
    Annotated,
    Any,
    AsyncSession,
    Composites,
    Dataclass,
    Decimal,
    Dt,
    Enums,
    Iterable,
    JsonValue,
    Mapped,
    MappedColumn,
    Numpy,
    Orm,
    Partial,
    Pg,
    Pydantic,
    Sa,
    Sequence,
    SparseVector,
    Support,
    Uuid,
    /// An enum or a composite type of the package.
    Enum(String),
    Composite(String),
    /// A module that a type of the declaration names.
    Module(String),
}

/// The sections of imports, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Standard,
    ThirdParty,
    /// What the project has outside of the generated package.
    Project,
    Local,
}

/// Modules of the standard library that a `python_type` may name; the formatter separates them.
const STANDARD: &[&str] = &[
    "array",
    "builtins",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "ipaddress",
    "numbers",
    "pathlib",
    "types",
    "typing",
    "uuid",
    "zoneinfo",
];

impl Import {
    /// Those that every declared type can name, by their names in the module.
    pub(super) const NAMED: [(&'static str, Self); 21] = [
        ("Annotated", Self::Annotated),
        ("Any", Self::Any),
        ("AsyncSession", Self::AsyncSession),
        ("Decimal", Self::Decimal),
        ("Iterable", Self::Iterable),
        ("JsonValue", Self::JsonValue),
        ("Mapped", Self::Mapped),
        ("Sequence", Self::Sequence),
        ("SparseVector", Self::SparseVector),
        ("UUID", Self::Uuid),
        ("composites", Self::Composites),
        ("dt", Self::Dt),
        ("enums", Self::Enums),
        ("mapped_column", Self::MappedColumn),
        ("np", Self::Numpy),
        ("orm", Self::Orm),
        ("partial", Self::Partial),
        ("pg", Self::Pg),
        ("pydantic", Self::Pydantic),
        ("sa", Self::Sa),
        ("support", Self::Support),
    ];

    pub(super) fn line(&self) -> Line {
        use Section::{Local, Project, Standard, ThirdParty};
        let (section, from, name) = match self {
            Self::Annotated => (Standard, "typing", "Annotated"),
            Self::Any => (Standard, "typing", "Any"),
            Self::AsyncSession => (ThirdParty, "sqlalchemy.ext.asyncio", "AsyncSession"),
            Self::Composites => (Local, ".", "composites"),
            Self::Dataclass => (Standard, "dataclasses", "dataclass"),
            Self::Decimal => (Standard, "decimal", "Decimal"),
            Self::Dt => (Standard, "", "datetime as dt"),
            Self::Enums => (Local, ".", "enums"),
            Self::Iterable => (Standard, "collections.abc", "Iterable"),
            Self::JsonValue => (ThirdParty, "pydantic", "JsonValue"),
            Self::Mapped => (ThirdParty, "sqlalchemy.orm", "Mapped"),
            Self::MappedColumn => (ThirdParty, "sqlalchemy.orm", "mapped_column"),
            Self::Numpy => (ThirdParty, "", "numpy as np"),
            Self::Orm => (ThirdParty, "sqlalchemy", "orm"),
            Self::Partial => (Standard, "functools", "partial"),
            Self::Pg => (ThirdParty, "sqlalchemy.dialects", "postgresql as pg"),
            Self::Pydantic => (ThirdParty, "", "pydantic"),
            Self::Sa => (ThirdParty, "", "sqlalchemy as sa"),
            Self::Sequence => (Standard, "collections.abc", "Sequence"),
            Self::SparseVector => (ThirdParty, "pgvector", "SparseVector"),
            Self::Support => (Local, ".", "support"),
            Self::Uuid => (Standard, "uuid", "UUID"),
            Self::Enum(name) => (Local, ".enums", name.as_str()),
            Self::Composite(name) => (Local, ".composites", name.as_str()),
            Self::Module(name) => {
                let first = name.split('.').next().unwrap_or(name);
                let section = if STANDARD.contains(&first) { Standard } else { Project };
                (section, "", name.as_str())
            }
        };
        Line::new(section, from, name)
    }
}

/// An import.
pub(super) struct Line {
    pub(super) section: Section,
    /// The module where it is `from MODULE import NAME`, otherwise empty.
    pub(super) from: String,
    /// The name, with `as` where it is another one here.
    pub(super) name: String,
}

impl Line {
    pub(super) fn new(section: Section, from: &str, name: &str) -> Self {
        Self { section, from: from.to_owned(), name: name.to_owned() }
    }
}

/// What a module, or a part of it, needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) imports: BTreeSet<Import>,
    pub(super) runtime: BTreeSet<Module>,
}

impl Needs {
    pub(super) fn import(&mut self, it: Import) {
        self.imports.insert(it);
    }

    /// A module of the runtime, which `support` passes on.
    pub(super) fn support(&mut self, it: Module) {
        self.imports.insert(Import::Support);
        self.runtime.insert(it);
    }

    pub(super) fn add(&mut self, other: Self) {
        self.imports.extend(other.imports);
        self.runtime.extend(other.runtime);
    }
}

/// What a type of the declaration names: modules, of `list[app.types.Meta]` for example `app.types`,
/// and names that modules of tables know. Strings in it are values.
pub(super) fn named_in(declared: &str) -> BTreeSet<Import> {
    let word = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let mut code = String::new();
    let mut quote = None;
    for it in declared.chars() {
        match quote {
            Some(open) if open == it => quote = None,
            Some(_) => {}
            None if it == '"' || it == '\'' => quote = Some(it),
            None => code.push(it),
        }
    }
    let paths = code.split(|it: char| !word(it)).filter_map(|path| {
        let first = path.split('.').next().unwrap_or(path);
        if let Some((_, import)) = Import::NAMED.into_iter().find(|it| it.0 == first) {
            return Some(import);
        }
        // Classes may be in classes; modules begin with a small letter.
        let (path, _) = path.rsplit_once('.')?;
        let capital = |it: &&str| it.starts_with(|it: char| it.is_uppercase());
        let modules: Vec<&str> = path.split('.').take_while(|it| !capital(it)).collect();
        let names_one = modules.first().is_some_and(|it| !it.is_empty());
        names_one.then(|| Import::Module(modules.join(".")))
    });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_types_bring_their_modules() {
        let module = |it: &str| Import::Module(it.to_owned());
        let found = named_in("list[app.types.Meta.Kind] | fractions.Fraction");
        assert_eq!(found, BTreeSet::from([module("app.types"), module("fractions")]));
        let found = named_in("dict[str, pydantic.JsonValue] | Any | np.ndarray");
        assert_eq!(found, BTreeSet::from([Import::Any, Import::Numpy, Import::Pydantic]));
        assert!(named_in("Literal['app.types', \"UUID\"] | str").is_empty());
    }
}
