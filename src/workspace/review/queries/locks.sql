-- The locks on relations that a session has or waits for; NULL for the session that asks.
SELECT relation AS oid, mode
  FROM pg_catalog.pg_locks
 WHERE pid = coalesce($1, pg_catalog.pg_backend_pid()) AND locktype = 'relation'
   AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
