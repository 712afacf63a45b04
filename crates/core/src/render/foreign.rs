//! Options of foreign tables and their columns.

use super::literal;
use crate::model::ident::Ident;
use crate::model::options::Options;

/// `OPTIONS (name 'value', …)`.
pub(super) fn options(options: &Options) -> String {
    let shown =
        options.iter().map(|(name, value)| format!("{} {}", Ident::new(name), literal(value)));
    format!("OPTIONS ({})", shown.collect::<Vec<_>>().join(", "))
}

/// `OPTIONS (ADD name 'value', SET …, DROP …)`.
pub(super) fn altered_options(from: &Options, to: &Options) -> String {
    let gone = from.iter().filter(|it| to.get(it.0).is_none());
    let mut parts: Vec<String> = gone.map(|it| format!("DROP {}", Ident::new(it.0))).collect();
    for (name, value) in to.iter().filter(|it| from.get(it.0) != Some(it.1)) {
        let word = if from.get(name).is_some() { "SET" } else { "ADD" };
        parts.push(format!("{word} {} {}", Ident::new(name), literal(value)));
    }
    format!("OPTIONS ({})", parts.join(", "))
}
