//! GRANT and REVOKE: the smallest change of the privileges of a grantee.

use crate::model::privileges::{DefaultPrivileges, Grantee, Grants, Privileges};
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
/// the server, so its privileges are revoked and granted again.
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
