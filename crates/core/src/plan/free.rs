//! Unused names.

use crate::model::Schema;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::ObjectKind;

/// Whether something in a namespace bears a name on one of the sides. Columns are among themselves.
pub(super) fn is_taken(sides: [&Schema; 2], name: &QualifiedName) -> bool {
    sides.iter().any(|side| {
        side.iter().any(|(id, _)| {
            id.kind != ObjectKind::Column
                && id.name == name.name
                && id.namespace.as_ref() == Some(&name.namespace)
        })
    })
}

/// The first free one of the names that are made with a label: that itself, then with numbers after it.
pub(super) fn first_free(
    label: &str,
    made: impl Fn(&str) -> Ident,
    is_taken: impl Fn(&Ident) -> bool,
) -> Ident {
    let mut candidate = made(label);
    let mut number = 1;
    while is_taken(&candidate) {
        candidate = made(&format!("{label}{number}"));
        number += 1;
    }
    candidate
}
