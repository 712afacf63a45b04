//! From dispositions to nodes with statements.

mod inherited_triggers;
mod privileges;
mod types;

use crate::model::Schema;
use crate::model::column::{Column, ColumnValue};
use crate::model::constraint::{Constraint, ConstraintRule};
use crate::model::definition::{Definition, Firing, Removal};
use crate::model::ident::{Ident, QualifiedName};
use crate::model::object::{Object, ObjectId, ObjectKind};
use crate::model::sequence::{ColumnRef, Sequence};
use crate::model::snapshot::Snapshot;
use crate::model::table::{Persistence, ReplicaIdentity, RowSecurity, Table};
use crate::plan::column::default_of;
use crate::plan::decisions::alter::comments::{comment, comment_on_column, comment_on_index};
use crate::plan::decisions::alter::privileges::{by_default, on_object};
use crate::plan::decisions::alter::{alter, late_for_new, not_null};
use crate::plan::decisions::disposition::Disposition;
use crate::plan::decisions::partition;
use crate::plan::dependencies::owners;
use crate::plan::graph::base::Graph;
use crate::plan::graph::key::Role;
use crate::plan::graph::parts::Nodes;
use crate::plan::inheritance::inherited::held_by;
use crate::plan::statement::{ColumnAction, Statement, TableDefinition};
use crate::plan::{namespace, online};

/// What is done to each object.
pub(in crate::plan) fn nodes(graph: &Graph<'_>) -> Nodes {
    let mut nodes = Nodes::new();
    for (id, disposition) in graph.site.dispositions {
        add_nodes(graph, id, disposition, &mut nodes);
    }
    for id in graph.early_defaults() {
        nodes.insert(graph.key(Role::Release, id), default_of_child(id, ColumnAction::DropDefault));
    }
    add_sequence_owners(graph, &mut nodes);
    inherited_triggers::add_firing(graph, &mut nodes);
    nodes
}

/// ALTER COLUMN on a column by its identity.
fn default_of_child(id: &ObjectId, action: ColumnAction) -> Vec<Statement> {
    let table = id.table_name().expect("a column has a table");
    vec![Statement::AlterColumn { column: ColumnRef { table, column: id.name.clone() }, action }]
}

/// Whether the rows of a table are in its partitions.
fn is_partitioned(side: &Snapshot, table: &QualifiedName) -> bool {
    side.schema.table(table).is_some_and(|it| it.partition_by.is_some())
}

fn add_nodes(graph: &Graph<'_>, id: &ObjectId, disposition: &Disposition, nodes: &mut Nodes) {
    if graph.concurrent.swapped.contains(id) {
        return add_swap(graph, id, nodes);
    }
    if disposition.removes() && !graph.is_dropped_inside(id) {
        let object = &graph.site.from.schema.get(id).expect(
            "a dropped object is in the source \
                                                             schema",
        );
        nodes.insert(graph.key(Role::Drop, id), dropping(graph, object));
    }
    if disposition.makes() && !graph.is_created_inside(id) {
        let object =
            &graph.site.to.schema.get(id).expect("a created object is in the target schema");
        nodes.insert(graph.key(Role::Create, id), creating(graph, object));
    }
    match disposition {
        Disposition::Alter(altered) => {
            if !altered.release.is_empty() {
                nodes.insert(graph.key(Role::Release, id), altered.release.clone());
            }
            nodes.insert(graph.key(Role::Alter, id), altered.statements.clone());
            add_late(graph, id, altered.late.clone(), nodes);
        }
        Disposition::ReplaceType => {
            let (new, old) = types::replace_type(graph, id);
            nodes.insert(graph.key(Role::Alter, id), new);
            nodes.insert(graph.key(Role::Late, id), old);
        }
        Disposition::Create | Disposition::Replace | Disposition::Expand(_) => {
            add_clustering(graph, id, nodes);
            add_late(graph, id, kept_identity(graph, id).into_iter().collect(), nodes);
        }
        Disposition::DetachAndDrop => {
            let table = graph.site.from.schema.get(id);
            let detach = table.and_then(partition::detach).into_iter().collect();
            nodes.insert(graph.key(Role::Release, id), detach);
        }
        Disposition::Drop => {}
    }
    add_late_default(graph, id, nodes);
    if let (true, Some(Object::Table(table))) = (disposition.makes(), graph.site.to.schema.get(id))
    {
        add_late(graph, id, late_for_new(table), nodes);
        add_late_not_nulls(graph, id, table, nodes);
    }
}

/// An index that was built beside the one that it replaces takes its name.
fn add_swap(graph: &Graph<'_>, id: &ObjectId, nodes: &mut Nodes) {
    if let Some(Object::Index(index)) = graph.site.to.schema.get(id) {
        let told = kept_identity(graph, id).into_iter();
        let told = told.chain(comments_on(&Object::Index(index.clone())));
        let swap = online::swap(&graph.site, index, told);
        nodes.insert(graph.key(Role::Alter, id), swap);
    }
    add_clustering(graph, id, nodes);
}

/// The default of a new column, where it is set after the table is created.
fn add_late_default(graph: &Graph<'_>, id: &ObjectId, nodes: &mut Nodes) {
    if let (true, Some(Object::Column(column))) =
        (graph.has_late_default(id), graph.site.to.schema.get(id))
    {
        let action = default_of(column).cloned().map(ColumnAction::SetDefault);
        let statements = action.map(|it| default_of_child(id, it)).unwrap_or_default();
        nodes.insert(graph.key(Role::Late, id), statements);
    }
}

/// The NOT NULL constraints that CREATE TABLE cannot have: those that are not valid, and those that are
/// valid on a child alone.
fn add_late_not_nulls(graph: &Graph<'_>, id: &ObjectId, table: &Table, nodes: &mut Nodes) {
    let schema = &graph.site.to.schema;
    // What is not valid on a table is valid on those that are created as its children later.
    let own = schema.columns(&table.name).into_iter().filter(|it| !it.inherited);
    add_late(graph, id, own.flat_map(not_valid).collect(), nodes);
    let inherited = schema.columns(&table.name).into_iter().filter(|it| it.inherited);
    let valid = inherited.filter_map(|it| not_null::validated_apart(schema, it));
    add_late(graph, id, valid.collect(), nodes);
}

/// ADD CONSTRAINT … NOT NULL … NOT VALID.
fn not_valid(column: &Column) -> Vec<Statement> {
    let validated = column.not_null_constraint.validated;
    if validated { Vec::new() } else { not_null::completed(column) }
}

/// Something for the end of a table's changes.
fn add_late(graph: &Graph<'_>, id: &ObjectId, statements: Vec<Statement>, nodes: &mut Nodes) {
    let Some(table) = id.table_name().filter(|_| !statements.is_empty()) else { return };
    let late = nodes.entry(graph.key(Role::Late, &ObjectId::table(&table))).or_default();
    late.extend(statements);
    // A table has one mark at most: setting it on one index takes it off the other.
    let marks = |it: &Statement| matches!(it, Statement::SetCluster { index: Some(_), .. });
    if late.iter().any(marks) {
        late.retain(|it| !matches!(it, Statement::SetCluster { index: None, .. }));
    }
}

/// An index that identifies the rows of its table before and after: a new index has to be told.
fn kept_identity(graph: &Graph<'_>, id: &ObjectId) -> Option<Statement> {
    let table = id.table_name()?;
    let by_it = |side: &Snapshot| match side.schema.get(&ObjectId::table(&table)) {
        Some(Object::Table(it)) => it.replica_identity == ReplicaIdentity::Index(id.name.clone()),
        _ => false,
    };
    let identity = ReplicaIdentity::Index(id.name.clone());
    (by_it(graph.site.from) && by_it(graph.site.to))
        .then_some(Statement::SetReplicaIdentity { table, identity })
}

/// CLUSTER ON is a mark on an index: a new index does not have it.
fn add_clustering(graph: &Graph<'_>, id: &ObjectId, nodes: &mut Nodes) {
    let clustered = match graph.site.to.schema.get(id) {
        Some(Object::Index(it)) => it.clustered,
        Some(Object::Constraint(it)) => match &it.rule {
            ConstraintRule::PrimaryKey(key) | ConstraintRule::Unique(key) => key.clustered,
            _ => false,
        },
        _ => false,
    };
    if let Some(table) = id.table_name().filter(|_| clustered) {
        let statement = Statement::SetCluster { table, index: Some(id.name.clone()) };
        add_late(graph, id, vec![statement], nodes);
    }
}

fn creating(graph: &Graph<'_>, object: &Object) -> Vec<Statement> {
    let mut statements = match object {
        Object::Namespace(it) => vec![namespace::create(&graph.site.to.schema, &it.name)],
        Object::Extension(it) => vec![Statement::CreateExtension(it.clone())],
        Object::Enum(it) => vec![Statement::CreateEnum(it.clone())],
        Object::Domain(it) => types::create_domain(it),
        Object::Composite(it) => types::create_composite(it),
        Object::Sequence(it) => vec![Statement::CreateSequence(it.clone())],
        Object::Table(it) => return create_table(graph, it),
        Object::Column(it) => {
            let mut statements = vec![Statement::AddColumn(Box::new(it.clone()))];
            statements.extend(column_settings(it));
            statements.extend(not_valid(it));
            statements
        }
        Object::Constraint(it) => vec![Statement::AddConstraint(Box::new(it.clone()))],
        Object::Index(it) => {
            let concurrently = graph.concurrent.built.contains(&object.id());
            if concurrently && is_partitioned(graph.site.to, &it.table) {
                online::build_on_partitions(&graph.site, it)
            } else {
                // What is not valid on a partitioned table waits for indexes to be attached.
                let only = !it.valid && is_partitioned(graph.site.to, &it.table);
                vec![Statement::CreateIndex { index: Box::new(it.clone()), concurrently, only }]
            }
        }
        Object::Defined(it) => define(it),
        Object::Privileges(it) => on_object(&privileges::at_first(graph, it), &it.granted, it),
        Object::DefaultPrivileges(it) => {
            let first = it.initial.iter().map(|it| (it.clone(), false)).collect();
            by_default(&first, &it.granted, it)
        }
    };
    statements.extend(privileges::given_unasked(graph, &object.id()));
    statements.extend(comments_on(object));
    statements
}

/// CREATE, what completes it, when it fires, and the comments on its columns.
fn define(definition: &Definition) -> Vec<Statement> {
    let object = &definition.id;
    let create = Statement::Define { definition: Box::new(definition.clone()), or_replace: false };
    let rest = definition.statements.iter().skip(1);
    let completed = rest.map(|it| Statement::Complete { object: object.clone(), sql: it.clone() });
    let firing = definition.firing;
    let fires =
        (firing != Firing::Origin).then(|| Statement::SetFiring { object: object.clone(), firing });
    let comments = definition.column_comments.iter();
    let comments = comments.map(|(name, text)| comment_on_column(object, name, Some(text)));
    std::iter::once(create).chain(completed).chain(fires).chain(comments).collect()
}

/// The comments on a new object, and on the index behind a constraint.
fn comments_on(object: &Object) -> Vec<Statement> {
    let own = object.comment().map(|it| comment(object, Some(it.to_owned())));
    let on_index = match object {
        Object::Constraint(it) => it.index_comment.is_some().then(|| comment_on_index(it)),
        Object::Namespace(_)
        | Object::Extension(_)
        | Object::Enum(_)
        | Object::Domain(_)
        | Object::Composite(_)
        | Object::Sequence(_)
        | Object::Table(_)
        | Object::Column(_)
        | Object::Index(_)
        | Object::Defined(_)
        | Object::Privileges(_)
        | Object::DefaultPrivileges(_) => None,
    };
    own.into_iter().chain(on_index).collect()
}

fn create_table(graph: &Graph<'_>, table: &Table) -> Vec<Statement> {
    let schema = &graph.site.to.schema;
    let column_id = |it: &Column| ObjectId::child(ObjectKind::Column, &it.table, &it.name);
    let mut columns: Vec<Column> = schema.columns(&table.name).into_iter().cloned().collect();
    columns.retain(|it| graph.is_created_inside(&column_id(it)));
    for column in columns.iter_mut().filter(|it| graph.has_late_default(&column_id(it))) {
        column.value = ColumnValue::None;
    }
    let mut constraints: Vec<Constraint> = schema
        .constraints(&table.name)
        .filter(|it| {
            let id = ObjectId::child(ObjectKind::Constraint, &it.table, &it.name);
            graph.is_created_inside(&id)
        })
        .cloned()
        .collect();
    constraints.sort_by_key(|it| reading_order(&it.rule));

    let mut comments: Vec<Statement> = comments_on(&Object::Table(table.clone()));
    let own = columns.iter().filter(|it| !it.inherited);
    comments.extend(own.flat_map(|it| comments_on(&Object::Column(it.clone()))));
    comments.extend(constraints.iter().flat_map(|it| comments_on(&Object::Constraint(it.clone()))));
    // Inherited columns already exist; only differences are applied.
    let (inherited, columns): (Vec<Column>, Vec<Column>) =
        columns.into_iter().partition(|it| it.inherited);
    let mut settings: Vec<Statement> = columns.iter().flat_map(column_settings).collect();
    let mut not_nulls = Vec::new();
    for column in inherited {
        settings.extend(set_inherited(schema, column, &mut not_nulls));
    }
    let security =
        (table.row_security != RowSecurity::Disabled).then(|| Statement::SetRowSecurity {
            table: table.name.clone(),
            from: RowSecurity::Disabled,
            to: table.row_security,
        });
    let definition = TableDefinition { table: table.clone(), columns, constraints, not_nulls };
    let mut statements = vec![Statement::CreateTable(Box::new(definition))];
    statements.extend(settings);
    statements.extend(security);
    statements.extend(privileges::given_unasked(graph, &ObjectId::table(&table.name)));
    statements.extend(comments);
    statements
}

/// The statements that make an inherited column what it is, once CREATE TABLE has made it what the parents
/// have. A name of its NOT NULL constraint has to be in CREATE TABLE.
fn set_inherited(
    schema: &Schema,
    mut column: Column,
    not_nulls: &mut Vec<(Ident, Ident)>,
) -> Vec<Statement> {
    let base = schema.inherited_column(&column.table, &column.name);
    let Some(mut base) = base.map(|it| Column { position: column.position, ..it }) else {
        return Vec::new();
    };
    // What is valid on its own is told so in the end.
    base.not_null_constraint.validated = column.not_null_constraint.validated;
    not_null::name_inherited(schema, &mut base, &mut column);
    // The name of what is inherited cannot be changed later.
    let constraint = &column.not_null_constraint;
    let own_name = constraint.name.as_ref().filter(|_| base.not_null_constraint.name.is_none());
    if let (Some(name), true) = (own_name, column.not_null && constraint.validated) {
        not_nulls.push((column.name.clone(), name.clone()));
        base.not_null = true;
        base.not_null_constraint.name = Some(name.clone());
        base.not_null_constraint.validated = true;
    }
    alter(&base.into(), &column.into()).statements
}

/// Primary key first, foreign keys last.
fn reading_order(rule: &ConstraintRule) -> u8 {
    match rule {
        ConstraintRule::PrimaryKey(_) => 0,
        ConstraintRule::Unique(_) => 1,
        ConstraintRule::Exclude { .. } => 2,
        ConstraintRule::Check { .. } => 3,
        ConstraintRule::ForeignKey(_) => 4,
    }
}

/// What a column definition cannot say in every version (STORAGE came into it with PostgreSQL 16).
fn column_settings(column: &Column) -> Vec<Statement> {
    let name = ColumnRef { table: column.table.clone(), column: column.name.clone() };
    let storage = column.storage.map(|it| ColumnAction::SetStorage(Some(it)));
    let statistics = column.statistics.map(|it| ColumnAction::SetStatistics(Some(it)));
    let (set, reset) = (column.options.clone(), Vec::new());
    let options = (!set.is_empty()).then_some(ColumnAction::SetOptions { set, reset });
    let actions = storage.into_iter().chain(statistics).chain(options);
    let settings = actions.map(|action| Statement::AlterColumn { column: name.clone(), action });
    let validated = column.not_null_constraint.validated;
    let not_null = if validated { not_null::completed(column) } else { Vec::new() };
    settings.chain(not_null).collect()
}

fn dropping(graph: &Graph<'_>, object: &Object) -> Vec<Statement> {
    vec![match object {
        Object::Namespace(it) => namespace::drop(&graph.site.from.schema, &it.name),
        Object::Extension(it) => Statement::DropExtension(it.name.clone()),
        Object::Enum(it) => Statement::DropEnum(it.name.clone()),
        Object::Domain(_) | Object::Composite(_) => {
            Statement::Drop { object: object.id(), removal: Removal::Alone }
        }
        Object::Defined(it) => Statement::Drop { object: it.id.clone(), removal: it.removal },
        Object::Privileges(it) => {
            let last = it.initial.iter().map(|it| (it.clone(), false)).collect();
            return on_object(&it.granted, &last, it);
        }
        Object::DefaultPrivileges(it) => {
            let last = it.initial.iter().map(|it| (it.clone(), false)).collect();
            return by_default(&it.granted, &last, it);
        }
        Object::Sequence(it) => Statement::DropSequence(it.name.clone()),
        Object::Table(it) if it.foreign.is_some() => Statement::DropForeignTable(it.name.clone()),
        Object::Table(it) => Statement::DropTable(it.name.clone()),
        Object::Column(it) => {
            let (table, column) = (it.table.clone(), it.name.clone());
            let only = graph.dropped_only.contains(&object.id());
            Statement::DropColumn { column: ColumnRef { table, column }, only }
        }
        Object::Constraint(it) => Statement::DropConstraint(Box::new(it.clone())),
        Object::Index(it) => Statement::DropIndex {
            table: it.table.clone(),
            name: it.name.clone(),
            concurrently: graph.concurrent.dropped.contains(&object.id()),
            cascade: !held_by(&graph.site.from.schema, &object.id()).is_empty(),
        },
    }]
}

/// Sequences that get, lose or change their owner, or whose owner goes without them.
fn add_sequence_owners(graph: &Graph<'_>, nodes: &mut Nodes) {
    let gone = |owner: &ColumnRef| {
        let removed =
            |it: &ObjectId| graph.site.dispositions.get(it).is_some_and(Disposition::removes);
        owners(&graph.site.from.schema, owner).iter().any(removed)
    };
    let sequence = |object: Option<&Object>| match object {
        Some(Object::Sequence(it)) => Some(it.clone()),
        _ => None,
    };
    for (id, object) in graph.site.to.schema.iter() {
        let Object::Sequence(wanted) = object else { continue };
        let made = graph.site.dispositions.get(id).is_some_and(Disposition::makes);
        let present: Option<Sequence> = sequence(graph.site.from.schema.get(id)).filter(|_| !made);
        let before = present.as_ref().and_then(|it| it.owned_by.as_ref());
        let lost = before.is_some_and(gone);
        if lost || (before.is_some() && wanted.owned_by.is_none()) {
            let (name, owner) = (wanted.name.clone(), None);
            let statement = Statement::SetSequenceOwner { name, owner };
            nodes.insert(graph.key(Role::Release, id), vec![statement]);
        }
        if wanted.owned_by.is_some() && (lost || before != wanted.owned_by.as_ref()) {
            let (name, owner) = (wanted.name.clone(), wanted.owned_by.clone());
            let statement = Statement::SetSequenceOwner { name, owner };
            nodes.insert(graph.key(Role::Late, id), vec![statement]);
        } else if before.is_some_and(|it| takes_along(graph, &it.table, wanted.persistence)) {
            let (relation, persistence) = (id.clone(), wanted.persistence);
            let statement = Statement::SetPersistence { relation, persistence };
            nodes.insert(graph.key(Role::Late, id), vec![statement]);
        }
    }
}

/// Whether a table changes how it is logged to something else than its sequence shall be: ALTER
/// TABLE takes the sequences of its columns along (since PostgreSQL 15).
fn takes_along(graph: &Graph<'_>, table: &QualifiedName, wanted: Persistence) -> bool {
    let persistence = |side: &Snapshot| match side.schema.get(&ObjectId::table(table)) {
        Some(Object::Table(it)) => Some(it.persistence),
        _ => None,
    };
    let after = persistence(graph.site.to);
    after.is_some_and(|it| it != wanted) && persistence(graph.site.from) != after
}
