//! What happens to an object.

use std::collections::BTreeMap;

use crate::model::object::ObjectId;
use crate::model::snapshot::Snapshot;
use crate::plan::mirror::Mirror;
use crate::plan::statement::{ColumnAction, Statement};

use super::altered::Altered;

/// What happens to one object.
pub(in crate::plan) enum Disposition {
    /// It is made.
    Create,
    /// It goes.
    Drop,
    /// A partition is detached from its parent, which stays, and dropped after that.
    DetachAndDrop,
    /// It is changed where it stands.
    Alter(Altered),
    /// It is dropped and recreated in its new form.
    Replace,
    /// A column is replaced by a second one that has its values in another type.
    Expand(Box<Mirror>),
    /// A type is replaced by a new one of the same name, and its columns are converted.
    ReplaceType,
}

impl Disposition {
    /// Whether the object as it was ceases to be.
    pub(in crate::plan) fn removes(&self) -> bool {
        matches!(self, Self::Drop | Self::DetachAndDrop | Self::Replace | Self::Expand(_))
    }

    /// Whether what stands on the object need not know: only its comment, its default or the way its
    /// values are stored changes.
    pub(in crate::plan) fn is_quiet(&self) -> bool {
        use ColumnAction::{DropDefault, SetCompression, SetDefault, SetStatistics, SetStorage};
        let Self::Alter(altered) = self else { return false };
        altered.release.is_empty()
            && altered.statements.iter().all(|it| match it {
                Statement::Comment { .. } => true,
                Statement::AlterColumn { action, .. } => matches!(
                    action,
                    SetDefault(_)
                        | DropDefault
                        | SetStorage(_)
                        | SetCompression(_)
                        | SetStatistics(_)
                ),
                _ => false,
            })
    }

    /// The second column, of a column that gets its type by way of one.
    pub(in crate::plan) fn mirror(&self) -> Option<&Mirror> {
        match self {
            Self::Expand(mirror) => Some(mirror),
            Self::Create
            | Self::Drop
            | Self::DetachAndDrop
            | Self::Alter(_)
            | Self::Replace
            | Self::ReplaceType => None,
        }
    }

    /// Whether the object is created, be it again.
    pub(in crate::plan) fn makes(&self) -> bool {
        matches!(self, Self::Create | Self::Replace | Self::Expand(_))
    }
}

pub(in crate::plan) type Dispositions = BTreeMap<ObjectId, Disposition>;

pub(in crate::plan) fn remove(id: &ObjectId, after: &Snapshot, dispositions: &mut Dispositions) {
    let disposition =
        if after.schema.contains(id) { Disposition::Replace } else { Disposition::Drop };
    dispositions.insert(id.clone(), disposition);
}
