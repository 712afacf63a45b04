//! What was measured at one setting, and the point that is made of it.

use super::ladder::Setting;
use super::report::Point;
use super::statistics::{Shares, design_effect, interval, mean, percentile};

/// The queries that ran at one setting.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The setting.
    pub setting: Setting,
    /// The recall of each query.
    pub recalls: Vec<f64>,
    /// How many rows were to be found, on average.
    pub expected: f64,
    /// The time of each query.
    pub milliseconds: Vec<f64>,
    /// How many rows each query returned.
    pub rows: Vec<f64>,
    /// The pages that some of the queries read or found in memory.
    pub buffers: Vec<f64>,
}

impl Trial {
    fn shares(&self) -> Shares<'_> {
        Shares { recalls: &self.recalls, rows: self.expected }
    }

    /// Whether nothing was missed, so that more effort finds no more.
    #[must_use]
    pub fn is_perfect(&self) -> bool {
        !self.recalls.is_empty() && self.recalls.iter().all(|it| *it >= 1.0)
    }

    fn point(&self, design_effect: f64) -> Point {
        let interval = interval(self.shares(), design_effect);
        Point {
            setting: self.setting,
            queries: self.recalls.len(),
            recall: mean(&self.recalls),
            low: interval.low,
            high: interval.high,
            p50_ms: percentile(&self.milliseconds, 0.5).unwrap_or_default(),
            p95_ms: percentile(&self.milliseconds, 0.95).unwrap_or_default(),
            rows: mean(&self.rows),
            buffers: (!self.buffers.is_empty()).then(|| mean(&self.buffers)),
        }
    }
}

/// The points of a ladder.
#[must_use]
pub fn points(trials: &[Trial]) -> Vec<Point> {
    let shares: Vec<Shares<'_>> = trials.iter().map(Trial::shares).collect();
    let effect = design_effect(&shares);
    trials.iter().map(|it| it.point(effect)).collect()
}
