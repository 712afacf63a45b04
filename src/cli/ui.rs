//! The only writer: data to standard output, everything else to standard error.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::operations::failure::{Failure, Mistakes};
use crate::report::plain::{plain, plain_json, secrets, without_passwords, without_secrets};
use crate::report::snippet;
use crate::revision::variables::Variables;

use super::Outcome;
use super::envelope::Told;
use super::global::{Format, When};

/// The color of notes.
const NOTE: &str = "\u{1b}[1;36m";
/// The color of hints.
const HINT: &str = "\u{1b}[1;32m";

/// Where the program speaks.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    format: Format,
    color: bool,
    /// Texts that are never shown, with what is shown in their place.
    secrets: &'static [(String, String)],
    /// What is printed as one document at the end, with `--format json`.
    told: Option<&'static Told>,
}

impl Ui {
    /// Decides on color: `auto` means a terminal on standard error and no NO_COLOR. There is one of these in a
    /// process, which keeps what it tells programs to its end.
    #[must_use]
    pub fn new(format: Format, color: When, no_color: bool) -> Self {
        let color = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stderr().is_terminal() && !no_color,
        };
        let told = (format == Format::Json).then(|| &*Box::leak(Box::default()));
        Self { format, color, secrets: &[], told }
    }

    /// The same, which hides what was given for variables that are named like secrets.
    #[must_use]
    pub fn hiding(self, variables: &Variables) -> Self {
        Self { secrets: Vec::leak(secrets(variables)), ..self }
    }

    /// What may be shown of a text.
    fn fit(self, text: &str) -> String {
        plain(&without_passwords(&without_secrets(text, self.secrets))).into_owned()
    }

    /// Whether to color what goes to standard error.
    #[must_use]
    pub fn color(self) -> bool {
        self.color
    }

    /// Prints the outcome of a command: the text for people, or the value for programs at the end.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn data<T: Serialize>(self, value: &T, text: &str) -> io::Result<()> {
        match self.told {
            None => write_all(&plain(text)),
            Some(told) => keep(told, value),
        }
    }

    /// How data is printed.
    #[must_use]
    pub fn format(self) -> Format {
        self.format
    }

    /// Prints a text to the byte.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn verbatim(self, text: &str) -> io::Result<()> {
        write_all(text)
    }

    /// Prints a text that is the outcome itself, such as a script: to the byte, unless it goes to a
    /// terminal.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn document<T: Serialize>(self, value: &T, text: &str) -> io::Result<()> {
        match self.told {
            None if io::stdout().is_terminal() => write_all(&plain(text)),
            None => write_all(text),
            Some(told) => keep(told, value),
        }
    }

    /// Begins what belongs to one of several databases.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn begin_part(self, name: &str) -> io::Result<()> {
        match self.told {
            None => write_all(&plain(&format!("== {name}\n"))),
            Some(told) => {
                told.begin_part(name);
                Ok(())
            }
        }
    }

    /// Tells how the program ends: why it failed, and with `--format json` everything.
    pub(super) fn end(self, ended: &Result<Outcome, Failure>, exit: u8) {
        if let Err(failure) = ended {
            self.failure(failure);
        }
        if let Some(told) = self.told {
            let text = format!("{}\n", told.document(ended, exit));
            // Nobody is left to be told when the output is gone.
            let _ = write_all(&plain_json(&self.without_secrets(&text)));
        }
    }

    fn without_secrets(self, text: &str) -> String {
        without_passwords(&without_secrets(text, self.secrets)).into_owned()
    }

    /// Prints something in addition to the data.
    pub fn note(self, text: &str) {
        self.say("note", NOTE, text);
    }

    /// Tells people what is still being done. Programs get no message of it, since it depends on the machine.
    pub fn progress(self, doing: &str) {
        self.labelled("note", NOTE, &format!("still {doing}"));
    }

    /// Warns people.
    pub fn warning(self, text: &str) {
        self.say("warning", "\u{1b}[1;33m", text);
    }

    /// Tells what may fail on a database with rows.
    pub fn may_fail(self, text: &str) {
        self.say("may fail", "\u{1b}[1;33m", text);
    }

    /// Tells what is lost for good.
    pub fn loses(self, text: &str) {
        self.say("loses", "\u{1b}[1;33m", text);
    }

    /// Reports why it failed.
    pub fn error(self, text: &str) {
        self.labelled("error", "\u{1b}[1;31m", text);
    }

    /// Adds what to do about it.
    pub fn hint(self, text: &str) {
        self.say("hint", HINT, text);
    }

    /// Tells why a command failed.
    fn failure(self, failure: &Failure) {
        if let Some(Mistakes { diagnostics, files }) = &failure.mistakes {
            self.styled(&snippet::render(diagnostics, files, self.color));
        }
        if !failure.message.is_empty() {
            self.error(&failure.message);
        }
        for line in &failure.details {
            self.raw(&format!("  {line}\n"));
        }
        for hint in &failure.hints {
            self.labelled("hint", HINT, hint);
        }
    }

    /// Prints lines to standard error.
    pub fn raw(self, text: &str) {
        self.styled(&self.fit(text));
    }

    /// Prints text with colors to standard error, in which nothing is left of others that could do
    /// harm.
    pub fn styled(self, text: &str) {
        // Nothing is left to be told when standard error is gone.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    fn say(self, level: &'static str, style: &str, text: &str) {
        if let Some(told) = self.told {
            told.message(level, text);
        }
        self.labelled(level, style, text);
    }

    fn labelled(self, label: &str, style: &str, text: &str) {
        let text = self.fit(text);
        if self.color {
            self.styled(&format!("{style}{label}\u{1b}[0m: {text}\n"));
        } else {
            self.styled(&format!("{label}: {text}\n"));
        }
    }
}

/// Gives the script of a shell what it asked for.
pub(super) fn answer(bytes: &[u8]) {
    // A shell that no longer listens wants nothing more.
    let _ = io::stdout().lock().write_all(bytes);
}

fn keep<T: Serialize>(told: &Told, value: &T) -> io::Result<()> {
    told.data(value).map_err(io::Error::other)
}

/// Writes to standard output; a closed pipe is no error, its reader has seen enough.
fn write_all(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
