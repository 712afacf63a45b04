//! DROP MATERIALIZED VIEW and DROP SEQUENCE.

use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-state",
    name: "drop-state",
    severity: Severity::Warning,
    summary: "a sequence or a materialized view is dropped with what it holds",
    what: "A sequence that is created again starts at its beginning, so numbers repeat. A \
            materialized view has to be computed again.",
    waits: "ACCESS EXCLUSIVE on it, briefly.",
    safer: "Note last_value of the sequence, and setval after it is created again.",
    bad: "DROP SEQUENCE docs_number;",
    good: "SELECT last_value FROM docs_number;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let found = it.drops().filter_map(|object| match object {
        Object::Sequence(it) if it.owned_by.is_none() => {
            Some(format!("sequence `{}` is dropped with its position", it.name))
        }
        Object::Defined(it) if it.id.kind == ObjectKind::Defined(DefinedKind::MaterializedView) => {
            Some(format!("materialized view `{}` is dropped with its rows", it.id.name))
        }
        _ => None,
    });
    found.map(Finding::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("drop sequence s")
            .has("[sequences.s]\n")
            .makes("")
            .fires(&RULE, "sequence `s` is dropped with its position");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table t").has(T).makes("").stays_quiet(&RULE);
    }
}
