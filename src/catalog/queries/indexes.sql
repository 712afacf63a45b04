-- Indexes of tables and materialized views that back no constraint: facts from columns, text for expressions and predicates only.
-- indkey lists the keys and then the INCLUDE columns, 0 for an expression; expressions holds an
-- entry for each key that is one, in order, and stored_types the types of all keys as the index
-- holds them, where any is an expression.
SELECT idx.indexrelid AS oid,
       idx.indrelid AS table_oid,
       idx_class.relname AS name,
       am.amname AS method,
       idx.indisunique AS is_unique,
       -- NULLS NOT DISTINCT came with 15.
       /*15: idx.indnullsnotdistinct */ false /*end*/ AS nulls_not_distinct,
       idx.indisvalid AS valid,
       idx.indisclustered AS clustered,
       idx.indnkeyatts AS key_count,
       idx.indkey::int2[] AS columns,
       idx.indclass::oid[] AS operator_classes,
       idx.indcollation::oid[] AS collations,
       idx.indoption::int2[] AS flags,
       CASE WHEN idx.indexprs IS NOT NULL THEN
         ARRAY(SELECT pg_get_indexdef(idx.indexrelid, place, false)
                 FROM generate_series(1, idx.indnkeyatts) place
                WHERE idx.indkey[place - 1] = 0
                ORDER BY place)
       END AS expressions,
       CASE WHEN idx.indexprs IS NOT NULL THEN
         ARRAY(SELECT att.atttypid FROM pg_attribute att
                WHERE att.attrelid = idx.indexrelid AND att.attnum > 0
                ORDER BY att.attnum)
       END AS stored_types,
       pg_get_expr(idx.indpred, idx.indrelid) AS predicate,
       idx_class.reloptions AS options
  FROM pg_index idx
  JOIN pg_class idx_class ON idx_class.oid = idx.indexrelid
  JOIN pg_am am ON am.oid = idx_class.relam
  JOIN pg_class cls ON cls.oid = idx.indrelid
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
 WHERE cls.relkind IN ('r', 'p', 'm') AND cls.relpersistence <> 't'
   -- What is attached to the index of a parent comes and goes with that.
   AND NOT idx_class.relispartition
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_constraint con
                    WHERE con.conindid = idx.indexrelid AND con.contype IN ('p', 'u', 'x'));
