//! The tables of `schema.toml`: which keys each has, and what may stand there.
//!
//! A [`Form`] is written down once. `syntax` reads a table by its keys and tells by it which others are
//! unknown, `write` writes by the same keys, and `json_schema` describes it to editors. A [`Key`] has
//! the shape of its value as a type, so it cannot be read as one thing and written as another.
//!
//! To add a key: a line in its form, its use in `syntax` and `write`, and an example in
//! `docs/schema-toml.md`. A test reads all examples, and fails where a key has none or is not read.

mod code;
mod column;
mod constraint;
mod definition;
mod index;
mod object;
mod shape;
mod shared;
mod table;
mod types;
mod words;

use std::marker::PhantomData;

use crate::model::definition::{DefinedKind, Naming};

pub(super) use code::*;
pub(super) use column::*;
pub(super) use constraint::*;
pub(super) use definition::*;
pub(super) use index::*;
pub(super) use object::*;
pub(super) use shape::*;
pub(super) use shared::*;
pub(super) use table::*;
pub(super) use types::*;
pub(super) use words::*;

/// A table with known keys.
pub(crate) struct Form {
    /// How the JSON Schema calls it.
    pub(crate) name: &'static str,
    /// What it declares, for editors.
    pub(crate) description: &'static str,
    /// What may stand instead of it.
    pub(crate) short: Option<Short>,
    /// The keys that must be there; where there are several lists, exactly one of them. `provided`
    /// stands in for the others where none of them is there.
    pub(crate) required: &'static [&'static [&'static str]],
    /// All keys, but for the sections that [`Form::has_definitions`] adds.
    pub(crate) keys: &'static [AnyKey],
    /// Whether each kind of definition that belongs to no relation has its section here.
    pub(crate) has_definitions: bool,
}

/// The value of one key, which may stand for the whole table where there is no other key.
pub(crate) struct Short {
    /// The key.
    pub(crate) key: AnyKey,
    /// What is expected in its place, for messages.
    pub(crate) expected: &'static str,
    /// Whether the JSON Schema says so at each key that has the table, rather than at the table.
    pub(crate) at_keys: bool,
}

/// A key of a table, whatever may stand there.
#[derive(Clone, Copy)]
pub(crate) struct AnyKey {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What its value may be.
    pub(crate) shape: Shape,
    /// What it means, for editors.
    pub(crate) description: &'static str,
}

/// A key of a table with a value of one shape.
pub(crate) struct Key<V> {
    /// The key without its type.
    pub(crate) any: AnyKey,
    shape: PhantomData<fn() -> V>,
}

/// A type that stands for a form.
pub(crate) trait Formed {
    /// The form.
    const FORM: &'static Form;
}

impl<V: Shaped> Key<V> {
    const fn new(name: &'static str, description: &'static str) -> Self {
        Self { any: AnyKey { name, shape: V::SHAPE, description }, shape: PhantomData }
    }
}

impl<V> Key<V> {
    /// As it is written.
    pub(crate) const fn name(&self) -> &'static str {
        self.any.name
    }
}

impl Short {
    /// Whether it is a list, rather than a string.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.key.shape, Shape::List(_) | Shape::NonEmpty(_))
    }
}

impl Form {
    const fn new(name: &'static str, description: &'static str, keys: &'static [AnyKey]) -> Self {
        Self { name, description, short: None, required: &[], keys, has_definitions: false }
    }

    /// The value of a key may stand for the whole.
    const fn short(mut self, key: AnyKey, expected: &'static str) -> Self {
        self.short = Some(Short { key, expected, at_keys: false });
        self
    }

    /// The same; the JSON Schema says so at each key that has the table.
    const fn short_at_keys(mut self, key: AnyKey, expected: &'static str) -> Self {
        self.short = Some(Short { key, expected, at_keys: true });
        self
    }

    const fn required(mut self, required: &'static [&'static [&'static str]]) -> Self {
        self.required = required;
        self
    }

    const fn with_definitions(mut self) -> Self {
        self.has_definitions = true;
        self
    }

    /// The names of all keys.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let kinds = DefinedKind::ALL.into_iter().filter(|_| self.has_definitions);
        let forms = kinds.map(DefinedKind::form).filter(|it| it.naming != Naming::OnRelation);
        self.keys.iter().map(|it| it.name).chain(forms.map(|it| it.section))
    }

    /// Whether it has a key.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|it| it == name)
    }
}

/// A form: its name and meaning, then a line for each key of its own, then those that it shares with
/// others.
macro_rules! form {
    (
        $(#[$doc:meta])*
        $form:ident = $name:literal, $description:literal $(.$part:ident($($value:expr),*))*;
        $($key:ident: $shape:ty = $written:literal, $meaning:literal;)*
        $(+ $($shared:path),+;)?
    ) => {
        $(#[$doc])*
        pub(crate) enum $form {}

        impl $form {
            $(
                #[doc = $meaning]
                pub(crate) const $key: $crate::schema_toml::form::Key<$shape> =
                    $crate::schema_toml::form::Key::new($written, $meaning);
            )*
            const KEYS: &'static [$crate::schema_toml::form::AnyKey] =
                &[$(Self::$key.any,)* $($($shared.any,)+)?];
        }

        impl $crate::schema_toml::form::Formed for $form {
            const FORM: &'static $crate::schema_toml::form::Form =
                &$crate::schema_toml::form::Form::new($name, $description, Self::KEYS)
                    $(.$part($($value),*))*;
        }
    };
}

use form;
