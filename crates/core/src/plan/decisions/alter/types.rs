//! Changes of domains and composite types that PostgreSQL can make in place.

use crate::model::composite::{Attribute, CompositeType};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::ident::{Ident, object_name};
use crate::model::not_null::NOT_NULL;
use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::decisions::alter::comments::comment_on_column;
use crate::plan::decisions::altered::Altered;
use crate::plan::statement::{AttributeAction, DomainAction, Statement};

/// All but the base type and the collation.
pub(in crate::plan) fn domain(from: &Domain, to: &Domain) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    let mut say = |action| {
        statements.push(Statement::AlterDomain { name: to.name.clone(), action });
    };
    if from.not_null && !to.not_null {
        say(DomainAction::DropNotNull);
    }
    if from.not_null && to.not_null && not_null_name(from) != not_null_name(to) {
        let (from, to) = (not_null_name(from), not_null_name(to));
        say(DomainAction::RenameConstraint { from, to });
    }
    if from.default != to.default {
        say(to.default.clone().map_or(DomainAction::DropDefault, DomainAction::SetDefault));
    }
    for old in &from.checks {
        match check_of(&to.checks, old) {
            Some(new) if new.expression == old.expression && (new.validated || !old.validated) => {}
            _ => say(DomainAction::DropCheck(old.name.clone())),
        }
    }
    for new in &to.checks {
        let old = check_of(&from.checks, new)
            .filter(|it| it.expression == new.expression && (new.validated || !it.validated));
        match old {
            None => say(DomainAction::AddCheck(new.clone())),
            Some(old) if new.validated && !old.validated => {
                say(DomainAction::ValidateCheck(new.name.clone()));
            }
            Some(_) => {}
        }
        if old.and_then(|it| it.comment.as_ref()) != new.comment.as_ref() {
            say(DomainAction::CommentCheck(new.name.clone(), new.comment.clone()));
        }
    }
    if to.not_null && !from.not_null {
        let named = to.not_null_constraint.name.clone();
        say(named.map_or(DomainAction::SetNotNull, DomainAction::AddNotNull));
    }
    let (before, after) = (&from.not_null_constraint, &to.not_null_constraint);
    let before = before.comment.as_ref().filter(|_| from.not_null);
    if to.not_null && before != after.comment.as_ref() {
        say(DomainAction::CommentCheck(not_null_name(to), after.comment.clone()));
    }
    reached.not_null = to.not_null;
    reached.not_null_constraint = to.not_null_constraint.clone();
    reached.default.clone_from(&to.default);
    reached.checks.clone_from(&to.checks);
    Altered::reached(reached, statements)
}

/// What the NOT NULL constraint of a domain is called.
pub(in crate::plan) fn not_null_name(domain: &Domain) -> Ident {
    let own = domain.not_null_constraint.name.clone();
    own.unwrap_or_else(|| object_name(domain.name.name.as_str(), None, NOT_NULL))
}

fn check_of<'a>(checks: &'a [DomainCheck], like: &DomainCheck) -> Option<&'a DomainCheck> {
    checks.iter().find(|it| it.name == like.name)
}

/// Attributes can go, come at the end, and change their types; their order cannot change.
pub(in crate::plan) fn composite(from: &CompositeType, to: &CompositeType) -> Altered {
    let (mut reached, mut statements) = (from.clone(), Vec::new());
    let of = |side: &CompositeType, it: &Attribute| {
        side.attributes.iter().find(|other| other.name == it.name).cloned()
    };
    let kept: Vec<&Attribute> = from.attributes.iter().filter(|it| of(to, it).is_some()).collect();
    let in_order = kept.iter().zip(&to.attributes).all(|(old, new)| old.name == new.name);
    if !in_order {
        return Altered::reached(reached, statements);
    }
    let mut say = |action| {
        statements.push(Statement::AlterComposite { name: to.name.clone(), action });
    };
    for old in from.attributes.iter().filter(|it| of(to, it).is_none()) {
        say(AttributeAction::Drop(old.name.clone()));
    }
    for new in &to.attributes {
        match of(from, new) {
            None => say(AttributeAction::Add(new.clone())),
            Some(old) if old.data_type != new.data_type || old.collation != new.collation => {
                say(AttributeAction::SetType(new.clone()));
            }
            Some(_) => {}
        }
    }
    let id = ObjectId::named(ObjectKind::Composite, &to.name);
    for new in &to.attributes {
        if of(from, new).and_then(|it| it.comment) != new.comment {
            statements.push(comment_on_column(&id, &new.name, new.comment.as_ref()));
        }
    }
    reached.attributes.clone_from(&to.attributes);
    Altered::reached(reached, statements)
}
