-- Default privileges: what holds for objects to come, and what would hold if nobody had said anything.
-- Those of one schema are added to those of the whole database, so there they start from nothing.
SELECT CASE WHEN role.rolname <> current_user THEN role.rolname END AS role,
       ns.nspname AS namespace,
       CASE acl.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
            WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
            ELSE 'LARGE OBJECTS' END AS objects,
       CASE WHEN item.grantee = 0 THEN 'public' WHEN item.grantee = acl.defaclrole THEN 'owner'
            ELSE 'role' END AS grantee_kind,
       grantee.rolname AS grantee,
       item.privilege_type AS privilege,
       bool_or(item.is_grantable) AS grantable,
       item.initial AS initial
  FROM pg_default_acl acl
  JOIN pg_roles role ON role.oid = acl.defaclrole
  LEFT JOIN pg_namespace ns ON ns.oid = acl.defaclnamespace
 CROSS JOIN LATERAL (
       SELECT grantee, privilege_type, is_grantable, false AS initial
         FROM aclexplode(acl.defaclacl)
        UNION ALL
       SELECT grantee, privilege_type, false, true
         FROM aclexplode(acldefault(CASE acl.defaclobjtype WHEN 'S' THEN 's'
                                                           ELSE acl.defaclobjtype END,
                                    acl.defaclrole))
        WHERE acl.defaclnamespace = 0) item
  LEFT JOIN pg_roles grantee ON grantee.oid = item.grantee
 WHERE ns.nspname IS NULL
    OR ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
 GROUP BY 1, 2, 3, 4, 5, 6, 8;
