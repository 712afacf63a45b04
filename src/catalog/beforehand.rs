//! Which extensions and schemas a database has before a revision creates them, and which extensions
//! its role may create.

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::CatalogError;
use crate::model::ident::Ident;
use crate::model::object::{ObjectId, ObjectKind};

/// What a database says of something that a revision is to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beforehand {
    /// It is there.
    There {
        /// What it is.
        id: ObjectId,
        /// Who owns it.
        owner: Ident,
    },
    /// It is an extension that the role may not create.
    Forbidden {
        /// What it is.
        id: ObjectId,
        /// The role.
        role: Ident,
    },
    /// It is an extension that the server does not have.
    Unavailable {
        /// What it is.
        id: ObjectId,
    },
}

/// Since PostgreSQL 13 a trusted extension wants CREATE on the database only (manual, CREATE
/// EXTENSION, "Description").
const EXTENSIONS: &str = "\
    SELECT wanted.name, \
           pg_catalog.pg_get_userbyid(ext.extowner)::text AS owner, \
           EXISTS (SELECT FROM pg_catalog.pg_available_extensions it \
                    WHERE it.name = wanted.name) AS available, \
           EXISTS (SELECT FROM pg_catalog.pg_available_extension_versions it \
                    WHERE it.name = wanted.name \
                      AND (NOT it.superuser OR pg_catalog.current_setting('is_superuser')::bool \
                           OR it.trusted AND pg_catalog.has_database_privilege( \
                                  pg_catalog.current_database(), 'CREATE'))) AS allowed, \
           current_user::text AS role \
      FROM pg_catalog.unnest($1) wanted (name) \
      LEFT JOIN pg_catalog.pg_extension ext ON ext.extname = wanted.name";

const SCHEMAS: &str = "\
    SELECT nspname::text, pg_catalog.pg_get_userbyid(nspowner)::text \
      FROM pg_catalog.pg_namespace WHERE nspname = ANY ($1)";

/// Reads which objects to be created already exist. Those that neither exist nor conflict are omitted.
///
/// # Errors
/// When the server refuses.
pub async fn beforehand(
    client: &Client,
    created: &[ObjectId],
) -> Result<Vec<Beforehand>, CatalogError> {
    let names = |kind: ObjectKind| -> Vec<&str> {
        let of_kind = created.iter().filter(|it| it.kind == kind);
        of_kind.map(|it| it.name.as_str()).collect()
    };
    let refused = |source| CatalogError::Query { query: "beforehand", source };
    let extensions = names(ObjectKind::Extension);
    let schemas = names(ObjectKind::Namespace);
    let extensions = client.query_typed(EXTENSIONS, &[(&extensions, Type::TEXT_ARRAY)]).await;
    let schemas = client.query_typed(SCHEMAS, &[(&schemas, Type::TEXT_ARRAY)]).await;
    let mut found = Vec::new();
    for row in extensions.map_err(refused)? {
        let id = ObjectId::global(ObjectKind::Extension, row.get::<_, String>(0).as_str());
        let owner: Option<String> = row.get(1);
        let (available, allowed): (bool, bool) = (row.get(2), row.get(3));
        found.extend(match owner {
            Some(owner) => Some(Beforehand::There { id, owner: Ident::new(owner) }),
            None if !available => Some(Beforehand::Unavailable { id }),
            None if !allowed => {
                Some(Beforehand::Forbidden { id, role: Ident::new(row.get::<_, String>(4)) })
            }
            None => None,
        });
    }
    for row in schemas.map_err(refused)? {
        let id = ObjectId::global(ObjectKind::Namespace, row.get::<_, String>(0).as_str());
        found.push(Beforehand::There { id, owner: Ident::new(row.get::<_, String>(1)) });
    }
    Ok(found)
}
