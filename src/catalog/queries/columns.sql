-- Columns of tables and materialized views. Collation, storage and the rest are NULL where they
-- are the type's own.
-- A default holds no reference to its row, so it is printed without opening the table.
SELECT att.attrelid AS table_oid,
       att.attnum AS number,
       att.attname AS name,
       att.atttypid AS type_oid,
       format_type(att.atttypid, att.atttypmod) AS data_type,
       att.attnotnull AS not_null,
       -- NOT NULL is a constraint with a name from 18 on.
       /*18: nn.oid */ NULL::oid /*end*/ AS not_null_oid,
       /*18: nn.conname */ NULL::name /*end*/ AS not_null_name,
       /*18: coalesce(nn.connoinherit, false) */ false /*end*/ AS not_null_no_inherit,
       /*18: coalesce(nn.convalidated, true) */ true /*end*/ AS not_null_validated,
       att.attcollation AS collation,
       typ.typcollation AS type_collation,
       att.attidentity::text AS identity,
       att.attgenerated::text AS generated,
       def.oid AS default_oid,
       pg_get_expr(def.adbin, CASE att.attgenerated WHEN '' THEN 0 ELSE def.adrelid END)
         AS default_text,
       nullif(att.attstorage, typ.typstorage)::text AS storage,
       -- attcompression came with 14.
       /*14: nullif(att.attcompression::text, '') */ NULL::text /*end*/ AS compression,
       -- int4 with -1 for "not set" up to 16, nullable int2 from 17.
       nullif(att.attstattarget, -1)::int2 AS statistics,
       att.attoptions AS options,
       att.attfdwoptions AS foreign_options,
       -- The columns of a partition are its parent's, those of a table OF a type are the type's.
       att.attislocal AND NOT cls.relispartition AND cls.reloftype = 0 AS local
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_attribute att ON att.attrelid = cls.oid AND att.attnum > 0 AND NOT att.attisdropped
  JOIN pg_type typ ON typ.oid = att.atttypid
  LEFT JOIN pg_attrdef def ON def.adrelid = att.attrelid AND def.adnum = att.attnum
  /*18: LEFT JOIN pg_constraint nn
         ON nn.conrelid = att.attrelid AND nn.contype = 'n' AND nn.conkey = ARRAY[att.attnum] */ /*end*/
 WHERE cls.relkind IN ('r', 'p', 'f', 'm') AND cls.relpersistence <> 't'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/;
