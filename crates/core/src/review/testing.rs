//! Builds the file of a test from a few lines of SQL, with facts written by hand.

use std::sync::Arc;

use super::context::{parse_name, walk};
use super::facts::{
    Facts, FactsSource, Footing, RelationKind, RelationLock, ReviewedFile, ReviewedStatement, Scan,
};
use super::rule::{Finding, Rule};
use super::surroundings::Surroundings;
use super::{Policy, Severity, judge, may_have_errors};
use crate::diagnostic::SourceFile;
use crate::diff::{Change, diff};
use crate::model::Schema;
use crate::model::object::Object;
use crate::plan::LockLevel;
use crate::revision::id::RevisionId;
use crate::schema_toml;
use crate::sql_text::{TxMode, split_script};

/// A table that most tests have.
pub(super) const T: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n";

/// The same as a partitioned table, with a partition.
pub(super) const P: &str = "[tables.t]\npartition_by = \"range (id)\"\n[tables.t.columns]\n\
    id = \"bigint\"\na = \"integer?\"\nb = \"text?\"\n\
    [tables.p]\npartition_of = \"t\"\nvalues = \"from (0) to (9)\"\n";

/// The same with a vector.
pub(super) const V: &str =
    "[extensions]\nvector = \"*\"\n[tables.t.columns]\nid = \"bigint\"\nv = \"vector(3)?\"\n";

/// A file that is being written.
pub(super) struct Case {
    file: ReviewedFile,
    surroundings: Surroundings,
    separate: bool,
}

/// A file of one statement, or the beginning of a longer one.
pub(super) fn sql(text: &str) -> Case {
    Case::empty().then(text)
}

/// The schema of a declaration.
#[track_caller]
pub(super) fn schema(toml: &str) -> Schema {
    let files = [SourceFile::new("schema.toml", toml)];
    match schema_toml::parse(&files) {
        Ok(it) => it.schema,
        Err(problems) => panic!("{problems:#?}\n{toml}"),
    }
}

impl Case {
    pub(super) fn empty() -> Self {
        let file = ReviewedFile {
            path: "up.sql".to_owned(),
            text: String::new(),
            revision: None,
            statements: Vec::new(),
            before: Arc::default(),
            after: Arc::default(),
        };
        Self { file, surroundings: Surroundings::default(), separate: false }
    }

    /// The schema before the first statement, as a declaration.
    #[track_caller]
    pub(super) fn has(mut self, toml: &str) -> Self {
        let found = schema(toml);
        // The first statement was written before it was known.
        Arc::make_mut(&mut self.file.before).schema = found.clone();
        Arc::make_mut(&mut self.file.after).schema = found;
        self
    }

    /// Each statement from here on has a transaction of its own.
    pub(super) fn separately(mut self) -> Self {
        self.separate = true;
        self
    }

    /// Another statement.
    #[track_caller]
    pub(super) fn then(mut self, text: &str) -> Self {
        if !self.file.text.is_empty() {
            self.file.text.push_str(";\n");
        }
        let placed = format!("{}{text}", self.file.text);
        let script = split_script(&placed).expect("a script");
        let source = script.statements.last().expect("a statement").clone();
        let outside = source.tx_mode() == TxMode::Outside;
        let last = self.file.statements.last();
        let apart = outside || self.separate || last.is_some_and(|it| it.outside);
        let transaction = last.map_or(0, |it| it.transaction + usize::from(apart));
        self.file.text = placed;
        self.file.statements.push(ReviewedStatement {
            source,
            transaction,
            outside,
            facts: Facts::default(),
        });
        self
    }

    fn facts(&mut self) -> &mut Facts {
        &mut self.file.statements.last_mut().expect("a statement").facts
    }

    fn footing(&self, table: &str) -> Footing {
        let name = parse_name(table);
        let changes = self.file.statements.iter().flat_map(|it| &it.facts.changes);
        let is_new =
            |it: &Change| matches!(it, Change::Create(Object::Table(it)) if it.name == name);
        if changes.into_iter().any(is_new) { Footing::New } else { Footing::Existing }
    }

    /// It takes a lock on a table.
    pub(super) fn locks(mut self, level: LockLevel, table: &str) -> Self {
        let footing = self.footing(table);
        let (relation, kind) = (table.to_owned(), RelationKind::Table);
        self.facts().locks.push(RelationLock { level, relation, kind, table: None, footing });
        self
    }

    /// It takes a lock on an index.
    pub(super) fn locks_index(mut self, level: LockLevel, index: &str, table: &str) -> Self {
        let footing = self.footing(table);
        let (relation, kind) = (index.to_owned(), RelationKind::Index);
        let table = Some(table.to_owned());
        self.facts().locks.push(RelationLock { level, relation, kind, table, footing });
        self
    }

    pub(super) fn rewrites(mut self, table: &str) -> Self {
        self.facts().rewritten.push(table.to_owned());
        self
    }

    pub(super) fn rebuilds(mut self, index: &str) -> Self {
        self.facts().rebuilt.push(index.to_owned());
        self
    }

    pub(super) fn builds(mut self, index: &str) -> Self {
        self.facts().built.push(index.to_owned());
        self
    }

    pub(super) fn scans(mut self, table: &str) -> Self {
        let footing = self.footing(table);
        self.facts().scanned.push(Scan { table: table.to_owned(), footing });
        self
    }

    pub(super) fn loses(mut self, what: &str) -> Self {
        self.facts().losses.push(what.to_owned());
        self
    }

    pub(super) fn refused(mut self, message: &str) -> Self {
        self.facts().refused = Some(message.to_owned());
        self
    }

    pub(super) fn unknown(mut self, reason: &str) -> Self {
        self.facts().source = FactsSource::Unknown(reason.to_owned());
        self
    }

    /// The schema after it, as a declaration.
    #[track_caller]
    pub(super) fn makes(mut self, toml: &str) -> Self {
        let made = schema(toml);
        let changes = diff(&self.file.after.schema, &made);
        Arc::make_mut(&mut self.file.after).schema = made;
        self.facts().changes = changes;
        self
    }

    /// A change of it that no declaration tells.
    pub(super) fn changes(mut self, change: Change) -> Self {
        self.facts().changes.push(change);
        self
    }

    /// Changes the file before it is judged.
    pub(super) fn with(mut self, change: impl FnOnce(&mut ReviewedFile)) -> Self {
        change(&mut self.file);
        self
    }

    /// It is a revision.
    pub(super) fn in_revision(mut self) -> Self {
        self.file.revision = Some(RevisionId::from_random([1; 6]));
        self
    }

    /// It runs where this is known.
    pub(super) fn near(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = surroundings;
        self
    }

    pub(super) fn file(self) -> ReviewedFile {
        self.file
    }

    fn findings(&self, rule: &Rule) -> Vec<Finding> {
        let mut found = Vec::new();
        walk(&self.file, &self.surroundings, |it| found.extend((rule.check)(it)));
        found
    }

    /// The rule finds something, and says this somewhere.
    #[track_caller]
    pub(super) fn fires(self, rule: &Rule, message: &str) {
        let found = self.findings(rule);
        let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
        assert!(messages.iter().any(|it| it.contains(message)), "{}: {messages:#?}", rule.code);
        self.is_looked_at(rule);
        let length = self.file.text.len();
        assert!(found.iter().all(|it| it.at.is_none_or(|at| at < length)), "a place in the text");
    }

    /// No error is in a file that need not be looked at. What is refused is told when the file runs; the version of
    /// pgvector and invalid indexes are those of a database.
    #[track_caller]
    fn is_looked_at(&self, rule: &Rule) {
        let hazards =
            judge(std::slice::from_ref(&self.file), &Policy::default(), &Surroundings::default());
        let is_error =
            hazards.iter().any(|it| it.code == rule.code && it.severity == Severity::Error);
        let sources: Vec<_> = self.file.statements.iter().map(|it| it.source.clone()).collect();
        let is_refused = self.file.statements.iter().any(|it| it.facts.refused.is_some());
        let may = may_have_errors(&sources) || is_refused || rule.code == "PV14";
        assert!(!is_error || may, "{}: {sources:#?}", rule.code);
    }

    /// The rule finds one thing, and says this.
    #[track_caller]
    pub(super) fn fires_once(self, rule: &Rule, message: &str) {
        let found = self.findings(rule);
        assert_eq!(found.len(), 1, "{}: {found:#?}", rule.code);
        self.fires(rule, message);
    }

    /// The rule finds nothing.
    #[track_caller]
    pub(super) fn stays_quiet(self, rule: &Rule) {
        let found = self.findings(rule);
        assert!(found.is_empty(), "{}: {found:#?}", rule.code);
    }
}
