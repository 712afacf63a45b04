//! Statements that write.

use super::{KEY, Notes};
use crate::columns::{matches, names};
use crate::writing::{conflict_sql, values_sql};
use crate::{ColumnInfo, Params};

#[test]
fn values_have_the_types_of_their_columns() {
    assert_eq!(values_sql::<Notes>(&[]), "DEFAULT VALUES");
    assert_eq!(
        values_sql::<Notes>(&[0, 1]),
        "(id, price) VALUES ($1, $2::text::money)"
    );
}

#[test]
fn keys_are_compared_column_by_column() {
    let key = [KEY[0], ColumnInfo::new("mail", "address").base("text")];
    assert_eq!(matches(&key, "d", 3), "d.id = $3 AND d.mail = $4::text");
    assert_eq!(names(&key, "d."), "d.id, d.mail");
}

#[test]
fn numbers_of_parameters_begin_at_one() {
    let mut params = Params::new();
    assert_eq!((params.push(&1), params.push(&2)), (1, 2));
}

#[test]
fn a_row_that_is_there_keeps_its_key() {
    let set = " ON CONFLICT (id) DO UPDATE SET price = excluded.price";
    assert_eq!(conflict_sql::<Notes>(&[0, 1], KEY), set);
    let nothing_else = " ON CONFLICT (id) DO UPDATE SET id = excluded.id";
    assert_eq!(conflict_sql::<Notes>(&[0], KEY), nothing_else);
}
