-- Who keeps the session of backend $1 waiting: those that hold the lock it waits for, or wait for it
-- before it (manual, "pg_blocking_pids"), and whether that is autovacuum of a table.
--
-- A role without pg_read_all_stats sees neither backend_type nor query of others; but a worker has no
-- user, which everybody sees, and how old a table's oldest transaction ID is says what it is for.
SELECT a.pid,
       a.application_name AS application,
       a.usename::text AS user_name,
       to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
       a.state,
       a.query,
       coalesce(a.backend_type = 'autovacuum worker', a.usesysid IS NULL AND a.datid IS NOT NULL)
         AS is_autovacuum,
       waited_for.name AS table_name,
       coalesce(CASE WHEN a.query LIKE 'autovacuum: %' THEN a.query LIKE '%(to prevent wraparound)'
                     ELSE waited_for.is_old END, false) AS prevents_wraparound
  FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids($1)) AS pid) AS blocking
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = blocking.pid
  LEFT JOIN (
         -- The table, of an index its own. LOCK TABLE takes tables only, so no TOAST tables.
         SELECT pg_catalog.format('%I.%I', n.nspname, t.relname) AS name,
                pg_catalog.age(t.relfrozenxid)
                  > pg_catalog.current_setting('autovacuum_freeze_max_age')::int4
                OR pg_catalog.mxid_age(t.relminmxid)
                  > pg_catalog.current_setting('autovacuum_multixact_freeze_max_age')::int4 AS is_old
           FROM pg_catalog.pg_locks AS l
           LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = l.relation
           JOIN pg_catalog.pg_class AS t ON t.oid = coalesce(i.indrelid, l.relation)
           JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
          WHERE l.pid = $1
            AND NOT l.granted
            AND l.locktype = 'relation'
            AND t.relkind IN ('r', 'p')
          LIMIT 1) AS waited_for ON true
 WHERE a.pid IS NOT NULL
 ORDER BY a.xact_start, a.pid
 LIMIT 5
