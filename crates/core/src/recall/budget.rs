//! What the searches of an index must find, held against what they find.

use crate::model::code_hints::{IndexHints, RecallBudget};
use crate::model::pgvector::{IterativeScan, VectorMethod};

use super::conclusion::milliseconds;
use super::ladder::{DEFAULT_PROBES, MOST_EF_SEARCH};
use super::report::{IndexRecall, Point};

/// What is known of an index where the declaration leaves it to generated code how far it is read.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    /// The access method.
    pub method: VectorMethod,
    /// How many rows are wanted.
    pub k: u32,
    /// `m` of an HNSW index.
    pub m: u32,
    /// The rows of the table.
    pub rows: u64,
}

impl Chosen {
    /// `hnsw.ef_search` or `ivfflat.probes`, without a filter (`docs/searches.md`; `choice` of the runtime).
    #[must_use]
    pub fn effort(&self) -> u32 {
        if self.method == VectorMethod::Ivfflat {
            return DEFAULT_PROBES;
        }
        let k = f64::from(self.k);
        let wanted = if self.k <= 400 { k + k.sqrt() + 1.0 } else { k * 9.0 / 16.0 };
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let rows = self.rows as f64;
        let edges = (16.0 / f64::from(self.m.max(1))).max(1.0).powf(1.5);
        let effort = wanted.max(64.0) * edges * (rows / 1e5).max(1.0).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1000")]
        let effort = effort.ceil().min(f64::from(MOST_EF_SEARCH)) as u32;
        effort
    }

    /// What a search without a filter does if it finds too few rows, as generated code has it.
    #[must_use]
    pub fn scan(&self, hints: &IndexHints) -> IterativeScan {
        let usual = match (self.method, hints.effort) {
            // So many lists, and no more.
            (VectorMethod::Ivfflat, Some(_)) => IterativeScan::Off,
            _ => IterativeScan::Relaxed,
        };
        hints.iterative_scan.unwrap_or(usual)
    }
}

impl IndexRecall {
    /// What is missed of a budget at the settings that are declared, which must be the only ones that were measured;
    /// None where it is met, or nothing was measured.
    #[must_use]
    pub fn missed(&self, budget: &RecallBudget) -> Option<String> {
        let point = self.unfiltered().next()?;
        let (slow, poor) = (is_slow(budget, point), is_poor(budget, point));
        let recall = format!(
            "finds {:.3} ({:.3} to {:.3}) of the nearest {}",
            point.recall, point.low, point.high, self.k
        );
        let time = format!("takes {}", milliseconds(point.p50_ms));
        let wanted = format!("recall = {}", budget.at_least.number());
        let allowed = budget.within.map(|it| format!("within = {} ms", it.as_millis()));
        let setting = format!("{} = {}", self.effort(), point.setting.effort);
        let (found, asked) = match (poor, slow) {
            (false, false) => return None,
            (true, false) => (recall, wanted),
            (false, true) => (time, allowed.unwrap_or_default()),
            (true, true) => {
                (format!("{recall} and {time}"), [wanted, allowed.unwrap_or_default()].join(", "))
            }
        };
        Some(format!(
            "index {}.{} with {setting} {found}; declared: {asked}",
            self.table, self.index
        ))
    }

    /// What would meet a budget, of what was measured.
    #[must_use]
    pub fn would_meet(&self, budget: &RecallBudget) -> String {
        let enough = self.unfiltered().find(|it| !is_poor(budget, it) && !is_slow(budget, it));
        if let Some(it) = enough {
            let rerank = it.setting.rerank.map(|it| format!(" with {it} candidates for each row"));
            return format!(
                "{} = {}{} finds {:.3} in {}",
                self.effort(),
                it.setting.effort,
                rerank.unwrap_or_default(),
                it.recall,
                milliseconds(it.p50_ms)
            );
        }
        match self.unfiltered().find(|it| !is_poor(budget, it)) {
            Some(it) => format!(
                "no setting is fast enough: {} = {} finds {:.3}, but in {}",
                self.effort(),
                it.setting.effort,
                it.recall,
                milliseconds(it.p50_ms)
            ),
            None => self.conclusion.clone(),
        }
    }

    fn unfiltered(&self) -> impl Iterator<Item = &Point> {
        self.ladders.iter().filter(|it| it.filter.is_none()).flat_map(|it| &it.points)
    }
}

fn is_poor(budget: &RecallBudget, point: &Point) -> bool {
    point.recall < budget.at_least.number()
}

fn is_slow(budget: &RecallBudget, point: &Point) -> bool {
    budget.within.is_some_and(|it| point.p50_ms > it.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::report::tests::{ladder, measured, point};
    use super::*;
    use crate::model::code_hints::Share;

    fn budget(within: Option<u64>) -> RecallBudget {
        let at_least = Share::parse("0.95").unwrap();
        RecallBudget { k: 10, at_least, within: within.map(Duration::from_millis) }
    }

    fn report(points: Vec<Point>) -> IndexRecall {
        measured(vec![ladder(None, IterativeScan::Off, points)]).concluded(0.95)
    }

    #[test]
    fn what_is_missed_and_what_would_do() {
        let poor = report(vec![point(40, 0.9, 1.0)]);
        assert_eq!(
            poor.missed(&budget(Some(5))).as_deref(),
            Some(
                "index docs.docs_embedding_idx with ef_search = 40 finds 0.900 (0.890 to 0.910) of the nearest 10; \
                 declared: recall = 0.95"
            )
        );
        let slow = report(vec![point(80, 0.95, 5.5)]);
        assert_eq!(slow.missed(&budget(None)), None);
        assert_eq!(
            slow.missed(&budget(Some(5))).as_deref(),
            Some(
                "index docs.docs_embedding_idx with ef_search = 80 takes 5.50 ms; declared: within = 5 ms"
            )
        );
        let all = report(vec![point(40, 0.9, 1.0), point(80, 0.96, 2.0), point(160, 0.99, 9.0)]);
        assert_eq!(all.would_meet(&budget(Some(5))), "ef_search = 80 finds 0.960 in 2.00 ms");
        assert!(
            all.would_meet(&budget(Some(1)))
                .starts_with("no setting is fast enough: ef_search = 80")
        );
        assert!(poor.would_meet(&budget(None)).contains("a larger m"));
    }

    /// The runtime is not a part of this crate, so its formula stands here once more.
    #[test]
    fn the_choice_is_that_of_the_runtime() {
        let choice = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/rust/choice.rs"));
        for text in [
            "const LEAST_EFFORT: i64 = 64;",
            "const ONE_PASS: i64 = 400;",
            "\"k + sqrt(k) + 1\"",
            "\"(k + k / 8) / 2\"",
            "greatest({LEAST_EFFORT}, ({wanted}) / share)",
            "* greatest(1, 16.0 / {m}) ^ 1.5 * greatest(1, search_size.n / 1e5) ^ 0.5",
        ] {
            assert!(choice.contains(text), "{text}");
        }
    }

    #[test]
    fn generated_code_reads_further_for_more_rows_and_fewer_edges() {
        let effort = |k, m, rows| Chosen { method: VectorMethod::Hnsw, k, m, rows }.effort();
        assert_eq!(effort(10, 16, 1_000), 64);
        assert_eq!(effort(100, 16, 1_000), 111);
        assert_eq!(effort(10, 4, 400_000), 1000);
        assert_eq!(effort(10, 16, 1_000_000), 203);
        let lists = Chosen { method: VectorMethod::Ivfflat, k: 10, m: 16, rows: 1 };
        assert_eq!(lists.effort(), 1);
    }
}
