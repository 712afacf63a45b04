//! A diagram as SVG, for a page of its own or inside of another one.

use crate::report::escaped;

use super::layout::{CHARACTER, HEAD, LINE, Layout, Place};
use super::{Diagram, Link, Mark, Row, TableBox};

/// The colors, light and dark. Classes begin with `d-`, for the text may stand inside of a page.
pub const STYLE: &str = "\
.d-box{fill:#fff;stroke:#8c959f}.d-head{fill:#eaeef2}.d-text{fill:#1f2328;font:12px ui-monospace,monospace}\
.d-type{fill:#59636e}.d-link{fill:none;stroke:#8c959f}\
.d-added .d-box,.d-link.d-added{stroke:#1a7f37;stroke-width:2}.d-text.d-added{fill:#1a7f37}\
.d-dropped .d-box,.d-link.d-dropped{stroke:#cf222e;stroke-width:2;stroke-dasharray:5 3}.d-text.d-dropped{fill:#cf222e}\
.d-changed .d-box,.d-link.d-changed{stroke:#9a6700;stroke-width:2}.d-text.d-changed{fill:#9a6700}\
@media (prefers-color-scheme:dark){.d-box{fill:#0d1117;stroke:#656c76}.d-head{fill:#21262d}.d-text{fill:#e6edf3}\
.d-type{fill:#9198a1}.d-link{stroke:#656c76}\
.d-added .d-box,.d-link.d-added{stroke:#3fb950}.d-text.d-added{fill:#3fb950}\
.d-dropped .d-box,.d-link.d-dropped{stroke:#f85149}.d-text.d-dropped{fill:#f85149}\
.d-changed .d-box,.d-link.d-changed{stroke:#d29922}.d-text.d-changed{fill:#d29922}}";

impl Diagram {
    /// As a file of its own, with boxes in rows of so many.
    #[must_use]
    pub fn svg(&self, columns: usize) -> String {
        let inner = self.svg_inside(columns);
        let (tag, rest) = inner.split_once('>').unwrap_or((&inner, ""));
        format!("{tag}><style>{STYLE}</style>{rest}")
    }

    /// The same without its colors: the page that it stands in has [`STYLE`].
    #[must_use]
    pub fn svg_inside(&self, columns: usize) -> String {
        let layout = Layout::new(self, columns);
        let (width, height) = (layout.width, layout.height);
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" aria-label=\"Tables and foreign keys\">\n"
        );
        self.links.iter().for_each(|it| text.push_str(&link(it, &layout.places)));
        for (table, place) in self.tables.iter().zip(&layout.places) {
            text.push_str(&table_svg(table, *place));
        }
        text.push_str("</svg>\n");
        text
    }
}

/// A link from the line of its column to the head of the referenced table.
fn link(it: &Link, places: &[Place]) -> String {
    let (from, to) = (places[it.from], places[it.to]);
    let line = it.row.map_or(HEAD / 2, |it| HEAD + it * LINE + LINE / 2);
    let (start_y, end_y) = (from.y + line, to.y + HEAD / 2);
    let right = |it: Place| it.x + it.width;
    // Between columns from side to side, within a column around the right.
    let (start_x, end_x, out, into) = if to.x > from.x {
        (right(from), to.x, 24_i64, -24_i64)
    } else if to.x < from.x {
        (from.x, right(to), -24, 24)
    } else {
        (right(from), right(to), 44, 44)
    };
    let at = |x: usize, by: i64| i64::try_from(x).unwrap_or(0) + by;
    format!(
        "<path class=\"d-link{}\" d=\"M{start_x} {start_y} C{} {start_y} {} {end_y} {end_x} {end_y}\">\
         <title>{}</title></path><circle class=\"d-link{}\" cx=\"{end_x}\" cy=\"{end_y}\" r=\"3\"/>\n",
        class(it.mark),
        at(start_x, out),
        at(end_x, into),
        escaped(&it.name),
        class(it.mark)
    )
}

fn table_svg(table: &TableBox, place: Place) -> String {
    let Place { x, y, width, height } = place;
    let fits = width / CHARACTER;
    let partitions = match table.partitions {
        0 => String::new(),
        1 => " (1 partition)".to_owned(),
        more => format!(" ({more} partitions)"),
    };
    let head = signed(table.mark, &format!("{}{partitions}", table.name));
    let mut text = format!(
        "<g class=\"d-table{}\"><title>{}</title>\
         <rect class=\"d-box\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>\
         <rect class=\"d-head\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>\
         <text class=\"d-text{}\" font-weight=\"bold\" x=\"{}\" y=\"{}\">{}</text>",
        class(table.mark),
        escaped(&format!("table {}: {}", table.name, table.mark.word())),
        x + 1,
        y + 1,
        width.saturating_sub(2),
        HEAD - 2,
        class(table.mark),
        x + 8,
        y + 16,
        escaped(&cut(&head, fits.saturating_sub(4)))
    );
    for (number, row) in table.rows.iter().enumerate() {
        text.push_str(&row_svg(row, x, y + HEAD + number * LINE + 14, width));
    }
    text.push_str("</g>\n");
    text
}

/// The name at the left, the type at the right as far as there is room.
fn row_svg(row: &Row, x: usize, y: usize, width: usize) -> String {
    let fits = (width / CHARACTER).saturating_sub(3);
    let key = if row.primary { "*" } else { "" };
    let name = cut(&signed(row.mark, &format!("{}{key}", row.name)), fits);
    let room = fits.saturating_sub(name.chars().count());
    let data_type = if room < 3 { String::new() } else { cut(&row.data_type, room) };
    format!(
        "<text class=\"d-text{}\" x=\"{}\" y=\"{y}\">{}</text>\
         <text class=\"d-text d-type\" text-anchor=\"end\" x=\"{}\" y=\"{y}\">{}</text>",
        class(row.mark),
        x + 8,
        escaped(&name),
        x + width - 8,
        escaped(&data_type)
    )
}

fn signed(mark: Mark, text: &str) -> String {
    match mark {
        Mark::Same => text.to_owned(),
        Mark::Changed | Mark::Added | Mark::Dropped => format!("{} {text}", mark.sign()),
    }
}

fn class(mark: Mark) -> String {
    match mark {
        Mark::Same => String::new(),
        Mark::Changed | Mark::Added | Mark::Dropped => format!(" d-{}", mark.word()),
    }
}

/// The beginning of a text that is too long.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}
