//! Settings of sessions as SQL.

use crate::local::set_sql;

#[test]
fn values_are_literals() {
    let sql = set_sql(&[("app.tenant", "a'b\\c"), ("role", "")]);
    assert_eq!(
        sql,
        "SELECT set_config(E'app.tenant', E'a''b\\\\c', true);SELECT set_config(E'role', E'', true);"
    );
    assert_eq!(set_sql(&[]), "");
}
