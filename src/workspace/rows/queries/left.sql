-- What makes tables empty again, and drops the invalid indexes that were left on them.
SELECT pg_catalog.format('DROP INDEX %I.%I', namespace.nspname, it.relname) AS statement
  FROM pg_catalog.pg_index index
  JOIN pg_catalog.pg_class it ON it.oid = index.indexrelid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
 WHERE index.indrelid = ANY ($1) AND NOT index.indisvalid AND it.relkind = 'i'
 UNION ALL
SELECT 'TRUNCATE ' || pg_catalog.string_agg(
           pg_catalog.format('%I.%I', namespace.nspname, it.relname), ', ') || ' CASCADE'
  FROM pg_catalog.pg_class it
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
 WHERE it.oid = ANY ($1) AND it.relkind = 'r'
HAVING pg_catalog.count(*) > 0
