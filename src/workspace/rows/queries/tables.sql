-- The tables to be filled: some by name or number, what they reference, and all partitions and children.
WITH RECURSIVE named AS (
    SELECT it.oid
      FROM pg_catalog.pg_class it
      JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
      JOIN ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) wanted (namespace, name)
        ON wanted.namespace = namespace.nspname AND wanted.name = it.relname
     WHERE it.relkind IN ('r', 'p')
     UNION
    SELECT it.oid FROM pg_catalog.pg_class it WHERE it.oid = ANY ($3)
), further AS (
    SELECT conrelid AS of, confrelid AS oid FROM pg_catalog.pg_constraint WHERE contype = 'f'
     UNION ALL
    SELECT inhparent, inhrelid FROM pg_catalog.pg_inherits
), wanted AS (
    SELECT oid FROM named
     UNION
    SELECT further.oid FROM wanted JOIN further ON further.of = wanted.oid
)
SELECT it.oid,
       pg_catalog.format('%I.%I', namespace.nspname, it.relname) AS name,
       ARRAY(SELECT above.relname::text
               FROM pg_catalog.pg_partition_ancestors(it.oid) tree
               JOIN pg_catalog.pg_class above ON above.oid = tree.relid
              UNION
             SELECT it.relname::text) AS words,
       EXISTS (SELECT FROM named WHERE named.oid = it.oid
                UNION ALL
               SELECT FROM pg_catalog.pg_partition_ancestors(it.oid) above
                 JOIN named ON named.oid = above.relid) AS touched,
       CASE WHEN it.relispartition
            THEN pg_catalog.pg_get_partition_constraintdef(it.oid) END AS bound
  FROM wanted
  JOIN pg_catalog.pg_class it ON it.oid = wanted.oid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
 WHERE it.relkind = 'r'
 ORDER BY 2
