//! A schema together with facts about its server.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Schema;
use super::ident::{Ident, QualifiedName};
use super::object::ObjectId;

/// What introspection brings home.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The objects.
    pub schema: Schema,
    /// Which object needs which (`pg_depend`).
    pub dependencies: Dependencies,
    /// The server.
    pub environment: Environment,
    /// Columns and domains whose default has a value of its own in each row: it calls a function that
    /// is volatile (`pg_proc.provolatile`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub volatile: BTreeSet<ObjectId>,
    /// What the rows of partitions obey.
    #[serde(default, skip_serializing_if = "Bounds::is_empty")]
    pub bounds: Bounds,
    /// Objects of kinds that aludel does not manage, for people: `view public.recent`.
    pub unmanaged: BTreeSet<String>,
    /// What belongs to other roles than the one that looked.
    #[serde(default)]
    pub ownership: Ownership,
}

/// What the rows of each partition obey, as a condition over its columns
/// (`pg_get_partition_constraintdef`). Default and hash partitions have none that holds elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(QualifiedName, String)>", into = "Vec<(QualifiedName, String)>")]
pub struct Bounds(BTreeMap<QualifiedName, String>);

impl Bounds {
    /// The condition of a partition.
    #[must_use]
    pub fn of(&self, partition: &QualifiedName) -> Option<&str> {
        self.0.get(partition).map(String::as_str)
    }

    /// Each partition with its condition.
    pub fn iter(&self) -> impl Iterator<Item = (&QualifiedName, &str)> {
        self.0.iter().map(|(partition, condition)| (partition, condition.as_str()))
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(QualifiedName, String)> for Bounds {
    fn from_iter<I: IntoIterator<Item = (QualifiedName, String)>>(bounds: I) -> Self {
        Self(bounds.into_iter().collect())
    }
}

impl From<Vec<(QualifiedName, String)>> for Bounds {
    fn from(bounds: Vec<(QualifiedName, String)>) -> Self {
        bounds.into_iter().collect()
    }
}

impl From<Bounds> for Vec<(QualifiedName, String)> {
    fn from(bounds: Bounds) -> Self {
        bounds.0.into_iter().collect()
    }
}

/// What belongs to whom, as the role that looked sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Owners", into = "Owners")]
pub struct Ownership {
    /// Schemas, and what stands in none, that another role owns: with that role.
    pub others: BTreeMap<ObjectId, Ident>,
    /// What is own in schemas of others; routines of one name are told together.
    pub own_inside: BTreeSet<QualifiedName>,
}

/// An [`Ownership`] as it is stored: only texts can be keys.
type Owners = (Vec<(ObjectId, Ident)>, BTreeSet<QualifiedName>);

impl From<Owners> for Ownership {
    fn from((others, own_inside): Owners) -> Self {
        Self { others: others.into_iter().collect(), own_inside }
    }
}

impl From<Ownership> for Owners {
    fn from(it: Ownership) -> Self {
        (it.others.into_iter().collect(), it.own_inside)
    }
}

/// Which object needs which others, as `pg_depend` has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(ObjectId, ObjectId)>", into = "Vec<(ObjectId, ObjectId)>")]
pub struct Dependencies(BTreeMap<ObjectId, BTreeSet<ObjectId>>);

impl Dependencies {
    /// Notes that `dependent` needs `needed`.
    pub fn insert(&mut self, dependent: ObjectId, needed: ObjectId) {
        if dependent != needed {
            self.0.entry(dependent).or_default().insert(needed);
        }
    }

    /// What an object needs directly.
    pub fn of(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.0.get(id).into_iter().flatten()
    }

    /// All pairs: dependent, needed.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        self.0.iter().flat_map(|(dependent, needed)| needed.iter().map(move |it| (dependent, it)))
    }
}

impl From<Vec<(ObjectId, ObjectId)>> for Dependencies {
    fn from(pairs: Vec<(ObjectId, ObjectId)>) -> Self {
        let mut dependencies = Self::default();
        for (dependent, needed) in pairs {
            dependencies.insert(dependent, needed);
        }
        dependencies
    }
}

impl From<Dependencies> for Vec<(ObjectId, ObjectId)> {
    fn from(dependencies: Dependencies) -> Self {
        dependencies.iter().map(|(a, b)| (a.clone(), b.clone())).collect()
    }
}

/// Facts about the server that a schema was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// `server_version_num`, as in 160014; 0 where no server was asked.
    pub server_version: u32,
    /// Installed extensions and their versions (`pg_extension.extversion`), also those in
    /// `pg_catalog`.
    pub extension_versions: BTreeMap<String, String>,
    /// Casts between two types, by their printed names without modifiers (`pg_cast`).
    pub casts: Casts,
}

impl Environment {
    /// The major version: 16 for 160014.
    #[must_use]
    pub fn major_version(&self) -> u32 {
        self.server_version / 10_000
    }
}

/// The casts that `pg_cast` has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(String, String, CastContext)>", into = "Vec<(String, String, CastContext)>")]
pub struct Casts(BTreeMap<(String, String), CastContext>);

impl Casts {
    /// Notes a cast.
    pub fn insert(&mut self, from: String, to: String, context: CastContext) {
        self.0.insert((from, to), context);
    }

    /// When the server applies the cast between two types, if there is one.
    #[must_use]
    pub fn get(&self, from: &str, to: &str) -> Option<CastContext> {
        self.0.get(&(from.to_owned(), to.to_owned())).copied()
    }
}

impl From<Vec<(String, String, CastContext)>> for Casts {
    fn from(rows: Vec<(String, String, CastContext)>) -> Self {
        Self(rows.into_iter().map(|(from, to, context)| ((from, to), context)).collect())
    }
}

impl From<Casts> for Vec<(String, String, CastContext)> {
    fn from(casts: Casts) -> Self {
        casts.0.into_iter().map(|((from, to), context)| (from, to, context)).collect()
    }
}

/// When a cast is applied (`pg_cast.castcontext`), from the most to the least willing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CastContext {
    /// Everywhere.
    Implicit,
    /// When storing into a column, and so in ALTER COLUMN TYPE without USING.
    Assignment,
    /// Only when written out.
    Explicit,
}
