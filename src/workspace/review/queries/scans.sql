-- How often the session has read each table from its first page on. What it has not reported yet counts as well, so
-- only the difference of two answers says something.
SELECT relid AS oid, seq_scan AS count FROM pg_catalog.pg_stat_xact_all_tables WHERE seq_scan > 0
