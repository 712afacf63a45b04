-- The columns of tables, to count their values.
SELECT it.oid AS table,
       pg_catalog.format('%I.%I', namespace.nspname, it.relname) AS name,
       ARRAY(SELECT field.attname::text
               FROM pg_catalog.pg_attribute field
              WHERE field.attrelid = it.oid AND field.attnum > 0 AND NOT field.attisdropped
              ORDER BY field.attnum) AS columns
  FROM pg_catalog.pg_class it
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
 WHERE it.oid = ANY ($1) AND it.relkind = 'r'
