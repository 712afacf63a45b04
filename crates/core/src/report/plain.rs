//! Makes untrusted text safe to print: without control characters, and without passwords.
//!
//! Names, messages and notices come from anyone who can create an object. On a terminal an escape
//! sequence in one of them could hide a line or fake a message.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::secret::PARTS as SECRETS;
use crate::model::secret::names_secret;

/// A text whose control characters can be seen, but for the ends of lines and tabs.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\r' => shown.push_str("\\r"),
            _ if is_hidden(it) => shown.extend(it.escape_unicode()),
            _ => shown.push(it),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and those that turn the direction of what follows them (Unicode annex 9).
fn is_hidden(it: char) -> bool {
    let turns = matches!(it, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || it.is_control() && it != '\n' && it != '\t'
}

/// JSON in which such characters are written as escapes; they stand in strings only. A serializer has
/// done so with most of them.
#[must_use]
pub fn plain_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_hidden) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for it in json.chars() {
        match is_hidden(it) {
            // All of them are below U+10000.
            true => shown.push_str(&format!("\\u{:04x}", u32::from(it))),
            false => shown.push(it),
        }
    }
    Cow::Owned(shown)
}

/// A text without the passwords that stand in it: in the user's part of a URL, whatever its scheme,
/// and after `password=` and PASSWORD.
#[must_use]
pub fn without_passwords(text: &str) -> Cow<'_, str> {
    let secrets = passwords(text, &[PASSWORD]);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut known = 0;
    for it in secrets {
        shown.push_str(&text[known..it.start]);
        shown.push('…');
        known = it.end;
    }
    shown.push_str(&text[known..]);
    Cow::Owned(shown)
}

/// The values of variables that are named like secrets, each with what is shown in its place.
#[must_use]
pub fn secrets(variables: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let secret = variables.iter().filter(|(name, value)| !value.is_empty() && names_secret(name));
    secret.map(|(name, value)| (value.clone(), format!(":{name}"))).collect()
}

/// A text without the values of variables that are secret.
#[must_use]
pub fn without_secrets(text: &str, secrets: &[(String, String)]) -> String {
    secrets.iter().fold(text.to_owned(), |it, (value, shown)| it.replace(value, shown))
}

/// A source text with its passwords and what options name as secrets overwritten, a star for each byte,
/// so that everything keeps its place.
#[must_use]
pub fn with_passwords_starred(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut known = 0;
    for it in passwords(text, &SECRETS) {
        shown.push_str(&text[known..it.start]);
        shown.push_str(&"*".repeat(it.len()));
        known = it.end;
    }
    shown.push_str(&text[known..]);
    shown
}

/// What ends a word that may hold a URL.
const ENDS_OF_WORDS: &[char] = &['"', '\'', '`', '<', '>'];

/// The places of passwords, in order, none in another.
fn passwords(text: &str, keywords: &[&str]) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let named = keywords.iter().flat_map(|it| after_keyword(text, &lower, it));
    let mut found: Vec<Range<usize>> = in_urls(text).chain(named).collect();
    found.sort_by_key(|it| (it.start, it.end));
    let mut places: Vec<Range<usize>> = Vec::new();
    for it in found.into_iter().filter(|it| !it.is_empty()) {
        match places.last_mut() {
            Some(last) if it.start < last.end => last.end = last.end.max(it.end),
            _ => places.push(it),
        }
    }
    places
}

/// From the colon after the user to the last `@` of the word: a password with a slash or an `@` of its
/// own is a mistake that must not show it.
fn in_urls(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, _)| {
        let start = at + "://".len();
        let word = &text[start..];
        let end = word.find(|it: char| it.is_whitespace() || ENDS_OF_WORDS.contains(&it));
        let word = &word[..end.unwrap_or(word.len())];
        let colon = word.find(':')?;
        let at = word.rfind('@')?;
        (colon < at).then(|| start + colon + 1..start + at)
    })
}

const PASSWORD: &str = "password";

/// The values behind a keyword. `lower` is the text in lower case.
fn after_keyword(text: &str, lower: &str, keyword: &str) -> impl Iterator<Item = Range<usize>> {
    let places: Vec<usize> = lower.match_indices(keyword).map(|it| it.0 + keyword.len()).collect();
    places.into_iter().filter_map(|start| {
        let rest = text[start..].trim_start();
        let assigned = rest.strip_prefix('=').map(str::trim_start);
        let value = assigned.unwrap_or(rest);
        let begins = text.len() - value.len();
        let quote = value.chars().next().filter(|it| matches!(it, '\'' | '"'));
        let end = match quote {
            Some(quote) if assigned.is_some() || quote == '\'' => {
                let closed = value[1..].find(quote).map(|it| it + 1);
                return Some(begins + 1..begins + closed.unwrap_or(value.len()));
            }
            _ if assigned.is_some() => value
                .find(|it: char| it.is_whitespace() || it == '&' || ENDS_OF_WORDS.contains(&it)),
            _ => return None,
        };
        Some(begins..begins + end.unwrap_or(value.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen() {
        for (text, expected) in [
            ("a\tb\nc é …", "a\tb\nc é …"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\rb\u{7}\u{7f}\u{9b}1m", "a\\rb\\u{7}\\u{7f}\\u{9b}1m"),
            ("a\u{202e}b\u{2066}", "a\\u{202e}b\\u{2066}"),
        ] {
            assert_eq!(plain(text), expected);
        }
        assert_eq!(plain_json("[\"a\u{9b}\u{202e}\"]"), "[\"a\\u009b\\u202e\"]");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_passwords(text), expected);
        assert_eq!(with_passwords_starred(text).len(), text.len());
    }

    #[test]
    fn passwords_are_left_out() {
        check("no `postgre://u:PW@h/x` here", "no `postgre://u:…@h/x` here");
        check("postgres://u:p/w@x@h/x?a=b", "postgres://u:…@h/x?a=b");
        check("http://h:80/x a@b", "http://h:80/x a@b");
        check("postgres://u@h:1/x", "postgres://u@h:1/x");
        check("a://u:é@h b://v:w@i", "a://u:…@h b://v:…@i");
        check("host=h password=PW user=u", "host=h password=… user=u");
        check("host=h password = 'P W' user=u", "host=h password = '…' user=u");
        check(
            "postgres://h/x?password=PW&sslmode=require",
            "postgres://h/x?password=…&sslmode=require",
        );
        check("PGPASSWORD=PW", "PGPASSWORD=…");
        check("ALTER ROLE a PASSWORD 'PW' LOGIN", "ALTER ROLE a PASSWORD '…' LOGIN");
        check("password='open", "password='…");
        check(
            "password authentication failed for user \"a\"",
            "password authentication failed for user \"a\"",
        );
        check("the password is wrong, password", "the password is wrong, password");
        check("password=", "password=");
    }

    #[test]
    fn variables_that_are_named_like_secrets_are_hidden() {
        let pairs = [("app_password", "PW"), ("tenant", "acme"), ("API_KEY", ""), ("TOKEN", "t0")];
        let variables = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let shown = without_secrets("role acme PW t0", &secrets(&variables));
        assert_eq!(shown, "role acme :app_password :TOKEN");
    }

    #[test]
    fn stars_keep_every_place() {
        assert_eq!(with_passwords_starred("url = 'x://u:pé@h'"), "url = 'x://u:***@h'");
    }
}
