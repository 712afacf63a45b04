//! Conditions as SQL.

use super::Notes;
use crate::{Column, ColumnInfo, Cond, Nullable, Params};

const ID: Column<Notes, i64> = Column::new("id", "bigint");
const BODY: Column<Notes, String, Nullable> = Column::new("body", "text");
const PRICE: Column<Notes, String> = Column::of(ColumnInfo::new("price", "money").text("money"));
const MOOD: Column<Notes, String> =
    Column::of(ColumnInfo::new("mood", "feeling").compared("public.mood"));
const TAGS: Column<Notes, Vec<String>> =
    Column::of(ColumnInfo::new("tags", "text[]").whole("text[]"));

#[track_caller]
fn check(condition: &Cond<Notes>, expected: &str, values: usize) {
    let (mut sql, mut params) = (String::new(), Params::new());
    condition.render("d", &mut sql, &mut params);
    assert_eq!((sql.as_str(), params.as_slice().len()), (expected, values));
}

#[test]
fn conditions_contain_only_what_was_set() {
    check(&ID.eq(1), "d.id = $1", 1);
    check(&ID.ne(1), "d.id IS DISTINCT FROM $1", 1);
    check(
        &ID.ge(1).and(ID.lt(9)).or(BODY.is_null()),
        "((d.id >= $1 AND d.id < $2) OR d.body IS NULL)",
        2,
    );
    check(&!BODY.is_not_null(), "(NOT d.body IS NOT NULL)", 0);
}

#[test]
fn parameters_have_the_type_of_their_column() {
    check(&PRICE.eq("1"), "d.price = $1::text::money", 1);
    check(&MOOD.eq("ok"), "d.mood::public.mood = $1::public.mood", 1);
    check(&ID.is_in([1, 2, 3]), "d.id = ANY($1::bigint[])", 1);
    check(
        &PRICE.is_in(["1".to_string()]),
        "d.price = ANY($1::text[]::money[])",
        1,
    );
}

#[test]
fn values_without_an_array_are_single_parameters() {
    let tags = |it: &str| vec![it.to_string()];
    check(
        &TAGS.is_in([tags("a"), tags("b")]),
        "(((false\n) OR d.tags = $1::text[]) OR d.tags = $2::text[])",
        2,
    );
    check(&TAGS.is_in([]), "(false\n)", 0);
}

#[test]
fn question_marks_are_values_and_doubled_ones_are_themselves() {
    let condition = Cond::sql(
        "d.meta ?? ? OR d.id = ?",
        vec![Box::new("a"), Box::new(1_i64)],
    );
    check(&condition, "(d.meta ? $1 OR d.id = $2\n)", 2);
    check(
        &condition.clone().and(ID.eq(3)),
        "((d.meta ? $1 OR d.id = $2\n) AND d.id = $3)",
        3,
    );
}

#[test]
#[should_panic(expected = "a ? for each value")]
fn a_value_too_many_is_a_mistake_of_the_program() {
    let _ = Cond::<Notes>::sql("true", vec![Box::new(1)]);
}

#[test]
fn patterns_match_texts_literally() {
    check(&BODY.like("a_%"), "d.body LIKE $1", 1);
    check(&BODY.ilike("a%"), "d.body ILIKE $1", 1);
    for (condition, pattern) in [
        (BODY.starts_with(r"50%_\"), r"50\%\_\\%"),
        (BODY.contains("a"), "%a%"),
        (BODY.icontains("_"), r"%\_%"),
    ] {
        let (mut sql, mut params) = (String::new(), Params::new());
        condition.render("d", &mut sql, &mut params);
        assert_eq!(
            format!("{:?}", params.as_slice()[0]),
            format!("{pattern:?}")
        );
    }
}

#[cfg(feature = "jsonb")]
#[test]
fn jsonb_operators() {
    const META: Column<Notes, serde_json::Value> = Column::new("meta", "jsonb");
    check(
        &META.contains(serde_json::json!({"a": 1})),
        "d.meta @> $1",
        1,
    );
    check(&META.has_key("a"), "d.meta ? $1", 1);
    check(&META.text_eq("a", "b"), "d.meta ->> $1 = $2", 2);
}
