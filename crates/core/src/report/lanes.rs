//! A graph drawn next to a list, like `git log --graph`: one lane for each line of descent.

use std::collections::BTreeSet;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRow {
    /// Its name.
    pub id: String,
    /// The names of the rows that it leads down to. Those that are not in the list are left out.
    pub parents: Vec<String>,
    /// What stands beside it.
    pub lines: Vec<String>,
}

/// Draws rows of which each stands above its parents.
#[must_use]
pub fn draw(rows: &[LaneRow]) -> String {
    let mut drawing = Drawing { lanes: Vec::new(), text: String::new() };
    let ids: BTreeSet<&String> = rows.iter().map(|it| &it.id).collect();
    for row in rows {
        let known = |it: &&String| ids.contains(it);
        let parents: Vec<&str> = row.parents.iter().filter(known).map(String::as_str).collect();
        drawing.row(row, &parents);
    }
    drawing.text
}

struct Drawing<'a> {
    /// What each lane leads down to.
    lanes: Vec<Option<&'a str>>,
    text: String,
}

impl<'a> Drawing<'a> {
    fn row(&mut self, row: &'a LaneRow, parents: &[&'a str]) {
        let ways: Vec<usize> =
            (0..self.lanes.len()).filter(|it| self.lanes[*it] == Some(&row.id)).collect();
        let at = ways.first().copied().unwrap_or_else(|| self.free_after(0));
        for way in ways.iter().skip(1).rev() {
            self.lanes[*way] = None;
            self.crossing(at, *way, '/');
        }
        self.trim(at);
        self.lanes[at] = Some(&row.id);
        let mut lines = row.lines.iter();
        self.line(Some(at), lines.next().map_or("", String::as_str));
        self.lanes[at] = parents.first().copied();
        for line in lines {
            self.line(None, line);
        }
        for parent in parents.iter().skip(1) {
            let way = self.free_after(at + 1);
            self.crossing(at, way, '\\');
            self.lanes[way] = Some(parent);
        }
        self.trim(0);
    }

    /// Forgets the lanes at the right that nothing uses, but not this one.
    fn trim(&mut self, kept: usize) {
        while self.lanes.len() > kept + 1 && self.lanes.last() == Some(&None) {
            self.lanes.pop();
        }
    }

    /// A lane that nothing uses, from this one on.
    fn free_after(&mut self, first: usize) -> usize {
        let free = (first..self.lanes.len()).find(|it| self.lanes[*it].is_none());
        free.unwrap_or_else(|| {
            self.lanes.push(None);
            self.lanes.len() - 1
        })
    }

    fn cells(&self) -> Vec<char> {
        let cell = |it: &Option<&str>| [if it.is_some() { '|' } else { ' ' }, ' '];
        self.lanes.iter().flat_map(cell).collect()
    }

    fn line(&mut self, node: Option<usize>, text: &str) {
        let mut cells = self.cells();
        if let Some(at) = node {
            cells[2 * at] = '*';
        }
        self.text.extend(cells);
        self.text.push_str(text);
        self.end();
    }

    /// A lane that branches off another, or joins it again.
    fn crossing(&mut self, near: usize, far: usize, stroke: char) {
        let mut cells = self.cells();
        cells[2 * near] = '|';
        let blank = cells[2 * near + 1..2 * far - 1].iter_mut().filter(|it| **it == ' ');
        blank.for_each(|it| *it = '_');
        cells[2 * far - 1] = stroke;
        self.text.extend(cells);
        self.end();
    }

    fn end(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rows: &[(&str, &[&str])], expected: &str) {
        let rows: Vec<_> = rows
            .iter()
            .map(|(id, parents)| LaneRow {
                id: (*id).to_owned(),
                parents: parents.iter().map(|it| (*it).to_owned()).collect(),
                lines: vec![(*id).to_owned()],
            })
            .collect();
        let drawn = draw(&rows);
        assert_eq!(drawn, expected.trim_start_matches('\n'), "\n{drawn}");
    }

    #[test]
    fn lines() {
        check(&[], "");
        check(&[("b", &["a"]), ("a", &[])], "* b\n* a\n");
        check(&[("b", &["elsewhere"]), ("a", &[])], "* b\n* a\n");
    }

    #[test]
    fn a_diamond() {
        let rows: &[(&str, &[&str])] =
            &[("m", &["l", "r"]), ("r", &["z"]), ("l", &["z"]), ("z", &[])];
        check(rows, "\n* m\n|\\\n| * r\n* | l\n|/\n* z\n");
    }

    #[test]
    fn three_ways() {
        let rows: &[(&str, &[&str])] = &[
            ("m", &["a", "b", "c"]),
            ("c", &["z"]),
            ("b", &["z"]),
            ("a", &["z"]),
            ("other", &[]),
            ("z", &[]),
        ];
        let expected = r"
* m
|\
|_|\
| | * c
| * | b
* | | a
| | | * other
|_|/
|/
* z
";
        check(rows, expected);
    }

    #[test]
    fn further_lines_keep_to_their_lanes() {
        let row = |id: &str, parent: &str| LaneRow {
            id: id.into(),
            parents: vec![parent.into()],
            lines: vec![id.into(), "more".into()],
        };
        assert_eq!(draw(&[row("b", "a"), row("a", "")]), "* b\n| more\n* a\n  more\n");
    }
}
