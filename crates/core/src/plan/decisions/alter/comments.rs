//! COMMENT ON.

use crate::model::constraint::Constraint;
use crate::model::ident::Ident;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::plan::statement::Statement;

/// COMMENT ON INDEX, for the index behind a constraint.
pub(in crate::plan) fn comment_on_index(constraint: &Constraint) -> Statement {
    let object = ObjectId::child(ObjectKind::Index, &constraint.table, &constraint.name);
    Statement::Comment { object, text: constraint.index_comment.clone() }
}

/// COMMENT ON an object.
pub(in crate::plan) fn comment(object: &Object, text: Option<String>) -> Statement {
    match object {
        Object::Table(it) if it.foreign.is_some() => {
            Statement::CommentForeignTable { table: it.name.clone(), text }
        }
        other => Statement::Comment { object: other.id(), text },
    }
}

/// COMMENT ON COLUMN of a view.
pub(in crate::plan) fn comment_on_column(
    view: &ObjectId,
    column: &Ident,
    text: Option<&String>,
) -> Statement {
    let object = ObjectId {
        kind: ObjectKind::Column,
        relation: Some(view.name.clone()),
        name: column.clone(),
        ..view.clone()
    };
    Statement::Comment { object, text: text.cloned() }
}
