-- The transactions of others that are open for a while, with the tables that they have locked.
SELECT activity.pid,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - activity.xact_start)::int8 AS seconds,
       ARRAY(SELECT DISTINCT CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(it.relname)
                                  ELSE pg_catalog.format('%I.%I', namespace.nspname, it.relname) END
               FROM pg_catalog.pg_locks lock
               JOIN pg_catalog.pg_class it ON it.oid = lock.relation AND it.relkind IN ('r', 'p', 'm')
               JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
              WHERE lock.pid = activity.pid AND lock.locktype = 'relation' AND lock.granted
                AND lock.database = activity.datid AND namespace.nspname !~ '^(pg_|information_schema$)'
              ORDER BY 1) AS tables
  FROM pg_catalog.pg_stat_activity activity
 WHERE activity.datname = pg_catalog.current_database() AND activity.pid <> pg_catalog.pg_backend_pid()
   AND activity.backend_type = 'client backend'
   AND activity.xact_start < pg_catalog.clock_timestamp() - interval '1 second'
 ORDER BY activity.xact_start
