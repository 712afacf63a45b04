//! A command together with what it needs: made in one place, `commands::job`.

use std::pin::Pin;

use crate::operations::Failure;

use super::needs::Needs;
use super::ui::Ui;
use super::{Context, Outcome};

/// How a command ends.
type Ended = Result<Outcome, Failure>;

/// A command with its arguments.
pub(super) enum Job<'a> {
    /// It needs no project.
    Alone(Box<dyn FnOnce(Ui) -> Ended + 'a>),
    /// It works on a project, and perhaps on a database.
    OnProject {
        /// What it needs before it runs.
        needs: Needs,
        /// What it does.
        run: Box<dyn FnOnce(&'a Context) -> Work<'a> + 'a>,
    },
}

/// A command that is running.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Ended> + 'a>>;

impl<'a> Job<'a> {
    /// A command that needs no project.
    pub(super) fn alone(run: impl FnOnce(Ui) -> Ended + 'a) -> Self {
        Self::Alone(Box::new(run))
    }

    /// A command on a project.
    pub(super) fn new<A, W: Future<Output = Ended> + 'a>(
        needs: Needs,
        args: &'a A,
        run: impl FnOnce(&'a Context, &'a A) -> W + 'a,
    ) -> Self {
        Self::OnProject { needs, run: Box::new(move |context| Box::pin(run(context, args))) }
    }

    /// A command on a project that waits for nothing.
    pub(super) fn at_once<A>(
        needs: Needs,
        args: &'a A,
        run: impl FnOnce(&'a Context, &'a A) -> Ended + 'a,
    ) -> Self {
        Self::new(needs, args, async move |context, args| run(context, args))
    }
}
