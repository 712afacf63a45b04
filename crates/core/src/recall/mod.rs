//! How many of the nearest rows a vector index finds, as numbers: what is measured with which settings, what
//! counts as found, and what is said of it.
//!
//! In: distances, times and plans that the shell reads from a server. Out: [`IndexRecall`], a report for people,
//! programs and as a drawing. Nothing here asks a server.

pub mod budget;
mod conclusion;
pub mod counting;
pub mod health;
pub mod ladder;
pub mod plan;
mod plot;
pub mod queries;
mod report;
pub mod settings;
pub mod statistics;
mod table;
mod trial;

pub use ladder::Setting;
pub use plot::svg;
pub use report::{IndexRecall, Ladder, Planner, Point, Problem, ProblemKind, Sample};
pub use trial::{Trial, points};
