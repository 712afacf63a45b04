//! What was measured at one setting, and the point that is made of it.

use super::counting::{Truth, ratio};
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
    /// At a setting, of no query yet.
    #[must_use]
    pub fn new(setting: Setting) -> Self {
        Self {
            setting,
            recalls: Vec::new(),
            expected: 0.0,
            milliseconds: Vec::new(),
            rows: Vec::new(),
            buffers: Vec::new(),
        }
    }

    /// Adds a query: the distances of the rows that it found, and its time. Where nothing is to be found, there
    /// is no recall.
    pub fn add(&mut self, truth: &Truth, found: &[f64], milliseconds: f64) {
        let Some(recall) = truth.recall(found) else { return };
        self.recalls.push(recall);
        self.milliseconds.push(milliseconds);
        self.rows.push(ratio(found.len(), 1));
        // The mean so far.
        self.expected += (ratio(truth.expected, 1) - self.expected) / ratio(self.recalls.len(), 1);
    }

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
