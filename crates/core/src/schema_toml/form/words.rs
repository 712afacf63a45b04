//! The words of choices: what is read, written and told to editors.

use crate::model::code_hints::CodePart;
use crate::model::column::{Compression, Storage};
use crate::model::constraint::{Action, Timing};
use crate::model::definition::Firing;
use crate::model::pgvector::{IterativeScan, Metric};
use crate::model::table::RowSecurity;

/// A list of words, and what each means.
pub(crate) trait Vocabulary {
    /// What a word means.
    type Value: Copy + PartialEq + 'static;

    /// The words.
    const WORDS: &'static [(&'static str, Self::Value)];

    /// The words alone.
    fn words() -> Vec<&'static str> {
        Self::WORDS.iter().map(|it| it.0).collect()
    }

    /// The word for a meaning.
    fn word(value: Self::Value) -> Option<&'static str> {
        Self::WORDS.iter().find(|it| it.1 == value).map(|it| it.0)
    }
}

/// Words for what `true` and `false` do not say.
pub(crate) trait Switch: Vocabulary {
    /// What `false` means.
    const OFF: Self::Value;
    /// What `true` means.
    const ON: Self::Value;
}

/// A vocabulary: what the words mean, and the words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $value:ty { $($word:literal => $meaning:expr),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            pub(crate) enum $name {}

            impl Vocabulary for $name {
                type Value = $value;
                const WORDS: &'static [(&'static str, $value)] = &[$(($word, $meaning)),+];
            }
        )+
    };
}

/// How stored values that cannot be cast change their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnChange {
    Discard,
    Expand,
    Swap,
}

/// What identifies a row in logical replication, where it is no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplicaWord {
    Default,
    Full,
    Nothing,
}

words! {
    /// Referential actions.
    Actions: Action {
        "no action" => Action::NoAction,
        "restrict" => Action::Restrict,
        "cascade" => Action::Cascade,
        "set null" => Action::SetNull,
        "set default" => Action::SetDefault,
    }

    /// Whether MATCH is FULL.
    Matches: bool { "full" => true, "simple" => false }

    /// What `deferrable` says beside `true` and `false`.
    Deferring: Timing { "deferred" => Timing::Deferred }

    /// What `row_level_security` says beside `true` and `false`.
    Forcing: RowSecurity {
        "forced" => RowSecurity::Forced,
        "disabled, forced" => RowSecurity::DisabledForced,
    }

    /// How long values are stored.
    Storages: Storage {
        "plain" => Storage::Plain,
        "external" => Storage::External,
        "main" => Storage::Main,
        "extended" => Storage::Extended,
    }

    /// How long values are compressed.
    Compressions: Compression { "pglz" => Compression::Pglz, "lz4" => Compression::Lz4 }

    /// Whether an identity is GENERATED ALWAYS.
    IdentityModes: bool { "always" => true, "by default" => false }

    /// How stored values that cannot be cast change their type.
    OnChanges: OnChange {
        "discard" => OnChange::Discard,
        "expand" => OnChange::Expand,
        "swap" => OnChange::Swap,
    }

    /// What identifies a row in logical replication, where it is no index.
    ReplicaWords: ReplicaWord {
        "default" => ReplicaWord::Default,
        "full" => ReplicaWord::Full,
        "nothing" => ReplicaWord::Nothing,
    }

    /// In which sessions a trigger or rule fires.
    Firings: Firing {
        "origin" => Firing::Origin,
        "disabled" => Firing::Disabled,
        "replica" => Firing::Replica,
        "always" => Firing::Always,
    }

    /// Whether the order is descending.
    Directions: bool { "asc" => false, "desc" => true }

    /// Whether NULL comes first.
    NullOrders: bool { "last" => false, "first" => true }

}

/// The parts of the code for a table.
pub(crate) enum CodeParts {}

impl Vocabulary for CodeParts {
    type Value = CodePart;
    const WORDS: &'static [(&'static str, CodePart)] = CodePart::WORDS;
}

/// The metrics of pgvector.
pub(crate) enum Metrics {}

impl Vocabulary for Metrics {
    type Value = Metric;
    const WORDS: &'static [(&'static str, Metric)] = Metric::WORDS;
}

/// What an index scan does if too few rows satisfy the filter.
pub(crate) enum IterativeScans {}

impl Vocabulary for IterativeScans {
    type Value = IterativeScan;
    const WORDS: &'static [(&'static str, IterativeScan)] = IterativeScan::WORDS;
}

impl Switch for Deferring {
    const OFF: Timing = Timing::NotDeferrable;
    const ON: Timing = Timing::Deferrable;
}

impl Switch for Forcing {
    const OFF: RowSecurity = RowSecurity::Disabled;
    const ON: RowSecurity = RowSecurity::Enabled;
}
