//! Intervals and percentiles.
//!
//! Recall is a share of rows, but it is queries that are sampled, and the rows of one query are found or missed
//! together. So the interval is that of Wilson for a share, which is right near 1 where the normal one has no
//! width, with the number of rows divided by the design effect of the queries (Kish, "Survey Sampling", 8.2). The
//! effect is estimated over all settings of a ladder: a setting that misses nothing says nothing about it.

/// The 97.5 percent point of the normal distribution: intervals are of 95 percent.
const Z: f64 = 1.959_963_984_540_054;

/// A range that holds the true value in 95 of 100 samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The recalls of queries at one setting.
#[derive(Debug, Clone, Copy)]
pub struct Shares<'a> {
    /// One of each query.
    pub recalls: &'a [f64],
    /// How many rows were to be found for a query, on average.
    pub rows: f64,
}

impl Shares<'_> {
    fn number(&self) -> f64 {
        length(self.recalls)
    }

    /// The variance of their mean, by the differences between queries.
    fn variance(&self) -> f64 {
        let (mean, number) = (mean(self.recalls), self.number());
        if number < 2.0 {
            return 0.0;
        }
        let squares: f64 = self.recalls.iter().map(|it| (it - mean).powi(2)).sum();
        squares / (number - 1.0) / number
    }

    /// The variance that it would have if each row was found or missed on its own.
    fn simple_variance(&self) -> f64 {
        let mean = mean(self.recalls);
        mean * (1.0 - mean) / (self.number() * self.rows).max(1.0)
    }
}

/// How many rows of queries tell as much as one row sampled on its own: from 1 to all rows of a query, which
/// is also assumed where no setting has missed a row.
#[must_use]
pub fn design_effect(settings: &[Shares<'_>]) -> f64 {
    let most = settings.iter().map(|it| it.rows).fold(1.0, f64::max);
    let simple: f64 = settings.iter().map(Shares::simple_variance).sum();
    if simple <= 0.0 {
        return most;
    }
    let seen: f64 = settings.iter().map(Shares::variance).sum();
    (seen / simple).clamp(1.0, most)
}

/// The interval of Wilson for a share, of so many rows that were sampled on their own.
#[must_use]
pub fn wilson(share: f64, rows: f64) -> Interval {
    if rows <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let z = Z * Z / rows;
    let middle = share + z / 2.0;
    let width = Z * ((share * (1.0 - share)).max(0.0) / rows + z / (4.0 * rows)).sqrt();
    let end = |it: f64| (it / (1.0 + z)).clamp(0.0, 1.0);
    Interval { low: end(middle - width).min(share), high: end(middle + width).max(share) }
}

/// The interval of the mean recall of a setting.
#[must_use]
pub fn interval(shares: Shares<'_>, design_effect: f64) -> Interval {
    wilson(mean(shares.recalls), shares.number() * shares.rows / design_effect)
}

/// The mean; 0 of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / length(values) }
}

/// The value below or at which this share of the values is (the nearest rank, without interpolation).
#[must_use]
pub fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let number = length(&sorted);
    let reached = |it: &usize| length(&sorted[..=*it]) >= share * number;
    (0..sorted.len()).find(reached).map(|it| sorted[it])
}

#[expect(clippy::cast_precision_loss, reason = "numbers of queries that are far below 2^52")]
fn length(values: &[f64]) -> f64 {
    values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(recalls: &[f64]) -> Shares<'_> {
        Shares { recalls, rows: 10.0 }
    }

    #[track_caller]
    fn near(left: f64, right: f64) {
        assert!((left - right).abs() < 5e-4, "{left} is not {right}");
    }

    /// As R's `prop.test(c(90, 100), c(100, 100), correct = FALSE)` has them.
    #[test]
    fn wilson_as_published() {
        let it = wilson(0.9, 100.0);
        near(it.low, 0.8256);
        near(it.high, 0.9448);
        let it = wilson(1.0, 100.0);
        near(it.low, 0.9630);
        near(it.high, 1.0);
        assert_eq!(wilson(0.0, 0.0), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn queries_that_are_all_or_nothing_tell_as_much_as_one_row_each() {
        let recalls: Vec<f64> = (0..100).map(|it| f64::from(u8::from(it % 10 != 0))).collect();
        let effect = design_effect(&[shares(&recalls)]);
        near(effect, 10.0);
        near(interval(shares(&recalls), effect).low, 0.8256);
    }

    #[test]
    fn queries_that_are_alike_tell_as_much_as_their_rows() {
        let recalls = [0.9; 10];
        near(design_effect(&[shares(&recalls)]), 1.0);
        near(interval(shares(&recalls), 1.0).low, 0.8256);
    }

    #[test]
    fn a_setting_that_misses_nothing_takes_the_effect_of_the_others() {
        let perfect = [1.0; 20];
        near(design_effect(&[shares(&perfect)]), 10.0);
        let mixed = [0.9, 1.0, 0.8, 0.9, 0.9, 1.0, 0.9, 0.8, 0.9, 0.9];
        let effect = design_effect(&[shares(&mixed), shares(&perfect)]);
        near(effect, 1.0);
        let (few, many) = (interval(shares(&perfect), 10.0), interval(shares(&perfect), effect));
        assert!(few.low < many.low && few.high >= 1.0, "{few:?} {many:?}");
    }

    #[test]
    fn percentiles_are_values() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(percentile(&values, 0.5), Some(2.0));
        assert_eq!(percentile(&values, 0.95), Some(4.0));
        assert_eq!(percentile(&values, 0.0), Some(1.0));
        assert_eq!(percentile(&[], 0.5), None);
    }
}
