//! Conditions: the `WHERE` of lists, counts and searches, built from typed columns.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

use super::columns::ColumnInfo;
use super::params::Params;

/// A column that is NOT NULL.
#[derive(Debug, Clone, Copy)]
pub enum NotNull {}

/// A column that may be NULL.
#[derive(Debug, Clone, Copy)]
pub enum Nullable {}

/// Whether a column may be NULL.
pub trait Nullness {
    /// A column of this kind.
    const NOT_NULL: bool;
}

impl Nullness for NotNull {
    const NOT_NULL: bool = true;
}
impl Nullness for Nullable {
    const NOT_NULL: bool = false;
}

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

impl<R, T, N: Nullness> Column<R, T, N> {
    /// `name` is an identifier, quoted already where it needs quotes, `declared` its type as
    /// PostgreSQL prints it.
    pub const fn new(name: &'static str, declared: &'static str) -> Self {
        Self::of(ColumnInfo::new(name, declared))
    }

    /// A column that SQL has as `info`.
    pub const fn of(info: ColumnInfo) -> Self {
        let info = if N::NOT_NULL { info } else { info.nullable() };
        Column {
            info,
            of: PhantomData,
            holds: PhantomData,
        }
    }
}

impl<R, T, N> Column<R, T, N> {
    /// As SQL has it.
    pub const fn info(self) -> ColumnInfo {
        self.info
    }

    /// Its name in SQL.
    pub const fn name(self) -> &'static str {
        self.info.name
    }
}

impl<R, T: Bind, N> Column<R, T, N> {
    pub(super) fn op(self, op: &'static str, v: impl Into<T>) -> Cond<R> {
        Cond::of(vec![
            Piece::Column(self.info),
            Piece::Sql(op),
            Piece::Value(self.info, Arc::new(v.into())),
        ])
    }
    /// `=`
    pub fn eq(self, v: impl Into<T>) -> Cond<R> {
        self.op(" = ", v)
    }
    /// `IS DISTINCT FROM`: also rows where the column is NULL.
    pub fn ne(self, v: impl Into<T>) -> Cond<R> {
        self.op(" IS DISTINCT FROM ", v)
    }
    /// `<`
    pub fn lt(self, v: impl Into<T>) -> Cond<R> {
        self.op(" < ", v)
    }
    /// `<=`
    pub fn le(self, v: impl Into<T>) -> Cond<R> {
        self.op(" <= ", v)
    }
    /// `>`
    pub fn gt(self, v: impl Into<T>) -> Cond<R> {
        self.op(" > ", v)
    }
    /// `>=`
    pub fn ge(self, v: impl Into<T>) -> Cond<R> {
        self.op(" >= ", v)
    }
    /// `= ANY`, with one array parameter, so that any number of values is the same statement; but
    /// one parameter for each value if there is no array of them.
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

impl<R, N> Column<R, String, N> {
    /// `LIKE`: `%` stands for any characters, `_` for one, and `\\` is put before what stands for itself.
    pub fn like(self, pattern: impl Into<String>) -> Cond<R> {
        self.op(" LIKE ", pattern)
    }
    /// `ILIKE`: as `LIKE`, in upper or lower case.
    pub fn ilike(self, pattern: impl Into<String>) -> Cond<R> {
        self.op(" ILIKE ", pattern)
    }
    /// The text begins so.
    pub fn starts_with(self, text: &str) -> Cond<R> {
        self.like(format!("{}%", literally(text)))
    }
    /// The text has this in it, which an index of `pg_trgm` answers.
    pub fn contains(self, text: &str) -> Cond<R> {
        self.like(format!("%{}%", literally(text)))
    }
    /// As [`Self::contains`], in upper or lower case.
    pub fn icontains(self, text: &str) -> Cond<R> {
        self.ilike(format!("%{}%", literally(text)))
    }
}

/// A pattern of `LIKE` that only this text matches.
fn literally(text: &str) -> String {
    let mut pattern = String::new();
    for it in text.chars() {
        if matches!(it, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(it);
    }
    pattern
}

impl<R, T> Column<R, T, Nullable> {
    /// `IS NULL`
    pub fn is_null(self) -> Cond<R> {
        Cond::of(vec![Piece::Column(self.info), Piece::Sql(" IS NULL")])
    }
    /// `IS NOT NULL`
    pub fn is_not_null(self) -> Cond<R> {
        Cond::of(vec![Piece::Column(self.info), Piece::Sql(" IS NOT NULL")])
    }
}
#[derive(Debug, Clone)]
enum Piece {
    Sql(&'static str),
    Column(ColumnInfo),
    /// A value of a column's type.
    Value(ColumnInfo, Arc<dyn Bind>),
    /// An array of them.
    Values(ColumnInfo, Arc<dyn Bind>),
    /// A value of a type that the server infers.
    Bind(Arc<dyn Bind>),
}

/// A value that a condition can hold.
pub trait Bind: ToSql + Sync + Send + fmt::Debug + 'static {
    /// As a parameter.
    fn as_sql(&self) -> &(dyn ToSql + Sync);
}

impl<T: ToSql + Sync + Send + fmt::Debug + 'static> Bind for T {
    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        self
    }
}

/// A condition over table `R`. Its SQL contains only what was set (no `$1 IS NULL OR ..`), so each
/// shape is a separate statement, and the planner sees which indexes it can use.
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

/// `!filter`: the rows for which it is false, not those for which it is NULL.
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
    /// The rows that satisfy both.
    pub fn and(self, other: Self) -> Self {
        self.join(other, " AND ")
    }
    /// The rows that satisfy one of both.
    pub fn or(self, other: Self) -> Self {
        self.join(other, " OR ")
    }
    /// A condition without values, as SQL. The text must be a constant of the program.
    pub fn raw(text: &'static str) -> Self {
        // On lines of its own, for it may end in a comment.
        Cond::of(vec![Piece::Sql("("), Piece::Sql(text), Piece::Sql("\n)")])
    }
    /// A column with an operator and values of types that the server infers.
    pub(super) fn of_values<T, N>(
        column: Column<R, T, N>,
        rest: Vec<(&'static str, Arc<dyn Bind>)>,
    ) -> Self {
        let mut pieces = vec![Piece::Column(column.info)];
        for (sql, value) in rest {
            pieces.extend([Piece::Sql(sql), Piece::Bind(value)]);
        }
        Cond::of(pieces)
    }
    /// Any other condition: `?` is the next value, `??` a question mark. The text must be a constant
    /// of the program; columns have the prefix `d.`.
    ///
    /// # Panics
    /// If there are more or fewer values than question marks.
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
    pub(super) fn render<'a>(&'a self, alias: &str, sql: &mut String, params: &mut Params<'a>) {
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

/// Adds ` AND filter` to a statement.
pub(super) fn and_filter<'a, T>(
    filter: Option<&'a Cond<T>>,
    sql: &mut String,
    params: &mut Params<'a>,
) {
    if let Some(filter) = filter {
        sql.push_str(" AND ");
        filter.render("d", sql, params);
    }
}
