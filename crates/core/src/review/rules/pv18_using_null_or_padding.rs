//! USING that makes vectors of another meaning.

use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::review::vectors;

pub(super) static RULE: Rule = Rule {
    code: "PV18",
    name: "using-null-or-padding",
    severity: Severity::Error,
    summary: "USING fills a vector column with NULL, padding or a part of the old vector",
    what: "The statement succeeds, and the vectors are no embeddings of any model: appended \
            zeros and a part of the dimensions change every distance, NULL loses the value.",
    waits: "ACCESS EXCLUSIVE on the table for the duration of the rewrite, and of the rebuild of \
            its indexes.",
    safer: "A new column, embed again in batches, switch, drop the old column.",
    bad: "ALTER TABLE docs ALTER COLUMN embedding TYPE vector(4) USING (embedding || \
            '[0]')::vector(4);",
    good: "ALTER TABLE docs ADD COLUMN embedding_4 vector(4);",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    if !it.retypes() {
        return Vec::new();
    }
    let Some(at) = it.place(&["using"]) else { return Vec::new() };
    let using = it.text()[at..].to_lowercase();
    let types = vectors::written_types(it);
    let altered = it.altered_columns().any(|(from, _)| vectors::is_embedding(&from.data_type));
    if types.is_empty() && !altered {
        return Vec::new();
    }
    let what = if it.has(&["using", "null"]) {
        "replaces every vector by NULL"
    } else if using.contains("||") || using.contains("array_fill") {
        "appends elements to every vector"
    } else if using.contains("subvector") {
        "keeps a part of every vector"
    } else {
        return Vec::new();
    };
    vec![
        Finding::new(format!("USING {what}: the old embeddings are lost"))
            .at(Some(at))
            .safer("a second column"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::{V, sql};

    #[test]
    fn fires() {
        sql("alter table t alter v type vector(4) using (v || '[0]')::vector(4)")
            .has(V)
            .fires(&RULE, "USING appends elements to every vector");
        sql("alter table t alter v type vector(4) using null")
            .has(V)
            .fires(&RULE, "USING replaces every vector by NULL");
    }

    #[test]
    fn stays_quiet() {
        sql("alter table t alter a type vector(3) using a::vector(3)").has(V).stays_quiet(&RULE);
    }
}
