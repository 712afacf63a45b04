//! What counts as found: rows that are as near as the `k` nearest, by their exact distances.

/// The exact answer to a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// The distance of the last of the `k` nearest rows; None where there is no row.
    pub farthest: Option<f64>,
    /// How many rows are to be found: `k`, or all there are.
    pub expected: usize,
}

impl Truth {
    /// Of distances, each with the number of rows that have it. They must contain those of the `k` nearest rows.
    /// Rows at no distance, as zero vectors by the cosine, are in no index and not looked for.
    #[must_use]
    pub fn new(k: usize, mut distances: Vec<(f64, u64)>) -> Self {
        distances.retain(|it| !it.0.is_nan());
        distances.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut truth = Self { farthest: None, expected: 0 };
        for (distance, rows) in distances {
            if truth.expected >= k {
                break;
            }
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            truth.expected = truth.expected.saturating_add(rows).min(k);
            truth.farthest = Some(distance);
        }
        truth
    }

    /// The recall of the rows that a search found: the share of what is to be found. Of rows at the same
    /// distance any one will do. None where nothing is to be found.
    #[must_use]
    pub fn recall(&self, found: &[f64]) -> Option<f64> {
        let farthest = self.farthest?;
        let hits = found.iter().filter(|it| **it <= farthest).count().min(self.expected);
        Some(ratio(hits, self.expected))
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of rows that are far below 2^52")]
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_at_the_same_distance_are_as_good() {
        let truth = Truth::new(3, vec![(2.0, 5), (1.0, 1), (9.0, 4)]);
        assert_eq!(truth, Truth { farthest: Some(2.0), expected: 3 });
        assert_eq!(truth.recall(&[1.0, 2.0, 2.0]), Some(1.0));
        assert_eq!(truth.recall(&[2.0, 2.0, 9.0]), Some(2.0 / 3.0));
        assert_eq!(truth.recall(&[2.0; 8]), Some(1.0));
    }

    #[test]
    fn fewer_rows_than_wanted_are_all_there_are() {
        let truth = Truth::new(10, vec![(1.0, 1), (2.0, 1)]);
        assert_eq!(truth.recall(&[1.0]), Some(0.5));
        assert_eq!(Truth::new(10, Vec::new()).recall(&[]), None);
    }

    #[test]
    fn rows_at_no_distance_are_not_looked_for() {
        let truth = Truth::new(2, vec![(f64::NAN, 1), (1.0, 1)]);
        assert_eq!(truth, Truth { farthest: Some(1.0), expected: 1 });
        assert_eq!(truth.recall(&[1.0, f64::NAN]), Some(1.0));
    }
}
