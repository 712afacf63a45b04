{{ header }}

//! Code shared by the modules of all tables. Nothing here depends on the generator.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime, StatementCache};
{%- if used.futures %}
use futures_util::future;
{%- endif %}
use postgres_types::{ {%- if used.from_sql %}FromSql, {% endif %}IsNull, ToSql, Type};
{%- if used.writes %}
use tokio_postgres::binary_copy::BinaryCopyInWriter;
{%- endif %}
use tokio_postgres::{Row, Statement};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the `postgres-types` traits return.
pub type SqlResult<T> = std::result::Result<T, Box<dyn std::error::Error + Sync + Send>>;

// ---------------------------------------------------------------- errors

#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    Postgres(tokio_postgres::Error),
    Pool(deadpool_postgres::PoolError),
    /// A statement that always returns a row returned none.
    NoRow,
    /// A value of the wrong length, detected before it is sent.
    Dimensions {
        expected: usize,
        actual: usize,
    },
    /// A vector that contains NaN or infinity, detected before it is sent.
    NotFinite {
        index: usize,
    },
{%- if used.bits %}
    /// A bit string with invalid characters.
    NotABit {
        index: usize,
    },
{%- endif %}
    /// The database differs from the one that this code was generated for.
    SchemaDrift {
        table: &'static str,
        differences: Vec<String>,
    },
}

impl Error {
    pub fn sqlstate(&self) -> Option<&str> {
        match self {
            Error::Postgres(e) => e.code().map(|c| c.code()),
            _ => None,
        }
    }

    /// Whether the statement violated this constraint (`constraint::PKEY`, …).
    pub fn violates(&self, constraint: &str) -> bool {
        match self {
            Error::Postgres(e) => e.as_db_error().and_then(|d| d.constraint()) == Some(constraint),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Postgres(e) => match e.as_db_error() {
                Some(d) => write!(f, "{} ({})", d.message(), d.code().code()),
                None => write!(f, "{e}"),
            },
            Error::Pool(e) => write!(f, "{e}"),
            Error::NoRow => f.write_str("the statement gave no row"),
            Error::Dimensions { expected, actual } => {
                write!(f, "expected {expected} dimensions, not {actual}")
            }
            Error::NotFinite { index } => {
                write!(f, "value {index} of the vector is NaN or infinite")
            }
{%- if used.bits %}
            Error::NotABit { index } => {
                write!(f, "character {index} is neither 0 nor 1")
            }
{%- endif %}
            Error::SchemaDrift { table, differences } => {
                let differences = differences.join("; ");
                write!(f, "{table} has changed: {differences}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Postgres(e) => Some(e),
            Error::Pool(e) => Some(e),
            _ => None,
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(e: tokio_postgres::Error) -> Self {
        Error::Postgres(e)
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(e: deadpool_postgres::PoolError) -> Self {
        Error::Pool(e)
    }
}

// ---------------------------------------------------------------- tables

/// The table as needed by the functions below. In their SQL it is `d`.
pub trait Table: Sized + Send + Sync + 'static {
    /// One row as lists have it: without vectors.
    type Light: Send;
    /// The name, qualified, and quoted where it needs quotes.
    const NAME: &'static str;
    /// What `SELECT` lists for a light row. Never `*`: a column added later must not change the
    /// result type of a cached statement, nor pull vectors into a list.
    const LIGHT: &'static str;
    /// How many columns a light row has.
    const WIDTH: usize;
    /// The key, and the columns that can be written; each can be empty.
    const KEY: &'static [ColumnInfo] = &[];
    const COLUMNS: &'static [ColumnInfo] = &[];
    /// Whether COPY can write to it; it fails on tables with policies.
    const COPIED: bool = true;
    /// Name, type and NOT NULL of all columns.
    const EXPECTED: &'static [(&'static str, &'static str, bool)];

    fn light(row: &Row) -> Result<Self::Light>;
}

/// A column as SQL has it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo {
    /// Quoted where it needs quotes.
    pub name: &'static str,
    /// The type of parameters for it, without its domain; empty where the server knows it.
    pub ty: &'static str,
    travel: Travel,
}

/// How a column and its values are written in SQL, so that the driver and the server use the same
/// type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Travel {
    /// Values are what the server takes them for.
    Plain,
    /// A domain, for which drivers have no values: the base type has.
    Base,
    /// A domain over an enum. What is compared with it is such a domain to the server, too, which has
    /// no operator for two of them.
    Compared,
    /// What the server makes of a text.
    Text,
    /// An array or a record, of which there are no arrays that can be taken apart again.
    Whole,
    /// Such a one that the server makes of another type.
    Via(&'static str),
}

impl ColumnInfo {
    pub const fn new(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Plain;
        ColumnInfo { name, ty, travel }
    }

    pub const fn base(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Base;
        ColumnInfo { name, ty, travel }
    }

    pub const fn compared(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Compared;
        ColumnInfo { name, ty, travel }
    }

    pub const fn text(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Text;
        ColumnInfo { name, ty, travel }
    }

    pub const fn whole(name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Whole;
        ColumnInfo { name, ty, travel }
    }

    pub const fn via(via: &'static str, name: &'static str, ty: &'static str) -> Self {
        let travel = Travel::Via(via);
        ColumnInfo { name, ty, travel }
    }

    /// `d.id`, as it is compared.
    fn of(&self, alias: &str) -> String {
        let (name, ty) = (self.name, self.ty);
        match self.travel {
            Travel::Compared => format!("{alias}.{name}::{ty}"),
            _ => format!("{alias}.{name}"),
        }
    }

    /// The parameter with a number.
    fn parameter(&self, n: usize) -> String {
        let ty = self.ty;
        match self.travel {
            Travel::Plain => format!("${n}"),
            Travel::Base | Travel::Compared | Travel::Whole => format!("${n}::{ty}"),
            Travel::Text => format!("${n}::text::{ty}"),
            Travel::Via(via) => format!("${n}::{via}::{ty}"),
        }
    }

    /// The parameter with a number as an array of values; `None` where there is no such array.
    fn parameters(&self, n: usize) -> Option<String> {
        let ty = self.ty;
        match self.travel {
            Travel::Plain if ty.is_empty() => Some(format!("${n}")),
            Travel::Plain | Travel::Base | Travel::Compared => Some(format!("${n}::{ty}[]")),
            Travel::Text => Some(format!("${n}::text[]::{ty}[]")),
            Travel::Whole | Travel::Via(_) => None,
        }
    }

    /// Whether COPY in binary has a value for it.
    fn is_copied(&self) -> bool {
        !matches!(self.travel, Travel::Text | Travel::Via(_))
    }
}

{% if used.by_row -%}
/// `d.id = $1`, for all columns of a list; the first parameter has this number.
fn matches(columns: &[ColumnInfo], alias: &str, first: usize) -> String {
    let mut sql = String::new();
    for (i, column) in columns.iter().enumerate() {
        let (and, n) = (if i == 0 { "" } else { " AND " }, first + i);
        let (own, value) = (column.of(alias), column.parameter(n));
        let _ = write!(sql, "{and}{own} = {value}");
    }
    sql
}

{% endif -%}
{% if used.writes || used.keyed_searches -%}
fn names(columns: &[ColumnInfo], alias: &str) -> String {
    let name = |c: &ColumnInfo| format!("{alias}{}", c.name);
    let names: Vec<String> = columns.iter().map(name).collect();
    names.join(", ")
}

{% endif -%}
{% if used.pages -%}
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T, C> {
    pub items: Vec<T>,
    /// Pass to the next call; `None` on the last page.
    pub next: Option<C>,
}

{% endif -%}
// ---------------------------------------------------------------- reading

{% if used.by_row -%}
/// The row with this key.
pub async fn get<T: Table, C: Session>(client: &C, key: Params<'_>) -> Result<Option<T::Light>> {
    find::<T, C, T::Light>(client, T::KEY, key, "", T::light).await
}

{% endif -%}
{% if used.by_row -%}
/// The row that these columns tell from all others; `more` is what it is read with beyond a light
/// row.
pub async fn find<T: Table, C: Session, R>(
    client: &C,
    by: &[ColumnInfo],
    values: Params<'_>,
    more: &str,
    read: fn(&Row) -> Result<R>,
) -> Result<Option<R>> {
    let (light, table, found) = (T::LIGHT, T::NAME, matches(by, "d", 1));
    let sql = format!("SELECT {light}{more} FROM {table} d WHERE {found}");
    let rows = query(client, &sql, values.as_slice()).await?;
    rows.first().map(read).transpose()
}

{% endif -%}
{% if used.many -%}
/// The rows of these keys in the order asked for; there is an array for each column of the key.
pub async fn get_many<T: Table, C: Session>(
    client: &C,
    arrays: Params<'_>,
) -> Result<Vec<T::Light>> {
    let (mut lists, mut keys, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (i, column) in T::KEY.iter().enumerate() {
        lists.extend(column.parameters(i + 1));
        keys.push(format!("k{i}"));
        same.push(format!("{} = k.k{i}", column.of("d")));
    }
    let (lists, keys, same) = (lists.join(", "), keys.join(", "), same.join(" AND "));
    let (light, table) = (T::LIGHT, T::NAME);
    let sql = format!(
        "SELECT {light} FROM unnest({lists}) WITH ORDINALITY AS k({keys}, n) \
         JOIN {table} d ON {same} ORDER BY k.n"
    );
    let rows = query(client, &sql, arrays.as_slice()).await?;
    rows.iter().map(T::light).collect()
}

{% endif -%}
{% if used.pages -%}
/// One page: the rows after a position, in an order that tells any two rows apart.
pub async fn page<'a, T: Table, C: Session, K>(
    client: &C,
    (after, mut params): (&str, Params<'a>),
    order: &str,
    limit: u32,
    filter: Option<&'a Cond<T>>,
) -> Result<Page<T::Light, K>>
where
    K: for<'r> From<&'r T::Light>,
{
    let (light, table) = (T::LIGHT, T::NAME);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true{after}");
    and_filter(filter, &mut sql, &mut params);
    // One row more than asked for tells whether another page follows.
    let want = i64::from(limit) + 1;
    let n = params.0.len() + 1;
    let _ = write!(sql, " ORDER BY {order} LIMIT ${n}");
    let mut values = params.0;
    values.push(&want);
    let rows = query(client, &sql, &values).await?;
    let kept = rows.iter().take(limit as usize);
    let items = kept.map(T::light).collect::<Result<Vec<_>>>()?;
    let more = rows.len() > items.len();
    let next = items.last().filter(|_| more).map(K::from);
    Ok(Page { items, next })
}

{% endif -%}
{% if used.lists -%}
/// The first rows, of a table that has no order of its own.
pub async fn list<T: Table, C: Session>(
    client: &C,
    limit: u32,
    filter: Option<&Cond<T>>,
) -> Result<Vec<T::Light>> {
    let (light, table) = (T::LIGHT, T::NAME);
    let mut params = Params::new();
    let limit = i64::from(limit);
    params.push(&limit);
    let mut sql = format!("SELECT {light} FROM {table} d WHERE true");
    and_filter(filter, &mut sql, &mut params);
    sql.push_str(" LIMIT $1");
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.iter().map(T::light).collect()
}

{% endif -%}
pub async fn count<T: Table, C: Session>(client: &C, filter: Option<&Cond<T>>) -> Result<i64> {
    let mut params = Params::new();
    let mut sql = format!("SELECT count(*) FROM {} d WHERE true", T::NAME);
    and_filter(filter, &mut sql, &mut params);
    one(client, &sql, params.as_slice(), |row| Ok(row.try_get(0)?)).await
}

fn and_filter<'a, T>(filter: Option<&'a Cond<T>>, sql: &mut String, params: &mut Params<'a>) {
    if let Some(filter) = filter {
        sql.push_str(" AND ");
        filter.render("d", sql, params);
    }
}

{% if used.writes -%}
// ---------------------------------------------------------------- writing

/// Columns of a table and values for them.
pub struct Given<'a> {
    /// Places in `Table::COLUMNS`, rising.
    pub columns: Vec<usize>,
    pub values: Vec<&'a (dyn ToSql + Sync)>,
}

impl<'a> Given<'a> {
    pub fn new() -> Self {
        Given {
            columns: Vec::new(),
            values: Vec::new(),
        }
    }

    pub fn push(&mut self, column: usize, value: &'a (dyn ToSql + Sync)) {
        self.columns.push(column);
        self.values.push(value);
    }
}

impl Default for Given<'_> {
    fn default() -> Self {
        Given::new()
    }
}

/// A row to be inserted.
pub trait New: Send + Sync {
    type Of: Table;

    /// The columns that are given. The others get their defaults.
    fn given(&self) -> Given<'_>;
}

/// `(a, b) VALUES ($1, $2)`
fn values_sql<T: Table>(columns: &[usize]) -> String {
    if columns.is_empty() {
        return "DEFAULT VALUES".to_string();
    }
    let info = |i: &usize| T::COLUMNS[*i];
    let names: Vec<&str> = columns.iter().map(|i| info(i).name).collect();
    let numbered = columns.iter().enumerate();
    let values: Vec<String> = numbered.map(|(n, i)| info(i).parameter(n + 1)).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("({names}) VALUES ({values})")
}

pub async fn insert<T: Table, C: Session>(client: &C, given: Given<'_>) -> Result<T::Light> {
    let (table, light) = (T::NAME, T::LIGHT);
    let values = values_sql::<T>(&given.columns);
    let sql = format!("INSERT INTO {table} AS d {values} RETURNING {light}");
    one(client, &sql, &given.values, T::light).await
}

{% if used.upserts -%}
/// Inserts a row, or puts what is given of it into the row that has the same values in `key`. That
/// row keeps its primary key, which others may refer to.
pub async fn upsert<T: Table, C: Session>(
    client: &C,
    given: Given<'_>,
    key: &[ColumnInfo],
) -> Result<T::Light> {
    let (table, light) = (T::NAME, T::LIGHT);
    let values = values_sql::<T>(&given.columns);
    let columns = given.columns.iter().map(|i| T::COLUMNS[*i].name);
    let is_key = |name: &&str| T::KEY.iter().chain(key).any(|k| k.name == *name);
    let mut set: Vec<&str> = columns.filter(|name| !is_key(name)).collect();
    if set.is_empty() {
        // DO NOTHING would return no row.
        set.extend(key.first().map(|k| k.name));
    }
    let set: Vec<String> = set.iter().map(|c| format!("{c} = excluded.{c}")).collect();
    let (set, key) = (set.join(", "), names(key, ""));
    let sql = format!(
        "INSERT INTO {table} AS d {values} ON CONFLICT ({key}) DO UPDATE SET {set} \
         RETURNING {light}"
    );
    one(client, &sql, &given.values, T::light).await
}

{% endif -%}
/// Many rows, all or nothing; returns how many. A row cannot say DEFAULT to COPY, so rows are
/// grouped by which columns they give, the group of the first row first.
pub async fn insert_many<N: New, C: Session>(client: &mut C, rows: &[N]) -> Result<u64> {
    let mut groups: Vec<(Vec<usize>, Vec<Vec<&(dyn ToSql + Sync)>>)> = Vec::new();
    for row in rows {
        let given = row.given();
        match groups.iter_mut().find(|it| it.0 == given.columns) {
            Some((_, rows)) => rows.push(given.values),
            None => groups.push((given.columns, vec![given.values])),
        }
    }
    let tx = client.transaction().await?;
    let mut written = 0;
    for (columns, rows) in &groups {
        let infos: Vec<ColumnInfo> = columns.iter().map(|i| N::Of::COLUMNS[*i]).collect();
        let all = |holds: fn(&ColumnInfo) -> bool| !infos.is_empty() && infos.iter().all(holds);
        written += if N::Of::COPIED && all(ColumnInfo::is_copied) {
            copy_in::<N::Of>(&tx, &infos, rows).await?
        } else if all(|it| it.parameters(1).is_some()) {
            insert_arrays::<N::Of>(&tx, &infos, rows).await?
        } else {
            insert_each::<N::Of>(&tx, columns, rows).await?
        };
    }
    tx.commit().await?;
    Ok(written)
}

async fn copy_in<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[ColumnInfo],
    rows: &[Vec<&(dyn ToSql + Sync)>],
) -> Result<u64> {
    let (table, columns) = (T::NAME, names(columns, ""));
    // The oids of vectors and enums differ from database to database.
    let probe = format!("SELECT {columns} FROM {table} LIMIT 0");
    let probe = tx.prepare_cached(&probe).await?;
    let types: Vec<Type> = probe.columns().iter().map(|c| c.type_().clone()).collect();
    let copy = format!("COPY {table} ({columns}) FROM STDIN (FORMAT binary)");
    let mut writer = std::pin::pin!(BinaryCopyInWriter::new(tx.copy_in(&copy).await?, &types));
    for row in rows {
        writer.as_mut().write(row).await?;
    }
    Ok(writer.finish().await?)
}

/// What COPY has no value for: an array for each column, a thousand rows at a time.
async fn insert_arrays<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[ColumnInfo],
    rows: &[Vec<&(dyn ToSql + Sync)>],
) -> Result<u64> {
    let numbered = columns.iter().enumerate();
    let arrays: Vec<String> = numbered.filter_map(|(i, c)| c.parameters(i + 1)).collect();
    let (table, columns, arrays) = (T::NAME, names(columns, ""), arrays.join(", "));
    let sql = format!("INSERT INTO {table} ({columns}) SELECT * FROM unnest({arrays})");
    let statement = tx.prepare_cached(&sql).await?;
    let mut written = 0;
    for batch in rows.chunks(1000) {
        let column = |i| batch.iter().map(|row: &Vec<_>| Element(row[i])).collect();
        let values: Vec<Vec<Element<'_>>> = (0..batch[0].len()).map(column).collect();
        let mut params = Params::new();
        values.iter().for_each(|it| {
            params.push(it);
        });
        written += tx.execute(&statement, params.as_slice()).await?;
    }
    Ok(written)
}

/// A value in an array of values.
#[derive(Debug)]
struct Element<'a>(&'a (dyn ToSql + Sync));

impl ToSql for Element<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        self.0.to_sql_checked(ty, out)
    }
    fn accepts(_: &Type) -> bool {
        true // checked by the value itself, above
    }
    postgres_types::to_sql_checked!();
}

/// What no array of arrays has a place for: one INSERT a row, a hundred of them under way at a time.
async fn insert_each<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[usize],
    rows: &[Vec<&(dyn ToSql + Sync)>],
) -> Result<u64> {
    let sql = format!("INSERT INTO {} {}", T::NAME, values_sql::<T>(columns));
    let statement = tx.prepare_cached(&sql).await?;
    let mut written = 0;
    for batch in rows.chunks(100) {
        let under_way = batch.iter().map(|row| tx.execute(&statement, row));
        written += future::try_join_all(under_way).await?.iter().sum::<u64>();
    }
    Ok(written)
}

{% if used.updates -%}
/// Changes the row with this key. `None` where there is none; with nothing given it is only read.
pub async fn update<'a, T: Table, C: Session>(
    client: &C,
    mut params: Params<'a>,
    given: Given<'a>,
) -> Result<Option<T::Light>> {
    if given.columns.is_empty() {
        return get::<T, C>(client, params).await;
    }
    let (table, light, key) = (T::NAME, T::LIGHT, matches(T::KEY, "d", 1));
    let mut set = Vec::new();
    for (column, value) in given.columns.iter().zip(given.values) {
        let (column, n) = (T::COLUMNS[*column], params.push(value));
        set.push(format!("{} = {}", column.name, column.parameter(n)));
    }
    let set = set.join(", ");
    let sql = format!("UPDATE {table} d SET {set} WHERE {key} RETURNING {light}");
    let rows = query(client, &sql, params.as_slice()).await?;
    rows.first().map(T::light).transpose()
}

/// Deletes the row with this key; whether there was one.
pub async fn delete<T: Table, C: Session>(client: &C, key: Params<'_>) -> Result<bool> {
    let (table, found) = (T::NAME, matches(T::KEY, "d", 1));
    let sql = format!("DELETE FROM {table} d WHERE {found}");
    Ok(execute(client, &sql, key.as_slice()).await? > 0)
}

pub async fn delete_where<T: Table, C: Session>(client: &C, filter: &Cond<T>) -> Result<u64> {
    let mut params = Params::new();
    let mut sql = format!("DELETE FROM {} d WHERE ", T::NAME);
    filter.render("d", &mut sql, &mut params);
    execute(client, &sql, params.as_slice()).await
}

{% endif -%}
{% endif -%}
{% if used.searches -%}
// ---------------------------------------------------------------- nearest neighbors

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    L2,
    InnerProduct,
    Cosine,
    L1,
    Hamming,
    Jaccard,
}

impl Metric {
    pub const fn operator(self) -> &'static str {
        match self {
            Metric::L2 => "<->",
            Metric::InnerProduct => "<#>",
            Metric::Cosine => "<=>",
            Metric::L1 => "<+>",
            Metric::Hamming => "<~>",
            Metric::Jaccard => "<%>",
        }
    }

    /// A distance turned into "larger is closer".
    pub fn similarity(self, distance: f64) -> f64 {
        match self {
            Metric::Cosine | Metric::Jaccard => 1.0 - distance,
            _ => -distance,
        }
    }
}

/// What answers a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Hnsw,
    Ivfflat,
    /// Every row is compared.
    Exact,
}

/// A search in SQL.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The column, quoted where it needs quotes.
    pub column: &'static str,
    /// The operator of the index.
    pub operator: &'static str,
    pub method: Method,
    /// Whether rows without a vector must be told to stay away.
    pub nullable: bool,
}

impl Search {
    fn distance(&self, query: &str) -> String {
        format!("d.{} {} {query}", self.column, self.operator)
    }

    fn conditions<'a, T>(
        &self,
        first: &str,
        filter: Option<&'a Cond<T>>,
        params: &mut Params<'a>,
    ) -> String {
        let mut sql = format!("WHERE true{first}");
        if self.nullable {
            let _ = write!(sql, " AND d.{} IS NOT NULL", self.column);
        }
        and_filter(filter, &mut sql, params);
        sql
    }
}

/// One row and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<T> {
    pub row: T,
    pub distance: f64,
}

fn hit<T: Table>(row: &Row) -> Result<Hit<T::Light>> {
    Ok(Hit {
        row: T::light(row)?,
        distance: row.try_get(T::WIDTH)?,
    })
}

/// What an index scan does if too few of the rows it found satisfy the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IterativeScan {
    Off,
    Strict,
    Relaxed,
}

impl IterativeScan {
    fn setting(self) -> &'static str {
        match self {
            IterativeScan::Off => "off",
            IterativeScan::Strict => "strict_order",
            IterativeScan::Relaxed => "relaxed_order",
        }
    }
}

/// How many rows to return, which, and how thoroughly to search.
#[derive(Debug)]
pub struct Nearest<R> {
    k: u32,
    filter: Option<Cond<R>>,
    max_distance: Option<f64>,
    iterative: Option<IterativeScan>,
    ef_search: Option<u32>,
    probes: Option<u32>,
    max_scan_tuples: Option<u32>,
    exact: bool,
}

impl<R> Clone for Nearest<R> {
    fn clone(&self) -> Self {
        Nearest {
            filter: self.filter.clone(),
            ..*self
        }
    }
}

impl<R> Nearest<R> {
    pub fn new(k: u32) -> Self {
        Nearest {
            k,
            filter: None,
            max_distance: None,
            iterative: None,
            ef_search: None,
            probes: None,
            max_scan_tuples: None,
            exact: false,
        }
    }

    pub fn filter(mut self, f: Cond<R>) -> Self {
        self.filter = Some(f);
        self
    }

    pub fn max_distance(mut self, d: f64) -> Self {
        self.max_distance = Some(d);
        self
    }

    /// `hnsw.ef_search`: how many candidates an HNSW scan keeps (1 to 1000).
    pub fn ef_search(mut self, n: u32) -> Self {
        self.ef_search = Some(n);
        self
    }

    /// `ivfflat.probes`: how many lists an IVFFlat scan reads.
    pub fn probes(mut self, n: u32) -> Self {
        self.probes = Some(n);
        self
    }

    pub fn iterative(mut self, s: IterativeScan) -> Self {
        self.iterative = Some(s);
        self
    }

    /// When an iterative HNSW scan stops.
    pub fn max_scan_tuples(mut self, n: u32) -> Self {
        self.max_scan_tuples = Some(n);
        self
    }

    /// No index: every row is compared. For measuring recall.
    pub fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    fn settings(&self, method: Method, k: i64, filtered: bool) -> Settings {
        if self.exact {
            return Settings::exact();
        }
        let filtered = filtered || self.filter.is_some();
        let effort = match method {
            Method::Hnsw => self.ef_search,
            Method::Ivfflat => self.probes,
            Method::Exact => None,
        };
        let mut settings = Settings::new(method, k, effort, self.iterative, filtered);
        if let (Method::Hnsw, Some(n)) = (method, self.max_scan_tuples) {
            let n = n.clamp(1, i32::MAX.unsigned_abs());
            settings.set("hnsw.max_scan_tuples", &n.to_string());
        }
        settings
    }
}

/// The settings of one search, and their effect on the statement.
#[derive(Debug, Default)]
struct Settings {
    sql: String,
    /// Rows can be returned in an approximate order.
    relaxed: bool,
}

impl Settings {
    fn set(&mut self, name: &str, value: &str) {
        if self.sql.is_empty() {
            // The planner does not count reading vectors out of TOAST, and falls to a sequential
            // scan as more is looked for; and a generic plan kept from earlier runs would see none
            // of this, nor match a partial index.
            self.sql.push_str("SET LOCAL enable_seqscan = off;");
            self.sql
                .push_str("SET LOCAL plan_cache_mode = force_custom_plan;");
        }
        let _ = write!(self.sql, "SET LOCAL {name} = {value};");
    }

    /// Nothing if the defaults are enough. An index scan gives at most `hnsw.ef_search` rows (40), or
    /// what is in `ivfflat.probes` lists (1), and a filter is applied to those: so more is looked
    /// at for more rows, and a filter, or rows that were deleted since the last VACUUM, let the scan
    /// continue until enough are found.
    fn new(
        method: Method,
        k: i64,
        effort: Option<u32>,
        iterative: Option<IterativeScan>,
        filtered: bool,
    ) -> Self {
        let mut settings = Settings::default();
        let (effort_name, iterative_name, most) = match method {
            Method::Hnsw => ("hnsw.ef_search", "hnsw.iterative_scan", 1000),
            Method::Ivfflat => ("ivfflat.probes", "ivfflat.iterative_scan", 32768),
            Method::Exact => return settings,
        };
        match effort {
            Some(n) => settings.set(effort_name, &n.clamp(1, most).to_string()),
            None if method == Method::Hnsw && k > 40 => {
                settings.set(effort_name, &k.min(1000).to_string())
            }
            None => {}
        }
        let scan = match (method, iterative) {
            // It has no strict order.
            (Method::Ivfflat, Some(IterativeScan::Strict)) => Some(IterativeScan::Relaxed),
            (_, Some(scan)) => Some(scan),
            (Method::Hnsw, None) if filtered || k > 40 => Some(IterativeScan::Strict),
            (Method::Ivfflat, None) if effort.is_none() || filtered => Some(IterativeScan::Relaxed),
            _ => None,
        };
        if let Some(scan) = scan {
            settings.set(iterative_name, scan.setting());
        }
        settings.relaxed = scan == Some(IterativeScan::Relaxed);
        settings
    }

    fn exact() -> Self {
        let sql = "SET LOCAL enable_indexscan = off;SET LOCAL plan_cache_mode = force_custom_plan;";
        Settings {
            sql: sql.to_string(),
            relaxed: false,
        }
    }
}

/// The k rows nearest to a vector.
pub async fn nearest<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    query: &(dyn ToSql + Sync),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let (k, settings) = (
        i64::from(opts.k),
        opts.settings(search.method, opts.k.into(), false),
    );
    let mut params = Params::new();
    let q = params.push(query);
    let sql = nearest_sql(
        search,
        (&format!("${q}"), "", ""),
        opts,
        &k,
        &settings,
        &mut params,
    );
    searched(client, &sql, params.as_slice(), &settings.sql, hit::<T>).await
}

{% if used.keyed_searches -%}
/// The k rows nearest to the vector of the row with this key, itself left out. The vector stays in
/// the database.
pub async fn nearest_to_row<'a, T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    mut key: Params<'a>,
    opts: &'a Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let k = i64::from(opts.k);
    let settings = opts.settings(search.method, k, true);
    let (table, column) = (T::NAME, search.column);
    let (itself, other) = (matches(T::KEY, "d", 1), matches(T::KEY, "s", 1));
    let q = format!("(SELECT s.{column} FROM {table} s WHERE {other})");
    let first = format!(
        " AND NOT ({itself}) AND EXISTS (SELECT FROM {table} s WHERE {other} \
         AND s.{column} IS NOT NULL)"
    );
    let sql = nearest_sql(search, (&q, &first, ""), opts, &k, &settings, &mut key);
    searched(client, &sql, key.as_slice(), &settings.sql, hit::<T>).await
}
{%- endif %}

fn nearest_sql<'a, T: Table>(
    search: &Search,
    (query, first, more): (&str, &str, &str),
    opts: &'a Nearest<T>,
    k: &'a i64,
    settings: &Settings,
    params: &mut Params<'a>,
) -> String {
    let (light, table, distance) = (T::LIGHT, T::NAME, search.distance(query));
    let conditions = search.conditions(first, opts.filter.as_ref(), params);
    let limit = params.limit(k, &settings.sql);
    let sql = format!(
        "SELECT {light}, {distance} AS distance{more} FROM {table} d {conditions} \
         ORDER BY {distance} LIMIT {limit}"
    );
    if opts.max_distance.is_none() && !settings.relaxed {
        return sql;
    }
    // A distance bound belongs outside the LIMIT, where it cannot make the scan run on; relaxed
    // order is sorted outside as well, and by an expression, since the planner takes the order
    // inside for what it claims to be.
    let more = if more.is_empty() { "" } else { ", more" };
    let near = near_columns(T::WIDTH) + more;
    let mut sql = format!("WITH near({near}) AS MATERIALIZED ({sql}) SELECT * FROM near");
    if let Some(most) = &opts.max_distance {
        let _ = write!(sql, " WHERE near.distance <= ${}", params.push(most));
    }
    sql.push_str(" ORDER BY near.distance + 0");
    sql
}

/// Names for the columns of a light row and its distance, since a column may be called `distance`.
fn near_columns(width: usize) -> String {
    let light: String = (0..width).map(|i| format!("c{i}, ")).collect();
    light + "distance"
}

{% if used.rerank -%}
/// A first stage over something smaller than the vectors.
#[derive(Debug, Clone, Copy)]
pub struct Candidates {
    /// The expression of the index, of a column named bare, and the same of the parameter `$1`.
    pub column: &'static str,
    pub query: &'static str,
    pub operator: &'static str,
    pub method: Method,
    /// The predicate of the index.
    pub scope: &'static str,
}

/// Two stages: `k * oversample` candidates by the index of `candidates`, then the exact distance
/// of those.
pub async fn nearest_rerank<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    (candidates, oversample): (&Candidates, u32),
    query: &(dyn ToSql + Sync),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let (k, n) = (
        i64::from(opts.k),
        i64::from(opts.k) * i64::from(oversample.max(1)),
    );
    let settings = opts.settings(candidates.method, n, !candidates.scope.is_empty());
    let mut params = Params::new();
    let q = params.push(query);
    let (column, query) = (candidates.column, candidates.query);
    let first = candidates.scope;
    let conditions = search.conditions(first, opts.filter.as_ref(), &mut params);
    let n = params.limit(&n, &settings.sql);
    let k = params.limit(&k, &settings.sql);
    let (light, table, key) = (T::LIGHT, T::NAME, names(T::KEY, "d."));
    let (keys, operator) = (names(T::KEY, ""), candidates.operator);
    let distance = search.distance(&format!("${q}"));
    let near = near_columns(T::WIDTH);
    let mut sql = format!(
        "WITH c AS MATERIALIZED (SELECT {key} FROM {table} d {conditions} \
         ORDER BY {column} {operator} {query} LIMIT {n}), \
         near({near}) AS (SELECT {light}, {distance} FROM c JOIN {table} d USING ({keys}) \
         ORDER BY {distance} LIMIT {k}) SELECT * FROM near"
    );
    if let Some(most) = &opts.max_distance {
        let _ = write!(sql, " WHERE near.distance <= ${}", params.push(most));
    }
    sql.push_str(" ORDER BY near.distance + 0");
    searched(client, &sql, params.as_slice(), &settings.sql, hit::<T>).await
}
{%- endif %}

{% if used.mmr -%}
/// A vector whose values can be looked at.
pub trait Values: for<'r> FromSql<'r> + ToSql + Sync + Send {
    fn values(&self) -> std::borrow::Cow<'_, [f32]>;
}

/// Maximal marginal relevance: the nearest rows by `opts`, of which `k` are selected for
/// closeness (lambda 1.0) against variety (lambda 0.0).
pub async fn nearest_mmr<T: Table, C: Session, V: Values>(
    client: &mut C,
    search: &Search,
    query: &V,
    (k, lambda): (usize, f32),
    opts: &Nearest<T>,
) -> Result<Vec<Hit<T::Light>>> {
    let fetch = i64::from(opts.k);
    let settings = opts.settings(search.method, fetch, false);
    let mut params = Params::new();
    let q = format!("${}", params.push(query));
    let more = format!(", d.{}", search.column);
    let sql = nearest_sql(
        search,
        (&q, "", &more),
        opts,
        &fetch,
        &settings,
        &mut params,
    );
    let rows = searched(client, &sql, params.as_slice(), &settings.sql, |row| {
        Ok((hit::<T>(row)?, row.try_get::<_, V>(T::WIDTH + 1)?))
    })
    .await?;
    let vectors: Vec<_> = rows.iter().map(|(_, v)| v.values()).collect();
    let picked = mmr(&query.values(), &vectors, k, lambda);
    let mut hits: Vec<_> = rows.iter().map(|_| None).collect();
    drop(vectors);
    for (slot, (hit, _)) in hits.iter_mut().zip(rows) {
        *slot = Some(hit);
    }
    Ok(picked.into_iter().filter_map(|i| hits[i].take()).collect())
}

/// Greedy maximal marginal relevance over cosine similarity; places in `candidates`, best first.
pub fn mmr<V: AsRef<[f32]>>(query: &[f32], candidates: &[V], k: usize, lambda: f32) -> Vec<usize> {
    fn cos(a: &[f32], b: &[f32]) -> f32 {
        let (mut ab, mut aa, mut bb) = (0f32, 0f32, 0f32);
        for (x, y) in a.iter().zip(b) {
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        let norm = (aa * bb).sqrt();
        if norm == 0.0 { 0.0 } else { ab / norm }
    }
    let near: Vec<f32> = candidates.iter().map(|c| cos(query, c.as_ref())).collect();
    let mut same = vec![f32::NEG_INFINITY; candidates.len()];
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    let mut picked = Vec::with_capacity(k.min(candidates.len()));
    while picked.len() < k {
        let score = |i: usize| {
            let same = if picked.is_empty() { 0.0 } else { same[i] };
            lambda * near[i] - (1.0 - lambda) * same
        };
        let best = (0..left.len()).max_by(|a, b| {
            let (a, b) = (left[*a], left[*b]);
            score(a).total_cmp(&score(b)).then(b.cmp(&a))
        });
        let Some(best) = best.map(|at| left.swap_remove(at)) else {
            break;
        };
        picked.push(best);
        for &i in &left {
            let closeness = cos(candidates[i].as_ref(), candidates[best].as_ref());
            same[i] = same[i].max(closeness);
        }
    }
    picked
}
{%- endif %}

{% if used.hybrid -%}
/// How many rows a hybrid search returns, which, and the weights of its two parts.
#[derive(Debug)]
pub struct Hybrid<R> {
    pub k: u32,
    /// Rows taken from each side before they are fused.
    pub candidates: u32,
    pub rrf_k: f64,
    pub vector_weight: f64,
    pub text_weight: f64,
    pub filter: Option<Cond<R>>,
}

impl<R> Clone for Hybrid<R> {
    fn clone(&self) -> Self {
        Hybrid {
            filter: self.filter.clone(),
            ..*self
        }
    }
}

impl<R> Hybrid<R> {
    pub fn new(k: u32) -> Self {
        Hybrid {
            k,
            candidates: k.saturating_mul(4).max(40),
            rrf_k: 60.0,
            vector_weight: 1.0,
            text_weight: 1.0,
            filter: None,
        }
    }

    pub fn filter(mut self, f: Cond<R>) -> Self {
        self.filter = Some(f);
        self
    }
}

/// One row of a hybrid search.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked<T> {
    pub row: T,
    /// Reciprocal-rank-fusion score, larger is better.
    pub score: f64,
    /// Its place among the nearest, from 1.
    pub vector_rank: Option<i64>,
    /// Its place among the texts that match, from 1.
    pub text_rank: Option<i64>,
}

/// Vector and full-text search fused by reciprocal rank in one statement. `document` is the
/// `tsvector` of a row, `config` what comes before the text in `websearch_to_tsquery`.
pub async fn hybrid<T: Table, C: Session>(
    client: &mut C,
    search: &Search,
    (document, config): (&str, &str),
    (query, text): (&(dyn ToSql + Sync), &str),
    opts: &Hybrid<T>,
) -> Result<Vec<Ranked<T::Light>>> {
    let (n, k) = (i64::from(opts.candidates), i64::from(opts.k));
    let filtered = opts.filter.is_some();
    let settings = Settings::new(search.method, n, None, None, filtered);
    let mut params = Params::new();
    let (q, t) = (format!("${}", params.push(query)), params.push(&text));
    let (vw, tw, rrf) = (
        params.push(&opts.vector_weight),
        params.push(&opts.text_weight),
        params.push(&opts.rrf_k),
    );
    let near = search.conditions("", opts.filter.as_ref(), &mut params);
    let mut found = String::new();
    and_filter(opts.filter.as_ref(), &mut found, &mut params);
    let (n, k) = (
        params.limit(&n, &settings.sql),
        params.limit(&k, &settings.sql),
    );
    let (light, table, distance) = (T::LIGHT, T::NAME, search.distance(&q));
    let key = names(T::KEY, "d.");
    // Key columns by number, since they may be called as anything else is here.
    let numbered = |i: usize| (format!("k{i}"), format!("f.k{i} = d.{}", T::KEY[i].name));
    let (bare, same): (Vec<_>, Vec<_>) = (0..T::KEY.len()).map(numbered).unzip();
    let (bare, same) = (bare.join(", "), same.join(" AND "));
    let text_query = format!("websearch_to_tsquery({config}${t})");
    let sql = format!(
        "WITH v AS (SELECT {bare}, row_number() OVER (ORDER BY near, {bare}) AS rank \
         FROM (SELECT {key}, {distance} FROM {table} d {near} \
         ORDER BY {distance} LIMIT {n}) s({bare}, near)), \
         t AS (SELECT {bare}, row_number() OVER (ORDER BY fit DESC, {bare}) AS rank \
         FROM (SELECT {key}, ts_rank_cd({document}, {text_query}) FROM {table} d \
         WHERE {document} @@ {text_query}{found} \
         ORDER BY ts_rank_cd({document}, {text_query}) DESC, {key} LIMIT {n}) s({bare}, fit)), \
         f AS (SELECT {bare}, coalesce(${vw}::float8 / (${rrf}::float8 + v.rank), 0) \
         + coalesce(${tw}::float8 / (${rrf}::float8 + t.rank), 0) AS score, \
         v.rank AS vector_rank, t.rank AS text_rank FROM v FULL JOIN t USING ({bare}) \
         ORDER BY score DESC, {bare} LIMIT {k}) \
         SELECT {light}, f.score, f.vector_rank, f.text_rank FROM f \
         JOIN {table} d ON {same} ORDER BY f.score DESC, {key}"
    );
    searched(client, &sql, params.as_slice(), &settings.sql, |row| {
        Ok(Ranked {
            row: T::light(row)?,
            score: row.try_get(T::WIDTH)?,
            vector_rank: row.try_get(T::WIDTH + 1)?,
            text_rank: row.try_get(T::WIDTH + 2)?,
        })
    })
    .await
}
{%- endif %}
{%- endif %}

{% if used.vector || used.halfvec || used.sparsevec -%}
// ---------------------------------------------------------------- vectors

fn check_dimensions(expected: usize, actual: usize) -> Result<()> {
    match expected == actual {
        true => Ok(()),
        false => Err(Error::Dimensions { expected, actual }),
    }
}

/// The first four values, so that vectors do not fill logs.
fn show_values<T: fmt::Debug>(
    f: &mut fmt::Formatter<'_>,
    (name, length, of): (&str, usize, usize),
    values: impl Iterator<Item = T>,
) -> fmt::Result {
    let head: Vec<T> = values.take(4).collect();
    let rest = if of > head.len() { ", .." } else { "" };
    write!(f, "{name}<{length}>({head:?}{rest})")
}
{%- endif %}
{% for it in vectors %}
{%- if it.serde %}
/// A `{{ it.sql }}(N)` value{{ it.note }}. `Debug` shows four values, so it fills no log.
{%- else %}
/// A `{{ it.sql }}(N)` value{{ it.note }}. It has no `Serialize`, and `Debug` shows four values, so it ends up in
/// no response and fills no log.
{%- endif %}
#[derive(Clone, PartialEq)]
pub struct {{ it.name }}<const N: usize>({{ it.inner }});

impl<const N: usize> {{ it.name }}<N> {
    pub const DIMENSIONS: usize = N;

    /// Fails for another length, NaN and infinity{{ it.refused }}.
    pub fn new(values: Vec<f32>) -> Result<Self> {
        check_dimensions(N, values.len())?;
        {{ it.name }}({{ it.from_floats }}).finite()
    }
{% if it.sparse %}
    /// A vector by what is not zero in it: places, from 0, and values. Of two values for a place the
    /// later one counts.
    pub fn from_entries(entries: impl IntoIterator<Item = (usize, f32)>) -> Result<Self> {
        let (mut map, expected) = (std::collections::BTreeMap::new(), N);
        for (place, value) in entries {
            let actual = place.saturating_add(1);
            match i32::try_from(place) {
                Ok(at) if place < N => map.insert(at, value),
                _ => return Err(Error::Dimensions { expected, actual }),
            };
        }
        let dimensions = i32::try_from(N).unwrap_or(i32::MAX);
        SparseEmbedding(pgvector::SparseVector::from_map(&map, dimensions)).finite()
    }

    /// What is not zero: places, from 0, and values.
    pub fn entries(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        let places = self.0.indices().iter().map(|i| i.unsigned_abs() as usize);
        places.zip(self.0.values().iter().copied())
    }
{% endif %}
{%- if it.dense %}
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }
{% endif %}
    pub fn into_vec(self) -> Vec<f32> {
        {{ it.into_floats }}
    }

    fn not_finite(&self) -> Option<usize> {
        {{ it.not_finite }}
    }

    fn finite(self) -> Result<Self> {
        match self.not_finite() {
            None => Ok(self),
            Some(index) => Err(Error::NotFinite { index }),
        }
    }
}

/// The length is proved by the compiler; the values are looked at when they are sent.
impl<const N: usize> From<[f32; N]> for {{ it.name }}<N> {
    fn from(values: [f32; N]) -> Self {
        let values = values.to_vec();
        {{ it.name }}({{ it.from_floats }})
    }
}

impl<const N: usize> TryFrom<Vec<f32>> for {{ it.name }}<N> {
    type Error = Error;
    fn try_from(values: Vec<f32>) -> Result<Self> {
        Self::new(values)
    }
}

impl<const N: usize> TryFrom<&[f32]> for {{ it.name }}<N> {
    type Error = Error;
    fn try_from(values: &[f32]) -> Result<Self> {
        Self::new(values.to_vec())
    }
}

impl<const N: usize> fmt::Debug for {{ it.name }}<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        {%- if it.sparse %}
        let count = self.0.values().len();
        show_values(f, ("{{ it.name }}", N, count), self.entries())
        {%- else %}
        let values = {{ it.values }};
        show_values(f, ("{{ it.name }}", N, N), values)
        {%- endif %}
    }
}

{% if it.serde %}
/// A list of numbers.
impl<const N: usize> serde::Serialize for {{ it.name }}<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq({{ it.values }})
    }
}

impl<'de, const N: usize> serde::Deserialize<'de> for {{ it.name }}<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = <Vec<f32> as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(values).map_err(serde::de::Error::custom)
    }
}

{% endif -%}
impl<const N: usize> ToSql for {{ it.name }}<N> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        match self.not_finite() {
            None => self.0.to_sql(ty, out),
            Some(index) => Err(Error::NotFinite { index }.into()),
        }
    }
    fn accepts(ty: &Type) -> bool {
        <{{ it.inner }} as ToSql>::accepts(ty)
    }
    postgres_types::to_sql_checked!();
}

impl<'a, const N: usize> FromSql<'a> for {{ it.name }}<N> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let value = <{{ it.inner }}>::from_sql(ty, raw)?;
        check_dimensions(N, {{ it.length }})?;
        Ok({{ it.name }}(value))
    }
    fn accepts(ty: &Type) -> bool {
        <{{ it.inner }} as FromSql>::accepts(ty)
    }
}
{% if it.mmr %}
impl<const N: usize> Values for {{ it.name }}<N> {
    fn values(&self) -> std::borrow::Cow<'_, [f32]> {
        {% if it.dense %}self.as_slice().into(){% else %}self.clone().into_vec().into(){% endif %}
    }
}
{% endif %}
{%- endfor %}
{%- if used.bits %}
/// A `bit(N)` value: N bits, the first one the highest of the first byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits<const N: usize>(Vec<u8>);

impl<const N: usize> Bits<N> {
    pub const LENGTH: usize = N;

    /// Fails for another length.
    pub fn new(bits: &[bool]) -> Result<Self> {
        if bits.len() != N {
            let (expected, actual) = (N, bits.len());
            return Err(Error::Dimensions { expected, actual });
        }
        let byte = |part: &[bool]| {
            let bits = part.iter().enumerate();
            bits.fold(0u8, |byte, (i, bit)| byte | u8::from(*bit) << (7 - i))
        };
        Ok(Bits(bits.chunks(8).map(byte).collect()))
    }

    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..N).map(|i| self.0[i / 8] & (0x80 >> (i % 8)) != 0)
    }
}

/// Zeros and ones.
impl<const N: usize> fmt::Display for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter()
            .try_for_each(|bit| f.write_char(if bit { '1' } else { '0' }))
    }
}

impl<const N: usize> fmt::Debug for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        let rest = if N > 32 { ".." } else { "" };
        write!(f, "Bits<{N}>({}{rest})", &text[..N.min(32)])
    }
}

impl<const N: usize> std::str::FromStr for Bits<N> {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let bit = |(index, c)| match c {
            '0' => Ok(false),
            '1' => Ok(true),
            _ => Err(Error::NotABit { index }),
        };
        let bits = text.chars().enumerate().map(bit);
        Self::new(&bits.collect::<Result<Vec<bool>>>()?)
    }
}

impl<const N: usize> serde::Serialize for Bits<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> serde::Deserialize<'de> for Bits<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<const N: usize> ToSql for Bits<N> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        out.extend_from_slice(&i32::try_from(N)?.to_be_bytes());
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::BIT || *ty == Type::VARBIT
    }
    postgres_types::to_sql_checked!();
}

impl<'a, const N: usize> FromSql<'a> for Bits<N> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let (length, bytes) = raw.split_first_chunk().ok_or("no length")?;
        let (expected, actual) = (N, usize::try_from(i32::from_be_bytes(*length))?);
        if expected != actual || bytes.len() != N.div_ceil(8) {
            return Err(Error::Dimensions { expected, actual }.into());
        }
        Ok(Bits(bytes.to_vec()))
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::BIT || *ty == Type::VARBIT
    }
}
{% endif %}
{%- if used.interval %}
/// An `interval`. Its parts are kept apart, for a month has no fixed number of days, nor a day of
/// hours.
{{ self.derive("Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize") }}
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub micros: i64,
}

impl ToSql for Interval {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        out.extend_from_slice(&self.micros.to_be_bytes());
        out.extend_from_slice(&self.days.to_be_bytes());
        out.extend_from_slice(&self.months.to_be_bytes());
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }
    postgres_types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Interval {
    fn from_sql(_: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let (micros, rest) = raw.split_first_chunk().ok_or("no microseconds")?;
        let (days, months) = rest.split_first_chunk().ok_or("no days")?;
        Ok(Interval {
            months: i32::from_be_bytes(months.try_into()?),
            days: i32::from_be_bytes(*days),
            micros: i64::from_be_bytes(*micros),
        })
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }
}
{% endif %}
{%- if used.numeric %}
/// A `numeric` of any size, as text: no digit is lost on the way.
{{ self.derive("Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize") }}
pub struct Numeric(pub String);

impl fmt::Display for Numeric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Into<String>> From<T> for Numeric {
    fn from(text: T) -> Self {
        Numeric(text.into())
    }
}

impl ToSql for Numeric {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        self.0.to_sql(ty, out)
    }
    fn accepts(ty: &Type) -> bool {
        <String as ToSql>::accepts(ty)
    }
    postgres_types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Numeric {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        Ok(Numeric(String::from_sql(ty, raw)?))
    }
    fn accepts(ty: &Type) -> bool {
        <String as FromSql>::accepts(ty)
    }
}
{% endif %}
{%- if used.range %}
/// Where a range ends.
{{ self.derive("Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize") }}
pub enum Bound<T> {
    Unbounded,
    Inclusive(T),
    Exclusive(T),
}

/// A range of `T`.
{{ self.derive("Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize") }}
pub enum Range<T> {
    Empty,
    Of { lower: Bound<T>, upper: Bound<T> },
}

const RANGE_EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

fn element_of(ty: &Type) -> SqlResult<&Type> {
    match ty.kind() {
        postgres_types::Kind::Range(element) => Ok(element),
        _ => Err(format!("{ty} is no range").into()),
    }
}

impl<T: ToSql> Bound<T> {
    fn flag(&self, inclusive: u8, unbounded: u8) -> u8 {
        match self {
            Bound::Unbounded => unbounded,
            Bound::Inclusive(_) => inclusive,
            Bound::Exclusive(_) => 0,
        }
    }

    fn write(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<()> {
        let (Bound::Inclusive(value) | Bound::Exclusive(value)) = self else {
            return Ok(());
        };
        let at = out.len();
        out.extend_from_slice(&[0; 4]);
        value.to_sql(ty, out)?;
        let length = i32::try_from(out.len() - at - 4)?;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
        Ok(())
    }
}

impl<T: ToSql> ToSql for Range<T>
where
    T: fmt::Debug,
{
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        match self {
            Range::Empty => out.extend_from_slice(&[RANGE_EMPTY]),
            Range::Of { lower, upper } => {
                let element = element_of(ty)?;
                let lower_flag = lower.flag(LOWER_INCLUSIVE, LOWER_UNBOUNDED);
                let upper_flag = upper.flag(UPPER_INCLUSIVE, UPPER_UNBOUNDED);
                out.extend_from_slice(&[lower_flag | upper_flag]);
                lower.write(element, out)?;
                upper.write(element, out)?;
            }
        }
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        element_of(ty).is_ok_and(T::accepts)
    }
    postgres_types::to_sql_checked!();
}

impl<'a, T: FromSql<'a>> FromSql<'a> for Range<T> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let element = element_of(ty)?;
        let (&flags, mut rest) = raw.split_first().ok_or("no flags")?;
        if flags & RANGE_EMPTY != 0 {
            return Ok(Range::Empty);
        }
        let mut bound = |inclusive: u8, unbounded: u8| -> SqlResult<Bound<T>> {
            if flags & unbounded != 0 {
                return Ok(Bound::Unbounded);
            }
            let (length, after) = rest.split_first_chunk().ok_or("no bound")?;
            let length = usize::try_from(i32::from_be_bytes(*length))?;
            let (value, after) = after.split_at_checked(length).ok_or("half a bound")?;
            rest = after;
            let value = T::from_sql(element, value)?;
            Ok(match flags & inclusive != 0 {
                true => Bound::Inclusive(value),
                false => Bound::Exclusive(value),
            })
        };
        Ok(Range::Of {
            lower: bound(LOWER_INCLUSIVE, LOWER_UNBOUNDED)?,
            upper: bound(UPPER_INCLUSIVE, UPPER_UNBOUNDED)?,
        })
    }
    fn accepts(ty: &Type) -> bool {
        element_of(ty).is_ok_and(T::accepts)
    }
}
{% endif %}
// ---------------------------------------------------------------- filters

/// A column that is NOT NULL.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// A column that may be NULL.
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

/// A column of table `R` that holds `T`.
pub struct Column<R, T, N = NotNull> {
    info: ColumnInfo,
    of: PhantomData<fn() -> R>,
    holds: PhantomData<fn() -> (T, N)>,
}

impl<R, T, N> Clone for Column<R, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<R, T, N> Copy for Column<R, T, N> {}

impl<R, T, N> Column<R, T, N> {
    /// `name` is an identifier, quoted already where it needs quotes.
    pub const fn new(name: &'static str) -> Self {
        Self::of(ColumnInfo::new(name, ""))
    }

    pub const fn of(info: ColumnInfo) -> Self {
        Column {
            info,
            of: PhantomData,
            holds: PhantomData,
        }
    }

    pub const fn name(self) -> &'static str {
        self.info.name
    }
}

impl<R, T: Bind, N> Column<R, T, N> {
    fn op(self, op: &'static str, v: impl Into<T>) -> Cond<R> {
        Cond::of(vec![
            Piece::Column(self.info),
            Piece::Sql(op),
            Piece::Value(self.info, Arc::new(v.into())),
        ])
    }
    pub fn eq(self, v: impl Into<T>) -> Cond<R> {
        self.op(" = ", v)
    }
    pub fn ne(self, v: impl Into<T>) -> Cond<R> {
        self.op(" IS DISTINCT FROM ", v)
    }
    pub fn lt(self, v: impl Into<T>) -> Cond<R> {
        self.op(" < ", v)
    }
    pub fn le(self, v: impl Into<T>) -> Cond<R> {
        self.op(" <= ", v)
    }
    pub fn gt(self, v: impl Into<T>) -> Cond<R> {
        self.op(" > ", v)
    }
    pub fn ge(self, v: impl Into<T>) -> Cond<R> {
        self.op(" >= ", v)
    }
    /// One array parameter, so any number of values is one statement; but one for each value where
    /// there is no array of them.
    pub fn is_in(self, vs: impl IntoIterator<Item = T>) -> Cond<R> {
        if self.info.parameters(1).is_none() {
            let none = Cond::raw("false");
            return vs.into_iter().fold(none, |any, v| any.or(self.eq(v)));
        }
        let vs: Vec<T> = vs.into_iter().collect();
        Cond::of(vec![
            Piece::Column(self.info),
            Piece::Sql(" = ANY("),
            Piece::Values(self.info, Arc::new(vs)),
            Piece::Sql(")"),
        ])
    }
}

impl<R, T> Column<R, T, Nullable> {
    pub fn is_null(self) -> Cond<R> {
        Cond::of(vec![Piece::Column(self.info), Piece::Sql(" IS NULL")])
    }
    pub fn is_not_null(self) -> Cond<R> {
        Cond::of(vec![Piece::Column(self.info), Piece::Sql(" IS NOT NULL")])
    }
}
{% if used.jsonb %}
impl<R, N> Column<R, serde_json::Value, N> {
    /// `@>`, which a GIN index on the column answers.
    pub fn contains(self, v: serde_json::Value) -> Cond<R> {
        self.op(" @> ", v)
    }
}
{% endif %}
#[derive(Debug, Clone)]
enum Piece {
    Sql(&'static str),
    Column(ColumnInfo),
    /// A value, of a column's type or of what the server takes it for.
    Value(ColumnInfo, Arc<dyn Bind>),
    Values(ColumnInfo, Arc<dyn Bind>),
    Bind(Arc<dyn Bind>),
}

/// A value that a condition can hold.
pub trait Bind: ToSql + Sync + Send + fmt::Debug + 'static {
    fn as_sql(&self) -> &(dyn ToSql + Sync);
}

impl<T: ToSql + Sync + Send + fmt::Debug + 'static> Bind for T {
    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        self
    }
}

/// A condition over table `R`. Only what is asked for is in the SQL text (no `$1 IS NULL OR ..`),
/// so each shape is a statement of its own and the planner sees what it can index.
#[derive(Debug)]
pub struct Cond<R> {
    pieces: Vec<Piece>,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Cond<R> {
    fn clone(&self) -> Self {
        Cond::of(self.pieces.clone())
    }
}

/// `!filter`: the rows that it does not hold for, nor is NULL for.
impl<R> std::ops::Not for Cond<R> {
    type Output = Self;
    fn not(mut self) -> Self {
        self.pieces.insert(0, Piece::Sql("(NOT "));
        self.pieces.push(Piece::Sql(")"));
        self
    }
}

impl<R> Cond<R> {
    fn of(pieces: Vec<Piece>) -> Self {
        Cond {
            pieces,
            of: PhantomData,
        }
    }
    fn join(mut self, other: Self, op: &'static str) -> Self {
        self.pieces.insert(0, Piece::Sql("("));
        self.pieces.push(Piece::Sql(op));
        self.pieces.extend(other.pieces);
        self.pieces.push(Piece::Sql(")"));
        self
    }
    pub fn and(self, other: Self) -> Self {
        self.join(other, " AND ")
    }
    pub fn or(self, other: Self) -> Self {
        self.join(other, " OR ")
    }
    /// A condition without values, word for word.
    pub fn raw(text: &'static str) -> Self {
        // On lines of its own, for it may end in a comment.
        Cond::of(vec![Piece::Sql("("), Piece::Sql(text), Piece::Sql("\n)")])
    }
    /// Anything else: `?` stands for the next value, `??` for a question mark. The text must be a
    /// constant of the program.
    ///
    /// # Panics
    /// Where there are more or fewer values than question marks.
    pub fn sql(text: &'static str, values: Vec<Box<dyn Bind>>) -> Self {
        let mut pieces = vec![Piece::Sql("(")];
        let mut values = values.into_iter();
        let mut rest = text;
        while let Some(i) = rest.find('?') {
            if rest[i + 1..].starts_with('?') {
                pieces.push(Piece::Sql(&rest[..=i]));
                rest = &rest[i + 2..];
                continue;
            }
            pieces.push(Piece::Sql(&rest[..i]));
            let value = values.next().expect("a value for each ?");
            pieces.push(Piece::Bind(value.into()));
            rest = &rest[i + 1..];
        }
        assert!(values.next().is_none(), "a ? for each value");
        pieces.push(Piece::Sql(rest));
        pieces.push(Piece::Sql("\n)"));
        Cond::of(pieces)
    }
    fn render<'a>(&'a self, alias: &str, sql: &mut String, params: &mut Params<'a>) {
        for piece in &self.pieces {
            match piece {
                Piece::Sql(text) => sql.push_str(text),
                Piece::Column(column) => sql.push_str(&column.of(alias)),
                Piece::Value(column, value) => {
                    sql.push_str(&column.parameter(params.push((**value).as_sql())));
                }
                Piece::Values(column, values) => {
                    let list = column.parameters(params.push((**values).as_sql()));
                    sql.push_str(&list.unwrap_or_default());
                }
                Piece::Bind(value) => {
                    let _ = write!(sql, "${}", params.push((**value).as_sql()));
                }
            }
        }
    }
}

/// Statement parameters in the order of their numbers.
#[derive(Default)]
pub struct Params<'a>(Vec<&'a (dyn ToSql + Sync)>);

impl<'a> Params<'a> {
    pub fn new() -> Self {
        Params(Vec::new())
    }
    /// Adds a value; its number.
    pub fn push(&mut self, v: &'a (dyn ToSql + Sync)) -> usize {
        self.0.push(v);
        self.0.len()
    }
    pub fn as_slice(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.0
    }
{%- if used.searches %}
    /// What follows LIMIT. A generic plan takes a tenth of the table for a parameter there, and
    /// leaves the index alone: so a literal where no settings go along, and a parameter where they
    /// do, as they hold force_custom_plan.
    fn limit(&mut self, n: &'a i64, settings: &str) -> String {
        match settings.is_empty() {
            true => n.to_string(),
            false => format!("${}", self.push(n)),
        }
    }
{%- endif %}
}
{% if used.enums %}
// ---------------------------------------------------------------- enums

/// `ToSql` and `FromSql` by the name of the type only. Checking the set of labels as well (as
/// derive(ToSql) does) would break a running program at the moment a label is added.
macro_rules! pg_enum {
    ($t:ty, $name:literal $(,)?) => {
        impl postgres_types::ToSql for $t {
            fn to_sql(
                &self,
                _: &postgres_types::Type,
                out: &mut bytes::BytesMut,
            ) -> super::support::SqlResult<postgres_types::IsNull> {
                out.extend_from_slice(self.as_str().as_bytes());
                Ok(postgres_types::IsNull::No)
            }
            fn accepts(ty: &postgres_types::Type) -> bool {
                ty.name() == $name
            }
            postgres_types::to_sql_checked!();
        }
        impl<'a> postgres_types::FromSql<'a> for $t {
            fn from_sql(
                _: &postgres_types::Type,
                raw: &'a [u8],
            ) -> super::support::SqlResult<Self> {
                let label = std::str::from_utf8(raw)?;
                Self::from_label(label).ok_or_else(|| {
                    let known = concat!("is no label of ", $name, " known here: generate again");
                    format!("{label:?} {known}").into()
                })
            }
            fn accepts(ty: &postgres_types::Type) -> bool {
                ty.name() == $name
            }
        }
    };
}
pub(crate) use pg_enum;
{% endif %}
// ---------------------------------------------------------------- sessions

/// Runs statements: a pooled connection, or a transaction on one.
pub trait Session: deadpool_postgres::GenericClient + Sync {
    const OPEN: &'static str;
    const CLOSE: &'static str;
    /// A failed statement leaves the session usable.
    const RETRY: bool;
    fn statements(&self) -> &StatementCache;
}

impl Session for deadpool_postgres::Client {
    const OPEN: &'static str = "BEGIN READ ONLY;";
    const CLOSE: &'static str = "ROLLBACK";
    const RETRY: bool = true;
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

impl Session for deadpool_postgres::Transaction<'_> {
    const OPEN: &'static str = "SAVEPOINT search;";
    const CLOSE: &'static str = "ROLLBACK TO search; RELEASE search";
    const RETRY: bool = false;
    fn statements(&self) -> &StatementCache {
        &self.statement_cache
    }
}

/// How many statements a session keeps; one of a new shape beyond that begins a new collection.
const MOST_STATEMENTS: usize = 500;

async fn prepared<C: Session>(client: &C, sql: &str) -> Result<Statement> {
    if client.statements().size() >= MOST_STATEMENTS {
        client.statements().clear();
    }
    Ok(client.prepare_cached(sql).await?)
}

/// Runs a statement through the statement cache. One that a migration made stale is prepared again
/// and, outside transactions, run again.
pub async fn query<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    let statement = prepared(client, sql).await?;
    match client.query(&statement, params).await {
        Err(e) if stale(&e) => {
            client.statements().remove(sql, &[]);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = prepared(client, sql).await?;
            Ok(client.query(&statement, params).await?)
        }
        other => Ok(other?),
    }
}

/// The only row of a statement that always returns one.
pub async fn one<C: Session, R>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    read: impl Fn(&Row) -> Result<R>,
) -> Result<R> {
    match query(client, sql, params).await?.first() {
        Some(row) => read(row),
        None => Err(Error::NoRow),
    }
}

/// As `query`, for how many rows were touched.
pub async fn execute<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<u64> {
    let statement = prepared(client, sql).await?;
    match client.execute(&statement, params).await {
        Err(e) if stale(&e) => {
            client.statements().remove(sql, &[]);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = prepared(client, sql).await?;
            Ok(client.execute(&statement, params).await?)
        }
        other => Ok(other?),
    }
}

{% if used.searches %}
/// One statement with settings of its own. Three messages go out at once: open and SET LOCAL, the
/// statement, roll back. That is one round trip, leaves no setting behind, and is safe to cancel:
/// once polled, all three are sent.
async fn searched<C: Session, R>(
    client: &mut C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
    settings: &str,
    read: impl Fn(&Row) -> Result<R>,
) -> Result<Vec<R>> {
    if settings.is_empty() {
        let rows = query(client, sql, params).await?;
        return rows.iter().map(read).collect();
    }
    let open = format!("{} {settings}", C::OPEN);
    let mut again = true;
    loop {
        let statement = prepared(client, sql).await?;
        let (opened, rows, closed) = future::join3(
            client.batch_execute(&open),
            client.query(&statement, params),
            client.batch_execute(C::CLOSE),
        )
        .await;
        opened?;
        match rows {
            Err(e) if again && stale(&e) => {
                client.statements().remove(sql, &[]);
                again = false;
            }
            rows => {
                let rows = rows?;
                closed?;
                return rows.iter().map(read).collect();
            }
        }
    }
}
{% endif %}
/// Prepared for a table that has changed since (0A000 from the plan cache), for a type that was
/// replaced (XX000 where it is looked up), or gone from the server (26000).
fn stale(e: &tokio_postgres::Error) -> bool {
    e.as_db_error().is_some_and(|d| match d.code().code() {
        "26000" => true,
        "0A000" => d.routine() == Some("RevalidateCachedQuery"),
        "XX000" => d.message().starts_with("cache lookup failed for type"),
        _ => false,
    })
}

/// A pool that tests each connection before use, so a restart of the server causes no failed
/// query. For TLS, `pool_with`.
pub fn pool(config: tokio_postgres::Config, size: usize) -> Result<Pool> {
    pool_with(config, tokio_postgres::NoTls, size)
}

pub fn pool_with<T>(config: tokio_postgres::Config, tls: T, size: usize) -> Result<Pool>
where
    T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Clone + Sync + Send + 'static,
    T::Stream: Sync + Send,
    T::TlsConnect: Sync + Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
{
    let recycling_method = RecyclingMethod::Verified;
    let manager = Manager::from_config(config, tls, ManagerConfig { recycling_method });
    Ok(Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(10)))
        .recycle_timeout(Some(Duration::from_secs(5)))
        .build()
        .expect("a runtime is set"))
}

// ---------------------------------------------------------------- drift

/// Compares the live table with the one its code was generated for. Added columns are ignored.
pub async fn verify<T: Table, C: Session>(client: &C) -> Result<()> {
    // Types are compared as a session prints them that finds `public` and nothing else.
    let sql = "SELECT a.attname::text, CASE \
               WHEN NOT pg_type_is_visible(e.oid) \
               THEN regexp_replace(format_type(a.atttypid, a.atttypmod), '^public[.]', '') \
               WHEN n.nspname IN ('pg_catalog', 'public') \
               THEN format_type(a.atttypid, a.atttypmod) \
               ELSE quote_ident(n.nspname) || '.' || format_type(a.atttypid, a.atttypmod) END, \
               a.attnotnull FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
               JOIN pg_type e ON e.oid = CASE WHEN t.typtype = 'b' AND t.typcategory = 'A' \
               THEN t.typelem ELSE t.oid END \
               JOIN pg_namespace n ON n.oid = e.typnamespace \
               WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped";
    let rows = query(client, sql, &[&T::NAME]).await?;
    let table = T::NAME;
    let mut differences = Vec::new();
    if rows.is_empty() {
        differences.push("there is no such table".to_string());
        return Err(Error::SchemaDrift { table, differences });
    }
    for (name, ty, not_null) in T::EXPECTED {
        let mut live = None;
        for row in &rows {
            if row.try_get::<_, &str>(0)? == *name {
                live = Some((row.try_get::<_, &str>(1)?, row.try_get::<_, bool>(2)?));
            }
        }
        match live {
            None => differences.push(format!("no column {name}")),
            Some((is, _)) if is != *ty => differences.push(format!("{name} is {is}, not {ty}")),
            Some((_, is)) if is != *not_null => {
                let is = if is { "NOT NULL" } else { "nullable" };
                differences.push(format!("{name} is {is}"));
            }
            Some(_) => {}
        }
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::SchemaDrift { table, differences })
}
