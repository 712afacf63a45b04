-- Types, and all that they are made of.
WITH RECURSIVE part AS (
    SELECT oid AS of, typelem AS oid FROM pg_catalog.pg_type WHERE typcategory = 'A'
     UNION ALL
    SELECT oid, typbasetype FROM pg_catalog.pg_type WHERE typtype = 'd'
     UNION ALL
    SELECT rngtypid, rngsubtype FROM pg_catalog.pg_range
     UNION ALL
    SELECT kind.oid, field.atttypid
      FROM pg_catalog.pg_type kind
      JOIN pg_catalog.pg_attribute field ON field.attrelid = kind.typrelid
     WHERE kind.typtype = 'c' AND field.attnum > 0 AND NOT field.attisdropped
), wanted AS (
    SELECT pg_catalog.unnest($1) AS oid
     UNION
    SELECT part.oid FROM wanted JOIN part ON part.of = wanted.oid
)
SELECT it.oid,
       it.typname::text AS name,
       namespace.nspname = 'pg_catalog'
           OR EXISTS (SELECT FROM pg_catalog.pg_depend
                       WHERE classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                         AND objid = it.oid AND deptype = 'e') AS known,
       it.typtype::text AS kind,
       it.typcategory = 'A' AND it.typelem <> 0 AS is_array,
       it.typelem AS element,
       it.typbasetype AS base,
       it.typtypmod AS modifier,
       (SELECT rngsubtype FROM pg_catalog.pg_range WHERE rngtypid = it.oid) AS bound,
       ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum
              WHERE enumtypid = it.oid ORDER BY enumsortorder) AS labels,
       ARRAY(SELECT atttypid FROM pg_catalog.pg_attribute
              WHERE attrelid = it.typrelid AND it.typtype = 'c' AND attnum > 0
                AND NOT attisdropped ORDER BY attnum) AS fields,
       ARRAY(SELECT atttypmod FROM pg_catalog.pg_attribute
              WHERE attrelid = it.typrelid AND it.typtype = 'c' AND attnum > 0
                AND NOT attisdropped ORDER BY attnum) AS field_modifiers
  FROM wanted
  JOIN pg_catalog.pg_type it ON it.oid = wanted.oid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.typnamespace
