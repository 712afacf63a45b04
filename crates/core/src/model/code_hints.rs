//! The settings of a declaration for generated code and its searches. They are not part of the schema of a database.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::ident::{Ident, QualifiedName};
use super::object::ObjectId;
use super::pgvector::{IterativeScan, Metric};

/// What a declaration says of generated code, by the objects that it is said of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeHints {
    /// Of tables and views.
    pub tables: BTreeMap<QualifiedName, TableHints>,
    /// Of columns, by their ids.
    pub columns: BTreeMap<ObjectId, ColumnHints>,
    /// Of vector indexes, by their ids.
    pub indexes: BTreeMap<ObjectId, IndexHints>,
    /// Of enums.
    pub enums: BTreeMap<QualifiedName, EnumHints>,
    /// `[codegen] only` of the project: the parts of tables and views that say nothing themselves.
    pub only: Option<BTreeSet<CodePart>>,
}

/// A part of the code for a table, beside its rows and columns, which are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodePart {
    /// Rows by their keys, and pages of rows.
    Read,
    /// Searches of vectors and full text.
    Search,
    /// What a response holds.
    Wire,
    /// Inserts, updates and deletes, with their values.
    Write,
}

impl CodePart {
    /// The parts, by their names in settings.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("read", Self::Read),
        ("search", Self::Search),
        ("wire", Self::Wire),
        ("write", Self::Write),
    ];
}

/// What is said of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableHints {
    /// `model`: the name of its type.
    pub model: Option<String>,
    /// `codegen.module`: the name of its file.
    pub module: Option<String>,
    /// `codegen.skip`: no code for it.
    pub skip: bool,
    /// `codegen.only`: the parts of its code.
    pub only: Option<BTreeSet<CodePart>>,
    /// `codegen.key`: the columns that tell two rows of a view apart; empty where it is not said.
    pub key: Vec<Ident>,
    /// `codegen.order`: how `list_page` sorts; empty where it is not said.
    pub order: Vec<OrderHint>,
    /// `codegen.default_index`: the index that `nearest` uses.
    pub default_index: Option<Ident>,
}

/// A column that rows are sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderHint {
    /// The column.
    pub column: Ident,
    /// Whether the largest comes first.
    pub descending: bool,
}

/// What is said of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnHints {
    /// `attribute`: the name of its field.
    pub attribute: Option<String>,
    /// `codegen.list`: whether rows have it that are read many at a time.
    pub list: Option<bool>,
    /// `codegen.wire`: whether the type that goes over the wire has it.
    pub wire: Option<bool>,
    /// `codegen.rust_type`: the type of its field in Rust.
    pub rust_type: Option<String>,
    /// `codegen.python_type`: the type of its attribute in Python.
    pub python_type: Option<String>,
    /// `codegen.not_null`: whether this column of a view is never NULL.
    pub not_null: bool,
    /// `codegen.null_elements`: whether elements of the array may be NULL.
    pub null_elements: bool,
    /// `codegen.metric`: the distance of searches that no index says one for.
    pub metric: Option<Metric>,
}

/// What is said of a vector index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexHints {
    /// `ef_search` or `probes`: how far searches read it.
    pub effort: Option<u32>,
    /// `iterative_scan`: what a search does if too few of the rows that it found satisfy the filter.
    pub iterative_scan: Option<IterativeScan>,
    /// `recall`: what its searches must find.
    pub recall: Option<RecallBudget>,
}

/// What the searches of a vector index must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecallBudget {
    /// `k`: how many rows a search returns.
    pub k: u32,
    /// `at_least`: the recall.
    pub at_least: Share,
    /// `within`: the time of half of the searches.
    pub within: Option<Duration>,
}

/// A share from 0 to 1, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// Of a number as it is written; none of what is no number from 0 to 1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number: f64 = text.parse().ok().filter(|it| (0.0..=1.0).contains(it))?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most a million"
        )]
        let millionths = (number * 1e6).round() as u32;
        Some(Self(millionths))
    }

    /// As a number.
    #[must_use]
    pub fn number(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

/// What is said of an enum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnumHints {
    /// `model`: the name of its type.
    pub model: Option<String>,
    /// `codegen.open`: whether labels that are not known are kept as text.
    pub open: bool,
    /// `codegen.names`: the names of variants by their labels.
    pub names: BTreeMap<String, String>,
}
