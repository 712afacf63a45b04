//! The fingerprint of a schema: SHA-256 over its canonical text.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Schema;
use super::object::{Object, ObjectKind};

/// SHA-256 over the canonical text of a schema. Column positions do not count, for they are never
/// a difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a schema.
    #[must_use]
    pub fn of(schema: &Schema) -> Self {
        let mut hash = Sha256::new();
        // Who may do what is no part of the structure.
        let is_structure =
            |it: &ObjectKind| !matches!(it, ObjectKind::Privileges | ObjectKind::DefaultPrivileges);
        for (_, object) in schema.iter().filter(|(id, _)| is_structure(&id.kind)) {
            hash.update(canonical(object).as_bytes());
            hash.update(b"\n");
        }
        Self(format!("sha256:{}", hex(&hash.finalize())))
    }

    /// Reads one back, as it stands in a revision's header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:")?;
        let well_formed = digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The canonical text of an object. The position of a column does not count, for it is never a difference.
#[must_use]
pub fn canonical(object: &Object) -> String {
    let mut object = object.clone();
    if let Object::Column(column) = &mut object {
        column.position = 0;
    }
    // As a value first: that sorts the names of options, whose order does not count.
    let value = serde_json::to_value(&object).expect("objects have string keys only");
    value.to_string()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
