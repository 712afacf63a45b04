//! Indexes.

use super::expression::{self, Shape};
use super::key_type::Subject;
use super::table::Draft;
use super::{Lowering, key_type, quoted};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use crate::model::object::ObjectKind;
use crate::model::options::Options;
use crate::model::parameters::ParameterTarget;
use crate::model::pg_type::PgType;
use crate::model::pgvector::{self, VectorMethod};
use crate::schema_toml::builtin_opclasses::DefaultOpclass;
use crate::schema_toml::syntax::{At, IndexKeySyntax, IndexSyntax, KeyText, Name, OpclassSyntax};
use crate::schema_toml::{extensions, names};

/// What an access method can do (`pg_indexam_has_property`).
struct Method {
    name: &'static str,
    several_columns: bool,
    unique: bool,
    include: bool,
    order: bool,
    cluster: bool,
}

const fn method(name: &'static str) -> Method {
    Method {
        name,
        several_columns: false,
        unique: false,
        include: false,
        order: false,
        cluster: false,
    }
}

/// The access methods of the server and of pgvector.
const METHODS: &[Method] = &[
    Method {
        several_columns: true,
        unique: true,
        include: true,
        order: true,
        cluster: true,
        ..method("btree")
    },
    method("hash"),
    Method { several_columns: true, include: true, cluster: true, ..method("gist") },
    Method { include: true, ..method("spgist") },
    Method { several_columns: true, ..method("gin") },
    Method { several_columns: true, ..method("brin") },
    method(VectorMethod::Hnsw.name()),
    method(VectorMethod::Ivfflat.name()),
];

impl Lowering<'_> {
    /// The indexes of a table.
    pub(super) fn indexes(&mut self, draft: &Draft<'_>) {
        draft.syntax.indexes.iter().for_each(|it| self.index(draft, it));
    }

    pub(super) fn index(&mut self, draft: &Draft<'_>, syntax: &IndexSyntax) {
        let Ok(name) = names::ident(&syntax.name.value) else { return };
        let method = syntax.method.as_ref().map_or("btree", |it| it.value.as_str());
        let known = self.method(syntax, method);
        if let Some(known) = known {
            self.abilities(syntax, known);
        }
        let keys = syntax.keys.iter().filter_map(|it| self.index_key(draft, syntax, method, it));
        let keys = keys.collect();
        let include = self.key_columns(&draft.name, &syntax.include);
        let predicate = syntax.predicate.as_ref().map(|it| self.expression(it));
        let options = self.options(&syntax.options, ParameterTarget::Index(method));
        let id = draft.child(ObjectKind::Index, &name);
        if let Some(hints) = self.index_hints(syntax, method) {
            self.code.indexes.insert(id.clone(), hints);
        }
        self.rename_ident(id, syntax.renamed_from.as_ref());
        let index = Index {
            method: Ident::new(method),
            unique: syntax.unique.is_some(),
            nulls_not_distinct: syntax.nulls_not_distinct.is_some(),
            valid: !syntax.only,
            include,
            predicate,
            options,
            clustered: syntax.clustered.is_some(),
            comment: syntax.comment.clone(),
            ..Index::new(draft.name.clone(), name, keys)
        };
        self.insert(index, syntax.name.span);
    }

    /// What is known of the access method; a diagnostic where there is none of that name.
    fn method(&mut self, syntax: &IndexSyntax, name: &str) -> Option<&'static Method> {
        let known = METHODS.iter().find(|it| it.name == name);
        let Some(At { span, .. }) = syntax.method else { return known };
        if self.scope.access_methods.contains(&Ident::new(name)) {
            return known;
        }
        // An extension of which nothing is known may bring any.
        let elsewhere =
            extensions::known_for_method(name).filter(|_| self.scope.knows_all_extensions());
        if let Some(extension) = extensions::with_method(name).or(elsewhere) {
            if !self.scope.extensions.contains_key(&Ident::new(extension)) {
                let message =
                    format!("access method `{name}` belongs to the extension `{extension}`");
                let help =
                    format!("declare the extension: `[extensions]` with `{extension} = \"*\"`");
                self.error(span, message, help);
            }
        } else if known.is_none() && self.scope.knows_all_extensions() {
            let problem = Diagnostic::error(span, format!("unknown access method `{name}`"));
            let names = METHODS.iter().map(|it| it.name);
            let problem = problem.did_you_mean(name, names.clone());
            self.problem(problem.help(format!("one of: {}", quoted(names))));
        }
        known
    }

    /// What the access method cannot do.
    fn abilities(&mut self, syntax: &IndexSyntax, method: &Method) {
        let first = |allowed: bool, place: Option<Span>| place.filter(|_| !allowed);
        let second = syntax.keys.get(1).map(|it| it.value.text().span);
        let include = syntax.include.first().map(|it| it.span);
        let order = syntax.keys.iter().find_map(|it| it.descending.as_ref()).map(|it| it.span);
        let nulls = syntax.keys.iter().find_map(|it| it.nulls_first.as_ref()).map(|it| it.span);
        let refused = [
            (
                first(method.several_columns, second),
                "several columns",
                "declare one index for each",
            ),
            (first(method.unique, syntax.unique), "`unique`", "use `method = \"btree\"`"),
            (first(method.include, include), "`include`", "remove it"),
            (first(method.order, order), "`order`", "remove it"),
            (first(method.order, nulls), "`nulls`", "remove it"),
            (first(method.cluster, syntax.clustered), "`clustered`", "use `method = \"btree\"`"),
        ];
        for (place, what, help) in refused {
            if let Some(place) = place {
                let message = format!(
                    "index `{}`: access method `{}` does not support {what}",
                    syntax.name.value, method.name
                );
                self.error(place, message, help);
            }
        }
    }

    fn index_key(
        &mut self,
        draft: &Draft<'_>,
        index: &IndexSyntax,
        method: &str,
        syntax: &IndexKeySyntax,
    ) -> Option<IndexKey> {
        let (value, data_type) = self.key_value(&draft.name, syntax)?;
        let opclass = if let Some(method) = VectorMethod::named(method) {
            self.vector_opclass(draft, index, method, syntax, data_type)
        } else {
            self.ordinary_opclass(index, method, syntax, data_type.as_ref())
        };
        let descending = syntax.descending.as_ref().is_some_and(|it| it.value);
        let nulls_first = syntax.nulls_first.as_ref().map_or(descending, |it| it.value);
        let collation = syntax.collation.as_ref().and_then(|it| self.collation(it));
        Some(IndexKey { value, opclass, collation, descending, nulls_first })
    }

    /// What is indexed, and its type where that is known.
    fn key_value(
        &mut self,
        table: &QualifiedName,
        syntax: &IndexKeySyntax,
    ) -> Option<(IndexValue, Option<PgType>)> {
        match &syntax.value {
            KeyText::Column(name) => {
                let column = Ident::new(name.as_str());
                let Some(known) = self.scope.column(table, &column) else {
                    if !self.scope.knows_columns(table) {
                        return Some((IndexValue::Column(column), None));
                    }
                    self.unknown_key(table, name);
                    return None;
                };
                let data_type = known.data_type.clone();
                Some((IndexValue::Column(column), data_type))
            }
            KeyText::Expression(text) => {
                let data_type = self.expression_type(table, text.as_str());
                Some((IndexValue::Expression(self.expression(text)), data_type))
            }
        }
    }

    /// A key that is no column may be an expression in the wrong place.
    fn unknown_key(&mut self, table: &QualifiedName, name: &Name) {
        let text = name.as_str();
        if text.contains(['(', ':', '|', '+', '>']) || text.trim().contains(' ') {
            let message = format!("`{text}` is an expression, not a column");
            let help = format!("write `{{ expression = \"{text}\" }}`");
            return self.error(name.span, message, help);
        }
        self.unknown_column(table, &Ident::new(text), name.span);
    }

    /// The type of an expression: that of a cast, or of a column.
    pub(super) fn expression_type(&self, table: &QualifiedName, text: &str) -> Option<PgType> {
        match expression::shape(text) {
            Shape::Cast(_, data_type) => self.scope.resolve(&data_type),
            Shape::Name(name) => self.scope.column(table, &Ident::new(name))?.data_type.clone(),
            Shape::Call(..) | Shape::Other => None,
        }
    }

    /// The operator class of a key, unless it is the default.
    fn ordinary_opclass(
        &mut self,
        index: &IndexSyntax,
        method: &str,
        syntax: &IndexKeySyntax,
        data_type: Option<&PgType>,
    ) -> Option<OperatorClass> {
        let subject = subject(index, syntax);
        if method == "btree"
            && let Some(problem) = data_type.and_then(|it| key_type::btree_problem(&subject, it))
        {
            self.problem(problem);
        }
        let written = match &syntax.opclass {
            None => {
                let missing =
                    data_type.and_then(|it| self.no_default_opclass(&subject, method, it));
                self.problems.extend(missing);
                return self.parameters_alone(method, syntax, data_type);
            }
            Some(OpclassSyntax::Metric(metric)) => {
                let message =
                    format!("index `{}` is a `{method}`, which has no metrics", index.name.value);
                let help = "metrics are only for `method = \"hnsw\"` and `method = \"ivfflat\"`";
                self.error(metric.span, message, help);
                return None;
            }
            Some(OpclassSyntax::Opclass(written)) => written,
        };
        // An access method of which nothing is known may have operator classes of any name.
        if METHODS.iter().any(|it| it.name == method) {
            self.opclass_of_extension(written, method, index);
        }
        let class = self.operator_class(written, syntax)?;
        let default = data_type.and_then(|it| self.own_default(method, it));
        let is_default = default == Some(class.name.as_str());
        let plain = class.namespace.is_none()
            || data_type.is_some_and(|it| it.namespace == class.namespace);
        (!(is_default && plain && class.parameters.is_empty())).then_some(class)
    }

    /// Parameters without the name of an operator class belong to the default one.
    fn parameters_alone(
        &mut self,
        method: &str,
        syntax: &IndexKeySyntax,
        data_type: Option<&PgType>,
    ) -> Option<OperatorClass> {
        let (first, _) = syntax.opclass_params.first()?;
        let default = data_type.and_then(|it| self.own_default(method, it));
        if default.is_none() {
            let message = "parameters need the name of the operator class";
            self.error(first.span, message, "add `opclass = \"…\"`");
        }
        let name = default?;
        let parameters = parameters(syntax);
        let namespace = data_type.and_then(|it| it.namespace.clone());
        Some(OperatorClass { namespace, name: Ident::new(name), parameters })
    }

    /// The default operator class of a type, where it is known.
    fn own_default(&self, method: &str, data_type: &PgType) -> Option<&'static str> {
        let vector = data_type.vector_type();
        if let (Some(vector), "btree") = (vector, method) {
            return Some(pgvector::btree_opclass(vector));
        }
        match self.default_opclass(method, data_type)? {
            DefaultOpclass::Is(name) => Some(name),
            DefaultOpclass::Missing => None,
        }
    }

    /// Operator classes of pgvector and of other extensions: in the right place, and declared.
    fn opclass_of_extension(&mut self, written: &Name, method: &str, index: &IndexSyntax) {
        let name = written.value.rsplit('.').next().unwrap_or_default();
        if let Some(vector) = pgvector::opclasses_named(name).next() {
            let right = vector.method.name();
            let message = format!(
                "index `{}` is a `{method}`, but `{name}` is an operator class of `{right}`",
                index.name.value
            );
            let span = index.method.as_ref().map_or(written.span, |it| it.span);
            let help = format!("write `method = \"{right}\"`");
            let problem = Diagnostic::error(written.span, message).help(help);
            let apart = span != written.span;
            self.problem(if apart { problem.also(span, "the access method") } else { problem });
        } else if let Some(extension) = extensions::of_opclass(name)
            && !self.scope.extensions.contains_key(&Ident::new(extension))
        {
            let message = format!("operator class `{name}` belongs to the extension `{extension}`");
            let help = format!("declare the extension: `[extensions]` with `{extension} = \"*\"`");
            self.error(written.span, message, help);
        }
    }

    /// The operator class that is written, in the namespace of the extension that brings it.
    pub(super) fn operator_class(
        &mut self,
        written: &Name,
        syntax: &IndexKeySyntax,
    ) -> Option<OperatorClass> {
        let qualified = self.qualified(written)?;
        let bare = names::parts(&written.value, 2).is_ok_and(|it| it.len() == 1);
        let name = qualified.name.as_str();
        let home = if bare { self.opclass_namespace(name) } else { Some(qualified.namespace) };
        let namespace = home.filter(|it| !matches!(it.as_str(), "public" | "pg_catalog"));
        let parameters = parameters(syntax);
        Some(OperatorClass { namespace, name: qualified.name, parameters })
    }

    /// Where the extension lives that brings an operator class.
    pub(super) fn opclass_namespace(&self, name: &str) -> Option<Ident> {
        self.scope.extensions.get(&Ident::new(extensions::of_opclass(name)?)).cloned()
    }
}

/// The parameters of an operator class.
fn parameters(syntax: &IndexKeySyntax) -> Options {
    let pairs = syntax.opclass_params.iter();
    pairs.map(|(name, value)| (name.value.clone(), value.value.clone())).collect()
}

/// An index and its key, for messages.
pub(super) fn subject(index: &IndexSyntax, key: &IndexKeySyntax) -> Subject {
    let At { value, span } = key.value.text();
    let key = match &key.value {
        KeyText::Column(_) => format!("column `{value}`"),
        KeyText::Expression(_) => format!("the expression `{value}`"),
    };
    Subject { index: format!("index `{}`", index.name.value), key, span: *span }
}
