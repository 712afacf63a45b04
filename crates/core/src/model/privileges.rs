//! Privileges (`relacl` and similar columns, manual section 5.8) and default privileges
//! (`pg_default_acl`).
//!
//! The privileges of one grantee on one object are an object here, so that they are created,
//! changed and dropped like any other. It exists only if they differ from the defaults: all
//! privileges for the owner, and those of `acldefault` for PUBLIC.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::defined_kind::DefinedKind;
use super::id::{ObjectId, ObjectKind};
use super::ident::{Ident, Signature};

/// What one role may do with one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// The object.
    pub on: ObjectId,
    /// Who is meant.
    pub grantee: Grantee,
    /// Place among the grantees of the object. Decides the order of GRANT, and is never a difference.
    pub position: u32,
    /// What the grantee has.
    pub granted: Grants,
    /// What the grantee has where nobody said anything.
    pub initial: BTreeSet<String>,
}

/// Privileges by their keyword (`SELECT`), each with whether it may be passed on (WITH GRANT
/// OPTION).
pub type Grants = BTreeMap<String, bool>;

/// Who a privilege is given to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// Everybody.
    Public,
    /// The owner of the object, whoever that is.
    Owner,
    /// A role.
    Role(Ident),
}

/// What one role is given on objects that another will make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// Whose new objects (`defaclrole`); none for the role that carries changes out.
    pub role: Option<Ident>,
    /// In which namespace; none for all.
    pub namespace: Option<Ident>,
    /// On which objects, as ALTER DEFAULT PRIVILEGES says it: `TABLES`.
    pub objects: String,
    /// Who is meant.
    pub grantee: Grantee,
    /// What the grantee is given.
    pub granted: Grants,
    /// What the grantee is given where nobody said anything.
    pub initial: BTreeSet<String>,
}

impl Grantee {
    fn name(&self) -> Ident {
        match self {
            Self::Public => Ident::new("PUBLIC"),
            Self::Owner => Ident::new("OWNER"),
            Self::Role(name) => name.clone(),
        }
    }
}

impl Privileges {
    /// The identity: the grantee's name, hung on the object.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        ObjectId {
            kind: ObjectKind::Privileges,
            namespace: self.on.namespace.clone(),
            relation: self.on.relation.clone(),
            name: self.grantee.name(),
            signature: Some(Signature::new(format!(" on {}", self.on))),
        }
    }
}

impl DefaultPrivileges {
    /// The identity: the grantee's name, with whose objects of which sort.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        let role = self.role.as_ref().map(|it| format!(" of {it}")).unwrap_or_default();
        let signature = format!(" on {}{role}", self.objects.to_lowercase());
        ObjectId {
            kind: ObjectKind::DefaultPrivileges,
            namespace: self.namespace.clone(),
            relation: None,
            name: self.grantee.name(),
            signature: Some(Signature::new(signature)),
        }
    }
}

/// What ALTER DEFAULT PRIVILEGES calls objects of a kind; none where it has nothing to say.
#[must_use]
pub fn default_sort(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Table => Some("TABLES"),
        ObjectKind::Sequence => Some("SEQUENCES"),
        ObjectKind::Namespace => Some("SCHEMAS"),
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => Some("TYPES"),
        ObjectKind::Defined(DefinedKind::View | DefinedKind::MaterializedView) => Some("TABLES"),
        ObjectKind::Defined(kind) if kind.is_routine() => Some("FUNCTIONS"),
        ObjectKind::Defined(kind) if kind.is_type() => Some("TYPES"),
        _ => None,
    }
}
