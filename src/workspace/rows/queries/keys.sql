-- The columns in which rows must differ: those of unique indexes and of exclusion constraints, with the
-- ones that stand in an expression.
SELECT it.indrelid AS table,
       ARRAY(SELECT key FROM pg_catalog.unnest(it.indkey::pg_catalog.int2[])
                        WITH ORDINALITY AS keys (key, place)
              WHERE key > 0 AND place <= it.indnkeyatts
              UNION
             SELECT dep.refobjsubid::pg_catalog.int2
               FROM pg_catalog.pg_depend dep
              WHERE it.indexprs IS NOT NULL
                AND dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                AND dep.objid = it.indexrelid AND dep.refobjid = it.indrelid
                AND dep.refobjsubid > 0
              ORDER BY 1) AS columns
  FROM pg_catalog.pg_index it
 WHERE it.indrelid = ANY ($1) AND (it.indisunique OR it.indisexclusion)
 ORDER BY it.indrelid, NOT it.indisprimary, it.indexrelid
