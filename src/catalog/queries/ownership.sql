-- What other roles own: schemas, and what stands in none. And what the session's role owns inside of
-- schemas of others. Whoever has the rights of the owner counts as the owner (pg_has_role), so
-- for a superuser there are no others. public is everybody's. oid < 16384 is what initdb made.
WITH owned (class, oid, kind, name, owner) AS (
  SELECT 'pg_namespace'::regclass, oid, 'schema', nspname, nspowner
    FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
  UNION ALL
  SELECT 'pg_extension'::regclass, oid, 'extension', extname, extowner FROM pg_extension
   WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_publication'::regclass, oid, 'publication', pubname, pubowner FROM pg_publication
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, oid, 'event_trigger', evtname, evtowner
    FROM pg_event_trigger
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 'language', lanname, lanowner FROM pg_language
   WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'foreign_data_wrapper', fdwname, fdwowner
    FROM pg_foreign_data_wrapper
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid, 'server', srvname, srvowner FROM pg_foreign_server
), inside (oid, name, owner) AS (
  SELECT relnamespace, relname, relowner FROM pg_class WHERE relkind NOT IN ('i', 'I', 't')
  UNION ALL
  SELECT pronamespace, proname, proowner FROM pg_proc
  UNION ALL
  SELECT typnamespace, typname, typowner FROM pg_type
)
SELECT owned.kind AS kind,
       NULL::name AS namespace,
       owned.name AS name,
       pg_get_userbyid(owned.owner) AS owner
  FROM owned
 WHERE NOT pg_has_role(owned.owner, 'USAGE')
UNION ALL
SELECT DISTINCT 'own', ns.nspname, inside.name, pg_get_userbyid(inside.owner)
  FROM inside
  JOIN pg_namespace ns ON ns.oid = inside.oid
 WHERE NOT pg_has_role(ns.nspowner, 'USAGE') AND pg_has_role(inside.owner, 'USAGE')
   AND ns.nspname !~ '^pg_' AND ns.nspname NOT IN ('information_schema', 'public');
