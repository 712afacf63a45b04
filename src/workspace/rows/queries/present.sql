-- The existing tables by OID: their columns, with their present names.
SELECT it.oid AS table,
       pg_catalog.format('%I.%I', namespace.nspname, it.relname) AS name,
       field.attnum AS number,
       pg_catalog.quote_ident(field.attname) AS column,
       pg_catalog.format_type(field.atttypid, field.atttypmod) AS type_name
  FROM pg_catalog.pg_class it
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
  LEFT JOIN pg_catalog.pg_attribute field
    -- What is generated is computed again.
    ON field.attrelid = it.oid AND field.attnum > 0 AND NOT field.attisdropped AND field.attgenerated = ''
 WHERE it.oid = ANY ($1) AND it.relkind = 'r'
 ORDER BY it.oid, field.attnum
