//! Which parts the code of a table has.

use std::collections::BTreeSet;

use super::{Draft, Entity};
use crate::model::code_hints::{CodePart, TableHints};
use crate::model::constraint::ConstraintRule;
use crate::model::ident::Ident;

impl Entity {
    /// Whether its code has a part.
    pub(in crate::codegen) fn has(&self, part: CodePart) -> bool {
        self.parts.contains(&part)
    }

    /// Whether it only joins other tables: all its columns are its key, and reference others.
    pub(in crate::codegen) fn is_join(&self) -> bool {
        let keys: Vec<&Vec<Ident>> = self
            .constraints
            .iter()
            .filter_map(|it| match &it.rule {
                ConstraintRule::ForeignKey(key) => Some(&key.columns),
                _ => None,
            })
            .collect();
        let references = |it: &usize| {
            let column = &self.fields[*it].column.name;
            keys.iter().any(|columns| columns.contains(column))
        };
        keys.len() > 1 && self.key.len() == self.fields.len() && self.key.iter().all(references)
    }
}

impl Draft<'_> {
    /// What is asked for; by default all that there can be, but no responses of a table that only joins
    /// others.
    pub(super) fn parts(&self, entity: &Entity, hints: &TableHints) -> BTreeSet<CodePart> {
        let asked = hints.only.as_ref().or(self.hints.only.as_ref()).cloned();
        let mut parts = asked.unwrap_or_else(|| match entity.is_join() {
            true => BTreeSet::from([CodePart::Read, CodePart::Write]),
            false => CodePart::WORDS.iter().map(|it| it.1).collect(),
        });
        if entity.view {
            parts.remove(&CodePart::Write);
        }
        parts
    }
}
