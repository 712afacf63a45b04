//! The nodes of a plan and their order.

mod base;
mod cycle;
mod edges;
mod inheritance;
mod inside;
mod key;
mod names;
mod nodes;
mod parts;
mod reference;

pub(in crate::plan) use base::Graph;
pub(in crate::plan) use key::Key;
pub(in crate::plan) use nodes::nodes;
pub(in crate::plan) use parts::{Edges, Nodes};
