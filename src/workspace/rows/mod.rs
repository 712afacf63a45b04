//! Tests of a revision with rows: on the scratch database that has run it without rows, its tables
//! and those that they reference are filled, and its files run again, up, down and up.
//!
//! A statement that PostgreSQL rejects then is not a mistake of the revision, which runs without
//! rows, but a statement that can fail on existing rows. The tables are emptied, the statement
//! runs, and they are filled again for the following ones, so that one finding does not hide the
//! next.

mod draw;
mod fill;
mod loss;
mod prove;
mod read;
mod sample;
mod touched;

use std::collections::BTreeMap;
use std::path::PathBuf;

use tokio_postgres::types::{Oid, Type};

use crate::model::ident::QualifiedName;
use crate::revision::SqlFile;
use crate::revision::file::TransactionMode;
use crate::runner::statements;
use crate::scratch::{ScratchDatabase, ScratchError};
use crate::sql_text::{ScriptStatement, Token};

use super::bench::Bench;
use super::error::Refusal;
use super::replay::{Passage, Stopped};
use super::{Workspace, WorkspaceError};

pub use draw::Drawn;
pub use fill::FilledTable;
pub(super) use fill::fill_empty;
use fill::{fill, triggers};
pub use loss::{MeasuredLoss, Way};
pub(super) use loss::{Tally, Within};
use read::Wanted;
pub use touched::touched;

/// How many refusals of one file are looked for.
const MOST_REFUSALS: usize = 20;

/// What was seen with rows in the tables.
#[derive(Debug, Default)]
pub struct Trial {
    /// The tables, as they were filled at first.
    pub tables: Vec<FilledTable>,
    /// The statements that were refused because of rows.
    pub refused: Vec<RefusedStatement>,
    /// What the up file took away.
    pub losses: Vec<MeasuredLoss>,
    /// Why it ended early, where it did.
    pub unfinished: Option<String>,
}

impl Trial {
    /// Moves the lines of the up file, after lines were inserted above its statements.
    pub fn push_down(&mut self, lines: usize) {
        let of_up = self.refused.iter_mut().filter(|it| it.run != Run::Down);
        of_up.for_each(|it| it.line += lines);
    }
}

/// A statement that was refused because of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedStatement {
    /// Which run it was.
    pub run: Run,
    /// The file.
    pub path: PathBuf,
    /// The line in it.
    pub line: usize,
    /// What the server said.
    pub refusal: Refusal,
}

/// Which of the runs of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// Up.
    Up,
    /// Down after it.
    Down,
    /// Up after that.
    Again,
}

/// What a trial is made of.
#[derive(Debug)]
pub struct Files<'a> {
    /// What is tried first.
    pub up: &'a SqlFile,
    /// What reverts it, if there is such a thing.
    pub down: Option<&'a SqlFile>,
}

impl Workspace {
    /// Tries files with rows in tables, on a scratch database that is as it is before the up file, and
    /// can be thrown away afterwards.
    ///
    /// # Errors
    /// When the engine breaks; what it refuses is what is wanted to know.
    pub async fn try_with_rows(
        &self,
        database: &ScratchDatabase,
        touched: &[QualifiedName],
        files: Files<'_>,
        drawn: &Drawn,
    ) -> Result<Trial, WorkspaceError> {
        let mut trial = Trial::default();
        if touched.is_empty() {
            return Ok(trial);
        }
        let wanted = Wanted { names: touched, numbers: &[] };
        match fill(database, wanted, &drawn.tables, None).await {
            Ok(tables) => trial.tables = tables,
            Err(error) => {
                trial.unfinished = Some(fill::message(&error));
                return Ok(trial);
            }
        }
        if trial.tables.is_empty() {
            return Ok(trial);
        }
        let touched = trial.tables.iter().filter(|it| it.touched).map(|it| it.oid).collect();
        let triggers = match triggers(database, &numbers(&trial.tables)).await {
            Ok(all) => all.into_iter().map(|it| it.oid).collect(),
            Err(error) => {
                trial.unfinished = Some(fill::message(&error));
                return Ok(trial);
            }
        };
        let stand = Stand { bench: &self.bench, database, touched, triggers, sample: drawn };
        let runs = [
            (Run::Up, Some(files.up)),
            (Run::Down, files.down),
            (Run::Again, files.down.map(|_| files.up)),
        ];
        for (run, file) in runs {
            let Some(file) = file else { continue };
            let _doing = self.bench.trying(file);
            if !stand.run(run, file, &mut trial).await? {
                break;
            }
        }
        Ok(trial)
    }
}

/// A database with rows.
struct Stand<'a> {
    bench: &'a Bench,
    database: &'a ScratchDatabase,
    touched: Vec<Oid>,
    /// The triggers that were there before the files ran.
    triggers: Vec<Oid>,
    sample: &'a Drawn,
}

impl Stand<'_> {
    /// Runs a file to its end, and says whether it came there.
    async fn run(
        &self,
        run: Run,
        file: &SqlFile,
        trial: &mut Trial,
    ) -> Result<bool, WorkspaceError> {
        let surroundings = self.bench.surroundings();
        let statements = statements(file, TransactionMode::Usual)?;
        let mut passage = Passage::new(self.database, file, &statements, &surroundings);
        let mut tables = trial.tables.clone();
        let mut ended = true;
        let mut before = self.tally(run, &tables).await;
        while let Err(Stopped { at, error }) = passage.go_on(statements.len()).await {
            let WorkspaceError::Refused { path, line, refusal } = error else { return Err(error) };
            if refusal.sqlstate.is_empty() {
                trial.unfinished = Some(refusal.message);
                return Ok(false);
            }
            trial.refused.push(RefusedStatement { run, path, line, refusal });
            // As it ran before, so that what follows it can be tried.
            let mut runs = false;
            for emptied in [named_in(&statements[at], &tables), numbers(&tables)] {
                if runs || emptied.is_empty() {
                    continue;
                }
                let whole = passage.step_back().await;
                self.add_losses(&before, trial).await;
                before = None;
                runs = empty(self.database, &emptied).await.is_ok()
                    && passage.go_on(whole).await.is_ok();
            }
            if !runs || trial.refused.len() >= MOST_REFUSALS {
                passage.step_back().await;
                ended = false;
                break;
            }
            let wanted = Wanted { names: &[], numbers: &self.touched };
            let (sample, triggers) = (&self.sample.tables, Some(self.triggers.as_slice()));
            if let Ok(filled) = fill(self.database, wanted, sample, triggers).await {
                tables = filled;
            }
            before = self.tally(run, &tables).await;
        }
        passage.end().await?;
        if ended {
            self.add_losses(&before, trial).await;
        }
        Ok(ended)
    }

    /// The values that the up file may take away; later runs are not measured.
    async fn tally(&self, run: Run, tables: &[FilledTable]) -> Option<Tally> {
        // Where a role was set that may not read them, nothing is known.
        match run {
            Run::Up => Tally::take(self.database, &numbers(tables)).await.ok(),
            Run::Down | Run::Again => None,
        }
    }

    async fn add_losses(&self, before: &Option<Tally>, trial: &mut Trial) {
        let Some(before) = before else { return };
        for it in before.losses(self.database, Within::Nothing).await.unwrap_or_default() {
            if !trial.losses.iter().any(|known| known.is_about(&it)) {
                trial.losses.push(it);
            }
        }
    }
}

/// Takes the rows out of tables, and away what a refused CREATE INDEX CONCURRENTLY has left.
pub(super) async fn empty(database: &ScratchDatabase, oids: &[Oid]) -> Result<(), ScratchError> {
    let left = include_str!("queries/left.sql");
    for row in database.query_typed(left, &[(&oids, Type::OID_ARRAY)]).await? {
        database.batch_execute(&row.get::<_, String>("statement")).await?;
    }
    Ok(())
}

fn numbers(tables: &[FilledTable]) -> Vec<Oid> {
    tables.iter().map(|it| it.oid).collect()
}

/// The tables that a statement names.
pub(super) fn named_in(statement: &ScriptStatement, tables: &[FilledTable]) -> Vec<Oid> {
    let names = |word: &String| {
        statement.tokens.iter().any(|it| match it {
            Token::Word(it) | Token::Name(it) => it == word,
            Token::Literal | Token::Symbol(_) => false,
        })
    };
    let named = tables.iter().filter(|it| it.words.iter().any(names));
    named.map(|it| it.oid).collect()
}

impl MeasuredLoss {
    fn is_about(&self, other: &Self) -> bool {
        (&self.table, &self.column) == (&other.table, &other.column)
    }
}

/// Rows drawn from a database, by the name of their table.
type Samples = BTreeMap<String, sample::Sample>;
