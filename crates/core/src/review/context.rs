//! What a rule sees: a statement with what stands around it.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::facts::{
    Facts, FactsSource, Footing, RelationKind, RelationLock, ReviewedFile, ReviewedStatement,
};
use super::shape::Shape;
use super::surroundings::Surroundings;
use crate::diff::Change;
use crate::model::Schema;
use crate::model::column::Column;
use crate::model::constraint::{Constraint, ConstraintRule, ForeignKey};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::Index;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::table::Table;
use crate::plan::LockLevel;
use crate::sql_text::{Setting, Token, TransactionWord};

/// A statement, and what stands around it.
pub(super) struct Context<'a> {
    pub(super) file: &'a ReviewedFile,
    /// The number of the statement in the file.
    pub(super) number: usize,
    pub(super) statement: &'a ReviewedStatement,
    /// The shapes of all statements of the file.
    pub(super) shapes: &'a [Shape],
    /// The schema before the statement, as far as the changes of those before it tell.
    pub(super) before: &'a Schema,
    /// The schema after it.
    pub(super) after: &'a Schema,
    /// The tables that the file has created until then, this statement included.
    pub(super) created: &'a BTreeSet<QualifiedName>,
    pub(super) surroundings: &'a Surroundings,
    /// The tokens of the statement as words; see [`words_of`].
    words: Vec<&'a str>,
    /// The tokens with their places, once a rule has asked for them.
    placed: OnceCell<Placed<'a>>,
}

/// Tokens with their bytes in the statement.
type Placed<'a> = Vec<(&'a Token, Range<usize>)>;

/// Calls a function with the context of each statement of a file.
pub(super) fn walk(
    file: &ReviewedFile,
    surroundings: &Surroundings,
    mut visit: impl FnMut(&Context<'_>),
) {
    let shapes: Vec<Shape> = file.statements.iter().map(|it| Shape::of(&it.source)).collect();
    let (mut before, mut after) = (file.before.schema.clone(), file.before.schema.clone());
    let mut created = BTreeSet::new();
    for (number, statement) in file.statements.iter().enumerate() {
        let changes = &statement.facts.changes;
        changes.iter().for_each(|it| apply(&mut after, it));
        follow_tables(&mut created, statement);
        visit(&Context {
            file,
            number,
            statement,
            shapes: &shapes,
            before: &before,
            after: &after,
            created: &created,
            surroundings,
            words: words_of(statement),
            placed: OnceCell::new(),
        });
        changes.iter().for_each(|it| apply(&mut before, it));
    }
}

/// Adds the tables that a statement creates. One that it renames has only another name.
fn follow_tables(created: &mut BTreeSet<QualifiedName>, statement: &ReviewedStatement) {
    let changes = &statement.facts.changes;
    let dropped = changes.iter().filter_map(|it| match it {
        Change::Drop(Object::Table(it)) => Some(&it.name),
        _ => None,
    });
    let renames_own = dropped.into_iter().any(|it| created.contains(it));
    let new = changes.iter().filter_map(|it| match it {
        Change::Create(Object::Table(it)) => Some(it.name.clone()),
        _ => None,
    });
    if renames_own || !renames(statement) {
        created.extend(new);
    }
}

/// Whether a statement gives something another name or schema. A catalog does not tell that from
/// dropping it and creating another one. PostgreSQL takes neither together with another action.
fn renames(statement: &ReviewedStatement) -> bool {
    let words = words_of(statement);
    let moves = words.windows(2).any(|it| it == ["set", "schema"]);
    // RENAME TO b, RENAME a TO b, RENAME COLUMN a TO b.
    let renamed = words.iter().position(|it| *it == "rename");
    let renames = renamed.is_some_and(|at| words.iter().skip(at + 1).take(3).any(|it| *it == "to"));
    words.first() == Some(&"alter") && (moves || renames)
}

/// Carries out a change on a schema. A rename leaves the parts of a table under their old names: the
/// changes of a measured statement are differences of two catalogs, which know no renames.
fn apply(schema: &mut Schema, change: &Change) {
    match change {
        Change::Create(it) | Change::Alter { to: it, .. } => {
            schema.insert(it.clone());
        }
        Change::Drop(it) => {
            schema.remove(&it.id());
        }
        Change::Rename { .. } | Change::RenameLabel { .. } => {}
    }
}

/// A name that is written as SQL: `t`, `app."T"`.
pub(super) fn parse_name(text: &str) -> QualifiedName {
    let mut parts: Vec<String> = vec![String::new()];
    let mut quoted = false;
    for it in text.chars() {
        match it {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ => parts.last_mut().expect("there is a first part").push(it),
        }
    }
    let name = parts.pop().unwrap_or_default();
    let namespace = parts.pop().map_or_else(Ident::public, Ident::new);
    QualifiedName::new(namespace, Ident::new(name))
}

impl<'a> Context<'a> {
    pub(super) fn facts(&self) -> &'a Facts {
        &self.statement.facts
    }

    pub(super) fn shape(&self) -> &'a Shape {
        &self.shapes[self.number]
    }

    pub(super) fn text(&self) -> &'a str {
        &self.statement.source.text
    }

    /// Its tokens as words: symbols as they are, a quoted name or literal by its quote.
    pub(super) fn words(&self) -> &[&'a str] {
        &self.words
    }

    /// Its tokens with their places.
    pub(super) fn placed(&self) -> &Placed<'a> {
        self.placed.get_or_init(|| self.statement.source.placed_tokens())
    }

    /// Whether it begins with these words.
    pub(super) fn starts(&self, words: &[&str]) -> bool {
        self.words().starts_with(words)
    }

    /// Whether these words stand in it next to each other.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.words().windows(words.len().max(1)).any(|it| it == words)
    }

    /// The byte of the first of these words, which stand next to each other.
    pub(super) fn place(&self, words: &[&str]) -> Option<usize> {
        let at = self.words().windows(words.len().max(1)).position(|it| it == words)?;
        self.placed().get(at).map(|it| it.1.start)
    }

    /// The byte of the first mention of a name.
    pub(super) fn mention(&self, name: &Ident) -> Option<usize> {
        let mut found = self.placed().iter().filter(|(token, _)| match token {
            Token::Word(it) | Token::Name(it) => it == name.as_str(),
            Token::Literal | Token::Symbol(_) => false,
        });
        found.next().map(|it| it.1.start)
    }

    /// The tables that it names, as they are before it.
    pub(super) fn named_tables(&self) -> impl Iterator<Item = &'a QualifiedName> {
        let names = self.before.tables().map(|it| &it.name);
        names.filter(|it| {
            let is_qualified =
                it.namespace == Ident::public() || self.mention(&it.namespace).is_some();
            is_qualified && self.mention(&it.name).is_some()
        })
    }

    /// Whether it names tables, all of which the file has created.
    pub(super) fn names_only_new(&self) -> bool {
        let mut named = self.named_tables().peekable();
        named.peek().is_some() && named.all(|it| self.is_new(it))
    }

    /// Whether it names objects of any kind, all of which the file has created.
    pub(super) fn concerns_only_new(&self) -> bool {
        let about_schema = self.words().get(1) == Some(&"schema");
        let named = self.before.iter().map(|it| it.0).filter(|id| {
            let counts = id.kind != ObjectKind::Namespace || about_schema;
            id.relation.is_none() && counts && self.mention(&id.name).is_some()
        });
        let mut named = named.peekable();
        named.peek().is_some() && named.all(|id| !self.was_there(id))
    }

    /// Whether the object was there before the file.
    pub(super) fn was_there(&self, id: &ObjectId) -> bool {
        self.file.before.schema.contains(id)
    }

    /// Whether the file has created the table, so that nobody uses it.
    pub(super) fn is_new(&self, table: &QualifiedName) -> bool {
        let name = table.to_string();
        let mut locks = self.facts().locks.iter();
        self.created.contains(table)
            || locks.any(|it| it.relation == name && it.footing == Footing::New)
    }

    /// Whether it gives something another name or schema.
    pub(super) fn renames(&self) -> bool {
        renames(self.statement)
    }

    /// Whether it is ALTER TABLE … ALTER column TYPE, or SET DATA TYPE.
    pub(super) fn retypes(&self) -> bool {
        let words = self.words();
        let changes =
            |it: &[&str]| it[0] == "alter" && it[2] == "type" || *it == ["set", "data", "type"];
        let named = words.windows(4).any(|it| it[..2] == ["alter", "column"] && it[3] == "type");
        self.alters_table() && (named || words.windows(3).skip(2).any(changes))
    }

    /// Whether it is ALTER TABLE, also of a foreign table.
    pub(super) fn alters_table(&self) -> bool {
        self.starts(&["alter", "table"]) || self.starts(&["alter", "foreign", "table"])
    }

    /// The number of the last earlier statement that sets a setting, and the value as it is written.
    pub(super) fn setting(&self, name: &str) -> Option<(usize, String)> {
        let earlier = self.file.statements[..self.number].iter().enumerate().rev();
        let set = earlier.filter(|(_, it)| sets(it, name));
        set.map(|(at, it)| (at, value(it))).next()
    }

    /// Whether a later statement sets a setting.
    pub(super) fn is_set_later(&self, name: &str) -> bool {
        self.file.statements[self.number..].iter().any(|it| sets(it, name))
    }

    /// The later statements for which a setting is as it is here: those before it is set again.
    pub(super) fn governed(&self, name: &str) -> impl Iterator<Item = &'a ReviewedStatement> {
        self.file.statements[self.number + 1..].iter().take_while(move |it| !sets(it, name))
    }

    /// The value of a setting that this statement sets.
    pub(super) fn set_here(&self, name: &str) -> Option<String> {
        sets(self.statement, name).then(|| value(self.statement))
    }

    /// Whether a transaction that the file has begun is open before the statement.
    pub(super) fn in_block(&self) -> bool {
        let mut words = self.earlier().filter_map(|it| it.source.transaction_word());
        let last = words.find(|it| *it != TransactionWord::Savepoint);
        match last {
            Some(TransactionWord::Begin | TransactionWord::BeginWith) => true,
            Some(TransactionWord::CommitAndChain) => true,
            Some(TransactionWord::Commit | TransactionWord::Rollback) => false,
            Some(TransactionWord::TwoPhase | TransactionWord::Savepoint) | None => false,
        }
    }

    /// The locks on what was there before the file.
    pub(super) fn existing_locks(&self) -> impl Iterator<Item = &'a RelationLock> {
        self.facts().locks.iter().filter(|it| it.footing == Footing::Existing)
    }

    /// The locks on tables that were there before the file, of a level at least.
    pub(super) fn table_locks(&self, level: LockLevel) -> impl Iterator<Item = &'a RelationLock> {
        let tables = self.existing_locks().filter(|it| it.kind == RelationKind::Table);
        tables.filter(move |it| it.level >= level)
    }

    /// The lock on a table in a sentence: `ACCESS EXCLUSIVE on table `t`: reads and writes wait`.
    pub(super) fn held(&self, table: impl ToString, otherwise: LockLevel) -> String {
        let table = table.to_string();
        let lock = self.facts().locks.iter().find(|it| it.relation == table);
        held(lock.map_or(otherwise, |it| it.level), &table)
    }

    /// Whether the rows of a table or of a part of it were rewritten.
    pub(super) fn rewrites(&self, table: impl ToString) -> bool {
        let table = parse_name(&table.to_string());
        self.facts().rewritten.iter().any(|it| self.is_part(parse_name(it), &table))
    }

    /// Whether a table that was there before, or a part of it, was read as a whole.
    pub(super) fn scans(&self, table: impl ToString) -> bool {
        let table = parse_name(&table.to_string());
        let scans = self.facts().scanned.iter().filter(|it| it.footing == Footing::Existing);
        scans.into_iter().any(|it| self.is_part(parse_name(&it.table), &table))
    }

    /// Whether a table is another one, or holds rows of it: a partition has those of its parent.
    fn is_part(&self, table: QualifiedName, of: &QualifiedName) -> bool {
        let mut names = vec![table];
        while let Some(name) = names.pop() {
            if name == *of {
                return true;
            }
            names.extend(self.before.table(&name).into_iter().flat_map(Table::parents).cloned());
        }
        false
    }

    /// Whether the statement locks a table only because it locks the one that it is a part of.
    pub(super) fn is_locked_as_part(&self, lock: &RelationLock) -> bool {
        let table = self.before.table(&parse_name(&lock.relation));
        let mut parents = table.into_iter().flat_map(Table::parents).map(ToString::to_string);
        parents.any(|parent| {
            self.existing_locks().any(|it| it.relation == parent && it.level == lock.level)
        })
    }

    /// Whether it is known what the statement did.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.facts().source, FactsSource::Unknown(_))
    }

    /// What it created. What it only renames is not among it.
    pub(super) fn creates(&self) -> impl Iterator<Item = &'a Object> {
        self.changes().filter_map(|it| match it {
            Change::Create(it) => Some(it),
            Change::Drop(_) | Change::Alter { .. } => None,
            Change::Rename { .. } | Change::RenameLabel { .. } => None,
        })
    }

    fn changes(&self) -> impl Iterator<Item = &'a Change> {
        let moves = self.renames() || self.attaches();
        let (before, after) = (self.before, self.after);
        self.facts()
            .changes
            .iter()
            .filter(move |change| match change {
                // INHERIT and NO INHERIT only change where a column comes from.
                Change::Create(Object::Column(it)) => before.column(&it.table, &it.name).is_none(),
                Change::Drop(Object::Column(it)) => after.column(&it.table, &it.name).is_none(),
                _ => true,
            })
            .filter(move |_| !moves)
    }

    /// Whether it attaches or detaches a partition, whose columns, constraints and indexes then come
    /// from its parent or are its own, and stay.
    fn attaches(&self) -> bool {
        let verbs = ["attach", "detach"];
        self.alters_table() && verbs.iter().any(|it| self.has(&[it, "partition"]))
    }

    /// What it dropped. What it only renames is not among it.
    pub(super) fn drops(&self) -> impl Iterator<Item = &'a Object> {
        self.changes().filter_map(|it| match it {
            Change::Drop(it) => Some(it),
            Change::Create(_) | Change::Alter { .. } => None,
            Change::Rename { .. } | Change::RenameLabel { .. } => None,
        })
    }

    /// What it altered: as it was, and as it is.
    pub(super) fn alters(&self) -> impl Iterator<Item = (&'a Object, &'a Object)> {
        self.facts().changes.iter().filter_map(|it| match it {
            Change::Alter { from, to } => Some((from, to)),
            Change::Create(_) | Change::Drop(_) => None,
            Change::Rename { .. } | Change::RenameLabel { .. } => None,
        })
    }

    /// The columns that it adds to tables that were there before.
    pub(super) fn added_columns(&self) -> impl Iterator<Item = &'a Column> {
        self.creates().filter_map(|it| match it {
            Object::Column(it) if !self.is_new(&it.table) => Some(it),
            _ => None,
        })
    }

    /// All columns that it creates, also those of new tables.
    pub(super) fn new_columns(&self) -> impl Iterator<Item = &'a Column> {
        self.creates().filter_map(|it| match it {
            Object::Column(it) => Some(it),
            _ => None,
        })
    }

    /// The columns of tables that were there before, as they were and as they are.
    pub(super) fn altered_columns(&self) -> impl Iterator<Item = (&'a Column, &'a Column)> {
        self.alters().filter_map(|it| match it {
            (Object::Column(from), Object::Column(to)) if !self.is_new(&to.table) => {
                Some((from, to))
            }
            _ => None,
        })
    }

    /// The constraints that it adds to tables that were there before.
    pub(super) fn added_constraints(&self) -> impl Iterator<Item = &'a Constraint> {
        self.creates().filter_map(|it| match it {
            Object::Constraint(it) if !self.is_new(&it.table) => Some(it),
            _ => None,
        })
    }

    /// All foreign keys that it creates.
    pub(super) fn new_foreign_keys(
        &self,
    ) -> impl Iterator<Item = (&'a Constraint, &'a ForeignKey)> {
        self.creates().filter_map(|it| match it {
            Object::Constraint(it) => foreign_key(it).map(|key| (it, key)),
            _ => None,
        })
    }

    /// The indexes that it creates, of new tables too.
    pub(super) fn new_indexes(&self) -> impl Iterator<Item = &'a Index> {
        self.creates().filter_map(|it| match it {
            Object::Index(it) => Some(it),
            _ => None,
        })
    }

    /// Whether a table is partitioned.
    pub(super) fn is_partitioned(&self, table: &QualifiedName) -> bool {
        self.before.table(table).is_some_and(|it| it.partition_by.is_some())
    }

    /// The statements before this one, last first.
    pub(super) fn earlier(&self) -> impl Iterator<Item = &'a ReviewedStatement> {
        self.file.statements[..self.number].iter().rev()
    }

    /// The earlier statements of the same transaction, last first.
    pub(super) fn same_transaction(&self) -> impl Iterator<Item = &'a ReviewedStatement> {
        let number = self.statement.transaction;
        self.earlier().filter(move |it| it.transaction == number)
    }

    /// Whether aludel runs the file, with its own timeouts, transactions and ledger.
    pub(super) fn is_revision(&self) -> bool {
        self.file.revision.is_some()
    }
}

/// Whether a statement sets a setting.
fn sets(statement: &ReviewedStatement, name: &str) -> bool {
    let sets = |it: Setting| matches!(it, Setting::Named(it) if it == name);
    statement.source.setting().is_some_and(sets) && statement.source.reset().is_none()
}

/// What stands behind the name of a setting: `5s` of `SET lock_timeout = '5s'` and of
/// `SELECT set_config('lock_timeout', '5s', false)`.
fn value(statement: &ReviewedStatement) -> String {
    let text = &statement.source.text;
    let quoted = |at: usize| text.split('\'').nth(at).unwrap_or_default().to_owned();
    let words = words_of(statement);
    if words.first() == Some(&"select") {
        return quoted(3);
    }
    match statement.source.placed_tokens().last() {
        Some((Token::Literal, at)) => text[at.clone()].trim_matches('\'').to_owned(),
        Some((_, at)) => text[at.clone()].to_owned(),
        None => String::new(),
    }
}

/// The foreign key that a constraint is.
pub(super) fn foreign_key(constraint: &Constraint) -> Option<&ForeignKey> {
    match &constraint.rule {
        ConstraintRule::ForeignKey(it) => Some(it),
        ConstraintRule::PrimaryKey(_) | ConstraintRule::Unique(_) => None,
        ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => None,
    }
}

/// A lock in a sentence.
pub(super) fn held(level: LockLevel, table: &str) -> String {
    format!("{} on table `{table}`: {}", level.name(), level.who_waits())
}

/// Tokens beyond which no rule looks for words: what is longer are rows of an INSERT.
const MOST_WORDS: usize = 16_384;

/// The tokens of a statement as words.
pub(super) fn words_of(statement: &ReviewedStatement) -> Vec<&str> {
    words_of_tokens(&statement.source.tokens)
}

/// Tokens as words.
pub(super) fn words_of_tokens(tokens: &[Token]) -> Vec<&str> {
    tokens.iter().take(MOST_WORDS).map(as_word).collect()
}

fn as_word(token: &Token) -> &str {
    match token {
        Token::Word(it) => it,
        Token::Name(_) => "\"",
        Token::Literal => "'",
        Token::Symbol(it) => symbol(*it),
    }
}

/// A symbol as a word; those that no rule asks for are all the same.
fn symbol(it: char) -> &'static str {
    match it {
        '(' => "(",
        ')' => ")",
        ',' => ",",
        '.' => ".",
        '=' => "=",
        ':' => ":",
        '*' => "*",
        _ => "?",
    }
}
