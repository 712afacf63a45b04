//! What is read: namespaces, and globs for what is left out.

use std::collections::BTreeSet;

use crate::model::ident::{Ident, PUBLIC, QualifiedName};

/// What is read of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The managed namespaces; none means all that are not the system's. Extensions are read
    /// wherever they are.
    pub namespaces: Option<BTreeSet<Ident>>,
    /// Globs (`*`, `?`) over names, unquoted. A name in `public` is matched with and without its
    /// namespace, every other with it: `spatial_ref_sys`, `audit.*`. `audit.*` leaves out the
    /// namespace itself, too.
    pub exclude: Vec<String>,
    /// The namespace of aludel's own tables. Never read.
    pub ledger_namespace: Ident,
}

impl Default for Scope {
    /// Everything but the ledger in `aludel`.
    fn default() -> Self {
        Self { namespaces: None, exclude: Vec::new(), ledger_namespace: Ident::new("aludel") }
    }
}

impl Scope {
    /// Whether an object in a namespace is left out.
    pub(super) fn excludes(&self, name: &QualifiedName) -> bool {
        self.excludes_text(name.namespace.as_str(), name.name.as_str())
    }

    /// Whether the name, or `namespace.name`, meets a glob.
    pub(super) fn excludes_text(&self, namespace: &str, name: &str) -> bool {
        let qualified = format!("{namespace}.{name}");
        self.exclude
            .iter()
            .any(|glob| matches(glob, &qualified) || namespace == PUBLIC && matches(glob, name))
    }

    /// Whether something that stands in no namespace is left out.
    pub(super) fn excludes_global(&self, name: &str) -> bool {
        self.exclude.iter().any(|glob| matches(glob, name))
    }

    /// Whether a namespace is left out, as all that is in it is.
    pub(super) fn excludes_namespace(&self, name: &str) -> bool {
        self.exclude.iter().any(|glob| glob.strip_suffix(".*").is_some_and(|it| matches(it, name)))
    }
}

/// Whether a text meets a glob: `*` stands for any run of characters, `?` for one.
fn matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if glob.get(at) == Some(&'*') {
            star = Some((at, seen));
            at += 1;
        } else if glob.get(at).is_some_and(|it| *it == '?' || *it == text[seen]) {
            at += 1;
            seen += 1;
        } else if let Some((star_at, taken)) = star {
            // The last star takes one character more.
            star = Some((star_at, taken + 1));
            at = star_at + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(glob: &str, namespace: &str, name: &str, excluded: bool) {
        let scope = Scope { exclude: vec![glob.to_owned()], ..Scope::default() };
        assert_eq!(scope.excludes_text(namespace, name), excluded, "{glob} on {namespace}.{name}");
    }

    #[test]
    fn names_in_public_go_with_and_without_it() {
        check("spatial_ref_sys", "public", "spatial_ref_sys", true);
        check("spatial_ref_sys", "gis", "spatial_ref_sys", false);
        check("public.spatial*", "public", "spatial_ref_sys", true);
        check("tmp_*", "public", "tmp_", true);
        check("*_old", "public", "a_old_old", true);
        check("*_old", "public", "a_older", false);
        check("t?", "public", "t1", true);
        check("t?", "public", "t12", false);
    }

    #[test]
    fn a_whole_namespace_goes_with_its_name() {
        check("audit.*", "audit", "log", true);
        check("audit.*", "public", "audit", false);
        let scope = Scope { exclude: vec!["audit*.*".to_owned()], ..Scope::default() };
        assert!(scope.excludes_namespace("audit_2024"));
        assert!(!scope.excludes_namespace("billing"));
    }
}
