//! A value of every type, NULL in every type, and defaults, against a real server.
//! `EVERY_TYPE_URL` names a database that has the tables and nothing in them.

use generated::every_type::composites::Address;
use generated::every_type::enums::{Mood, OpenMood};
use generated::every_type::support::{self, Bound, Interval, Range};
use generated::every_type::{required, values};
use required::{NewRequired, RequiredPatch};
use values::{NewValue, Value};

fn url() -> String {
    std::env::var("EVERY_TYPE_URL").expect("EVERY_TYPE_URL names the database")
}

fn range<T>(lower: T, upper: T) -> Range<T> {
    Range::Of {
        lower: Bound::Inclusive(lower),
        upper: Bound::Exclusive(upper),
    }
}

/// A value in every column.
fn full() -> NewValue {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let at: chrono::DateTime<chrono::Utc> = "2026-01-02T03:04:05.678901Z".parse().unwrap();
    NewValue {
        a_bool: Some(true),
        a_smallint: Some(-2),
        an_integer: Some(i32::MIN),
        an_oid: Some(u32::MAX),
        a_real: Some(0.1),
        a_double: Some(-0.1),
        a_numeric: Some("-12345.6789".parse().unwrap()),
        a_wide_numeric: Some("123456789012345678901234567890.123456789".into()),
        a_money: Some("$1,234.50".into()),
        a_text: Some("a \"quoted\" \\ ü\n".into()),
        a_varchar: Some("varchar".into()),
        a_char: Some("ab ".into()),
        a_name: Some("a_name".into()),
        a_byte: Some(65),
        a_bytea: Some(vec![0, 1, 255]),
        a_date: Some(day("2026-11-24")),
        a_time: Some("23:59:59.999999".parse().unwrap()),
        a_timetz: Some("12:00:00+02".into()),
        a_timestamp: Some(at.naive_utc()),
        a_timestamptz: Some(at),
        an_interval: Some(Interval {
            months: 14,
            days: -3,
            micros: 1_000_001,
        }),
        a_uuid: Some(uuid::Uuid::from_u128(5)),
        a_json: Some(serde_json::json!({"b": 1, "a": null})),
        a_jsonb: Some(serde_json::Value::Null),
        an_inet: Some("10.1.2.3/8".parse().unwrap()),
        a_cidr: Some("10.0.0.0/8".parse().unwrap()),
        a_macaddr: Some("08:00:2b:01:02:03".parse().unwrap()),
        a_macaddr8: Some("08:00:2b:01:02:03:04:05".into()),
        a_bit: Some("101010101".parse().unwrap()),
        a_varbit: Some("1011".into()),
        a_vector: Some([1.0, 2.0, 3.0].into()),
        a_halfvec: Some([0.5, -2.0, 0.25].into()),
        a_sparsevec: Some([0.0, 7.0, 0.0].into()),
        a_free_vector: Some(vec![1.0, 2.0].into()),
        an_int4range: Some(range(1, 5)),
        an_int8range: Some(Range::Empty),
        a_numrange: Some("[1.5,2.5)".into()),
        a_daterange: Some(Range::Of {
            lower: Bound::Inclusive(day("2026-01-01")),
            upper: Bound::Unbounded,
        }),
        a_tsrange: Some(range(at.naive_utc(), at.naive_utc() + chrono::Days::new(1))),
        a_tstzrange: Some(range(at, at + chrono::Days::new(1))),
        a_multirange: Some("{[1,3),[7,8)}".into()),
        a_tsvector: Some("'bear':1 'fox':2".into()),
        a_tsquery: Some("'bear' & 'fox'".into()),
        // The server of the tests has no libxml.
        an_xml: None,
        a_point: Some((1.5, -2.0).into()),
        a_box: Some(geo_types::Rect::new((0.0, 0.0), (1.0, 2.0))),
        a_path: Some(vec![(0.0, 0.0), (1.0, 1.0)].into()),
        a_circle: Some("<(1,2),3>".into()),
        a_mood: Some(Mood::N2ndThoughts),
        an_open_mood: Some(OpenMood::Known),
        an_email: Some("a@b".into()),
        an_address: Some(Address {
            street: Some("Long \"Road\", (1)".into()),
            number: None,
            mood: Some(Mood::Happy),
        }),
        texts: Some(vec!["a".into(), "b,\"c\"".into()]),
        integers: Some(vec![]),
        moods: Some(vec![Mood::Sad, Mood::SoSo]),
        tags: Some(vec!["x".into()]),
        moneys: Some(vec!["$1.00".into(), "$2.00".into()]),
        gappy: Some(vec![Some("a".into()), None]),
        secret: Some("s".into()),
        hidden: Some("h".into()),
    }
}

/// What comes back is what went in.
fn check(row: &Value) {
    let new = full();
    macro_rules! same {
        ($($field:ident)*) => {
            $(assert_eq!(row.$field, new.$field, stringify!($field));)*
        };
    }
    same!(a_bool a_smallint an_integer an_oid a_real a_double a_numeric a_wide_numeric a_money);
    same!(a_text a_varchar a_char a_name a_byte a_bytea a_date a_time a_timetz a_timestamp);
    same!(a_timestamptz an_interval a_uuid a_json a_jsonb an_inet a_cidr a_macaddr a_macaddr8);
    same!(a_bit a_varbit an_int4range an_int8range a_numrange a_daterange a_tsrange a_tstzrange);
    same!(a_multirange a_tsquery an_xml a_point a_box a_path a_circle a_mood an_open_mood);
    same!(an_email an_address texts integers moods tags moneys gappy hidden);
}

#[tokio::test]
async fn all_of_them() {
    let pool = support::pool(url().parse().unwrap(), 2).unwrap();
    let mut db = pool.get().await.unwrap();
    values::verify(&db).await.unwrap();
    required::verify(&db).await.unwrap();

    let row = values::insert(&db, &full()).await.unwrap();
    check(&row);
    let vectors = values::get_full(&db, row.id).await.unwrap().unwrap();
    assert_eq!(
        (vectors.a_vector, vectors.a_halfvec),
        (full().a_vector, full().a_halfvec)
    );
    assert_eq!(
        (vectors.a_sparsevec, vectors.secret),
        (full().a_sparsevec, full().secret)
    );
    assert_eq!(vectors.a_free_vector, full().a_free_vector);

    let empty = values::insert(&db, &NewValue::default()).await.unwrap();
    assert_eq!((empty.a_text.as_ref(), empty.moods.as_ref()), (None, None));
    let filter = values::col::A_TEXT
        .is_null()
        .and(values::col::AN_ADDRESS.is_null());
    assert_eq!(values::count(&db, Some(&filter)).await.unwrap(), 1);
    assert_eq!(
        values::insert_many(&mut db, &[full(), NewValue::default()])
            .await
            .unwrap(),
        2
    );
    let page = values::list_page(&db, 10, None, None).await.unwrap();
    check(&page.items[2]);

    // Filters by types that go as text, by domains, and by enums.
    for filter in [
        values::col::A_MONEY.eq("$1,234.50"),
        values::col::A_MONEY.is_in(["$1,234.50".into(), "$0".into()]),
        values::col::AN_EMAIL.eq("a@b"),
        values::col::AN_EMAIL.is_in(["a@b".into()]),
        values::col::A_MOOD.is_in([Mood::N2ndThoughts]),
        values::col::MONEYS.eq(["$1.00".to_owned(), "$2.00".to_owned()]),
        values::col::TAGS.eq(["x".to_owned()]),
        values::col::A_WIDE_NUMERIC.gt("123456789012345678901234567890"),
        values::col::A_VECTOR.eq([1.0, 2.0, 3.0]),
        values::col::A_UUID.ge(uuid::Uuid::from_u128(5)),
    ] {
        let found = values::count(&db, Some(&filter)).await.unwrap();
        assert_eq!(found, 2, "{filter:?}");
    }

    // A label that was added since this code was generated.
    let other = pool.get().await.unwrap();
    other
        .batch_execute("ALTER TYPE open_mood ADD VALUE IF NOT EXISTS 'new'")
        .await
        .unwrap();
    other
        .batch_execute("UPDATE values SET an_open_mood = 'new'")
        .await
        .unwrap();
    let row = values::get(&db, row.id).await.unwrap().unwrap();
    assert_eq!(row.an_open_mood, Some(OpenMood::Other("new".into())));
    let wire = serde_json::to_value(values::ValueDto::from(row)).unwrap();
    assert_eq!(
        (&wire["an_open_mood"], &wire["a_mood"]),
        (&"new".into(), &"2nd thoughts".into())
    );
    assert!(wire.get("hidden").is_none() && wire.get("a_vector").is_none());

    let until = range("2026-01-01".parse().unwrap(), "2027-01-01".parse().unwrap());
    let new = NewRequired::new(
        "1.25".parse().unwrap(),
        "$3.00",
        "a@b",
        vec!["t".into()],
        support::Numeric::from("0.5"),
        until,
        serde_json::json!([]),
    );
    let row = required::insert(&db, &new).await.unwrap();
    assert_eq!((row.mood, row.note.as_deref()), (Mood::Happy, Some("none")));
    let all = [
        NewRequired {
            id: Some(99),
            note: Some(None),
            ..new.clone()
        },
        NewRequired {
            mood: Some(Mood::Sad),
            ..new.clone()
        },
    ];
    assert_eq!(required::insert_many(&mut db, &all).await.unwrap(), 2);
    assert_eq!(required::get(&db, 99).await.unwrap().unwrap().note, None);
    assert_eq!(
        required::get_full(&db, 99).await.unwrap().unwrap().twice,
        198
    );
    let patch = RequiredPatch {
        price: Some("2.50".parse().unwrap()),
        amount: Some("$4.00".into()),
        tags: Some(vec![]),
        ..Default::default()
    };
    let row = required::update(&db, 99, &patch).await.unwrap().unwrap();
    assert_eq!(
        (row.price, row.amount.as_str()),
        ("2.50".parse().unwrap(), "$4.00")
    );
    let bad = RequiredPatch {
        email: Some("nothing".into()),
        ..Default::default()
    };
    let error = required::update(&db, 99, &bad).await.unwrap_err();
    assert!(error.violates("email_check"), "{error}");
    let found = required::get_many(&db, &[99, 98, row.id]).await.unwrap();
    assert_eq!(found.len(), 2);
    db.batch_execute("TRUNCATE values, required RESTART IDENTITY")
        .await
        .unwrap();
}
