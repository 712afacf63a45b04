//! `bit(n)`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::errors::{Error, Result, SqlResult};

/// A `bit(N)` value: N bits, the first one the highest of the first byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits<const N: usize>(Vec<u8>);

impl<const N: usize> Bits<N> {
    /// How many bits it has.
    pub const LENGTH: usize = N;

    /// A value of these bits.
    ///
    /// # Errors
    /// For another length.
    pub fn new(bits: &[bool]) -> Result<Self> {
        if bits.len() != N {
            let (expected, actual) = (N, bits.len());
            return Err(Error::Dimensions { expected, actual });
        }
        let byte = |part: &[bool]| {
            let bits = part.iter().enumerate();
            bits.fold(0u8, |byte, (i, bit)| byte | u8::from(*bit) << (7 - i))
        };
        Ok(Bits(bits.chunks(8).map(byte).collect()))
    }

    /// The bits, the first one first.
    pub fn iter(&self) -> impl Iterator<Item = bool> + '_ {
        (0..N).map(|i| self.0[i / 8] & (0x80 >> (i % 8)) != 0)
    }
}

/// Zeros and ones.
impl<const N: usize> fmt::Display for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter()
            .try_for_each(|bit| f.write_char(if bit { '1' } else { '0' }))
    }
}

impl<const N: usize> fmt::Debug for Bits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.to_string();
        let rest = if N > 32 { ".." } else { "" };
        write!(f, "Bits<{N}>({}{rest})", &text[..N.min(32)])
    }
}

impl<const N: usize> FromStr for Bits<N> {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let bit = |(index, c)| match c {
            '0' => Ok(false),
            '1' => Ok(true),
            _ => Err(Error::NotABit { index }),
        };
        let bits = text.chars().enumerate().map(bit);
        Self::new(&bits.collect::<Result<Vec<bool>>>()?)
    }
}

impl<const N: usize> serde::Serialize for Bits<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const N: usize> serde::Deserialize<'de> for Bits<N> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<const N: usize> ToSql for Bits<N> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> SqlResult<IsNull> {
        out.extend_from_slice(&i32::try_from(N)?.to_be_bytes());
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::BIT || *ty == Type::VARBIT
    }

    to_sql_checked!();
}

impl<'a, const N: usize> FromSql<'a> for Bits<N> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> SqlResult<Self> {
        let (length, bytes) = raw.split_first_chunk().ok_or("no length")?;
        let (expected, actual) = (N, usize::try_from(i32::from_be_bytes(*length))?);
        if expected != actual || bytes.len() != N.div_ceil(8) {
            return Err(Error::Dimensions { expected, actual }.into());
        }
        Ok(Bits(bytes.to_vec()))
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::BIT || *ty == Type::VARBIT
    }
}
