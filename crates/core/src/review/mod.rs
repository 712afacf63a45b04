//! What statements do to a database in use, and which of it is a hazard.
//!
//! In: [`ReviewedFile`]s, whose statements were run on a scratch database, with the facts that were read from
//! the server while they ran. Out: [`Hazard`]s. Nothing here runs anything: rules are functions of facts and
//! shapes. To add a rule, write its file in `rules/` and add its line to the table there.

pub mod allow;
mod context;
mod explain;
pub mod facts;
pub mod format;
pub mod hazard;
mod index_text;
mod judge;
pub mod measured_forms;
pub mod rule;
pub mod rules;
mod screen;
mod searches;
pub mod shape;
pub mod surroundings;
#[cfg(test)]
mod testing;
mod vectors;

pub use allow::{Pattern, Policy, Verdict, suggestion};
pub use explain::{explain, hazards_page};
pub use facts::{
    Facts, FactsSource, Footing, RelationKind, RelationLock, ReviewedFile, ReviewedStatement, Scan,
};
pub use hazard::{Allowance, Hazard, Severity};
pub use judge::judge;
pub use rule::Rule;
pub use screen::may_have_errors;
pub use shape::Shape;
pub use surroundings::{LongTransaction, Surroundings, TableSize};
