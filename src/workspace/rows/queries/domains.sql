-- Checks of domains, for the constants in them.
SELECT contypid AS type, pg_catalog.pg_get_constraintdef(oid) AS expression
  FROM pg_catalog.pg_constraint
 WHERE contypid = ANY ($1) AND contype = 'c'
 ORDER BY contypid, conname
