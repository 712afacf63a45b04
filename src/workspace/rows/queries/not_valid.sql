-- Constraints that rows written before them need not fulfil: what drops them, and what makes them again.
WITH wanted AS (
    SELECT pg_catalog.unnest($1) AS oid
     UNION
    SELECT above.relid::oid
      FROM pg_catalog.unnest($1) AS it, pg_catalog.pg_partition_ancestors(it) above
)
SELECT pg_catalog.format('ALTER TABLE %I.%I DROP CONSTRAINT %I',
                         namespace.nspname, of.relname, it.conname) AS gone,
       pg_catalog.format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s',
                         namespace.nspname, of.relname, it.conname,
                         pg_catalog.pg_get_constraintdef(it.oid)) AS back
  FROM wanted
  JOIN pg_catalog.pg_constraint it ON it.conrelid = wanted.oid
  JOIN pg_catalog.pg_class of ON of.oid = it.conrelid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = of.relnamespace
 WHERE NOT it.convalidated AND it.contype IN ('c', 'f') AND it.coninhcount = 0 AND it.conparentid = 0
 ORDER BY it.oid
