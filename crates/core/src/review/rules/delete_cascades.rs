//! DELETE of rows that foreign keys of other tables reference.

use std::collections::BTreeSet;

use crate::model::constraint::Action;
use crate::model::ident::QualifiedName;
use crate::review::context::{Context, foreign_key};
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "delete-cascades",
    name: "delete-cascades",
    severity: Severity::Warning,
    summary: "DELETE removes rows of tables that it does not name",
    what: "A foreign key with ON DELETE CASCADE deletes the referencing rows as well, and one with SET NULL or \
            SET DEFAULT overwrites their columns. A downgrade does not bring them back.",
    waits: "ROW EXCLUSIVE on all of these tables; every row that is deleted or overwritten is locked until the \
            transaction ends.",
    safer: "Count the referencing rows first, and delete them by statements of their own.",
    bad: "DELETE FROM authors WHERE banned;",
    good: "DELETE FROM docs USING authors WHERE docs.author_id = authors.id AND authors.banned;\n\
            DELETE FROM authors WHERE banned;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let source = &it.statement.source;
    if source.is_truncate() {
        return Vec::new();
    }
    let written = source.deletes_from();
    let is_written = |table: &QualifiedName| written.iter().any(|it| table.is_written(it));
    let tables = it.before.tables().map(|table| &table.name);
    let named = tables.filter(|table| is_written(table) && !it.is_new(table));
    named.flat_map(|table| along(it, table)).collect()
}

/// What foreign keys do to other tables when rows of one are deleted, one after the other.
fn along<'a>(it: &Context<'a>, first: &'a QualifiedName) -> Vec<Finding> {
    let mut seen = BTreeSet::from([first]);
    let (mut open, mut found) = (vec![first], Vec::new());
    while let Some(table) = open.pop() {
        let keys = it.before.tables().flat_map(|other| it.before.constraints(&other.name));
        for constraint in keys {
            let Some(key) = foreign_key(constraint).filter(|key| key.references == *table) else {
                continue;
            };
            let (name, other) = (&constraint.name, &constraint.table);
            let does = match key.on_delete {
                Action::Cascade if seen.insert(other) => {
                    open.push(other);
                    format!("deletes the rows of table `{other}` that reference them")
                }
                Action::SetNull => format!("sets columns of table `{other}` to NULL"),
                Action::SetDefault => format!("sets columns of table `{other}` to their defaults"),
                Action::Cascade | Action::NoAction | Action::Restrict => continue,
            };
            let message = format!("DELETE of rows of table `{table}`: foreign key `{name}` {does}");
            let at = it.mention(&first.name);
            found.push(Finding::new(message).about(other).grows_with(other).at(at));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    fn referenced(on_delete: &str) -> String {
        let table = |name: &str, references: &str| {
            format!(
                "[tables.{name}]\nprimary_key = [\"id\"]\n[tables.{name}.columns]\nid = \"bigint\"\n\
                 r_id = \"bigint?\"\n[tables.{name}.foreign_keys.{name}_fk]\ncolumns = [\"r_id\"]\n\
                 references = \"{references}\"\non_delete = \"{on_delete}\"\n"
            )
        };
        let first = "[tables.r]\nprimary_key = [\"id\"]\n[tables.r.columns]\nid = \"bigint\"\n";
        format!("{first}{}{}", table("t", "r"), table("s", "t"))
    }

    #[test]
    fn fires() {
        let cascades = referenced("cascade");
        let direct = "DELETE of rows of table `r`: foreign key `t_fk` deletes the rows of table `t` that reference them";
        sql("delete from r where id = 1").has(&cascades).fires(&RULE, direct);
        sql("merge into public.r using x on true when matched then delete")
            .has(&cascades)
            .fires(&RULE, direct);
        // What is deleted along is referenced as well.
        let further =
            "DELETE of rows of table `t`: foreign key `s_fk` deletes the rows of table `s`";
        sql("delete from r where id = 1").has(&cascades).fires(&RULE, further);
        sql("delete from r where id = 1")
            .has(&referenced("set null"))
            .fires_once(&RULE, "foreign key `t_fk` sets columns of table `t` to NULL");
    }

    #[test]
    fn stays_quiet() {
        sql("delete from s where id = 1").has(&referenced("cascade")).stays_quiet(&RULE);
        sql("delete from r where id = 1").has(&referenced("restrict")).stays_quiet(&RULE);
        sql("update r set id = 1").has(&referenced("cascade")).stays_quiet(&RULE);
    }
}
