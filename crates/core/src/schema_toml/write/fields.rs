//! Writing the keys of a table, each as the shape that its form gives it.

use std::fmt::Display;

use super::toml_text::Value;
use crate::model::options::Options;
use crate::schema_toml::form::{
    Flag, FlagOr, Form, Formed, Integer, Key, Map, Names, Switch, Textual, Vocabulary, Words,
};

/// Keys and values, added one by one; what is not special is left out.
pub(super) struct FieldsOut {
    form: &'static Form,
    entries: Vec<(String, Value)>,
}

impl FieldsOut {
    /// A table of a form, empty so far.
    pub(super) fn of<F: Formed>() -> Self {
        Self::new(F::FORM)
    }

    /// The same, where the form is known only now.
    pub(super) fn new(form: &'static Form) -> Self {
        Self { form, entries: Vec::new() }
    }

    /// A key with its value.
    pub(super) fn push<V>(&mut self, key: &Key<V>, value: Value) {
        let (form, name) = (self.form, key.name());
        debug_assert!(form.has(name), "the form `{}` has no key `{name}`", form.name);
        self.entries.push((name.to_owned(), value));
    }

    /// A string.
    pub(super) fn text<V: Textual>(&mut self, key: &Key<V>, text: impl Into<String>) {
        self.push(key, Value::text(text));
    }

    /// A string, if there is one.
    pub(super) fn optional<V: Textual>(&mut self, key: &Key<V>, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    /// `true`, or nothing.
    pub(super) fn flag(&mut self, key: &Key<Flag>, on: bool) {
        if on {
            self.push(key, Value::Bool(true));
        }
    }

    /// A number.
    pub(super) fn number(&mut self, key: &Key<Integer>, number: impl Display) {
        self.push(key, Value::Number(number.to_string()));
    }

    /// A word, if there is one.
    pub(super) fn word<W: Vocabulary>(&mut self, key: &Key<Words<W>>, value: Option<W::Value>) {
        if let Some(value) = value {
            self.push(key, word::<W>(value));
        }
    }

    /// A word, unless it says what is usual.
    pub(super) fn word_unless<W: Vocabulary>(
        &mut self,
        key: &Key<Words<W>>,
        value: W::Value,
        usual: W::Value,
    ) {
        self.word(key, (value != usual).then_some(value));
    }

    /// `true`, or a word that says more, or nothing.
    pub(super) fn switch<W: Switch>(&mut self, key: &Key<FlagOr<W>>, value: W::Value) {
        if value == W::ON {
            self.push(key, Value::Bool(true));
        } else if value != W::OFF {
            self.push(key, word::<W>(value));
        }
    }

    /// A list of names, unless it is empty.
    pub(super) fn names<T: AsRef<str>>(
        &mut self,
        key: &Key<Names>,
        names: impl IntoIterator<Item = T>,
    ) {
        let value = Value::texts(names);
        if value != Value::List(Vec::new()) {
            self.push(key, value);
        }
    }

    /// Names with what is said of each, unless there are none.
    pub(super) fn map<V, T: AsRef<str>>(
        &mut self,
        key: &Key<Map<V>>,
        entries: impl IntoIterator<Item = (T, Value)>,
    ) {
        let entries = entries.into_iter().map(|(name, value)| (name.as_ref().to_owned(), value));
        let entries: Vec<_> = entries.collect();
        if !entries.is_empty() {
            self.push(key, Value::Table(entries));
        }
    }

    /// Storage parameters, unless there are none.
    pub(super) fn options<V>(&mut self, key: &Key<Map<V>>, options: &Options) {
        self.map(key, options.iter().map(|(name, it)| (name, Value::scalar(it))));
    }

    /// The value of the one key that is short for the whole, where there is no other; else a table.
    pub(super) fn short(self) -> Value {
        let key = self.form.short.as_ref().map_or("", |it| it.key.name);
        self.short_by(key)
    }

    /// The same with another key.
    pub(super) fn short_by(mut self, key: &str) -> Value {
        match self.entries.pop() {
            Some((it, value)) if self.entries.is_empty() && it == key => value,
            last => {
                self.entries.extend(last);
                Value::Table(self.entries)
            }
        }
    }

    /// All of them.
    pub(super) fn table(self) -> Value {
        Value::Table(self.entries)
    }

    /// All of them, one by one.
    pub(super) fn into_entries(self) -> Vec<(String, Value)> {
        self.entries
    }
}

/// A word as a value.
pub(super) fn word<W: Vocabulary>(value: W::Value) -> Value {
    Value::text(W::word(value).expect("every meaning but the usual one has a word"))
}
