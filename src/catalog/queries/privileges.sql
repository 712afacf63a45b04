-- Who may do what, one row for each privilege: those that hold (initial is false), and those that
-- would hold if nobody had said anything (initial is true). Only objects with an ACL of their own.
-- Up to whom a privilege was granted does not matter: it counts as granted by the owner. What initdb
-- or an extension granted is where an object starts from (pg_init_privs); the objects of extensions
-- themselves are left out.
WITH acl (class, object, sub_object, owner, kind, items) AS (
  SELECT 'pg_class'::regclass, oid, 0, relowner,
         (CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relacl
    FROM pg_class WHERE relacl IS NOT NULL AND oid >= 16384
  UNION ALL
  SELECT 'pg_class'::regclass, att.attrelid, att.attnum, cls.relowner, 'c'::"char", att.attacl
    FROM pg_attribute att JOIN pg_class cls ON cls.oid = att.attrelid
   WHERE att.attacl IS NOT NULL AND att.attrelid >= 16384 AND NOT att.attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass, oid, 0, proowner, 'f'::"char", proacl
    FROM pg_proc WHERE proacl IS NOT NULL AND oid >= 16384
  UNION ALL
  SELECT 'pg_namespace'::regclass, oid, 0, nspowner, 'n'::"char", nspacl
    FROM pg_namespace WHERE nspacl IS NOT NULL AND nspname !~ '^pg_'
     AND nspname <> 'information_schema'
  UNION ALL
  SELECT 'pg_type'::regclass, oid, 0, typowner, 'T'::"char", typacl
    FROM pg_type WHERE typacl IS NOT NULL AND oid >= 16384
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 0, lanowner, 'l'::"char", lanacl
    FROM pg_language WHERE lanacl IS NOT NULL AND oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, 'F'::"char", fdwacl
    FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid, 0, srvowner, 'S'::"char", srvacl
    FROM pg_foreign_server WHERE srvacl IS NOT NULL
)
SELECT acl.class::oid AS class,
       acl.object AS object,
       acl.sub_object::integer AS sub_object,
       CASE WHEN item.grantee = 0 THEN 'public' WHEN item.grantee = acl.owner THEN 'owner'
            ELSE 'role' END AS grantee_kind,
       role.rolname AS grantee,
       item.privilege_type AS privilege,
       bool_or(item.is_grantable) AS grantable,
       min(item.place)::integer AS place,
       item.initial AS initial
  FROM acl
  LEFT JOIN pg_init_privs init
         ON init.classoid = acl.class AND init.objoid = acl.object
        AND init.objsubid = acl.sub_object
 CROSS JOIN LATERAL (
       SELECT grantee, privilege_type, is_grantable, place, false AS initial
         FROM aclexplode(acl.items) WITH ORDINALITY
              it (grantor, grantee, privilege_type, is_grantable, place)
        UNION ALL
       SELECT grantee, privilege_type, false, NULL, true
         FROM aclexplode(coalesce(init.initprivs, acldefault(acl.kind, acl.owner)))) item
  LEFT JOIN pg_roles role ON role.oid = item.grantee
 WHERE NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = acl.class AND member.objid = acl.object)
 GROUP BY 1, 2, 3, 4, 5, 6, 9;
