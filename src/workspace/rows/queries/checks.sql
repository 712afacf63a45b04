-- Checks of tables, those that are not valid yet among them: new rows are held against them.
SELECT conrelid AS table,
       pg_catalog.pg_get_expr(conbin, conrelid) AS expression,
       coalesce(conkey, '{}') AS columns
  FROM pg_catalog.pg_constraint
 WHERE conrelid = ANY ($1) AND contype = 'c'
 ORDER BY conrelid, conname
