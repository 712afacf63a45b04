//! Reading typed values out of TOML, with a diagnostic where the type is another.

use toml::de::{DeTable, DeValue};

use super::{At, Name, OptionsSyntax, Problems, borrowed};
use crate::diagnostic::{Diagnostic, Span};
use crate::schema_toml::write::toml_text::Value;

type Spanned<'a> = toml::Spanned<DeValue<'a>>;

/// A TOML value, with the name by which messages call it.
#[derive(Clone)]
pub(super) struct Node<'a> {
    what: String,
    file: usize,
    value: &'a Spanned<'a>,
}

impl<'a> Node<'a> {
    /// Its place.
    pub(super) fn span(&self) -> Span {
        Span::new(self.file, self.value.span())
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// Whether it is a string.
    pub(super) fn is_string(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// The boolean, if it is one.
    pub(super) fn as_bool(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// A string, number or boolean as text, if it is one: for help, which reports nothing.
    pub(super) fn text(&self) -> Option<String> {
        self.scalar(&mut Problems::new()).map(|it| it.value)
    }

    /// The text, or the texts of a list.
    pub(super) fn texts(&self) -> Vec<String> {
        if self.is_list() {
            let elements = self.elements(&mut Problems::new());
            return elements.iter().filter_map(Self::text).collect();
        }
        if self.is_string() { self.text().into_iter().collect() } else { Vec::new() }
    }

    /// Whether it is a table with a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get_ref().as_table().is_some_and(|it| it.contains_key(key))
    }

    /// A string.
    pub(super) fn string(&self, problems: &mut Problems) -> Option<Name> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(At::new(text.to_string(), self.span())),
            _ => self.wrong("a string", problems),
        }
    }

    /// A string, number or boolean, as text.
    pub(super) fn scalar(&self, problems: &mut Problems) -> Option<Name> {
        let text = match self.value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(it) if it.radix() == 10 => it.as_str().to_owned(),
            DeValue::Float(it) => it.as_str().to_owned(),
            DeValue::Boolean(it) => it.to_string(),
            DeValue::Integer(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return self.wrong("a string, a number or a boolean", problems);
            }
        };
        Some(At::new(text, self.span()))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, problems: &mut Problems) -> Option<bool> {
        match self.value.get_ref() {
            DeValue::Boolean(it) => Some(*it),
            _ => self.wrong("`true` or `false`", problems),
        }
    }

    /// An integer.
    pub(super) fn integer(&self, problems: &mut Problems) -> Option<At<i64>> {
        let DeValue::Integer(it) = self.value.get_ref() else {
            return self.wrong("an integer", problems);
        };
        match i64::from_str_radix(it.as_str(), it.radix()) {
            Ok(value) => Some(At::new(value, self.span())),
            Err(_) => self.wrong("an integer of 64 bits", problems),
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self, problems: &mut Problems) -> Vec<Node<'a>> {
        let DeValue::Array(array) = self.value.get_ref() else {
            self.no_list::<()>("a list", problems);
            return Vec::new();
        };
        let what = format!("an element of {}", self.what);
        array.iter().map(|value| Node { what: what.clone(), file: self.file, value }).collect()
    }

    /// A list of strings.
    pub(super) fn strings(&self, problems: &mut Problems) -> Vec<Name> {
        self.elements(problems).iter().filter_map(|it| it.string(problems)).collect()
    }

    /// A table, its keys one by one. `what` names the whole in messages.
    pub(super) fn fields(
        &self,
        what: impl Into<String>,
        problems: &mut Problems,
    ) -> Option<Fields<'a>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.span(), what, table)),
            _ => self.wrong("a table", problems),
        }
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(
        &self,
        words: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let text = self.string(problems)?;
        let found = words.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("{} cannot be `{}`", self.what, text.value);
            let problem = Diagnostic::error(text.span, message);
            let problem = problem.did_you_mean(&text.value, known.iter().copied());
            problems.push(problem.help(format!("one of: {}", quoted(&known))));
        }
        found.map(|(_, value)| *value)
    }

    /// Says that the value should have been a list; a string alone is shown as one.
    pub(super) fn no_list<T>(&self, expected: &str, problems: &mut Problems) -> Option<T> {
        let problem = self.mismatch(expected);
        let alone = self.text().filter(|_| self.is_string());
        problems.push(match alone {
            Some(text) => problem.help(format!("write it as a list: `{}`", Value::texts([text]))),
            None => problem,
        });
        None
    }

    /// Says that the value should have been something else.
    pub(super) fn wrong<T>(&self, expected: &str, problems: &mut Problems) -> Option<T> {
        problems.push(self.mismatch(expected));
        None
    }

    /// The same, with what to write instead.
    pub(super) fn wrong_with<T>(
        &self,
        expected: &str,
        help: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        problems.push(self.mismatch(expected).help(help));
        None
    }

    fn mismatch(&self, expected: &str) -> Diagnostic {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let message = format!("{} must be {expected}", self.what);
        Diagnostic::error(self.span(), message).label(format!("this is {found}"))
    }
}

/// The words of a list in backticks, with commas.
fn quoted(words: &[&str]) -> String {
    words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// The keys of a table, taken out one by one; what is left at the end nobody knows.
pub(super) struct Fields<'a> {
    /// The whole table's place.
    pub(super) span: Span,
    what: String,
    entries: Vec<(Name, Node<'a>)>,
    known: Vec<&'static str>,
    #[cfg(test)]
    table: *const DeTable<'a>,
}

impl<'a> Fields<'a> {
    /// The keys of a table in the order in which they stand in the file.
    pub(super) fn new(span: Span, what: impl Into<String>, table: &'a DeTable<'a>) -> Self {
        let mut entries: Vec<(Name, Node<'a>)> = Vec::new();
        for (key, value) in table {
            let name = At::new(key.get_ref().to_string(), Span::new(span.file, key.span()));
            let what = format!("`{}`", name.value);
            entries.push((name, Node { what, file: span.file, value }));
        }
        entries.sort_by_key(|(name, _)| name.span.start);
        Self {
            span,
            what: what.into(),
            entries,
            known: Vec::new(),
            #[cfg(test)]
            table,
        }
    }

    /// The value of a key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Node<'a>> {
        self.take_entry(key).map(|(_, node)| node)
    }

    /// A key, for its place, and its value.
    pub(super) fn take_entry(&mut self, key: &'static str) -> Option<(Name, Node<'a>)> {
        self.known.push(key);
        self.remove(key)
    }

    /// A key that does not belong here, and its value.
    pub(super) fn remove(&mut self, key: &str) -> Option<(Name, Node<'a>)> {
        let at = self.entries.iter().position(|(name, _)| name.value == key)?;
        Some(self.entries.remove(at))
    }

    /// A string.
    pub(super) fn string(&mut self, key: &'static str, problems: &mut Problems) -> Option<Name> {
        self.take(key)?.string(problems)
    }

    /// A string that must not be missing.
    pub(super) fn required(&mut self, key: &'static str, problems: &mut Problems) -> Option<Name> {
        let node = self.take(key);
        if node.is_none() {
            self.missing(key, problems);
        }
        node?.string(problems)
    }

    /// Says that a key is missing.
    pub(super) fn missing(&self, key: &str, problems: &mut Problems) {
        let message = format!("{} has no `{key}`", self.what);
        problems.push(Diagnostic::error(self.span, message));
    }

    /// A boolean; `false` where it is missing.
    pub(super) fn flag(&mut self, key: &'static str, problems: &mut Problems) -> bool {
        self.take(key).and_then(|it| it.boolean(problems)).unwrap_or(false)
    }

    /// `provided`: whether it is there before any revision runs, made by others.
    pub(super) fn provided(&mut self, problems: &mut Problems) -> bool {
        self.flag("provided", problems)
    }

    /// An integer.
    pub(super) fn integer(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<At<i64>> {
        self.take(key)?.integer(problems)
    }

    /// A list of strings; empty where it is missing.
    pub(super) fn strings(&mut self, key: &'static str, problems: &mut Problems) -> Vec<Name> {
        self.take(key).map(|it| it.strings(problems)).unwrap_or_default()
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        self.take(key)?.choice(words, problems)
    }

    /// A comment; an empty one is none.
    pub(super) fn comment(&mut self, problems: &mut Problems) -> Option<String> {
        self.comment_under("comment", problems)
    }

    /// A comment under another key, as [`Fields::comment`].
    pub(super) fn comment_under(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<String> {
        self.string(key, problems).map(|it| it.value).filter(|it| !it.is_empty())
    }

    /// The entries of a table whose keys are names; none where it is missing.
    pub(super) fn entries(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<(Name, Node<'a>)> {
        let Some(node) = self.take(key) else { return Vec::new() };
        if node.is_list() {
            let help = borrowed::in_place_of_a_list(key, &node);
            problems.push(node.mismatch("a table").help(help));
            return Vec::new();
        }
        node.fields(key, problems).map(|it| it.entries).unwrap_or_default()
    }

    /// Storage parameters: `with = { fillfactor = 70, toast.autovacuum_enabled = false }`. Their
    /// names are folded to lower case, as PostgreSQL does.
    pub(super) fn options(&mut self, key: &'static str, problems: &mut Problems) -> OptionsSyntax {
        let mut options = Vec::new();
        for (name, node) in self.entries(key, problems) {
            let lower = name.value.to_lowercase();
            if node.is_table() {
                let inner = node.fields(lower.clone(), problems);
                for (part, node) in inner.map(|it| it.entries).unwrap_or_default() {
                    let full = format!("{lower}.{}", part.value.to_lowercase());
                    options.extend(node.scalar(problems).map(|it| (At::new(full, part.span), it)));
                }
            } else {
                options.extend(node.scalar(problems).map(|it| (At::new(lower, name.span), it)));
            }
        }
        options
    }

    /// Whether a key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(name, _)| name.value == key)
    }

    /// Which of some keys are there.
    pub(super) fn places(&self, keys: &[&str]) -> Vec<Name> {
        let here = self.entries.iter().map(|(name, _)| name);
        here.filter(|it| keys.contains(&it.as_str())).cloned().collect()
    }

    /// Says which keys are not known.
    pub(super) fn finish(self, problems: &mut Problems) {
        self.finish_or(problems, |_, _| None);
    }

    /// Says which keys are not known, with the help that there is for them; else with a near miss.
    pub(super) fn finish_or(
        self,
        problems: &mut Problems,
        help: impl Fn(&str, &Node<'a>) -> Option<String>,
    ) {
        #[cfg(test)]
        asked::note(&self);
        for (name, node) in &self.entries {
            let message = format!("unknown key `{}` in {}", name.value, self.what);
            let problem = Diagnostic::error(name.span, message);
            problems.push(match help(name.as_str(), node) {
                Some(help) => problem.help(help),
                None => problem.did_you_mean(&name.value, self.known.iter().copied()),
            });
        }
    }
}

/// Which keys each table was asked for: what the reference and the JSON Schema are held against.
#[cfg(test)]
pub(in crate::schema_toml) mod asked {
    use std::cell::RefCell;

    use super::{DeTable, Fields};

    thread_local! {
        static ASKED: RefCell<Vec<(usize, &'static str)>> = const { RefCell::new(Vec::new()) };
    }

    /// How a table is told from others.
    pub(in crate::schema_toml) fn address(table: &DeTable<'_>) -> usize {
        std::ptr::from_ref(table).addr()
    }

    pub(super) fn note(fields: &Fields<'_>) {
        let keys = fields.known.iter().map(|it| (fields.table.addr(), *it));
        ASKED.with_borrow_mut(|asked| asked.extend(keys));
    }

    /// The tables that were read on this thread, with the keys.
    pub(in crate::schema_toml) fn take() -> Vec<(usize, &'static str)> {
        ASKED.take()
    }
}
