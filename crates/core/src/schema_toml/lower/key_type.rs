//! Valid types for the keys of ordinary indexes.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::base_type::BaseType;
use crate::model::pg_type::PgType;
use crate::schema_toml::builtin_opclasses::{
    DefaultOpclass, default_opclass, enum_default_opclass,
};
use crate::schema_toml::builtin_types;
use crate::schema_toml::extensions;

/// Most bytes of an entry of a btree (a third of a page; `BTMaxItemSize` of version 4), and of those
/// the head of the entry and of the vector.
const BTREE_ENTRY: u64 = 2_704;
const BTREE_HEAD: u64 = 16;

/// What is talked about.
pub(super) struct Subject {
    /// The index or constraint: `` index `a` ``.
    pub(super) index: String,
    /// The key: `` column `a` ``.
    pub(super) key: String,
    /// Its place.
    pub(super) span: Span,
}

/// A vector with so many dimensions that no row fits a btree; PostgreSQL notices at the first
/// INSERT only.
pub(super) fn btree_problem(subject: &Subject, data_type: &PgType) -> Option<Diagnostic> {
    // Others are stored as short as their values allow.
    let bytes = data_type.vector_type()?.element_bytes()?;
    let most = (BTREE_ENTRY - BTREE_HEAD) / bytes;
    let dimensions = data_type.length().filter(|it| *it > most)?;
    let message = format!(
        "{} is a btree, which is limited to {most} dimensions of `{}`, but {} has {dimensions}",
        subject.index, data_type.name, subject.key
    );
    let problem = Diagnostic::error(subject.span, message);
    Some(problem.help("for a search by distance, use `method = \"hnsw\"` with a metric"))
}

impl Lowering<'_> {
    /// A type that surely has no default operator class in an access method.
    pub(super) fn no_default_opclass(
        &self,
        subject: &Subject,
        method: &str,
        data_type: &PgType,
    ) -> Option<Diagnostic> {
        if self.scope.extension_of_type(&data_type.name).is_some() && !data_type.array {
            return vector_problem(subject, method, data_type);
        }
        if self.default_opclass(method, data_type)? != DefaultOpclass::Missing {
            return None;
        }
        let adds = |name: &str| extensions::known(name).is_none_or(|it| it.adds_defaults);
        if self.scope.extensions.keys().any(|it| adds(it.as_str())) {
            return None;
        }
        let message = format!(
            "{} has no operator class for {} of type `{data_type}`: `{method}` has no default",
            subject.index, subject.key
        );
        let problem = Diagnostic::error(subject.span, message);
        Some(match remedy(method, data_type) {
            Some(help) => problem.help(help),
            None => problem,
        })
    }

    /// The default operator class, where it is known whether there is one.
    pub(super) fn default_opclass(
        &self,
        method: &str,
        data_type: &PgType,
    ) -> Option<DefaultOpclass> {
        if !matches!(method, "btree" | "hash" | "gist" | "spgist" | "gin" | "brin") {
            return None;
        }
        if data_type.array {
            return Some(default_opclass(method, data_type));
        }
        if self.scope.is_enum(data_type) {
            return Some(enum_default_opclass(method));
        }
        let own = data_type.namespace.is_none() && builtin_types::is_builtin(&data_type.name);
        own.then(|| default_opclass(method, data_type))
    }
}

/// pgvector's types are in btrees and in its own access methods only.
fn vector_problem(subject: &Subject, method: &str, data_type: &PgType) -> Option<Diagnostic> {
    let vector = data_type.vector_type()?;
    if !matches!(method, "hash" | "gist" | "spgist" | "gin" | "brin") {
        return None;
    }
    let message = format!(
        "{} cannot be a `{method}`: {} is of type `{}`",
        subject.index,
        subject.key,
        vector.name()
    );
    let help = "use `hnsw` or `ivfflat` for a search by distance, `btree` for equality";
    Some(Diagnostic::error(subject.span, message).help(help))
}

fn remedy(method: &str, data_type: &PgType) -> Option<String> {
    match (method, data_type.base()) {
        (_, Some(BaseType::Json)) => Some("use `jsonb`, or an expression".to_owned()),
        ("gin" | "gist", Some(it)) if it.is_text() && it != BaseType::Bpchar => Some(format!(
            "use `opclass = \"{method}_trgm_ops\"` of the extension `pg_trgm`, or an expression such \
             as `to_tsvector('english', …)`"
        )),
        ("gin" | "gist", _) => Some(format!("the extension `btree_{method}` provides one")),
        _ => None,
    }
}
