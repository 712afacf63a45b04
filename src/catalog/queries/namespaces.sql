-- Namespaces that a user made, and public. pg_* and information_schema are the system's.
SELECT ns.oid AS oid,
       ns.nspname AS name
  FROM pg_namespace ns
 WHERE ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_namespace'::regclass AND member.objid = ns.oid);
