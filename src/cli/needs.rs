//! What a command needs of a project before it runs. Each says so in its file.

use crate::config::{DatabasePlace, DatabaseSettings, DevDatabase, Settings};

/// What a command needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// It goes through several databases, one after the other.
    pub(super) each_database: bool,
    /// It has an orderly way of its own to stop.
    pub(super) stops_itself: bool,
    /// It may work on the configured database.
    database: bool,
    /// It may try something on a scratch database.
    scratch: bool,
}

impl Needs {
    /// The files of a project.
    pub(super) const FILES: Self =
        Self { each_database: false, stops_itself: false, database: false, scratch: false };
    /// The configured database.
    pub(super) const DATABASE: Self = Self { database: true, ..Self::FILES };
    /// Scratch databases.
    pub(super) const SCRATCH: Self = Self { scratch: true, ..Self::FILES };
    /// Both.
    pub(super) const BOTH: Self = Self { database: true, ..Self::SCRATCH };

    /// The same, through several databases.
    pub(super) const fn each(self) -> Self {
        Self { each_database: true, ..self }
    }

    /// The same, of a command that runs revisions or writes the ledger.
    pub(super) const fn stopping(self) -> Self {
        Self { stops_itself: true, ..self }
    }

    /// Whether the command could come to start the embedded engine.
    pub(super) fn may_start_engine(self, settings: &Settings) -> bool {
        let embedded = |it: &DatabaseSettings| matches!(it.place.value, DatabasePlace::Embedded(_));
        let database = settings.databases.first().is_some_and(embedded);
        let scratch = match settings.dev.value {
            DevDatabase::Embedded => true,
            DevDatabase::Target => database,
            DevDatabase::Server(_) | DevDatabase::Disposable(_) => false,
        };
        self.database && database || self.scratch && scratch
    }
}
