//! What generated code needs: files of the runtime, and crates.
//!
//! Each view of a template says what it needs; the index and `support` are made of the union.

use std::collections::BTreeSet;

use super::runtime::{self, Crate, Part};

/// What code needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Needs {
    parts: BTreeSet<Part>,
    crates: BTreeSet<Crate>,
}

impl Needs {
    pub(super) fn new(parts: &[Part], crates: &[Crate]) -> Self {
        Self { parts: parts.iter().copied().collect(), crates: crates.iter().copied().collect() }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.parts.extend(&other.parts);
        self.crates.extend(&other.crates);
    }

    /// Adds parts of the runtime if something is so.
    pub(super) fn add_if(&mut self, holds: bool, parts: &[Part]) {
        if holds {
            self.parts.extend(parts);
        }
    }

    /// Whether the code itself names something of the runtime.
    pub(super) fn names_runtime(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Whether the code itself names a type of the runtime that is a part of responses.
    pub(super) fn is_on_the_wire(&self) -> bool {
        self.parts.iter().any(|it| it.is_on_the_wire())
    }

    /// The files of the runtime, with those that they use, in the order of their names.
    pub(super) fn parts(&self) -> BTreeSet<Part> {
        let mut all = BTreeSet::new();
        let mut left: Vec<Part> = self.parts.iter().copied().collect();
        while let Some(part) = left.pop() {
            if all.insert(part) {
                left.extend(runtime::file(part).uses);
            }
        }
        all
    }

    /// The crates of the code itself.
    pub(super) fn own_crates(&self) -> BTreeSet<Crate> {
        self.crates.clone()
    }

    /// The crates of the code and of copies of the runtime.
    pub(super) fn all_crates(&self) -> BTreeSet<Crate> {
        let copied = self.parts().into_iter().flat_map(|it| runtime::file(it).crates);
        copied.copied().chain(self.own_crates()).collect()
    }
}

impl FromIterator<Needs> for Needs {
    fn from_iter<I: IntoIterator<Item = Needs>>(all: I) -> Self {
        let mut union = Self::default();
        all.into_iter().for_each(|it| union.add(&it));
        union
    }
}
