//! ALTER COLUMN TYPE that changes values.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "alter-type-loss",
    name: "alter-type-loss",
    severity: Severity::Error,
    summary: "ALTER COLUMN TYPE loses information of the stored values",
    what: "The new type cannot represent every value of the old one: it rounds, cuts or drops a \
            part, and what was lost is not restored by a downgrade.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite: reads and writes \
            wait.",
    safer: "Keep the old column until nobody needs its values, or add a CHECK NOT VALID instead \
            of narrowing the type.",
    bad: "ALTER TABLE docs ALTER COLUMN price TYPE numeric(10,1);",
    good: "ALTER TABLE docs ADD CONSTRAINT price_scale CHECK (price = round(price, 1)) NOT \
            VALID;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let retyped: Vec<_> =
        it.altered_columns().filter(|(from, to)| from.data_type != to.data_type).collect();
    if it.facts().losses.is_empty() {
        return Vec::new();
    }
    let losses = it.facts().losses.join(", ");
    // USING can compute other values of the same type.
    if retyped.is_empty() && it.retypes() {
        let message = format!("ALTER COLUMN TYPE … USING loses data: {losses}");
        return vec![Finding::new(message).at(it.place(&["type"]))];
    }
    let found = retyped.into_iter().map(|(from, to)| {
        let (name, table) = (&to.name, &to.table);
        let message = format!(
            "changing column `{name}` of table `{table}` from {} to {} loses data: {losses}",
            from.data_type, to.data_type
        );
        Finding::new(message).about(format!("{table}.{name}")).at(it.mention(name))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    const SHORT: &str = "[tables.t.columns]\nid = \"bigint\"\na = \"smallint?\"\nb = \"text?\"\n";

    #[test]
    fn fires() {
        sql("alter table t alter a type smallint")
            .has(T)
            .makes(SHORT)
            .loses("column t.a")
            .fires(&RULE, "from integer to smallint loses data: column t.a");
        sql("alter table t alter b type text using upper(b)")
            .has(T)
            .loses("values of column t.b")
            .fires(&RULE, "ALTER COLUMN TYPE … USING loses data: values of column t.b");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type smallint").has(T).makes(SHORT).stays_quiet(&RULE);
    }
}
