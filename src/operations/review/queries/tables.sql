-- The size of tables, partitions counted with their parents, and of their indexes. Where nobody has counted rows, they
-- are estimated by the size.
WITH part AS (
    SELECT it.oid AS table, coalesce(tree.relid, it.oid)::oid AS part,
           CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(it.relname)
                ELSE pg_catalog.format('%I.%I', namespace.nspname, it.relname) END AS name
      FROM pg_catalog.pg_class it
      JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
      LEFT JOIN LATERAL pg_catalog.pg_partition_tree(it.oid) tree ON tree.isleaf
     WHERE it.relkind IN ('r', 'p', 'm') AND namespace.nspname !~ '^(pg_|information_schema$)'
)
SELECT part.name,
       pg_catalog.sum(CASE WHEN pg_catalog.pg_relation_size(it.oid) = 0 THEN 0
                           WHEN it.reltuples > 0 THEN it.reltuples::float8
                           ELSE 1 + pg_catalog.pg_relation_size(it.oid) / 100 END)::int8 AS rows,
       pg_catalog.sum(pg_catalog.pg_table_size(it.oid))::int8 AS bytes,
       pg_catalog.sum(pg_catalog.pg_indexes_size(it.oid))::int8 AS index_bytes,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_index index WHERE index.indrelid = part.table) AS indexes
  FROM part
  JOIN pg_catalog.pg_class it ON it.oid = part.part
 WHERE part.name = ANY ($1)
 GROUP BY part.table, part.name
 ORDER BY bytes DESC, part.name
