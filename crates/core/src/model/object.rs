//! The one list of kinds: what an object is called, and the object itself.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::composite::CompositeType;
use super::constraint::Constraint;
use super::definition::{DefinedKind, Definition, Naming};
use super::domain::Domain;
use super::enum_type::EnumType;
use super::extension::Extension;
use super::ident::{Ident, QualifiedName, Signature};
use super::index::Index;
use super::namespace::Namespace;
use super::privileges::{DefaultPrivileges, Privileges};
use super::sequence::Sequence;
use super::table::Table;

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

/// What identifies an object: its kind, its namespace, the relation it hangs on, its name.
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

    /// The id of something that hangs on a table.
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

    /// The id of the table that this object hangs on.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.relation.as_ref()?;
        Some(Self::table(&self.table_name()?))
    }

    /// The name of the table that this object hangs on, or of the table that it is.
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

/// One object of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    /// See [`Namespace`].
    Namespace(Namespace),
    /// See [`Extension`].
    Extension(Extension),
    /// See [`EnumType`].
    Enum(EnumType),
    /// See [`Domain`].
    Domain(Domain),
    /// See [`CompositeType`].
    Composite(CompositeType),
    /// See [`Sequence`].
    Sequence(Sequence),
    /// See [`Table`].
    Table(Table),
    /// See [`Column`].
    Column(Column),
    /// See [`Constraint`].
    Constraint(Constraint),
    /// See [`Index`].
    Index(Index),
    /// See [`Definition`].
    Defined(Definition),
    /// See [`Privileges`].
    Privileges(Privileges),
    /// See [`DefaultPrivileges`].
    DefaultPrivileges(DefaultPrivileges),
}

impl Object {
    /// The identity.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        match self {
            Self::Namespace(it) => ObjectId::global(ObjectKind::Namespace, it.name.clone()),
            Self::Extension(it) => ObjectId::global(ObjectKind::Extension, it.name.clone()),
            Self::Enum(it) => ObjectId::named(ObjectKind::Enum, &it.name),
            Self::Domain(it) => ObjectId::named(ObjectKind::Domain, &it.name),
            Self::Composite(it) => ObjectId::named(ObjectKind::Composite, &it.name),
            Self::Sequence(it) => ObjectId::named(ObjectKind::Sequence, &it.name),
            Self::Table(it) => ObjectId::table(&it.name),
            Self::Column(it) => ObjectId::child(ObjectKind::Column, &it.table, &it.name),
            Self::Constraint(it) => ObjectId::child(ObjectKind::Constraint, &it.table, &it.name),
            Self::Index(it) => ObjectId::child(ObjectKind::Index, &it.table, &it.name),
            Self::Defined(it) => it.id.clone(),
            Self::Privileges(it) => it.id(),
            Self::DefaultPrivileges(it) => it.id(),
        }
    }

    /// The comment (`pg_description`).
    #[must_use]
    pub fn comment(&self) -> Option<&str> {
        match self {
            Self::Namespace(it) => it.comment.as_deref(),
            Self::Extension(_) => None,
            Self::Enum(it) => it.comment.as_deref(),
            Self::Domain(it) => it.comment.as_deref(),
            Self::Composite(it) => it.comment.as_deref(),
            Self::Sequence(it) => it.comment.as_deref(),
            Self::Table(it) => it.comment.as_deref(),
            Self::Column(it) => it.comment.as_deref(),
            Self::Constraint(it) => it.comment.as_deref(),
            Self::Index(it) => it.comment.as_deref(),
            Self::Defined(it) => it.comment.as_deref(),
            Self::Privileges(_) | Self::DefaultPrivileges(_) => None,
        }
    }
}

/// An object as it stands in a stored schema: `{"table": {…}}` rather than `{"kind": "table", …}`,
/// which could only be read by keeping every field aside until the kind has been seen.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct UnderKind(#[serde(with = "ByKind")] pub(super) Object);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Object", rename_all = "snake_case")]
enum ByKind {
    Namespace(Namespace),
    Extension(Extension),
    Enum(EnumType),
    Domain(Domain),
    Composite(CompositeType),
    Sequence(Sequence),
    Table(Table),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    Defined(Definition),
    Privileges(Privileges),
    DefaultPrivileges(DefaultPrivileges),
}

/// Makes `From<Kind> for Object` for each kind.
macro_rules! object_from {
    ($($variant:ident($kind:ty)),+ $(,)?) => {
        $(impl From<$kind> for Object {
            fn from(it: $kind) -> Self {
                Self::$variant(it)
            }
        })+
    };
}

object_from!(
    Namespace(Namespace),
    Extension(Extension),
    Enum(EnumType),
    Domain(Domain),
    Composite(CompositeType),
    Sequence(Sequence),
    Table(Table),
    Column(Column),
    Constraint(Constraint),
    Index(Index),
    Defined(Definition),
    Privileges(Privileges),
    DefaultPrivileges(DefaultPrivileges),
);
