//! Resolves type names: built-in types, declared types, types of extensions.

use super::scope::Scope;
use super::{Lowering, quoted, shown_name};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::base_type::BaseType;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::pg_type::{PgType, VectorType};
use crate::schema_toml::syntax::Name;
use crate::schema_toml::{builtin_types, extensions, foreign_types};

/// What an unknown type may still be.
const UNDECLARED: &str = "a type is built in, declared here (enums, domains, composite_types, \
                          range_types), or from a declared extension";

impl Lowering<'_> {
    /// The type that a text means; none, and a diagnostic, where there is no such type.
    pub(super) fn data_type(&mut self, text: &Name) -> Option<PgType> {
        let parsed = match PgType::parse(&text.value) {
            Ok(parsed) => parsed,
            Err(error) => {
                let problem = Diagnostic::error(text.span, error.to_string());
                self.problem(match foreign_types::beyond_a_type(&text.value) {
                    Some(help) => problem.help(help),
                    None => problem,
                });
                return None;
            }
        };
        let Some(resolved) = self.scope.resolve(&parsed) else {
            let problem = self.unknown_type(text, &parsed);
            let helpless = problem.help.is_empty();
            self.problem(if helpless { problem.help(UNDECLARED) } else { problem });
            return None;
        };
        self.modifier(&resolved, text.span);
        Some(resolved)
    }

    fn unknown_type(&self, text: &Name, parsed: &PgType) -> Diagnostic {
        let element = PgType { modifier: None, array: false, ..parsed.clone() };
        let problem = Diagnostic::error(text.span, format!("unknown type `{element}`"));
        if parsed.namespace.is_some() {
            let own: Vec<String> = self.scope.own_types().map(sql_name).collect();
            return problem.did_you_mean(&element.to_string(), own.iter().map(String::as_str));
        }
        if let Some(extension) = extensions::with_type(&parsed.name) {
            let name = extension.name;
            return problem
                .label(format!("this type belongs to the extension `{name}`"))
                .help(format!("declare the extension: `[extensions]` with `{name} = \"*\"`"));
        }
        if let Some(help) = foreign_types::beyond_a_type(&text.value) {
            return problem.help(help);
        }
        if let Some(own) = foreign_types::own(parsed) {
            return problem.help(format!("PostgreSQL's type is `{own}`"));
        }
        let same = |it: &&QualifiedName| it.name.as_str().eq_ignore_ascii_case(&parsed.name);
        if let Some(name) = self.scope.own_types().find(|it| same(it) && sql_name(it).contains('"'))
        {
            let name = sql_name(name);
            return problem.help(format!(
                "types are written in SQL, where upper case needs double quotes: \
                               `'{name}'`"
            ));
        }
        let elsewhere = self.scope.own_types().find(|it| it.name.as_str() == parsed.name);
        if let Some(name) = elsewhere {
            return problem.help(format!("did you mean the type `{}`?", sql_name(name)));
        }
        let declared: Vec<String> = self.scope.own_types().map(sql_name).collect();
        let mut candidates: Vec<&str> = builtin_types::names().collect();
        candidates.extend(declared.iter().map(String::as_str));
        candidates.extend(self.extension_types());
        problem.did_you_mean(&parsed.name, candidates)
    }

    /// The types of the declared extensions that are well known.
    fn extension_types(&self) -> Vec<&'static str> {
        let known = self.scope.extensions.keys().filter_map(|it| extensions::known(it.as_str()));
        known.flat_map(|it| it.types.iter().copied()).collect()
    }

    /// What stands in parentheses, as far as it can be judged.
    fn modifier(&mut self, data_type: &PgType, span: Span) {
        if let Some(vector) = data_type.element().vector_type() {
            return self.dimensions(data_type, vector, span);
        }
        let Some(modifier) = &data_type.modifier else { return };
        let own = data_type.namespace.is_none() && builtin_types::is_builtin(&data_type.name);
        if !own {
            return;
        }
        if !builtin_types::takes_modifier(&data_type.name) {
            let bare = PgType { modifier: None, ..data_type.clone() };
            let message = format!("type `{bare}` has no modifier");
            return self.error(span, message, format!("write `{bare}`"));
        }
        let numbers: Option<Vec<i64>> = modifier.split(',').map(|it| it.parse().ok()).collect();
        let Some(numbers) = numbers else {
            let message = format!("`{modifier}` is not a type modifier");
            return self.problem(Diagnostic::error(span, message));
        };
        let (lowest, highest) = match data_type.base() {
            Some(BaseType::Character | BaseType::Varchar | BaseType::Bpchar) => (1, 10_485_760),
            Some(BaseType::Varbit) => (1, 83_886_080),
            Some(BaseType::Numeric) => (1, 1_000),
            _ => (0, 6),
        };
        if let Some(first) = numbers.first().filter(|it| **it < lowest || **it > highest) {
            let message = format!(
                "the modifier of type `{}` must be from {lowest} to {highest}, not {first}",
                data_type.name
            );
            self.problem(Diagnostic::error(span, message));
        }
    }

    /// The dimensions that a column may declare.
    fn dimensions(&mut self, data_type: &PgType, vector: VectorType, span: Span) {
        let Some(modifier) = &data_type.modifier else { return };
        let (name, most) = (vector.name(), vector.max_dimensions());
        match modifier.parse::<u64>() {
            Ok(dimensions) if (1..=most).contains(&dimensions) => {}
            Ok(0) => {
                let message = format!("type `{name}` has at least 1 dimension");
                self.problem(Diagnostic::error(span, message));
            }
            Ok(dimensions) => {
                let message =
                    format!("type `{name}` has at most {most} dimensions, not {dimensions}");
                self.problem(Diagnostic::error(span, message));
            }
            Err(_) => {
                let message = format!("`{modifier}` is not a number of dimensions");
                self.error(span, message, format!("write it as `{name}(3)`"));
            }
        }
    }

    /// Reports a table that is not there; `false` in that case.
    pub(super) fn table_exists(&mut self, table: &QualifiedName, span: Span) -> bool {
        if self.scope.tables.contains_key(table) {
            return true;
        }
        let known: Vec<String> = self.scope.tables.keys().map(shown_plain).collect();
        let message = format!("there is no table {}", shown_name(table));
        let problem = Diagnostic::error(span, message);
        self.problem(problem.did_you_mean(&shown_plain(table), known.iter().map(String::as_str)));
        false
    }

    /// Reports a column that is not there.
    pub(super) fn unknown_column(&mut self, table: &QualifiedName, column: &Ident, span: Span) {
        let message = format!("table {} has no column `{}`", shown_name(table), column.as_str());
        let names = self.scope.column_names(table);
        let problem = Diagnostic::error(span, message);
        let guessed = problem.clone().did_you_mean(column.as_str(), names.iter().copied());
        let problem = if guessed.help.is_empty() && !names.is_empty() && names.len() <= 12 {
            problem.help(format!("its columns: {}", quoted(names)))
        } else {
            guessed
        };
        self.problem(problem);
    }
}

impl Scope {
    /// The type with its namespace; none where nobody knows it.
    pub(super) fn resolve(&self, parsed: &PgType) -> Option<PgType> {
        match &parsed.namespace {
            Some(namespace) => self.knows_in(namespace, &parsed.name).then(|| parsed.clone()),
            None => self.resolve_bare(parsed),
        }
    }

    /// The types that are declared here, but for the rows of tables.
    fn own_types(&self) -> impl Iterator<Item = &QualifiedName> {
        self.enums.keys().chain(self.types.keys())
    }

    /// The extension that brings a type, with its namespace, if it is declared.
    pub(super) fn extension_of_type(&self, name: &str) -> Option<&Ident> {
        self.extensions.get(&Ident::new(extensions::with_type(name)?.name))
    }

    /// Whether the type is one of the declared enums.
    pub(super) fn is_enum(&self, data_type: &PgType) -> bool {
        let namespace = data_type.namespace.clone().unwrap_or_else(Ident::public);
        let name = Ident::new(data_type.name.clone());
        self.enums.contains_key(&QualifiedName { namespace, name })
    }

    /// Whether all declared extensions are well known, so that what nobody knows is a mistake.
    pub(super) fn knows_all_extensions(&self) -> bool {
        self.extensions.keys().all(|it| extensions::known(it.as_str()).is_some())
    }

    fn resolve_bare(&self, parsed: &PgType) -> Option<PgType> {
        let declared = QualifiedName::new("public", Ident::new(parsed.name.clone()));
        let known = builtin_types::is_builtin(&parsed.name)
            || parsed.name.starts_with("interval ")
            || self.enums.contains_key(&declared)
            || self.types.contains_key(&declared)
            || self.tables.contains_key(&declared);
        if known {
            return Some(parsed.clone());
        }
        if let Some(namespace) = self.extension_of_type(&parsed.name) {
            let hidden = !matches!(namespace.as_str(), "public" | "pg_catalog");
            let namespace = hidden.then(|| namespace.clone());
            return Some(PgType { namespace, ..parsed.clone() });
        }
        let trusted = extensions::with_type(&parsed.name).is_none() && !self.knows_all_extensions();
        (trusted || self.has_multiranges).then(|| parsed.clone())
    }

    /// Whether a type can be in a namespace: for sure where its objects are declared, on trust where
    /// the namespace is not.
    fn knows_in(&self, namespace: &Ident, name: &str) -> bool {
        let declared = QualifiedName { namespace: namespace.clone(), name: Ident::new(name) };
        let known = self.enums.contains_key(&declared)
            || self.types.contains_key(&declared)
            || self.tables.contains_key(&declared);
        if known || self.has_multiranges {
            return true;
        }
        let home = self.extensions.iter().filter(|(_, it)| *it == namespace);
        let mut home = home.map(|(extension, _)| extensions::known(extension.as_str())).peekable();
        if home.peek().is_some() {
            return home.any(|it| it.is_none_or(|it| it.types.contains(&name)));
        }
        !self.namespaces.contains(namespace)
    }
}

/// A name as it is written in a type, which is SQL.
fn sql_name(name: &QualifiedName) -> String {
    name.to_string()
}

fn shown_plain(name: &QualifiedName) -> String {
    crate::schema_toml::names::write_qualified(name)
}
