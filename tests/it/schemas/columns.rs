//! Columns invented at random.

use aludel::model::column::{Column, ColumnValue, Compression, Identity, Storage};
use aludel::model::expr::SqlExpr;
use aludel::model::ident::{Ident, MAX_IDENT_BYTES, QualifiedName, object_name};
use aludel::model::object::Object;
use aludel::model::pg_type::PgType;
use aludel::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use aludel::model::table::Table;

use super::{Maker, NAMES};

const TYPES: &[&str] = &[
    "text",
    "bigint",
    "integer",
    "uuid",
    "jsonb",
    "varchar(20)",
    "numeric(10,2)",
    "timestamptz",
    "timestamp(3)",
    "text[]",
    "char(3)",
    "bit(3)",
    "varbit",
    "\"char\"",
    "interval day to second(3)",
    "double precision",
];

const EXPRESSIONS: &[&str] =
    &["0", "true", "'draft'", "now()", "1.50", "007", "'two\nlines'", "'\"'", "E'\\\\'"];

impl Maker {
    /// The columns of a table, with different names.
    pub(super) fn columns(&mut self, table: &Table) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for position in 1..=self.below(7) {
            let mut name = Ident::new(self.pick(NAMES));
            if columns.iter().any(|it| it.name == name) {
                name = Ident::new(format!("column{position}"));
            }
            let position = u32::try_from(position).unwrap();
            let column = self.column(table, name, position);
            columns.push(column.clone());
            self.schema.insert(column);
        }
        columns
    }

    fn column(&mut self, table: &Table, name: Ident, position: u32) -> Column {
        let data_type = self.data_type();
        let mut column = Column::new(table.name.clone(), name, position, data_type);
        column.not_null = !self.flag();
        column.value = self.value(table, &mut column);
        let text = matches!(column.data_type.name.as_str(), "text" | "character varying");
        if text && self.flag() {
            let collation =
                self.pick(&["\"C\"", "german", "public_c", "\"en_US.utf8\"", "billing.de"]);
            column.collation = Some(collation.to_owned());
        }
        if text && self.flag() {
            column.storage = Some(self.pick(&[Storage::External, Storage::Main, Storage::Plain]));
        }
        if text && self.flag() {
            column.compression = Some(self.pick(&[Compression::Pglz, Compression::Lz4]));
        }
        if self.flag() {
            column.statistics = Some(self.pick(&[0, 500, 10_000]));
        }
        column.comment = self.comment();
        column
    }

    fn data_type(&mut self) -> PgType {
        if let Some(namespace) = self.vector.clone()
            && self.flag()
        {
            let written = self.pick(&["vector(3)", "halfvec(3)", "sparsevec(9)", "vector"]);
            let data_type = PgType::parse(written).unwrap();
            let namespace = Some(namespace).filter(|it| it.as_str() != "public");
            return PgType { namespace, ..data_type };
        }
        let enums: Vec<QualifiedName> = self
            .schema
            .iter()
            .filter_map(|(_, it)| match it {
                Object::Enum(it) => Some(it.name.clone()),
                _ => None,
            })
            .collect();
        if !enums.is_empty() && self.flag() {
            let name = &enums[self.below(enums.len())];
            return PgType::parse(&name.to_string()).unwrap();
        }
        PgType::parse(self.pick(TYPES)).unwrap()
    }

    fn value(&mut self, table: &Table, column: &mut Column) -> ColumnValue {
        let integer = matches!(column.data_type.name.as_str(), "integer" | "bigint");
        match self.below(8) {
            1 => ColumnValue::Default(SqlExpr::new(self.pick(EXPRESSIONS))),
            2 => ColumnValue::Stored(SqlExpr::new("lower('A')")),
            3 => ColumnValue::Virtual(SqlExpr::new("lower('A')")),
            4 | 5 if integer => self.identity(column),
            6 | 7 if integer => self.serial(table, column),
            _ => ColumnValue::None,
        }
    }

    fn identity(&mut self, column: &mut Column) -> ColumnValue {
        column.not_null = true;
        let made = object_name(column.table.name.as_str(), Some(column.name.as_str()), "seq");
        let wish = if self.flag() { "counter" } else { made.as_str() };
        let name = self.free(&column.table.namespace, wish).name;
        let sequence_name = (name != made).then_some(name);
        let always = self.flag();
        let mut options = self.counting(column.data_type.clone());
        if self.flag() {
            options = SequenceOptions::of_type(PgType::named("smallint"));
        }
        ColumnValue::Identity(Identity { always, sequence_name, options })
    }

    /// What `serial` makes, or nearly.
    fn serial(&mut self, table: &Table, column: &Column) -> ColumnValue {
        let made = object_name(column.table.name.as_str(), Some(column.name.as_str()), "seq");
        let name = self.free(&column.table.namespace, made.as_str());
        let literal = name.to_string().replace('\'', "''");
        let default = SqlExpr::new(format!("nextval('{literal}'::regclass)"));
        let owned_by = Some(ColumnRef { table: column.table.clone(), column: column.name.clone() });
        let mut sequence = Sequence {
            name,
            options: SequenceOptions::of_type(column.data_type.clone()),
            owned_by,
            persistence: table.persistence,
            comment: self.comment(),
        };
        if self.flag() {
            sequence.options = self.counting(PgType::named("bigint"));
        }
        assert!(sequence.name.name.as_str().len() <= MAX_IDENT_BYTES);
        self.schema.insert(sequence);
        ColumnValue::Default(default)
    }
}
