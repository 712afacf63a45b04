//! Python: SQLAlchemy models, Pydantic types, and functions over asyncpg.

use super::blueprint::Blueprint;
use super::{CodegenError, Generated};

/// What is said of all Python code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonSettings {
    /// The declarative base of the models, as `package.module:Base`; none for one of our own.
    pub base: Option<String>,
}

pub(super) fn generate(
    blueprint: Blueprint,
    _settings: &PythonSettings,
) -> Result<Generated, Vec<CodegenError>> {
    Ok(Generated { files: Vec::new(), warnings: blueprint.warnings })
}
