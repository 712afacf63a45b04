//! Why no code can be generated, and what was generated that deserves a look.

use crate::model::object::ObjectId;

/// Something about an object that stands in the way of code for it.
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
