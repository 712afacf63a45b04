//! Names of objects that aludel does not manage.

use std::collections::BTreeSet;

use super::Scope;
use super::row::row;
use crate::model::ident::Ident;

row! {
    "unmanaged";
    /// Something that is not managed.
    struct UnmanagedRow {
        kind: String,
        namespace: Option<String>,
        /// What it belongs to.
        relation: Option<String>,
        name: Option<String>,
        /// Printed after the name, as it is.
        detail: Option<String>,
    }
}

/// The names in scope.
pub(super) fn read(rows: Vec<UnmanagedRow>, scope: &Scope) -> BTreeSet<String> {
    rows.iter().filter(|it| !it.is_excluded(scope)).map(UnmanagedRow::shown).collect()
}

impl UnmanagedRow {
    fn is_excluded(&self, scope: &Scope) -> bool {
        let name = self.relation.as_deref().or(self.name.as_deref()).or(self.detail.as_deref());
        let name = name.unwrap_or_default();
        match &self.namespace {
            Some(namespace) => scope.excludes_text(namespace, name),
            None => scope.excludes_global(name),
        }
    }

    /// `view public.recent`, `trigger touch on public.users`, `cast (text AS mood)`.
    fn shown(&self) -> String {
        let quoted = |it: &str| Ident::new(it).to_string();
        let prefix = self.namespace.as_deref().map(|it| format!("{}.", quoted(it)));
        let prefix = prefix.unwrap_or_default();
        let name = self.name.as_deref().map(quoted).unwrap_or_default();
        let detail = self.detail.as_deref().unwrap_or_default();
        match &self.relation {
            Some(relation) => {
                format!("{} {name}{detail} on {prefix}{}", self.kind, quoted(relation))
            }
            None => format!("{} {prefix}{name}{detail}", self.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: [&str; 5], expected: &str) {
        let [namespace, relation, name, detail] =
            [1, 2, 3, 4].map(|it| Some(row[it].to_owned()).filter(|it| !it.is_empty()));
        let row = UnmanagedRow { kind: row[0].to_owned(), namespace, relation, name, detail };
        assert_eq!(row.shown(), expected);
    }

    #[test]
    fn names_read_as_sentences() {
        check(["view", "public", "", "recent", ""], "view public.recent");
        check(["trigger", "public", "users", "Touch", ""], "trigger \"Touch\" on public.users");
        check(["function", "public", "", "f", "(integer)"], "function public.f(integer)");
        check(["cast", "", "", "", "(text AS mood)"], "cast (text AS mood)");
        check(["publication", "", "", "all_tables", ""], "publication all_tables");
    }
}
