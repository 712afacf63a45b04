//! Values and their binary forms.

use std::fmt::Debug;

use bytes::BytesMut;
use tokio_postgres::types::{FromSqlOwned, ToSql, Type};

use crate::{Bits, Bound, Error, Interval, Numeric, PgEnum, Range, read_label, write_label};

#[track_caller]
fn travels<T: ToSql + FromSqlOwned + PartialEq + Debug>(ty: &Type, value: &T) -> Vec<u8> {
    let mut out = BytesMut::new();
    value.to_sql(ty, &mut out).unwrap();
    assert_eq!(&T::from_sql(ty, &out).unwrap(), value);
    out.to_vec()
}

#[test]
fn bits_have_a_length() {
    let bits: Bits<10> = "1100000001".parse().unwrap();
    assert_eq!(travels(&Type::BIT, &bits), [0, 0, 0, 10, 0xc0, 0x40]);
    assert_eq!(bits.to_string(), "1100000001");
    assert_eq!(bits.iter().filter(|it| *it).count(), 3);
    let short = Bits::<10>::new(&[true]).unwrap_err();
    assert!(matches!(
        short,
        Error::Dimensions {
            expected: 10,
            actual: 1
        }
    ));
    let wrong = "11000000x1".parse::<Bits<10>>().unwrap_err();
    assert!(matches!(wrong, Error::NotABit { index: 8 }));
    assert!(Bits::<9>::from_sql_bytes(&[0, 0, 0, 10, 0xc0, 0x40]).is_err());
}

impl<const N: usize> Bits<N> {
    fn from_sql_bytes(raw: &[u8]) -> crate::SqlResult<Self> {
        tokio_postgres::types::FromSql::from_sql(&Type::BIT, raw)
    }
}

#[test]
fn intervals_keep_their_parts() {
    let interval = Interval {
        months: -1,
        days: 40,
        micros: 5,
    };
    assert_eq!(travels(&Type::INTERVAL, &interval).len(), 16);
}

#[test]
fn numbers_are_texts() {
    assert_eq!(travels(&Type::TEXT, &Numeric::from("1e-30")), b"1e-30");
}

#[test]
fn ranges_have_bounds() {
    travels(&Type::INT4_RANGE, &Range::<i32>::Empty);
    let (lower, upper) = (Bound::Inclusive(1), Bound::Unbounded);
    assert_eq!(
        travels(&Type::INT4_RANGE, &Range::Of { lower, upper }),
        [0x12, 0, 0, 0, 4, 0, 0, 0, 1]
    );
    let (lower, upper) = (Bound::Exclusive(1), Bound::Inclusive(9));
    travels(&Type::INT4_RANGE, &Range::Of { lower, upper });
    // Cut off within a bound.
    let cut = <Range<i32> as tokio_postgres::types::FromSql>::from_sql(
        &Type::INT4_RANGE,
        &[0x12, 0, 0, 0, 4, 0],
    );
    assert!(cut.is_err());
}

#[derive(Debug, PartialEq)]
struct Draft;

impl PgEnum for Draft {
    const NAME: &'static str = "status";

    fn label(&self) -> &str {
        "draft"
    }

    fn of_label(label: &str) -> Option<Self> {
        (label == "draft").then_some(Draft)
    }
}

#[test]
fn unknown_labels_are_named() {
    let mut out = BytesMut::new();
    write_label(&Draft, &mut out).unwrap();
    assert_eq!(read_label::<Draft>(&out).unwrap(), Draft);
    let error = read_label::<Draft>(b"archived").unwrap_err().to_string();
    assert_eq!(
        error,
        "label \"archived\" was added to enum status after this code was generated"
    );
}
