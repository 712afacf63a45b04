//! CREATE INDEX IF NOT EXISTS.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::index_text;
use crate::review::rule::{Finding, Rule};

pub(super) static RULE: Rule = Rule {
    code: "if-not-exists-index",
    name: "if-not-exists-index",
    severity: Severity::Warning,
    summary: "CREATE INDEX IF NOT EXISTS looks at the name only",
    what: "If there is an index of that name, the statement does nothing: also if that one is \
            INVALID after a failed CONCURRENTLY, or indexes something else.",
    waits: "The lock is taken all the same: SHARE, or SHARE UPDATE EXCLUSIVE with CONCURRENTLY.",
    safer: "Leave IF NOT EXISTS out. aludel drops what an interrupted CREATE INDEX CONCURRENTLY \
            left before it runs it again; elsewhere, compare the definition and indisvalid \
            first.",
    bad: "CREATE INDEX CONCURRENTLY IF NOT EXISTS docs_title_idx ON docs (title);",
    good: "CREATE INDEX CONCURRENTLY docs_title_idx ON docs (title);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let Some(text) = index_text::read(&it.statement.source) else { return Vec::new() };
    if !text.if_not_exists {
        return Vec::new();
    }
    let name = &text.index.name;
    let message = format!(
        "IF NOT EXISTS keeps any index named `{name}`, also one that is INVALID or different"
    );
    let finding = Finding::new(message).about(name).safer("CREATE INDEX without IF NOT EXISTS");
    vec![finding.at(it.place(&["if", "not", "exists"]))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    #[test]
    fn fires() {
        sql("create index concurrently if not exists i on t (a)")
            .fires(&RULE, "keeps any index named `i`");
    }

    #[test]
    fn stays_quiet() {
        sql("create index concurrently i on t (a)").stays_quiet(&RULE);
    }
}
