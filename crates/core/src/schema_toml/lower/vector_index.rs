//! pgvector's requirements for HNSW and IVFFlat indexes and for vector columns, some of which
//! PostgreSQL reports only when rows are inserted (pgvector README, "Indexing").

use super::expression::{self, Shape};
use super::index::subject;
use super::key_type::Subject;
use super::table::Draft;
use super::{Lowering, quoted};
use crate::diagnostic::Diagnostic;
use crate::model::base_type::BaseType;
use crate::model::column::Column;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::index::OperatorClass;
use crate::model::options::Options;
use crate::model::pg_type::PgType;
use crate::model::pgvector::{
    Metric, VectorMethod, VectorOpclass, VectorType, opclasses, opclasses_named,
};
use crate::schema_toml::syntax::{IndexKeySyntax, IndexSyntax, KeyText, Name, OpclassSyntax};

impl Lowering<'_> {
    /// The operator class of a key of HNSW or IVFFlat; none for the default of IVFFlat.
    pub(super) fn vector_opclass(
        &mut self,
        draft: &Draft<'_>,
        index: &IndexSyntax,
        method: VectorMethod,
        syntax: &IndexKeySyntax,
        data_type: Option<PgType>,
    ) -> Option<OperatorClass> {
        let subject = subject(index, syntax);
        if let Some((first, _)) = syntax.opclass_params.first() {
            let message = format!("operator classes of `{}` have no parameters", method.name());
            self.problem(Diagnostic::error(first.span, message));
        }
        self.cast_of_other_dimensions(&draft.name, syntax, &subject);
        let Some(data_type) = data_type else {
            return self.opclass_of_unknown(draft, syntax, &subject);
        };
        let Some(accepts) = self.indexable(&data_type, method, syntax, &subject) else {
            return self.written_opclass(syntax);
        };
        self.indexed_dimensions(accepts, &data_type, method, syntax, &subject);
        let class = self.choose(accepts, &data_type, method, syntax, &subject)?;
        if data_type.length() == Some(1)
            && method == VectorMethod::Ivfflat
            && class.metric.is_of_directions()
        {
            let message = format!(
                "{}: `ivfflat` by `{}` needs more than one dimension",
                subject.index,
                class.metric.word()
            );
            self.error(subject.span, message, "use the metric `l2`, or `method = \"hnsw\"`");
        }
        let namespace = self.opclass_namespace(class.name);
        let namespace = namespace.filter(|it| !matches!(it.as_str(), "public" | "pg_catalog"));
        let name = Ident::new(class.name);
        let parameters = Options::default();
        (!class.is_default()).then_some(OperatorClass { namespace, name, parameters })
    }

    /// A key of a type that nobody knows: an expression that is no cast, or a domain.
    fn opclass_of_unknown(
        &mut self,
        draft: &Draft<'_>,
        syntax: &IndexKeySyntax,
        subject: &Subject,
    ) -> Option<OperatorClass> {
        if let KeyText::Expression(text) = &syntax.value
            && let Shape::Call(function, _) = expression::shape(&text.value)
            && matches!(function.as_str(), "binary_quantize" | "subvector" | "l2_normalize")
        {
            let target =
                if function == "binary_quantize" { VectorType::Bit } else { VectorType::Vector };
            let target = target.name();
            let dimensions = self.expression_dimensions(&draft.name, &text.value);
            let dimensions = dimensions.map_or_else(|| "n".to_owned(), |it| it.to_string());
            let message = format!(
                "{}: the result of `{function}` has no dimensions, but the index needs them",
                subject.index
            );
            let help = format!("write `{}::{target}({dimensions})`", text.value);
            self.error(subject.span, message, help);
        } else if let Some(OpclassSyntax::Metric(metric)) = &syntax.opclass
            && (matches!(&syntax.value, KeyText::Expression(_))
                || !self.scope.knows_columns(&draft.name))
        {
            let message = format!("{}: the type of the key is unknown", subject.index);
            let help = "end the expression with a cast, as in `::halfvec(1536)`, or give the \
                        operator class: `opclass = \"…\"`";
            self.error(metric.span, message, help);
        }
        self.written_opclass(syntax)
    }

    /// The operator class by its name, taken as it is.
    fn written_opclass(&mut self, syntax: &IndexKeySyntax) -> Option<OperatorClass> {
        match &syntax.opclass {
            Some(OpclassSyntax::Opclass(written)) => self.operator_class(written, syntax),
            Some(OpclassSyntax::Metric(_)) | None => None,
        }
    }

    /// The vector type of a key; a diagnostic where the access method does not take it.
    fn indexable(
        &mut self,
        data_type: &PgType,
        method: VectorMethod,
        syntax: &IndexKeySyntax,
        subject: &Subject,
    ) -> Option<VectorType> {
        let text = &syntax.value.text().value;
        let Subject { index, key, span } = subject;
        let help = match (data_type.vector_type(), data_type.base()) {
            (Some(vector), _) if opclasses(method, vector).next().is_none() => {
                "use `method = \"hnsw\"`".to_owned()
            }
            (Some(vector), _) => return Some(vector),
            (None, Some(BaseType::Varbit)) => "give the column the type `bit(n)`".to_owned(),
            (None, Some(it)) if data_type.array && has_vector_cast(it) => format!(
                "index the expression `{text}::vector(n)`, or change the column to `vector(n)`"
            ),
            (None, _) => {
                let types = VectorType::ALL.into_iter();
                let types = types.filter(|it| opclasses(method, *it).next().is_some());
                let types = quoted(types.map(VectorType::name));
                let (others, last) = types.rsplit_once(", ").expect("several types");
                format!("`{}` indexes {others} and {last}", method.name())
            }
        };
        let method = method.name();
        let message = format!("{index}: `{method}` cannot index {key} of type `{data_type}`");
        self.error(*span, message, help);
        None
    }

    /// An index needs dimensions, and not too many of them.
    fn indexed_dimensions(
        &mut self,
        accepts: VectorType,
        data_type: &PgType,
        method: VectorMethod,
        syntax: &IndexKeySyntax,
        subject: &Subject,
    ) {
        let (name, method) = (accepts.name(), method.name());
        let Subject { index, key, span } = subject;
        let Some(dimensions) = data_type.length() else {
            if data_type.modifier.is_none() {
                let message =
                    format!("{index}: {key} has no dimensions, but `{method}` needs them");
                let help = match &syntax.value {
                    KeyText::Column(column) => format!(
                        "give the column dimensions, as in `{name}(1536)`, or index the expression \
                         `{}::{name}(1536)`",
                        column.value
                    ),
                    KeyText::Expression(_) => format!("cast to dimensions: `::{name}(1536)`"),
                };
                self.error(*span, message, help);
            }
            return;
        };
        let Some(most) = accepts.max_indexed_dimensions().filter(|it| dimensions > *it) else {
            return;
        };
        let message = format!(
            "{index}: `{method}` indexes at most {most} dimensions of `{name}`, but {key} has \
             {dimensions}"
        );
        let help = smaller(accepts, dimensions, syntax);
        self.error(*span, message, help);
    }

    /// The operator class by metric or by name.
    fn choose(
        &mut self,
        accepts: VectorType,
        data_type: &PgType,
        method: VectorMethod,
        syntax: &IndexKeySyntax,
        subject: &Subject,
    ) -> Option<&'static VectorOpclass> {
        match &syntax.opclass {
            None => self.default_vector_opclass(accepts, method, subject),
            Some(OpclassSyntax::Metric(metric)) => self.by_metric(accepts, method, metric, subject),
            Some(OpclassSyntax::Opclass(name)) => {
                self.by_name(accepts, data_type, method, name, subject)
            }
        }
    }

    fn default_vector_opclass(
        &mut self,
        accepts: VectorType,
        method: VectorMethod,
        subject: &Subject,
    ) -> Option<&'static VectorOpclass> {
        let default = opclasses(method, accepts).find(|it| it.is_default());
        if default.is_none() {
            let metrics = quoted(opclasses(method, accepts).map(|it| it.metric.word()));
            let message = format!(
                "{} has no metric, and `{}` has no default for `{}`",
                subject.index,
                method.name(),
                accepts.name()
            );
            let help = format!(
                "write `columns = [{{ name = \"…\", metric = \"…\" }}]` with one of: {metrics}"
            );
            self.error(subject.span, message, help);
        }
        default
    }

    fn by_metric(
        &mut self,
        accepts: VectorType,
        method: VectorMethod,
        metric: &Name,
        subject: &Subject,
    ) -> Option<&'static VectorOpclass> {
        let word = metric.as_str();
        let known = Metric::named(word);
        let has = |method| opclasses(method, accepts).find(|it| Some(it.metric) == known);
        let found = has(method);
        if found.is_some() {
            return found;
        }
        let here: Vec<&str> = opclasses(method, accepts).map(|it| it.metric.word()).collect();
        let message = if known.is_some() {
            let (index, method, accepts) = (&subject.index, method.name(), accepts.name());
            format!("{index}: `{method}` has no metric `{word}` for `{accepts}`")
        } else {
            format!("unknown metric `{word}`")
        };
        let mut problem = Diagnostic::error(metric.span, message);
        if let Some(meant) = Metric::meant_by(word) {
            problem = problem.help(format!("here it is named `{}`", meant.word()));
        } else if known.is_none() {
            problem = problem.did_you_mean(word, here.iter().copied());
        }
        if has(VectorMethod::Hnsw).is_some() {
            problem = problem.help("`hnsw` supports it");
        }
        self.problem(problem.help(format!("one of: {}", quoted(here))));
        None
    }

    fn by_name(
        &mut self,
        accepts: VectorType,
        data_type: &PgType,
        method: VectorMethod,
        written: &Name,
        subject: &Subject,
    ) -> Option<&'static VectorOpclass> {
        let qualified = self.qualified(written)?;
        let name = qualified.name.as_str();
        let found = opclasses(method, accepts).find(|it| it.name == name);
        if found.is_some() {
            return found;
        }
        let here: Vec<&str> = opclasses(method, accepts).map(|it| it.name).collect();
        let Some(other) = opclasses_named(name).next() else {
            let message = format!("`{}` has no operator class `{name}`", method.name());
            let problem = Diagnostic::error(written.span, message);
            let problem = problem.did_you_mean(name, here.iter().copied());
            self.problem(problem.help(format!("one of: {}", quoted(here))));
            return None;
        };
        let problem = if other.accepts == accepts {
            let message = format!("operator class `{name}` does not exist for `{}`", method.name());
            Diagnostic::error(written.span, message).help(format!(
                "use `method = \"{}\"`, or one of: {}",
                other.method.name(),
                quoted(here)
            ))
        } else {
            let message =
                format!("{} uses `{name}`, but {} is `{data_type}`", subject.index, subject.key);
            let label = format!("operator class for `{}`", other.accepts.name());
            let same = opclasses(method, accepts).find(|it| it.metric == other.metric);
            let help = match same {
                Some(same) => format!("use `{}`", same.name),
                None => format!("one of: {}", quoted(here)),
            };
            Diagnostic::error(written.span, message).label(label).help(help)
        };
        self.problem(problem);
        None
    }

    /// A cast to other dimensions is noticed by PostgreSQL when a row comes; one of bits never, they
    /// are cut or padded in silence.
    fn cast_of_other_dimensions(
        &mut self,
        table: &QualifiedName,
        syntax: &IndexKeySyntax,
        subject: &Subject,
    ) {
        let KeyText::Expression(text) = &syntax.value else { return };
        let Shape::Cast(inner, data_type) = expression::shape(&text.value) else { return };
        let Some(to) = data_type.vector_type().and(data_type.length()) else { return };
        let Some(from) = self.expression_dimensions(table, inner) else { return };
        if from != to {
            let message = format!(
                "{}: `{inner}` has {from} dimensions, but is cast to `{data_type}`",
                subject.index
            );
            let right = PgType { modifier: Some(from.to_string()), ..data_type };
            self.error(text.span, message, format!("cast to `{right}`"));
        }
    }

    fn expression_dimensions(&self, table: &QualifiedName, text: &str) -> Option<u64> {
        let column = |name: &str| {
            let data_type = self.scope.column(table, &Ident::new(name))?.data_type.as_ref()?;
            data_type.vector_type().and(data_type.length())
        };
        expression::dimensions(text, &column)
    }
}

/// Whether pgvector casts arrays of a type to vectors (README, "Reference").
fn has_vector_cast(element: BaseType) -> bool {
    matches!(
        element,
        BaseType::Real | BaseType::DoublePrecision | BaseType::Integer | BaseType::Numeric
    )
}

/// How to index what has too many dimensions.
fn smaller(accepts: VectorType, dimensions: u64, syntax: &IndexKeySyntax) -> String {
    let text = &syntax.value.text().value;
    let limit = |it: VectorType| it.max_indexed_dimensions().unwrap_or(u64::MAX);
    if accepts == VectorType::Vector && dimensions <= limit(VectorType::Halfvec) {
        let inner = match &syntax.value {
            KeyText::Column(_) => text.clone(),
            KeyText::Expression(_) => format!("({text})"),
        };
        let metric = match &syntax.opclass {
            Some(OpclassSyntax::Metric(metric)) => metric.as_str(),
            Some(OpclassSyntax::Opclass(_)) | None => "l2",
        };
        return format!(
            "to index it with half precision: `{{ expression = \"{inner}::halfvec({dimensions})\", \
             metric = \"{metric}\" }}`"
        );
    }
    if accepts == VectorType::Bit {
        let most = limit(VectorType::Bit);
        return format!("to index the first bits: `substring({text}, 1, {most})::bit({most})`");
    }
    format!(
        "to index the signs only: `{{ expression = \"binary_quantize({text})::bit({dimensions})\", \
         metric = \"hamming\" }}`"
    )
}

/// A default that is a literal of other dimensions than its column; PostgreSQL takes it, and every
/// INSERT that uses it fails.
pub(super) fn default_problem(column: &Column, default: &Name) -> Option<Diagnostic> {
    let vector = column.data_type.vector_type()?;
    let declared = column.data_type.length()?;
    let written = literal_dimensions(vector, &default.value)?;
    if written == declared {
        return None;
    }
    let message = format!(
        "the default of column `{}` has {written} dimensions, but the column is `{}`",
        column.name.as_str(),
        column.data_type
    );
    Some(Diagnostic::error(default.span, message))
}

/// The dimensions of a literal such as `'[1,2,3]'`, `'{1:1}/5'` or `B'101'`, with or without a cast.
fn literal_dimensions(vector: VectorType, text: &str) -> Option<u64> {
    let text = match expression::shape(text) {
        Shape::Cast(inner, _) => inner.trim(),
        _ => text.trim(),
    };
    let bits = text.strip_prefix(['B', 'b']).filter(|_| vector == VectorType::Bit);
    let literal = bits.unwrap_or(text).strip_prefix('\'')?.strip_suffix('\'')?.trim();
    match vector {
        VectorType::Vector | VectorType::Halfvec => {
            let elements = literal.strip_prefix('[')?.strip_suffix(']')?;
            Some(elements.split(',').count() as u64)
        }
        VectorType::Sparsevec => literal.rsplit_once('/')?.1.trim().parse().ok(),
        VectorType::Bit => {
            literal.bytes().all(|it| matches!(it, b'0' | b'1')).then_some(literal.len() as u64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(vector: VectorType, text: &str, expected: Option<u64>) {
        assert_eq!(literal_dimensions(vector, text), expected);
    }

    #[test]
    fn literals_are_counted() {
        check(VectorType::Vector, "'[1,2,3]'", Some(3));
        check(VectorType::Vector, "'[1, 2]'::vector", Some(2));
        check(VectorType::Halfvec, "('[1]'::halfvec(1))", Some(1));
        check(VectorType::Sparsevec, "'{1:1,3:2}/5'", Some(5));
        check(VectorType::Bit, "B'101'", Some(3));
        check(VectorType::Bit, "'10'::bit(2)", Some(2));
        check(VectorType::Vector, "array_fill(0, ARRAY[3])::vector", None);
        check(VectorType::Bit, "'x'", None);
    }
}
