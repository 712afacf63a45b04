//! The vector indexes of a database, and what a search by each needs.

use tokio_postgres::{Client, Error, Row};

use crate::model::pgvector::{LISTS, M, Metric, VectorMethod};
use crate::recall::IndexRecall;
use crate::recall::budget::Chosen;

/// A vector index.
#[derive(Debug, Clone)]
pub struct Target {
    /// The table for people; a schema other than `public` is named.
    pub table: String,
    /// The index, quoted where it needs quotes.
    pub index: String,
    /// Whether the server may use it.
    pub valid: bool,
    /// `hnsw` or `ivfflat`.
    pub method: VectorMethod,
    /// Both with their schemas, as SQL.
    pub(super) table_sql: String,
    pub(super) index_sql: String,
    /// The schema of both, as it is.
    namespace: String,
    /// Its name, as it is, and those of the indexes attached to it.
    pub(super) names: Vec<String>,
    pub(super) key: Vectors,
    /// What exact distances are of.
    pub(super) exact: Vectors,
    pub(super) predicate: Option<String>,
    pub(super) pages: u64,
    pub(super) rows: u64,
    opclass: String,
    options: Vec<String>,
    pub(super) bytes: u64,
    pub(super) extension_namespace: String,
}

/// Something that has a distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vectors {
    /// A column, or an expression of it.
    pub(super) sql: String,
    /// The type and the type of its arrays.
    pub(super) type_oid: u32,
    pub(super) array_oid: u32,
    pub(super) type_sql: String,
    /// `vector`, `halfvec`, `sparsevec` or `bit`.
    pub(super) type_name: String,
    /// The operator of the distance, with its schema.
    pub(super) operator: String,
}

impl Vectors {
    /// The operator without its schema.
    pub(super) fn symbol(&self) -> &str {
        self.operator.rsplit('.').next().unwrap_or_default().trim_end_matches(')')
    }
}

/// The vector indexes of a database, in the order of their names.
///
/// # Errors
/// When the server does not answer.
pub async fn targets(client: &Client) -> Result<Vec<Target>, Error> {
    let rows = client.query_typed(include_str!("queries/indexes.sql"), &[]).await?;
    let read: Vec<(Target, Expression)> = rows.iter().map(read).collect::<Result<_, Error>>()?;
    let targets: Vec<Target> = read.iter().map(|it| it.0.clone()).collect();
    Ok(read.into_iter().map(|(target, of)| target.with_exact(of, &targets)).collect())
}

/// The vectors that the expression of an index is made of.
struct Expression(Vec<Vectors>);

fn read(row: &Row) -> Result<(Target, Expression), Error> {
    let method: String = row.try_get("method")?;
    let key = Vectors {
        sql: row.try_get("key_sql")?,
        type_oid: row.try_get("key_type")?,
        array_oid: row.try_get("key_array_type")?,
        type_sql: row.try_get("key_type_sql")?,
        type_name: row.try_get("key_type_name")?,
        operator: row.try_get("key_operator")?,
    };
    let number = |name: &str| {
        row.try_get::<_, Option<i64>>(name)
            .map(|it| it.and_then(|it| u64::try_from(it).ok()).unwrap_or(0))
    };
    let target = Target {
        table: row.try_get("table_name")?,
        index: row.try_get("index_name")?,
        valid: row.try_get("valid")?,
        // The query asks for these two only.
        method: VectorMethod::named(&method).unwrap_or(VectorMethod::Hnsw),
        table_sql: row.try_get("table_sql")?,
        index_sql: row.try_get("index_sql")?,
        namespace: row.try_get("namespace")?,
        names: row.try_get("names")?,
        exact: key.clone(),
        key,
        predicate: row.try_get("predicate")?,
        pages: number("pages")?,
        rows: number("rows")?,
        opclass: row.try_get("opclass")?,
        options: row.try_get("options")?,
        bytes: number("bytes")?,
        extension_namespace: quoted(row.try_get("extension_namespace")?),
    };
    Ok((target, expression(row)?))
}

fn expression(row: &Row) -> Result<Expression, Error> {
    let names: Vec<String> = row.try_get("vector_names")?;
    let types: Vec<u32> = row.try_get("vector_types")?;
    let arrays: Vec<u32> = row.try_get("vector_arrays")?;
    let type_names: Vec<String> = row.try_get("vector_type_names")?;
    let type_sqls: Vec<String> = row.try_get("vector_type_sqls")?;
    let parts = names.into_iter().zip(types).zip(arrays).zip(type_names.into_iter().zip(type_sqls));
    let vectors = parts.map(|(((sql, type_oid), array_oid), (type_name, type_sql))| Vectors {
        sql,
        type_oid,
        array_oid,
        type_sql,
        type_name,
        operator: String::new(),
    });
    Ok(Expression(vectors.collect()))
}

impl Target {
    /// With the vectors that exact distances are of: of an expression its column, unless it has none or several.
    fn with_exact(self, expression: Expression, all: &[Self]) -> Self {
        let mut mentioned = expression.0.into_iter().filter(|it| self.key.sql.contains(&it.sql));
        let (Some(column), None) = (mentioned.next(), mentioned.next()) else { return self };
        let operator = self.exact_metric(&column, all).operator();
        let operator = format!("OPERATOR({}.{operator})", self.extension_namespace);
        Self { exact: Vectors { operator, ..column }, ..self }
    }

    /// The metric of the column: that of the expression, or for bits that of another index on the column.
    fn exact_metric(&self, column: &Vectors, all: &[Self]) -> Metric {
        let own = Metric::of_opclass(&self.opclass).unwrap_or(Metric::L2);
        if column.type_name == "bit" || !matches!(own, Metric::Hamming | Metric::Jaccard) {
            return own;
        }
        let same = |it: &&Self| it.table_sql == self.table_sql && it.key.sql == column.sql;
        let other = all.iter().find(same).and_then(|it| Metric::of_opclass(&it.opclass));
        other.unwrap_or(Metric::Cosine)
    }

    /// Whether the index has distances of something smaller than the vectors.
    pub(super) fn is_reduced(&self) -> bool {
        self.key != self.exact
    }

    /// `lists` of an IVFFlat index.
    pub(super) fn lists(&self) -> u32 {
        let set = self.options.iter().find_map(|it| it.strip_prefix("lists=")?.parse().ok());
        set.unwrap_or(u32::try_from(LISTS.default).unwrap_or(1))
    }

    /// What generated code needs to know to choose how far to read it.
    #[must_use]
    pub fn chosen(&self, k: u32) -> Chosen {
        let m = self.options.iter().find_map(|it| it.strip_prefix("m=")?.parse().ok());
        let m = m.unwrap_or(u32::try_from(M.default).unwrap_or(1));
        Chosen { method: self.method, k, m, rows: self.rows }
    }

    /// Whether this is the index of a schema with this name.
    #[must_use]
    pub fn is_index(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.names.first().is_some_and(|it| it == name)
    }

    /// A report in which nothing is measured yet.
    pub(super) fn report(&self, k: u32) -> IndexRecall {
        let exact = || format!("{} {}", self.exact.sql, self.exact.symbol());
        IndexRecall {
            table: self.table.clone(),
            index: self.index.clone(),
            method: self.method,
            key: format!("{} {}", self.key.sql, self.opclass),
            exact: self.is_reduced().then(exact),
            options: self.options.clone(),
            predicate: self.predicate.clone(),
            bytes: self.bytes,
            rows: self.rows,
            k,
            sample: None,
            ladders: Vec::new(),
            planner: None,
            problems: Vec::new(),
            conclusion: String::new(),
        }
    }

    /// Whether this is what a user named: a table, an index, or both.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let bare = |it: &str| it.replace('"', "");
        let tables = [self.table.clone(), self.table_sql.clone()];
        let both = tables.iter().map(|it| format!("{it}.{}", self.index));
        let mut names =
            both.chain(tables.iter().cloned()).chain([self.index_sql.clone(), self.index.clone()]);
        names.any(|it| it == name || bare(&it) == bare(name))
    }
}

/// A name as SQL.
fn quoted(name: String) -> String {
    crate::model::ident::Ident::new(name).to_string()
}
