//! DROP MATERIALIZED VIEW and DROP SEQUENCE.

use crate::model::column::{Column, ColumnValue};
use crate::model::definition::DefinedKind;
use crate::model::object::{Object, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-state",
    name: "drop-state",
    severity: Severity::Warning,
    summary: "a sequence, an identity or a materialized view is dropped with what it holds",
    what: "A sequence that is created again starts at its beginning, so numbers repeat. So does \
            the identity of a column; until then, an INSERT without a value fails. A materialized \
            view has to be computed again.",
    waits: "ACCESS EXCLUSIVE on it, briefly.",
    safer: "Note last_value of the sequence, and setval after it is created again.",
    bad: "DROP SEQUENCE docs_number;",
    good: "SELECT last_value FROM docs_number;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let old = it.drops().filter(|object| it.was_there(&object.id()));
    let dropped = old.filter_map(|object| match object {
        Object::Sequence(it) if it.owned_by.is_none() => {
            Some(format!("sequence `{}` is dropped with its position", it.name))
        }
        Object::Defined(it) if it.id.kind == ObjectKind::Defined(DefinedKind::MaterializedView) => {
            Some(format!("materialized view `{}` is dropped with its rows", it.id.name))
        }
        _ => None,
    });
    let unnumbered = it.altered_columns().filter(|(from, to)| {
        let is_numbered = |it: &Column| matches!(it.value, ColumnValue::Identity(_));
        is_numbered(from) && !is_numbered(to)
    });
    let identities = unnumbered.map(|(from, _)| {
        format!(
            "the identity of column `{}` of table `{}` is dropped with its position",
            from.name, from.table
        )
    });
    dropped.chain(identities).map(Finding::new).collect()
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
        sql("alter table t alter id drop identity")
            .has("[tables.t.columns]\nid = { type = \"bigint\", identity = \"always\" }\n")
            .makes("[tables.t.columns]\nid = \"bigint\"\n")
            .fires(&RULE, "the identity of column `id` of table `t` is dropped with its position");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table t").has(T).makes("").stays_quiet(&RULE);
        sql("create sequence s")
            .makes("[sequences.s]\n")
            .then("drop sequence s")
            .makes("")
            .stays_quiet(&RULE);
    }
}
