//! Errors of all functions.

use std::error::Error as StdError;
use std::fmt;

/// What all functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the conversions to and from PostgreSQL's types return.
pub type SqlResult<T> = std::result::Result<T, Box<dyn StdError + Sync + Send>>;

/// Why a function failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server refused a statement, or the connection failed.
    Postgres(tokio_postgres::Error),
    /// The pool has no connection.
    Pool(deadpool_postgres::PoolError),
    /// A statement that always returns a row returned none.
    NoRow,
    /// A value of the wrong length, detected before it is sent.
    Dimensions {
        /// The length of the column.
        expected: usize,
        /// The length of the value.
        actual: usize,
    },
    /// A vector that contains NaN or infinity, detected before it is sent.
    NotFinite {
        /// The place of the first such value, from 0.
        index: usize,
    },
    /// A bit string with a character other than 0 and 1.
    NotABit {
        /// The place of the first such character, from 0.
        index: usize,
    },
    /// A text that is no cursor of this list.
    NotACursor,
    /// A value of a row that its type in code has no value for: an enum label that was added after
    /// the code was generated, `infinity`, a NULL element of an array.
    Unreadable {
        /// The column, as the statement names it.
        column: String,
        /// What is wrong with the value.
        source: Box<dyn StdError + Sync + Send>,
    },
    /// The database differs from the one that the code was generated for.
    SchemaDrift {
        /// The table, qualified.
        table: &'static str,
        /// Each difference, for people.
        differences: Vec<String>,
    },
}

impl Error {
    /// The SQLSTATE, if the server sent one (PostgreSQL's manual, appendix A).
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

    /// Whether a value of the caller was rejected before it was sent: of a wrong length, NaN or
    /// infinite, no bit, or no cursor. A service answers with a status of 400 to 499.
    pub fn is_invalid_value(&self) -> bool {
        matches!(
            self,
            Error::Dimensions { .. }
                | Error::NotFinite { .. }
                | Error::NotABit { .. }
                | Error::NotACursor
        )
    }

    /// The same error, if it is about a value of the caller.
    fn of_value(&self) -> Option<Self> {
        match *self {
            Error::Dimensions { expected, actual } => Some(Error::Dimensions { expected, actual }),
            Error::NotFinite { index } => Some(Error::NotFinite { index }),
            Error::NotABit { index } => Some(Error::NotABit { index }),
            _ => None,
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
            Error::NoRow => f.write_str("the statement returned no row"),
            Error::Dimensions { expected, actual } => {
                write!(f, "expected {expected} dimensions, not {actual}")
            }
            Error::NotFinite { index } => {
                write!(f, "value {index} of the vector is NaN or infinite")
            }
            Error::NotABit { index } => {
                write!(f, "character {index} is neither 0 nor 1")
            }
            Error::NotACursor => f.write_str("the cursor is not one of this list"),
            Error::Unreadable { column, source } => write!(f, "column {column}: {source}"),
            Error::SchemaDrift { table, differences } => {
                let differences = differences.join("; ");
                write!(f, "{table} has changed: {differences}")
            }
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Postgres(e) => Some(e),
            Error::Pool(e) => Some(e),
            Error::Unreadable { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

/// A value that its own conversion rejected keeps its error: the driver wraps it, since it meets
/// the value only when it sends it.
impl From<tokio_postgres::Error> for Error {
    fn from(e: tokio_postgres::Error) -> Self {
        let own = e.source().and_then(|it| it.downcast_ref::<Error>());
        own.and_then(Error::of_value).unwrap_or(Error::Postgres(e))
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(e: deadpool_postgres::PoolError) -> Self {
        Error::Pool(e)
    }
}
