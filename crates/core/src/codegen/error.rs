//! Why code cannot be generated, and warnings about generated code.

use crate::model::object::ObjectId;

/// Why code cannot be generated for an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CodegenError {
    /// The object.
    pub object: ObjectId,
    /// What is wrong; begins in lower case, has no final stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Something about an object that its code cannot hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodegenWarning {
    /// The object.
    pub object: ObjectId,
    /// What it is; begins in lower case, has no final stop.
    pub message: String,
}
