//! DROP COLUMN.

use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "drop-column",
    name: "drop-column",
    severity: Severity::Error,
    summary: "DROP COLUMN loses the values of the column",
    what: "The values can no longer be read, and a downgrade adds an empty column. Statements \
            that name the column fail, also prepared ones.",
    waits: "ACCESS EXCLUSIVE on the table, briefly: reads and writes wait.",
    safer: "Release programs that do not use the column, and drop it in a later revision, after \
            a backup.",
    bad: "ALTER TABLE docs DROP COLUMN note;",
    good: "COMMENT ON COLUMN docs.note IS 'unused since revision 41; drop it in the next \
            release';",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let columns = it.drops().filter_map(|it| match it {
        Object::Column(it) => Some(it),
        _ => None,
    });
    let table_stays = |table| it.after.contains(&ObjectId::table(table)) && !it.is_new(table);
    let old = columns.filter(|column| {
        let id = ObjectId::child(ObjectKind::Column, &column.table, &column.name);
        table_stays(&column.table) && !column.inherited && it.was_there(&id)
    });
    let found = old.map(|column| {
        let (name, table) = (&column.name, &column.table);
        let message = format!("column `{name}` of table `{table}` is dropped with its values");
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const WITHOUT: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\n";
    const RENAMED: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"integer?\"\nc = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t drop b")
            .has(T)
            .makes(WITHOUT)
            .fires(&RULE, "column `b` of table `t` is dropped with its values");
        sql("alter table t drop b, add rename int")
            .has(T)
            .makes(WITHOUT)
            .fires(&RULE, "column `b` of table `t` is dropped");
    }

    const APART: &str = "[tables.t]\npartition_by = \"range (id)\"\n[tables.t.columns]\nid = \"bigint\"\n\
                         [tables.p.columns]\nid = \"bigint\"\n";
    const ATTACHED: &str = "[tables.t]\npartition_by = \"range (id)\"\n[tables.t.columns]\nid = \"bigint\"\n\
                            [tables.p]\npartition_of = \"t\"\nvalues = \"from (0) to (9)\"\n";

    #[test]
    fn stays_quiet() {
        sql("alter table t attach partition p for values from (0) to (9)")
            .has(APART)
            .makes(ATTACHED)
            .stays_quiet(&RULE);
        sql("alter table t rename b to c").has(T).makes(RENAMED).stays_quiet(&RULE);
        sql("alter table t rename column b to c").has(T).makes(RENAMED).stays_quiet(&RULE);
        sql("drop table t").has(T).makes("").stays_quiet(&RULE);
    }
}
