//! The declaration: `schema.toml` to [`Schema`], and back.
//!
//! Texts of files go in; a [`Declaration`] comes out, or every mistake at once, sorted by place.
//! [`write`] is the way back, for `pull`. No file is opened and no database is asked here.
//!
//! # Names
//!
//! Names stand as the catalog stores them: case is kept, nothing is folded, no quotes are needed.
//! Only the names of tables, enums and sequences, and references to them, can have a namespace; it
//! is divided off by a dot, and a part that has a dot or a double quote itself stands in double
//! quotes: `[tables.users]`, `[tables."billing.invoices"]`, `[tables.'billing."Odd.Name"']`. What
//! has no namespace is in `public`.
//!
//! Types and expressions are SQL, so there an upper-case name needs its quotes: `type = '"Mood"'`.

mod builtin_opclasses;
mod builtin_types;
mod extensions;
mod lower;
mod names;
mod serial;
mod syntax;
mod vector_opclasses;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{self, Diagnostic, SourceFile, Span};
use crate::model::Schema;
use crate::model::declared::Hints;
use crate::model::ident::Ident;
use crate::model::object::ObjectId;

pub use write::write;

/// What `schema.toml` declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The objects as written: names resolved, defaults filled in, SQL text untouched.
    pub schema: Schema,
    /// How to get there from an older schema.
    pub hints: Hints,
    /// Where each object is declared.
    pub origins: BTreeMap<ObjectId, Span>,
    /// The namespaces that it names: `public` only if something is declared there, or nothing at
    /// all is.
    pub namespaces: BTreeSet<Ident>,
}

/// The globs of `include`, relative to the file. The other files are to be handed to [`parse`] after
/// this one.
///
/// # Errors
/// The mistakes that keep `include` from being read. All others are left to [`parse`].
pub fn includes(file: &SourceFile) -> Result<Vec<String>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let (document, whole) = syntax::read(std::slice::from_ref(file), &mut problems);
    if whole {
        Ok(document.include.into_iter().map(|it| it.value).collect())
    } else {
        Err(problems)
    }
}

/// Reads a declaration from its files; the first one is the main one.
///
/// # Errors
/// Every mistake, sorted by place.
pub fn parse(files: &[SourceFile]) -> Result<Declaration, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let (document, whole) = syntax::read(files, &mut problems);
    if whole {
        let declaration = lower::lower(&document, &mut problems);
        if problems.is_empty() {
            return Ok(declaration);
        }
    }
    diagnostic::sort(&mut problems);
    problems.dedup();
    Err(problems)
}
