//! What PostgreSQL prints for the default of a `serial` column.

use crate::model::expr::SqlExpr;
use crate::model::ident::QualifiedName;

/// The default that draws from a sequence, as `pg_get_expr` prints it with `public` on the search
/// path: `nextval('users_id_seq'::regclass)`.
pub(super) fn next_value(sequence: &QualifiedName) -> SqlExpr {
    let literal = sequence.to_string().replace('\'', "''");
    SqlExpr::new(format!("nextval('{literal}'::regclass)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(namespace: &str, name: &str, expected: &str) {
        let printed = next_value(&QualifiedName::new(namespace, name));
        assert_eq!(printed.as_str(), expected);
    }

    /// Printed by PostgreSQL 16.
    #[test]
    fn names_are_quoted_as_the_server_does() {
        check("public", "users_id_seq", "nextval('users_id_seq'::regclass)");
        check("Bi", "T_a_seq", "nextval('\"Bi\".\"T_a_seq\"'::regclass)");
        check("public", "O'dd \\ N_a_seq", "nextval('\"O''dd \\ N_a_seq\"'::regclass)");
    }
}
