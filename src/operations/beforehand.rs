//! Notes of `revision --autogenerate` about extensions and schemas that the database already has,
//! or that its role may not create.

use crate::catalog::{Beforehand, beforehand};
use crate::config::DatabasePlace;
use crate::connection::ignore_notices;
use crate::diff::Change;
use crate::model::object::{Object, ObjectId};

use super::Project;

/// Asks the configured server, if there is one, for what the changes create. A server that does not
/// answer is no reason to write no revision.
pub(super) async fn tell(project: &Project, changes: &[Change]) {
    let created: Vec<ObjectId> = changes.iter().filter_map(created).collect();
    let is_server = matches!(project.workspace.database().place.value, DatabasePlace::Server(_));
    if created.is_empty() || !is_server {
        return;
    }
    let found = match project.workspace.connect(ignore_notices()).await {
        Ok(database) => {
            let found = beforehand(&database.connection, &created).await;
            database.close().await;
            found.map_err(|it| it.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    match found {
        Ok(found) => tell_found(project, &found),
        Err(reason) => project.note(&format!(
            "cannot check which extensions and schemas the database already has: {reason}"
        )),
    }
}

fn created(change: &Change) -> Option<ObjectId> {
    match change {
        Change::Create(Object::Extension(_) | Object::Namespace(_)) => Some(change.id()),
        Change::Create(_)
        | Change::Drop(_)
        | Change::Alter { .. }
        | Change::Rename { .. }
        | Change::RenameLabel { .. } => None,
    }
}

fn tell_found(project: &Project, found: &[Beforehand]) {
    for it in found {
        project.note(&match it {
            Beforehand::There { id, owner } => {
                format!("the database already has {id}, owned by role {owner}")
            }
            Beforehand::Forbidden { id, role } => {
                format!("role {role} may not create {id}: an administrator has to create it")
            }
            Beforehand::Unavailable { id } => {
                format!("{id} is not available on the server of the database")
            }
        });
    }
    let is_others = |it: &Beforehand| match it {
        Beforehand::There { .. } | Beforehand::Forbidden { .. } => true,
        Beforehand::Unavailable { .. } => false,
    };
    if found.iter().any(is_others) {
        project.hint(
            "if an administrator or a platform creates it, declare it with `provided = true`: then \
             no revision creates or drops it",
        );
    }
}
