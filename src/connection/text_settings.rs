//! How a session reads what it is sent: the same everywhere, whatever the database or the role has.

/// Settings that change what a text means: how strings, dates, intervals, arrays, XML and `= NULL` are
/// read, and in which encoding (manual, chapters "Client Connection Defaults" and "Version and Platform
/// Compatibility"). A revision means the same wherever it is run, whatever the database or the role
/// has. TimeZone is left as it is: what is noon in a database is for its owner to say.
const TEXT_SETTINGS: [(&str, &str); 9] = [
    ("standard_conforming_strings", "on"),
    ("backslash_quote", "safe_encoding"),
    ("escape_string_warning", "on"),
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("array_nulls", "on"),
    ("transform_null_equals", "off"),
    ("xmloption", "content"),
];

/// Statements that pin how text is read, each to be sent before it is read so.
#[must_use]
pub fn text_pins() -> String {
    TEXT_SETTINGS.map(|(name, value)| format!("SET {name} = '{value}'")).join("; ")
}

#[cfg(test)]
mod tests {
    use super::text_pins;

    #[test]
    fn strings_are_pinned_first() {
        let pins = text_pins();
        assert!(pins.starts_with("SET standard_conforming_strings = 'on'; "), "{pins}");
        assert!(!pins.contains('\\'), "{pins}");
    }
}
