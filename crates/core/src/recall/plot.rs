//! Recall against time as SVG: a panel for each index, a line for each ladder.

use crate::report::escaped;

use super::conclusion::milliseconds;
use super::report::{IndexRecall, Ladder, Point};

/// The colors, light and dark.
const STYLE: &str = "\
.p-frame{fill:none;stroke:#8c959f}.p-grid{stroke:#d1d9e0}.p-text{fill:#1f2328;font:12px ui-monospace,monospace}\
.p-line{fill:none;stroke-width:2}.p-0{stroke:#0969da;color:#0969da}.p-1{stroke:#bc4c00;color:#bc4c00}\
.p-2{stroke:#1a7f37;color:#1a7f37}.p-3{stroke:#8250df;color:#8250df}.p-4{stroke:#bf3989;color:#bf3989}\
.p-5{stroke:#57606a;color:#57606a}.p-dot{fill:currentColor}\
@media (prefers-color-scheme:dark){.p-frame{stroke:#656c76}.p-grid{stroke:#3d444d}.p-text{fill:#e6edf3}}";

/// How many colors there are.
const COLORS: usize = 6;
/// The place of the frame in its panel.
const FRAME: Frame = Frame { left: 60.0, top: 40.0, width: 560.0, height: 260.0 };
/// Below the frame: the times, and a line for each ladder.
const LINE: f64 = 18.0;

struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// The scales of a panel: time in powers, recall from the lowest that was measured.
struct Scales {
    fastest: f64,
    slowest: f64,
    lowest: f64,
}

/// A drawing of reports.
#[must_use]
pub fn svg(reports: &[IndexRecall]) -> String {
    let mut panels = String::new();
    let mut top = 0.0;
    for report in reports.iter().filter(|it| it.ladders.iter().any(|it| !it.points.is_empty())) {
        panels.push_str(&format!("<g transform=\"translate(0 {top:.0})\">{}</g>\n", panel(report)));
        top += height(report);
    }
    let width = FRAME.left + FRAME.width + 20.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {top:.0}\" width=\"{width:.0}\" \
         height=\"{top:.0}\" role=\"img\" aria-label=\"Recall against time\"><style>{STYLE}</style>\n{panels}</svg>\n"
    )
}

fn height(report: &IndexRecall) -> f64 {
    let ladders = report.ladders.iter().map(|_| LINE).sum::<f64>();
    FRAME.top + FRAME.height + 2.0 * LINE + ladders + 20.0
}

fn panel(report: &IndexRecall) -> String {
    let scales = Scales::new(report);
    let Frame { left, top, width, height } = FRAME;
    let title = format!(
        "{}.{}: recall of the nearest {} against p50",
        report.table, report.index, report.k
    );
    let mut text = format!(
        "{}<rect class=\"p-frame\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>\n",
        label(left, top - 16.0, "start", &title)
    );
    for step in 0..=4 {
        let recall = scales.lowest + (1.0 - scales.lowest) * f64::from(step) / 4.0;
        let y = scales.y(recall);
        text.push_str(&format!(
            "<line class=\"p-grid\" x1=\"{left}\" x2=\"{:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>{}",
            left + width,
            label(left - 6.0, y + 4.0, "end", &format!("{recall:.2}"))
        ));
    }
    for (time, anchor) in [(scales.fastest, "start"), (scales.slowest, "end")] {
        let under = top + height + LINE;
        text.push_str(&label(scales.x(time), under, anchor, &milliseconds(time)));
    }
    let mut under = top + height + 2.0 * LINE;
    for (at, ladder) in report.ladders.iter().enumerate() {
        under += LINE;
        text.push_str(&line(report, ladder, at % COLORS, &scales));
        let dot = format!(
            "<circle class=\"p-dot p-{}\" cx=\"{}\" cy=\"{}\" r=\"4\"/>",
            at % COLORS,
            left + 6.0,
            under - 4.0
        );
        text.push_str(&dot);
        text.push_str(&label(left + 18.0, under, "start", &name(ladder)));
    }
    text
}

fn name(ladder: &Ladder) -> String {
    match &ladder.filter {
        None => "without a filter".to_owned(),
        Some(filter) => format!("{filter}, iterative_scan = {}", ladder.iterative_scan.setting()),
    }
}

fn line(report: &IndexRecall, ladder: &Ladder, color: usize, scales: &Scales) -> String {
    let places: Vec<String> = ladder
        .points
        .iter()
        .map(|it| format!("{:.1},{:.1}", scales.x(it.p50_ms), scales.y(it.recall)))
        .collect();
    let mut text =
        format!("<polyline class=\"p-line p-{color}\" points=\"{}\"/>\n", places.join(" "));
    for it in &ladder.points {
        text.push_str(&format!(
            "<circle class=\"p-dot p-{color}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"><title>{}</title></circle>\n",
            scales.x(it.p50_ms),
            scales.y(it.recall),
            escaped(&told(report, it))
        ));
    }
    text
}

fn told(report: &IndexRecall, it: &Point) -> String {
    let rerank = it.setting.rerank.map(|it| format!(", ×{it}")).unwrap_or_default();
    let setting = format!("{} = {}{rerank}", report.effort(), it.setting.effort);
    format!("{setting}: {:.3} in {}", it.recall, milliseconds(it.p50_ms))
}

fn label(x: f64, y: f64, anchor: &str, text: &str) -> String {
    let text = escaped(text);
    format!(
        "<text class=\"p-text\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>\n"
    )
}

impl Scales {
    fn new(report: &IndexRecall) -> Self {
        let points = || report.ladders.iter().flat_map(|it| &it.points);
        let times = || points().map(|it| it.p50_ms.max(0.001));
        let lowest = points().map(|it| it.recall).fold(1.0, f64::min);
        Self {
            fastest: times().fold(f64::INFINITY, f64::min),
            slowest: times().fold(0.0, f64::max),
            // Down to a tenth; where nothing was missed, the line is at the top.
            lowest: ((lowest * 10.0 - 0.01).floor() / 10.0).clamp(0.0, 0.9),
        }
    }

    fn x(&self, time: f64) -> f64 {
        let range = (self.slowest / self.fastest).ln().max(1e-9);
        let part = ((time.max(0.001) / self.fastest).ln() / range).clamp(0.0, 1.0);
        FRAME.left + FRAME.width * part
    }

    fn y(&self, recall: f64) -> f64 {
        let part = (recall - self.lowest) / (1.0 - self.lowest);
        FRAME.top + FRAME.height * (1.0 - part.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{ladder, measured, point};
    use super::super::svg;
    use crate::model::pgvector::IterativeScan;

    #[test]
    fn faster_is_left_and_better_is_above() {
        let points = vec![point(40, 0.5, 1.0), point(80, 1.0, 4.0)];
        let filtered =
            ladder(Some("a < 'x'".to_owned()), IterativeScan::Strict, vec![point(40, 0.6, 2.0)]);
        let drawn = svg(&[measured(vec![ladder(None, IterativeScan::Off, points), filtered])]);
        // From 0.4 to 1.0 upwards, from 1 to 4 ms to the right.
        assert!(drawn.contains("points=\"60.0,256.7 620.0,40.0\""), "{drawn}");
        assert!(drawn.contains("points=\"340.0,213.3\""), "{drawn}");
        assert!(drawn.contains("a &lt; 'x', iterative_scan = strict_order"), "{drawn}");
        assert!(drawn.contains("ef_search = 80: 1.000 in 4.00 ms"), "{drawn}");
        assert_eq!(drawn.matches("<g").count(), drawn.matches("</g>").count());
    }

    #[test]
    fn what_was_not_measured_is_not_drawn() {
        assert!(!svg(&[measured(Vec::new())]).contains("<g"));
    }
}
