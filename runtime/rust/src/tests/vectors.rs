//! Vectors, and maximal marginal relevance.

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, FromSqlOwned, Kind, ToSql, Type};

use crate::{Embedding, Error, HalfEmbedding, SparseEmbedding, Values, mmr};

fn of(name: &str) -> Type {
    Type::new(name.to_string(), 0, Kind::Simple, "public".to_string())
}

#[track_caller]
fn travels<T: ToSql + FromSqlOwned + PartialEq + std::fmt::Debug>(ty: &Type, value: &T) {
    assert!(<T as ToSql>::accepts(ty) && <T as FromSql>::accepts(ty));
    let mut out = BytesMut::new();
    value.to_sql(ty, &mut out).unwrap();
    assert_eq!(&T::from_sql(ty, &out).unwrap(), value);
}

#[test]
fn vectors_travel_in_binary() {
    travels(&of("vector"), &Embedding::from([1.5, -2.0]));
    travels(&of("halfvec"), &HalfEmbedding::from([1.5, -2.0]));
    travels(&of("sparsevec"), &SparseEmbedding::from([0.0, 1.5, 0.0]));
    assert!(!<Embedding<2> as ToSql>::accepts(&Type::TEXT));
}

#[test]
fn another_length_is_an_error() {
    let error = Embedding::<3>::new(vec![1.0]).unwrap_err();
    assert!(matches!(
        error,
        Error::Dimensions {
            expected: 3,
            actual: 1
        }
    ));
    let mut out = BytesMut::new();
    Embedding::from([1.0, 2.0])
        .to_sql(&of("vector"), &mut out)
        .unwrap();
    let read = <Embedding<3> as FromSql>::from_sql(&of("vector"), &out);
    assert_eq!(
        read.unwrap_err().to_string(),
        "expected 3 dimensions, not 2"
    );
    let beyond = SparseEmbedding::<3>::from_entries([(3, 1.0)]).unwrap_err();
    assert!(matches!(
        beyond,
        Error::Dimensions {
            expected: 3,
            actual: 4
        }
    ));
}

#[test]
fn values_that_are_not_finite_are_rejected_before_they_are_sent() {
    let nan = Embedding::<2>::new(vec![0.0, f32::NAN]).unwrap_err();
    assert!(matches!(nan, Error::NotFinite { index: 1 }));
    let large = HalfEmbedding::<1>::new(vec![65520.0]).unwrap_err();
    assert!(matches!(large, Error::NotFinite { index: 0 }));
    let sparse = SparseEmbedding::<9>::from_entries([(5, f32::INFINITY)]).unwrap_err();
    assert!(matches!(sparse, Error::NotFinite { index: 5 }));
    let sent = Embedding::from([f32::INFINITY]).to_sql(&of("vector"), &mut BytesMut::new());
    let own = sent.err().unwrap();
    assert!(matches!(
        own.downcast_ref(),
        Some(Error::NotFinite { index: 0 })
    ));
}

#[test]
fn logs_show_four_values() {
    let text = format!("{:?}", Embedding::from([0.0; 5]));
    assert_eq!(text, "Embedding<5>([0.0, 0.0, 0.0, 0.0], ..)");
    let text = format!("{:?}", SparseEmbedding::from([0.0, 2.0]));
    assert_eq!(text, "SparseEmbedding<2>([(1, 2.0)])");
}

#[cfg(feature = "vectors-serde")]
#[test]
fn in_json_vectors_are_numbers() {
    let json = |it: &str| it.to_string();
    let sent = serde_json::to_string(&HalfEmbedding::from([0.5, 1.0])).unwrap();
    assert_eq!(sent, json("[0.5,1.0]"));
    let read: SparseEmbedding<2> = serde_json::from_str("[0, 1]").unwrap();
    assert_eq!(read.into_vec(), [0.0, 1.0]);
    let error = serde_json::from_str::<Embedding<2>>("[1e39, 0]").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("value 0 of the vector is NaN or infinite"),
        "{error}"
    );
}

#[test]
fn lambda_weighs_closeness_against_variety() {
    let query = [1.0, 0.0];
    let near = [[1.0, 0.0], [0.99, 0.01], [0.0, 1.0]];
    assert_eq!(mmr(&query, &near, 2, 1.0), [0, 1]);
    assert_eq!(mmr(&query, &near, 2, 0.1), [0, 2]);
    assert_eq!(mmr(&query, &near, 9, 0.5).len(), 3);
    assert!(mmr::<[f32; 2]>(&query, &[], 2, 0.5).is_empty());
    assert_eq!(*HalfEmbedding::from([0.5]).values(), [0.5]);
}
