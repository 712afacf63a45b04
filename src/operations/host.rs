//! Who called: is told what happens, and is asked.

use std::io;

use crate::runner::Progress;

/// What is told while an operation works, beside its report.
#[derive(Debug)]
pub enum Message<'a> {
    /// Something beside the data.
    Note(&'a str),
    /// Something that may be wrong.
    Warning(&'a str),
    /// What to do about it.
    Hint(&'a str),
    /// Where a run of revisions is.
    Progress(&'a Progress<'a>),
}

/// Who called an operation.
pub trait Host: Send + Sync {
    /// Is told something.
    fn tell(&self, message: &Message<'_>);

    /// Is asked for a yes or a no; None where nobody can answer.
    ///
    /// # Errors
    /// When the answer cannot be read.
    fn confirm(&self, question: &str) -> io::Result<Option<bool>> {
        let _ = question;
        Ok(None)
    }
}

/// A host that listens to nothing and answers nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Host for Silent {
    fn tell(&self, _: &Message<'_>) {}
}
