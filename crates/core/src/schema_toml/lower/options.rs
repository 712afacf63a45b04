//! Storage parameters of tables and indexes, as a declaration writes them.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::options::Options;
use crate::model::parameters::{ParameterTarget, Takes, documented};
use crate::model::pgvector::{EF_CONSTRUCTION, M, Parameter, VectorMethod};
use crate::schema_toml::syntax::OptionsSyntax;

impl Lowering<'_> {
    /// The parameters as PostgreSQL stores them.
    pub(super) fn options(
        &mut self,
        syntax: &OptionsSyntax,
        target: ParameterTarget<'_>,
    ) -> Options {
        let mut options = Options::default();
        for (name, value) in syntax {
            self.option(name.as_str(), name.span, &value.value, value.span, target);
            if options.get(&name.value).is_some() {
                let message = format!("parameter `{}` occurs twice", name.value);
                self.problem(Diagnostic::error(name.span, message));
            }
            options.insert(name.value.as_str(), value.value.as_str());
        }
        if target == ParameterTarget::Index(VectorMethod::Hnsw.name()) {
            self.graph(syntax);
        }
        options
    }

    fn option(
        &mut self,
        name: &str,
        name_span: Span,
        value: &str,
        span: Span,
        target: ParameterTarget<'_>,
    ) {
        let Some(known) = documented(target) else { return };
        let toast = name.strip_prefix("toast.").filter(|_| target == ParameterTarget::Table);
        let bare = toast.unwrap_or(name);
        let Some((_, takes)) = known.iter().find(|(it, _)| *it == bare) else {
            let whose = match target {
                ParameterTarget::Table => "tables have".to_owned(),
                ParameterTarget::Column => "columns have".to_owned(),
                ParameterTarget::Index(method) => format!("access method `{method}` has"),
            };
            let message = format!("{whose} no parameter `{name}`");
            let problem = Diagnostic::error(name_span, message);
            let names = known.iter().map(|(it, _)| *it);
            let problem = problem.did_you_mean(name, names.clone());
            let short = problem.help.is_empty() && known.len() < 4;
            let problem = if short {
                problem.help(format!("known parameters: {}", super::quoted(names)))
            } else {
                problem
            };
            return self.problem(problem);
        };
        if let Takes::Integer(lowest, highest) = *takes {
            let fits = number(value).is_some_and(|it| (lowest..=highest).contains(&it));
            if !fits {
                let message =
                    format!("`{name}` must be a number from {lowest} to {highest}, not `{value}`");
                self.problem(Diagnostic::error(span, message));
            }
        }
    }

    /// The graph of HNSW: `ef_construction` is at least `2 * m`, whether written or not.
    fn graph(&mut self, syntax: &OptionsSyntax) {
        let find = |name: &str| syntax.iter().find(|(it, _)| it.value == name);
        let value = |it: &Parameter| match find(it.name) {
            Some((_, written)) => number(&written.value),
            None => Some(it.default),
        };
        let (Some(m), Some(ef_construction)) = (value(&M), value(&EF_CONSTRUCTION)) else { return };
        let in_range = M.takes(m) && EF_CONSTRUCTION.takes(ef_construction);
        if !in_range || ef_construction >= 2 * m {
            return;
        }
        let (written, origin) = match (find(EF_CONSTRUCTION.name), find(M.name)) {
            (Some((_, written)), _) => (written, ""),
            (None, Some((_, written))) => (written, ", its default,"),
            (None, None) => return,
        };
        let message = format!(
            "`ef_construction` ({ef_construction}){origin} must be at least twice `m` ({m})"
        );
        let help = format!(
            "set `ef_construction` to {} or more, or `m` to {} or less",
            2 * m,
            ef_construction / 2
        );
        self.error(written.span, message, help);
    }
}

/// A number as PostgreSQL reads one for an integer parameter: decimal, hexadecimal, or rounded.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(digits) = hex {
        return i64::from_str_radix(digits, 16).ok();
    }
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let fraction: f64 = text.parse().ok()?;
    format!("{:.0}", fraction.round_ties_even()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_server_does() {
        assert_eq!(number("16"), Some(16));
        assert_eq!(number("0x10"), Some(16));
        assert_eq!(number("16.5"), Some(16));
        assert_eq!(number("many"), None);
    }
}
