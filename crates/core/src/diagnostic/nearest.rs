//! Suggestions for misspelled words.

/// The candidate closest to what was written, if one is close enough to be meant: about one slip
/// in three letters. Case counts for nothing. Of equals, one that begins with the same letter wins,
/// then the first.
#[must_use]
pub fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    let length = written.chars().count();
    let allowed = (length / 3).max(1);
    candidates
        .into_iter()
        // So many letters at least would have to be added or left out.
        .filter(|it| it.chars().count().abs_diff(length) <= allowed)
        .map(|it| (distance(&written, &it.to_lowercase()), it))
        .filter(|(distance, it)| *distance <= allowed && *distance < it.chars().count())
        .min_by_key(|(distance, it)| (*distance, it.chars().next() != written.chars().next()))
        .map(|(_, it)| it)
}

/// How many letters must be added, left out, replaced, or swapped with their neighbor (optimal
/// string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = above[j] + usize::from(x != y);
            let mut best = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(written, candidates.iter().copied()), expected);
    }

    #[test]
    fn slips_are_recognized() {
        check("colums", &["comment", "columns"], Some("columns"));
        check("primray_key", &["primary_key", "uniques"], Some("primary_key"));
        check("Text", &["text"], Some("text"));
        check("uid", &["cid", "uuid", "id"], Some("uuid"));
    }

    #[test]
    fn strangers_are_not_offered() {
        check("banana", &["columns", "comment"], None);
        check("x", &["y"], None);
        check("anything", &[], None);
    }
}
