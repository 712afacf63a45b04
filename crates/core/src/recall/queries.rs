//! Files of query vectors: JSON lines, and `fvecs` of the benchmark sets.

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueriesError {
    /// A line is neither an array of numbers nor a text.
    #[error(
        "line {line}: expected an array of numbers, as in [0.1, 0.2], or a text as PostgreSQL reads it"
    )]
    Line {
        /// Counted from one.
        line: usize,
    },
    /// The bytes end within a vector, or a length makes no sense.
    #[error("byte {at}: not a vector of the format fvecs")]
    Bytes {
        /// Counted from zero.
        at: usize,
    },
    /// There is none.
    #[error("the file has no vectors")]
    Empty,
}

/// The vectors of a file as texts that PostgreSQL reads, at most so many. What is no UTF-8, or has the ending
/// `.fvecs`, is read as `fvecs`.
///
/// # Errors
/// The first thing that is wrong.
pub fn read(bytes: &[u8], is_fvecs: bool, most: usize) -> Result<Vec<String>, QueriesError> {
    let vectors = match std::str::from_utf8(bytes) {
        Ok(text) if !is_fvecs => json_lines(text, most)?,
        _ => fvecs(bytes, most)?,
    };
    if vectors.is_empty() { Err(QueriesError::Empty) } else { Ok(vectors) }
}

fn json_lines(text: &str, most: usize) -> Result<Vec<String>, QueriesError> {
    let lines = text.lines().enumerate().filter(|(_, it)| !it.trim().is_empty()).take(most);
    lines.map(|(at, it)| json_line(it.trim()).ok_or(QueriesError::Line { line: at + 1 })).collect()
}

/// An array of numbers is a `vector` or a `halfvec` as it is; `sparsevec` and `bit` are texts.
fn json_line(line: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    let numbers = value.as_array()?;
    (!numbers.is_empty() && numbers.iter().all(serde_json::Value::is_number))
        .then(|| value.to_string())
}

/// Each vector is its number of dimensions, and so many floats, of four bytes each, little-endian.
fn fvecs(bytes: &[u8], most: usize) -> Result<Vec<String>, QueriesError> {
    let mut vectors = Vec::new();
    let mut at = 0;
    while at < bytes.len() && vectors.len() < most {
        let (vector, next) = fvec(bytes, at).ok_or(QueriesError::Bytes { at })?;
        vectors.push(vector);
        at = next;
    }
    Ok(vectors)
}

fn fvec(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let four = |at: usize| bytes.get(at..at.checked_add(4)?)?.try_into().ok();
    let dimensions = usize::try_from(i32::from_le_bytes(four(at)?)).ok().filter(|it| *it > 0)?;
    let end = at.checked_add(dimensions.checked_add(1)?.checked_mul(4)?)?;
    bytes.get(at..end)?;
    let numbers: Option<Vec<String>> = (at + 4..end)
        .step_by(4)
        .map(|it| Some(f32::from_le_bytes(four(it)?)).filter(|it| it.is_finite()))
        .map(|it| it.map(|it| it.to_string()))
        .collect();
    Some((format!("[{}]", numbers?.join(",")), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json() {
        let text = b"[1, 2.5, -3e-2]\n\n\"{1:1}/5\"\n";
        assert_eq!(read(text, false, 9).unwrap(), ["[1,2.5,-0.03]", "{1:1}/5"]);
        assert_eq!(read(text, false, 1).unwrap().len(), 1);
        for (wrong, line) in [("[1]\n{}", 2), ("[]", 1), ("[\"a\"]", 1), ("1", 1), ("[1", 1)] {
            assert_eq!(
                read(wrong.as_bytes(), false, 9),
                Err(QueriesError::Line { line }),
                "{wrong}"
            );
        }
        assert_eq!(read(b"\n", false, 9), Err(QueriesError::Empty));
    }

    #[test]
    fn benchmark_sets() {
        let mut bytes = Vec::new();
        for vector in [[1.0_f32, 2.5], [-0.5, 0.0]] {
            bytes.extend(2_i32.to_le_bytes());
            bytes.extend(vector.iter().flat_map(|it| it.to_le_bytes()));
        }
        assert_eq!(read(&bytes, true, 9).unwrap(), ["[1,2.5]", "[-0.5,0]"]);
        assert_eq!(read(&bytes[..20], true, 9), Err(QueriesError::Bytes { at: 12 }));
        assert_eq!(read(&[0xff; 8], true, 9), Err(QueriesError::Bytes { at: 0 }));
        let endless = i32::MAX.to_le_bytes();
        assert_eq!(read(&endless, true, 9), Err(QueriesError::Bytes { at: 0 }));
    }
}
