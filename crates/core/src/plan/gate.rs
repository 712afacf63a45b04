//! Features that a version of pgvector does not have: reported before a statement fails.

use crate::diff::Change;
use crate::model::extension::version_numbers;
use crate::model::index::Index;
use crate::model::object::Object;
use crate::model::pg_type::PgType;
use crate::model::pgvector::{EXTENSION, VectorOpclass, VectorType, opclasses_named};
use crate::model::snapshot::Snapshot;
use crate::plan::error::PlanError;

/// The changes that need a later pgvector than `from` has (`pg_extension.extversion`). Nothing is
/// known where the extension is not there, or is updated by these same changes.
pub(super) fn too_new(from: &Snapshot, changes: &[Change]) -> Vec<PlanError> {
    let installed = from.environment.extension_versions.get(EXTENSION);
    let Some(installed) = installed.filter(|_| !changes.iter().any(updates_vector)) else {
        return Vec::new();
    };
    let present = version_numbers(installed);
    let wanted = changes.iter().filter_map(|it| match it {
        Change::Create(to) | Change::Alter { to, .. } => Some(to),
        Change::Drop(_) | Change::Rename { .. } | Change::RenameLabel { .. } => None,
    });
    let missing = wanted.filter_map(|object| {
        let (feature, since) = latest_feature(object)?;
        (present < version_numbers(since)).then(|| PlanError::ExtensionTooOld {
            id: object.id(),
            feature,
            since: since.to_owned(),
            installed: installed.clone(),
        })
    });
    missing.collect()
}

fn updates_vector(change: &Change) -> bool {
    match change {
        Change::Create(Object::Extension(it)) | Change::Alter { to: Object::Extension(it), .. } => {
            it.name.as_str() == EXTENSION
        }
        _ => false,
    }
}

/// What an object uses that came last to pgvector, and the version it came with (CHANGELOG of
/// pgvector).
fn latest_feature(object: &Object) -> Option<(String, &'static str)> {
    match object {
        Object::Column(it) => of_type(&it.data_type),
        Object::Index(it) => of_index(it),
        _ => None,
    }
}

fn of_type(data_type: &PgType) -> Option<(String, &'static str)> {
    let vector = VectorType::named(&data_type.name)?;
    Some((format!("the type {}", vector.name()), vector.since()?))
}

fn of_index(index: &Index) -> Option<(String, &'static str)> {
    let method = index.vector_method()?;
    let class = index.keys.first().and_then(|it| it.opclass.as_ref())?;
    let class = opclasses_named(class.name.as_str()).find(|it| it.method == method);
    match class.and_then(VectorOpclass::since) {
        Some(since) => Some(("its operator class".to_owned(), since)),
        None => Some((format!("the access method {}", method.name()), method.since()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::column::Column;
    use crate::model::ident::{Ident, QualifiedName};

    #[track_caller]
    fn check(installed: &str, data_type: &str, refused: bool) {
        let mut from = Snapshot::default();
        from.environment.extension_versions.insert("vector".to_owned(), installed.to_owned());
        let data_type = PgType::parse(data_type).expect("a type");
        let table = QualifiedName::new("public", "t");
        let column = Column::new(table, Ident::new("v"), 1, data_type);
        assert_eq!(!too_new(&from, &[Change::Create(column.into())]).is_empty(), refused);
    }

    #[test]
    fn types_need_the_version_that_brought_them() {
        check("0.6.2", "halfvec(3)", true);
        check("0.7.0", "halfvec(3)", false);
        check("0.10.1", "sparsevec(3)", false);
        check("0.4.0", "vector(3)", false);
    }
}
