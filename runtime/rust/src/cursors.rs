//! Cursors as text: clients send back what they were sent, and need not know what it says.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::errors::{Error, Result};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A cursor as text: its JSON in the base64 of URLs, which hides nothing.
///
/// # Errors
/// [`Error::NotACursor`] if the cursor has no JSON.
pub fn encode_cursor<C: Serialize>(cursor: &C) -> Result<String> {
    let json = serde_json::to_vec(cursor).map_err(|_| Error::NotACursor)?;
    Ok(encoded(&json))
}

/// The cursor that a client sent back.
///
/// # Errors
/// [`Error::NotACursor`] if the text is not one of a cursor of this type;
/// [`Error::is_invalid_value`] is true for it.
pub fn decode_cursor<C: DeserializeOwned>(text: &str) -> Result<C> {
    let json = decoded(text).ok_or(Error::NotACursor)?;
    serde_json::from_slice(&json).map_err(|_| Error::NotACursor)
}

/// Six bits for each character, without padding (RFC 4648, section 5).
fn encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, it| bits << 8 | u32::from(*it));
        let bits = bits << (8 * (3 - chunk.len()));
        let place = |i: usize| bits >> (18 - 6 * i) & 63;
        text.extend((0..=chunk.len()).map(|i| char::from(DIGITS[place(i) as usize])));
    }
    text
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for digit in chunk {
            let place = DIGITS.iter().position(|it| it == digit)?;
            bits = bits << 6 | u32::try_from(place).ok()?;
        }
        let [_, first, second, third] = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        bytes.extend_from_slice([first, second, third].get(..chunk.len() - 1)?);
    }
    Some(bytes)
}
