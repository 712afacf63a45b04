//! The kinds of objects, and the identity of an object.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::defined_kind::{DefinedKind, Naming};
use super::ident::{Ident, QualifiedName, Signature};

/// The kinds of object that aludel manages, in the order in which they are created when nothing
/// else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// What SQL calls a schema (`pg_namespace`).
    Namespace,
    /// `pg_extension`.
    Extension,
    /// An enumerated type (`pg_type.typtype = 'e'`).
    Enum,
    /// A domain (`pg_type.typtype = 'd'`).
    Domain,
    /// A composite type that is no table's row type (`pg_class.relkind = 'c'`).
    Composite,
    /// A sequence that a user sees; the ones behind identity columns belong to their column.
    Sequence,
    /// An ordinary table.
    Table,
    /// A column of a table.
    Column,
    /// Primary key, unique, foreign key, check or exclusion.
    Constraint,
    /// An index that does not back a constraint.
    Index,
    /// What is known by the SQL that makes it.
    Defined(DefinedKind),
    /// What a role may do with an object.
    Privileges,
    /// What a role may do with objects to come (`pg_default_acl`).
    DefaultPrivileges,
}

impl ObjectKind {
    /// The word for people, as in PostgreSQL's messages.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Namespace => "schema",
            Self::Extension => "extension",
            Self::Enum => "enum",
            Self::Domain => "domain",
            Self::Composite => "composite type",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Defined(kind) => kind.form().noun,
            Self::Privileges => "privileges of",
            Self::DefaultPrivileges => "default privileges of",
        }
    }
}

/// What identifies an object: its kind, its namespace, the relation it belongs to, its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectId {
    /// The kind.
    pub kind: ObjectKind,
    /// The namespace; none for namespaces and extensions.
    pub namespace: Option<Ident>,
    /// The table, for columns, constraints and indexes.
    pub relation: Option<Ident>,
    /// The name.
    pub name: Ident,
    /// What else tells it from others of its name: the argument types of a routine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

impl ObjectId {
    /// The id of something that stands in no namespace.
    pub fn global(kind: ObjectKind, name: impl Into<Ident>) -> Self {
        Self { kind, namespace: None, relation: None, name: name.into(), signature: None }
    }

    /// The id of something that stands in a namespace.
    #[must_use]
    pub fn named(kind: ObjectKind, name: &QualifiedName) -> Self {
        Self {
            kind,
            namespace: Some(name.namespace.clone()),
            relation: None,
            name: name.name.clone(),
            signature: None,
        }
    }

    /// The id of something that belongs to a table.
    #[must_use]
    pub fn child(kind: ObjectKind, table: &QualifiedName, name: &Ident) -> Self {
        Self {
            kind,
            namespace: Some(table.namespace.clone()),
            relation: Some(table.name.clone()),
            name: name.clone(),
            signature: None,
        }
    }

    /// The table's id.
    #[must_use]
    pub fn table(name: &QualifiedName) -> Self {
        Self::named(ObjectKind::Table, name)
    }

    /// The id of the table that this object belongs to.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.relation.as_ref()?;
        Some(Self::table(&self.table_name()?))
    }

    /// The name of the table that this object belongs to, or of the table that it is.
    #[must_use]
    pub fn table_name(&self) -> Option<QualifiedName> {
        let namespace = self.namespace.clone()?;
        let table = self.kind == ObjectKind::Table;
        let name = if table { self.name.clone() } else { self.relation.clone()? };
        Some(QualifiedName { namespace, name })
    }

    /// The name with its namespace, where it has one.
    #[must_use]
    pub fn qualified_name(&self) -> Option<QualifiedName> {
        Some(QualifiedName { namespace: self.namespace.clone()?, name: self.name.clone() })
    }
}

impl fmt::Display for ObjectId {
    /// As in `column documents.embedding`, `constraint users_pkey on users`, `schema billing`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.noun())?;
        match (self.kind, self.table_name(), self.qualified_name()) {
            (ObjectKind::Column, Some(table), _) => write!(f, "{table}.{}", self.name),
            (ObjectKind::Constraint, Some(table), _) => write!(f, "{} on {table}", self.name),
            (ObjectKind::Defined(kind), relation, name) => match (kind.form().naming, relation) {
                (Naming::OnRelation, Some(relation)) => write!(f, "{} on {relation}", self.name),
                (Naming::Text, _) => f.write_str(self.name.as_str()),
                _ => match name {
                    Some(name) => write!(f, "{name}"),
                    None => write!(f, "{}", self.name),
                },
            },
            (ObjectKind::Privileges, _, _) => write!(f, "{}", self.name),
            (ObjectKind::DefaultPrivileges, _, _) => write!(f, "{}", self.name),
            (_, _, Some(name)) => write!(f, "{name}"),
            (_, _, None) => write!(f, "{}", self.name),
        }?;
        self.signature.as_ref().map_or(Ok(()), |it| write!(f, "{it}"))
    }
}
