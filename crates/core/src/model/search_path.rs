//! The search path of a project, for unqualified names in text written by people.
//!
//! Text that aludel writes and reads does not depend on it: names in `public` are unqualified, all
//! others are qualified (`public` comes first).

use std::fmt;

use super::ident::{Ident, PUBLIC};
use super::object::ObjectId;

/// Namespaces in the order in which names are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchPath(Vec<Ident>);

impl Default for SearchPath {
    /// `public` alone.
    fn default() -> Self {
        Self(vec![Ident::public()])
    }
}

impl SearchPath {
    /// A path over these namespaces.
    #[must_use]
    pub fn new(namespaces: impl IntoIterator<Item = Ident>) -> Self {
        Self(namespaces.into_iter().collect())
    }

    /// Whether bare names are those of `public`, as aludel writes them.
    #[must_use]
    pub fn begins_with_public(&self) -> bool {
        self.0.first().is_some_and(|it| it.as_str() == PUBLIC)
    }

    /// The path with `public` first, for what aludel writes itself.
    #[must_use]
    pub fn public_first(&self) -> Self {
        let others = self.0.iter().filter(|it| it.as_str() != PUBLIC);
        Self(std::iter::once(Ident::public()).chain(others.cloned()).collect())
    }

    /// The path under which an object is created whose name aludel writes and whose texts people
    /// wrote. The name is bare in `public` alone, so only there `public` has to come first.
    #[must_use]
    pub fn for_object(&self, id: &ObjectId) -> Self {
        match &id.namespace {
            Some(namespace) if namespace.as_str() != PUBLIC => self.clone(),
            Some(_) | None => self.public_first(),
        }
    }
}

/// As SET takes it.
impl fmt::Display for SearchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("''");
        }
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ident::QualifiedName;

    #[test]
    fn public_comes_first_only_for_what_stands_there() {
        let path = SearchPath::new(["app", "Odd", "public"].map(Ident::from));
        assert_eq!(path.to_string(), "app, \"Odd\", public");
        assert_eq!(path.public_first().to_string(), "public, app, \"Odd\"");
        let object = |namespace| ObjectId::table(&QualifiedName::new(namespace, "t"));
        assert_eq!(path.for_object(&object("app")), path);
        assert_eq!(path.for_object(&object("public")), path.public_first());
        assert_eq!(SearchPath::default().to_string(), "public");
    }
}
