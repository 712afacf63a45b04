//! What pgvector has: types, metrics, access methods with their parameters and settings, operator
//! classes, and the versions in which they came. From its README, its CHANGELOG and `sql/vector.sql`,
//! as of pgvector 0.8.
//!
//! Plain facts. What is made of them, a diagnostic, a default or a search, is said where it is made.

mod iterative_scan;
mod method;
mod metric;
mod opclass;
mod vector_type;

pub use iterative_scan::IterativeScan;
pub use method::{EF_CONSTRUCTION, LISTS, M, Parameter, VectorMethod};
pub use metric::Metric;
pub use opclass::{VectorOpclass, btree_opclass, is_opclass, opclasses, opclasses_named};
pub use vector_type::VectorType;

/// The name of the extension.
pub const EXTENSION: &str = "vector";

/// The version that brought `halfvec`, `sparsevec`, indexes of `bit`, and indexes by the metric L1.
const SMALL_TYPES: &str = "0.7.0";

/// The largest element of `halfvec`, which is that of half precision (README, "Half-Precision Vectors").
pub const LARGEST_HALF: u32 = 65_504;
