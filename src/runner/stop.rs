//! Why work stopped.

use super::{RunError, RunFailure, ServerMessage};

/// Why work stopped, and whether it may be tried again.
pub(super) enum Stop {
    /// Others held a lock; what was done is undone.
    Retry(ServerMessage, Box<RunFailure>),
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
    pub(super) fn failure_mut(&mut self) -> Option<&mut RunFailure> {
        match self {
            Self::Retry(_, failure) | Self::Fail(RunError::Failed(failure)) => Some(failure),
            Self::Fail(_) => None,
        }
    }
}
