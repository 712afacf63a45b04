//! DROP CASCADE.

use crate::model::object::{Object, ObjectId};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-cascade",
    name: "drop-cascade",
    severity: Severity::Warning,
    summary: "DROP … CASCADE drops objects that it does not name",
    what: "Whatever depends on the object is dropped with it: views, foreign keys of other \
            tables, triggers, columns of a type. Somebody else may have created them since the \
            file was written.",
    waits: "ACCESS EXCLUSIVE on every table that something is dropped from.",
    safer: "DROP each object by name. Without CASCADE the statement is refused while anything \
            depends on the object, and says what.",
    bad: "DROP TABLE authors CASCADE;",
    good: "ALTER TABLE docs DROP CONSTRAINT docs_author_fkey;\n\
            DROP TABLE authors;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    // DROP SCHEMA and DROP EXTENSION have rules of their own.
    let own = ["schema", "extension"].iter().any(|kind| it.starts(&["drop", kind]));
    let drops = it.starts(&["drop"]) || it.alters_table() && it.words().contains(&"drop");
    if own || !drops || !it.words().contains(&"cascade") {
        return Vec::new();
    }
    let old = it.drops().map(Object::id).filter(|id| it.was_there(id));
    let more = old.filter(|id| !is_named(it, id));
    let more: Vec<_> = more.map(|id| id.to_string()).collect();
    if more.is_empty() {
        return Vec::new();
    }
    let finding = Finding::new(format!("CASCADE drops {} as well", more.join(", ")));
    vec![finding.at(it.place(&["cascade"])).safer("DROP each object by name")]
}

/// Whether the statement names the object, or the table that it belongs to.
fn is_named(it: &Context<'_>, id: &ObjectId) -> bool {
    let of_table = id.relation.as_ref().filter(|_| it.starts(&["drop", "table"]));
    it.mention(&id.name).is_some()
        || of_table.is_some_and(|it_table| it.mention(it_table).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITH: &str = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n[tables.t.columns]\nr_id = \"bigint\"\n[tables.t.foreign_keys.fk]\ncolumns = [\"r_id\"]\nreferences = \"r\"\n";
    const WITHOUT: &str = "[tables.t.columns]\nr_id = \"bigint\"\n";

    #[test]
    fn fires() {
        sql("drop table r cascade")
            .has(WITH)
            .makes(WITHOUT)
            .fires(&RULE, "CASCADE drops constraint fk on t as well");
    }

    #[test]
    fn stays_quiet() {
        sql("drop table t cascade").has(T).makes("").stays_quiet(&RULE);
        sql("create table r ()")
            .makes(WITH)
            .then("drop table r cascade")
            .makes(WITHOUT)
            .stays_quiet(&RULE);
    }
}
