//! The settings that change how a session reads text: the same in all sessions, whatever is set for
//! the database or the role.

use crate::sql_text::{ScriptStatement, Setting};

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

/// Statements that pin it again where a statement has given it back to what the database has, so that the
/// rest of its file is read as any other.
#[must_use]
pub fn text_pins_after(statement: &ScriptStatement) -> Option<String> {
    match statement.reset()? {
        Setting::All | Setting::Session => Some(text_pins()),
        Setting::Named(name) => TEXT_SETTINGS
            .iter()
            .find(|it| it.0.eq_ignore_ascii_case(&name))
            .map(|(name, value)| format!("SET {name} = '{value}'")),
        Setting::Several => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql_text::split;

    #[test]
    fn strings_are_pinned_first() {
        let pins = text_pins();
        assert!(pins.starts_with("SET standard_conforming_strings = 'on'; "), "{pins}");
        assert!(!pins.contains('\\'), "{pins}");
    }

    #[test]
    fn what_a_file_gives_back_is_pinned_again() {
        let after = |sql: &str| text_pins_after(&split(sql).unwrap()[0]);
        assert_eq!(after("reset all"), Some(text_pins()));
        assert_eq!(after("reset datestyle").as_deref(), Some("SET DateStyle = 'ISO, MDY'"));
        assert_eq!(after("reset role"), None);
        assert_eq!(after("set datestyle = 'German'"), None);
    }
}
