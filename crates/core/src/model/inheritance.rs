//! Properties that tables get from others: partitions from their parent, children from the tables
//! that they inherit from, typed tables from their type (manual sections 5.11 and 5.12).

use std::collections::BTreeSet;

use super::Schema;
use super::column::{Column, ColumnValue};
use super::ident::{Ident, QualifiedName};
use super::not_null::NotNull;
use super::object::{Object, ObjectId, ObjectKind};
use super::options::Options;
use super::table::Table;

impl Schema {
    /// A table by its name.
    #[must_use]
    pub fn table(&self, name: &QualifiedName) -> Option<&Table> {
        match self.get(&ObjectId::table(name)) {
            Some(Object::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// The column object of a table, which a column that is only inherited does not have.
    #[must_use]
    pub fn own_column(&self, table: &QualifiedName, name: &Ident) -> Option<&Column> {
        match self.get(&ObjectId::child(ObjectKind::Column, table, name)) {
            Some(Object::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// A column as it is, wherever it comes from.
    #[must_use]
    pub fn column(&self, table: &QualifiedName, name: &Ident) -> Option<Column> {
        self.own_column(table, name).cloned().or_else(|| self.inherited_column(table, name))
    }

    /// What a table has of a column before it says anything of its own.
    #[must_use]
    pub fn inherited_column(&self, table: &QualifiedName, name: &Ident) -> Option<Column> {
        let child = self.table(table)?;
        for parent in child.parents() {
            if let Some(column) = self.column(parent, name) {
                return Some(handed_down(column, table));
            }
        }
        let of_type = child.of_type.as_ref()?;
        let id = ObjectId::named(ObjectKind::Composite, of_type);
        let Some(Object::Composite(composite)) = self.get(&id) else { return None };
        let place = composite.attributes.iter().position(|it| it.name == *name)?;
        let attribute = &composite.attributes[place];
        let position = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let data_type = attribute.data_type.clone();
        let column = Column::new(table.clone(), name.clone(), position, data_type);
        let collation = attribute.collation.clone();
        Some(Column { collation, not_null: false, inherited: true, ..column })
    }

    /// The names of all columns of a table: those that come from elsewhere first.
    #[must_use]
    pub fn column_names(&self, table: &QualifiedName) -> Vec<Ident> {
        let mut names = Vec::new();
        if let Some(child) = self.table(table) {
            let inherited = child.parents().flat_map(|it| self.column_names(it));
            names.extend(inherited);
            let of_type =
                child.of_type.as_ref().map(|it| ObjectId::named(ObjectKind::Composite, it));
            if let Some(Object::Composite(it)) = of_type.and_then(|it| self.get(&it)) {
                names.extend(it.attributes.iter().map(|it| it.name.clone()));
            }
        }
        names.extend(self.columns(table).into_iter().map(|it| it.name.clone()));
        let mut seen = BTreeSet::new();
        names.retain(|it| seen.insert(it.clone()));
        names
    }

    /// The table or type that gives a column, beginning with the table itself: the first that has an
    /// object for it.
    #[must_use]
    pub fn column_source(&self, table: &QualifiedName, name: &Ident) -> Option<ObjectId> {
        let own = ObjectId::child(ObjectKind::Column, table, name);
        if self.contains(&own) {
            return Some(own);
        }
        let child = self.table(table)?;
        let found = child.parents().find_map(|it| self.column_source(it, name));
        found.or_else(|| {
            let of_type = ObjectId::named(ObjectKind::Composite, child.of_type.as_ref()?);
            self.contains(&of_type).then_some(of_type)
        })
    }

    /// The tables that have columns from a table, those nearest to it first.
    #[must_use]
    pub fn descendants(&self, table: &QualifiedName) -> Vec<&Table> {
        let mut found: Vec<&Table> = Vec::new();
        let mut queue = vec![table];
        while let Some(next) = queue.pop() {
            let children = self.tables().filter(|it| it.parents().any(|parent| parent == next));
            for child in children {
                if !found.iter().any(|it| it.name == child.name) {
                    found.push(child);
                    queue.insert(0, &child.name);
                }
            }
        }
        found
    }
}

/// What a child gets of its parent's column: neither its comment, nor its identity, which belongs to
/// the parent, nor what ANALYZE is told of it.
fn handed_down(column: Column, table: &QualifiedName) -> Column {
    let value = match column.value {
        ColumnValue::Identity(_) => ColumnValue::None,
        ColumnValue::None
        | ColumnValue::Default(_)
        | ColumnValue::Stored(_)
        | ColumnValue::Virtual(_) => column.value,
    };
    // From PostgreSQL 18 on NOT NULL need not be inherited; the child's is called as the parent's.
    let not_null = column.not_null && !column.not_null_constraint.no_inherit;
    let validated = column.not_null_constraint.validated || !not_null;
    Column {
        table: table.clone(),
        not_null,
        not_null_constraint: NotNull { validated, ..NotNull::default() },
        value,
        statistics: None,
        options: Options::default(),
        foreign_options: Options::default(),
        inherited: true,
        comment: None,
        ..column
    }
}
