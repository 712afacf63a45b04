//! The declaration: `schema.toml` to [`Schema`], and back.
//!
//! In: texts of files. Out: a [`Declaration`], or every mistake at once, sorted by location.
//! [`write()`] is the reverse, for `pull`. No file is opened and no database is used here.
//!
//! # Names
//!
//! Names are written as the catalog stores them: case is significant, and no quotes are needed. Only
//! the names of tables, enums and sequences, and references to them, can have a namespace, separated
//! by a dot; a part with a dot or a double quote is written in double quotes: `[tables.users]`,
//! `[tables."billing.invoices"]`, `[tables.'billing."Odd.Name"']`. A name without a namespace is in
//! `public`.
//!
//! Types and expressions are SQL, so there an upper-case name needs its quotes: `type = '"Mood"'`.
//! An omitted name (of a primary key, of `unique` or `references` of a column, of a sequence) is the one
//! that PostgreSQL would generate.
//!
//! The keys of each table are listed once, in `form`: reader, writer and [`json_schema`] use that list. Every section and
//! key has its example in `docs/schema-toml.md`, which a test reads.

mod builtin_opclasses;
mod builtin_types;
mod extensions;
mod foreign_types;
mod form;
mod json_schema;
mod lower;
mod names;
mod serial;
mod syntax;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{self, Diagnostic, SourceFile, Span};
use crate::model::Schema;
use crate::model::code_hints::CodeHints;
use crate::model::declared::Hints;
use crate::model::ident::Ident;
use crate::model::object::ObjectId;
use crate::model::provided::Provided;

pub use json_schema::json_schema;
pub use lower::follow_renames;
pub use write::{write, write_include, write_split};

/// The well-known extension that brings a type, an access method or an operator class.
#[must_use]
pub fn extension_of(name: &str) -> Option<&'static str> {
    let of_type = extensions::with_type(name).map(|it| it.name);
    of_type
        .or_else(|| extensions::with_method(name))
        .or_else(|| extensions::known_for_method(name))
        .or_else(|| extensions::of_opclass(name))
}

/// What `schema.toml` declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The objects as written: names resolved, defaults filled in, SQL text untouched.
    pub schema: Schema,
    /// Those of the objects that are there before any revision runs, and more that are.
    pub provided: Provided,
    /// How to get there from an older schema.
    pub hints: Hints,
    /// What is said of generated code.
    pub code: CodeHints,
    /// Where each object is declared.
    pub origins: BTreeMap<ObjectId, Span>,
    /// Where the SQL of an object begins that is in a file of its own.
    pub sources: BTreeMap<ObjectId, Span>,
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
    // Most files include nothing, and looking for the word is far cheaper than reading them twice.
    // A backslash counts as the word, for a key can be spelled with escapes.
    if !file.text.contains("include") && !file.text.contains('\\') {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let (document, whole) = syntax::read(std::slice::from_ref(file), &mut problems);
    if whole {
        Ok(document.include.into_iter().map(|it| it.value).collect())
    } else {
        Err(problems)
    }
}

/// The files with SQL that definitions are in, by paths relative to where the files given are
/// relative to. They are to be handed to [`parse`] after these. Mistakes are left to it.
#[must_use]
pub fn sql_files(files: &[SourceFile]) -> Vec<String> {
    if !files.iter().any(|it| it.text.contains("file") || it.text.contains('\\')) {
        return Vec::new();
    }
    let (document, _) = syntax::read(files, &mut Vec::new());
    lower::sql_files(&document, files)
}

/// What is declared as provided, whatever mistakes there are beside it: those are reported where the
/// whole declaration is needed.
#[must_use]
pub fn provided(files: &[SourceFile]) -> Provided {
    // Most declarations have nothing of the kind, and looking for the word is far cheaper than
    // reading them. A backslash counts as the word, for a key can be spelled with escapes.
    if !files.iter().any(|it| it.text.contains("provided") || it.text.contains('\\')) {
        return Provided::default();
    }
    let mut problems = Vec::new();
    let (document, _) = syntax::read(files, &mut problems);
    lower::lower(&document, files, &mut problems).provided
}

/// Reads a declaration from its files; the first one is the main one. Files whose names end in
/// `.sql` are those that definitions are in.
///
/// # Errors
/// Every mistake, sorted by place.
pub fn parse(files: &[SourceFile]) -> Result<Declaration, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let (document, whole) = syntax::read(files, &mut problems);
    if whole {
        let declaration = lower::lower(&document, files, &mut problems);
        if problems.is_empty() {
            return Ok(declaration);
        }
    }
    diagnostic::sort(&mut problems);
    problems.dedup();
    Err(problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::declared::TypeChange;
    use crate::model::expr::SqlExpr;

    #[track_caller]
    fn read(text: &str) -> Declaration {
        parse(&[SourceFile::new("schema.toml", text)]).expect("no mistake")
    }

    #[test]
    fn renames_point_from_the_new_to_the_old() {
        let declaration = read(
            r#"
            [enums]
            mood = { labels = [{ name = "good", renamed_from = "fine" }], renamed_from = "feeling" }
            [tables."app.users"]
            renamed_from = "people"
            columns.id = { type = "bigint", renamed_from = "uid", using = "uid::bigint" }
            columns.bio = { type = "text", on_change = "discard" }
            indexes.users_idx = { columns = ["id"], renamed_from = "people_idx" }
            checks.users_check = { expression = "id > 0", renamed_from = "people_check" }
            "#,
        );
        let shown = |(new, old): (&ObjectId, &ObjectId)| format!("{new} <- {old}");
        let renames: Vec<String> = declaration.hints.renames.iter().map(shown).collect();
        assert_eq!(
            renames,
            [
                "enum mood <- enum feeling",
                "table app.users <- table app.people",
                "column app.users.id <- column app.users.uid",
                "constraint users_check on app.users <- constraint people_check on app.users",
                "index app.users_idx <- index app.people_idx",
            ]
        );
        let labels: Vec<_> = declaration.hints.label_renames.iter().collect();
        assert_eq!((labels[0].0.1.as_str(), labels[0].1.as_str()), ("good", "fine"));
        let changes: Vec<_> = declaration.hints.type_changes.values().collect();
        assert_eq!(
            changes,
            [&TypeChange::Discard, &TypeChange::Using(SqlExpr::new("uid::bigint"))]
        );
    }

    #[test]
    fn every_object_has_its_place() {
        let text = "[tables.users]\nprimary_key = [\"id\"]\ncolumns.id = \"serial\"\n";
        let declaration = read(text);
        let places: Vec<String> = declaration
            .origins
            .iter()
            .map(|(id, span)| format!("{id}: {}", &text[span.range()]))
            .collect();
        assert_eq!(
            places,
            [
                "sequence users_id_seq: id",
                "table users: users",
                "column users.id: id",
                "constraint users_pkey on users: primary_key",
            ]
        );
    }

    #[track_caller]
    fn check_namespaces(text: &str, named: &[&str], in_schema: &[&str]) {
        use crate::model::object::{Object, ObjectKind};
        let declaration = read(text);
        let names: Vec<&str> = declaration.namespaces.iter().map(Ident::as_str).collect();
        assert_eq!(names, named);
        let all = declaration.schema.iter().filter_map(|(id, object)| {
            matches!(object, Object::Namespace(_)).then_some((id.kind, id.name.as_str()))
        });
        let expected: Vec<_> = in_schema.iter().map(|it| (ObjectKind::Namespace, *it)).collect();
        assert_eq!(all.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn namespaces_are_implied() {
        check_namespaces("", &["public"], &["public"]);
        check_namespaces("[tables.t]", &["public"], &["public"]);
        check_namespaces("[tables.\"app.t\"]", &["app"], &["app", "public"]);
        check_namespaces(
            "[tables.t]\n[enums]\n\"app.e\" = []",
            &["app", "public"],
            &["app", "public"],
        );
        check_namespaces(
            "[extensions]\nvector = { schema = \"extensions\" }",
            &["extensions"],
            &["extensions", "public"],
        );
        check_namespaces("[extensions]\nplpgsql = \"*\"", &["public"], &["public"]);
    }

    #[test]
    fn includes_are_found_beside_other_mistakes() {
        let file = SourceFile::new("schema.toml", "include = [\"a/*.toml\"]\nmistake = 1\n");
        assert_eq!(includes(&file), Ok(vec!["a/*.toml".to_owned()]));
        let broken = SourceFile::new("schema.toml", "include = [");
        assert!(includes(&broken).is_err());
    }
}
