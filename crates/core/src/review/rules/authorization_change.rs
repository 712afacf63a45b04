//! Privileges, policies and owners.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "authorization-change",
    name: "authorization-change",
    severity: Severity::Info,
    summary: "privileges, policies, row security or an owner change",
    what: "Who may read and write changes with the commit. Row security without a policy shows \
            no rows to anyone but the owner.",
    waits: "GRANT and REVOKE lock no table. Policies and OWNER TO take ACCESS EXCLUSIVE on the \
            table, briefly.",
    safer: "Review it as a change of authorization. Create policies in the transaction that \
            enables row security.",
    bad: "ALTER TABLE docs ENABLE ROW LEVEL SECURITY;",
    good: "BEGIN;\n\
            CREATE POLICY own ON docs USING (author = current_user);\n\
            ALTER TABLE docs ENABLE ROW LEVEL SECURITY;\n\
            COMMIT;",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let words = it.words();
    let what = match words {
        ["grant", ..] => "GRANT changes who may do what",
        ["revoke", ..] => "REVOKE changes who may do what",
        ["alter", "default", "privileges", ..] => "the default privileges of new objects change",
        ["create" | "alter" | "drop", "policy", ..] => "a policy changes which rows are seen",
        ["alter", ..] if it.has(&["row", "level", "security"]) => {
            "row security changes which rows are seen"
        }
        ["alter", ..] if it.has(&["owner", "to"]) => "the owner changes",
        _ => return Vec::new(),
    };
    // What is granted is told of new objects, too. Their owner and policies are a part of making them.
    let grants = ["grant", "revoke"].contains(&words[0]) || it.starts(&["alter", "default"]);
    match !grants && it.concerns_only_new() {
        true => Vec::new(),
        false => vec![Finding::new(what)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{T, sql};

    #[test]
    fn fires() {
        sql("alter table t enable row level security")
            .fires(&RULE, "row security changes which rows are seen");
        sql("alter table t owner to alice").has(T).fires(&RULE, "the owner changes");
        sql("grant select on t to public").fires(&RULE, "GRANT changes who may do what");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t add x int").stays_quiet(&RULE);
        sql("create table t ()")
            .makes(T)
            .then("alter table public.t owner to alice")
            .then("create policy p on t using (true)")
            .then("alter table t enable row level security")
            .stays_quiet(&RULE);
    }
}
