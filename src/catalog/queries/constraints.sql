-- Constraints of tables. Columns come as attribute numbers of their table; those of a referenced
-- table come by name, for that table need not be in the scope. conparentid is set on the rows
-- that PostgreSQL adds for each partition, and coninhcount counts the parents that a check comes from:
-- it is the table's own only where conislocal says so. NOT NULL constraints (contype 'n', from 18) come
-- with the columns.
SELECT con.oid AS oid,
       con.conrelid AS table_oid,
       con.conname AS name,
       con.contype::text AS kind,
       con.condeferrable AS deferrable,
       con.condeferred AS deferred,
       con.convalidated AS validated,
       -- NOT ENFORCED and WITHOUT OVERLAPS / PERIOD came with 18.
       /*18: con.conenforced */ true /*end*/ AS enforced,
       /*18: con.conperiod */ false /*end*/ AS period,
       coalesce(con.conkey, '{}') AS columns,
       CASE con.contype
         WHEN 'c' THEN pg_get_expr(con.conbin, con.conrelid)
         WHEN 'x' THEN pg_get_constraintdef(con.oid)
       END AS definition,
       con.connoinherit AS no_inherit,
       target_ns.nspname AS target_namespace,
       target.relname AS target_name,
       CASE WHEN con.contype = 'f' THEN
         ARRAY(SELECT target_att.attname::text
                 FROM unnest(con.confkey) WITH ORDINALITY key (number, place)
                 JOIN pg_attribute target_att
                   ON target_att.attrelid = con.confrelid AND target_att.attnum = key.number
                ORDER BY key.place)
       END AS target_columns,
       con.confupdtype::text AS on_update,
       con.confdeltype::text AS on_delete,
       -- SET NULL (columns) came with 15.
       /*15: coalesce(con.confdelsetcols, '{}') */ '{}'::int2[] /*end*/ AS on_delete_columns,
       con.confmatchtype::text AS match_type,
       idx.indexrelid AS index_oid,
       idx.indkey::int2[] AS index_columns,
       idx.indnkeyatts AS index_key_count,
       -- NULLS NOT DISTINCT came with 15.
       /*15: coalesce(idx.indnullsnotdistinct, false) */ false /*end*/ AS nulls_not_distinct,
       coalesce(idx.indisclustered, false) AS clustered,
       idx_class.reloptions AS options
  FROM pg_constraint con
  JOIN pg_class cls ON cls.oid = con.conrelid
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  LEFT JOIN pg_class target ON con.contype = 'f' AND target.oid = con.confrelid
  LEFT JOIN pg_namespace target_ns ON target_ns.oid = target.relnamespace
  LEFT JOIN pg_index idx ON con.contype IN ('p', 'u', 'x') AND idx.indexrelid = con.conindid
  LEFT JOIN pg_class idx_class ON idx_class.oid = idx.indexrelid
 WHERE con.contype IN ('p', 'u', 'f', 'c', 'x') AND con.conparentid = 0
   AND (con.contype <> 'c' OR con.coninhcount = 0 OR con.conislocal)
   AND cls.relkind IN ('r', 'p', 'f') AND cls.relpersistence <> 't'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/;
