{{ header }}

//! What the modules of all tables share. It is yours: nothing here depends on the generator.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
{%- if used.futures %}
use futures_util::future;
{%- endif %}
use postgres_types::{ {%- if used.from_sql %}FromSql, {% endif %}IsNull, ToSql, Type};
use tokio_postgres::Row;
{%- if used.writes %}
use tokio_postgres::binary_copy::BinaryCopyInWriter;
{%- endif %}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the `postgres-types` traits return.
pub type SqlResult<T> = std::result::Result<T, Box<dyn std::error::Error + Sync + Send>>;

// ---------------------------------------------------------------- errors

#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    Postgres(tokio_postgres::Error),
    Pool(deadpool_postgres::PoolError),
    /// A statement that always gives a row gave none.
    NoRow,
    /// A value of the wrong length, found before the server was asked.
    Dimensions {
        expected: usize,
        actual: usize,
    },
    /// A vector with NaN or infinity in it, found before the server was asked.
    NotFinite {
        index: usize,
    },
    /// The database is not what this code was generated for.
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

    /// Whether the statement broke this constraint (`constraint::PKEY`, …).
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

/// What the functions below need to know of a table. In their SQL it is `d`.
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
    /// The key, and the columns that can be written; none where there are none.
    const KEY: &'static [ColumnInfo] = &[];
    const COLUMNS: &'static [ColumnInfo] = &[];
    /// Name, type and NOT NULL of all columns.
    const EXPECTED: &'static [(&'static str, &'static str, bool)];

    fn light(row: &Row) -> Result<Self::Light>;
}

/// A column as SQL has it.
#[derive(Debug, Clone, Copy)]
pub struct ColumnInfo {
    /// Quoted where it needs quotes.
    pub name: &'static str,
    /// What follows a parameter for it: `::text::money`.
    pub cast: &'static str,
}

impl ColumnInfo {
    pub const fn new(name: &'static str) -> Self {
        ColumnInfo { name, cast: "" }
    }

    pub const fn cast(name: &'static str, cast: &'static str) -> Self {
        ColumnInfo { name, cast }
    }
}

{% if used.by_row -%}
/// `d.id = $1`, for all columns of a list; the first parameter has this number.
fn matches(columns: &[ColumnInfo], alias: &str, first: usize) -> String {
    let mut sql = String::new();
    for (i, column) in columns.iter().enumerate() {
        let (and, n) = (if i == 0 { "" } else { " AND " }, first + i);
        let _ = write!(sql, "{and}{alias}.{} = ${n}{}", column.name, column.cast);
    }
    sql
}

{% endif -%}
{% if used.upserts || used.keyed_searches -%}
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

{% if used.keyed -%}
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
{% if used.keyed -%}
/// The rows of these keys in the order asked for. `types` are those of the key as SQL spells them;
/// there is one array for each.
pub async fn get_many<T: Table, C: Session>(
    client: &C,
    types: &[&str],
    arrays: Params<'_>,
) -> Result<Vec<T::Light>> {
    let (mut lists, mut keys, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (column, of)) in T::KEY.iter().zip(types).enumerate() {
        lists.push(format!("${}{of}", i + 1));
        keys.push(format!("k{i}"));
        same.push(format!("d.{} = k.k{i}", column.name));
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
    let casts = columns.iter().map(|i| info(i).cast).enumerate();
    let values: Vec<String> = casts.map(|(n, cast)| format!("${}{cast}", n + 1)).collect();
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
/// Inserts a row, or puts what is given of it into the row that has the same values in `key`.
pub async fn upsert<T: Table, C: Session>(
    client: &C,
    given: Given<'_>,
    key: &[ColumnInfo],
) -> Result<T::Light> {
    let (table, light) = (T::NAME, T::LIGHT);
    let values = values_sql::<T>(&given.columns);
    let columns = given.columns.iter().map(|i| T::COLUMNS[*i].name);
    let is_key = |name: &&str| key.iter().any(|k| k.name == *name);
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
/// grouped by which columns they give.
pub async fn insert_many<N: New, C: Session>(client: &mut C, rows: &[N]) -> Result<u64> {
    let mut groups: std::collections::BTreeMap<_, Vec<_>> = Default::default();
    for row in rows {
        let given = row.given();
        groups.entry(given.columns).or_default().push(given.values);
    }
    let tx = client.transaction().await?;
    let mut written = 0;
    for (columns, rows) in &groups {
        written += if can_be_copied::<N::Of>(columns) {
            copy_in::<N::Of>(&tx, columns, rows).await?
        } else {
            insert_each::<N::Of>(&tx, columns, rows).await?
        };
    }
    tx.commit().await?;
    Ok(written)
}

/// COPY in binary has no place for a cast, and none for a row without columns.
fn can_be_copied<T: Table>(columns: &[usize]) -> bool {
    let plain = |i: &usize| !T::COLUMNS[*i].cast.contains("::text::");
    !columns.is_empty() && columns.iter().all(plain)
}

async fn copy_in<T: Table>(
    tx: &deadpool_postgres::Transaction<'_>,
    columns: &[usize],
    rows: &[Vec<&(dyn ToSql + Sync)>],
) -> Result<u64> {
    let table = T::NAME;
    let columns: Vec<&str> = columns.iter().map(|i| T::COLUMNS[*i].name).collect();
    let columns = columns.join(", ");
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

/// One INSERT a row, a hundred of them under way at a time.
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
        set.push(format!("{} = ${n}{}", column.name, column.cast));
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

/// A search as SQL has it.
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

/// What an index scan does when it has found too few rows that pass the filter.
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

/// How many rows are wanted, which, and how hard to look.
#[derive(Debug)]
pub struct Nearest<R> {
    k: u32,
    filter: Option<Cond<R>>,
    max_distance: Option<f64>,
    iterative: Option<IterativeScan>,
    effort: Option<u32>,
    max_scan_tuples: Option<u32>,
    exact: bool,
}

impl<R> Nearest<R> {
    pub fn new(k: u32) -> Self {
        Nearest {
            k,
            filter: None,
            max_distance: None,
            iterative: None,
            effort: None,
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
        self.effort = Some(n);
        self
    }

    /// `ivfflat.probes`: how many lists an IVFFlat scan reads.
    pub fn probes(mut self, n: u32) -> Self {
        self.effort = Some(n);
        self
    }

    pub fn iterative(mut self, s: IterativeScan) -> Self {
        self.iterative = Some(s);
        self
    }

    /// When an iterative HNSW scan gives up.
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
        let mut settings = Settings::new(method, k, self.effort, self.iterative, filtered);
        if let (Method::Hnsw, Some(n)) = (method, self.max_scan_tuples) {
            settings.set("hnsw.max_scan_tuples", &n.to_string());
        }
        settings
    }
}

/// What is set for one search, and what that means for the statement.
#[derive(Debug, Default)]
struct Settings {
    sql: String,
    /// Rows may come in an order that is nearly right.
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

    /// Nothing where the defaults do. An index scan gives at most `hnsw.ef_search` rows (40), or
    /// what is in `ivfflat.probes` lists (1), and a filter is applied to those: so more is looked
    /// at for more rows, and a filter, or rows that were deleted since the last VACUUM, let the scan
    /// go on until enough are found.
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
    // order is put right outside as well, and by an expression, since the planner takes the order
    // inside for what it claims to be.
    let mut sql = format!("WITH near AS MATERIALIZED ({sql}) SELECT * FROM near");
    if let Some(most) = &opts.max_distance {
        let _ = write!(sql, " WHERE near.distance <= ${}", params.push(most));
    }
    sql.push_str(" ORDER BY near.distance + 0");
    sql
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
    let mut sql = format!(
        "WITH c AS MATERIALIZED (SELECT {key} FROM {table} d {conditions} \
         ORDER BY {column} {operator} {query} LIMIT {n}), \
         near AS (SELECT {light}, {distance} AS distance FROM c JOIN {table} d USING ({keys}) \
         ORDER BY distance LIMIT {k}) SELECT * FROM near"
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

/// Maximal marginal relevance: the nearest rows that `opts` asks for, of which `k` are picked for
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
/// How many rows a hybrid search wants, which, and how its sides weigh.
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
    let (key, bare) = (names(T::KEY, "d."), names(T::KEY, ""));
    let sql = format!(
        "WITH v AS (SELECT {bare}, row_number() OVER (ORDER BY vector_distance, {bare}) AS vector_rank \
         FROM (SELECT {key}, {distance} AS vector_distance FROM {table} d {near} \
         ORDER BY {distance} LIMIT {n}) s), \
         t AS (SELECT {bare}, row_number() OVER (ORDER BY text_score DESC, {bare}) AS text_rank \
         FROM (SELECT {key}, ts_rank_cd({document}, text_query) AS text_score FROM {table} d, \
         websearch_to_tsquery({config}${t}) text_query WHERE {document} @@ text_query{found} \
         ORDER BY text_score DESC, {key} LIMIT {n}) s), \
         f AS (SELECT {bare}, coalesce(${vw}::float8 / (${rrf}::float8 + vector_rank), 0) \
         + coalesce(${tw}::float8 / (${rrf}::float8 + text_rank), 0) AS fused_score, \
         vector_rank, text_rank FROM v FULL JOIN t USING ({bare}) \
         ORDER BY fused_score DESC, {bare} LIMIT {k}) \
         SELECT {light}, f.fused_score, f.vector_rank, f.text_rank FROM f \
         JOIN {table} d USING ({bare}) ORDER BY f.fused_score DESC, {key}"
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

fn check_values(expected: usize, values: &[f32]) -> Result<()> {
    check_dimensions(expected, values.len())?;
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(Error::NotFinite { index }),
    }
}

/// The first four values, so that vectors do not fill logs.
fn show_values(f: &mut fmt::Formatter<'_>, name: &str, values: &[f32]) -> fmt::Result {
    let rest = if values.len() > 4 { ", .." } else { "" };
    let head = &values[..values.len().min(4)];
    write!(f, "{name}<{}>({head:?}{rest})", values.len())
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

    /// Refuses another length, NaN and infinity.
    pub fn new(values: Vec<f32>) -> Result<Self> {
        check_values(N, &values)?;
        Ok({{ it.name }}({{ it.from_floats }}))
    }
{% if it.dense %}
    pub fn as_slice(&self) -> &[f32] {
        self.0.as_slice()
    }
{% endif %}
    pub fn to_vec(&self) -> Vec<f32> {
        {{ it.to_floats }}
    }
}

/// The length is proved by the compiler.
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
        show_values(f, "{{ it.name }}", &self.to_vec())
    }
}

{% if it.serde %}
/// A list of numbers.
impl<const N: usize> serde::Serialize for {{ it.name }}<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.to_vec())
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
        self.0.to_sql(ty, out)
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
        {% if it.dense %}self.as_slice().into(){% else %}self.to_vec().into(){% endif %}
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

    /// Refuses another length.
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
        let bits: Vec<bool> = text.chars().map(|c| c == '1').collect();
        Self::new(&bits)
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
        Self::cast(name, "")
    }

    /// A column whose parameters are followed by a cast.
    pub const fn cast(name: &'static str, cast: &'static str) -> Self {
        let info = ColumnInfo { name, cast };
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
            Piece::Column(self.info.name),
            Piece::Sql(op.into()),
            Piece::Bind(Box::new(v.into())),
            Piece::Sql(self.info.cast.into()),
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
    /// One array parameter, so any number of values is one statement.
    pub fn is_in(self, vs: impl IntoIterator<Item = T>) -> Cond<R> {
        let vs: Vec<T> = vs.into_iter().collect();
        let casts = self.info.cast.split("::").skip(1);
        let cast: String = casts.map(|of| format!("::{of}[]")).collect();
        Cond::of(vec![
            Piece::Column(self.info.name),
            Piece::Sql(" = ANY(".into()),
            Piece::Bind(Box::new(vs)),
            Piece::Sql(cast.into()),
            Piece::Sql(")".into()),
        ])
    }
}

impl<R, T> Column<R, T, Nullable> {
    pub fn is_null(self) -> Cond<R> {
        Cond::of(vec![
            Piece::Column(self.info.name),
            Piece::Sql(" IS NULL".into()),
        ])
    }
    pub fn is_not_null(self) -> Cond<R> {
        Cond::of(vec![
            Piece::Column(self.info.name),
            Piece::Sql(" IS NOT NULL".into()),
        ])
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
#[derive(Debug)]
enum Piece {
    Sql(std::borrow::Cow<'static, str>),
    Column(&'static str),
    Bind(Box<dyn Bind>),
}

/// A value that a condition can hold.
pub trait Bind: ToSql + Sync + Send + fmt::Debug + 'static {}
impl<T: ToSql + Sync + Send + fmt::Debug + 'static> Bind for T {}

/// A condition over table `R`. Only what is asked for is in the SQL text (no `$1 IS NULL OR ..`),
/// so each shape is a statement of its own and the planner sees what it can index.
#[derive(Debug)]
pub struct Cond<R> {
    pieces: Vec<Piece>,
    of: PhantomData<fn() -> R>,
}

impl<R> Cond<R> {
    fn of(pieces: Vec<Piece>) -> Self {
        Cond {
            pieces,
            of: PhantomData,
        }
    }
    fn join(mut self, other: Self, op: &'static str) -> Self {
        self.pieces.insert(0, Piece::Sql("(".into()));
        self.pieces.push(Piece::Sql(op.into()));
        self.pieces.extend(other.pieces);
        self.pieces.push(Piece::Sql(")".into()));
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
        Cond::of(vec![
            Piece::Sql("(".into()),
            Piece::Sql(text.into()),
            Piece::Sql(")".into()),
        ])
    }
    /// Anything else: `?` stands for the next value, `??` for a question mark. The text must be a
    /// constant of the program.
    ///
    /// # Panics
    /// Where there are more or fewer values than question marks.
    pub fn sql(text: &'static str, values: Vec<Box<dyn Bind>>) -> Self {
        let mut pieces = vec![Piece::Sql("(".into())];
        let mut values = values.into_iter();
        let mut rest = text;
        while let Some(i) = rest.find('?') {
            if rest[i + 1..].starts_with('?') {
                pieces.push(Piece::Sql(rest[..=i].into()));
                rest = &rest[i + 2..];
                continue;
            }
            pieces.push(Piece::Sql(rest[..i].into()));
            pieces.push(Piece::Bind(values.next().expect("a value for each ?")));
            rest = &rest[i + 1..];
        }
        assert!(values.next().is_none(), "a ? for each value");
        pieces.push(Piece::Sql(rest.into()));
        pieces.push(Piece::Sql(")".into()));
        Cond::of(pieces)
    }
    fn render<'a>(&'a self, alias: &str, sql: &mut String, params: &mut Params<'a>) {
        for piece in &self.pieces {
            match piece {
                Piece::Sql(text) => sql.push_str(text),
                Piece::Column(column) => {
                    let _ = write!(sql, "{alias}.{column}");
                }
                Piece::Bind(value) => {
                    let _ = write!(sql, "${}", params.push(value));
                }
            }
        }
    }
}

impl ToSql for Box<dyn Bind> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        (**self).to_sql_checked(ty, out)
    }
    fn accepts(_: &Type) -> bool {
        true // checked by the value itself, above
    }
    postgres_types::to_sql_checked!();
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
    ($t:ty, $name:literal) => {
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

/// Where statements run: a pooled connection, or a transaction on one.
pub trait Session: deadpool_postgres::GenericClient + Sync {
    const OPEN: &'static str;
    const CLOSE: &'static str;
    /// A failed statement leaves the session usable.
    const RETRY: bool;
    fn forget(&self, sql: &str);
}

impl Session for deadpool_postgres::Client {
    const OPEN: &'static str = "BEGIN READ ONLY;";
    const CLOSE: &'static str = "ROLLBACK";
    const RETRY: bool = true;
    fn forget(&self, sql: &str) {
        self.statement_cache.remove(sql, &[]);
    }
}

impl Session for deadpool_postgres::Transaction<'_> {
    const OPEN: &'static str = "SAVEPOINT search;";
    const CLOSE: &'static str = "ROLLBACK TO search; RELEASE search";
    const RETRY: bool = false;
    fn forget(&self, sql: &str) {
        self.statement_cache.remove(sql, &[]);
    }
}

/// Runs a statement through the statement cache. One that a migration made stale is prepared anew
/// and, outside transactions, run again.
pub async fn query<C: Session>(
    client: &C,
    sql: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    match client.query(&statement, params).await {
        Err(e) if stale(&e) => {
            client.forget(sql);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = client.prepare_cached(sql).await?;
            Ok(client.query(&statement, params).await?)
        }
        other => Ok(other?),
    }
}

/// The only row of a statement that always gives one.
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
    let statement = client.prepare_cached(sql).await?;
    match client.execute(&statement, params).await {
        Err(e) if stale(&e) => {
            client.forget(sql);
            if !C::RETRY {
                return Err(e.into());
            }
            let statement = client.prepare_cached(sql).await?;
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
        let statement = client.prepare_cached(sql).await?;
        let (opened, rows, closed) = future::join3(
            client.batch_execute(&open),
            client.query(&statement, params),
            client.batch_execute(C::CLOSE),
        )
        .await;
        opened?;
        match rows {
            Err(e) if again && stale(&e) => {
                client.forget(sql);
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
/// Prepared for a table that has changed since (0A000 from the plan cache), or gone from the server
/// (26000).
fn stale(e: &tokio_postgres::Error) -> bool {
    e.as_db_error().is_some_and(|d| match d.code().code() {
        "26000" => true,
        "0A000" => d.routine() == Some("RevalidateCachedQuery"),
        _ => false,
    })
}

/// A pool that probes each connection before it hands it out, so a server restart costs no failed
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

/// Compares the live table with what its code was generated for. Columns added since are no drift.
pub async fn verify<T: Table, C: Session>(client: &C) -> Result<()> {
    let sql = "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull \
               FROM pg_attribute \
               WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped";
    let rows = query(client, sql, &[&T::NAME]).await?;
    let mut differences = Vec::new();
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
    let table = T::NAME;
    Err(Error::SchemaDrift { table, differences })
}
