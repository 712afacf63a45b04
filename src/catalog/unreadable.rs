//! Invalid text in a database without an encoding.
//!
//! A SQL_ASCII database accepts any byte (manual section 24.3.1), and a server does not send
//! invalid UTF-8 to a client with that encoding. The bytes are therefore read without conversion,
//! each run of invalid bytes is marked, and an object with a mark is listed as not managed,
//! together with the objects that depend on it. If the mark is in a comment, only the comment is
//! not managed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::Schema;
use crate::model::object::{Object, ObjectId};
use crate::model::snapshot::Dependencies;

/// Stands for bytes that are no text. PostgreSQL has no text with this character in it.
const MARK: char = '\0';

/// The mark in JSON.
const MARK_IN_JSON: &str = "\\u0000";

/// Bytes as text, with a mark for each run of bytes that is none.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(MARK);
        }
    }
    text
}

/// A name with a mark, for people.
pub(super) fn shown(name: &str) -> String {
    name.replace(MARK, "\u{fffd}")
}

/// Takes out what is marked, and gives its names.
pub(super) fn leave_out(schema: &mut Schema, dependencies: &Dependencies) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut gone = BTreeSet::new();
    let marked: Vec<Object> =
        schema.iter().map(|(_, it)| it).filter(|it| is_marked(it)).cloned().collect();
    for object in marked {
        let id = object.id();
        match without_comments(&object).filter(|it| !is_marked(it)) {
            Some(readable) => {
                names.insert(format!("comment on {id}"));
                schema.insert(readable);
            }
            None => {
                gone.insert(id);
            }
        }
    }
    spread(&mut gone, schema, dependencies);
    schema.retain(|id, _| !gone.contains(id));
    let top = gone.iter().filter(|it| it.parent().is_none_or(|it| !gone.contains(&it)));
    names.extend(top.map(ToString::to_string));
    names.iter().map(|it| shown(it)).collect()
}

/// Adds what belongs to the objects, and what needs them.
fn spread(gone: &mut BTreeSet<ObjectId>, schema: &Schema, dependencies: &Dependencies) {
    loop {
        let before = gone.len();
        let needs = dependencies.iter().filter(|(_, needed)| gone.contains(needed));
        let mut more: Vec<ObjectId> = needs.map(|(dependent, _)| dependent.clone()).collect();
        let hanging = schema.iter().filter(|(id, _)| {
            let owner = schema.owner(id).or_else(|| id.parent());
            owner.is_some_and(|it| gone.contains(&it))
        });
        more.extend(hanging.map(|(id, _)| id.clone()));
        gone.extend(more);
        if gone.len() == before {
            return;
        }
    }
}

fn is_marked(object: &Object) -> bool {
    serde_json::to_string(object).is_ok_and(|it| it.contains(MARK_IN_JSON))
}

/// The object without the comments that are marked.
fn without_comments(object: &Object) -> Option<Object> {
    let mut value = serde_json::to_value(object).ok()?;
    strip(&mut value);
    serde_json::from_value(value).ok()
}

fn strip(value: &mut Value) {
    let is_marked = |it: &Value| it.as_str().is_some_and(|it| it.contains(MARK));
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), &mut *field) {
                    ("comment", it) if is_marked(it) => *field = Value::Null,
                    ("column_comments", Value::Object(comments)) => {
                        comments.retain(|_, it| !is_marked(it));
                    }
                    (_, field) => strip(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::column::{Column, ColumnValue};
    use crate::model::expr::SqlExpr;
    use crate::model::ident::{Ident, QualifiedName};
    use crate::model::object::ObjectKind;
    use crate::model::pg_type::PgType;
    use crate::model::table::Table;

    #[test]
    fn each_run_of_bytes_that_is_no_text_is_marked_once() {
        assert_eq!(text("caf\u{e9}".as_bytes()), "caf\u{e9}");
        assert_eq!(text(b"caf\xe9"), "caf\0");
        assert_eq!(text(b"\xff\xfe-\xff"), "\0\0-\0");
    }

    #[test]
    fn a_comment_is_left_out_alone_and_an_object_with_what_needs_it() {
        let name = QualifiedName::new("public", "users");
        let mut schema = Schema::default();
        schema.insert(Table { comment: Some("caf\0".to_owned()), ..Table::new(name.clone()) });
        let column = |it: &str| {
            Column::new(name.clone(), Ident::new(it), 1, PgType::parse("text").expect("a type"))
        };
        schema.insert(column("plain"));
        let value = ColumnValue::Default(SqlExpr::new("'\0'::text"));
        schema.insert(Column { value, ..column("marked") });
        schema.insert(column("needing"));
        let id = |it: &str| ObjectId::child(ObjectKind::Column, &name, &Ident::new(it));
        let mut dependencies = Dependencies::default();
        dependencies.insert(id("needing"), id("marked"));

        let names = leave_out(&mut schema, &dependencies);
        let expected = ["column users.marked", "column users.needing", "comment on table users"]
            .map(String::from);
        assert!(names.iter().eq(&expected), "{names:?}");
        assert!(schema.contains(&id("plain")) && !schema.contains(&id("marked")));
        assert!(schema.table(&name).is_some_and(|it| it.comment.is_none()));
    }
}
