//! Lines as PostgreSQL and psql end them: at a line feed, at a carriage return, and at both together.

/// The lines of a text, each with its end.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (line, after) = rest.split_at(end_of_line(rest));
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// Where the first line ends; its end belongs to it.
#[must_use]
pub fn end_of_line(text: &str) -> usize {
    match text.find(['\n', '\r']) {
        None => text.len(),
        Some(at) if text[at..].starts_with("\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

/// How many line ends there are.
#[must_use]
pub fn line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends_with = |at: usize| bytes.get(at + 1) != Some(&b'\n');
    let is_end = |(at, it): (usize, &u8)| *it == b'\n' || (*it == b'\r' && ends_with(at));
    bytes.iter().enumerate().filter(|it| is_end(*it)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_counts_once() {
        let text = "a\nb\rc\r\n\r\n\n\rd";
        let found: Vec<&str> = lines(text).collect();
        assert_eq!(found, ["a\n", "b\r", "c\r\n", "\r\n", "\n", "\r", "d"]);
        assert_eq!(line_ends(text), 6);
        assert_eq!(lines("").count(), 0);
        assert_eq!(end_of_line("a"), 1);
    }
}
