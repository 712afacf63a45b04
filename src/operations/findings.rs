//! Statements that can fail on existing rows, and lost data: as planned, and as found by tests.

use std::ops::RangeInclusive;

use serde::Serialize;

use crate::config::DatabasePlace;
use crate::model::ident::{QualifiedName, without_public};
use crate::plan::{Plan, Step};
use crate::render;
use crate::report::count;
use crate::revision::SqlFile;
use crate::sql_text::line_ends;
use crate::workspace::rows::{Drawn, FilledTable, MeasuredLoss, RefusedStatement, Run, Trial, Way};

use super::Project;
use super::failure::Failure;

/// All of it, as part of the outcome of a command.
#[derive(Debug, Default, Serialize)]
pub struct Findings {
    /// What may fail.
    pub may_fail: Vec<MayFail>,
    /// What is lost.
    pub loses: Vec<Loses>,
    /// The rows that it was tried with; none where it was not.
    pub rows: Option<Rows>,
}

/// A statement that may fail because of rows.
#[derive(Debug, Serialize)]
pub struct MayFail {
    /// The file; none where the SQL is printed.
    pub file: Option<String>,
    /// The line of the statement.
    pub line: Option<usize>,
    /// What it does.
    pub step: String,
    /// What it serves.
    pub object: String,
    /// When it fails.
    pub reason: String,
    /// What PostgreSQL said with rows in the tables.
    pub seen: Option<Seen>,
}

/// What PostgreSQL said.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// The SQLSTATE.
    pub sqlstate: String,
    /// The message.
    pub message: String,
}

/// A statement that loses values.
#[derive(Debug, Serialize)]
pub struct Loses {
    /// The file; none where the SQL is printed.
    pub file: Option<String>,
    /// The line of the statement.
    pub line: Option<usize>,
    /// What it does.
    pub step: String,
    /// What it serves.
    pub object: String,
    /// What is lost.
    pub reason: String,
    /// How much was lost of what was there.
    pub seen: Option<Lost>,
}

/// How many of the rows or values.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Lost {
    /// Those that were lost.
    pub lost: usize,
    /// All that were there.
    pub of: usize,
}

/// The rows that it was tried with.
#[derive(Debug, Serialize)]
pub struct Rows {
    /// Tables with rows.
    pub filled: Vec<Filled>,
    /// Tables that it touches and that have no row: of them nothing is proved.
    pub not_filled: Vec<NotFilled>,
    /// Why it was not tried to its end.
    pub unfinished: Option<String>,
    /// Whether the plan has a statement that can fail on existing rows.
    #[serde(skip)]
    pub matter: bool,
}

/// A table with rows.
#[derive(Debug, Serialize)]
pub struct Filled {
    /// Its name.
    pub table: String,
    /// How many.
    pub rows: u64,
    /// Whether they were drawn from the database.
    pub sampled: bool,
}

/// A table without rows.
#[derive(Debug, Serialize)]
pub struct NotFilled {
    /// Its name.
    pub table: String,
    /// Why no row went in.
    pub reason: String,
}

/// A plan with the text that it became.
pub(super) struct Written<'a> {
    /// The plan.
    plan: &'a Plan,
    /// The file; None where it is printed.
    file: Option<String>,
    /// Where each step stands.
    places: Vec<Option<RangeInclusive<usize>>>,
}

impl<'a> Written<'a> {
    /// A plan that became a file.
    pub(super) fn to(plan: &'a Plan, file: &SqlFile) -> Self {
        let name = file.path.display().to_string();
        Self { file: Some(name), ..Self::printed(plan, &file.text) }
    }

    /// A plan that became a text.
    pub(super) fn printed(plan: &'a Plan, text: &str) -> Self {
        Self { plan, file: None, places: places(plan, text) }
    }

    /// The step whose statement has a line.
    fn step_at(&self, line: usize) -> Option<usize> {
        let has =
            |it: &Option<RangeInclusive<usize>>| it.as_ref().is_some_and(|it| it.contains(&line));
        self.places.iter().position(has)
    }

    fn line(&self, step: usize) -> Option<usize> {
        self.places.get(step)?.as_ref().map(|it| *it.start())
    }
}

/// The lines of each step's statement.
fn places(plan: &Plan, text: &str) -> Vec<Option<RangeInclusive<usize>>> {
    let mut from = 0;
    let mut place = |step: &Step| {
        let statement = render::statement(&step.statement);
        let at = from + text.get(from..)?.find(&statement)?;
        from = at + statement.len();
        Some(line_ends(&text[..at]) + 1..=line_ends(&text[..from]) + 1)
    };
    plan.steps.iter().map(&mut place).collect()
}

impl Findings {
    /// What a plan knows of itself, with what was seen of it and of what reverts it.
    pub(super) fn of(up: &Written<'_>, down: Option<&Written<'_>>, trial: Option<&Trial>) -> Self {
        let mut findings = Self { rows: trial.and_then(|it| Rows::of(up, it)), ..Self::default() };
        let refused = trial.map_or(&[][..], |it| it.refused.as_slice());
        let of_up: Vec<&RefusedStatement> =
            refused.iter().filter(|it| it.run != Run::Down).collect();
        findings.planned_and_seen(up, &of_up);
        if let Some(down) = down {
            let of_down = refused.iter().filter(|it| it.run == Run::Down);
            findings.may_fail.extend(of_down.map(|it| seen(down, it)));
        }
        let losses = trial.map_or(&[][..], |it| it.losses.as_slice());
        findings.losses(up, losses);
        findings
    }

    /// Each step that may fail once, whether it was seen or not, in the order of the plan.
    fn planned_and_seen(&mut self, up: &Written<'_>, refused: &[&RefusedStatement]) {
        let mut elsewhere = Vec::new();
        let mut at_step = vec![None; up.plan.steps.len()];
        for it in refused {
            match up.step_at(it.line) {
                Some(step) => drop(at_step[step].get_or_insert(*it)),
                None => elsewhere.push(seen(up, it)),
            }
        }
        for (at, (step, refused)) in up.plan.steps.iter().zip(at_step).enumerate() {
            match (&step.effect.fails, refused) {
                (_, Some(refused)) => self.may_fail.push(seen(up, refused)),
                (Some(reason), None) => self.may_fail.push(MayFail {
                    file: up.file.clone(),
                    line: up.line(at),
                    step: render::sentence(step),
                    object: step.object.to_string(),
                    reason: reason.clone(),
                    seen: None,
                }),
                (None, None) => {}
            }
        }
        self.may_fail.extend(elsewhere);
    }

    fn losses(&mut self, up: &Written<'_>, measured: &[MeasuredLoss]) {
        let steps: Vec<Option<usize>> = measured.iter().map(|it| step_of(up.plan, it)).collect();
        for (at, step) in up.plan.steps.iter().enumerate() {
            let seen = measured.iter().zip(&steps).find(|it| *it.1 == Some(at)).map(|it| it.0);
            let reason = match (&step.effect.loss, seen) {
                (Some(planned), _) => planned.clone(),
                (None, Some(seen)) => in_words(seen),
                (None, None) => continue,
            };
            self.loses.push(Loses {
                file: up.file.clone(),
                line: up.line(at),
                step: render::sentence(step),
                object: step.object.to_string(),
                reason,
                seen: seen.map(|it| Lost { lost: it.lost, of: it.of }),
            });
        }
        let elsewhere = measured.iter().zip(&steps).filter(|it| it.1.is_none());
        self.loses.extend(elsewhere.map(|(it, _)| Loses {
            file: up.file.clone(),
            line: None,
            step: String::new(),
            object: match &it.column {
                Some(column) => format!("column {}.{column}", without_public(&it.table)),
                None => format!("table {}", without_public(&it.table)),
            },
            reason: in_words(it),
            seen: Some(Lost { lost: it.lost, of: it.of }),
        }));
    }
}

/// A refusal, at the step that it belongs to.
fn seen(of: &Written<'_>, refused: &RefusedStatement) -> MayFail {
    let step = of.step_at(refused.line).and_then(|it| of.plan.steps.get(it));
    let planned = step.and_then(|it| it.effect.fails.clone());
    let step_words = match refused.run {
        Run::Up | Run::Down => step.map_or_else(String::new, render::sentence),
        Run::Again => {
            let sentence = step.map_or_else(String::new, render::sentence);
            format!("{sentence} (again, after the downgrade)")
        }
    };
    MayFail {
        file: Some(refused.path.display().to_string()).filter(|_| of.file.is_some()),
        line: Some(refused.line),
        step: step_words,
        object: step.map_or_else(String::new, |it| it.object.to_string()),
        reason: planned.unwrap_or_else(|| reason(&refused.refusal.sqlstate).to_owned()),
        seen: Some(Seen {
            sqlstate: refused.refusal.sqlstate.clone(),
            message: refused.refusal.message.clone(),
        }),
    }
}

/// Why a statement fails on existing rows (manual, appendix A).
fn reason(sqlstate: &str) -> &'static str {
    match sqlstate {
        "23502" => "a column contains a NULL",
        "23503" => "a row has no matching key",
        "23505" => "two rows have the same key",
        "23514" => "a row violates a check",
        "23P01" => "two rows violate an exclusion constraint",
        "22001" => "a value is too long",
        "22003" => "a number is out of range",
        _ if sqlstate.starts_with("22") => "a value cannot be converted to the new type",
        _ => "the statement fails on existing rows",
    }
}

/// The step that took something away: the one on the column, else one on its table.
fn step_of(plan: &Plan, loss: &MeasuredLoss) -> Option<usize> {
    let steps = || plan.steps.iter().enumerate().rev();
    let of_table =
        |step: &Step| step.object.table_name().is_some_and(|it| is_called(&it, &loss.table));
    let column = loss.column.as_ref();
    let exact = steps().find(|(_, step)| {
        let is_column = column.is_some_and(|it| step.object.name.to_string() == *it);
        of_table(step) && is_column && (step.effect.loss.is_some() || loss.way == Way::Changed)
    });
    let lossy = || steps().find(|(_, step)| of_table(step) && step.effect.loss.is_some());
    exact.or_else(|| column.is_none().then(lossy).flatten()).map(|it| it.0)
}

fn is_called(name: &QualifiedName, qualified: &str) -> bool {
    format!("{}.{}", name.namespace, name.name) == qualified
}

fn in_words(loss: &MeasuredLoss) -> String {
    let MeasuredLoss { lost, of, .. } = loss;
    match loss.way {
        Way::Dropped if loss.column.is_some() => "the values of the column".to_owned(),
        Way::Dropped => "every row of the table".to_owned(),
        Way::Deleted => format!("{lost} of {}", count(*of, "row")),
        Way::Changed => format!("{lost} of {} are changed by it", count(*of, "value")),
    }
}

impl Rows {
    fn of(up: &Written<'_>, trial: &Trial) -> Option<Self> {
        if trial.tables.is_empty() && trial.unfinished.is_none() {
            return None;
        }
        let (filled, empty): (Vec<&FilledTable>, Vec<&FilledTable>) =
            trial.tables.iter().partition(|it| it.rows > 0);
        let filled = filled.into_iter().map(|it| Filled {
            table: without_public(&it.name).to_owned(),
            rows: it.rows,
            sampled: it.sampled,
        });
        let not_filled = empty.into_iter().filter(|it| it.touched).map(|it| NotFilled {
            table: without_public(&it.name).to_owned(),
            reason: it.refused.clone().unwrap_or_else(|| "no row could be inserted".to_owned()),
        });
        Some(Self {
            filled: filled.collect(),
            not_filled: not_filled.collect(),
            unfinished: trial.unfinished.clone(),
            matter: up
                .plan
                .steps
                .iter()
                .any(|it| it.effect.fails.is_some() || it.effect.takes_long()),
        })
    }
}

/// Rows drawn from the configured database, where they are asked for.
pub(super) async fn drawn(
    project: &Project,
    sample: bool,
    touched: &[QualifiedName],
) -> Result<Drawn, Failure> {
    if !sample {
        return Ok(Drawn::default());
    }
    if let DatabasePlace::Embedded(path) = &project.workspace.database().place.value
        && !path.exists()
    {
        let failure = Failure::input("--sample needs a database, and none is configured");
        return Err(failure.hint("give one with --url postgres://…"));
    }
    if touched.is_empty() {
        return Ok(Drawn::default());
    }
    let drawn = project.workspace.draw(touched).await?;
    for (table, reason) in &drawn.unreadable {
        project.note(&format!("{} is tested with invented rows: {reason}", without_public(table)));
    }
    Ok(drawn)
}
