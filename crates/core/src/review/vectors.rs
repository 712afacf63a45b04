//! What the keys of vector indexes are made of.

use super::context::Context;
use super::index_text;
use super::surroundings::memory_setting;
use crate::model::Schema;
use crate::model::column::Column;
use crate::model::index::{Index, IndexKey, IndexValue};
use crate::model::pg_type::PgType;
use crate::model::pgvector::{M, VectorMethod, VectorType};
use crate::sql_text::Token;

/// An index of pgvector that a statement creates.
pub(super) struct VectorIndex {
    pub(super) index: Index,
    pub(super) method: VectorMethod,
}

/// The vector index that a statement creates, or tries to.
pub(super) fn created(context: &Context<'_>) -> Option<VectorIndex> {
    let index = index_text::created(context)?;
    let method = index.vector_method()?;
    Some(VectorIndex { index, method })
}

impl VectorIndex {
    /// Its key; it can have only one.
    pub(super) fn key(&self) -> Option<&IndexKey> {
        self.index.keys.first()
    }

    /// The type of its key, where it is told.
    pub(super) fn key_type(&self, schema: &Schema) -> Option<PgType> {
        key_type(&self.index, self.key()?, schema)
    }

    /// Its operator class by name.
    pub(super) fn opclass(&self) -> Option<&str> {
        self.key()?.opclass.as_ref().map(|it| it.name.as_str())
    }

    /// The memory that a row takes while a graph is built: its value, `32 * m`, and about 205 bytes, as
    /// measured with pgvector 0.8.5. None of IVFFlat, and of types whose values are of no fixed size.
    pub(super) fn bytes_per_row(&self, schema: &Schema) -> Option<u64> {
        let links = u64::try_from(self.parameter(M.name, M.default)).ok()?.checked_mul(32)?;
        match self.method {
            VectorMethod::Hnsw => self.value_bytes(schema)?.checked_add(links)?.checked_add(205),
            VectorMethod::Ivfflat => None,
        }
    }

    /// The bytes of a value of its key. None of types whose values are of no fixed size.
    pub(super) fn value_bytes(&self, schema: &Schema) -> Option<u64> {
        let (vector_type, dimensions) = dimensions(&self.key_type(schema)?)?;
        match vector_type {
            VectorType::Bit => Some(dimensions?.div_ceil(8)),
            VectorType::Vector | VectorType::Halfvec | VectorType::Sparsevec => {
                dimensions?.checked_mul(vector_type.element_bytes()?)
            }
        }
    }

    /// A parameter, or its default.
    pub(super) fn parameter(&self, name: &str, default: i64) -> i64 {
        self.index.options.get(name).and_then(|it| it.parse().ok()).unwrap_or(default)
    }
}

/// The type of an index key: that of the column, or the one that the expression is cast to at its end.
pub(super) fn key_type(index: &Index, key: &IndexKey, schema: &Schema) -> Option<PgType> {
    match &key.value {
        IndexValue::Column(name) => schema.column(&index.table, name).map(|it| it.data_type),
        IndexValue::Expression(text) => cast_type(text.as_str()),
    }
}

/// The type that an expression is cast to at its end: `halfvec(3)` of `(v)::halfvec(3)`.
pub(super) fn cast_type(text: &str) -> Option<PgType> {
    let text = unwrapped(text.trim());
    let (_, last) = text.rsplit_once("::")?;
    PgType::parse(last).ok()
}

/// What is cast there, without its parentheses: `v` of `(v)::halfvec(3)`.
pub(super) fn cast_operand(text: &str) -> Option<&str> {
    let (operand, _) = unwrapped(text.trim()).rsplit_once("::")?;
    Some(unwrapped(operand.trim()))
}

/// A text without the parentheses around the whole of it.
fn unwrapped(mut text: &str) -> &str {
    while let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        if !is_balanced(inner) {
            break;
        }
        text = inner.trim();
    }
    text
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    for it in text.chars() {
        depth += i64::from(it == '(') - i64::from(it == ')');
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The column that an index key is made of: itself, or the operand of the cast and its function.
pub(super) fn key_column(index: &Index, key: &IndexKey, schema: &Schema) -> Option<Column> {
    let name = match &key.value {
        IndexValue::Column(name) => return schema.column(&index.table, name),
        IndexValue::Expression(text) => text.as_str(),
    };
    let operand = cast_operand(name).unwrap_or(name);
    let argument = operand.rsplit_once('(').map_or(operand, |it| it.1);
    let argument = argument.split([',', ')']).next().unwrap_or_default();
    let wanted = argument.trim().trim_matches('"');
    let name = schema.column_names(&index.table).into_iter().find(|it| it.as_str() == wanted)?;
    schema.column(&index.table, &name)
}

/// The pgvector type of a column, and its dimensions.
pub(super) fn dimensions(data_type: &PgType) -> Option<(VectorType, Option<u64>)> {
    data_type.vector_type().map(|it| (it, data_type.length()))
}

/// Whether values of a type can be a vector: one of pgvector's own, `bit` aside.
pub(super) fn is_embedding(data_type: &PgType) -> bool {
    data_type.vector_type().is_some_and(|it| it != VectorType::Bit)
}

/// The indexes of pgvector on a column, in a schema.
pub(super) fn indexes_on<'a>(schema: &'a Schema, column: &Column) -> Vec<&'a Index> {
    let indexes = schema.indexes(&column.table).filter(|it| it.is_vector());
    let uses = |it: &&Index| {
        it.keys
            .iter()
            .any(|key| key_column(it, key, schema).is_some_and(|found| found.name == column.name))
    };
    indexes.filter(uses).collect()
}

/// The number of elements of a literal: 3 of `'[1,2,3]'::vector`, 5 of `'{1:1}/5'`.
pub(super) fn literal_dimensions(text: &str) -> Option<u64> {
    let literal = text.trim().strip_prefix('\'')?.split_once('\'')?.0.trim();
    if let Some(inner) = literal.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return u64::try_from(inner.split(',').count()).ok();
    }
    literal.rsplit_once("}/").and_then(|it| it.1.trim().parse().ok())
}

/// A vector type with dimensions, as it is written in a statement.
pub(super) struct WrittenType {
    pub(super) vector_type: VectorType,
    pub(super) dimensions: u64,
    /// Its byte in the statement.
    pub(super) at: usize,
}

/// The vector types with dimensions in a statement, `bit` among them.
pub(super) fn written_types(context: &Context<'_>) -> Vec<WrittenType> {
    let types = context.placed().windows(3).filter_map(|it| {
        let (name, open, number) = (&it[0], &it[1], &it[2]);
        let vector_type = VectorType::named(name.0.word()?)?;
        let is_number = *open.0 == Token::Symbol('(') && *number.0 == Token::Literal;
        let dimensions = context.text()[number.1.clone()].parse().ok().filter(|_| is_number)?;
        Some(WrittenType { vector_type, dimensions, at: name.1.start })
    });
    types.collect()
}

/// The memory that an index build can use: as the file sets it, or as the server has it.
pub(super) fn maintenance_memory(context: &Context<'_>) -> Option<u64> {
    let set = context.setting("maintenance_work_mem").and_then(|it| memory_setting(&it.1));
    set.or(context.surroundings.maintenance_work_mem)
}

/// The version of pgvector on the server that the file is going to run on. That of a scratch engine tells
/// nothing of it.
pub(super) fn installed_version(context: &Context<'_>) -> Option<String> {
    context.surroundings.pgvector.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn casts_are_read() {
        let cast = |text: &str| cast_type(text).map(|it| it.to_string());
        assert_eq!(cast("(v)::halfvec(3)"), Some("halfvec(3)".to_owned()));
        assert_eq!(cast("((binary_quantize(v))::bit(3))"), Some("bit(3)".to_owned()));
        assert_eq!(cast("binary_quantize(v)"), None);
        assert_eq!(cast_operand("(v)::halfvec(3)"), Some("v"));
    }

    #[test]
    fn literals_have_dimensions() {
        assert_eq!(literal_dimensions("'[1,2,3]'::vector"), Some(3));
        assert_eq!(literal_dimensions("'{1:1}/5'::sparsevec"), Some(5));
        assert_eq!(literal_dimensions("now()"), None);
    }
}
