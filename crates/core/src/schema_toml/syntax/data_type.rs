//! Types of columns as written.

use super::{At, Name};
use crate::diagnostic::Span;

/// A type as written, without the question mark.
#[derive(Debug)]
pub(crate) struct TypeSyntax {
    /// The SQL text.
    pub(crate) text: Name,
    /// Where it says that NULL is allowed, if it does.
    pub(crate) nullable: Option<Span>,
}

/// `text?` is a nullable `text`.
pub(super) fn split_question_mark(text: Name) -> TypeSyntax {
    match text.value.trim_end().strip_suffix('?') {
        Some(bare) => TypeSyntax {
            nullable: Some(text.span),
            text: At::new(bare.trim_end().to_owned(), text.span),
        },
        None => TypeSyntax { text, nullable: None },
    }
}
