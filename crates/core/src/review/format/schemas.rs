//! Two texts side by side: which lines are the same, and which are not.

/// A row of two texts side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Side {
    /// The line is in both.
    Same(String),
    /// The line is only in the first.
    Before(String),
    /// The line is only in the second.
    After(String),
    /// A line of each that stands in the same place.
    Both(String, String),
    /// So many lines that are the same and not shown.
    Skipped(usize),
}

/// How many lines are shown around those that differ.
const AROUND: usize = 3;

/// More pairs of lines than this are not compared one by one.
const LARGEST: usize = 4_000_000;

/// The lines that differ, with a few around them. Nothing, if the texts are equal.
pub(super) fn sides(before: &str, after: &str) -> Vec<Side> {
    if before == after {
        return Vec::new();
    }
    folded(&paired(rows(&lines(before), &lines(after))))
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// The rows by a longest common subsequence of lines.
fn rows(before: &[&str], after: &[&str]) -> Vec<Side> {
    let head = before.iter().zip(after).take_while(|it| it.0 == it.1).count();
    let (left, right) = (&before[head..], &after[head..]);
    let tail = left.iter().rev().zip(right.iter().rev()).take_while(|it| it.0 == it.1).count();
    let (left, right) = (&left[..left.len() - tail], &right[..right.len() - tail]);
    let same = |it: &&str| Side::Same((*it).to_owned());
    let mut rows: Vec<Side> = before[..head].iter().map(same).collect();
    rows.extend(middle(left, right));
    rows.extend(before[before.len() - tail..].iter().map(same));
    rows
}

fn middle(left: &[&str], right: &[&str]) -> Vec<Side> {
    if left.len().saturating_mul(right.len()) > LARGEST {
        let before = left.iter().map(|it| Side::Before((*it).to_owned()));
        return before.chain(right.iter().map(|it| Side::After((*it).to_owned()))).collect();
    }
    let width = right.len() + 1;
    let mut longest = vec![0_u32; (left.len() + 1) * width];
    for i in (0..left.len()).rev() {
        for j in (0..right.len()).rev() {
            longest[i * width + j] = match left[i] == right[j] {
                true => longest[(i + 1) * width + j + 1] + 1,
                false => longest[(i + 1) * width + j].max(longest[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut rows = Vec::new();
    while i < left.len() || j < right.len() {
        if i < left.len() && j < right.len() && left[i] == right[j] {
            rows.push(Side::Same(left[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == right.len()
            || i < left.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]
        {
            rows.push(Side::Before(left[i].to_owned()));
            i += 1;
        } else {
            rows.push(Side::After(right[j].to_owned()));
            j += 1;
        }
    }
    rows
}

/// Puts lines that are dropped beside those that take their place.
fn paired(rows: Vec<Side>) -> Vec<Side> {
    let mut paired = Vec::with_capacity(rows.len());
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Side::Before(it) => before.push(it),
            Side::After(it) => after.push(it),
            Side::Same(_) | Side::Both(..) | Side::Skipped(_) => {
                flush(&mut before, &mut after, &mut paired);
                paired.push(row);
            }
        }
    }
    flush(&mut before, &mut after, &mut paired);
    paired
}

fn flush(before: &mut Vec<String>, after: &mut Vec<String>, rows: &mut Vec<Side>) {
    let mut after = after.drain(..);
    for left in before.drain(..) {
        rows.push(match after.next() {
            Some(right) => Side::Both(left, right),
            None => Side::Before(left),
        });
    }
    rows.extend(after.map(Side::After));
}

/// Leaves out what is far from any difference.
fn folded(rows: &[Side]) -> Vec<Side> {
    let is_same = |it: &Side| matches!(it, Side::Same(_));
    let near = |at: usize| {
        let around = at.saturating_sub(AROUND)..(at + AROUND + 1).min(rows.len());
        rows[around].iter().any(|it| !is_same(it))
    };
    let mut folded = Vec::new();
    let mut skipped = 0;
    for (at, row) in rows.iter().enumerate() {
        if near(at) {
            folded.extend((skipped > 0).then_some(Side::Skipped(skipped)));
            skipped = 0;
            folded.push(row.clone());
        } else {
            skipped += 1;
        }
    }
    folded.extend((skipped > 0).then_some(Side::Skipped(skipped)));
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let row = |it: &Side| match it {
            Side::Same(it) => format!("={it}"),
            Side::Before(it) => format!("-{it}"),
            Side::After(it) => format!("+{it}"),
            Side::Both(a, b) => format!("~{a}|{b}"),
            Side::Skipped(it) => format!("…{it}"),
        };
        sides(before, after).iter().map(row).collect()
    }

    #[test]
    fn lines_are_side_by_side() {
        assert_eq!(told("a\nb\nc", "a\nx\nc\nd"), ["=a", "~b|x", "=c", "+d"]);
        assert_eq!(told("a\nb", "b"), ["-a", "=b"]);
        assert_eq!(told("a", "a"), [] as [&str; 0]);
        assert_eq!(told("", "a"), ["+a"]);
    }

    #[test]
    fn what_is_far_is_left_out() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10";
        let after = "1\n2\n3\n4\n5\n6\n7\n8\n9\nx";
        assert_eq!(told(before, after), ["…6", "=7", "=8", "=9", "~10|x"]);
    }
}
