//! Keys of other tools, with their equivalent in a declaration.
//!
//! In: an unknown key and its value. Out: help, or nothing, and then a similar key is suggested.
//! Spellings of one key are equal: `not_null`, `notNull`, `NOT-NULL`.

use super::data_type::TypeSyntax;
use super::node::Node;
use crate::model::ident::Ident;
use crate::model::pg_type::PgType;
use crate::model::pgvector::{EF_CONSTRUCTION, Metric, VectorMethod};
use crate::schema_toml::builtin_types::is_builtin;
use crate::schema_toml::form::{Actions, IndexForm, IndexKeyForm, Vocabulary};
use crate::schema_toml::write::toml_text::{Value, quote_key};

/// A column, as far as an example needs it.
pub(super) struct Column<'a> {
    pub(super) table: &'a str,
    pub(super) name: &'a str,
    pub(super) data_type: Option<&'a TypeSyntax>,
}

/// Help for a key of a column.
pub(super) fn in_column(column: &Column<'_>, key: &str, value: &Node<'_>) -> Option<String> {
    let yes = value.as_bool().unwrap_or(true);
    let help = match folded(key).as_str() {
        "nullable" | "isnullable" | "null" | "allownull" | "allownulls" | "optional" => {
            column.nullability(yes)
        }
        "notnull" | "nonnull" | "nonnullable" | "required" | "isrequired" => {
            column.nullability(!yes)
        }
        "primarykey" | "primary" | "pk" | "isprimary" | "isprimarykey" | "ispk" => {
            wanted(yes, "write `primary_key = true`")
        }
        "isunique" | "uniqueindex" | "uniquekey" => wanted(yes, "write `unique = true`"),
        "autoincrement" | "autoinc" | "autogenerate" | "autonumber" | "isidentity" => {
            wanted(yes, "write `identity = \"by default\"`, or `identity = \"always\"`")
        }
        "index" | "indexed" | "isindexed" | "dbindex" | "hnsw" | "ivfflat" | "metric"
        | "opclass" => wanted(yes, &column.index()),
        "serverdefault" | "defaultvalue" | "dbdefault" | "databasedefault"
        | "defaultexpression" | "defaultexpr" | "defaultsql" | "initial" => default(value),
        "onupdate" | "serveronupdate" | "autonow" | "updatedat" => column.on_update(value)?,
        "foreignkey" | "foreign" | "fk" | "reference" | "ref" | "refs" | "foreignkeys" => {
            format!("write `references = {}`", referenced(value))
        }
        "doc" | "docs" | "description" | "helptext" | "documentation" | "note" | "verbosename" => {
            write_as("comment", value, "What it is")
        }
        "computed" | "generatedas" | "generatedalwaysas" | "generatedalways" | "expression"
        | "computedas" | "formula" => write_as("generated", value, "lower(title)"),
        "stored" | "persisted" => "write `generated = { stored = \"…\" }`".to_owned(),
        "virtual" => "write `generated = { virtual = \"…\" }`".to_owned(),
        "check" | "checks" | "constraint" | "constraints" | "checkconstraint" | "min" | "max"
        | "minimum" | "maximum" | "minvalue" | "maxvalue" => column.check(value),
        "unsigned" => {
            let check = format!("{} >= 0", Ident::new(column.name));
            let example = column.entry("checks", "check", Value::text(check));
            format!("PostgreSQL has no unsigned types; use a check: {example}")
        }
        "enum" | "values" | "choices" | "enumvalues" | "members" | "oneof" => column.labels(value),
        "length" | "maxlength" | "size" | "limit" | "width" | "len" => {
            column.modifier(value, "varchar")
        }
        "precision" | "digits" | "maxdigits" => column.modifier(value, "numeric"),
        "scale" | "decimalplaces" => "write it in the type: `numeric(10, 2)`".to_owned(),
        "dimensions" | "dimension" | "dims" | "dim" | "ndim" => column.modifier(value, "vector"),
        "array" | "isarray" | "list" => column.array(),
        "timezone" | "withtimezone" | "tz" => wanted(yes, "write `type = \"timestamptz\"`"),
        "datatype" | "sqltype" | "columntype" | "dbtype" | "pgtype" | "kind" => {
            write_as("type", value, "text")
        }
        "collate" => write_as("collation", value, "C"),
        "name" | "columnname" | "dbcolumn" | "dbname" | "field" | "key" => {
            "the key is the name of the column; `attribute` is its name in generated code"
                .to_owned()
        }
        _ => return None,
    };
    Some(help)
}

impl Column<'_> {
    fn type_text(&self) -> Option<&str> {
        self.data_type.map(|it| it.text.as_str())
    }

    fn nullability(&self, nullable: bool) -> String {
        let marked = self.data_type.is_some_and(|it| it.nullable.is_some());
        let text = self.type_text().unwrap_or("text");
        match (nullable, marked) {
            (true, false) => {
                let written = Value::text(format!("{text}?"));
                format!("a `?` after the type allows NULL: `type = {written}`")
            }
            (true, true) => "remove it: the `?` after the type allows NULL".to_owned(),
            (false, false) => {
                "remove it: a column is NOT NULL unless its type ends in `?`".to_owned()
            }
            (false, true) => {
                let written = Value::text(text);
                format!("without the `?` the column is NOT NULL: `type = {written}`")
            }
        }
    }

    /// An index over the column, in its place.
    fn index(&self) -> String {
        let parsed = self.type_text().and_then(|it| PgType::parse(it).ok());
        let vector = parsed.is_some_and(|it| it.vector_type().is_some() && it.name != "bit");
        let columns = if vector {
            let key = [
                (IndexKeyForm::NAME.name(), self.name),
                (IndexKeyForm::METRIC.name(), Metric::Cosine.word()),
            ];
            let key = key.map(|(key, it)| (key.to_owned(), Value::text(it)));
            Value::Table(vec![
                (IndexForm::METHOD.name().to_owned(), Value::text(VectorMethod::Hnsw.name())),
                (IndexForm::COLUMNS.name().to_owned(), Value::List(vec![Value::Table(key.into())])),
            ])
        } else {
            Value::texts([self.name])
        };
        format!("declare the index in the table: {}", self.entry("indexes", "idx", columns))
    }

    fn check(&self, value: &Node<'_>) -> String {
        let condition = value.text().filter(|_| value.is_string());
        let condition = condition.unwrap_or_else(|| format!("{} > 0", Ident::new(self.name)));
        let example = self.entry("checks", "check", Value::text(condition));
        format!("declare the check in the table: {example}")
    }

    /// `[tables.docs.indexes]` with `docs_title_idx = …`.
    fn entry(&self, section: &str, label: &str, value: Value) -> String {
        let table = self.table.rsplit('.').next().unwrap_or(self.table).trim_matches('"');
        let name = format!("{table}_{}_{label}", self.name);
        let header = format!("[tables.{}.{section}]", quote_key(self.table));
        format!("`{header}` with `{} = {value}`", quote_key(&name))
    }

    fn on_update(&self, value: &Node<'_>) -> Option<String> {
        let action = value.text().map(|it| it.to_lowercase());
        let action = action.is_some_and(|it| Actions::words().contains(&it.as_str()));
        let header = format!("[tables.{}.triggers]", quote_key(self.table));
        (!action).then(|| format!("use a trigger to set a value on every UPDATE, in `{header}`"))
    }

    fn labels(&self, value: &Node<'_>) -> String {
        let name = quote_key(self.name);
        let labels = listed(value, "draft");
        let used = Value::text(Ident::new(self.name).to_string());
        format!("declare the enum, `[enums]` with `{name} = {labels}`, and use it: `type = {used}`")
    }

    fn modifier(&self, value: &Node<'_>, usual: &str) -> String {
        let bare = self.type_text().and_then(|it| it.split('(').next()).unwrap_or(usual).trim();
        let bare = if matches!(bare, "text" | "string") { usual } else { bare };
        let sample = match usual {
            "vector" => "1536",
            "numeric" => "10",
            _ => "50",
        };
        let modifier = value.text().unwrap_or_else(|| sample.to_owned());
        let written = Value::text(format!("{bare}({modifier}){}", self.mark()));
        format!("write it in the type: `type = {written}`")
    }

    fn array(&self) -> String {
        let bare = self.type_text().unwrap_or("text");
        format!(
            "write it in the type: `type = {}`",
            Value::text(format!("{bare}[]{}", self.mark()))
        )
    }

    fn mark(&self) -> &'static str {
        if self.data_type.is_some_and(|it| it.nullable.is_some()) { "?" } else { "" }
    }
}

/// Help for a key of a table.
pub(super) fn in_table(table: &str, key: &str, value: &Node<'_>) -> Option<String> {
    let section = |name: &str| format!("[tables.{}.{name}]", quote_key(table));
    let bare = table.rsplit('.').next().unwrap_or(table).trim_matches('"');
    let columns = value.texts();
    let help = match folded(key).as_str() {
        "primary" | "pk" | "primarykeys" | "id" if !value.is_table() && !is_type(value) => {
            format!("write `primary_key = {}`", listed(value, "id"))
        }
        "unique" | "uniquetogether" | "uniquekeys" | "uniqueconstraint" | "uniqueconstraints" => {
            let name = if columns.is_empty() { "email".to_owned() } else { columns.join("_") };
            let name = quote_key(&format!("{bare}_{name}_key"));
            format!("write `{}` with `{name} = {}`", section("uniques"), listed(value, "email"))
        }
        "index" | "indices" | "indexed" => {
            let name = if columns.is_empty() { "id".to_owned() } else { columns.join("_") };
            let name = quote_key(&format!("{bare}_{name}_idx"));
            format!("write `{}` with `{name} = {}`", section("indexes"), listed(value, "id"))
        }
        "foreignkey" | "fk" | "fks" | "references" | "relations" | "relationships" => format!(
            "write `references = \"table.column\"` in the column, or a table in `{}`",
            section("foreign_keys")
        ),
        "check" | "checkconstraint" | "checkconstraints" | "constraints" | "constraint" => {
            format!("write `{}` with `name = \"condition\"`", section("checks"))
        }
        "fields" | "column" | "attributes" | "cols" => {
            format!("declare columns in `{}`", section("columns"))
        }
        "schema" | "namespace" | "schemaname" | "dbschema" => {
            let schema = value.text().unwrap_or_else(|| "billing".to_owned());
            format!("its schema is part of its name: `[tables.\"{schema}.{bare}\"]`")
        }
        "rls" | "enablerls" | "rowsecurity" | "rowlevelsecurityenabled" => {
            "write `row_level_security = true`".to_owned()
        }
        "name" | "tablename" | "dbtable" => "the key is the name of the table".to_owned(),
        "doc" | "docs" | "description" | "documentation" => {
            write_as("comment", value, "What is in it")
        }
        "options" | "storageparameters" | "storage" | "fillfactor" => {
            "storage parameters are in `with`: `with = { fillfactor = 70 }`".to_owned()
        }
        "partitionby" | "partition" => write_as("partition_by", value, "RANGE (created_at)"),
        _ if is_type(value) || value.has("type") => {
            format!("declare columns in `{}`", section("columns"))
        }
        _ => return None,
    };
    Some(help)
}

/// Help for a key of an index.
pub(super) fn in_index(key: &str, value: &Node<'_>) -> Option<String> {
    let key = folded(key);
    let text = value.text();
    let key_with = |name: &str| {
        let value = text.clone().unwrap_or_else(|| "…".to_owned());
        format!(
            "it belongs to a column: `columns = [{{ name = \"embedding\", {name} = {} }}]`",
            Value::text(value)
        )
    };
    let help = match key.strip_prefix("postgresql").unwrap_or(&key) {
        "using" | "type" | "indextype" | "accessmethod" | "algorithm" | "am" | "indexmethod" => {
            write_as("method", value, "hnsw")
        }
        "column" | "on" | "keys" | "key" | "cols" | "fields" | "field" => {
            format!("write `columns = {}`", listed(value, "id"))
        }
        "expression" | "expressions" | "expr" => {
            let expression = text.unwrap_or_else(|| "lower(title)".to_owned());
            format!("write `columns = [{{ expression = {} }}]`", Value::text(expression))
        }
        "metric" | "distance" | "similarity" | "distancemetric" => key_with("metric"),
        "opclass" | "ops" | "operatorclass" | "opclasses" => key_with("opclass"),
        "order" | "sort" | "desc" | "nulls" | "collation" => {
            "it belongs to a column: `columns = [{ name = \"id\", order = \"desc\" }]`".to_owned()
        }
        "m" | "efconstruction" | "lists" | "fillfactor" | "fastupdate" | "pagesperrange" => {
            let value = text.unwrap_or_else(|| "16".to_owned());
            let name = if key == "efconstruction" { EF_CONSTRUCTION.name } else { key.as_str() };
            format!("storage parameters are in `with`: `with = {{ {name} = {value} }}`")
        }
        "with" | "options" | "params" | "parameters" | "storageparameters" | "withoptions" => {
            "storage parameters are in `with`: `with = { m = 16 }`".to_owned()
        }
        "where" | "predicate" | "condition" | "filter" | "partial" => {
            write_as("where", value, "status <> 'archived'")
        }
        "concurrently" | "online" | "algorithmconcurrently" => {
            "remove it: `[plan] online` in aludel.toml applies to all indexes".to_owned()
        }
        "include" | "including" | "covering" | "includes" => {
            format!("write `include = {}`", listed(value, "title"))
        }
        "name" | "indexname" => "the key is the name of the index".to_owned(),
        "isunique" => "write `unique = true`".to_owned(),
        _ => return None,
    };
    Some(help)
}

/// Help for a key of a foreign key.
pub(super) fn in_foreign_key(key: &str, value: &Node<'_>) -> Option<String> {
    let help = match folded(key).as_str() {
        "column" | "from" | "localcolumns" | "fields" | "constrainedcolumns" | "sourcecolumns" => {
            format!("write `columns = {}`", listed(value, "user_id"))
        }
        "to" | "table" | "target" | "ref" | "reftable" | "referencestable" | "referredtable"
        | "foreigntable" | "referencedtable" | "parent" => write_as("references", value, "users"),
        "refcolumns" | "referencescolumns" | "referencedcolumn" | "referredcolumns"
        | "remotecolumns" | "foreigncolumns" | "targetcolumns" => {
            format!("write `referenced_columns = {}`", listed(value, "id"))
        }
        "initially" | "initiallydeferred" => "write `deferrable = \"deferred\"`".to_owned(),
        "usealter" => "remove it: aludel finds the order of the statements".to_owned(),
        "name" => "the key is the name of the foreign key".to_owned(),
        _ => return None,
    };
    Some(help)
}

/// Help for a key of an enum.
pub(super) fn in_enum(key: &str, value: &Node<'_>) -> Option<String> {
    let help = match folded(key).as_str() {
        "values" | "value" | "members" | "variants" | "items" | "options" | "choices" | "enum" => {
            format!("write `labels = {}`", listed(value, "draft"))
        }
        "name" => "the key is the name of the enum".to_owned(),
        "schema" | "namespace" => {
            let schema = value.text().unwrap_or_else(|| "billing".to_owned());
            format!("its schema is part of its name: `\"{schema}.NAME\"`")
        }
        _ => return None,
    };
    Some(help)
}

/// Help for a section of the whole declaration.
pub(super) fn in_declaration(key: &str) -> Option<String> {
    let help = match folded(key).as_str() {
        "database" | "databases" | "migrations" | "plan" | "review" | "hooks" | "codegen"
        | "scratch" | "dev" | "indexbuild" => {
            format!("`[{key}]` belongs in aludel.toml")
        }
        "columns" | "column" | "indexes" | "index" | "uniques" | "unique" | "checks" | "check"
        | "foreignkeys" | "foreignkey" | "exclusions" | "primarykey" => {
            let section = match folded(key).as_str() {
                "columns" | "column" => "columns",
                "indexes" | "index" => "indexes",
                "uniques" | "unique" => "uniques",
                "checks" | "check" => "checks",
                "foreignkeys" | "foreignkey" => "foreign_keys",
                "exclusions" => "exclusions",
                _ => return Some("it belongs to a table: `primary_key = [\"id\"]`".to_owned()),
            };
            format!("declare them in a table: `[tables.NAME.{section}]`")
        }
        "types" | "type" => {
            "declare types in `[enums]`, `[domains]`, `[composite_types]` or `[range_types]`"
                .to_owned()
        }
        "models" | "model" | "entities" => "declare tables in `[tables.NAME]`".to_owned(),
        "namespaces" | "schemata" => "declare schemas in `[schemas.NAME]`".to_owned(),
        "includes" | "import" | "imports" => "write `include = [\"schema/*.toml\"]`".to_owned(),
        _ => return None,
    };
    Some(help)
}

/// A key without what spellings differ in.
fn folded(key: &str) -> String {
    key.chars().filter(|it| !matches!(it, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The names that were given, as a list.
fn listed(value: &Node<'_>, sample: &str) -> Value {
    let texts = value.texts();
    if texts.is_empty() { Value::texts([sample]) } else { Value::texts(texts) }
}

/// How to say it, or that nothing is to be said.
fn wanted(yes: bool, how: &str) -> String {
    if yes { how.to_owned() } else { "remove it".to_owned() }
}

/// The key that it is called here, with the value that was given.
fn write_as(key: &str, value: &Node<'_>, sample: &str) -> String {
    let text = value.text().filter(|_| value.as_bool().is_none());
    format!("write `{key} = {}`", Value::text(text.unwrap_or_else(|| sample.to_owned())))
}

/// A default as SQL: `SQLAlchemy` takes a bare word for a string.
fn default(value: &Node<'_>) -> String {
    let Some(text) = value.text() else { return "write `default = \"'{}'\"`".to_owned() };
    let word = value.is_string() && text.chars().all(|it| it.is_alphanumeric() || it == '_');
    let text = if word { format!("'{text}'") } else { text };
    let written = if value.is_string() { Value::text(text) } else { Value::scalar(&text) };
    format!("write `default = {written}`; it is an SQL expression")
}

/// `users.id`, however it was put.
fn referenced(value: &Node<'_>) -> Value {
    let text = value.text().filter(|_| value.is_string()).unwrap_or_default();
    let dotted = text.replace('(', ".").replace([')', ' '], "");
    Value::text(if dotted.is_empty() { "users.id" } else { dotted.as_str() })
}

/// Whether a value reads as a type that every server has, or one of pgvector.
fn is_type(value: &Node<'_>) -> bool {
    let text = value.text().filter(|_| value.is_string());
    let parsed = text.and_then(|it| PgType::parse(it.trim_end_matches('?')).ok());
    parsed.is_some_and(|it| is_builtin(&it.name) || it.vector_type().is_some())
}
