-- The columns that rows are written into.
SELECT it.attrelid AS table,
       it.attnum AS number,
       pg_catalog.quote_ident(it.attname) AS name,
       it.atttypid AS type,
       it.atttypmod AS modifier,
       pg_catalog.format_type(it.atttypid, it.atttypmod) AS type_name,
       NOT (it.attnotnull OR kind.typnotnull) AS nullable,
       it.attidentity <> ''
           OR coalesce(pg_catalog.pg_get_expr(def.adbin, def.adrelid) LIKE 'nextval(%', false) AS counted,
       it.atthasdef OR it.attidentity <> '' AS has_default
  FROM pg_catalog.pg_attribute it
  JOIN pg_catalog.pg_type kind ON kind.oid = it.atttypid
  LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = it.attrelid AND def.adnum = it.attnum
 WHERE it.attrelid = ANY ($1) AND it.attnum > 0 AND NOT it.attisdropped AND it.attgenerated = ''
 ORDER BY 1, 2
