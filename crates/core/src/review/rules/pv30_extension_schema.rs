//! A type of the extension that is not on the path.

use crate::model::object::Object;
use crate::model::pgvector::{EXTENSION, VectorMethod, VectorType, is_opclass};
use crate::review::context::Context;
use crate::review::hazard::Severity;
use crate::review::rule::{Finding, Rule};
use crate::sql_text::Token;

pub(super) static RULE: Rule = Rule {
    code: "PV30",
    name: "extension-schema",
    severity: Severity::Error,
    summary: "a type or operator class of pgvector is not found on search_path",
    what: "The extension is in a schema that is not on search_path, so its types, operators and \
            operator classes need that schema before them: type \"vector\" does not exist.",
    waits: "Nobody waits: the statement fails.",
    safer: "The schema before the name, as pg_extension has it, or SET search_path in the file.",
    bad: "CREATE TABLE docs (embedding vector(3));",
    good: "CREATE TABLE docs (embedding extensions.vector(3));",
    grows: false,
    check,
};

fn check(it: &Context<'_>) -> Vec<Finding> {
    let elsewhere = it.before.iter().find_map(|(_, object)| match object {
        Object::Extension(it)
            if it.name.as_str() == EXTENSION && it.namespace.as_str() != "public" =>
        {
            Some(it.namespace.clone())
        }
        _ => None,
    });
    let Some(namespace) = elsewhere else { return Vec::new() };
    let told = it.facts().refused.as_ref().is_some_and(|it| it.contains("does not exist"));
    if !told && it.is_known() || it.setting("search_path").is_some() {
        return Vec::new();
    }
    let placed = it.placed();
    let bare = placed.iter().enumerate().find_map(|(at, (token, span))| {
        let word = token.word().filter(|it| is_brought(it))?;
        let qualified = at > 0 && *placed[at - 1].0 == Token::Symbol('.');
        (!qualified).then(|| (word.to_owned(), span.start))
    });
    let found = bare.map(|(word, at)| {
        let message = format!("`{word}` is in schema `{namespace}`, which is not on search_path");
        Finding::new(message).at(Some(at)).safer(format!("{namespace}.{word}"))
    });
    found.into_iter().collect()
}

/// Whether the extension brings something of this name that is looked up on the path. Access methods are
/// in no schema.
fn is_brought(word: &str) -> bool {
    let brought = VectorType::named(word).is_some_and(|it| it != VectorType::Bit);
    brought && VectorMethod::named(word).is_none() || is_opclass(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::testing::sql;

    const ELSEWHERE: &str = "[extensions]\nvector = { version = \"*\", schema = \"ext\" }\n";

    #[test]
    fn fires() {
        sql("create table d (v vector(3))")
            .has(ELSEWHERE)
            .refused("type \"vector\" does not exist")
            .fires(&RULE, "`vector` is in schema `ext`, which is not on search_path");
    }

    #[test]
    fn stays_quiet() {
        sql("create table d (v ext.vector(3))").has(ELSEWHERE).stays_quiet(&RULE);
    }
}
