//! Constraints of one table that exchange their names, and the sequences of identity columns.

use std::collections::VecDeque;

use crate::model::ident::{Ident, object_name};
use crate::model::object::{ObjectId, ObjectKind};
use crate::plan::statement::Statement;

/// Sends what trades its name by way of another one where the one that it shall have is given up only later.
pub(in crate::plan) fn by_way_of_others(
    said: Vec<(ObjectId, Statement)>,
) -> Vec<(ObjectId, Statement)> {
    let names = said.iter().map(|it| renamed(&it.1).map(|(object, _)| object.clone()));
    let mut later: VecDeque<Option<ObjectId>> = names.collect();
    let mut told: Vec<(ObjectId, Statement)> = Vec::with_capacity(said.len());
    // What still has its other name, and the name that it waits for.
    let mut waiting: Vec<(ObjectId, Statement, ObjectId)> = Vec::new();
    for (id, statement) in said {
        later.pop_front();
        let Some((object, name)) = renamed(&statement) else {
            told.push((id, statement));
            continue;
        };
        let (object, name) = (object.clone(), name.clone());
        let target = ObjectId { name: name.clone(), ..object.clone() };
        if later.iter().flatten().any(|it| *it == target) {
            let between = object_name(object.name.as_str(), None, "between");
            let halfway = ObjectId { name: between.clone(), ..object.clone() };
            let first = Statement::Rename { object: object.clone(), name: between };
            told.push((id.clone(), first));
            waiting.push((id, Statement::Rename { object: halfway, name }, target));
        } else {
            told.push((id, statement));
        }
        if let Some(place) = waiting.iter().position(|it| it.2 == object) {
            let (id, last, _) = waiting.remove(place);
            told.push((id, last));
        }
    }
    told
}

/// The constraint or sequence that a statement renames, and its new name.
fn renamed(statement: &Statement) -> Option<(&ObjectId, &Ident)> {
    match statement {
        Statement::Rename { object, name } => {
            let trades = matches!(object.kind, ObjectKind::Constraint | ObjectKind::Sequence);
            trades.then_some((object, name))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::QualifiedName;

    /// Renames as `from>to`, by spaces.
    #[track_caller]
    fn check(renames: &str, expected: &str) {
        let table = QualifiedName::new("public", "t");
        let statement = |it: &str| {
            let (from, to) = it.split_once('>').expect("two names");
            let object = ObjectId::child(ObjectKind::Constraint, &table, &Ident::new(from));
            (object.clone(), Statement::Rename { object, name: Ident::new(to) })
        };
        let told = by_way_of_others(renames.split(' ').map(statement).collect());
        let shown: Vec<String> = told
            .iter()
            .filter_map(|it| renamed(&it.1))
            .map(|(object, name)| format!("{}>{name}", object.name))
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn names_are_free_when_they_are_taken() {
        check("a>b c>d", "a>b c>d");
        check("b>c a>b", "b>c a>b");
        check("a>b b>c", "a>a_between b>c a_between>b");
        check("a>b b>a", "a>a_between b>a a_between>b");
        check("a>b b>c c>a", "a>a_between b>b_between a_between>b c>a b_between>c");
    }
}
