//! Types that are created, and types that are replaced by new ones of the same name.

use crate::model::column::Column;
use crate::model::composite::{Attribute, CompositeType};
use crate::model::definition::Removal;
use crate::model::domain::Domain;
use crate::model::expr::SqlExpr;
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::pg_type::PgType;
use crate::model::sequence::ColumnRef;
use crate::plan::column::{default_of, types_called, user_type};
use crate::plan::decisions::alter::comments::comment_on_column;
use crate::plan::decisions::alter::not_null_name;
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::retyped::columns_of_type;
use crate::plan::graph::base::Graph;
use crate::plan::graph::nodes::{creating, dropping};
use crate::plan::statement::{ColumnAction, DomainAction, Statement};

/// CREATE DOMAIN, and what it cannot say.
pub(in crate::plan) fn create_domain(domain: &Domain) -> Vec<Statement> {
    let say = |action| Statement::AlterDomain { name: domain.name.clone(), action };
    let mut statements = vec![Statement::CreateDomain(Box::new(domain.clone()))];
    let unchecked = domain.checks.iter().filter(|it| !it.validated);
    statements.extend(unchecked.map(|it| say(DomainAction::AddCheck(it.clone()))));
    let described = domain.checks.iter().filter(|it| it.comment.is_some());
    statements.extend(
        described.map(|it| say(DomainAction::CommentCheck(it.name.clone(), it.comment.clone()))),
    );
    let not_null = domain.not_null_constraint.comment.clone().filter(|_| domain.not_null);
    let name = not_null_name(domain);
    statements.extend(not_null.map(|it| say(DomainAction::CommentCheck(name, Some(it)))));
    statements
}

/// CREATE TYPE, and the comments on its attributes.
pub(in crate::plan) fn create_composite(composite: &CompositeType) -> Vec<Statement> {
    let id = ObjectId::named(ObjectKind::Composite, &composite.name);
    let create = Statement::CreateComposite(Box::new(composite.clone()));
    let described = composite.attributes.iter().filter(|it| it.comment.is_some());
    let comments = described.map(|it| comment_on_column(&id, &it.name, it.comment.as_ref()));
    std::iter::once(create).chain(comments).collect()
}

/// The old type is renamed, the new one takes its name and the columns move over; then, when nothing
/// stands on it any more, the old type goes.
pub(in crate::plan) fn replace_type(
    graph: &Graph<'_>,
    id: &ObjectId,
) -> (Vec<Statement>, Vec<Statement>) {
    let (Some(present), Some(wanted), Some(name)) =
        (graph.site.from.schema.get(id), graph.site.to.schema.get(id), id.qualified_name())
    else {
        return (Vec::new(), Vec::new());
    };
    let aside = graph.site.free_name(&name, &name.name, "old");
    let mut statements = vec![Statement::Rename { object: id.clone(), name: aside.clone() }];
    statements.extend(creating(graph, wanted));
    for (from, to) in columns_of_type(id, (graph.site.from, graph.site.to), graph.site.dispositions)
    {
        let moved = move_column(graph, from, to, (present, wanted));
        statements.extend(match carrier(graph, to, wanted) {
            Some((create, drop)) => [vec![create], moved, vec![drop]].concat(),
            None => moved,
        });
    }
    let old = renamed(present, &ObjectId { name: aside, ..id.clone() });
    (statements, dropping(graph, &old))
}

/// The type under its other name, to be dropped.
fn renamed(object: &Object, id: &ObjectId) -> Object {
    let mut object = object.clone();
    match &mut object {
        Object::Enum(it) => it.name.name = id.name.clone(),
        Object::Domain(it) => it.name.name = id.name.clone(),
        Object::Composite(it) => it.name.name = id.name.clone(),
        Object::Defined(it) => it.id = id.clone(),
        _ => {}
    }
    object
}

fn move_column(
    graph: &Graph<'_>,
    from: &Column,
    to: &Column,
    types: (&Object, &Object),
) -> Vec<Statement> {
    let column = ColumnRef { table: to.table.clone(), column: to.name.clone() };
    let say = |action| Statement::AlterColumn { column: column.clone(), action };
    let mut statements = Vec::new();
    // A default that calls what is replaced meanwhile is dropped and set with the column's own changes.
    let id = ObjectId::child(ObjectKind::Column, &to.table, &to.name);
    let released = matches!(
        graph.site.dispositions.get(&id),
        Some(Disposition::Alter(altered)) if !altered.release.is_empty()
    );
    if default_of(from).is_some() && !released {
        statements.push(say(ColumnAction::DropDefault));
    }
    statements.push(say(ColumnAction::SetType {
        from: from.data_type.clone(),
        to: to.data_type.clone(),
        collation: None,
        using: Some(SqlExpr::new(converted(graph, to, types))),
    }));
    // A default that changes is set with the column's own changes.
    let default = default_of(to).filter(|_| from.value == to.value && !released);
    statements.extend(default.map(|it| say(ColumnAction::SetDefault(it.clone()))));
    statements
}

/// The value under the new type: a domain goes by way of its base type unless that is replaced, too, a
/// composite attribute by attribute, all else by its text.
fn converted(graph: &Graph<'_>, column: &Column, types: (&Object, &Object)) -> String {
    let (name, target) = (&column.name, &column.data_type);
    let array = if target.array { "[]" } else { "" };
    match types {
        (Object::Domain(_), Object::Domain(domain)) if !is_replaced(graph, &domain.data_type) => {
            format!("{name}::{}{array}::{target}", domain.data_type)
        }
        // Attribute by attribute, by their names; ROW(…) is refused where other tables inherit.
        (Object::Composite(_), Object::Composite(_)) if !target.array => {
            format!("jsonb_populate_record(NULL::{target}, to_jsonb({name}))")
        }
        _ if is_carried(graph, column, types.1) => {
            let carrier = carrier_name(graph, column);
            let value = format!("jsonb_build_object('value', to_jsonb({name}))");
            format!("(jsonb_populate_record(NULL::{carrier}, {value})).value")
        }
        _ => format!("{name}::text{array}::{target}"),
    }
}

/// A composite type with one attribute of the column's new type, for `jsonb_populate_record` makes
/// arrays and domains of records only inside of a record. It is there while the column moves.
fn carrier(graph: &Graph<'_>, column: &Column, wanted: &Object) -> Option<(Statement, Statement)> {
    let name = is_carried(graph, column, wanted).then(|| carrier_name(graph, column))?;
    let value = Attribute {
        name: Ident::new("value"),
        data_type: column.data_type.clone(),
        collation: None,
        comment: None,
    };
    let object = ObjectId::named(ObjectKind::Composite, &name);
    let composite = CompositeType { name, attributes: vec![value], comment: None };
    let create = Statement::CreateComposite(Box::new(composite));
    Some((create, Statement::Drop { object, removal: Removal::Alone }))
}

fn carrier_name(graph: &Graph<'_>, column: &Column) -> QualifiedName {
    let name = graph.site.free_name(&column.table, &column.name, "value");
    column.table.sibling(name)
}

/// Whether the values of a column are records inside of an array or a domain, whose attributes must be
/// found by their names.
fn is_carried(graph: &Graph<'_>, column: &Column, wanted: &Object) -> bool {
    match wanted {
        Object::Composite(_) => column.data_type.array,
        Object::Domain(it) => {
            is_replaced(graph, &it.data_type) && is_of_records(graph, &it.data_type)
        }
        _ => false,
    }
}

/// Whether a type is composite, or a domain over one.
fn is_of_records(graph: &Graph<'_>, data_type: &PgType) -> bool {
    let Some(name) = user_type(data_type) else { return false };
    let schema = &graph.site.to.schema;
    match schema.get(&ObjectId::named(ObjectKind::Domain, &name)) {
        Some(Object::Domain(it)) => is_of_records(graph, &it.data_type),
        _ => schema.contains(&ObjectId::named(ObjectKind::Composite, &name)),
    }
}

fn is_replaced(graph: &Graph<'_>, data_type: &PgType) -> bool {
    let mut called =
        user_type(data_type).into_iter().flat_map(|it| types_called(&it).collect::<Vec<_>>());
    called.any(|it| matches!(graph.site.dispositions.get(&it), Some(Disposition::ReplaceType)))
}
