-- Everything that holds data of its own: tables, their columns, materialized views, sequences that belong to no
-- column. Stored generated columns are computed, and what extensions have comes with them. Beside it the columns
-- of foreign keys, with the table that they reference as parent and what DELETE does as type.
SELECT cls.oid,
       0::smallint AS number,
       cls.relkind::text AS kind,
       nsp.nspname AS namespace,
       cls.relname AS relation,
       NULL::name AS column,
       NULL::text AS type_name,
       -- The table that it is a partition of.
       (SELECT inh.inhparent FROM pg_catalog.pg_inherits inh WHERE inh.inhrelid = cls.oid AND cls.relispartition)
         AS parent
FROM pg_catalog.pg_class cls
JOIN pg_catalog.pg_namespace nsp ON nsp.oid = cls.relnamespace
WHERE cls.relkind IN ('r', 'p', 'm', 'S')
  -- From FirstNormalObjectId on: what is below it, initdb has made.
  AND cls.oid >= 16384
  AND nsp.nspname NOT LIKE 'pg\_%'
  AND nsp.nspname <> 'information_schema'
  AND NOT EXISTS (
    SELECT
    FROM pg_catalog.pg_depend dep
    WHERE dep.classid = 'pg_catalog.pg_class'::regclass
      AND dep.objid = cls.oid
      AND (dep.deptype = 'e' OR cls.relkind = 'S' AND dep.deptype IN ('a', 'i') AND dep.refobjsubid > 0)
  )
UNION ALL
SELECT cls.oid, att.attnum, 'c', nsp.nspname, cls.relname, att.attname,
       pg_catalog.format_type(att.atttypid, att.atttypmod), NULL
FROM pg_catalog.pg_class cls
JOIN pg_catalog.pg_namespace nsp ON nsp.oid = cls.relnamespace
JOIN pg_catalog.pg_attribute att ON att.attrelid = cls.oid
WHERE cls.relkind IN ('r', 'p')
  AND cls.oid >= 16384
  AND att.attrelid >= 16384
  AND nsp.nspname NOT LIKE 'pg\_%'
  AND nsp.nspname <> 'information_schema'
  AND att.attnum > 0
  AND NOT att.attisdropped
  AND att.attgenerated = ''
  -- Those of a parent are dropped with its own.
  AND att.attinhcount = 0
UNION ALL
SELECT con.conrelid, att.attnum, 'f', nsp.nspname, cls.relname, att.attname, con.confdeltype::text, con.confrelid
FROM pg_catalog.pg_constraint con
JOIN pg_catalog.pg_class cls ON cls.oid = con.conrelid
JOIN pg_catalog.pg_namespace nsp ON nsp.oid = cls.relnamespace
JOIN pg_catalog.pg_attribute att ON att.attrelid = cls.oid AND att.attnum = ANY (con.conkey)
WHERE con.contype = 'f'
  -- Those of partitions are those of their parent.
  AND NOT cls.relispartition
  -- PostgreSQL 15: SET NULL and SET DEFAULT may be for some columns only.
  AND coalesce(nullif(pg_catalog.to_jsonb(con)->'confdelsetcols', 'null') @> pg_catalog.to_jsonb(att.attnum), true)
ORDER BY 1, 2
