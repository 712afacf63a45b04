//! Cursors as text.

use crate::{Error, decode_cursor, encode_cursor};

#[test]
fn every_length_is_read_back() {
    for text in ["", "a", "ab", "abc", "ü?>~", "0123456789"] {
        let sent = encode_cursor(&(text, -1, 2.5)).unwrap();
        let fine = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        assert!(sent.chars().all(fine), "{sent}");
        let (read, n, x): (String, i64, f64) = decode_cursor(&sent).unwrap();
        assert_eq!((read.as_str(), n, x), (text, -1, 2.5));
    }
    // What other programs make of it.
    assert_eq!(encode_cursor(&["a"]).unwrap(), "WyJhIl0");
}

#[test]
fn other_texts_are_values_of_the_caller() {
    for text in [
        "",
        "x",
        "WyJhIl0=",
        "WyJhIl",
        "WyJhIl0x",
        "not a cursor",
        "bnVsbA",
    ] {
        let error = decode_cursor::<Vec<String>>(text).unwrap_err();
        assert!(matches!(error, Error::NotACursor), "{text}: {error}");
        assert!(error.is_invalid_value());
        assert_eq!(error.to_string(), "the cursor is not one of this list");
    }
}
