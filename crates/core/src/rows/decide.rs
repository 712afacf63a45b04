//! The test rows of a table: ordinary ones, two that differ only in their keys, one with every NULL
//! that is allowed, and the limits of each type. Further candidates are used if PostgreSQL rejects
//! these.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::ValueKind;
use super::literals::{Literal, literals};
use super::table::{Reference, TestColumn, TestTable};
use super::values::{FORMS, Stem, extremes, large_keys, numbered_forms, ordinary};

/// What stands in a column of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A value, as text that its type reads.
    Value(String),
    /// NULL.
    Null,
    /// What the column has when nothing is said.
    Default,
}

/// A row: a cell for each column of the table, in its order.
pub type Row = Vec<Cell>;

/// The values of the columns that a reference leads to, row by row.
pub type Targets = Vec<Vec<String>>;

/// Ordinary values of a column that needs no key.
const ORDINARY: u64 = 5;

/// Different values of a column in a key.
const DIFFERENT: u64 = 60;

/// How often a form is numbered for a key.
const NUMBERED: u64 = 12;

/// The fewest and the most rows of the first choice.
const FEWEST: usize = 6;
const MOST: usize = 16;

/// Rows in reserve.
const RESERVE: usize = 160;

/// Where NULL stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// Nowhere, if it can be helped.
    None,
    /// Wherever it may.
    All,
    /// In some columns, others in each row.
    Some,
}

/// Makes rows for one table.
#[derive(Debug)]
pub struct Filler<'a> {
    table: &'a TestTable,
    pools: BTreeMap<i16, Vec<String>>,
    targets: Vec<Targets>,
    /// The columns in which every row differs, so that no key is met twice.
    distinct: BTreeSet<i16>,
}

/// The candidates for the values of a column, before any check was asked.
#[must_use]
pub fn candidates(table: &TestTable, column: &TestColumn, of_domain: &[String]) -> Vec<String> {
    let stem = Stem::new(&table.name, &column.name);
    let in_key = table.keys.iter().any(|it| it.contains(&column.number));
    let count = if in_key { DIFFERENT } else { ORDINARY };
    let mut all: Vec<String> =
        (0..count).map_while(|at| ordinary(&column.kind, stem, at)).collect();
    // What follows the largest value must exist, where a key may come to be counted.
    let limits =
        if in_key || column.counted { large_keys(&column.kind) } else { extremes(&column.kind, 0) };
    let place = all.len().min(usize::try_from(ORDINARY).unwrap_or(0));
    all.splice(place..place, limits);
    let checks: Vec<_> =
        table.checks.iter().filter(|it| it.columns.contains(&column.number)).collect();
    for expression in checks.iter().map(|it| &it.expression).chain(of_domain) {
        all.extend(literals(expression).iter().flat_map(near));
    }
    if needs_asking(table, column) {
        all.extend(FORMS.map(str::to_owned));
        if in_key {
            all.extend((1..=NUMBERED).flat_map(numbered_forms));
        }
    }
    if let ValueKind::Text(Some(limit)) = column.kind {
        all.retain(|it| it.chars().count() <= limit);
    }
    let mut seen = BTreeSet::new();
    all.retain(|it| seen.insert(it.clone()));
    all
}

/// Whether PostgreSQL has to be asked which candidates of a column it takes.
#[must_use]
pub fn needs_asking(table: &TestTable, column: &TestColumn) -> bool {
    column.kind.needs_asking() || table.checks.iter().any(|it| it.columns.contains(&column.number))
}

/// A constant, and what stands beside it: a bound may let in only what is above or below; a pattern of
/// LIKE what is put for its signs.
fn near(literal: &Literal) -> Vec<String> {
    match literal {
        Literal::Number(number) => {
            [*number, number.saturating_add(1), number.saturating_sub(1), -*number]
                .iter()
                .map(ToString::to_string)
                .collect()
        }
        Literal::Text(text) if text.contains(['%', '_']) => {
            vec![text.replace(['%', '_'], "a"), text.clone()]
        }
        Literal::Text(text) => vec![text.clone()],
    }
}

impl<'a> Filler<'a> {
    /// For a table, the values that its columns may have, and the rows that each of its references may
    /// lead to; those of the table itself are found by themselves.
    #[must_use]
    pub fn new(
        table: &'a TestTable,
        pools: BTreeMap<i16, Vec<String>>,
        targets: Vec<Targets>,
    ) -> Self {
        let mut filler = Self { table, pools, targets, distinct: BTreeSet::new() };
        for key in &table.keys {
            if !key.iter().any(|it| filler.distinct.contains(it)) {
                let widest = key.iter().rev().max_by_key(|it| filler.width(**it));
                filler.distinct.extend(widest);
            }
        }
        filler
    }

    /// How many different values a column can have.
    fn width(&self, column: i16) -> (usize, bool) {
        let targets = self.table.references.iter().zip(&self.targets);
        let bound = targets
            .filter(|(it, _)| it.target != self.table.oid && it.columns.contains(&column))
            .map(|(_, targets)| targets.len())
            .min();
        let free = self.pools.get(&column).map_or(0, Vec::len);
        (bound.unwrap_or(free).min(free), bound.is_none())
    }

    /// The rows of the first choice.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let count = self.count();
        let first = [(0, 0, Nulls::None), (1, 0, Nulls::None), (2, 1, Nulls::All)];
        let rest = (3..count).map(|at| (at, at - 2, Nulls::Some));
        let all = first.into_iter().chain(rest);
        all.filter_map(|(at, vary, nulls)| self.row(at, vary, nulls, false)).collect()
    }

    /// The column for which no value is known, where that is why there are no rows.
    #[must_use]
    pub fn without_value(&self) -> Option<&TestColumn> {
        let is_bare = |it: &&TestColumn| {
            let referring = self.table.references.iter().any(|of| of.columns.contains(&it.number));
            let pool = self.pools.get(&it.number).is_none_or(Vec::is_empty);
            pool && !referring && !it.nullable && !it.has_default
        };
        self.table.columns.iter().find(is_bare)
    }

    /// Rows to try where the first were refused: plain ones, then all that can be mixed.
    #[must_use]
    pub fn reserve(&self) -> Vec<Row> {
        let count = self.count();
        let plain = (0..4).map(|it| (it, Nulls::None));
        let mixed =
            (0..RESERVE).map(|it| (it + 7, if it % 2 == 0 { Nulls::None } else { Nulls::Some }));
        let all = plain.chain(mixed).enumerate();
        all.filter_map(|(at, (vary, nulls))| self.row(count + at, vary, nulls, true)).collect()
    }

    fn count(&self) -> usize {
        let free = self.pools.iter().filter(|(column, _)| !self.distinct.contains(column));
        let longest = free.map(|it| it.1.len()).max().unwrap_or(0);
        (longest + 3).clamp(FEWEST, MOST)
    }

    /// A row: `at` counts what must differ, `vary` chooses the rest; `mixed` chooses otherwise for each
    /// column. None where no value is left that differs.
    fn row(&self, at: usize, vary: usize, nulls: Nulls, mixed: bool) -> Option<Row> {
        let mut cells: BTreeMap<i16, Cell> = BTreeMap::new();
        let is_null = |place: usize| match nulls {
            Nulls::None => false,
            Nulls::All => true,
            Nulls::Some if mixed => scattered(at, place).is_multiple_of(3),
            Nulls::Some => (at + place).is_multiple_of(3),
        };
        let (own, others): (Vec<_>, Vec<_>) = self
            .table
            .references
            .iter()
            .zip(&self.targets)
            .partition(|(it, _)| it.target == self.table.oid);
        for (reference, targets) in others {
            let place = reference.columns.first().and_then(|it| self.place(*it)).unwrap_or(0);
            let wants_null = is_null(place) && self.table.may_be_null(reference);
            let chosen =
                if wants_null { None } else { self.target(reference, targets, &cells, at, vary) };
            self.refer(reference, chosen, &mut cells)?;
        }
        let own: Vec<&Reference> = own.into_iter().map(|it| it.0).collect();
        let refers_to_own = |number: i16| own.iter().any(|it| it.columns.contains(&number));
        for (place, column) in self.table.columns.iter().enumerate() {
            if cells.contains_key(&column.number) || refers_to_own(column.number) {
                continue;
            }
            let spread = if mixed { vary * (2 * place + 1) + vary / 3 * place } else { vary };
            let cell = self.free(column, at, spread, is_null(place), mixed)?;
            cells.insert(column.number, cell);
        }
        for reference in own {
            // A row may reference itself.
            let to_itself: Vec<String> = reference
                .target_columns
                .iter()
                .filter_map(|it| match cells.get(it) {
                    Some(Cell::Value(value)) => Some(value.clone()),
                    Some(Cell::Null | Cell::Default) | None => None,
                })
                .collect();
            let whole = to_itself.len() == reference.columns.len();
            let wants_null =
                self.table.may_be_null(reference) && (nulls == Nulls::All || at.is_multiple_of(2));
            let chosen = (whole && !wants_null).then_some(&to_itself);
            self.refer(reference, chosen, &mut cells)?;
        }
        self.table.columns.iter().map(|it| cells.remove(&it.number)).collect()
    }

    fn place(&self, number: i16) -> Option<usize> {
        self.table.columns.iter().position(|it| it.number == number)
    }

    /// The row that a reference leads to, of those that fit what the row has already.
    fn target<'b>(
        &self,
        reference: &Reference,
        targets: &'b Targets,
        cells: &BTreeMap<i16, Cell>,
        at: usize,
        vary: usize,
    ) -> Option<&'b Vec<String>> {
        let fits = |target: &&Vec<String>| {
            reference.columns.iter().zip(*target).all(|(column, value)| match cells.get(column) {
                Some(Cell::Value(it)) => it == value,
                Some(Cell::Null | Cell::Default) => false,
                None => true,
            })
        };
        let fitting: Vec<&Vec<String>> = targets.iter().filter(fits).collect();
        let differs = reference.columns.iter().any(|it| self.distinct.contains(it));
        match differs {
            true => fitting.get(at).copied(),
            false => fitting.get(vary.checked_rem(fitting.len())?).copied(),
        }
    }

    /// Writes down what a reference leads to, or that it leads nowhere; None where it must lead
    /// somewhere.
    fn refer(
        &self,
        reference: &Reference,
        chosen: Option<&Vec<String>>,
        cells: &mut BTreeMap<i16, Cell>,
    ) -> Option<()> {
        if let Some(values) = chosen {
            let pairs = reference.columns.iter().zip(values);
            cells.extend(pairs.map(|(column, value)| (*column, Cell::Value(value.clone()))));
            return Some(());
        }
        let mut leads_nowhere = false;
        for column in &reference.columns {
            let nullable = self.table.column(*column).is_some_and(|it| it.nullable);
            if nullable && !matches!(cells.get(column), Some(Cell::Value(_))) {
                cells.insert(*column, Cell::Null);
                leads_nowhere = true;
            }
        }
        leads_nowhere.then_some(())
    }

    /// The cell of a column that references nothing.
    fn free(
        &self,
        column: &TestColumn,
        at: usize,
        vary: usize,
        null: bool,
        wrap: bool,
    ) -> Option<Cell> {
        if null && column.nullable {
            return Some(Cell::Null);
        }
        let pool = self.pools.get(&column.number).map_or(&[][..], Vec::as_slice);
        let index = match self.distinct.contains(&column.number) {
            true if wrap => at.checked_rem(pool.len()),
            true => Some(at),
            false => vary.checked_rem(pool.len()),
        };
        match index.and_then(|it| pool.get(it)) {
            Some(value) => Some(Cell::Value(value.clone())),
            None if column.nullable => Some(Cell::Null),
            None if column.has_default && pool.is_empty() => Some(Cell::Default),
            None => None,
        }
    }
}

/// A number for a row and a column that follows no pattern: conditions on several columns ask for
/// NULL in some and not in others.
fn scattered(at: usize, place: usize) -> u64 {
    let [at, place] = [at, place].map(|it| u64::try_from(it).unwrap_or(0) + 1);
    let mixed = at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 31).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::table::Check;

    fn column(number: i16, name: &str, kind: ValueKind, nullable: bool) -> TestColumn {
        let (name, type_name) = (name.to_owned(), String::new());
        TestColumn { number, name, type_name, kind, nullable, counted: false, has_default: false }
    }

    fn table(columns: Vec<TestColumn>, keys: &[&[i16]]) -> TestTable {
        TestTable {
            oid: 1,
            name: "public.t".to_owned(),
            touched: true,
            columns,
            keys: keys.iter().map(|it| it.to_vec()).collect(),
            checks: Vec::new(),
            references: Vec::new(),
        }
    }

    fn filler(table: &TestTable, targets: Vec<Targets>) -> Filler<'_> {
        let pools =
            table.columns.iter().map(|it| (it.number, candidates(table, it, &[]))).collect();
        Filler::new(table, pools, targets)
    }

    #[test]
    fn two_rows_differ_in_their_key_alone_and_one_has_every_null() {
        let (int, text) = (ValueKind::Int(4), ValueKind::Text(None));
        let columns = vec![
            column(1, "id", int, false),
            column(2, "a", text.clone(), true),
            column(3, "b", text, false),
        ];
        let table = table(columns, &[&[1]]);
        let rows = filler(&table, Vec::new()).rows();
        assert_ne!(rows[0][0], rows[1][0]);
        assert_eq!(rows[0][1..], rows[1][1..]);
        assert_eq!(rows[2][1], Cell::Null);
        assert!(matches!(rows[2][2], Cell::Value(_)));
        let long = |row: &Row| matches!(&row[2], Cell::Value(it) if it.len() == 300);
        assert!(rows.iter().any(long), "{rows:?}");
        assert_eq!(rows, filler(&table, Vec::new()).rows(), "the same each time");
    }

    #[test]
    fn what_a_check_names_is_among_the_candidates() {
        let columns = vec![
            column(1, "n", ValueKind::Int(4), false),
            column(2, "s", ValueKind::Text(None), false),
        ];
        let checks = vec![
            Check { expression: "(n > 41)".to_owned(), columns: vec![1] },
            Check { expression: "(s ~~ 'k-%'::text)".to_owned(), columns: vec![2] },
        ];
        let table = TestTable { checks, ..table(columns, &[]) };
        let has = |at: usize, value: &str| {
            candidates(&table, &table.columns[at], &[]).contains(&value.to_owned())
        };
        assert!(has(0, "42") && has(0, "40") && has(1, "k-a") && has(1, "a@example.com"));
    }

    #[test]
    fn references_lead_to_rows_that_are_there() {
        let int = || ValueKind::Int(4);
        let columns = vec![column(1, "a", int(), false), column(2, "b", int(), true)];
        let reference = |columns: &[i16], target| Reference {
            columns: columns.to_vec(),
            target,
            target_columns: vec![1],
            deferrable: false,
        };
        let references = vec![reference(&[1], 2), reference(&[2], 1)];
        let table = TestTable { references, ..table(columns, &[&[1]]) };
        let targets = vec![vec![vec!["7".to_owned()], vec!["8".to_owned()]], Vec::new()];
        let rows = filler(&table, targets).rows();
        let value = |it: &str| Cell::Value(it.to_owned());
        assert_eq!(rows, [vec![value("7"), Cell::Null], vec![value("8"), value("8")]]);
        assert!(filler(&table, vec![Vec::new(), Vec::new()]).rows().is_empty());
    }

    #[test]
    fn a_key_of_several_columns_differs_in_one() {
        let columns = vec![
            column(1, "kind", ValueKind::Bool, false),
            column(2, "n", ValueKind::Int(4), false),
        ];
        let table = table(columns, &[&[1, 2]]);
        let rows = filler(&table, Vec::new()).rows();
        assert_eq!(rows[0][0], rows[1][0]);
        assert_ne!(rows[0][1], rows[1][1]);
    }
}
