//! The terminal as the host of operations: what they tell, and what they ask.

use std::io::{self, BufRead, IsTerminal};

use crate::ledger::Direction;
use crate::operations::{Host, Message};
use crate::report::count;
use crate::runner::Progress;

use super::commands::titled;
use super::ui::Ui;

impl Host for Ui {
    fn tell(&self, message: &Message<'_>) {
        match message {
            Message::Note(text) => self.note(text),
            Message::Warning(text) => self.warning(text),
            Message::Hint(text) => self.hint(text),
            Message::Progress(progress) => tell_progress(*self, progress),
        }
    }

    /// An empty answer is no. A pipeline has nobody to answer, even where it has a terminal.
    fn confirm(&self, question: &str) -> io::Result<Option<bool>> {
        let is_pipeline = std::env::var_os("CI").is_some_and(|it| !it.is_empty() && it != "false");
        if is_pipeline || !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Ok(None);
        }
        let mut lines = io::stdin().lock().lines();
        loop {
            self.raw(&format!("{question} [y/N] "));
            let Some(line) = lines.next() else { return Ok(Some(false)) };
            match line?.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(Some(true)),
                "" | "n" | "no" => return Ok(Some(false)),
                _ => self.raw("answer y or n\n"),
            }
        }
    }
}

fn tell_progress(ui: Ui, progress: &Progress<'_>) {
    match progress {
        Progress::Waiting { holder } => {
            let who = holder.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
            ui.note(&format!("waiting for another run of aludel{who}"));
        }
        Progress::Started { id, message, direction, resumed } => {
            let word = match direction {
                Direction::Up => "applying",
                Direction::Down => "reverting",
            };
            let from = match resumed {
                0 => String::new(),
                done => format!(
                    ", continuing after {} that {} done",
                    count(*done, "part"),
                    if *done == 1 { "is" } else { "are" }
                ),
            };
            ui.note(&format!("{word} {}{from}", titled(id, message)));
        }
        Progress::Blocked { holders } => {
            for it in holders {
                ui.note(&format!("waiting for a lock held by {it}"));
            }
        }
        Progress::Statement { .. } | Progress::Finished(_) => {}
        Progress::Batch { path, progress, of } => {
            let of = of.map_or_else(String::new, |it| format!(" of about {it}"));
            ui.note(&format!(
                "{}:{}: {}{of} rows updated, up to {}",
                path.display(),
                progress.line,
                progress.rows,
                progress.reached()
            ));
        }
        Progress::Lagging { lag } => {
            ui.note(&format!("waiting for a replica with {:.0} s of lag", lag.as_secs_f64()))
        }
        Progress::NoLongerWaiting { lag } => ui.note(&format!(
            "a replica still has {:.0} s of lag; no longer waiting for it",
            lag.as_secs_f64()
        )),
        Progress::Skipped { path, line, command } => {
            ui.note(&format!("{}:{line}: skipped {command}, a psql command", path.display()));
        }
        Progress::Clearing { left } => {
            let clear = left.clear.as_deref().unwrap_or_default();
            ui.note(&format!("an interrupted run left {left}: {clear}"));
        }
        Progress::LeftAlone { left } => {
            ui.note(&format!("{left} does not belong to this revision and is not changed"));
        }
        Progress::Notice(said) => ui.raw(&format!("{}: {}\n", said.severity, said.message)),
        Progress::Autovacuum { autovacuum } if autovacuum.prevents_wraparound => ui.note(&format!(
            "{autovacuum} holds the lock and prevents wraparound: waiting until it has finished"
        )),
        Progress::Autovacuum { autovacuum } => {
            ui.note(&format!("{autovacuum} holds the lock: asking PostgreSQL to cancel it"));
        }
        Progress::Retrying { retry, of, pause, reason, holders } => {
            for it in holders {
                ui.note(&format!("the lock is held by {it}"));
            }
            ui.note(&format!(
                "{}; retrying in {:.1} s ({retry} of {of})",
                reason.message,
                pause.as_secs_f64()
            ));
        }
    }
}
