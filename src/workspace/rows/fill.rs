//! Fills tables with test rows: candidates are checked by PostgreSQL, and inserted.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::types::{Oid, Type};
use tokio_postgres::{Error, SimpleQueryMessage};

use crate::model::ident::QualifiedName;
use crate::render::literal;
use crate::rows::decide::{Targets, candidates, needs_asking};
use crate::rows::order::order;
use crate::rows::{Cell, Filler, Row, TestColumn, TestTable};
use crate::scratch::ScratchDatabase;

use super::read::{Shapes, Target, Wanted, shapes};
use super::sample::Sample;

/// Rows that a reference may lead to.
const TARGETS: usize = 60;

/// Rows that are enough where not all of the first choice were taken.
const ENOUGH: u64 = 6;

/// How many single rows are tried before a table is given up.
const ATTEMPTS: usize = 80;

/// Values that are enough where each has to be asked for by itself.
const SINGLY: usize = 24;

/// Since when PostgreSQL can be asked whether a type reads a text (`pg_input_is_valid`).
pub(super) const ASKS_FOR_INPUT: u32 = 16;

/// A table with what went in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledTable {
    /// Its number in the catalog.
    pub(in crate::workspace) oid: Oid,
    /// What it is called in a statement about it.
    pub(super) words: Vec<String>,
    /// Its name with its schema.
    pub name: String,
    /// Whether the revision touches it, or only what it touches references it.
    pub touched: bool,
    /// How many rows it has.
    pub rows: u64,
    /// Whether they were drawn from the database.
    pub sampled: bool,
    /// What PostgreSQL said of the last row that it refused, where it has none.
    pub refused: Option<String>,
}

/// Fills tables and what they reference, without what triggers do; `again` those alone that are empty, and
/// only the triggers of this list are kept quiet: what a script made meanwhile is what it is tried with.
pub(super) async fn fill(
    database: &ScratchDatabase,
    wanted: Wanted<'_>,
    sample: &BTreeMap<String, Sample>,
    again: Option<&[Oid]>,
) -> Result<Vec<FilledTable>, Error> {
    // References are checked with each row, so that what leads nowhere is seen there.
    database.batch_execute("BEGIN; SET CONSTRAINTS ALL IMMEDIATE").await?;
    match filled(database, wanted, sample, again).await {
        Ok(filled) => {
            database.batch_execute("COMMIT").await?;
            Ok(filled)
        }
        Err(error) => {
            database.batch_execute("ROLLBACK").await?;
            Err(error)
        }
    }
}

/// Fills those tables that are empty, and what they reference, without what triggers do.
pub(in crate::workspace) async fn fill_empty(
    database: &ScratchDatabase,
    names: &[QualifiedName],
) -> Result<Vec<FilledTable>, Error> {
    database.batch_execute("BEGIN; SET CONSTRAINTS ALL IMMEDIATE").await?;
    let filled = async {
        let shapes = shapes(database, Wanted { names, numbers: &[] }).await?;
        if shapes.tables.is_empty() {
            return Ok(Vec::new());
        }
        let sample = BTreeMap::new();
        Filling { only_empty: true, ..Filling::new(database, &shapes, &sample) }.all().await
    };
    let filled = filled.await;
    database.batch_execute(if filled.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    filled
}

async fn filled(
    database: &ScratchDatabase,
    wanted: Wanted<'_>,
    sample: &BTreeMap<String, Sample>,
    again: Option<&[Oid]>,
) -> Result<Vec<FilledTable>, Error> {
    let mut back: Vec<String> = Vec::new();
    if again.is_some() {
        // The rows stand for those that were there before the script began.
        let sql = include_str!("queries/not_valid.sql");
        for row in database.query_typed(sql, &[(&wanted.numbers, Type::OID_ARRAY)]).await? {
            database.batch_execute(&row.get::<_, String>("gone")).await?;
            back.push(row.get("back"));
        }
    }
    let shapes = shapes(database, wanted).await?;
    if shapes.tables.is_empty() {
        return Ok(Vec::new());
    }
    let mut filling =
        Filling { again, only_empty: again.is_some(), ..Filling::new(database, &shapes, sample) };
    let filled = filling.all().await?;
    for statement in back {
        database.batch_execute(&statement).await?;
    }
    Ok(filled)
}

/// A trigger that people made.
pub(super) struct Trigger {
    /// Its number in the catalog.
    pub(super) oid: Oid,
    table: String,
    name: String,
    /// When it fires, as ENABLE says it.
    fires: &'static str,
}

/// The triggers of tables that fire.
pub(super) async fn triggers(
    database: &ScratchDatabase,
    tables: &[Oid],
) -> Result<Vec<Trigger>, Error> {
    let sql = include_str!("queries/triggers.sql");
    let rows = database.query_typed(sql, &[(&tables, Type::OID_ARRAY)]).await?;
    let trigger = |row: &tokio_postgres::Row| Trigger {
        oid: row.get("trigger"),
        table: row.get("table"),
        name: row.get("name"),
        fires: match row.get("fires") {
            "A" => "ALWAYS ",
            "R" => "REPLICA ",
            _ => "",
        },
    };
    Ok(rows.iter().map(trigger).collect())
}

/// What is known of a table that rows were written into.
#[derive(Debug, Default)]
struct Written {
    sampled: bool,
    refused: Option<String>,
}

struct Filling<'a> {
    database: &'a ScratchDatabase,
    shapes: &'a Shapes,
    sample: &'a BTreeMap<String, Sample>,
    /// The triggers that alone are kept quiet.
    again: Option<&'a [Oid]>,
    /// Whether tables that have rows have enough.
    only_empty: bool,
    written: BTreeMap<Oid, Written>,
}

impl<'a> Filling<'a> {
    fn new(
        database: &'a ScratchDatabase,
        shapes: &'a Shapes,
        sample: &'a BTreeMap<String, Sample>,
    ) -> Self {
        let written = BTreeMap::new();
        Self { database, shapes, sample, again: None, only_empty: false, written }
    }

    async fn all(&mut self) -> Result<Vec<FilledTable>, Error> {
        let tables = &self.shapes.tables;
        let with_rows: Vec<bool> =
            self.counts().await?.into_iter().map(|it| self.only_empty && it > 0).collect();
        if with_rows.iter().all(|it| *it) {
            let counts = self.counts().await?;
            return Ok(self.report(counts));
        }
        let awake = self.triggers_off().await?;
        for group in order(tables) {
            match group.as_slice() {
                all if all.iter().all(|it| with_rows.get(*it) == Some(&true)) => {}
                [one] => self.table(&tables[*one], &BTreeMap::new()).await?,
                several => self.cycle(several).await?,
            }
        }
        for statement in awake {
            self.database.batch_execute(&statement).await?;
        }
        let counts = self.counts().await?;
        Ok(self.report(counts))
    }

    fn report(&mut self, counts: Vec<u64>) -> Vec<FilledTable> {
        let filled = self.shapes.tables.iter().zip(counts).map(|(table, rows)| {
            let Written { sampled, refused } = self.written.remove(&table.oid).unwrap_or_default();
            let refused = refused.filter(|_| rows == 0);
            let words = self.shapes.words.get(&table.oid).cloned().unwrap_or_default();
            let (oid, name, touched) = (table.oid, table.name.clone(), table.touched);
            FilledTable { oid, words, name, touched, rows, sampled, refused }
        });
        filled.collect()
    }

    /// How many rows each table has.
    async fn counts(&self) -> Result<Vec<u64>, Error> {
        let tables = self.shapes.tables.iter();
        let counts: Vec<String> =
            tables.map(|it| format!("SELECT count(*) FROM ONLY {}", it.name)).collect();
        let counts = self.rows_of(&counts.join(" UNION ALL ")).await?;
        let number = |it: &Vec<Option<String>>| it.first()?.as_ref()?.parse().ok();
        Ok(counts.iter().map(|it| number(it).unwrap_or(0)).collect())
    }

    /// Turns off the triggers that people made: they may refuse rows, or write elsewhere. Gives what
    /// turns them on again. Those of foreign keys stay.
    async fn triggers_off(&self) -> Result<Vec<String>, Error> {
        let oids: Vec<Oid> = self.shapes.tables.iter().map(|it| it.oid).collect();
        let mut on = Vec::new();
        for it in triggers(self.database, &oids).await? {
            if self.again.is_some_and(|quiet| !quiet.contains(&it.oid)) {
                continue;
            }
            let Trigger { table, name, fires, .. } = it;
            let off = format!("ALTER TABLE ONLY {table} DISABLE TRIGGER {name}");
            self.database.batch_execute(&off).await?;
            on.push(format!("ALTER TABLE ONLY {table} ENABLE {fires}TRIGGER {name}"));
        }
        Ok(on)
    }

    /// Fills tables that reference each other, whose references are checked when all have their rows.
    async fn cycle(&mut self, group: &[usize]) -> Result<(), Error> {
        let tables = &self.shapes.tables;
        let mut expected = BTreeMap::new();
        for it in group {
            let table = &tables[*it];
            let pools = self.pools(table).await?;
            expected.insert(table.oid, pools);
        }
        self.database.batch_execute("SAVEPOINT circle; SET CONSTRAINTS ALL DEFERRED").await?;
        for it in group {
            self.table(&tables[*it], &expected).await?;
        }
        let held = self.database.batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await;
        if let Err(error) = held {
            self.database
                .batch_execute("ROLLBACK TO circle; SET CONSTRAINTS ALL IMMEDIATE")
                .await?;
            for it in group {
                let refused = Some(message(&error));
                self.written.insert(tables[*it].oid, Written { sampled: false, refused });
            }
        }
        Ok(())
    }

    /// Fills a table. Of those that it references and that have no rows yet, the values are expected.
    async fn table(
        &mut self,
        table: &TestTable,
        expected: &BTreeMap<Oid, BTreeMap<i16, Vec<String>>>,
    ) -> Result<(), Error> {
        if table.columns.is_empty() {
            return Ok(());
        }
        if let Some(sample) = self.sample.get(&table.name) {
            let rows = sample.rows_for(table);
            let refused = self.insert(table, &rows, &[]).await?;
            if refused.written > 0 {
                let written = Written { sampled: true, refused: refused.message };
                self.written.insert(table.oid, written);
                return Ok(());
            }
        }
        let mut targets = Vec::new();
        let names = self.shapes.targets.get(&table.oid);
        for (reference, name) in table.references.iter().zip(names.into_iter().flatten()) {
            targets.push(match expected.get(&reference.target) {
                _ if reference.target == table.oid => Targets::new(),
                Some(pools) => expected_targets(&reference.target_columns, pools),
                None => self.targets(name).await?,
            });
        }
        let filler = Filler::new(table, self.pools(table).await?, targets);
        let (mut rows, mut reserve) = (filler.rows(), filler.reserve());
        if table.checks_of_rows().next().is_some() {
            let first = rows.len();
            rows.append(&mut reserve);
            if let Some(kept) = self.fitting(table, &rows).await? {
                let many = first.max(usize::try_from(ENOUGH).unwrap_or(0));
                let mut fitting = kept.into_iter().map(|it| rows[it].clone());
                let chosen: Vec<Row> = fitting.by_ref().take(many).collect();
                reserve = fitting.collect();
                rows = chosen;
            }
        }
        let inserted = self.insert(table, &rows, &reserve).await?;
        let refused = inserted.message.or_else(|| rows.is_empty().then(|| why_none(&filler)));
        self.written.insert(table.oid, Written { sampled: false, refused });
        Ok(())
    }

    /// The values of each column that PostgreSQL takes.
    async fn pools(&self, table: &TestTable) -> Result<BTreeMap<i16, Vec<String>>, Error> {
        let mut pools = BTreeMap::new();
        for column in &table.columns {
            let of_domain = self.shapes.domain_checks.get(&(table.oid, column.number));
            let all = candidates(table, column, of_domain.map_or(&[], Vec::as_slice));
            let pool = match needs_asking(table, column) {
                true => self.taken(table, column, all).await?,
                false => all,
            };
            pools.insert(column.number, pool);
        }
        Ok(pools)
    }

    /// The candidates that a column takes, its type and the checks on it alone.
    async fn taken(
        &self,
        table: &TestTable,
        column: &TestColumn,
        all: Vec<String>,
    ) -> Result<Vec<String>, Error> {
        let TestColumn { name, type_name, .. } = column;
        let conditions = conditions(table.checks_of(column.number).map(|it| &it.expression));
        if self.database.major_version().is_some_and(|it| it >= ASKS_FOR_INPUT) {
            let values: Vec<String> =
                all.iter().enumerate().map(|(at, it)| format!("({at}, {})", literal(it))).collect();
            let sql = format!(
                "WITH readable AS MATERIALIZED ( \
                     SELECT place, value FROM (VALUES {}) AS it (place, value) \
                      WHERE pg_catalog.pg_input_is_valid(value, {})), \
                 typed (\"of aludel\", {name}) AS MATERIALIZED ( \
                     SELECT place, value::{type_name} FROM readable) \
                 SELECT \"of aludel\" FROM typed WHERE {conditions} ORDER BY 1",
                values.join(", "),
                literal(type_name)
            );
            if let Some(places) = self.attempt(&sql).await? {
                return Ok(chosen(&places)
                    .into_iter()
                    .filter_map(|it| all.get(it).cloned())
                    .collect());
            }
        }
        let mut taken = Vec::new();
        for value in all {
            if taken.len() >= SINGLY {
                break;
            }
            let sql = format!(
                "SELECT {name} FROM (SELECT {}::{type_name}) AS typed ({name}) WHERE {conditions}",
                literal(&value)
            );
            if self.attempt(&sql).await?.is_some_and(|it| !it.is_empty()) {
                taken.push(value);
            }
        }
        Ok(taken)
    }

    /// The rows that fulfil the checks that need several columns, by their places; None where they
    /// cannot be asked beforehand.
    async fn fitting(&self, table: &TestTable, rows: &[Row]) -> Result<Option<Vec<usize>>, Error> {
        let named: BTreeSet<i16> =
            table.checks_of_rows().flat_map(|it| it.columns.iter().copied()).collect();
        let is_named = |it: &(usize, &TestColumn)| named.contains(&it.1.number);
        let columns: Vec<(usize, &TestColumn)> =
            table.columns.iter().enumerate().filter(is_named).collect();
        if columns.is_empty() || rows.is_empty() {
            return Ok(None);
        }
        let values = rows.iter().enumerate().map(|(place, row)| {
            let cells = columns.iter().map(|(at, column)| match &row[*at] {
                Cell::Value(it) => format!("{}::{}", literal(it), column.type_name),
                Cell::Null | Cell::Default => format!("NULL::{}", column.type_name),
            });
            format!("({place}, {})", cells.collect::<Vec<_>>().join(", "))
        });
        let names: Vec<&str> = columns.iter().map(|it| it.1.name.as_str()).collect();
        let sql = format!(
            "SELECT \"of aludel\" FROM (VALUES {}) AS it (\"of aludel\", {}) WHERE {} ORDER BY 1",
            values.collect::<Vec<_>>().join(", "),
            names.join(", "),
            conditions(table.checks_of_rows().map(|it| &it.expression))
        );
        Ok(self.attempt(&sql).await?.map(|it| chosen(&it)))
    }

    /// The rows of a table that a reference may lead to.
    async fn targets(&self, target: &Target) -> Result<Targets, Error> {
        let columns = target.columns.join(", ");
        let present: Vec<String> =
            target.columns.iter().map(|it| format!("{it} IS NOT NULL")).collect();
        let sql = format!(
            "SELECT {columns} FROM {} WHERE {} LIMIT {TARGETS}",
            target.table,
            present.join(" AND ")
        );
        let rows = self.attempt(&sql).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|it| it.into_iter().flatten().collect()).collect())
    }

    /// Writes rows: all at once, else one by one, with those in reserve until there are enough.
    async fn insert(
        &self,
        table: &TestTable,
        rows: &[Row],
        reserve: &[Row],
    ) -> Result<Inserted, Error> {
        if !rows.is_empty() && self.attempt(&insertion(table, rows)).await?.is_some() {
            let written = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            return Ok(Inserted { written, message: None });
        }
        let mut inserted = Inserted::default();
        let tried =
            rows.iter().map(|it| (it, u64::MAX)).chain(reserve.iter().map(|it| (it, ENOUGH)));
        for (row, enough) in tried.take(rows.len() + ATTEMPTS) {
            if inserted.written >= enough {
                break;
            }
            match self.within(&insertion(table, std::slice::from_ref(row))).await? {
                Ok(_) => inserted.written += 1,
                Err(error) => inserted.message = Some(message(&error)),
            }
        }
        Ok(inserted)
    }

    /// Runs SQL that may be refused; None where it was.
    async fn attempt(&self, sql: &str) -> Result<Option<Vec<Vec<Option<String>>>>, Error> {
        Ok(self.within(sql).await?.ok())
    }

    /// Runs SQL that leaves nothing where it is refused.
    async fn within(&self, sql: &str) -> Result<Result<Vec<Vec<Option<String>>>, Error>, Error> {
        let done = self.rows_of(&format!("SAVEPOINT attempt; {sql}; RELEASE attempt")).await;
        if let Err(error) = &done
            && error.as_db_error().is_some()
        {
            self.database.batch_execute("ROLLBACK TO attempt").await?;
        }
        match done {
            Err(error) if error.as_db_error().is_none() => Err(error),
            done => Ok(done),
        }
    }

    async fn rows_of(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        Ok(texts(self.database.simple_query(sql).await?))
    }
}

/// What became of rows.
#[derive(Debug, Default)]
struct Inserted {
    written: u64,
    message: Option<String>,
}

/// The rows of an answer, as text.
pub(super) fn texts(messages: Vec<SimpleQueryMessage>) -> Vec<Vec<Option<String>>> {
    let rows = messages.into_iter().filter_map(|it| match it {
        SimpleQueryMessage::Row(row) => {
            Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        }
        _ => None,
    });
    rows.collect()
}

fn chosen(places: &[Vec<Option<String>>]) -> Vec<usize> {
    places.iter().filter_map(|it| it.first()?.as_ref()?.parse().ok()).collect()
}

/// Conditions as a CHECK holds them: what is NULL is let in.
fn conditions<'a>(all: impl Iterator<Item = &'a String>) -> String {
    let shown: Vec<String> = all.map(|it| format!("({it}) IS NOT FALSE")).collect();
    if shown.is_empty() { "true".to_owned() } else { shown.join(" AND ") }
}

fn insertion(table: &TestTable, rows: &[Row]) -> String {
    let names: Vec<&str> = table.columns.iter().map(|it| it.name.as_str()).collect();
    let rows = rows.iter().map(|row| {
        let cells = row.iter().map(|it| match it {
            Cell::Value(it) => literal(it),
            Cell::Null => "NULL".to_owned(),
            Cell::Default => "DEFAULT".to_owned(),
        });
        format!("({})", cells.collect::<Vec<_>>().join(", "))
    });
    format!(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}",
        table.name,
        names.join(", "),
        rows.collect::<Vec<_>>().join(", ")
    )
}

/// What the rows of a table that is filled later will have in the columns of its key.
fn expected_targets(columns: &[i16], pools: &BTreeMap<i16, Vec<String>>) -> Targets {
    let value = |at: usize, column: &i16| pools.get(column)?.get(at).cloned();
    let rows = (0..usize::try_from(ENOUGH).unwrap_or(0))
        .map_while(|at| columns.iter().map(|it| value(at, it)).collect::<Option<Vec<String>>>());
    rows.collect()
}

fn why_none(filler: &Filler<'_>) -> String {
    match filler.without_value() {
        Some(column) => {
            format!("no value of {} was found that satisfies its type and checks", column.name)
        }
        None => "no row was found that satisfies its keys, foreign keys and checks".to_owned(),
    }
}

pub(super) fn message(error: &Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned())
}
