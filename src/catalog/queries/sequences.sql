-- Sequences. The owning column hangs on the sequence by pg_depend: deptype 'a' after OWNED BY
-- (and so after serial), deptype 'i' where the sequence is the inside of an identity column.
SELECT cls.oid AS oid,
       ns.nspname AS namespace,
       cls.relname AS name,
       format_type(seq.seqtypid, NULL) AS data_type,
       seq.seqstart AS start,
       seq.seqincrement AS increment,
       seq.seqmin AS min,
       seq.seqmax AS max,
       seq.seqcache AS cache,
       seq.seqcycle AS cycle,
       cls.relpersistence::text AS persistence,
       owner.deptype::text AS ownership,
       owner.refobjid AS owner_table,
       owner.refobjsubid AS owner_column
  FROM pg_sequence seq
  JOIN pg_class cls ON cls.oid = seq.seqrelid
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  LEFT JOIN pg_depend owner
         ON owner.classid = 'pg_class'::regclass AND owner.objid = cls.oid AND owner.objsubid = 0
        AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0
        AND owner.deptype IN ('a', 'i')
 WHERE cls.relpersistence <> 't'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_class'::regclass AND member.objid = cls.oid);
