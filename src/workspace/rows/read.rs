//! The definitions of tables, from the catalog of the scratch database in its present state.

use std::collections::BTreeMap;

use tokio_postgres::types::{Oid, Type};
use tokio_postgres::{Client, Error, Row};

use crate::model::ident::QualifiedName;
use crate::rows::literals::mentions;
use crate::rows::{Check, Reference, TestColumn, TestTable, ValueKind};

/// How deep types are followed into what they are made of.
const DEPTH: usize = 6;

/// Which tables are meant.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// By name.
    pub(super) names: &'a [QualifiedName],
    /// By number, under whatever name.
    pub(super) numbers: &'a [Oid],
}

/// Tables, with the names that their references go by.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    /// The tables.
    pub(super) tables: Vec<TestTable>,
    /// What each of them is called in a statement about it: its name, and those of the tables that it is
    /// a partition of.
    pub(super) words: BTreeMap<Oid, Vec<String>>,
    /// For each of them, what the targets of its references are called.
    pub(super) targets: BTreeMap<Oid, Vec<Target>>,
    /// The checks of domains, by the type of the column.
    pub(super) domain_checks: BTreeMap<(Oid, i16), Vec<String>>,
}

/// What a reference leads to, as SQL.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The table.
    pub(super) table: String,
    /// Its columns.
    pub(super) columns: Vec<String>,
}

/// Reads the shape of tables, of what they reference, and of their partitions.
pub(super) async fn shapes(client: &Client, wanted: Wanted<'_>) -> Result<Shapes, Error> {
    let parts =
        |part: fn(&QualifiedName) -> &str| -> Vec<&str> { wanted.names.iter().map(part).collect() };
    let (namespaces, names) = (parts(|it| it.namespace.as_str()), parts(|it| it.name.as_str()));
    let found = client
        .query_typed(
            include_str!("queries/tables.sql"),
            &[
                (&namespaces, Type::TEXT_ARRAY),
                (&names, Type::TEXT_ARRAY),
                (&wanted.numbers, Type::OID_ARRAY),
            ],
        )
        .await?;
    let mut shapes = Shapes::default();
    let mut bounds: BTreeMap<Oid, String> = BTreeMap::new();
    for row in &found {
        let (oid, bound): (Oid, Option<String>) = (row.get("oid"), row.get("bound"));
        bounds.extend(bound.map(|it| (oid, it)));
        shapes.words.insert(oid, row.get("words"));
        shapes.tables.push(TestTable {
            oid,
            name: row.get("name"),
            touched: row.get("touched"),
            columns: Vec::new(),
            keys: Vec::new(),
            checks: Vec::new(),
            references: Vec::new(),
        });
    }
    if shapes.tables.is_empty() {
        return Ok(shapes);
    }
    let oids: Vec<Oid> = shapes.tables.iter().map(|it| it.oid).collect();
    let of = |sql: &'static str| {
        let oids = oids.clone();
        async move { client.query_typed(sql, &[(&oids, Type::OID_ARRAY)]).await }
    };
    let columns = of(include_str!("queries/columns.sql")).await?;
    let keys = of(include_str!("queries/keys.sql")).await?;
    let checks = of(include_str!("queries/checks.sql")).await?;
    let references = of(include_str!("queries/references.sql")).await?;
    let types = types(client, &columns).await?;
    let domains = domains(client, &types).await?;
    for table in &mut shapes.tables {
        let oid = table.oid;
        let own = |rows: &[Row]| -> Vec<Row> {
            rows.iter().filter(|it| it.get::<_, Oid>("table") == oid).cloned().collect()
        };
        for row in own(&columns) {
            let (oid, modifier): (Oid, i32) = (row.get("type"), row.get("modifier"));
            let number: i16 = row.get("number");
            let conditions = conditions(oid, &types, &domains);
            if !conditions.is_empty() {
                shapes.domain_checks.insert((table.oid, number), conditions);
            }
            table.columns.push(TestColumn {
                number,
                name: row.get("name"),
                type_name: row.get("type_name"),
                kind: kind(oid, modifier, &types, 0),
                nullable: row.get("nullable"),
                counted: row.get("counted"),
                has_default: row.get("has_default"),
            });
        }
        table.keys = own(&keys).iter().map(|it| it.get("columns")).collect();
        // A column that is generated has no value of ours to differ in.
        let written: Vec<i16> = table.columns.iter().map(|it| it.number).collect();
        table.keys.iter_mut().for_each(|it| it.retain(|column| written.contains(column)));
        table.keys.retain(|it| !it.is_empty());
        table.checks = own(&checks)
            .iter()
            .map(|it| Check { expression: it.get("expression"), columns: it.get("columns") })
            .collect();
        if let Some(bound) = bounds.get(&table.oid) {
            let named = table.columns.iter().filter(|it| mentions(bound, &it.name));
            let columns = named.map(|it| it.number).collect();
            table.checks.push(Check { expression: bound.clone(), columns });
        }
        forbid_null(table, bounds.get(&table.oid));
        let references = own(&references);
        table.references = references.iter().map(reference).collect();
        let targets = references
            .iter()
            .map(|it| Target { table: it.get("target_name"), columns: it.get("target_names") })
            .collect();
        shapes.targets.insert(table.oid, targets);
    }
    Ok(shapes)
}

/// A check may forbid NULL as well, and so does the bound of most partitions.
fn forbid_null(table: &mut TestTable, bound: Option<&String>) {
    for column in &mut table.columns {
        let condition = format!("({} IS NOT NULL)", column.name);
        let by_check = table.checks.iter().any(|it| it.expression == condition);
        if by_check || bound.is_some_and(|it| it.contains(&condition)) {
            column.nullable = false;
        }
    }
}

fn reference(row: &Row) -> Reference {
    Reference {
        columns: row.get("columns"),
        target: row.get("target"),
        target_columns: row.get("target_columns"),
        deferrable: row.get("deferrable"),
    }
}

/// The types of columns and all that they are made of.
async fn types(client: &Client, columns: &[Row]) -> Result<BTreeMap<Oid, Row>, Error> {
    let mut oids: Vec<Oid> = columns.iter().map(|it| it.get("type")).collect();
    oids.sort_unstable();
    oids.dedup();
    let sql = include_str!("queries/types.sql");
    let rows = client.query_typed(sql, &[(&oids, Type::OID_ARRAY)]).await?;
    Ok(rows.into_iter().map(|it| (it.get("oid"), it)).collect())
}

/// The checks of domains.
async fn domains(
    client: &Client,
    types: &BTreeMap<Oid, Row>,
) -> Result<BTreeMap<Oid, Vec<String>>, Error> {
    let is_domain = |it: &&Row| it.get::<_, String>("kind") == "d";
    let oids: Vec<Oid> = types.values().filter(is_domain).map(|it| it.get("oid")).collect();
    let mut found: BTreeMap<Oid, Vec<String>> = BTreeMap::new();
    if oids.is_empty() {
        return Ok(found);
    }
    let sql = include_str!("queries/domains.sql");
    for row in client.query_typed(sql, &[(&oids, Type::OID_ARRAY)]).await? {
        found.entry(row.get("type")).or_default().push(row.get("expression"));
    }
    Ok(found)
}

/// The checks of a domain and of those that it builds on.
fn conditions(
    oid: Oid,
    types: &BTreeMap<Oid, Row>,
    domains: &BTreeMap<Oid, Vec<String>>,
) -> Vec<String> {
    let mut all = Vec::new();
    let mut next = Some(oid);
    while let Some(row) = next.and_then(|it| types.get(&it)) {
        let oid: Oid = row.get("oid");
        all.extend(domains.get(&oid).into_iter().flatten().cloned());
        next = Some(row.get("base"));
    }
    all
}

fn kind(oid: Oid, modifier: i32, types: &BTreeMap<Oid, Row>, depth: usize) -> ValueKind {
    let Some(row) = types.get(&oid).filter(|_| depth < DEPTH) else { return ValueKind::Unknown };
    let inner = |oid: Oid, modifier: i32| Box::new(kind(oid, modifier, types, depth + 1));
    let (name, known, form): (String, bool, String) =
        (row.get("name"), row.get("known"), row.get("kind"));
    match form.as_str() {
        "e" => ValueKind::Enum(row.get("labels")),
        "d" => ValueKind::Domain(inner(row.get("base"), row.get("modifier"))),
        "c" => {
            let fields: Vec<Oid> = row.get("fields");
            let modifiers: Vec<i32> = row.get("field_modifiers");
            let pairs = fields.into_iter().zip(modifiers);
            ValueKind::Composite(pairs.map(|(oid, modifier)| *inner(oid, modifier)).collect())
        }
        "r" => {
            let bound: Option<Oid> = row.get("bound");
            bound.map_or(ValueKind::Unknown, |it| ValueKind::Range(inner(it, -1)))
        }
        "m" => multirange(&name),
        // The array of a type has the modifier of its elements.
        "b" if row.get("is_array") => ValueKind::Array(inner(row.get("element"), modifier)),
        "b" if known => ValueKind::named(&name, modifier).unwrap_or(ValueKind::Unknown),
        _ => ValueKind::Unknown,
    }
}

/// The catalog says which range it is of since PostgreSQL 14; those of PostgreSQL are known by name.
fn multirange(name: &str) -> ValueKind {
    let bound = match name {
        "int4multirange" => "int4",
        "int8multirange" => "int8",
        "nummultirange" => "numeric",
        "tsmultirange" | "tstzmultirange" => "timestamp",
        "datemultirange" => "date",
        _ => return ValueKind::Unknown,
    };
    let bound = ValueKind::named(bound, -1);
    bound.map_or(ValueKind::Unknown, |it| ValueKind::Multirange(Box::new(it)))
}
