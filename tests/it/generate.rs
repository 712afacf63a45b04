//! Schemas invented at random, from few names, so that two of them share most objects and differ in
//! their properties.

use aludel::model::Schema;
use aludel::model::column::{Column, ColumnValue, Identity};
use aludel::model::constraint::{Action, Constraint, ConstraintRule, ForeignKey, Key, Timing};
use aludel::model::enum_type::EnumType;
use aludel::model::expr::SqlExpr;
use aludel::model::extension::Extension;
use aludel::model::ident::{Ident, QualifiedName};
use aludel::model::index::{Index, IndexKey, IndexValue, OperatorClass};
use aludel::model::namespace::Namespace;
use aludel::model::options::Options;
use aludel::model::pg_type::PgType;
use aludel::model::sequence::{ColumnRef, Sequence, SequenceOptions};
use aludel::model::table::{Persistence, RowSecurity, Table};
use proptest::prelude::*;
use proptest::sample::select;

/// Any schema of the kinds that aludel manages.
pub(crate) fn schema() -> impl Strategy<Value = Schema> {
    let tables = proptest::collection::btree_set(select(vec!["t1", "t2", "Odd Name"]), 0..=3);
    (tables, enum_labels(), proptest::option::of(sequence_options()), comment())
        .prop_flat_map(|(names, labels, sequence, comment)| {
            let names: Vec<&str> = names.into_iter().collect();
            let tables: Vec<_> = names.iter().map(|it| table(it, names.clone())).collect();
            (tables, Just(labels), Just(sequence), Just(comment))
        })
        .prop_map(|(tables, labels, sequence, comment)| {
            let mut schema = Schema::default();
            schema.insert(Namespace { name: Ident::public(), comment: None });
            schema.insert(Namespace { name: Ident::new("app"), comment: comment.clone() });
            schema.insert(Extension {
                name: Ident::new("vector"),
                namespace: Ident::public(),
                version: None,
            });
            let name = QualifiedName::new("app", "mood");
            schema.insert(EnumType { name, labels, comment });
            if let Some(options) = sequence {
                schema.insert(Sequence {
                    name: QualifiedName::new("public", "counter"),
                    options,
                    owned_by: None,
                    persistence: Persistence::Permanent,
                    comment: None,
                });
            }
            for objects in tables {
                for object in objects {
                    schema.insert(object);
                }
            }
            schema
        })
}

type Objects = Vec<aludel::model::object::Object>;

fn enum_labels() -> impl Strategy<Value = Vec<String>> {
    Just(vec!["calm", "glad", "it's", "back\\slash"]).prop_shuffle().prop_flat_map(|labels| {
        (1..=labels.len()).prop_map(move |count| {
            let mut kept: Vec<String> = labels[..count].iter().map(ToString::to_string).collect();
            if !kept.iter().any(|it| it == "calm") {
                kept.push("calm".to_owned());
            }
            kept
        })
    })
}

fn comment() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("it's a comment"), Some("with \\ and\nlines")])
        .prop_map(|it| it.map(str::to_owned))
}

fn sequence_options() -> impl Strategy<Value = SequenceOptions> {
    let types = select(vec!["integer", "bigint", "smallint"]);
    (types, select(vec![1, 2, -1]), any::<bool>(), 1..3_i64).prop_map(
        |(data_type, increment, cycle, cache)| SequenceOptions {
            cycle,
            cache,
            ..SequenceOptions::with_increment(PgType::named(data_type), increment)
        },
    )
}

/// What varies in a table.
#[derive(Debug, Clone)]
struct Shape {
    name: &'static str,
    alone: bool,
    id: IdKind,
    columns: Vec<(&'static str, &'static str, bool, bool)>,
    mood: Option<bool>,
    embedding: Option<(&'static str, &'static str, u32)>,
    generated: Option<&'static str>,
    check: Option<&'static str>,
    unique: Option<Vec<&'static str>>,
    index: Option<(&'static str, bool, bool)>,
    reference: Option<(&'static str, Action, Timing)>,
    settings: (bool, RowSecurity, Option<String>, Option<&'static str>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum IdKind {
    Plain,
    Identity,
    IdentityByDefault,
    Serial,
}

fn table(name: &'static str, all: Vec<&'static str>) -> impl Strategy<Value = Objects> + use<> {
    let alone = all.len() == 1;
    let types =
        select(vec!["smallint", "integer", "bigint", "numeric(10,2)", "text", "varchar(30)"]);
    let column = (types, any::<bool>(), any::<bool>());
    let columns =
        proptest::collection::btree_map(select(vec!["a", "b", "Cc", "order"]), column, 0..4)
            .prop_map(|it| {
                it.into_iter().map(|(name, it)| (name, it.0, it.1, it.2)).collect::<Vec<_>>()
            });
    let id =
        select(vec![IdKind::Plain, IdKind::Identity, IdKind::IdentityByDefault, IdKind::Serial]);
    let embedding = proptest::option::of((
        select(vec!["vector(3)", "halfvec(3)"]),
        select(vec!["l2", "cosine", "ip"]),
        select(vec![16_u32, 24]),
    ));
    let generated = proptest::option::of(select(vec!["id * 2", "id + 1"]));
    let check = proptest::option::of(select(vec!["id > 0", "id > 1", "mood <> 'calm'::app.mood"]));
    let timing = select(vec![Timing::NotDeferrable, Timing::Deferrable, Timing::Deferred]);
    let action = select(vec![Action::NoAction, Action::Cascade, Action::SetNull, Action::Restrict]);
    let reference = proptest::option::of((select(all), action, timing));
    let security = select(vec![
        RowSecurity::Disabled,
        RowSecurity::Enabled,
        RowSecurity::Forced,
        RowSecurity::DisabledForced,
    ]);
    let fill = proptest::option::of(select(vec!["70", "80"]));
    let index = proptest::option::of((
        select(vec!["id", "lower", "partial"]),
        any::<bool>(),
        any::<bool>(),
    ));
    (
        (id, columns, proptest::option::of(any::<bool>()), embedding),
        (generated, check, any::<bool>(), index, reference),
        (any::<bool>(), security, comment(), fill),
    )
        .prop_map(move |(first, second, settings)| {
            let (id, columns, mood, embedding) = first;
            let (generated, check, unique, index, reference) = second;
            let unique = (unique && !columns.is_empty())
                .then(|| columns.iter().take(2).map(|it| it.0).collect());
            objects(&Shape {
                name,
                alone,
                id,
                columns,
                mood,
                embedding,
                generated,
                check,
                unique,
                index,
                reference,
                settings,
            })
        })
}

fn parsed(text: &str) -> PgType {
    PgType::parse(text).expect("a type")
}

fn objects(shape: &Shape) -> Objects {
    let name = QualifiedName::new("app", shape.name);
    let (unlogged, row_security, comment, fill) = shape.settings.clone();
    let mut table = Table::new(name.clone());
    // A permanent table must not reference an unlogged one.
    let logged = !unlogged || !shape.alone;
    table.persistence = if logged { Persistence::Permanent } else { Persistence::Unlogged };
    table.row_security = row_security;
    table.comment = comment.clone();
    table.options = fill.map(|it| ("fillfactor", it)).into_iter().collect();
    let mut objects: Objects = vec![table.into()];
    id_column(&name, shape.id, &mut objects);
    let mut position = 1;
    let mut add = |objects: &mut Objects, mut column: Column| {
        position += 1;
        column.position = position;
        objects.push(column.into());
    };
    for (column, data_type, not_null, default) in &shape.columns {
        let mut column = Column::new(name.clone(), Ident::new(*column), 0, parsed(data_type));
        column.not_null = *not_null;
        column.comment = comment.clone();
        if *default {
            column.value = ColumnValue::Default(SqlExpr::new("'7'"));
        }
        add(&mut objects, column);
    }
    if let Some(default) = shape.mood {
        let mut column = Column::new(name.clone(), Ident::new("mood"), 0, parsed("app.mood"));
        column.not_null = false;
        if default {
            column.value = ColumnValue::Default(SqlExpr::new("'calm'::app.mood"));
        }
        add(&mut objects, column);
    }
    if let Some(expression) = shape.generated {
        let mut column = Column::new(name.clone(), Ident::new("doubled"), 0, parsed("bigint"));
        column.not_null = false;
        column.value = ColumnValue::Stored(SqlExpr::new(expression));
        add(&mut objects, column);
    }
    if let Some((data_type, metric, m)) = shape.embedding {
        let mut column = Column::new(name.clone(), Ident::new("embedding"), 0, parsed(data_type));
        column.not_null = false;
        add(&mut objects, column);
        objects.push(vector_index(&name, data_type, metric, m).into());
    }
    constraints(shape, &name, &mut objects);
    if let Some((kind, unique, descending)) = shape.index {
        objects.push(index(&name, kind, unique, descending).into());
    }
    if let Some((target, action, timing)) = shape.reference {
        let mut column = Column::new(name.clone(), Ident::new("ref"), 0, parsed("bigint"));
        column.not_null = false;
        add(&mut objects, column);
        let rule = ConstraintRule::ForeignKey(ForeignKey {
            period: false,
            columns: vec![Ident::new("ref")],
            references: QualifiedName::new("app", target),
            referenced_columns: vec![Ident::new("id")],
            on_update: Action::NoAction,
            on_delete: action,
            on_delete_columns: Vec::new(),
            match_full: false,
        });
        let mut constraint = Constraint::new(name.clone(), Ident::new("ref_fkey"), rule);
        constraint.timing = timing;
        constraint.comment = comment;
        objects.push(constraint.into());
    }
    objects
}

fn id_column(table: &QualifiedName, kind: IdKind, objects: &mut Objects) {
    let mut column = Column::new(table.clone(), Ident::new("id"), 1, parsed("bigint"));
    let options = SequenceOptions::of_type(parsed("bigint"));
    match kind {
        IdKind::Plain => {}
        IdKind::Identity | IdKind::IdentityByDefault => {
            let always = kind == IdKind::Identity;
            column.value = ColumnValue::Identity(Identity { always, sequence_name: None, options });
        }
        IdKind::Serial => {
            let name = aludel::model::ident::object_name(table.name.as_str(), Some("id"), "seq");
            let sequence = table.sibling(name);
            let default = format!("nextval('{sequence}'::regclass)");
            column.value = ColumnValue::Default(SqlExpr::new(default));
            let owner = ColumnRef { table: table.clone(), column: Ident::new("id") };
            objects.push(
                Sequence {
                    name: sequence,
                    options,
                    owned_by: Some(owner),
                    persistence: Persistence::Permanent,
                    comment: None,
                }
                .into(),
            );
        }
    }
    objects.push(column.into());
    let key = ConstraintRule::PrimaryKey(Key::new(vec![Ident::new("id")]));
    let name = aludel::model::ident::object_name(table.name.as_str(), None, "pkey");
    objects.push(Constraint::new(table.clone(), name, key).into());
}

fn vector_index(table: &QualifiedName, data_type: &str, metric: &str, m: u32) -> Index {
    let family = data_type.split('(').next().unwrap_or_default();
    let mut key = IndexKey::column("embedding");
    key.opclass = Some(OperatorClass {
        namespace: None,
        name: Ident::new(format!("{family}_{metric}_ops")),
        parameters: Options::default(),
    });
    let name = Ident::new(format!("{}_embedding_idx", table.name.as_str()));
    let mut index = Index::new(table.clone(), name, vec![key]);
    index.method = Ident::new("hnsw");
    index.options = [("m", m.to_string())].into_iter().collect();
    index
}

fn index(table: &QualifiedName, kind: &str, unique: bool, descending: bool) -> Index {
    let value = match kind {
        "lower" => IndexValue::Expression(SqlExpr::new("(id * 3) + 1")),
        _ => IndexValue::Column(Ident::new("id")),
    };
    let mut key = IndexKey::new(value);
    key.descending = descending;
    key.nulls_first = descending;
    let name = Ident::new(format!("{}_some_idx", table.name.as_str()));
    let mut index = Index::new(table.clone(), name, vec![key]);
    index.unique = unique;
    index.predicate = (kind == "partial").then(|| SqlExpr::new("id > 10"));
    index
}

fn constraints(shape: &Shape, table: &QualifiedName, objects: &mut Objects) {
    if let Some(expression) = shape.check
        && (shape.mood.is_some() || !expression.contains("mood"))
    {
        let expression = SqlExpr::new(expression);
        let rule = ConstraintRule::Check { expression, no_inherit: false };
        objects.push(Constraint::new(table.clone(), Ident::new("checked"), rule).into());
    }
    if let Some(columns) = &shape.unique {
        let key = Key::new(columns.iter().map(|it| Ident::new(*it)).collect());
        let name = Ident::new(format!("{}_unique", shape.name));
        objects.push(Constraint::new(table.clone(), name, ConstraintRule::Unique(key)).into());
    }
}
