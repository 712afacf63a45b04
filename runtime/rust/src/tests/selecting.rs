//! Statements in orders of the caller's choice.

use super::Notes;
use crate::selecting::select;
use crate::{Column, Nullable};

const ID: Column<Notes, i64> = Column::new("id", "bigint");
const BODY: Column<Notes, String, Nullable> = Column::new("body", "text");

#[test]
fn columns_are_sorted_as_they_are_given() {
    let filter = ID.gt(1);
    let order = [BODY.desc_nulls_last(), ID.asc(), ID.desc()];
    let (sql, params) = select(&order, Some(&filter));
    assert_eq!(
        sql,
        "SELECT d.id, d.body FROM public.notes d WHERE true AND d.id > $1 \
         ORDER BY d.body DESC NULLS LAST, d.id, d.id DESC"
    );
    assert_eq!(params.as_slice().len(), 1);
    let (sql, _) = select::<Notes>(&[], None);
    assert_eq!(sql, "SELECT d.id, d.body FROM public.notes d WHERE true");
}
