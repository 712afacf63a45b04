//! Why work stopped.

use super::{Failure, RunError, ServerMessage};

/// Why work stopped, and whether it may be tried again.
pub(super) enum Stop {
    /// Others held a lock; what was done is undone.
    Retry(ServerMessage, Box<Failure>),
    /// It is over.
    Fail(RunError),
}

impl From<RunError> for Stop {
    fn from(error: RunError) -> Self {
        Self::Fail(error)
    }
}

impl Stop {
    /// What is to be said of it.
    pub(super) fn failure_mut(&mut self) -> Option<&mut Failure> {
        match self {
            Self::Retry(_, failure) | Self::Fail(RunError::Failed(failure)) => Some(failure),
            Self::Fail(_) => None,
        }
    }
}
