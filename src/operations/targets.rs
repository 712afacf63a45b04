//! Targets as they are typed.

use crate::revision::target::Target;

use super::failure::Failure;

/// Reads targets: `head`, `+1`, `base`, the beginning of an id.
pub(crate) fn parsed<T: AsRef<str>>(targets: &[T]) -> Result<Vec<Target>, Failure> {
    let parsed: Result<_, _> = targets.iter().map(|it| Target::parse(it.as_ref())).collect();
    Ok(parsed?)
}
