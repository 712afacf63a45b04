//! Searches by distance: metrics, methods, and what was found.

use std::fmt::Write as _;

use tokio_postgres::Row;

use super::conditions::{Cond, and_filter};
use super::errors::Result;
use super::params::Params;
use super::rows::{FromColumns, read};
use super::table::Table;

/// A metric of pgvector. Smaller distances are closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The Euclidean distance, `<->`.
    L2,
    /// The negative inner product, `<#>`.
    InnerProduct,
    /// The cosine distance, from 0 to 2, `<=>`.
    Cosine,
    /// The taxicab distance, `<+>`.
    L1,
    /// How many bits differ, `<~>`.
    Hamming,
    /// The Jaccard distance of bits, from 0 to 1, `<%>`.
    Jaccard,
}

impl Metric {
    /// Its operator.
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

    /// A distance as a similarity: a larger one is closer.
    pub fn similarity(self, distance: f64) -> f64 {
        match self {
            Metric::Cosine | Metric::Jaccard => 1.0 - distance,
            _ => -distance,
        }
    }
}

/// How a search finds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By an HNSW index.
    Hnsw,
    /// By an IVFFlat index.
    Ivfflat,
    /// Without an index: every row is compared.
    Exact,
}

impl Indexed {
    /// How far the index is read, of the settings of both methods.
    pub(super) fn effort(&self, ef_search: Option<u32>, probes: Option<u32>) -> Option<u32> {
        match self.method {
            Method::Hnsw => ef_search,
            Method::Ivfflat => probes,
            Method::Exact => None,
        }
    }
}

/// A search as SQL has it.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// The column, quoted where it needs quotes.
    pub column: &'static str,
    /// The operator of the index.
    pub operator: &'static str,
    /// How it finds its rows.
    pub index: Indexed,
    /// Whether the column can be NULL; such rows are not found.
    pub nullable: bool,
}

/// How a search finds its rows, and what reading them costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexed {
    /// The access method of the index.
    pub method: Method,
    /// The size of a value in bytes.
    pub bytes: u32,
    /// `m` of an HNSW index: with fewer edges it needs more candidates. 16 by default.
    pub m: u16,
}

impl Search {
    pub(super) fn distance(&self, query: &str) -> String {
        format!("d.{} {} {query}", self.column, self.operator)
    }

    pub(super) fn conditions<'a, T>(
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

/// A row that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<T> {
    /// The row.
    pub row: T,
    /// Its distance from the query, in the unit of the metric.
    pub distance: f64,
}

pub(super) fn hit<T: Table>(row: &Row) -> Result<Hit<T::Light>> {
    Ok(Hit {
        row: read::<T::Light>(row)?,
        distance: row.try_get(T::Light::WIDTH)?,
    })
}

/// Names for the columns of a light row and its distance: a column can be named `distance`, too.
pub(super) fn near_columns(width: usize) -> String {
    let light: String = (0..width).map(|i| format!("c{i}, ")).collect();
    light + "distance"
}
