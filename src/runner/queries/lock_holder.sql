-- Who holds the advisory lock of this key: a bigint key is shown in two halves, objsubid 1
-- (manual, "pg_locks"). Of sessions of others state and query are shown to members of
-- pg_read_all_stats only.
SELECT a.pid,
       a.application_name AS application,
       a.usename::text AS user_name,
       to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
       a.state,
       a.query,
       a.state = 'idle' AS idle,
       extract(epoch FROM clock_timestamp() - a.state_change)::float8 AS quiet_for
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'advisory'
   AND l.granted
   AND l.objsubid = 1
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
   AND (l.classid::bigint << 32) | l.objid::bigint = $1
 LIMIT 1
