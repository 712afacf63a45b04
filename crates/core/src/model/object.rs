//! An object of a schema, whatever its kind.

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::composite::CompositeType;
use super::constraint::Constraint;
use super::definition::Definition;
use super::domain::Domain;
use super::enum_type::EnumType;
use super::extension::Extension;
use super::index::Index;
use super::namespace::Namespace;
use super::privileges::{DefaultPrivileges, Privileges};
use super::sequence::Sequence;
use super::table::Table;

pub use super::id::{ObjectId, ObjectKind};

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
