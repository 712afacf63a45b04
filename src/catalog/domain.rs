//! Domains.

use super::directory::{Address, Directory, PG_CONSTRAINT, PG_TYPE};
use super::row::row;
use super::text::{pg_type, without_outer_parentheses};
use super::{CatalogError, Scope};
use crate::model::domain::{Domain, DomainCheck};
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName, is_generated_name};
use crate::model::not_null::{NOT_NULL, NotNull};

row! {
    "user_domains";
    /// A row of `pg_type` with its checks.
    struct UserDomainRow {
        oid: u32,
        array_type: u32,
        namespace: String,
        name: String,
        data_type: String,
        /// 0 where it is the base type's own.
        collation: u32,
        not_null: bool,
        not_null_oid: Option<u32>,
        not_null_name: Option<String>,
        default_text: Option<String>,
        check_oids: Vec<u32>,
        check_names: Vec<String>,
        check_expressions: Vec<String>,
        check_validated: Vec<bool>,
    }
}

/// Adds the domains in scope.
pub(super) fn read(
    rows: Vec<UserDomainRow>,
    scope: &Scope,
    directory: &mut Directory,
) -> Result<(), CatalogError> {
    for row in rows {
        let name = QualifiedName::new(row.namespace.as_str(), row.name.as_str());
        if scope.excludes(&name) {
            continue;
        }
        let own = [row.oid, row.array_type].map(|it| Address::whole(PG_TYPE, it));
        let checks = row.check_oids.iter().map(|it| Address::whole(PG_CONSTRAINT, *it));
        let addresses: Vec<Address> = own.into_iter().chain(checks).collect();
        let domain = Domain {
            data_type: pg_type(&row.data_type)?,
            collation: directory.collation(row.collation, 0, &name)?,
            not_null: row.not_null,
            not_null_constraint: not_null_of(&row, &name, directory),
            default: row.default_text.as_deref().map(SqlExpr::new),
            checks: checks_of(&row, directory),
            comment: directory.take_comment(own[0]),
            name,
        };
        directory.add(domain, addresses);
    }
    Ok(())
}

fn not_null_of(row: &UserDomainRow, domain: &QualifiedName, directory: &mut Directory) -> NotNull {
    let is_made = |it: &str| is_generated_name(it, domain.name.as_str(), None, NOT_NULL);
    let name = row.not_null_name.as_deref().filter(|it| !is_made(it));
    let comment =
        row.not_null_oid.and_then(|it| directory.take_comment(Address::whole(PG_CONSTRAINT, it)));
    NotNull { name: name.map(Ident::new), comment, ..NotNull::default() }
}

fn checks_of(row: &UserDomainRow, directory: &mut Directory) -> Vec<DomainCheck> {
    let texts = row.check_names.iter().zip(&row.check_expressions);
    let marks = row.check_oids.iter().zip(&row.check_validated);
    texts
        .zip(marks)
        .map(|((name, expression), (oid, validated))| DomainCheck {
            name: Ident::new(name.as_str()),
            expression: SqlExpr::new(without_outer_parentheses(expression)),
            validated: *validated,
            comment: directory.take_comment(Address::whole(PG_CONSTRAINT, *oid)),
        })
        .collect()
}
