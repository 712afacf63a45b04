//! Reads values of a TOML document by key, and collects every mistake with its location. Pure.

use std::cell::RefCell;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::{Origin, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::duration::parse_duration;

/// Looks up an environment variable.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The document's number among the files of a diagnostic.
pub(super) const FILE: usize = 0;

/// What all sections of a document share.
pub(super) struct Reader<'a> {
    pub(super) variables: Variables<'a>,
    pub(super) diagnostics: RefCell<Vec<Diagnostic>>,
}

impl Reader<'_> {
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }
}

/// The place of something in the document.
pub(super) fn span(range: Range<usize>) -> Span {
    Span::new(FILE, range)
}

/// One table of the document, or one that is not there and has nothing in it.
pub(super) struct Section<'a> {
    reader: &'a Reader<'a>,
    path: String,
    table: Option<&'a DeTable<'a>>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        reader: &'a Reader<'a>,
        path: String,
        table: Option<&'a DeTable<'a>>,
    ) -> Self {
        Self { reader, path, table, asked: RefCell::default() }
    }

    /// The section below a key.
    pub(super) fn section(&self, key: &'static str) -> Section<'a> {
        let table = self.get(key).and_then(|it| self.table_of(key, it));
        Section::new(self.reader, self.path_of(key), table)
    }

    /// The sections below a key, by their names.
    pub(super) fn sections(&self, key: &'static str) -> Vec<(String, Section<'a>)> {
        let table = self.get(key).and_then(|it| self.table_of(key, it));
        let entries = table.into_iter().flat_map(|it| it.iter());
        entries
            .map(|(name, value)| {
                let name = name.get_ref().to_string();
                let path = format!("{}.{name}", self.path_of(key));
                (name.clone(), Section::new(self.reader, path, self.table_of(&name, value)))
            })
            .collect()
    }

    /// A text, with `${VAR}` filled in.
    pub(super) fn text(&self, key: &'static str) -> Option<Value<String>> {
        let raw = self.template(key)?;
        match interpolate(&raw.value, self.reader.variables) {
            Ok(value) => Some(Value { value, origin: raw.origin }),
            Err(error) => {
                self.reader.report(error.at(raw.origin));
                None
            }
        }
    }

    /// A text as written, to be filled in when it is needed.
    pub(super) fn template(&self, key: &'static str) -> Option<Value<String>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(it) => Some(found(value, it.to_string())),
            _ => self.wrong(key, value, "a string"),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &'static str) -> Option<Value<Vec<String>>> {
        let value = self.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            return self.wrong(key, value, "a list of strings");
        };
        let mut texts = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(it) => texts.push(it.to_string()),
                _ => return self.wrong(key, item, "a list of strings"),
            }
        }
        Some(found(value, texts))
    }

    /// A text, or a list of texts; `${VAR}` is filled in.
    pub(super) fn text_or_texts(&self, key: &'static str) -> Option<Value<Vec<String>>> {
        let is_list =
            |it: &DeTable<'_>| matches!(it.get(key).map(Spanned::get_ref), Some(DeValue::Array(_)));
        if !self.table.is_some_and(is_list) {
            return self.text(key).map(|it| Value { value: vec![it.value], origin: it.origin });
        }
        let Value { value, origin } = self.texts(key)?;
        match value.iter().map(|it| interpolate(it, self.reader.variables)).collect() {
            Ok(value) => Some(Value { value, origin }),
            Err(error) => {
                self.reader.report(error.at(origin));
                None
            }
        }
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<Value<bool>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(it) => Some(found(value, *it)),
            _ => self.wrong(key, value, "`true` or `false`"),
        }
    }

    /// A number that is not negative.
    pub(super) fn number(&self, key: &'static str) -> Option<Value<u32>> {
        let value = self.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(it) => u32::from_str_radix(it.as_str(), it.radix()).ok(),
            _ => None,
        };
        match number {
            Some(it) => Some(found(value, it)),
            None => self.wrong(key, value, "a non-negative number"),
        }
    }

    /// A length of time, such as `"3s"`.
    pub(super) fn duration(&self, key: &'static str) -> Option<Value<Duration>> {
        let value = self.get(key)?;
        let text = match value.get_ref() {
            DeValue::String(it) => it.as_ref(),
            DeValue::Integer(it) => it.as_str(),
            _ => "",
        };
        match parse_duration(text) {
            Some(it) => Some(found(value, it)),
            None => self.wrong(key, value, "a time such as \"500ms\", \"3s\", \"2min\" or \"0\""),
        }
    }

    /// One of some words.
    pub(super) fn choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<Value<T>> {
        let text = self.text(key)?;
        if let Some((_, it)) = choices.iter().find(|(word, _)| *word == text.value) {
            return Some(Value { value: *it, origin: text.origin });
        }
        let words: Vec<_> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{}` must be {}", self.path_of(key), words.join(" or "));
        if let Some(span) = text.origin.span() {
            let diagnostic = Diagnostic::error(span, message);
            let meant = choices.iter().map(|(word, _)| *word);
            self.reader.report(diagnostic.did_you_mean(&text.value, meant));
        }
        None
    }

    /// Reports a value that is of the right type and still will not do.
    pub(super) fn reject(&self, key: &str, origin: &Origin, expected: &str) {
        if let Some(span) = origin.span() {
            let message = format!("`{}` must be {expected}", self.path_of(key));
            self.reader.report(Diagnostic::error(span, message));
        }
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.into_iter().flat_map(|it| it.iter()) {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let message = match self.path.as_str() {
                "" => format!("unknown key `{name}`"),
                path => format!("unknown key `{name}` in `{path}`"),
            };
            let diagnostic = Diagnostic::error(span(key.span()), message);
            let diagnostic = diagnostic.did_you_mean(name, asked.iter().copied());
            let mut keys: Vec<_> = asked.iter().map(|it| format!("`{it}`")).collect();
            keys.sort_unstable();
            self.reader.report(diagnostic.help(format!("known keys: {}", keys.join(", "))));
        }
    }

    fn get(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        self.table?.get(key)
    }

    fn table_of(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Option<&'a DeTable<'a>> {
        match value.get_ref() {
            DeValue::Table(it) => Some(it),
            _ => self.wrong(key, value, "a table"),
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn wrong<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> Option<T> {
        self.reject(key, &Origin::File(span(value.span())), expected);
        None
    }
}

fn found<T>(value: &Spanned<DeValue<'_>>, found: T) -> Value<T> {
    Value { value: found, origin: Origin::File(span(value.span())) }
}

/// A `${…}` that cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TemplateError {
    Unset(String),
    Empty(String),
    Open,
}

impl TemplateError {
    pub(super) fn at(self, origin: Origin) -> Diagnostic {
        let place = origin.span().unwrap_or_else(|| span(0..0));
        match self {
            Self::Unset(name) => {
                Diagnostic::error(place, format!("environment variable `{name}` is not set"))
                    .help(format!("set it, or give a default: `${{{name}:-…}}`"))
            }
            Self::Empty(name) => {
                Diagnostic::error(place, format!("environment variable `{name}` is empty"))
                    .help(format!("set it, or give a default: `${{{name}:-…}}`"))
            }
            Self::Open => Diagnostic::error(place, "`${` is not closed")
                .help("for the characters themselves, write `$${`"),
        }
    }
}

/// Fills in `${VAR}` and `${VAR:-default}`, which is for a variable that is unset or empty, as in a
/// shell; `$${` stands for `${`.
pub(super) fn interpolate(text: &str, variables: Variables<'_>) -> Result<String, TemplateError> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(before) = before.strip_suffix('$') {
            filled.push_str(before);
            filled.push_str("${");
            rest = after;
            continue;
        }
        filled.push_str(before);
        let (inside, after) = after.split_once('}').ok_or(TemplateError::Open)?;
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        let value = match (variables(name), default) {
            (Some(value), _) if !value.is_empty() => value,
            (_, Some(default)) => default.to_owned(),
            (Some(_), None) => return Err(TemplateError::Empty(name.to_owned())),
            (None, None) => return Err(TemplateError::Unset(name.to_owned())),
        };
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, TemplateError>) {
        let variables = |name: &str| match name {
            "A" => Some("1".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        assert_eq!(interpolate(text, &variables), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn variables_are_filled_in() {
        check("", Ok(""));
        check("x${A}y${A}", Ok("x1y1"));
        check("${A:-2}${B:-3}${B:-}", Ok("13"));
        check("$A $${A} 5$", Ok("$A ${A} 5$"));
        check("${E:-2}${E:-}", Ok("2"));
        check("${B}", Err(TemplateError::Unset("B".to_owned())));
        check("${E}", Err(TemplateError::Empty("E".to_owned())));
        check("${A", Err(TemplateError::Open));
    }
}
