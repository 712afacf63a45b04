-- What an index build gets, how far replicas are behind, and which pgvector there is.
SELECT pg_catalog.pg_size_bytes(pg_catalog.current_setting('maintenance_work_mem')) AS maintenance_work_mem,
       pg_catalog.current_setting('max_parallel_maintenance_workers')::int4 AS parallel_workers,
       (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'vector') AS pgvector,
       CASE WHEN NOT pg_catalog.pg_is_in_recovery()
            THEN (SELECT pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), replay_lsn))::int8
                    FROM pg_catalog.pg_stat_replication) END AS replication_lag
