//! Reads typed values from TOML, with a diagnostic for each value of another type.

mod fields;
mod list;

use toml::de::DeValue;

use super::{At, Name, Problems};

pub(super) use fields::Fields;

use crate::diagnostic::{Diagnostic, Span};
use crate::schema_toml::form::{Form, Formed, Vocabulary};
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
    /// The value of a key.
    pub(super) fn new(key: &Name, value: &'a Spanned<'a>) -> Self {
        Self { what: format!("`{}`", key.value), file: key.span.file, value }
    }

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

    /// The entries of a table whose keys are names.
    pub(super) fn entries(&self, problems: &mut Problems) -> Vec<(Name, Node<'a>)> {
        match self.value.get_ref() {
            DeValue::Table(table) => fields::entries(self.file, table),
            _ => self.wrong("a table", problems).unwrap_or_default(),
        }
    }

    /// A table of a form, or what is short for it. `what` names the whole in messages.
    pub(super) fn open<F: Formed>(
        &self,
        what: impl Into<String>,
        problems: &mut Problems,
    ) -> Option<Fields<'a>> {
        self.open_as(F::FORM, what, problems)
    }

    /// The same, where the form is known only now.
    pub(super) fn open_as(
        &self,
        form: &'static Form,
        what: impl Into<String>,
        problems: &mut Problems,
    ) -> Option<Fields<'a>> {
        let fits = |is_list| if is_list { self.is_list() } else { self.is_string() };
        match (self.value.get_ref(), &form.short) {
            (DeValue::Table(table), _) => Some(Fields::new(form, self.span(), what, table)),
            (_, None) => self.wrong("a table", problems),
            (_, Some(it)) if fits(it.is_list()) => Some(self.alone(form, it.key.name)),
            (_, Some(it)) if it.is_list() => self.no_list(it.expected, problems),
            (_, Some(it)) => self.wrong(it.expected, problems),
        }
    }

    /// The same; a table that lacks nothing where the value is something else.
    pub(super) fn open_anyway<F: Formed>(
        &self,
        what: impl Into<String>,
        problems: &mut Problems,
    ) -> Fields<'a> {
        let opened = self.open::<F>(what, problems);
        opened.unwrap_or_else(|| Fields::broken(F::FORM, self.span()))
    }

    /// Reads a table of a form, or what is short for it, to its end. What must not be missing is read
    /// last, so that all other mistakes are found as well.
    pub(super) fn read<F: Formed, T>(
        &self,
        what: impl Into<String>,
        problems: &mut Problems,
        read: impl FnOnce(&mut Fields<'a>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        self.read_or::<F, T>(what, problems, |_, _| None, read)
    }

    /// The same, with help for unknown keys.
    pub(super) fn read_or<F: Formed, T>(
        &self,
        what: impl Into<String>,
        problems: &mut Problems,
        help: impl Fn(&str, &Node<'a>) -> Option<String>,
        read: impl FnOnce(&mut Fields<'a>, &mut Problems) -> Option<T>,
    ) -> Option<T> {
        let mut fields = self.open::<F>(what, problems)?;
        let value = read(&mut fields, problems);
        fields.finish_or(problems, help);
        value
    }

    /// A table of one key with this value.
    pub(super) fn alone(&self, form: &'static Form, key: &'static str) -> Fields<'a> {
        Fields::alone(form, At::new(key.to_owned(), self.span()), self.clone())
    }

    /// One of several words.
    pub(super) fn word<W: Vocabulary>(&self, problems: &mut Problems) -> Option<W::Value> {
        let text = self.string(problems)?;
        let found = W::WORDS.iter().find(|(word, _)| *word == text.value);
        if found.is_none() {
            let message = format!("{} cannot be `{}`", self.what, text.value);
            let problem = Diagnostic::error(text.span, message);
            let problem = problem.did_you_mean(&text.value, W::words());
            problems.push(problem.help(format!("one of: {}", quoted(&W::words()))));
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

    /// The mistake that the value should have been something else.
    pub(super) fn mismatch(&self, expected: &str) -> Diagnostic {
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
