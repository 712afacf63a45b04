//! The runtime of the Rust code that aludel generates: what the modules of all tables use.
//!
//! Generated code has copies of these files in its directory `support`, so that it depends on
//! nothing of aludel's; with `[codegen.rust] runtime = "package"` it uses this crate instead. A
//! file is copied as it is, so it refers to the others as `super::…`, has no conditional
//! compilation, and its tests are in `tests`. This file is not copied: the generated `support.rs`
//! lists the files that a schema needs.
//!
//! | features | for |
//! | --- | --- |
//! | `jsonb` | conditions on `jsonb` |
//! | `vectors` | the types of pgvector |
//! | `vectors-serde` | these types in JSON |

/// Types that are parts of responses derive these traits. In a copy, generated code adds those of
/// `[codegen.rust] derives`.
macro_rules! wire {
    ($($item:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        $item
    )*};
}

#[macro_use]
#[allow(unused_macros, reason = "for generated code")]
mod macros;

mod bits;
mod bulk;
mod changing;
mod choice;
mod columns;
mod conditions;
mod cursors;
#[cfg(feature = "vectors")]
mod embedding;
#[cfg(feature = "vectors-serde")]
mod embedding_serde;
mod enums;
mod errors;
#[cfg(feature = "vectors")]
mod half_embedding;
#[cfg(feature = "vectors-serde")]
mod half_embedding_serde;
mod hybrid;
mod interval;
#[cfg(feature = "jsonb")]
mod jsonb;
mod local;
#[cfg(feature = "vectors")]
mod mmr;
mod nearest;
mod numeric;
mod pages;
mod params;
mod pool;
mod range;
mod reading;
mod rerank;
mod rows;
mod search;
mod selecting;
mod session;
mod settings;
#[cfg(feature = "vectors")]
mod sparse_embedding;
#[cfg(feature = "vectors-serde")]
mod sparse_embedding_serde;
mod table;
#[cfg(test)]
mod tests;
#[cfg(feature = "vectors")]
mod vectors;
mod verify;
mod watch;
mod writing;

pub use bits::*;
pub use bulk::*;
pub use changing::*;
pub use columns::*;
pub use conditions::*;
pub use cursors::*;
#[cfg(feature = "vectors")]
pub use embedding::*;
pub use enums::*;
pub use errors::*;
#[cfg(feature = "vectors")]
pub use half_embedding::*;
pub use hybrid::*;
pub use interval::*;
pub use local::*;
#[cfg(feature = "vectors")]
pub use mmr::*;
pub use nearest::*;
pub use numeric::*;
pub use pages::*;
pub use params::*;
pub use pool::*;
pub use range::*;
pub use reading::*;
pub use rerank::*;
pub use rows::*;
pub use search::*;
pub use selecting::*;
pub use session::*;
pub use settings::*;
#[cfg(feature = "vectors")]
pub use sparse_embedding::*;
pub use table::*;
#[cfg(feature = "vectors")]
pub use vectors::*;
pub use verify::*;
pub use watch::*;
pub use writing::*;
