//! Checks of function bodies.

use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::statement::Statement;

/// The body of a routine may name what is created after it, or what is gone since, and `pg_depend` knows
/// of neither. So routines are not checked while they are created, as in the output of `pg_dump`.
pub(super) fn leave_unchecked(said: &mut Vec<(ObjectId, Statement)>) {
    let is_routine = |it: &(ObjectId, Statement)| match (&it.1, it.0.kind) {
        (Statement::Define { .. }, ObjectKind::Defined(kind)) => kind.is_routine(),
        _ => false,
    };
    let (Some(first), Some(last)) =
        (said.iter().position(is_routine), said.iter().rposition(is_routine))
    else {
        return;
    };
    let (begin, end) = (said[first].0.clone(), said[last].0.clone());
    said.insert(last + 1, (end, Statement::CheckFunctionBodies(true)));
    said.insert(first, (begin, Statement::CheckFunctionBodies(false)));
}
