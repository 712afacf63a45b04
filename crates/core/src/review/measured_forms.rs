//! What statements do that the engine at hand cannot run: the forms that run outside of a transaction, and
//! those that need a tablespace or reach beyond the database. Measured on PostgreSQL 16.14, on a table with
//! rows, by a second connection.
//!
//! Only what was measured is told. Of any other statement nothing is known.

use super::context::words_of_tokens;
use super::facts::{Facts, FactsSource, Footing, RelationKind, RelationLock, Scan};
use super::index_text;
use crate::diff::Change;
use crate::model::Schema;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::Object;
use crate::model::table::Table;
use crate::plan::LockLevel;
use crate::sql_text::{ScriptStatement, Token};

/// A form of a statement, and what was measured of it.
struct Form {
    /// The words that it begins with.
    begins: &'static [&'static str],
    /// Words that stand in it too.
    has: &'static [&'static str],
    /// What it is about.
    subject: Subject,
    /// The lock on the table.
    table: Option<LockLevel>,
    /// The lock on its indexes, or on the index that it is about.
    index: Option<LockLevel>,
    /// What it reads and writes.
    work: Work,
}

/// What a statement is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// The index that it creates.
    NewIndex,
    /// The indexes that it names.
    Indexes,
    /// The indexes that it drops.
    DroppedIndexes,
    /// The tables that it names; all of them, if it names none.
    Tables,
    /// The tables of the schema that it names.
    Schema,
    /// All tables.
    All,
    /// The partition that it detaches.
    Partition,
    /// No relation.
    Nothing,
}

/// What a statement reads and writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Only the catalog.
    Catalog,
    /// It builds an index from the rows.
    Builds,
    /// It writes indexes again from the rows.
    Rebuilds,
    /// It copies an index.
    CopiesIndex,
    /// It writes the table and its indexes again.
    Rewrites,
    /// It copies the table without its indexes.
    CopiesTable,
}

const SHARE_UPDATE: Option<LockLevel> = Some(LockLevel::ShareUpdateExclusive);
const SHARE: Option<LockLevel> = Some(LockLevel::Share);
const EXCLUSIVE: Option<LockLevel> = Some(LockLevel::AccessExclusive);

const fn form(
    begins: &'static [&'static str],
    has: &'static [&'static str],
    subject: Subject,
    (table, index): (Option<LockLevel>, Option<LockLevel>),
    work: Work,
) -> Form {
    Form { begins, has, subject, table, index, work }
}

/// The measured forms; the first that fits counts.
const FORMS: &[Form] = &[
    form(
        &["create", "index", "concurrently"],
        &[],
        Subject::NewIndex,
        (SHARE_UPDATE, None),
        Work::Builds,
    ),
    form(
        &["create", "unique", "index", "concurrently"],
        &[],
        Subject::NewIndex,
        (SHARE_UPDATE, None),
        Work::Builds,
    ),
    form(
        &["drop", "index", "concurrently"],
        &[],
        Subject::DroppedIndexes,
        (SHARE_UPDATE, None),
        Work::Catalog,
    ),
    form(
        &["reindex"],
        &["concurrently", "index"],
        Subject::Indexes,
        (SHARE_UPDATE, None),
        Work::Rebuilds,
    ),
    form(
        &["reindex"],
        &["concurrently", "table"],
        Subject::Tables,
        (SHARE_UPDATE, None),
        Work::Rebuilds,
    ),
    form(
        &["reindex"],
        &["concurrently", "schema"],
        Subject::Schema,
        (SHARE_UPDATE, None),
        Work::Rebuilds,
    ),
    form(
        &["reindex"],
        &["concurrently", "database"],
        Subject::All,
        (SHARE_UPDATE, None),
        Work::Rebuilds,
    ),
    form(&["reindex"], &["index"], Subject::Indexes, (SHARE, EXCLUSIVE), Work::Rebuilds),
    form(&["reindex"], &["table"], Subject::Tables, (SHARE, EXCLUSIVE), Work::Rebuilds),
    form(&["reindex"], &["schema"], Subject::Schema, (SHARE, EXCLUSIVE), Work::Rebuilds),
    form(&["reindex"], &["database"], Subject::All, (SHARE, EXCLUSIVE), Work::Rebuilds),
    form(
        &["alter", "table"],
        &["detach", "partition", "concurrently"],
        Subject::Partition,
        (SHARE_UPDATE, None),
        Work::Catalog,
    ),
    form(
        &["alter", "table"],
        &["set", "tablespace"],
        Subject::Tables,
        (EXCLUSIVE, None),
        Work::CopiesTable,
    ),
    form(
        &["alter", "index"],
        &["set", "tablespace"],
        Subject::Indexes,
        (None, EXCLUSIVE),
        Work::CopiesIndex,
    ),
    form(&["vacuum"], &["full"], Subject::Tables, (EXCLUSIVE, None), Work::Rewrites),
    form(&["vacuum"], &[], Subject::Tables, (SHARE_UPDATE, None), Work::Catalog),
    form(&["alter", "system"], &[], Subject::Nothing, (None, None), Work::Catalog),
    form(&["create", "database"], &[], Subject::Nothing, (None, None), Work::Catalog),
    form(&["alter", "database"], &["set"], Subject::Nothing, (None, None), Work::Catalog),
];

/// What a statement does, if its form was measured, on a schema as it is before the statement. Relations
/// that `is_new` says to be of the same file are nobody else's.
#[must_use]
pub fn told(
    statement: &ScriptStatement,
    schema: &Schema,
    is_new: impl Fn(&QualifiedName) -> bool,
) -> Option<Facts> {
    let words = words_of_tokens(&statement.tokens);
    let fits =
        |it: &&Form| words.starts_with(it.begins) && it.has.iter().all(|word| words.contains(word));
    let form = FORMS.iter().find(fits)?;
    let teller = Teller { form, schema, is_new: &is_new };
    let mut facts = Facts { source: FactsSource::Table, ..Facts::default() };
    match form.subject {
        Subject::NewIndex => teller.new_index(statement, &mut facts)?,
        Subject::Indexes => teller.indexes(&named(statement), &mut facts)?,
        Subject::DroppedIndexes => teller.dropped_indexes(&named(statement), &mut facts)?,
        Subject::Tables => teller.tables(&named(statement), &mut facts)?,
        Subject::Schema => {
            let namespace = named(statement).into_iter().next()?.name;
            teller.all(|it| it.name.namespace == namespace, &mut facts);
        }
        Subject::All => teller.all(|_| true, &mut facts),
        Subject::Partition => teller.partition(&named(statement), &mut facts)?,
        Subject::Nothing => {}
    }
    facts.locks.sort_by_key(|it| std::cmp::Reverse(it.level));
    Some(facts)
}

/// Tells what a form does to relations.
struct Teller<'a> {
    form: &'a Form,
    schema: &'a Schema,
    is_new: &'a dyn Fn(&QualifiedName) -> bool,
}

impl Teller<'_> {
    fn footing(&self, table: &QualifiedName) -> Footing {
        if (self.is_new)(table) { Footing::New } else { Footing::Existing }
    }

    fn lock_table(&self, level: LockLevel, table: &QualifiedName, facts: &mut Facts) {
        facts.locks.push(RelationLock {
            level,
            relation: table.to_string(),
            kind: RelationKind::Table,
            table: None,
            footing: self.footing(table),
        });
    }

    fn lock_index(&self, index: &QualifiedName, table: &QualifiedName, facts: &mut Facts) {
        let Some(level) = self.form.index else { return };
        facts.locks.push(RelationLock {
            level,
            relation: index.to_string(),
            kind: RelationKind::Index,
            table: Some(table.to_string()),
            footing: self.footing(table),
        });
    }

    fn scan(&self, table: &QualifiedName, facts: &mut Facts) {
        facts.scanned.push(Scan { table: table.to_string(), footing: self.footing(table) });
    }

    fn new_index(&self, statement: &ScriptStatement, facts: &mut Facts) -> Option<()> {
        let text = index_text::read(statement)?;
        let table = text.index.table.clone();
        if self.schema.table(&table).is_some_and(|it| it.partition_by.is_some()) {
            let told =
                format!("cannot create index on partitioned table \"{}\" concurrently", table.name);
            facts.refused = Some(told);
            return Some(());
        }
        let present = text.if_not_exists && self.index(&text.index.qualified_name()).is_some();
        self.lock_table(self.form.table?, &table, facts);
        if present {
            return Some(());
        }
        if self.footing(&table) == Footing::Existing {
            facts.built.push(text.index.qualified_name().to_string());
        }
        self.scan(&table, facts);
        if !text.index.name.as_str().is_empty() {
            facts.changes.push(Change::Create(Object::from(text.index)));
        }
        Some(())
    }

    /// An index of the schema by its name; one of a constraint is not among them.
    fn index(&self, name: &QualifiedName) -> Option<&Index> {
        self.schema.iter().find_map(|(_, it)| match it {
            Object::Index(it) if it.qualified_name() == *name => Some(it),
            _ => None,
        })
    }

    /// The table of an index, also of one that belongs to a constraint.
    fn table_of(&self, index: &QualifiedName) -> Option<QualifiedName> {
        let own = || {
            self.schema.iter().find_map(|(_, it)| match it {
                Object::Constraint(it) if it.table.sibling(it.name.clone()) == *index => {
                    Some(it.table.clone())
                }
                _ => None,
            })
        };
        self.index(index).map(|it| it.table.clone()).or_else(own)
    }

    fn indexes(&self, names: &[QualifiedName], facts: &mut Facts) -> Option<()> {
        let name = names.first()?;
        let table = self.table_of(name)?;
        if let Some(level) = self.form.table {
            self.lock_table(level, &table, facts);
        }
        self.lock_index(name, &table, facts);
        if self.footing(&table) == Footing::Existing {
            facts.rebuilt.push(name.to_string());
        }
        if self.form.work == Work::Rebuilds {
            self.scan(&table, facts);
        }
        Some(())
    }

    fn dropped_indexes(&self, names: &[QualifiedName], facts: &mut Facts) -> Option<()> {
        for name in names {
            let Some(index) = self.index(name) else { continue };
            self.lock_table(self.form.table?, &index.table, facts);
            facts.changes.push(Change::Drop(Object::from(index.clone())));
        }
        Some(())
    }

    fn tables(&self, names: &[QualifiedName], facts: &mut Facts) -> Option<()> {
        if names.is_empty() {
            self.all(|_| true, facts);
            return Some(());
        }
        let tables: Option<Vec<&Table>> = names.iter().map(|it| self.schema.table(it)).collect();
        tables?.into_iter().for_each(|it| self.table(it, facts));
        Some(())
    }

    fn all(&self, keep: impl Fn(&Table) -> bool, facts: &mut Facts) {
        self.schema.tables().filter(|it| keep(it)).for_each(|it| self.table(it, facts));
    }

    fn table(&self, table: &Table, facts: &mut Facts) {
        let name = &table.name;
        if let Some(level) = self.form.table {
            self.lock_table(level, name, facts);
        }
        let indexes: Vec<QualifiedName> =
            self.schema.indexes(name).map(Index::qualified_name).collect();
        indexes.iter().for_each(|it| self.lock_index(it, name, facts));
        if self.footing(name) == Footing::New {
            return;
        }
        match self.form.work {
            Work::Catalog | Work::Builds => {}
            Work::Rebuilds | Work::CopiesIndex => {
                facts.rebuilt.extend(indexes.iter().map(ToString::to_string));
                self.scan(name, facts);
            }
            Work::Rewrites | Work::CopiesTable => {
                facts.rewritten.push(name.to_string());
                self.scan(name, facts);
            }
        }
    }

    fn partition(&self, names: &[QualifiedName], facts: &mut Facts) -> Option<()> {
        let [parent, partition] = names else { return None };
        let from = self.schema.table(partition)?;
        self.lock_table(self.form.table?, parent, facts);
        self.lock_table(LockLevel::AccessExclusive, partition, facts);
        let to = Table { partition_of: None, ..from.clone() };
        facts
            .changes
            .push(Change::Alter { from: Object::from(from.clone()), to: Object::from(to) });
        Some(())
    }
}

/// Words that stand before names, between them, or behind them, and are none.
const WORDS: [&str; 18] = [
    "vacuum",
    "reindex",
    "drop",
    "alter",
    "index",
    "table",
    "schema",
    "concurrently",
    "if",
    "exists",
    "full",
    "freeze",
    "verbose",
    "analyze",
    "only",
    "detach",
    "partition",
    "system",
];

/// The names of a statement up to what else it says. What stands in parentheses are options.
fn named(statement: &ScriptStatement) -> Vec<QualifiedName> {
    let mut names: Vec<QualifiedName> = Vec::new();
    let (mut depth, mut dotted) = (0_usize, false);
    for token in &statement.tokens {
        match token {
            Token::Symbol('(') => depth += 1,
            Token::Symbol(')') => depth = depth.saturating_sub(1),
            Token::Symbol('.') => dotted = true,
            Token::Word(word) if word == "set" || word == "cascade" || word == "restrict" => break,
            Token::Word(word) if depth == 0 && WORDS.contains(&word.as_str()) && !dotted => {}
            Token::Word(name) | Token::Name(name) if depth == 0 => {
                let name = Ident::new(name.as_str());
                match names.last_mut().filter(|_| dotted) {
                    Some(last) => *last = QualifiedName::new(last.name.clone(), name),
                    None => names.push(QualifiedName::new(Ident::public(), name)),
                }
                dotted = false;
            }
            Token::Word(_) | Token::Name(_) | Token::Literal | Token::Symbol(_) => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::testing::{T, schema};
    use super::*;
    use crate::review::format::lines;
    use crate::sql_text::split;

    const INDEXED: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\n[tables.t.indexes]\nt_a = [\"a\"]\n\
                           [tables.p]\npartition_by = \"RANGE (a)\"\n[tables.p.columns]\na = \"integer\"\n";

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        let statement = &split(sql).unwrap()[0];
        let found = told(statement, &schema(INDEXED), |_| false).expect("a measured form");
        assert_eq!(lines(&found)[1..], *expected, "{sql}");
    }

    #[test]
    fn measured_forms_are_told() {
        let calm = "SHARE UPDATE EXCLUSIVE on table t: reads and writes continue";
        check("create index concurrently i on t(a)", &[calm, "builds index i", "scans table t"]);
        check("create unique index concurrently if not exists t_a on t(a)", &[calm]);
        check(
            "create index concurrently i on p(a)",
            &["refused by the server: cannot create index on partitioned table \"p\" concurrently"],
        );
        check("drop index concurrently if exists t_a", &[calm]);
        check("reindex index concurrently t_a", &[calm, "rebuilds index t_a", "scans table t"]);
        check(
            "reindex (concurrently) table public.t",
            &[calm, "rebuilds index t_a", "scans table t"],
        );
        check(
            "reindex table t",
            &[
                "ACCESS EXCLUSIVE on index t_a",
                "SHARE on table t: writes wait, reads continue",
                "rebuilds index t_a",
                "scans table t",
            ],
        );
        check(
            "vacuum (full, verbose) t",
            &[
                "ACCESS EXCLUSIVE on table t: reads and writes wait",
                "rewrites table t",
                "scans table t",
            ],
        );
        check("vacuum t", &[calm]);
        check(
            "alter index t_a set tablespace x",
            &["ACCESS EXCLUSIVE on index t_a", "rebuilds index t_a"],
        );
        check("alter system set work_mem = '4MB'", &["No locks on existing tables"]);
    }

    #[test]
    fn other_forms_are_not() {
        for sql in ["create role r", "cluster t using i", "vacuum u", "create index i on t (a)"] {
            let statement = &split(sql).unwrap()[0];
            assert_eq!(told(statement, &schema(T), |_| false).map(|it| lines(&it)), None, "{sql}");
        }
    }

    #[test]
    fn what_is_new_is_nobody_elses() {
        let statement = &split("create index concurrently i on t (a)").unwrap()[0];
        let found = told(statement, &schema(T), |_| true).unwrap();
        assert!(found.built.is_empty() && found.locks[0].footing == Footing::New);
    }
}
