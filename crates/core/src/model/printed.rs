//! The expressions of an object that PostgreSQL parses when the object is created and prints when
//! it is read (`ruleutils.c` in the server).

use super::column::ColumnValue;
use super::constraint::ConstraintRule;
use super::definition::DefinedKind;
use super::index::IndexValue;
use super::object::{Object, ObjectKind};

/// The texts of an object, in a fixed order.
#[must_use]
pub fn texts(object: &Object) -> Vec<&str> {
    match object {
        Object::Table(it) => it.partition_by.iter().map(String::as_str).collect(),
        Object::Column(it) => match &it.value {
            ColumnValue::Default(text) | ColumnValue::Stored(text) | ColumnValue::Virtual(text) => {
                vec![text.as_str()]
            }
            ColumnValue::None | ColumnValue::Identity(_) => Vec::new(),
        },
        Object::Constraint(it) => match &it.rule {
            ConstraintRule::Check { expression, .. } => vec![expression.as_str()],
            ConstraintRule::Exclude { definition } => vec![definition],
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::ForeignKey(_) => Vec::new(),
        },
        Object::Index(it) => {
            let keys = it.keys.iter().filter_map(|key| match &key.value {
                IndexValue::Expression(text) => Some(text.as_str()),
                IndexValue::Column(_) => None,
            });
            keys.chain(it.predicate.iter().map(|it| it.as_str())).collect()
        }
        Object::Domain(it) => {
            let checks = it.checks.iter().map(|it| it.expression.as_str());
            it.default.iter().map(|it| it.as_str()).chain(checks).collect()
        }
        Object::Defined(it) => it.statements.iter().map(String::as_str).collect(),
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Enum(_)
        | Object::Composite(_)
        | Object::Sequence(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => Vec::new(),
    }
}

/// Gives an object the texts of another one of its shape: what that has more or less of is left.
pub fn take_texts(object: &mut Object, other: &Object) {
    match (object, other) {
        (Object::Table(it), Object::Table(other)) => {
            it.partition_by.clone_from(&other.partition_by);
        }
        (Object::Column(it), Object::Column(other)) => it.value.clone_from(&other.value),
        (Object::Constraint(it), Object::Constraint(other)) => it.rule.clone_from(&other.rule),
        (Object::Index(it), Object::Index(other)) => {
            for (key, other) in it.keys.iter_mut().zip(&other.keys) {
                key.value.clone_from(&other.value);
            }
            it.predicate.clone_from(&other.predicate);
        }
        (Object::Domain(it), Object::Domain(other)) => {
            it.default.clone_from(&other.default);
            for (check, other) in it.checks.iter_mut().zip(&other.checks) {
                check.expression.clone_from(&other.expression);
            }
        }
        (Object::Defined(it), Object::Defined(other)) => {
            it.statements.clone_from(&other.statements);
        }
        _ => {}
    }
}

/// Whether the text of an object may hold expressions. That of others is put together from names and
/// constants, and printed the same way each time.
#[must_use]
pub fn holds_expressions(object: &Object) -> bool {
    match object.id().kind {
        ObjectKind::Defined(kind) => is_made_of_expressions(kind),
        _ => !texts(object).is_empty(),
    }
}

/// Whether objects of a kind are made of expressions over others. The rest is what expressions are made
/// of: types, operators, casts and what they need.
#[must_use]
pub fn is_made_of_expressions(kind: DefinedKind) -> bool {
    match kind {
        DefinedKind::Function
        | DefinedKind::Procedure
        | DefinedKind::View
        | DefinedKind::MaterializedView
        | DefinedKind::Rule
        | DefinedKind::Trigger
        | DefinedKind::Policy
        | DefinedKind::Statistics
        | DefinedKind::Publication => true,
        DefinedKind::Language
        | DefinedKind::AccessMethod
        | DefinedKind::ForeignDataWrapper
        | DefinedKind::Server
        | DefinedKind::UserMapping
        | DefinedKind::Collation
        | DefinedKind::BaseType
        | DefinedKind::RangeType
        | DefinedKind::Aggregate
        | DefinedKind::Operator
        | DefinedKind::OperatorFamily
        | DefinedKind::OperatorClass
        | DefinedKind::Cast
        | DefinedKind::Transform
        | DefinedKind::Conversion
        | DefinedKind::TextSearchParser
        | DefinedKind::TextSearchTemplate
        | DefinedKind::TextSearchDictionary
        | DefinedKind::TextSearchConfiguration
        | DefinedKind::EventTrigger => false,
    }
}
