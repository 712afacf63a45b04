//! DELETE without WHERE.

use crate::review::context::{Context, parse_name};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "delete-without-where",
    name: "delete-without-where",
    severity: Severity::Error,
    summary: "DELETE without WHERE removes all rows",
    what: "All rows are deleted one by one. The space is free only after VACUUM.",
    waits: "ROW EXCLUSIVE on the table; every row is locked until the transaction ends.",
    safer: "A WHERE, in batches.",
    bad: "DELETE FROM docs;",
    good: "DELETE FROM docs WHERE made < '2020-01-01' AND id BETWEEN 1 AND 5000;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let whole = it.shape().whole_tables(it.text());
    let deletes =
        whole.into_iter().filter(|found| found.deletes && !it.is_new(&parse_name(&found.table)));
    let found = deletes.map(|found| {
        let table = parse_name(&found.table);
        let message = format!("DELETE without WHERE removes all rows of table `{table}`");
        Finding::new(message).about(&table).grows_with(&table).at(Some(found.at))
    });
    let mut found: Vec<_> = found.collect();
    let words = it.words();
    if it.shape().unread().is_some() && it.starts(&["delete"]) && !words.contains(&"where") {
        found.push(Finding::new("DELETE without WHERE removes all rows"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("with x as (delete from t returning *) select * from x")
            .has(T)
            .fires(&RULE, "removes all rows of table `t`");
    }

    #[test]
    fn stays_quiet() {
        sql("delete from t where a = 1").has(T).stays_quiet(&RULE);
    }
}
