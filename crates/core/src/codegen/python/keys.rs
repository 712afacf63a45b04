//! What a foreign key says besides its columns, at its column or at the table.

use super::layout::{Code, string};
use crate::codegen::blueprint::Entity;
use crate::model::constraint::{Action, ForeignKey, Timing};
use crate::model::ident::{Ident, PUBLIC};

/// What happens to its rows.
pub(super) fn foreign_key_options(key: &ForeignKey) -> Vec<Code> {
    let mut items = Vec::new();
    let mut on_delete = key.on_delete.sql().to_owned();
    if !key.on_delete_columns.is_empty() {
        let columns: Vec<String> = key.on_delete_columns.iter().map(ToString::to_string).collect();
        on_delete.push_str(&format!(" ({})", columns.join(", ")));
    }
    if key.on_delete != Action::NoAction {
        items.push(Code::text(format!("ondelete={}", string(&on_delete))));
    }
    if key.on_update != Action::NoAction {
        items.push(Code::text(format!("onupdate=\"{}\"", key.on_update.sql())));
    }
    items.extend(key.match_full.then(|| Code::text("match=\"FULL\"")));
    items
}

/// The referenced columns by their names, if the other table has a model and no name has a dot, which
/// would part it once more.
pub(super) fn referenced(key: &ForeignKey, entities: &[Entity]) -> Option<Vec<String>> {
    let (namespace, table) = (key.references.namespace.as_str(), key.references.name.as_str());
    let columns = || key.referenced_columns.iter().map(Ident::as_str);
    let has_model = entities.iter().any(|it| !it.view && it.name == key.references);
    let dotted = columns().chain([namespace, table]).any(|it| it.contains('.'));
    let prefix = if namespace == PUBLIC { String::new() } else { format!("{namespace}.") };
    (has_model && !dotted).then(|| columns().map(|it| format!("{prefix}{table}.{it}")).collect())
}

/// When a constraint is checked.
pub(super) fn timing(timing: Timing) -> Vec<Code> {
    let items: &[&str] = match timing {
        Timing::NotDeferrable => &[],
        Timing::Deferrable => &["deferrable=True"],
        Timing::Deferred => &["deferrable=True", "initially=\"DEFERRED\""],
    };
    items.iter().map(|it| Code::text(*it)).collect()
}
