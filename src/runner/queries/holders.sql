-- Who keeps the session of backend $1 waiting: those that hold the lock it waits for, or wait for it
-- before it (manual, "pg_blocking_pids").
SELECT a.pid,
       a.application_name AS application,
       a.usename::text AS user_name,
       to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC',
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
       a.state,
       a.query
  FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids($1)) AS pid) AS blocking
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = blocking.pid
 WHERE a.pid IS NOT NULL
 ORDER BY a.xact_start, a.pid
 LIMIT 5
