//! Domains and composite types.

use crate::model::composite::{Attribute, CompositeType};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::ident::QualifiedName;
use crate::plan::statement::{AttributeAction, DomainAction};

use super::definition::not_null;
use super::literal;

/// CREATE DOMAIN.
pub(super) fn create_domain(domain: &Domain) -> String {
    let mut parts = vec![format!("CREATE DOMAIN {} AS {}", domain.name, domain.data_type)];
    parts.extend(domain.collation.as_ref().map(|it| format!("COLLATE {it}")));
    parts.extend(domain.default.as_ref().map(|it| format!("DEFAULT {it}")));
    parts.extend(domain.not_null.then(|| not_null(&domain.not_null_constraint)));
    parts.extend(domain.checks.iter().filter(|it| it.validated).map(check));
    parts.join(" ")
}

/// CREATE TYPE … AS (…).
pub(super) fn create_composite(composite: &CompositeType) -> String {
    let attributes: Vec<String> =
        composite.attributes.iter().map(|it| format!("    {}", attribute(it))).collect();
    if attributes.is_empty() {
        return format!("CREATE TYPE {} AS ()", composite.name);
    }
    format!("CREATE TYPE {} AS (\n{}\n)", composite.name, attributes.join(",\n"))
}

/// `name type COLLATE …`, as in CREATE TYPE and ADD ATTRIBUTE.
fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_ref().map(|it| format!(" COLLATE {it}"));
    format!("{} {}{}", attribute.name, attribute.data_type, collation.unwrap_or_default())
}

fn check(check: &DomainCheck) -> String {
    format!("CONSTRAINT {} CHECK ({})", check.name, check.expression)
}

/// ALTER DOMAIN, or the comment on one of its constraints.
pub(super) fn alter_domain(name: &QualifiedName, action: &DomainAction) -> String {
    let action = match action {
        DomainAction::SetDefault(expression) => format!("SET DEFAULT {expression}"),
        DomainAction::DropDefault => "DROP DEFAULT".to_owned(),
        DomainAction::SetNotNull => "SET NOT NULL".to_owned(),
        DomainAction::AddNotNull(it) => format!("ADD CONSTRAINT {it} NOT NULL"),
        DomainAction::RenameConstraint { from, to } => format!("RENAME CONSTRAINT {from} TO {to}"),
        DomainAction::DropNotNull => "DROP NOT NULL".to_owned(),
        DomainAction::AddCheck(it) => {
            let valid = if it.validated { "" } else { " NOT VALID" };
            format!("ADD {}{valid}", check(it))
        }
        DomainAction::DropCheck(it) => format!("DROP CONSTRAINT {it}"),
        DomainAction::ValidateCheck(it) => format!("VALIDATE CONSTRAINT {it}"),
        DomainAction::CommentCheck(it, text) => {
            let text = text.as_ref().map_or("NULL".to_owned(), |it| literal(it));
            return format!("COMMENT ON CONSTRAINT {it} ON DOMAIN {name} IS {text}");
        }
    };
    format!("ALTER DOMAIN {name} {action}")
}

/// ALTER TYPE … ATTRIBUTE.
pub(super) fn alter_composite(name: &QualifiedName, action: &AttributeAction) -> String {
    let action = match action {
        AttributeAction::Add(it) => format!("ADD ATTRIBUTE {}", attribute(it)),
        AttributeAction::Drop(it) => format!("DROP ATTRIBUTE {it}"),
        AttributeAction::SetType(it) => {
            let collation = it.collation.as_ref().map(|it| format!(" COLLATE {it}"));
            let collation = collation.unwrap_or_default();
            format!("ALTER ATTRIBUTE {} TYPE {}{collation}", it.name, it.data_type)
        }
    };
    format!("ALTER TYPE {name} {action}")
}
