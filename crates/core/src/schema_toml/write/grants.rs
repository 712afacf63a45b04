//! Privileges, in the object.

use super::Writer;
use super::fields::FieldsOut;
use super::toml_text::Value;
use crate::model::object::{Object, ObjectId};
use crate::model::privileges::{DefaultPrivileges, Grantee, Grants, Privileges};
use crate::schema_toml::form::{DefaultPrivilegesForm, GRANTS, PROVIDED, RootForm};
use crate::schema_toml::lower::{WITH_OPTION, written_grantee};

impl Writer<'_> {
    /// `provided` and `grants` of an object.
    pub(super) fn grants(&self, fields: &mut FieldsOut, on: &ObjectId) {
        fields.flag(&PROVIDED, self.is_marked(on));
        let found = self.privileges.get(on).into_iter().flatten();
        fields.map(&GRANTS, found.map(|it| entry(&it.grantee, &it.granted)));
    }

    /// `[[default_privileges]]`: one entry for those that say the same but for the grantee.
    pub(super) fn default_privileges(&mut self) {
        let all: Vec<&DefaultPrivileges> = self
            .objects()
            .filter_map(|(_, object)| match object {
                Object::DefaultPrivileges(it) => Some(it),
                _ => None,
            })
            .collect();
        let sort = |it: &DefaultPrivileges| {
            let provided = self.provided.contains(&it.id());
            (it.objects.clone(), it.namespace.clone(), it.role.clone(), provided)
        };
        let mut sorts: Vec<_> = all.iter().map(|it| sort(it)).collect();
        sorts.sort();
        sorts.dedup();
        for wanted in sorts {
            let own = all.iter().filter(|it| sort(it) == wanted);
            let mut fields = FieldsOut::of::<DefaultPrivilegesForm>();
            let (objects, namespace, role, provided) = &wanted;
            fields.text(&DefaultPrivilegesForm::OBJECTS, objects.to_lowercase());
            let namespace = namespace.as_ref().map(|it| it.as_str());
            fields.optional(&DefaultPrivilegesForm::SCHEMA, namespace);
            fields.optional(&DefaultPrivilegesForm::ROLE, role.as_ref().map(|it| it.as_str()));
            fields.flag(&PROVIDED, *provided);
            fields.map(&GRANTS, own.map(|it| entry(&it.grantee, &it.granted)));
            self.out.push_str(if self.out.is_empty() { "" } else { "\n" });
            self.out.push_str(&format!("[[{}]]\n", RootForm::DEFAULT_PRIVILEGES.name()));
            fields.into_entries().iter().for_each(|(key, value)| self.entry(key, value));
        }
    }
}

fn entry(grantee: &Grantee, granted: &Grants) -> (String, Value) {
    let privileges = granted.iter().map(|(name, option)| {
        let option = if *option { WITH_OPTION } else { "" };
        format!("{}{option}", name.to_lowercase())
    });
    let privileges: Vec<String> = privileges.collect();
    (written_grantee(grantee).as_str().to_owned(), Value::texts(privileges))
}

/// The privileges of a schema by what they are on.
pub(super) fn by_object(
    schema: &crate::model::Schema,
) -> std::collections::BTreeMap<ObjectId, Vec<Privileges>> {
    let mut found = std::collections::BTreeMap::<ObjectId, Vec<Privileges>>::new();
    for (_, object) in schema.iter() {
        if let Object::Privileges(it) = object {
            found.entry(it.on.clone()).or_default().push(it.clone());
        }
    }
    found.values_mut().for_each(|it| it.sort_by_key(|it| it.position));
    found
}
