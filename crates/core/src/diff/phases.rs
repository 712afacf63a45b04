//! A difference split at the release of an application: changes before it, and changes that must
//! wait because they would break the running application (expand and contract).
//!
//! In: a schema, the [`Change`]s to apply to it, and what the objects then need. Out: a [`Cut`],
//! the schema in between. Whether that schema is valid is not decided here, but by a server.

use std::collections::BTreeSet;

use crate::model::Schema;
use crate::model::base_type::BaseType;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::definition::{DefinedKind, Definition};
use crate::model::domain::Domain;
use crate::model::enum_type::EnumType;
use crate::model::ident::{Ident, QualifiedName, Signature};
use crate::model::index::Index;
use crate::model::not_null::NotNull;
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::snapshot::Dependencies;
use crate::model::table::{RowSecurity, Table};

use super::change::Change;

/// A difference in two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// What the first part leads to.
    pub between: Schema,
    /// Whether anything comes before the release.
    pub expands: bool,
    /// Whether anything has to wait for it.
    pub contracts: bool,
}

/// What an object is between the two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Between {
    /// As it was: the whole change waits, and so does what needs the object as it is then.
    AsBefore,
    /// As it was: a mere restriction waits, which nothing needs.
    Unrestricted,
    /// As it is in the end: nothing waits.
    AsAfter,
    /// Something that suits the programs of both sides.
    Both(Object),
    /// Nowhere: it is dropped before, and what takes its place waits.
    Nowhere,
}

impl Between {
    /// Whether anything comes before the release.
    fn is_new(&self) -> bool {
        match self {
            Self::AsBefore | Self::Unrestricted => false,
            Self::AsAfter | Self::Both(_) | Self::Nowhere => true,
        }
    }
}

/// Cuts a difference in two. `changes` lead from `before`, renames first, to a schema in which `needs`
/// says which object needs which.
#[must_use]
pub fn cut(before: &Schema, changes: &[Change], needs: &Dependencies) -> Cut {
    let world = World::new(before, changes, needs);
    let mut parts: Vec<(&Change, Between)> =
        changes.iter().map(|it| (it, world.between(it))).collect();
    loop {
        let waiting = Waiting::of(&parts);
        let is_torn = |it: &&mut (&Change, Between)| it.1.is_new() && waiting.holds(it.0, needs);
        let mut torn = parts.iter_mut().filter(is_torn).peekable();
        if torn.peek().is_none() {
            break;
        }
        torn.for_each(|it| it.1 = Between::AsBefore);
    }
    let mut between = before.clone();
    for (change, part) in &parts {
        match (part, change) {
            (Between::AsBefore | Between::Unrestricted, _) => {}
            (Between::AsAfter, Change::Create(it) | Change::Alter { to: it, .. }) => {
                between.insert(it.clone());
            }
            (Between::Both(it), _) => drop(between.insert(it.clone())),
            (Between::AsAfter | Between::Nowhere, it) => drop(between.remove(&it.id())),
        }
    }
    Cut {
        between,
        expands: parts.iter().any(|it| it.1.is_new()),
        contracts: parts.iter().any(|it| it.1 != Between::AsAfter),
    }
}

/// What comes after the release in another form than before it.
struct Waiting {
    objects: BTreeSet<ObjectId>,
    /// The new tables that have such columns.
    tables: BTreeSet<ObjectId>,
}

impl Waiting {
    fn of(parts: &[(&Change, Between)]) -> Self {
        let waiting = parts.iter().filter(|it| it.1 == Between::AsBefore);
        let objects: BTreeSet<ObjectId> = waiting.map(|it| it.0.id()).collect();
        let columns = objects.iter().filter(|it| it.kind == ObjectKind::Column);
        let tables: BTreeSet<ObjectId> = columns.filter_map(ObjectId::parent).collect();
        let new = parts.iter().filter(|it| matches!(it.0, Change::Create(Object::Table(_))));
        let new = new.map(|it| it.0.id()).filter(|it| tables.contains(it)).collect();
        Self { objects, tables: new }
    }

    /// Whether something that waits is needed by what an object becomes.
    fn holds(&self, change: &Change, needs: &Dependencies) -> bool {
        let (Change::Create(object) | Change::Alter { to: object, .. }) = change else {
            return false;
        };
        let id = object.id();
        let on = match object {
            Object::Privileges(it) => Some(it.on.clone()),
            Object::Constraint(Constraint { rule: ConstraintRule::ForeignKey(key), .. }) => {
                Some(ObjectId::table(&key.references))
            }
            _ => None,
        };
        let is_here = |it: &ObjectId| {
            let parent = it.parent();
            self.objects.contains(it) || parent.is_some_and(|it| self.objects.contains(&it))
        };
        self.tables.contains(&id)
            || id.parent().is_some_and(|it| is_here(&it))
            || on.is_some_and(|it| is_here(&it))
            || needs.of(&id).any(is_here)
    }
}

/// What is known beside a change.
struct World<'a> {
    before: &'a Schema,
    changes: &'a [Change],
    needs: &'a Dependencies,
    /// What is renamed, by its names before and after.
    renamed: BTreeSet<ObjectId>,
    dropped: BTreeSet<ObjectId>,
    /// The names that relations, types and routines have until the release.
    names: BTreeSet<Name>,
}

/// What no two relations, types or routines of a namespace share.
type Name = (Option<Ident>, Ident, Option<Signature>);

impl<'a> World<'a> {
    fn new(before: &'a Schema, changes: &'a [Change], needs: &'a Dependencies) -> Self {
        let mut renamed = BTreeSet::new();
        let mut dropped = BTreeSet::new();
        for change in changes {
            match change {
                Change::Rename { from, to } => renamed.extend([from.clone(), to.clone()]),
                Change::RenameLabel { .. } => drop(renamed.insert(change.id())),
                Change::Drop(it) => drop(dropped.insert(it.id())),
                Change::Create(_) | Change::Alter { .. } => {}
            }
        }
        let names = before.iter().filter_map(|(_, it)| name(it)).collect();
        Self { before, changes, needs, renamed, dropped, names }
    }

    fn between(&self, change: &Change) -> Between {
        let id = change.id();
        let is_renamed = |it: &ObjectId| self.renamed.contains(it);
        if change.is_rename() || is_renamed(&id) || id.parent().as_ref().is_some_and(is_renamed) {
            // A name is the same for all programs.
            return Between::AsBefore;
        }
        match change {
            Change::Create(it) => self.created(it),
            Change::Drop(it) => self.dropped(it),
            Change::Alter { from, to } => self.altered(from, to),
            Change::Rename { .. } | Change::RenameLabel { .. } => Between::AsBefore,
        }
    }

    /// What is new troubles nobody, unless it says what may be in rows that older programs write.
    fn created(&self, object: &Object) -> Between {
        if name(object).is_some_and(|it| self.names.contains(&it)) {
            return Between::AsBefore;
        }
        let wait_if = |waits| if waits { Between::AsBefore } else { Between::AsAfter };
        match object {
            Object::Column(it) if self.exists(&it.table) => new_column(it),
            Object::Constraint(it) if self.exists(&it.table) => wait_if(self.restricts(it)),
            Object::Index(it) if self.exists(&it.table) => {
                let own = self.needed_columns(&object.id(), &it.table);
                wait_if(it.unique && !self.are_new(&it.table, &own))
            }
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Sequence(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::Defined(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_) => Between::AsAfter,
        }
    }

    /// What is dropped may be in use until the release; only a rule that falls is missed by nobody.
    fn dropped(&self, object: &Object) -> Between {
        let goes_along = object.id().parent().is_some_and(|it| self.dropped.contains(&it));
        match object {
            Object::Column(it) if !goes_along => self.dropped_column(it),
            Object::Constraint(it) if !goes_along => match &it.rule {
                ConstraintRule::Check { .. } | ConstraintRule::ForeignKey(_) => Between::AsAfter,
                ConstraintRule::PrimaryKey(_)
                | ConstraintRule::Unique(_)
                | ConstraintRule::Exclude { .. } => Between::AsBefore,
            },
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Sequence(_)
            | Object::Table(_)
            | Object::Column(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::Defined(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_) => Between::AsBefore,
        }
    }

    /// The new program does not write it any more, so it may be NULL for a while, unless a primary key
    /// has it.
    fn dropped_column(&self, it: &Column) -> Between {
        let is_key = |constraint: &Constraint| match &constraint.rule {
            ConstraintRule::PrimaryKey(key) => key.columns.contains(&it.name),
            ConstraintRule::Unique(_)
            | ConstraintRule::ForeignKey(_)
            | ConstraintRule::Check { .. }
            | ConstraintRule::Exclude { .. } => false,
        };
        let is_written = it.not_null && it.value == ColumnValue::None && !it.inherited;
        if !is_written || self.before.constraints(&it.table).any(is_key) {
            return Between::AsBefore;
        }
        Between::Both(nullable(it).into())
    }

    fn altered(&self, from: &Object, to: &Object) -> Between {
        let wait_unless = |fits| if fits { Between::AsAfter } else { Between::AsBefore };
        let restrict_unless = |fits| if fits { Between::AsAfter } else { Between::Unrestricted };
        match (from, to) {
            (Object::Column(from), Object::Column(to)) => altered_column(from, to),
            (Object::Enum(from), Object::Enum(to)) => altered_enum(from, to),
            (Object::Constraint(from), Object::Constraint(to)) => altered_constraint(from, to),
            (Object::Domain(from), Object::Domain(to)) if from.data_type == to.data_type => {
                restrict_unless(is_loosened(from, to))
            }
            (Object::Composite(from), Object::Composite(to)) => {
                wait_unless(from.attributes == to.attributes)
            }
            (Object::Sequence(from), Object::Sequence(to)) => {
                wait_unless(from.options.data_type == to.options.data_type)
            }
            (Object::Table(from), Object::Table(to)) => restrict_unless(is_open_as(from, to)),
            (Object::Index(from), Object::Index(to)) => {
                wait_unless(!(from.unique || to.unique) || has_same_keys(from, to))
            }
            (Object::Defined(from), Object::Defined(to)) => wait_unless(is_called_alike(from, to)),
            (Object::Privileges(from), Object::Privileges(to)) => {
                restrict_unless(from.granted.keys().all(|it| to.granted.contains_key(it)))
            }
            (Object::DefaultPrivileges(_), _)
            | (Object::Namespace(_), _)
            | (Object::Extension(_), _) => Between::AsAfter,
            (_, _) => Between::AsBefore,
        }
    }

    fn exists(&self, table: &QualifiedName) -> bool {
        self.before.contains(&ObjectId::table(table))
    }

    /// Whether rows that an older program writes may be against a new constraint: it is about columns
    /// that the program knows, or must not be empty.
    fn restricts(&self, it: &Constraint) -> bool {
        let columns = match &it.rule {
            ConstraintRule::PrimaryKey(_) => return true,
            ConstraintRule::Unique(key) => key.columns.clone(),
            ConstraintRule::ForeignKey(key) => key.columns.clone(),
            ConstraintRule::Check { .. } | ConstraintRule::Exclude { .. } => {
                let id = ObjectId::child(ObjectKind::Constraint, &it.table, &it.name);
                self.needed_columns(&id, &it.table)
            }
        };
        !self.are_new(&it.table, &columns)
    }

    /// The columns of its table that an object needs.
    fn needed_columns(&self, id: &ObjectId, table: &QualifiedName) -> Vec<Ident> {
        let table = ObjectId::table(table);
        let own =
            |it: &&ObjectId| it.kind == ObjectKind::Column && it.parent().as_ref() == Some(&table);
        self.needs.of(id).filter(own).map(|it| it.name.clone()).collect()
    }

    /// Whether all of some columns are added, and none of them has values by itself.
    fn are_new(&self, table: &QualifiedName, columns: &[Ident]) -> bool {
        let is_new = |name: &Ident| {
            self.changes.iter().any(|change| match change {
                Change::Create(Object::Column(it)) => {
                    it.table == *table && it.name == *name && it.value == ColumnValue::None
                }
                _ => false,
            })
        };
        !columns.is_empty() && columns.iter().all(is_new)
    }
}

/// The name by which an object keeps others out (`pg_class_relname_nsp_index`,
/// `pg_type_typname_nsp_index`, `pg_proc_proname_args_nsp_index`).
fn name(object: &Object) -> Option<Name> {
    let is_own = match object {
        Object::Table(_)
        | Object::Index(_)
        | Object::Sequence(_)
        | Object::Enum(_)
        | Object::Domain(_)
        | Object::Composite(_) => true,
        Object::Constraint(it) => match it.rule {
            ConstraintRule::PrimaryKey(_)
            | ConstraintRule::Unique(_)
            | ConstraintRule::Exclude { .. } => true,
            ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => false,
        },
        Object::Defined(it) => matches!(
            it.id.kind,
            ObjectKind::Defined(
                DefinedKind::View
                    | DefinedKind::MaterializedView
                    | DefinedKind::BaseType
                    | DefinedKind::RangeType
                    | DefinedKind::Function
                    | DefinedKind::Procedure
                    | DefinedKind::Aggregate
            )
        ),
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Column(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => false,
    };
    let id = object.id();
    is_own.then_some((id.namespace, id.name, id.signature))
}

/// An older program leaves it out, so it has to have a value by itself, or may be NULL for a while.
fn new_column(it: &Column) -> Between {
    if !it.not_null || it.value != ColumnValue::None {
        return Between::AsAfter;
    }
    Between::Both(nullable(it).into())
}

fn nullable(it: &Column) -> Column {
    Column { not_null: false, not_null_constraint: NotNull::default(), ..it.clone() }
}

fn altered_column(from: &Column, to: &Column) -> Between {
    use ColumnValue::{Default, None};
    let value = match (&from.value, &to.value) {
        (from, to) if from == to => to.clone(),
        (None | Default(_), Default(_)) => to.value.clone(),
        // An older program leaves the column out.
        (Default(_), None) => from.value.clone(),
        (_, _) => return Between::AsBefore,
    };
    let takes_all = from.data_type == to.data_type || is_widened(&from.data_type, &to.data_type);
    if !takes_all || from.collation != to.collation {
        return Between::AsBefore;
    }
    let mut between = Column { value, position: from.position, ..to.clone() };
    if to.not_null && !from.not_null {
        between.not_null = false;
        between.not_null_constraint = from.not_null_constraint.clone();
    }
    let (is_after, is_before) = (
        super::same(&between.clone().into(), &to.clone().into()),
        super::same(&between.clone().into(), &from.clone().into()),
    );
    match (is_after, is_before) {
        (true, _) => Between::AsAfter,
        (false, true) => Between::Unrestricted,
        (false, false) => Between::Both(between.into()),
    }
}

/// Whether a text may only get longer. Numbers have another form on the wire when they get longer.
fn is_widened(from: &PgType, to: &PgType) -> bool {
    if from.plain_base() != Some(BaseType::Varchar) {
        return false;
    }
    match (to.plain_base(), from.length(), to.length()) {
        (Some(BaseType::Text), _, _) | (Some(BaseType::Varchar), _, None) => true,
        (Some(BaseType::Varchar), Some(from), Some(to)) => from <= to,
        _ => false,
    }
}

/// Labels are added at once, and removed after the release.
fn altered_enum(from: &EnumType, to: &EnumType) -> Between {
    let mut labels = from.labels.clone();
    for (at, label) in to.labels.iter().enumerate() {
        if !labels.contains(label) {
            let before = at.checked_sub(1).map(|it| &to.labels[it]);
            let place = before.and_then(|it| labels.iter().position(|other| other == it));
            labels.insert(place.map_or(0, |it| it + 1), label.clone());
        }
    }
    if labels == to.labels {
        return Between::AsAfter;
    }
    if labels == from.labels {
        return Between::Unrestricted;
    }
    Between::Both(EnumType { labels, ..to.clone() }.into())
}

/// The rule of before may keep out what the new program writes, and the new rule what the old one
/// writes: in between, a check is not there. What only validates it or describes it does not wait.
fn altered_constraint(from: &Constraint, to: &Constraint) -> Between {
    let told = |it: &Constraint| Constraint {
        validated: true,
        comment: None,
        index_comment: None,
        ..it.clone()
    };
    if told(from) == told(to) && to.validated {
        return Between::AsAfter;
    }
    match (&from.rule, &to.rule) {
        (ConstraintRule::Check { .. }, ConstraintRule::Check { .. }) => Between::Nowhere,
        (_, _) => Between::AsBefore,
    }
}

fn is_loosened(from: &Domain, to: &Domain) -> bool {
    let is_checked = |it| from.checks.contains(it);
    from.collation == to.collation
        && (from.not_null || !to.not_null)
        && (from.default == to.default || to.default.is_some())
        && to.checks.iter().all(is_checked)
}

/// Whether a table has all rows that it had, for all that had them, and keeps them as well. What it
/// references, and what references it, would have to be logged as it is.
fn is_open_as(from: &Table, to: &Table) -> bool {
    let keeps_bound = from.partition_of.is_none() || from.partition_of == to.partition_of;
    let keeps_parents = from.inherits.iter().all(|it| to.inherits.contains(it));
    let keeps_rows =
        from.row_security == to.row_security || to.row_security == RowSecurity::Disabled;
    let keeps_log = from.persistence == to.persistence;
    keeps_bound && keeps_parents && keeps_rows && keeps_log && from.of_type == to.of_type
}

fn has_same_keys(from: &Index, to: &Index) -> bool {
    from.unique == to.unique
        && from.keys == to.keys
        && from.predicate == to.predicate
        && from.nulls_not_distinct == to.nulls_not_distinct
}

/// Whether existing callers or readers still work.
fn is_called_alike(from: &Definition, to: &Definition) -> bool {
    let ObjectKind::Defined(kind) = to.id.kind else { return false };
    let is_same = from.statements == to.statements;
    match kind {
        DefinedKind::View | DefinedKind::Function | DefinedKind::Procedure => {
            is_same || from.is_replaceable_by(to)
        }
        DefinedKind::MaterializedView => {
            is_same || to.interface.iter().flatten().eq(from.interface.iter().flatten())
        }
        DefinedKind::Rule
        | DefinedKind::Trigger
        | DefinedKind::Policy
        | DefinedKind::Statistics
        | DefinedKind::Publication
        | DefinedKind::EventTrigger
        | DefinedKind::Server
        | DefinedKind::UserMapping
        | DefinedKind::ForeignDataWrapper
        | DefinedKind::Language
        | DefinedKind::AccessMethod
        | DefinedKind::TextSearchParser
        | DefinedKind::TextSearchTemplate
        | DefinedKind::TextSearchDictionary
        | DefinedKind::TextSearchConfiguration => true,
        DefinedKind::Collation
        | DefinedKind::BaseType
        | DefinedKind::RangeType
        | DefinedKind::Aggregate
        | DefinedKind::Operator
        | DefinedKind::OperatorFamily
        | DefinedKind::OperatorClass
        | DefinedKind::Cast
        | DefinedKind::Transform
        | DefinedKind::Conversion => is_same,
    }
}
