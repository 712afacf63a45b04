//! Saving owners and privileges of dropped objects, and restoring them for the recreated ones.
//!
//! They are saved in a setting of the session: that needs no privilege, and works in `psql` as in a
//! run. The access control lists are those of the database that the SQL runs on (`aclexplode`,
//! `acldefault`: the manual's section "System Information Functions").

use crate::model::definition::DefinedKind;
use crate::model::object::{ObjectId, ObjectKind};

use super::literal;
use super::privileges::target;
use super::subject::subject;

/// The setting of the session.
const SETTING: &str = "aludel.noted";

/// RESET ALL that leaves what was noted, so that a later transaction of the same revision finds it.
#[must_use]
pub fn reset_all() -> String {
    format!(
        "DO $aludel$ DECLARE noted text := current_setting('{SETTING}', true); \
         BEGIN RESET ALL; IF noted <> '' THEN PERFORM set_config('{SETTING}', noted, false); \
         END IF; END $aludel$"
    )
}

/// Where the catalog has an object with its owner.
struct Place {
    catalog: &'static str,
    /// What the names of its columns begin with.
    prefix: &'static str,
    /// What `acldefault` calls objects of this kind.
    default: char,
    /// The condition that finds the object.
    found: String,
}

fn place(id: &ObjectId) -> Place {
    let by_name = |catalog, prefix, default, reference: &str| {
        let found = format!("oid = {}::{reference}", literal(&name_of(id)));
        Place { catalog, prefix, default, found }
    };
    match id.kind {
        ObjectKind::Sequence => by_name("pg_class", "rel", 's', "regclass"),
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite => {
            by_name("pg_type", "typ", 'T', "regtype")
        }
        ObjectKind::Defined(kind) if kind.is_type() => by_name("pg_type", "typ", 'T', "regtype"),
        ObjectKind::Defined(kind) if kind.is_routine() => {
            by_name("pg_proc", "pro", 'f', "regprocedure")
        }
        // There is no type of references to servers.
        ObjectKind::Defined(DefinedKind::Server) => {
            let found = format!("srvname = {}", literal(id.name.as_str()));
            Place { catalog: "pg_foreign_server", prefix: "srv", default: 'S', found }
        }
        // Tables and views. What has no owner (`is_owned`) is not noted.
        ObjectKind::Table
        | ObjectKind::Defined(_)
        | ObjectKind::Namespace
        | ObjectKind::Extension
        | ObjectKind::Column
        | ObjectKind::Constraint
        | ObjectKind::Index
        | ObjectKind::Privileges
        | ObjectKind::DefaultPrivileges => by_name("pg_class", "rel", 'r', "regclass"),
    }
}

/// Reads owners and access control lists.
pub(super) fn note(objects: &[ObjectId], privileges: bool) -> String {
    let mut rows: Vec<String> = Vec::new();
    for id in objects {
        if id.kind != ObjectKind::Column {
            rows.push(row(id, privileges));
        }
        if privileges && has_columns(id.kind) {
            rows.push(columns(id));
        }
    }
    let rows = rows.join("\n        UNION ALL\n");
    format!(
        "DO $aludel$
BEGIN
    PERFORM set_config('{SETTING}', coalesce(jsonb_agg(noted), '[]')::text, false)
    FROM (
{rows}
    ) AS noted (object, altered, owner, attribute, privileges);
END
$aludel$"
    )
}

fn row(id: &ObjectId, privileges: bool) -> String {
    let (on, owned) = (literal(&target(id)), literal(&subject(id)));
    let Place { catalog, prefix, default, found } = place(id);
    let list = if privileges {
        format!("coalesce({prefix}acl, acldefault('{default}', {prefix}owner))")
    } else {
        "NULL".to_owned()
    };
    format!(
        "        SELECT {on}, {owned}, {prefix}owner::regrole::text, NULL, {list}::text[]
        FROM {catalog} WHERE {found}"
    )
}

/// What is granted on columns alone (`pg_attribute.attacl`).
fn columns(id: &ObjectId) -> String {
    let table = id.table_name().or_else(|| id.qualified_name());
    let table = literal(&table.map(|it| it.to_string()).unwrap_or_default());
    let alone = if id.kind == ObjectKind::Column {
        format!(" AND attname = {}", literal(id.name.as_str()))
    } else {
        String::new()
    };
    format!(
        "        SELECT {}, NULL, NULL, quote_ident(attname), attacl::text[]
        FROM pg_attribute
        WHERE attrelid = {table}::regclass{alone} AND attacl IS NOT NULL AND NOT attisdropped",
        literal(&target(id))
    )
}

fn has_columns(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::Column
            | ObjectKind::Defined(DefinedKind::View | DefinedKind::MaterializedView)
    )
}

/// An object's name as input functions of its catalog take it.
fn name_of(id: &ObjectId) -> String {
    let table = id.table_name().filter(|_| id.kind == ObjectKind::Table);
    let name = table.or_else(|| id.qualified_name());
    let name = name.map_or_else(|| id.name.to_string(), |it| it.to_string());
    let signature = id.signature.as_ref().map_or("", |it| it.as_str());
    // An aggregate without arguments, and one with arguments in an order of their own.
    let signature = signature.replace("(*)", "()").replace("(ORDER BY ", "(");
    format!("{name}{}", signature.replace(" ORDER BY ", ", "))
}

/// Gives objects back what was read.
pub(super) fn restore(objects: &[ObjectId]) -> String {
    let mut targets: Vec<String> = objects.iter().map(|it| literal(&target(it))).collect();
    targets.dedup();
    let targets = targets.join(", ");
    let owned = objects.iter().any(|it| it.kind != ObjectKind::Column);
    let (variables, owners) = if owned { ("    role text;\n", RESTORE_OWNER) } else { ("", "") };
    format!(
        "DO $aludel$
DECLARE
    noted record;
{variables}    privilege record;
BEGIN
    IF coalesce(current_setting('{SETTING}', true), '') = '' THEN
        RAISE EXCEPTION 'the saved owners and privileges are lost: the session that saved them has ended'
            USING HINT = 'Grant them by hand, and remove this statement from the file.';
    END IF;
    FOR noted IN
        SELECT * FROM jsonb_to_recordset(current_setting('{SETTING}')::jsonb)
            AS noted (object text, altered text, owner text, attribute text, privileges text[])
        WHERE object IN ({targets})
    LOOP
{owners}        FOR privilege IN
            SELECT privilege_type || coalesce(' (' || noted.attribute || ')', '') AS granted,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee,
                CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS option
            FROM unnest(noted.privileges) AS item, aclexplode(ARRAY[item::aclitem])
        LOOP
            EXECUTE format('GRANT %s ON %s TO %s%s', privilege.granted, noted.object,
                privilege.grantee, privilege.option);
        END LOOP;
    END LOOP;
END
$aludel$"
    )
}

/// What a new object has is taken from all who can have got it: its owner, PUBLIC, and those that
/// default privileges name.
const RESTORE_OWNER: &str = "        IF noted.owner IS NOT NULL THEN
            EXECUTE format('ALTER %s OWNER TO %s', noted.altered, noted.owner);
            FOR role IN
                SELECT noted.owner UNION SELECT 'PUBLIC'
                UNION SELECT grantee::regrole::text
                FROM pg_default_acl, aclexplode(defaclacl) WHERE grantee <> 0
            LOOP
                CONTINUE WHEN noted.privileges IS NULL;
                EXECUTE format('REVOKE ALL ON %s FROM %s', noted.object, role);
            END LOOP;
        END IF;
";
