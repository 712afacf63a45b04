//! Statements as the directives above them want them run.

use super::directive::{Batches, DirectiveError, Meaning};
use super::split::ScriptStatement;

impl ScriptStatement {
    /// How it is cut into batches, if a directive above it says so.
    #[must_use]
    pub fn batches(&self) -> Option<Batches> {
        self.directives.iter().find_map(|it| match it.read() {
            Ok(Meaning::Batches(batches)) => Some(batches),
            Ok(Meaning::Allow) | Err(_) => None,
        })
    }

    /// The first mistake in its directives, and the line of that.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check_directives(&self) -> Result<(), (usize, DirectiveError)> {
        let mut batches = 0;
        for it in &self.directives {
            match it.read().map_err(|error| (it.line, error))? {
                Meaning::Batches(_) => batches += 1,
                Meaning::Allow => {}
            }
            if batches > 1 {
                return Err((it.line, DirectiveError::Repeated));
            }
        }
        Ok(())
    }
}
