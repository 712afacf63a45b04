//! The GRANT and REVOKE statements of a grantee.

use crate::model::object::{Object, ObjectId};
use crate::model::privileges::{DefaultPrivileges, Grants, Privileges, default_sort};
use crate::plan::decisions::alter::privileges::on_object;
use crate::plan::graph::base::Graph;
use crate::plan::statement::Statement;

/// What a new object gives its grantee before anybody says anything: what every object of its kind
/// gives, and the default privileges that hold while the plan is carried out.
pub(in crate::plan) fn at_first(graph: &Graph<'_>, privileges: &Privileges) -> Grants {
    let mut grants: Grants = privileges.initial.iter().map(|it| (it.clone(), false)).collect();
    let standing = graph.site.from.schema.contains(&privileges.on)
        && !graph.site.dispositions.get(&privileges.on).is_some_and(|it| it.makes());
    if !standing {
        for given in in_force(graph, &privileges.on) {
            if given.grantee == privileges.grantee {
                grants.extend(given.granted.clone());
            }
        }
    }
    grants
}

/// What default privileges give on a new object to those who shall have nothing on it.
pub(in crate::plan) fn given_unasked(graph: &Graph<'_>, object: &ObjectId) -> Vec<Statement> {
    let mut statements = Vec::new();
    for given in in_force(graph, object) {
        let (granted, initial) = (given.granted.clone(), given.initial.clone());
        let (on, grantee) = (object.clone(), given.grantee.clone());
        let privileges = Privileges { on, grantee, position: 0, granted, initial };
        if !graph.site.to.schema.contains(&privileges.id()) {
            let wanted = privileges.initial.iter().map(|it| (it.clone(), false)).collect();
            statements.extend(on_object(&privileges.granted, &wanted, &privileges));
        }
    }
    statements
}

/// The default privileges for new objects like this one of the role that carries out the plan.
fn in_force<'a>(
    graph: &'a Graph<'_>,
    object: &'a ObjectId,
) -> impl Iterator<Item = &'a DefaultPrivileges> {
    let sort = default_sort(object.kind);
    graph.site.from.schema.iter().filter_map(move |(id, it)| match it {
        Object::DefaultPrivileges(it) => {
            let here = it.namespace.is_none() || it.namespace == object.namespace;
            let stays = !graph.site.dispositions.get(id).is_some_and(|it| it.removes());
            (it.role.is_none() && here && stays && Some(it.objects.as_str()) == sort).then_some(it)
        }
        _ => None,
    })
}
