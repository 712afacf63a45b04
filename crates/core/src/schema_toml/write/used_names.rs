//! How often names are used, to find out whether a name can be omitted.

use std::collections::BTreeMap;

use crate::model::Schema;
use crate::model::column::ColumnValue;
use crate::model::constraint::ConstraintRule;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectKind};
use crate::schema_toml::lower::{Recipe, generated_name};

/// How often each name is used in its namespace, by relations and by constraints.
pub(super) struct UsedNames {
    relations: BTreeMap<QualifiedName, usize>,
    constraints: BTreeMap<QualifiedName, usize>,
}

impl UsedNames {
    /// Counts the names of a schema.
    pub(super) fn of(schema: &Schema) -> Self {
        let mut used = Self { relations: BTreeMap::new(), constraints: BTreeMap::new() };
        for (_, object) in schema.iter() {
            used.count(object);
        }
        used
    }

    /// Whether the name of a relation that no constraint stands for is the generated one.
    pub(super) fn is_generated_relation(
        &self,
        table: &QualifiedName,
        name: &Ident,
        recipe: Recipe<'_>,
    ) -> bool {
        let qualified = table.sibling(name.clone());
        *name == generated_name(recipe) && times(&self.relations, &qualified) <= 1
    }

    /// Whether the name of a primary key or unique constraint is the generated one.
    pub(super) fn is_generated_key(
        &self,
        table: &QualifiedName,
        name: &Ident,
        recipe: Recipe<'_>,
    ) -> bool {
        let alone = times(&self.constraints, &table.sibling(name.clone())) <= 1;
        alone && self.is_generated_relation(table, name, recipe)
    }

    /// Whether the name of a foreign key is the generated one.
    pub(super) fn is_generated_constraint(
        &self,
        table: &QualifiedName,
        name: &Ident,
        recipe: Recipe<'_>,
    ) -> bool {
        let alone = times(&self.constraints, &table.sibling(name.clone())) <= 1;
        alone && *name == generated_name(recipe)
    }

    fn count(&mut self, object: &Object) {
        match object {
            Object::Table(it) => self.relation(it.name.clone()),
            Object::Sequence(it) => self.relation(it.name.clone()),
            Object::Index(it) => self.relation(it.qualified_name()),
            Object::Constraint(it) => {
                let name = it.table.sibling(it.name.clone());
                match &it.rule {
                    ConstraintRule::PrimaryKey(_)
                    | ConstraintRule::Unique(_)
                    | ConstraintRule::Exclude { .. } => self.relation(name.clone()),
                    ConstraintRule::ForeignKey(_) | ConstraintRule::Check { .. } => {}
                }
                *self.constraints.entry(name).or_default() += 1;
            }
            Object::Column(it) => {
                if let ColumnValue::Identity(identity) = &it.value {
                    let columns = [it.name.clone()];
                    let recipe = Recipe { table: &it.table.name, columns: &columns, label: "seq" };
                    let name =
                        identity.sequence_name.clone().unwrap_or_else(|| generated_name(recipe));
                    self.relation(it.table.sibling(name));
                }
            }
            Object::Composite(it) => self.relation(it.name.clone()),
            Object::Defined(it) => {
                let relation =
                    matches!(it.id.kind, ObjectKind::Defined(kind) if kind.is_relation());
                if let Some(name) = it.id.qualified_name().filter(|_| relation) {
                    self.relation(name);
                }
            }
            Object::Namespace(_)
            | Object::Extension(_)
            | Object::Enum(_)
            | Object::Domain(_)
            | Object::Privileges(_)
            | Object::DefaultPrivileges(_) => {}
        }
    }

    fn relation(&mut self, name: QualifiedName) {
        *self.relations.entry(name).or_default() += 1;
    }
}

fn times(counts: &BTreeMap<QualifiedName, usize>, name: &QualifiedName) -> usize {
    counts.get(name).copied().unwrap_or(0)
}
