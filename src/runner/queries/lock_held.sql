-- Which backend answers, and whether it holds the advisory lock of this key.
SELECT pg_catalog.pg_backend_pid() AS pid,
       EXISTS (
           SELECT
             FROM pg_catalog.pg_locks AS l
            WHERE l.locktype = 'advisory'
              AND l.granted
              AND l.objsubid = 1
              AND l.pid = pg_catalog.pg_backend_pid()
              AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
              AND (l.classid::bigint << 32) | l.objid::bigint = $1
       ) AS held
