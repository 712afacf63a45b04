//! Whether a role may keep the ledger, and what an administrator has to run where it may not. Pure.

use std::fmt;

use crate::model::ident::{Ident, QualifiedName};

use super::tables;

/// What the server says of a role and the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPrivileges {
    /// The role.
    pub role: Ident,
    /// The database.
    pub database: Ident,
    /// The schema of the ledger.
    pub schema: Ident,
    /// Whether the schema is there.
    pub schema_exists: bool,
    /// Whether the role may create tables in the schema, or the schema where it is not there.
    pub may_create: bool,
    /// Whether the tables are there.
    pub tables_exist: bool,
    /// Whether the role may read and write them.
    pub may_write: bool,
    /// Whether the role may create tables in `public`.
    pub may_create_in_public: bool,
}

impl LedgerPrivileges {
    /// What keeps the role from keeping the ledger, if anything does.
    #[must_use]
    pub fn obstacle(self) -> Option<Obstacle> {
        let enough = if self.tables_exist { self.may_write } else { self.may_create };
        (!enough).then_some(Obstacle(self))
    }
}

/// A role that may not keep the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle(LedgerPrivileges);

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LedgerPrivileges { role, database, schema, .. } = &self.0;
        match (self.0.schema_exists, self.0.tables_exist) {
            (false, _) => write!(
                f,
                "role `{role}` may not create schema `{schema}` for the ledger: the role has no \
                 CREATE privilege on database `{database}`"
            ),
            (true, false) => {
                write!(f, "role `{role}` may not create the ledger's tables in schema `{schema}`")
            }
            (true, true) => {
                write!(f, "role `{role}` may not write the ledger in schema `{schema}`")
            }
        }
    }
}

impl Obstacle {
    /// The statement that an administrator runs.
    #[must_use]
    pub fn remedy(&self) -> String {
        let LedgerPrivileges { role, schema, .. } = &self.0;
        match (self.0.schema_exists, self.0.tables_exist) {
            (false, _) => format!("CREATE SCHEMA {schema} AUTHORIZATION {role};"),
            (true, false) => format!("GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};"),
            (true, true) => {
                let [revision, event] = tables(schema).map(|it| qualified(&it));
                format!(
                    "GRANT USAGE ON SCHEMA {schema} TO {role}; \
                     GRANT SELECT, INSERT, UPDATE, DELETE ON {revision}, {event} TO {role};"
                )
            }
        }
    }

    /// Whether the role could keep the ledger in `public`.
    #[must_use]
    pub fn public_would_do(&self) -> bool {
        self.0.may_create_in_public && self.0.schema != Ident::public()
    }
}

/// A name with its namespace, `public` too: a revision may have set another search path.
#[must_use]
pub fn qualified(name: &QualifiedName) -> String {
    format!("{}.{}", name.namespace, name.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn privileges() -> LedgerPrivileges {
        LedgerPrivileges {
            role: Ident::new("App"),
            database: Ident::new("shop"),
            schema: Ident::new("aludel"),
            schema_exists: false,
            may_create: false,
            tables_exist: false,
            may_write: false,
            may_create_in_public: true,
        }
    }

    #[track_caller]
    fn check(privileges: LedgerPrivileges, message: &str, remedy: &str) {
        let obstacle = privileges.obstacle().expect("an obstacle");
        assert_eq!(obstacle.to_string(), message);
        assert_eq!(obstacle.remedy(), remedy);
    }

    #[test]
    fn the_remedy_is_a_statement() {
        check(
            privileges(),
            "role `\"App\"` may not create schema `aludel` for the ledger: the role has no CREATE \
             privilege on database `shop`",
            "CREATE SCHEMA aludel AUTHORIZATION \"App\";",
        );
        check(
            LedgerPrivileges { schema_exists: true, ..privileges() },
            "role `\"App\"` may not create the ledger's tables in schema `aludel`",
            "GRANT USAGE, CREATE ON SCHEMA aludel TO \"App\";",
        );
        check(
            LedgerPrivileges {
                schema_exists: true,
                may_create: true,
                tables_exist: true,
                ..privileges()
            },
            "role `\"App\"` may not write the ledger in schema `aludel`",
            "GRANT USAGE ON SCHEMA aludel TO \"App\"; GRANT SELECT, INSERT, UPDATE, DELETE ON \
             aludel.revision, aludel.event TO \"App\";",
        );
    }

    #[test]
    fn privileges_that_are_not_needed_are_not_missed() {
        assert_eq!(LedgerPrivileges { may_create: true, ..privileges() }.obstacle(), None);
        let written = LedgerPrivileges { tables_exist: true, may_write: true, ..privileges() };
        assert_eq!(written.obstacle(), None);
    }
}
