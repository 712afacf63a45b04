//! What errors say.

use crate::Error;

#[test]
fn errors_of_values_are_errors_of_the_caller() {
    for error in [
        Error::NotFinite { index: 7 },
        Error::NotABit { index: 0 },
        Error::Dimensions {
            expected: 3,
            actual: 2,
        },
    ] {
        assert!(error.is_invalid_value(), "{error}");
        assert_eq!(error.sqlstate(), None);
    }
    assert!(!Error::NoRow.is_invalid_value());
    assert_eq!(
        Error::NotFinite { index: 7 }.to_string(),
        "value 7 of the vector is NaN or infinite"
    );
}

#[test]
fn unreadable_values_are_named() {
    let error = Error::Unreadable {
        column: "status".into(),
        source: "no such label".into(),
    };
    assert_eq!(error.to_string(), "column status: no such label");
    assert!(std::error::Error::source(&error).is_some());
}
