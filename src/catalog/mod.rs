//! The catalog: the contents of `pg_catalog` as a [`Snapshot`].
//!
//! In: a connection and a [`Scope`]. Out: objects, dependencies, facts about the server, and the
//! names of objects that aludel does not manage. Each kind has one file in `queries/` and one
//! module; the modules convert rows into the model and do not use the connection. Nothing is
//! written.
//!
//! All queries use one read-only snapshot. The functions that print definitions (`pg_get_expr` and
//! related ones) take an ACCESS SHARE lock on the table, as `pg_dump` does, so reading waits for a
//! session that holds ACCESS EXCLUSIVE.

mod beforehand;
mod bounds;
mod cast;
mod collation;
mod column;
mod comment;
mod composite;
mod constraint;
mod definition;
mod dependency;
mod directory;
mod domain;
mod enum_type;
mod extension;
mod index;
mod namespace;
mod operator_class;
mod ownership;
mod prepared;
mod privileges;
mod row;
mod scope;
mod sequence;
mod session;
mod table;
mod text;
mod unmanaged;
mod unreadable;
mod version;
mod volatile;

use std::collections::BTreeSet;

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::model::attached;
use crate::model::ident::Ident;
use crate::model::pg_type::PgTypeError;
use crate::model::snapshot::{Dependencies, Environment, Snapshot};
pub use beforehand::{Beforehand, beforehand};
use directory::Directory;
use operator_class::OperatorClasses;
pub use prepared::Prepared;
pub use scope::{LeftOut, Scope};
use session::{Frame, ReadSession};
pub use version::{NEWEST_TESTED, OLDEST_SERVER, untested};

/// Reads a database.
///
/// The connection must not be inside a transaction; it is left outside of one, with its settings
/// as they were, also after an error or when the future is dropped.
///
/// # Errors
/// When the server refuses or goes away, is older than [`OLDEST_SERVER`], or says something that
/// this release does not understand.
pub async fn introspect(client: &mut Client, scope: &Scope) -> Result<Snapshot, CatalogError> {
    let session = ReadSession::begin(client, Frame::Transaction).await?;
    read(session, scope, Detail { dependencies: true, privileges: true }).await
}

/// Reads a database that is read often, with queries that are prepared for it.
///
/// # Errors
/// As [`introspect`], and where the session has lost what was prepared.
pub async fn introspect_often(
    client: &mut Client,
    scope: &Scope,
    prepared: &mut Prepared,
) -> Result<Snapshot, CatalogError> {
    let detail = Detail { dependencies: true, privileges: true };
    read_prepared(client, scope, detail, Frame::Transaction, prepared).await
}

/// Reads the objects of such a database, with privileges and without dependencies, in the open transaction,
/// which is left as it was, without the locks that reading takes.
///
/// # Errors
/// As [`introspect_often`].
pub async fn introspect_within(
    client: &mut Client,
    scope: &Scope,
    prepared: &mut Prepared,
) -> Result<Snapshot, CatalogError> {
    let detail = Detail { dependencies: false, privileges: true };
    read_prepared(client, scope, detail, Frame::Savepoint, prepared).await
}

async fn read_prepared(
    client: &mut Client,
    scope: &Scope,
    detail: Detail,
    frame: Frame,
    prepared: &mut Prepared,
) -> Result<Snapshot, CatalogError> {
    let session = ReadSession::begin(client, frame).await?;
    // All queries at once are much for the stack of a thread, in a debug build.
    let snapshot = Box::pin(read(session.with(prepared), scope, detail)).await;
    match snapshot.is_ok() {
        true => Box::pin(prepared.prepare(client)).await,
        false => prepared.forget(),
    }
    snapshot
}

/// Reads a database without its dependencies, with its privileges or without them: enough to compare
/// it, not to plan changes of it.
///
/// # Errors
/// As [`introspect`].
pub async fn introspect_objects(
    client: &mut Client,
    scope: &Scope,
    privileges: bool,
) -> Result<Snapshot, CatalogError> {
    let session = ReadSession::begin(client, Frame::Transaction).await?;
    read(session, scope, Detail { dependencies: false, privileges }).await
}

/// Which of some roles the cluster has.
///
/// # Errors
/// When the server refuses.
pub async fn roles(
    client: &Client,
    names: &BTreeSet<Ident>,
) -> Result<BTreeSet<Ident>, CatalogError> {
    if names.is_empty() {
        return Ok(BTreeSet::new());
    }
    let names: Vec<&str> = names.iter().map(Ident::as_str).collect();
    let sql = "SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)";
    let rows = client.query_typed(sql, &[(&names, Type::TEXT_ARRAY)]).await;
    let rows = rows.map_err(|source| CatalogError::Query { query: "roles", source })?;
    Ok(rows.iter().map(|it| Ident::new(it.get::<_, String>(0))).collect())
}

/// What is read beside the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Detail {
    /// Which object needs which.
    dependencies: bool,
    /// Who may do what.
    privileges: bool,
}

async fn read(
    session: ReadSession<'_>,
    scope: &Scope,
    detail: Detail,
) -> Result<Snapshot, CatalogError> {
    let server_version = session.server_version();
    let takes_any_byte = session.takes_any_byte();
    // What cannot be read is left out together with what needs it.
    let needed = Detail { dependencies: detail.dependencies || takes_any_byte, ..detail };
    let rows = session.read(scope, needed).await?;
    let mut snapshot = assemble(rows, scope, server_version)?;
    if takes_any_byte {
        let names = unreadable::leave_out(&mut snapshot.schema, &snapshot.dependencies);
        let others = snapshot.unmanaged.iter().map(|it| unreadable::shown(it));
        snapshot.unmanaged = others.chain(names).collect();
    }
    if !detail.dependencies {
        snapshot.dependencies = Dependencies::default();
    }
    Ok(snapshot)
}

/// What the server answered, one list a query.
struct CatalogRows {
    namespaces: Vec<namespace::NamespaceRow>,
    extensions: Vec<extension::ExtensionRow>,
    enums: Vec<enum_type::EnumRow>,
    sequences: Vec<sequence::SequenceRow>,
    tables: Vec<table::TableRow>,
    columns: Vec<column::ColumnRow>,
    constraints: Vec<constraint::ConstraintRow>,
    indexes: Vec<index::IndexRow>,
    parameters: Vec<operator_class::ParametersRow>,
    operator_classes: Vec<operator_class::OperatorClassRow>,
    collations: Vec<collation::CollationRow>,
    comments: Vec<comment::CommentRow>,
    domains: Vec<operator_class::DomainRow>,
    casts: Vec<cast::CastRow>,
    user_domains: Vec<domain::UserDomainRow>,
    composites: Vec<composite::CompositeRow>,
    definitions: Vec<definition::DefinitionRow>,
    privileges: Vec<privileges::PrivilegeRow>,
    default_privileges: Vec<privileges::DefaultPrivilegeRow>,
    /// None where they are not read.
    dependencies: Option<Vec<dependency::DependencyRow>>,
    /// None where dependencies are not read.
    volatile: Option<Vec<volatile::VolatileRow>>,
    /// None where dependencies are not read.
    bounds: Option<Vec<bounds::BoundRow>>,
    unmanaged: Vec<unmanaged::UnmanagedRow>,
    ownership: Vec<ownership::OwnershipRow>,
}

/// Turns the rows into a snapshot. The order matters: what is named by number later has to be
/// known first.
fn assemble(
    rows: CatalogRows,
    scope: &Scope,
    server_version: u32,
) -> Result<Snapshot, CatalogError> {
    let classes =
        OperatorClasses::new(rows.operator_classes, rows.parameters, rows.domains, &rows.casts);
    let environment = Environment {
        server_version,
        extension_versions: extension::versions(&rows.extensions),
        casts: cast::casts(rows.casts),
    };
    let mut directory = Directory::new(&rows.collations, rows.comments);
    namespace::read(rows.namespaces, scope, &mut directory);
    extension::read(rows.extensions, scope, &mut directory);
    enum_type::read(rows.enums, scope, &mut directory);
    domain::read(rows.user_domains, scope, &mut directory)?;
    composite::read(rows.composites, scope, &mut directory)?;
    table::read(rows.tables, scope, &mut directory)?;
    definition::read(rows.definitions, scope, &mut directory)?;
    let identities = sequence::identities(&rows.sequences)?;
    column::read(rows.columns, &identities, &mut directory)?;
    sequence::read(rows.sequences, scope, &mut directory)?;
    constraint::read(rows.constraints, &mut directory)?;
    index::read(rows.indexes, &classes, &mut directory)?;
    privileges::read(rows.privileges, &mut directory);
    privileges::read_defaults(rows.default_privileges, scope, &mut directory);
    attached::forget_generated_names(directory.schema_mut());
    let dependencies =
        rows.dependencies.map(|it| dependency::read(&it, &directory)).unwrap_or_default();
    let volatile = rows.volatile.map(volatile::read).unwrap_or_default();
    let bounds = rows.bounds.map(bounds::read).unwrap_or_default();
    let ownership = ownership::read(rows.ownership)?;
    let (mut schema, mut unmanaged) = directory.into_parts();
    unmanaged.extend(unmanaged::read(rows.unmanaged, scope));
    scope.filter(&mut schema);
    Ok(Snapshot { schema, dependencies, environment, volatile, bounds, unmanaged, ownership })
}

/// Why a database could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The read-only transaction could not be opened or closed.
    #[error("cannot open a read-only transaction")]
    Transaction(#[source] tokio_postgres::Error),
    /// A query failed.
    #[error("cannot read {query} from the catalog")]
    Query {
        /// The name of the query file.
        query: &'static str,
        /// What the server said.
        source: tokio_postgres::Error,
    },
    /// The columns of a query are not the fields of its row.
    #[error("the catalog query `{query}` returned unexpected columns: {found:?}")]
    Shape {
        /// The name of the query file.
        query: &'static str,
        /// The columns that came.
        found: Vec<String>,
    },
    /// The server is too old, or did not say how old it is.
    #[error(
        "server version `{found}` is not supported: aludel needs PostgreSQL {OLDEST_SERVER} or \
         later"
    )]
    UnsupportedServer {
        /// `server_version_num`.
        found: String,
    },
    /// A type that cannot be taken apart.
    #[error("cannot read the type `{text}`")]
    Type {
        /// What `format_type` printed.
        text: String,
        /// What is wrong with it.
        source: PgTypeError,
    },
    /// A code letter that this release does not know.
    #[error("unknown {what} `{code}` of `{owner}`")]
    UnknownCode {
        /// The catalog column.
        what: &'static str,
        /// The letter.
        code: String,
        /// The object.
        owner: String,
    },
    /// A number that names nothing: the catalog changed while it was read, or is damaged.
    #[error("`{owner}` refers to {what} {number}, which is not in the catalog")]
    Dangling {
        /// What the number should name.
        what: &'static str,
        /// The number.
        number: i64,
        /// The object.
        owner: String,
    },
}
