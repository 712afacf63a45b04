//! GRANT, REVOKE and ALTER DEFAULT PRIVILEGES.

use crate::model::definition::DefinedKind;
use crate::model::object::{ObjectId, ObjectKind};
use crate::model::privileges::Grantee;
use crate::plan::statement::{Granting, Statement};

/// GRANT or REVOKE on an object; on a column its name stands behind each privilege.
pub(super) fn grant(on: &ObjectId, grantee: &Grantee, granting: &Granting) -> String {
    let column = (on.kind == ObjectKind::Column).then(|| on.name.to_string());
    sentence(granting, column.as_deref(), &target(on), grantee)
}

/// ALTER DEFAULT PRIVILEGES.
pub(super) fn by_default(statement: &Statement) -> String {
    let Statement::GrantByDefault { role, namespace, objects, grantee, granting } = statement
    else {
        return String::new();
    };
    let role = role.as_ref().map(|it| format!(" FOR ROLE {it}")).unwrap_or_default();
    let namespace = namespace.as_ref().map(|it| format!(" IN SCHEMA {it}")).unwrap_or_default();
    let sentence = sentence(granting, None, objects, grantee);
    format!("ALTER DEFAULT PRIVILEGES{role}{namespace} {sentence}")
}

fn sentence(granting: &Granting, column: Option<&str>, target: &str, grantee: &Grantee) -> String {
    let list = |privileges: &[String]| -> String {
        let shown = privileges.iter().map(|it| match column {
            Some(column) => format!("{it} ({column})"),
            None => it.clone(),
        });
        shown.collect::<Vec<_>>().join(", ")
    };
    let grantee = match grantee {
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::Owner => "CURRENT_USER".to_owned(),
        Grantee::Role(name) => name.to_string(),
    };
    match granting {
        Granting::Grant { privileges, option } => {
            let option = if *option { " WITH GRANT OPTION" } else { "" };
            format!("GRANT {} ON {target} TO {grantee}{option}", list(privileges))
        }
        Granting::Revoke { privileges, option_only } => {
            let option = if *option_only { "GRANT OPTION FOR " } else { "" };
            format!("REVOKE {option}{} ON {target} FROM {grantee}", list(privileges))
        }
        Granting::RevokeAll => {
            format!("REVOKE {} ON {target} FROM {grantee}", list(&["ALL".to_owned()]))
        }
    }
}

/// The object as GRANT calls it: views are tables, aggregates functions, servers foreign.
pub(super) fn target(on: &ObjectId) -> String {
    let relation = on.table_name().map(|it| it.to_string());
    let name = on.qualified_name().map_or(on.name.to_string(), |it| it.to_string());
    let signature = on.signature.as_ref().map_or("", |it| it.as_str());
    match on.kind {
        ObjectKind::Table | ObjectKind::Column => {
            format!("TABLE {}", relation.unwrap_or(name))
        }
        ObjectKind::Sequence => format!("SEQUENCE {name}"),
        ObjectKind::Namespace => format!("SCHEMA {name}"),
        ObjectKind::Domain => format!("DOMAIN {name}"),
        ObjectKind::Enum | ObjectKind::Composite => format!("TYPE {name}"),
        ObjectKind::Defined(kind) => match kind {
            DefinedKind::View | DefinedKind::MaterializedView => format!("TABLE {name}"),
            DefinedKind::Procedure => format!("PROCEDURE {name}{signature}"),
            DefinedKind::Function => format!("FUNCTION {name}{signature}"),
            // An aggregate without arguments is a function without arguments here.
            DefinedKind::Aggregate => format!("FUNCTION {name}{}", signature.replace("(*)", "()")),
            DefinedKind::Server => format!("FOREIGN SERVER {name}"),
            _ => format!("{} {name}", kind.form().keyword),
        },
        ObjectKind::Extension
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => name,
    }
}
