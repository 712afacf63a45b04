//! Parameters of statements.

use tokio_postgres::types::ToSql;

/// Statement parameters in the order of their numbers.
#[derive(Default)]
pub struct Params<'a>(pub(super) Vec<&'a (dyn ToSql + Sync)>);

impl<'a> Params<'a> {
    /// No parameters.
    pub fn new() -> Self {
        Params(Vec::new())
    }
    /// Adds a value, and returns its number.
    pub fn push(&mut self, v: &'a (dyn ToSql + Sync)) -> usize {
        self.0.push(v);
        self.0.len()
    }
    /// The values, for the driver.
    pub fn as_slice(&self) -> &[&'a (dyn ToSql + Sync)] {
        &self.0
    }
}
