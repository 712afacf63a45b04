//! What follows from the points, in a sentence for each filter.

use crate::model::pgvector::VectorMethod;

use super::ladder::{DEFAULT_EF_SEARCH, DEFAULT_PROBES};
use super::report::{IndexRecall, Ladder, Point};

/// Times that differ by less are taken for the same, since they do from one run to the next.
const AS_FAST: f64 = 1.2;

impl IndexRecall {
    /// Says which setting has this recall.
    #[must_use]
    pub fn concluded(self, at_least: f64) -> Self {
        let mut filters: Vec<&Option<String>> = self.ladders.iter().map(|it| &it.filter).collect();
        filters.dedup();
        let sentences: Vec<String> =
            filters.iter().filter_map(|it| self.sentence(it, at_least)).collect();
        Self { conclusion: sentences.join(" "), ..self }
    }

    fn sentence(&self, filter: &Option<String>, at_least: f64) -> Option<String> {
        let ladders: Vec<&Ladder> = self.ladders.iter().filter(|it| it.filter == *filter).collect();
        // Of each ladder the least effort that is enough; of those that are as fast as any the one that finds most.
        let enough = ladders.iter().filter_map(|it| {
            let point = it.points.iter().find(|it| it.recall >= at_least)?;
            Some((*it, point))
        });
        let enough: Vec<(&Ladder, &Point)> = enough.collect();
        let least = enough.iter().map(|it| it.1.p50_ms).fold(f64::INFINITY, f64::min);
        let fast = enough.into_iter().filter(|it| it.1.p50_ms <= least * AS_FAST);
        let with = filter.as_ref().map_or(String::new(), |it| format!("With {it}: "));
        if let Some((ladder, point)) = fast.max_by(|a, b| a.1.recall.total_cmp(&b.1.recall)) {
            let found = self.found(ladder, point);
            return Some(format!("{with}{found}{}.", self.usual(ladder, point, at_least)));
        }
        let points = ladders.iter().flat_map(|it| it.points.iter().map(move |point| (*it, point)));
        let (ladder, point) = points.max_by(|a, b| a.1.recall.total_cmp(&b.1.recall))?;
        let remedy = self.remedy(ladder, point);
        let found = self.found(ladder, point);
        Some(format!(
            "{with}no setting finds {at_least} of the nearest {}; {found}: {remedy}.",
            self.k
        ))
    }

    fn found(&self, ladder: &Ladder, point: &Point) -> String {
        format!(
            "{} finds {:.3} ({:.3} to {:.3}) of the nearest {} in {} (p95 {})",
            self.setting(ladder, point),
            point.recall,
            point.low,
            point.high,
            self.k,
            milliseconds(point.p50_ms),
            milliseconds(point.p95_ms)
        )
    }

    fn setting(&self, ladder: &Ladder, point: &Point) -> String {
        let effort = format!("{} = {}", self.effort(), point.setting.effort);
        let rerank = match point.setting.rerank {
            None => String::new(),
            Some(1) => " with 1 candidate for each row".to_owned(),
            Some(more) => format!(" with {more} candidates for each row"),
        };
        let scan = match &ladder.filter {
            Some(_) => format!(", iterative_scan = {}", ladder.iterative_scan.setting()),
            None => String::new(),
        };
        format!("{effort}{scan}{rerank}")
    }

    /// What the default finds, where that is not enough.
    fn usual(&self, ladder: &Ladder, point: &Point, at_least: f64) -> String {
        let default = match self.method {
            VectorMethod::Hnsw => DEFAULT_EF_SEARCH,
            VectorMethod::Ivfflat => DEFAULT_PROBES,
        };
        let is_default = |it: &&Point| it.setting.effort == default && it.setting.rerank.is_none();
        let usual = ladder.points.iter().find(is_default);
        match usual.filter(|it| it.recall < at_least && *it != point) {
            Some(it) => format!("; the default, {default}, finds {:.3}", it.recall),
            None => String::new(),
        }
    }

    fn remedy(&self, ladder: &Ladder, best: &Point) -> &'static str {
        if ladder.stopped.is_some() {
            return "raise --time to measure the rest";
        }
        let is_short = best.rows + 0.5 < f64::from(self.k);
        match (self.method, &ladder.filter) {
            (_, Some(_)) if is_short => {
                "too few rows pass the filter near the queries: an exact search, or a partial index"
            }
            (_, Some(_)) => "an exact search, or a partial index",
            (_, None) if best.setting.rerank.is_some() => {
                "take more candidates (--rerank), or index the vectors themselves"
            }
            (VectorMethod::Hnsw, None) => "build the index with a larger m and ef_construction",
            (VectorMethod::Ivfflat, None) => "rebuild the index, with fewer lists, or as hnsw",
        }
    }
}

/// A time with two or three digits.
pub(super) fn milliseconds(it: f64) -> String {
    if it < 10.0 { format!("{it:.2} ms") } else { format!("{it:.0} ms") }
}

#[cfg(test)]
mod tests {
    use super::super::IndexRecall;
    use super::super::report::tests::{ladder, measured, point};
    use crate::model::pgvector::IterativeScan;

    #[track_caller]
    fn check(report: IndexRecall, expected: &str) {
        assert_eq!(report.concluded(0.95).conclusion, expected);
    }

    #[test]
    fn the_fastest_setting_that_finds_enough() {
        let points = vec![point(40, 0.91, 0.4), point(80, 0.97, 0.7), point(160, 0.99, 1.3)];
        check(
            measured(vec![ladder(None, IterativeScan::Off, points)]),
            "ef_search = 80 finds 0.970 (0.960 to 0.980) of the nearest 10 in 0.70 ms (p95 1.40 ms); the default, \
             40, finds 0.910.",
        );
    }

    #[test]
    fn what_to_do_where_no_setting_finds_enough() {
        let points = vec![point(40, 0.6, 0.4), point(1000, 0.9, 20.0)];
        check(
            measured(vec![ladder(None, IterativeScan::Off, points)]),
            "no setting finds 0.95 of the nearest 10; ef_search = 1000 finds 0.900 (0.890 to 0.910) of the nearest \
             10 in 20 ms (p95 40 ms): build the index with a larger m and ef_construction.",
        );
    }

    #[test]
    fn of_settings_that_are_as_fast_the_one_that_finds_most() {
        let filter = || Some("x = 1".to_owned());
        let relaxed = ladder(filter(), IterativeScan::Relaxed, vec![point(10, 0.98, 1.46)]);
        let strict = ladder(
            filter(),
            IterativeScan::Strict,
            vec![point(40, 0.92, 1.5), point(160, 0.955, 1.45)],
        );
        check(
            measured(vec![relaxed, strict]),
            "With x = 1: ef_search = 10, iterative_scan = relaxed_order finds 0.980 (0.970 to 0.990) of the nearest \
             10 in 1.46 ms (p95 2.92 ms).",
        );
    }

    #[test]
    fn filters_have_sentences_of_their_own() {
        let filter = || Some("x = 1".to_owned());
        let off = ladder(filter(), IterativeScan::Off, vec![point(40, 0.02, 0.4)]);
        let relaxed = ladder(filter(), IterativeScan::Relaxed, vec![point(40, 0.96, 2.0)]);
        let none = ladder(None, IterativeScan::Off, vec![point(40, 0.99, 0.4)]);
        check(
            measured(vec![none, off, relaxed]),
            "ef_search = 40 finds 0.990 (0.980 to 1.000) of the nearest 10 in 0.40 ms (p95 0.80 ms). With x = 1: \
             ef_search = 40, iterative_scan = relaxed_order finds 0.960 (0.950 to 0.970) of the nearest 10 in \
             2.00 ms (p95 4.00 ms).",
        );
    }
}
