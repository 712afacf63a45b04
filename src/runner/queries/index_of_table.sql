-- The index of this name on this table, whether it can be used, and who is building it now.
SELECT i.indexrelid::regclass::text AS name,
       i.indisvalid AS valid,
       (SELECT p.pid FROM pg_catalog.pg_stat_progress_create_index AS p
         WHERE p.index_relid = i.indexrelid LIMIT 1) AS builder
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
 WHERE i.indrelid = pg_catalog.to_regclass($2)
   AND c.relname = $1::name
   AND c.relkind = 'i'
