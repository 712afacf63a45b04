//! Reading the keys of a table, each as the shape that its form gives it.

use toml::de::DeTable;

use super::{Node, list};
use crate::diagnostic::{Diagnostic, Span};
use crate::schema_toml::form::{
    Comment, Flag, FlagOr, Form, Formed, Integer, Key, List, Map, Options, Scalar, Shaped, Switch,
    Table, Text, Vocabulary, Words,
};
use crate::schema_toml::syntax::{At, Name, OptionsSyntax, Problems};

/// A shape that is read from one value.
pub(in crate::schema_toml::syntax) trait Read: Shaped {
    /// What is read.
    type Value;

    /// Reads it; none where the value is something else, which is a mistake, or says nothing.
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self::Value>;
}

/// Reads some shapes by methods of [`Node`].
macro_rules! read {
    ($($shape:ty: $value:ty = $method:ident;)+) => {
        $(impl Read for $shape {
            type Value = $value;

            fn read(node: &Node<'_>, problems: &mut Problems) -> Option<$value> {
                node.$method(problems)
            }
        })+
    };
}

read! {
    Text: Name = string;
    Flag: bool = boolean;
    Integer: At<i64> = integer;
    Scalar: Name = scalar;
}

impl Read for Comment {
    type Value = String;

    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<String> {
        node.string(problems).map(|it| it.value).filter(|it| !it.is_empty())
    }
}

impl<W: Vocabulary> Read for Words<W> {
    type Value = W::Value;

    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<W::Value> {
        node.word::<W>(problems)
    }
}

impl<W: Switch> Read for FlagOr<W> {
    type Value = W::Value;

    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<W::Value> {
        match node.as_bool() {
            Some(on) => Some(if on { W::ON } else { W::OFF }),
            None if node.is_string() => node.word::<W>(problems),
            None => {
                let word = W::words()[0];
                node.wrong(&format!("`true`, `false` or \"{word}\""), problems)
            }
        }
    }
}

impl<V: Read> Read for List<V> {
    type Value = Vec<V::Value>;

    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Vec<V::Value>> {
        Some(node.elements(problems).iter().filter_map(|it| V::read(it, problems)).collect())
    }
}

/// The keys of a table, taken out one by one; what is left at the end is unknown.
pub(in crate::schema_toml::syntax) struct Fields<'a> {
    form: &'static Form,
    /// The whole table's place.
    span: Span,
    what: String,
    entries: Vec<(Name, Node<'a>)>,
    /// Whether something else stands in the place of the table.
    is_broken: bool,
}

impl<'a> Fields<'a> {
    /// The keys of a table in the order in which they stand in the file.
    pub(in crate::schema_toml::syntax) fn new(
        form: &'static Form,
        span: Span,
        what: impl Into<String>,
        table: &'a DeTable<'a>,
    ) -> Self {
        let entries = entries(span.file, table);
        Self { form, span, what: what.into(), entries, is_broken: false }
    }

    /// A table of one key.
    pub(in crate::schema_toml::syntax) fn alone(
        form: &'static Form,
        key: Name,
        value: Node<'a>,
    ) -> Self {
        let (span, what) = (key.span, String::new());
        Self { form, span, what, entries: vec![(key, value)], is_broken: false }
    }

    /// An empty table, which stands for something that could not be read.
    pub(in crate::schema_toml::syntax) fn broken(form: &'static Form, span: Span) -> Self {
        Self { form, span, what: String::new(), entries: Vec::new(), is_broken: true }
    }

    /// Whether something else stands in the place of the table, which is a mistake that is noted.
    pub(in crate::schema_toml::syntax) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Whether the form has a key, be it there or not.
    pub(in crate::schema_toml::syntax) fn knows(&self, key: &str) -> bool {
        self.form.has(key)
    }

    /// Reads a key that not every form of this kind has.
    pub(in crate::schema_toml::syntax) fn if_known<V, T: Default>(
        &mut self,
        key: &Key<V>,
        read: impl FnOnce(&mut Self, &Key<V>) -> T,
    ) -> T {
        if self.knows(key.name()) { read(self, key) } else { T::default() }
    }

    /// The value of a key.
    pub(in crate::schema_toml::syntax) fn take<V>(&mut self, key: &Key<V>) -> Option<Node<'a>> {
        self.take_entry(key).map(|(_, node)| node)
    }

    /// A key, for its place, and its value.
    pub(in crate::schema_toml::syntax) fn take_entry<V>(
        &mut self,
        key: &Key<V>,
    ) -> Option<(Name, Node<'a>)> {
        self.take_named(key.name())
    }

    fn take_named(&mut self, key: &str) -> Option<(Name, Node<'a>)> {
        debug_assert!(self.form.has(key), "the form `{}` has no key `{key}`", self.form.name);
        self.remove(key)
    }

    /// A key that does not belong here, and its value.
    pub(in crate::schema_toml::syntax) fn remove(&mut self, key: &str) -> Option<(Name, Node<'a>)> {
        let at = self.entries.iter().position(|(name, _)| name.value == key)?;
        Some(self.entries.remove(at))
    }

    /// What a key says.
    pub(in crate::schema_toml::syntax) fn get<V: Read>(
        &mut self,
        key: &Key<V>,
        problems: &mut Problems,
    ) -> Option<V::Value> {
        V::read(&self.take(key)?, problems)
    }

    /// What a key says, with its place.
    pub(in crate::schema_toml::syntax) fn get_at<V: Read>(
        &mut self,
        key: &Key<V>,
        problems: &mut Problems,
    ) -> Option<At<V::Value>> {
        let node = self.take(key)?;
        Some(At::new(V::read(&node, problems)?, node.span()))
    }

    /// What a key says that must not be missing.
    pub(in crate::schema_toml::syntax) fn required<V: Read>(
        &mut self,
        key: &Key<V>,
        problems: &mut Problems,
    ) -> Option<V::Value> {
        V::read(&self.needed(key, problems)?, problems)
    }

    /// The value of a key that must not be missing.
    pub(in crate::schema_toml::syntax) fn needed<V>(
        &mut self,
        key: &Key<V>,
        problems: &mut Problems,
    ) -> Option<Node<'a>> {
        if !self.has(key) {
            self.missing(key, problems);
        }
        self.take(key)
    }

    /// Says that a key is missing.
    pub(in crate::schema_toml::syntax) fn missing<V>(&self, key: &Key<V>, problems: &mut Problems) {
        if !self.is_broken {
            let message = format!("{} has no `{}`", self.what, key.name());
            problems.push(Diagnostic::error(self.span, message));
        }
    }

    /// A boolean; `false` where it is missing.
    pub(in crate::schema_toml::syntax) fn flag(
        &mut self,
        key: &Key<Flag>,
        problems: &mut Problems,
    ) -> bool {
        self.get(key, problems).unwrap_or(false)
    }

    /// The place of a key that is `true`.
    pub(in crate::schema_toml::syntax) fn place(
        &mut self,
        key: &Key<Flag>,
        problems: &mut Problems,
    ) -> Option<Span> {
        let (key, node) = self.take_entry(key)?;
        node.boolean(problems)?.then_some(key.span)
    }

    /// `true`, `false` or a word; `false` where it is missing.
    pub(in crate::schema_toml::syntax) fn switch<W: Switch>(
        &mut self,
        key: &Key<FlagOr<W>>,
        problems: &mut Problems,
    ) -> W::Value {
        self.get(key, problems).unwrap_or(W::OFF)
    }

    /// A list; empty where it is missing.
    pub(in crate::schema_toml::syntax) fn list<V: Read>(
        &mut self,
        key: &Key<List<V>>,
        problems: &mut Problems,
    ) -> Vec<V::Value> {
        self.get(key, problems).unwrap_or_default()
    }

    /// A table of a form, or what is short for it.
    pub(in crate::schema_toml::syntax) fn open<F: Formed>(
        &mut self,
        key: &Key<Table<F>>,
        what: impl Into<String>,
        problems: &mut Problems,
    ) -> Option<Fields<'a>> {
        self.take(key)?.open::<F>(what, problems)
    }

    /// The entries of a table whose keys are names; none where it is missing.
    pub(in crate::schema_toml::syntax) fn entries<V>(
        &mut self,
        key: &Key<Map<V>>,
        problems: &mut Problems,
    ) -> Vec<(Name, Node<'a>)> {
        self.section(key.name(), problems)
    }

    /// The same, where the key is known only now.
    pub(in crate::schema_toml::syntax) fn section(
        &mut self,
        key: &'static str,
        problems: &mut Problems,
    ) -> Vec<(Name, Node<'a>)> {
        let Some((_, node)) = self.take_named(key) else { return Vec::new() };
        if node.is_list() {
            let help = list::in_place_of_a_list(key, &node);
            problems.push(node.mismatch("a table").help(help));
            return Vec::new();
        }
        node.entries(problems)
    }

    /// Names and what each says; none where the table is missing.
    pub(in crate::schema_toml::syntax) fn map<V: Read>(
        &mut self,
        key: &Key<Map<V>>,
        problems: &mut Problems,
    ) -> Vec<(Name, V::Value)> {
        let entries = self.entries(key, problems).into_iter();
        entries.filter_map(|(name, node)| Some((name, V::read(&node, problems)?))).collect()
    }

    /// Reads every entry of a table of tables, such as `[tables]`; those that cannot be read are left
    /// out, with their diagnostics in `problems`.
    pub(in crate::schema_toml::syntax) fn each<F: Formed, T>(
        &mut self,
        key: &Key<Map<Table<F>>>,
        read: impl Fn(Name, Node<'_>, &mut Problems) -> Option<T>,
        problems: &mut Problems,
    ) -> Vec<T> {
        let entries = self.entries(key, problems).into_iter();
        entries.filter_map(|(name, node)| read(name, node, problems)).collect()
    }

    /// Storage parameters: `with = { fillfactor = 70, toast.autovacuum_enabled = false }`. Their
    /// names are folded to lower case, as PostgreSQL does.
    pub(in crate::schema_toml::syntax) fn options(
        &mut self,
        key: &Key<Options>,
        problems: &mut Problems,
    ) -> OptionsSyntax {
        let mut options = Vec::new();
        for (name, node) in self.entries(key, problems) {
            let lower = name.value.to_lowercase();
            if node.is_table() {
                for (part, node) in node.entries(problems) {
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
    pub(in crate::schema_toml::syntax) fn has<V>(&self, key: &Key<V>) -> bool {
        self.entries.iter().any(|(name, _)| name.value == key.name())
    }

    /// Which of some keys are there.
    pub(in crate::schema_toml::syntax) fn places(&self, keys: &[&str]) -> Vec<Name> {
        let here = self.entries.iter().map(|(name, _)| name);
        here.filter(|it| keys.contains(&it.as_str())).cloned().collect()
    }

    /// Says which keys are unknown.
    pub(in crate::schema_toml::syntax) fn finish(self, problems: &mut Problems) {
        self.finish_or(problems, |_, _| None);
    }

    /// Says which keys are unknown, with the help that there is for them; else with a near miss.
    pub(in crate::schema_toml::syntax) fn finish_or(
        self,
        problems: &mut Problems,
        help: impl Fn(&str, &Node<'a>) -> Option<String>,
    ) {
        for (name, node) in &self.entries {
            debug_assert!(!self.form.has(name.as_str()), "`{}` is not read", name.value);
            let message = format!("unknown key `{}` in {}", name.value, self.what);
            let problem = Diagnostic::error(name.span, message);
            problems.push(match help(name.as_str(), node) {
                Some(help) => problem.help(help),
                None => problem.did_you_mean(&name.value, self.form.names()),
            });
        }
    }
}

/// The keys of a table and their values, in the order in which they stand in the file.
pub(in crate::schema_toml::syntax) fn entries<'a>(
    file: usize,
    table: &'a DeTable<'a>,
) -> Vec<(Name, Node<'a>)> {
    let mut entries = Vec::new();
    for (key, value) in table {
        let name = At::new(key.get_ref().to_string(), Span::new(file, key.span()));
        let node = Node::new(&name, value);
        entries.push((name, node));
    }
    entries.sort_by_key(|(name, _): &(Name, Node<'_>)| name.span.start);
    entries
}
