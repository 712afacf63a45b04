-- What the role may do about the ledger, whose schema is $1 and whose tables are $2 (revisions) and $3
-- (events).
SELECT current_user::text AS role,
       current_database()::text AS database,
       ns.oid IS NOT NULL AS schema_exists,
       CASE WHEN ns.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
            ELSE has_schema_privilege(ns.oid, 'USAGE') AND has_schema_privilege(ns.oid, 'CREATE')
       END AS may_create,
       revision.oid IS NOT NULL AND event.oid IS NOT NULL AS tables_exist,
       coalesce(has_schema_privilege(ns.oid, 'USAGE')
                AND has_table_privilege(revision.oid, 'SELECT')
                AND has_table_privilege(revision.oid, 'INSERT')
                AND has_table_privilege(revision.oid, 'UPDATE')
                AND has_table_privilege(revision.oid, 'DELETE')
                AND has_table_privilege(event.oid, 'SELECT')
                AND has_table_privilege(event.oid, 'INSERT'), false) AS may_write,
       has_schema_privilege('public', 'CREATE') AS may_create_in_public
  FROM (VALUES (1)) one
  LEFT JOIN pg_catalog.pg_namespace ns ON ns.nspname = $1
  LEFT JOIN pg_catalog.pg_class revision
         ON revision.relnamespace = ns.oid AND revision.relname = $2
  LEFT JOIN pg_catalog.pg_class event ON event.relnamespace = ns.oid AND event.relname = $3
