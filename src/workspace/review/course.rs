//! A file on its way: its statements in their transactions, and what becomes of those that are refused.

use std::ops::Range;

use crate::review::{Facts, FactsSource, ReviewedFile, ReviewedStatement, Scan};
use crate::sql_text::{ScriptStatement, Token, TransactionWord};

use super::super::error::{Refusal, WorkspaceError};
use super::super::replay;
use super::Subject;
use super::place::{Place, places, set_apart};
use super::trace::Trace;

/// active_sql_transaction: PostgreSQL wants a statement outside of a transaction.
const IN_TRANSACTION: &str = "25001";

/// The class of integrity_constraint_violation.
const VIOLATION: &str = "23";

/// Why a statement is not run that reaches beyond its database.
const CLUSTER_WIDE: &str =
    "it affects more than its database, so it is not run on a scratch database";

/// Why a statement is not run that is about what somebody else provides.
const PROVIDED: &str =
    "schema.toml declares it as provided, so the scratch database has it already";

/// Why of a statement only what it leaves is known.
const UNWATCHED: &str =
    "the embedded PostgreSQL has one connection, so nobody sees its locks while it runs";

/// Runs a file and looks at its statements.
pub(super) async fn reviewed(
    trace: &mut Trace<'_>,
    subject: &Subject,
) -> Result<ReviewedFile, WorkspaceError> {
    let before = trace.snapshot().await?;
    trace.prepare(&subject.text).await?;
    let mut course = Course::new(trace, subject);
    course.run().await?;
    let Course { places, facts, .. } = course;
    if subject.statements.iter().any(ScriptStatement::may_change_session) {
        trace.send(&replay::begin(&trace.surroundings)).await?;
    }
    let after = trace.snapshot().await?;
    let statements = subject.statements.iter().zip(places).zip(facts);
    let statements = statements.map(|((source, place), facts)| ReviewedStatement {
        source: source.clone(),
        transaction: place.transaction,
        outside: place.outside,
        facts,
    });
    Ok(ReviewedFile {
        path: subject.path.clone(),
        text: subject.text.clone(),
        revision: subject.revision.clone(),
        statements: statements.collect(),
        before,
        after,
    })
}

struct Course<'t, 'a> {
    trace: &'t mut Trace<'a>,
    subject: &'t Subject,
    places: Vec<Place>,
    facts: Vec<Facts>,
    /// Whether the file says itself where transactions begin and end.
    has_blocks: bool,
    /// The first statement of the open transaction that is not committed.
    begun: usize,
}

/// Whether the rest of a file can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onward {
    Yes,
    No,
}

impl<'t, 'a> Course<'t, 'a> {
    fn new(trace: &'t mut Trace<'a>, subject: &'t Subject) -> Self {
        let statements = &subject.statements;
        let places = places(statements, subject.mode);
        let facts = vec![Facts::default(); statements.len()];
        let has_blocks = statements.iter().any(ScriptStatement::is_transaction_control);
        Self { trace, subject, places, facts, has_blocks, begun: 0 }
    }

    async fn run(&mut self) -> Result<(), WorkspaceError> {
        let mut at = 0;
        while at < self.places.len() {
            let number = self.places[at].transaction;
            let rest = self.places[at..].iter();
            let end = at + rest.take_while(|it| it.transaction == number).count();
            let onward = match self.places[at].outside {
                true => self.outside(at).await?,
                false => self.together(at..end).await?,
            };
            if onward == Onward::No {
                return Ok(());
            }
            at = end;
        }
        Ok(())
    }

    /// Runs the statements of a transaction.
    async fn together(&mut self, range: Range<usize>) -> Result<Onward, WorkspaceError> {
        self.trace.begin_transaction().await?;
        self.begun = range.start;
        let mut ends_with = "COMMIT";
        for at in range.clone() {
            let statement = &self.subject.statements[at];
            match statement.transaction_word() {
                Some(TransactionWord::Savepoint) => {
                    if let Err(refusal) = self.trace.run(statement).await {
                        return self.stop(at, &refusal).await;
                    }
                    continue;
                }
                Some(TransactionWord::Rollback) => {
                    ends_with = "ROLLBACK";
                    continue;
                }
                Some(_) => continue,
                None if statement.sets_transaction() => continue,
                None => {}
            }
            if self.one(at).await? == Onward::No {
                return Ok(Onward::No);
            }
        }
        if ends_with == "ROLLBACK" {
            self.trace.send(ends_with).await?;
            self.trace.forget().await?;
            return Ok(Onward::Yes);
        }
        self.commit(range.end).await
    }

    /// Runs a statement of the open transaction.
    async fn one(&mut self, at: usize) -> Result<Onward, WorkspaceError> {
        let statement = self.statement(at);
        if let Some(facts) = self.not_run(&statement) {
            self.facts[at] = facts;
            return Ok(Onward::Yes);
        }
        if self.trace.database.is_reserved(&statement.text) {
            return self.aside(at, &statement).await;
        }
        match self.trace.measure(&statement).await? {
            Ok(facts) => {
                self.facts[at] = facts;
                Ok(Onward::Yes)
            }
            Err(refusal) if refusal.sqlstate.is_empty() => Err(self.error(at, refusal)),
            Err(refusal) if refusal.sqlstate == IN_TRANSACTION && self.may_be_set_apart() => {
                self.commit(at).await?;
                set_apart(&mut self.places, at);
                let onward = self.outside(at).await?;
                self.reopen(at + 1).await?;
                Ok(onward)
            }
            Err(refusal) => self.refused(at, &statement, refusal).await,
        }
    }

    /// What is known of a statement that is not run on a scratch database.
    fn not_run(&self, statement: &ScriptStatement) -> Option<Facts> {
        if replay::may_run(statement, &self.trace.surroundings) {
            return None;
        }
        let reason = if statement.is_cluster_wide() { CLUSTER_WIDE } else { PROVIDED };
        let source = FactsSource::Unknown(reason.to_owned());
        Some(self.trace.told(statement).unwrap_or(Facts { source, ..Facts::default() }))
    }

    /// Of a file that no tool runs yet, nobody has said that it is a transaction.
    fn may_be_set_apart(&self) -> bool {
        self.subject.revision.is_none() && !self.has_blocks
    }

    /// A statement as it is run: what is LOCAL in a file without blocks holds to its end.
    fn statement(&self, at: usize) -> ScriptStatement {
        let statement = &self.subject.statements[at];
        if self.has_blocks { statement.clone() } else { statement.for_session() }
    }

    /// Runs a statement that another session has to run for this one.
    async fn aside(
        &mut self,
        at: usize,
        statement: &ScriptStatement,
    ) -> Result<Onward, WorkspaceError> {
        if self.commit(at).await? == Onward::No {
            return Ok(Onward::No);
        }
        let done = self.trace.run(statement).await;
        self.reopen(at).await?;
        match done {
            Ok(()) => {
                // It changes nothing, and what has changed by now is seen.
                let nothing = ScriptStatement { text: "SELECT".to_owned(), ..statement.clone() };
                if let Ok(facts) = self.trace.measure(&nothing).await? {
                    self.facts[at] = facts;
                }
                self.begun = at + 1;
                Ok(Onward::Yes)
            }
            Err(refusal) => self.stop(at, &refusal).await,
        }
    }

    /// Begins again where the transaction was committed before its end, with what is set in it alone.
    async fn reopen(&mut self, at: usize) -> Result<(), WorkspaceError> {
        self.trace.send("BEGIN").await?;
        self.begun = at;
        let first = self.places.get(at).or_else(|| self.places.last()).map(|it| it.transaction);
        for before in 0..at {
            let statement = &self.subject.statements[before];
            let is_of_it = Some(self.places[before].transaction) == first;
            if self.has_blocks && is_of_it && statement.is_local() {
                let _ = self.trace.run(statement).await;
            }
        }
        Ok(())
    }

    /// A statement that is refused with rows in the tables may run without them.
    async fn refused(
        &mut self,
        at: usize,
        statement: &ScriptStatement,
        refusal: Refusal,
    ) -> Result<Onward, WorkspaceError> {
        if self.commit(at).await? == Onward::No {
            return Ok(Onward::No);
        }
        for emptied in self.trace.suspects(statement) {
            if !self.trace.empty(&emptied).await? {
                continue;
            }
            self.reopen(at).await?;
            let Ok(facts) = self.trace.measure(statement).await? else {
                self.trace.send("ROLLBACK").await?;
                continue;
            };
            let told =
                Some(refusal.message.clone()).filter(|_| !is_of_test_rows(statement, &refusal));
            self.facts[at] = Facts { refused: told, ..facts };
            if self.commit(at + 1).await? == Onward::No {
                return Ok(Onward::No);
            }
            self.trace.fill(&self.subject.text).await?;
            self.reopen(at + 1).await?;
            return Ok(Onward::Yes);
        }
        self.reopen(at).await?;
        self.stop(at, &refusal).await
    }

    /// Commits what has run of the transaction. What is refused then, for a constraint that is deferred, is run
    /// again without rows.
    async fn commit(&mut self, end: usize) -> Result<Onward, WorkspaceError> {
        let Err(error) = self.trace.database.batch_execute("COMMIT").await else {
            return Ok(Onward::Yes);
        };
        let refusal = Refusal::from(&error);
        let last = end.saturating_sub(1).max(self.begun);
        if refusal.sqlstate.is_empty() {
            return Err(self.error(last, refusal));
        }
        self.trace.forget().await?;
        let [_, all] = self.trace.suspects(&self.subject.statements[last]);
        self.trace.empty(&all).await?;
        self.trace.send("BEGIN").await?;
        for at in self.begun..end {
            let statement = self.statement(at);
            let runs = replay::may_run(&statement, &self.trace.surroundings);
            if runs && self.trace.run(&statement).await.is_err() {
                return self.stop(last, &refusal).await;
            }
        }
        if self.trace.database.batch_execute("COMMIT").await.is_err() {
            return self.stop(last, &refusal).await;
        }
        self.facts[last].refused = Some(refusal.message);
        self.trace.forget().await?;
        self.trace.fill(&self.subject.text).await?;
        Ok(Onward::Yes)
    }

    /// Runs a statement outside of a transaction.
    async fn outside(&mut self, at: usize) -> Result<Onward, WorkspaceError> {
        let statement = self.statement(at);
        if let Some(facts) = self.not_run(&statement) {
            self.facts[at] = facts;
            return Ok(Onward::Yes);
        }
        let known = self.trace.told(&statement);
        let (mut done, mut watched) = self.trace.measure_outside(&statement).await?;
        let mut told = None;
        if let Err(refusal) = &done {
            if refusal.sqlstate.is_empty() {
                return Err(self.error(at, refusal.clone()));
            }
            told = Some(refusal.clone());
            for emptied in self.trace.suspects(&statement) {
                if done.is_err() && self.trace.empty(&emptied).await? {
                    (done, watched) = self.trace.measure_outside(&statement).await?;
                }
            }
            self.trace.fill(&self.subject.text).await?;
        }
        match (done, told) {
            (Ok(facts), told) => {
                let refused = told.map(|it| it.message);
                let known = known.filter(|_| !watched);
                let source = match (watched, &known) {
                    (true, _) => FactsSource::Measured,
                    (false, Some(_)) => FactsSource::Table,
                    (false, None) => FactsSource::Unknown(UNWATCHED.to_owned()),
                };
                let locks = known.map_or(facts.locks.clone(), |it| it.locks);
                self.facts[at] = self.completed(Facts { refused, source, locks, ..facts });
                Ok(Onward::Yes)
            }
            (Err(refusal), _) => {
                self.trace.send("BEGIN").await?;
                self.stop(at, &refusal).await
            }
        }
    }

    /// Adds what nobody could see, but what follows from the rest.
    fn completed(&self, facts: Facts) -> Facts {
        let indexes = [facts.built.clone(), facts.rebuilt.clone()].concat();
        let mut scanned = self.trace.tables_of(&indexes);
        scanned.extend(facts.rewritten.clone());
        scanned.sort();
        scanned.dedup();
        let scan = |table: String| Scan { footing: self.trace.footing(&table), table };
        Facts { scanned: scanned.into_iter().map(scan).collect(), ..facts }
    }

    /// Ends with a statement that is refused in any case.
    async fn stop(&mut self, at: usize, refusal: &Refusal) -> Result<Onward, WorkspaceError> {
        self.trace.send("ROLLBACK").await?;
        self.trace.forget().await?;
        let line = self.subject.statements[at].line;
        let said = format!("PostgreSQL refuses it: {}", refusal.message);
        self.facts[at].source = FactsSource::Unknown(said);
        self.facts[at].refused = Some(refusal.message.clone());
        for facts in &mut self.facts[at + 1..] {
            let reason = format!("it comes after the statement in line {line}, which is refused");
            facts.source = FactsSource::Unknown(reason);
        }
        Ok(Onward::No)
    }

    fn error(&self, at: usize, refusal: Refusal) -> WorkspaceError {
        let line = self.subject.statements[at].line;
        WorkspaceError::Refused { path: self.subject.path.clone().into(), line, refusal }
    }
}

/// Whether it is the invented rows that new ones are in conflict with.
fn is_of_test_rows(statement: &ScriptStatement, refusal: &Refusal) -> bool {
    let first = statement.tokens.first().and_then(Token::word);
    matches!(first, Some("insert" | "copy" | "merge" | "with"))
        && refusal.sqlstate.starts_with(VIOLATION)
}
