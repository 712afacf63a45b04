-- What the statistics of the server say of vector indexes and their tables, partitions counted with their parents.
SELECT CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(idx_class.relname)
            ELSE pg_catalog.format('%I.%I', namespace.nspname, idx_class.relname) END AS index_sql,
       -- What an interrupted REINDEX CONCURRENTLY leaves.
       idx_class.relname ~ '_cc(new|old)[0-9]*$' AND NOT (idx.indisvalid AND idx.indisready) AS is_left_over,
       coalesce(stat.live, 0)::int8 AS live,
       coalesce(stat.dead, 0)::int8 AS dead,
       coalesce(stat.toast_pages, 0)::int8 AS toast_pages,
       (SELECT setting::int8 * pg_catalog.current_setting('block_size')::int8
          FROM pg_catalog.pg_settings WHERE name = 'shared_buffers') AS shared_buffers,
       (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector') AS pgvector
  FROM pg_catalog.pg_index idx
  JOIN pg_catalog.pg_class idx_class ON idx_class.oid = idx.indexrelid
  JOIN pg_catalog.pg_am am ON am.oid = idx_class.relam
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = idx_class.relnamespace,
       LATERAL (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_live_tuples(it.oid)) AS live,
                       pg_catalog.sum(pg_catalog.pg_stat_get_dead_tuples(it.oid)) AS dead,
                       pg_catalog.sum(CASE WHEN it.reltoastrelid <> 0
                                           THEN pg_catalog.pg_relation_size(it.reltoastrelid)
                                                / pg_catalog.current_setting('block_size')::int8 END) AS toast_pages
                  FROM pg_catalog.pg_class it
                 WHERE it.oid = idx.indrelid OR it.oid IN (
                       SELECT relid FROM pg_catalog.pg_partition_tree(idx.indrelid) WHERE isleaf)) stat
 WHERE am.amname IN ('hnsw', 'ivfflat') AND NOT idx_class.relispartition
