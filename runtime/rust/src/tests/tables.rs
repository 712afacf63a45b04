//! Tables that are declared by the macros.

use super::{NewNote, Note, NoteFull, NotePatch, Notes};
use crate::pages::is_after;
use crate::{ColumnInfo, FromColumns, New, Table};

#[test]
fn rows_are_selected_by_their_fields() {
    assert_eq!(Note::selected(), "d.id, d.body");
    assert_eq!(NoteFull::selected(), "d.id, d.body, d.price::text, d.type");
    assert_eq!((Note::WIDTH, NoteFull::WIDTH), (2, 4));
}

#[test]
fn columns_are_what_their_constants_say() {
    let [id, price, body, kind] = Notes::COLUMNS else {
        panic!("four columns")
    };
    assert_eq!((id.ty, id.not_null), ("bigint", true));
    assert_eq!(
        (body.declared, body.ty),
        ("character varying(50)", "character varying")
    );
    assert_eq!((price.declared, price.not_null), ("money", false));
    assert_eq!(kind.name, "type");
    assert_eq!(
        ColumnInfo::new("\"a \"\"b\"", "integer").bare_name(),
        "a \"b"
    );
}

#[test]
fn what_is_given_is_written() {
    let mut new = NewNote::new("a");
    assert_eq!(new.given().columns, [2, 1]);
    new.id = Some(1);
    new.r#type = Some(None);
    assert_eq!(new.given().columns, [0, 2, 1, 3]);
    let mut patch = NotePatch::default();
    assert!(patch.given().columns.is_empty());
    patch.price = Some(None);
    assert_eq!(patch.given().columns, [1]);
}

#[test]
fn pages_begin_behind_a_position() {
    let (id, mood) = (
        Notes::KEY[0],
        ColumnInfo::new("mood", "feeling").compared("public.mood"),
    );
    assert_eq!(is_after(&[(id, false)]), "d.id > $1");
    assert_eq!(
        is_after(&[(mood, true), (id, true)]),
        "(d.mood::public.mood, d.id) < ($1::public.mood, $2)"
    );
    assert_eq!(
        is_after(&[(mood, true), (id, false)]),
        "(d.mood::public.mood < $1::public.mood OR d.mood::public.mood = $1::public.mood AND d.id > $2)"
    );
}
