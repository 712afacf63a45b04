//! What statements do to a database in use, and which of it is a hazard.
//!
//! In: [`ReviewedFile`]s, whose statements were run on a scratch database, with the facts that were read from
//! the server while they ran. Out: [`Hazard`]s. Nothing here runs anything: rules are functions of facts and
//! shapes.

pub mod facts;
pub mod hazard;

pub use facts::{
    Facts, FactsSource, Footing, RelationKind, RelationLock, ReviewedFile, ReviewedStatement, Scan,
};
pub use hazard::{Allowance, Hazard, Severity};
