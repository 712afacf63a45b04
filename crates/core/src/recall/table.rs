//! The report as text for people.

use crate::report::bytes;

use super::conclusion::milliseconds;
use super::report::{IndexRecall, Ladder, Planner, Point, Sample};

impl IndexRecall {
    /// The report as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.head();
        let mut filters: Vec<&Option<String>> = self.ladders.iter().map(|it| &it.filter).collect();
        filters.dedup();
        for filter in filters {
            let ladders: Vec<&Ladder> =
                self.ladders.iter().filter(|it| it.filter == *filter).collect();
            text.push_str(&self.block(&ladders));
        }
        if let Some(planner) = &self.planner {
            text.push_str(&format!("\n  without settings: {}\n", planner.told()));
        }
        for it in &self.problems {
            text.push_str(&format!("\n  {}\n    {}\n", it.message, it.remedy));
        }
        if !self.conclusion.is_empty() {
            text.push_str(&format!("\n  {}\n", self.conclusion));
        }
        text
    }

    fn head(&self) -> String {
        let Self { table, index, method, key, options, rows, .. } = self;
        let with = if options.is_empty() {
            String::new()
        } else {
            format!(" with ({})", options.join(", "))
        };
        let only = self.predicate.as_ref().map(|it| format!(" where {it}")).unwrap_or_default();
        let mut text = format!("{table}.{index}: {} ({key}){with}{only}\n", method.name());
        text.push_str(&format!("  about {rows} rows, the index has {}\n", bytes(self.bytes)));
        if let Some(exact) = &self.exact {
            text.push_str(&format!("  candidates are sorted by {exact}\n"));
        }
        text.extend(self.sample.as_ref().map(Sample::told));
        text
    }

    fn block(&self, ladders: &[&Ladder]) -> String {
        let Some(first) = ladders.first() else { return String::new() };
        let mut text = "\n".to_owned();
        if let Some(filter) = &first.filter {
            let passes = first.passes.map(|it| format!(" ({} of the rows)", percent(it)));
            text.push_str(&format!("  where {filter}{}\n", passes.unwrap_or_default()));
        }
        let mut rows = vec![self.columns(first)];
        for ladder in ladders {
            rows.extend(ladder.points.iter().map(|it| self.row(ladder, it)));
        }
        text.push_str(&aligned(&rows));
        for it in ladders.iter().filter_map(|it| it.stopped.as_ref()) {
            text.push_str(&format!("  {it}\n"));
        }
        text
    }

    fn is_reduced(&self) -> bool {
        self.ladders.iter().flat_map(|it| &it.points).any(|it| it.setting.rerank.is_some())
    }

    fn columns(&self, ladder: &Ladder) -> Vec<String> {
        let scan = ladder.filter.as_ref().map(|_| "iterative_scan");
        let rerank = self.is_reduced().then_some("rerank");
        let names = ["recall", "95 %", "p50", "p95", "rows", "buffers"];
        let all = scan.into_iter().chain(rerank).chain([self.effort()]).chain(names);
        all.map(str::to_owned).collect()
    }

    fn row(&self, ladder: &Ladder, it: &Point) -> Vec<String> {
        let scan = ladder.filter.as_ref().map(|_| ladder.iterative_scan.setting().to_owned());
        let rerank = it.setting.rerank.map(|it| format!("×{it}"));
        let cells = [
            it.setting.effort.to_string(),
            format!("{:.3}", it.recall),
            format!("{:.3}–{:.3}", it.low, it.high),
            milliseconds(it.p50_ms),
            milliseconds(it.p95_ms),
            format!("{:.1}", it.rows),
            it.buffers.map_or_else(|| "–".to_owned(), |it| format!("{it:.0}")),
        ];
        scan.into_iter().chain(rerank).chain(cells).collect()
    }
}

impl Sample {
    fn told(&self) -> String {
        let Self { queries, asked, from, exact_seconds, round_trip_ms, own } = self;
        let of = if queries < asked { format!(" of {asked}: time ran out") } else { String::new() };
        let own = if *own { ", each left out of what it finds" } else { "" };
        let plural =
            if *queries == 1 { "1 query".to_owned() } else { format!("{queries} queries") };
        format!(
            "  {plural}{of}, {from}{own}; exact searches took {exact_seconds:.1} s, a round trip {}\n",
            milliseconds(*round_trip_ms)
        )
    }
}

impl Planner {
    fn told(&self) -> String {
        let first = match (self.uses_index, &self.instead) {
            (true, _) => "the planner uses the index".to_owned(),
            (false, Some(instead)) => {
                let took = self.milliseconds.map(|it| format!(", {}", milliseconds(it)));
                let by_index = self.index_milliseconds;
                let by_index = by_index.map(|it| format!("; {} by the index", milliseconds(it)));
                let times = [took, by_index].map(Option::unwrap_or_default).concat();
                format!("the planner does not use the index: {instead}{times}")
            }
            (false, None) => "the planner does not use the index".to_owned(),
        };
        match self.generic_uses_index {
            true => first,
            false => format!("{first}; a generic plan with LIMIT $2 does not use it"),
        }
    }
}

/// A share in percent, with a digit where it is small.
fn percent(share: f64) -> String {
    let it = 100.0 * share;
    if it < 10.0 { format!("{it:.1} %") } else { format!("{it:.0} %") }
}

/// Columns, each as wide as its widest cell, at the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|it| it.get(at));
        cells.map(|it| it.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("  {cell:>width$}"));
        format!("{}\n", cells.collect::<String>())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{ladder, measured, point};
    use crate::model::pgvector::IterativeScan;

    #[test]
    fn a_tired_person_can_read_it() {
        let none =
            ladder(None, IterativeScan::Off, vec![point(40, 0.91, 0.4), point(1000, 0.975, 12.0)]);
        let filter = Some("tenant = 7".to_owned());
        let off = ladder(filter.clone(), IterativeScan::Off, vec![point(40, 0.02, 0.4)]);
        let relaxed = ladder(filter, IterativeScan::Relaxed, vec![point(40, 0.96, 2.0)]);
        let expected = "\
docs.docs_embedding_idx: hnsw (embedding vector_cosine_ops) with (m=16)
  about 20000 rows, the index has 40.0 MiB
  200 queries, rows of the table, each left out of what it finds; exact searches took 0.9 s, a round trip 0.10 ms

  ef_search  recall         95 %      p50      p95  rows  buffers
         40   0.910  0.900–0.920  0.40 ms  0.80 ms  10.0      300
       1000   0.975  0.965–0.985    12 ms    24 ms  10.0      300

  where tenant = 7 (2.0 % of the rows)
  iterative_scan  ef_search  recall         95 %      p50      p95  rows  buffers
             off         40   0.020  0.010–0.030  0.40 ms  0.80 ms  10.0      300
   relaxed_order         40   0.960  0.950–0.970  2.00 ms  4.00 ms  10.0      300
";
        let text = measured(vec![none, off, relaxed]).text();
        assert_eq!(text, expected, "\n{text}");
    }
}
