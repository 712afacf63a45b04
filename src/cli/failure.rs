//! Why a command failed, for people: kind, message, causes, hints, and the exit status.

use super::ui::Ui;

/// The kinds of failure, each with its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer is no.
    Answer,
    /// Arguments, configuration, schema.toml or revision files are wrong.
    Input,
    /// The database refused or cannot be reached.
    Database,
    /// Our own fault.
    Internal,
}

impl Kind {
    /// The exit status.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Answer => 1,
            Self::Input => 2,
            Self::Database => 3,
            Self::Internal => 70,
        }
    }
}

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: Kind,
    /// What went wrong; begins in lower case, has no final stop.
    pub message: String,
    /// Already formatted text that goes before the message: annotated source.
    pub shown: String,
    /// Further lines below the message, such as PostgreSQL's DETAIL.
    pub details: Vec<String>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure with a message only.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            shown: String::new(),
            details: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// The database refused.
    pub fn database(message: impl Into<String>) -> Self {
        Self::new(Kind::Database, message)
    }

    /// Adds a line below the message.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// Adds something to do about it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Tells people.
    pub fn report(&self, ui: Ui) {
        ui.raw(&self.shown);
        if !self.message.is_empty() {
            ui.error(&self.message);
        }
        for line in &self.details {
            ui.raw(&format!("  {line}\n"));
        }
        for hint in &self.hints {
            ui.hint(hint);
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::input(error.to_string())
    }
}
