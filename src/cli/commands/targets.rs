//! Targets as they are typed.

use crate::operations::Failure;
use crate::revision::target::Target;

/// What was typed as targets.
pub(super) fn parsed(targets: &[String]) -> Result<Vec<Target>, Failure> {
    let parsed: Result<_, _> = targets.iter().map(|it| Target::parse(it)).collect();
    Ok(parsed?)
}
