//! Where the boxes of a diagram stand: in rows of a few, those that others reference first.

use super::{Diagram, TableBox};

/// Pixels of a character at the size of the text.
pub(super) const CHARACTER: usize = 7;
/// Pixels of a line.
pub(super) const LINE: usize = 18;
/// Pixels of the head of a box.
pub(super) const HEAD: usize = 24;
/// Pixels between boxes, in which links run.
const GAP: usize = 56;
/// The widest box.
const WIDEST: usize = 290;
/// The narrowest box.
const NARROWEST: usize = 120;

/// Where a box stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// A diagram that is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) places: Vec<Place>,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Layout {
    /// Boxes in rows of so many.
    pub(super) fn new(diagram: &Diagram, columns: usize) -> Self {
        let columns = columns.max(1);
        let order = order(diagram);
        let sizes: Vec<Place> = diagram.tables.iter().map(size).collect();
        let widest = sizes.iter().map(|it| it.width).max().unwrap_or(0);
        let mut places = vec![Place::default(); sizes.len()];
        let mut y = 8;
        for row in order.chunks(columns) {
            for (column, number) in row.iter().enumerate() {
                let x = 8 + column * (widest + GAP);
                places[*number] = Place { x, y, width: widest, ..sizes[*number] };
            }
            y += row.iter().map(|it| sizes[*it].height).max().unwrap_or(0) + GAP / 2;
        }
        let used = columns.min(order.len().max(1));
        Self { places, width: 8 + used * (widest + GAP), height: y }
    }
}

fn size(table: &TableBox) -> Place {
    let row = |it: &super::Row| it.name.chars().count() + it.data_type.chars().count() + 4;
    let longest = table.rows.iter().map(row).max().unwrap_or(0);
    let title = table.name.to_string().chars().count() + 8;
    let width = (longest.max(title) * CHARACTER).clamp(NARROWEST, WIDEST);
    Place { width, height: HEAD + table.rows.len() * LINE + 8, ..Place::default() }
}

/// The tables, each after those that it references, as far as they form no circle.
fn order(diagram: &Diagram) -> Vec<usize> {
    let count = diagram.tables.len();
    let mut needs = vec![Vec::new(); count];
    for link in diagram.links.iter().filter(|it| it.from != it.to) {
        needs[link.from].push(link.to);
    }
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    while order.len() < count {
        let free = (0..count).filter(|it| !done[*it] && needs[*it].iter().all(|it| done[*it]));
        let mut next: Vec<usize> = free.collect();
        if next.is_empty() {
            next.extend((0..count).find(|it| !done[*it]));
        }
        next.iter().for_each(|it| done[*it] = true);
        order.extend(next);
    }
    order
}
