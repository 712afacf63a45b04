//! Objects with a definition in SQL: names, CREATE and DROP, and when they fire.

use crate::model::definition::{DefinedKind, Definition, Firing, Naming, Removal};
use crate::model::object::{ObjectId, ObjectKind};

/// The object with its keyword, as DROP, ALTER and COMMENT ON want it.
pub(super) fn reference(kind: DefinedKind, id: &ObjectId) -> String {
    let form = kind.form();
    let signature = id.signature.as_ref().map_or("", |it| it.as_str());
    let name = match form.naming {
        Naming::Name if kind == DefinedKind::Operator => operator(id),
        Naming::Name => id.qualified_name().map_or(id.name.to_string(), |it| it.to_string()),
        Naming::OnRelation => {
            let relation = id.table_name().map(|it| it.to_string()).unwrap_or_default();
            format!("{} ON {relation}", id.name)
        }
        Naming::Text => id.name.as_str().to_owned(),
        Naming::For if kind == DefinedKind::Transform => format!("FOR {}", id.name.as_str()),
        Naming::For => format!("FOR {}", id.name),
    };
    format!("{} {name}{signature}", form.keyword)
}

/// An operator's name is never quoted.
fn operator(id: &ObjectId) -> String {
    let namespace = id.namespace.as_ref().filter(|it| it.as_str() != crate::model::ident::PUBLIC);
    let prefix = namespace.map(|it| format!("{it}.")).unwrap_or_default();
    format!("{prefix}{} ", id.name.as_str())
}

/// DROP.
pub(super) fn drop(object: &ObjectId, subject: &str, removal: Removal) -> String {
    match removal {
        Removal::Alone => format!("DROP {subject}"),
        Removal::Cascade => format!("DROP {subject} CASCADE"),
        Removal::Family => format!("DROP {}", reference(DefinedKind::OperatorFamily, object)),
    }
}

/// CREATE, or CREATE OR REPLACE.
pub(super) fn create(definition: &Definition, or_replace: bool) -> String {
    let create = definition.statements.first().map_or("", String::as_str);
    match create.strip_prefix("CREATE ") {
        Some(rest) if or_replace => format!("CREATE OR REPLACE {rest}"),
        _ => create.to_owned(),
    }
}

/// ENABLE and DISABLE, in the words of the kind.
pub(super) fn set_firing(object: &ObjectId, firing: Firing) -> String {
    let how = match firing {
        Firing::Origin => "ENABLE",
        Firing::Disabled => "DISABLE",
        Firing::Replica => "ENABLE REPLICA",
        Firing::Always => "ENABLE ALWAYS",
    };
    match (object.kind, object.table_name()) {
        (ObjectKind::Defined(kind), Some(relation)) => {
            format!("ALTER TABLE {relation} {how} {} {}", kind.form().keyword, object.name)
        }
        _ => format!("ALTER EVENT TRIGGER {} {how}", object.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::{QualifiedName, Signature};

    #[track_caller]
    fn check(kind: DefinedKind, signature: Option<&str>, removal: Removal, expected: &str) {
        let name = QualifiedName::new("app", "words");
        let signature = signature.map(Signature::new);
        let id = ObjectId { signature, ..ObjectId::named(ObjectKind::Defined(kind), &name) };
        assert_eq!(drop(&id, &reference(kind, &id), removal), expected);
    }

    #[test]
    fn what_came_along_goes_along() {
        let class = DefinedKind::OperatorClass;
        let using = Some(" USING gin");
        check(class, using, Removal::Alone, "DROP OPERATOR CLASS app.words USING gin");
        check(class, using, Removal::Family, "DROP OPERATOR FAMILY app.words USING gin");
        check(DefinedKind::BaseType, None, Removal::Cascade, "DROP TYPE app.words CASCADE");
        check(DefinedKind::RangeType, None, Removal::Alone, "DROP TYPE app.words");
    }
}
