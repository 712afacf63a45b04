//! What is granted and revoked so that a grantee has what it shall have.

use crate::model::object::{Object, ObjectId};
use crate::model::privileges::{DefaultPrivileges, Grantee, Grants, Privileges, default_sort};
use crate::plan::graph::Graph;
use crate::plan::statement::{Granting, Statement};

/// Privileges on an object.
pub(in crate::plan) fn on_object(
    before: &Grants,
    after: &Grants,
    privileges: &Privileges,
) -> Vec<Statement> {
    let (on, grantee) = (privileges.on.clone(), privileges.grantee.clone());
    let say = |granting| Statement::Grant { on: on.clone(), grantee: grantee.clone(), granting };
    changes(before, after, &grantee).into_iter().map(say).collect()
}

/// Privileges on objects to come.
pub(in crate::plan) fn by_default(
    before: &Grants,
    after: &Grants,
    privileges: &DefaultPrivileges,
) -> Vec<Statement> {
    let say = |granting| Statement::GrantByDefault {
        role: privileges.role.clone(),
        namespace: privileges.namespace.clone(),
        objects: privileges.objects.clone(),
        grantee: privileges.grantee.clone(),
        granting,
    };
    changes(before, after, &privileges.grantee).into_iter().map(say).collect()
}

/// The least that leads from one to the other. What an owner has by itself depends on the version of
/// the server, so its rights are taken away and given anew.
fn changes(before: &Grants, after: &Grants, grantee: &Grantee) -> Vec<Granting> {
    let names = |it: &dyn Fn(&str) -> bool, side: &Grants| -> Vec<String> {
        side.keys().filter(|name| it(name)).cloned().collect()
    };
    if *grantee == Grantee::Owner {
        let given = names(&|_| true, after);
        return [Granting::RevokeAll]
            .into_iter()
            .chain(
                (!given.is_empty()).then_some(Granting::Grant { privileges: given, option: false }),
            )
            .collect();
    }
    let gone = names(&|it| !after.contains_key(it), before);
    let kept = names(&|it| before.get(it) == Some(&true) && after.get(it) == Some(&false), before);
    let plain = names(&|it| after.get(it) == Some(&false) && !before.contains_key(it), after);
    let option = names(&|it| after.get(it) == Some(&true) && before.get(it) != Some(&true), after);
    let all = [
        Granting::Revoke { privileges: gone, option_only: false },
        Granting::Revoke { privileges: kept, option_only: true },
        Granting::Grant { privileges: plain, option: false },
        Granting::Grant { privileges: option, option: true },
    ];
    all.into_iter().filter(|it| !it.is_empty()).collect()
}

/// What a new object gives its grantee before anybody says anything: what every object of its kind
/// gives, and the default privileges that hold while the plan is carried out.
pub(super) fn at_first(graph: &Graph<'_>, privileges: &Privileges) -> Grants {
    let mut grants: Grants = privileges.initial.iter().map(|it| (it.clone(), false)).collect();
    let standing = graph.from.schema.contains(&privileges.on)
        && !graph.treatments.get(&privileges.on).is_some_and(|it| it.makes());
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
pub(super) fn given_unasked(graph: &Graph<'_>, object: &ObjectId) -> Vec<Statement> {
    let mut statements = Vec::new();
    for given in in_force(graph, object) {
        let (granted, initial) = (given.granted.clone(), given.initial.clone());
        let (on, grantee) = (object.clone(), given.grantee.clone());
        let privileges = Privileges { on, grantee, position: 0, granted, initial };
        if !graph.to.schema.contains(&privileges.id()) {
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
    graph.from.schema.iter().filter_map(move |(id, it)| match it {
        Object::DefaultPrivileges(it) => {
            let here = it.namespace.is_none() || it.namespace == object.namespace;
            let stays = !graph.treatments.get(id).is_some_and(|it| it.removes());
            (it.role.is_none() && here && stays && Some(it.objects.as_str()) == sort).then_some(it)
        }
        _ => None,
    })
}
