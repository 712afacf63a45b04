-- Composite types that stand alone. A collation comes as 0 where it is the type's own.
SELECT cls.oid AS oid,
       cls.reltype AS row_type,
       typ.typarray AS array_type,
       ns.nspname AS namespace,
       cls.relname AS name,
       attributes.names AS names,
       attributes.types AS types,
       attributes.collations AS collations
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_type typ ON typ.oid = cls.reltype
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(att.attname::text ORDER BY att.attnum), '{}') AS names,
              coalesce(array_agg(format_type(att.atttypid, att.atttypmod) ORDER BY att.attnum), '{}')
                AS types,
              coalesce(array_agg(CASE WHEN att.attcollation <> own.typcollation
                                      THEN att.attcollation ELSE 0 END ORDER BY att.attnum), '{}')
                AS collations
         FROM pg_attribute att
         JOIN pg_type own ON own.oid = att.atttypid
        WHERE att.attrelid = cls.oid AND att.attnum > 0 AND NOT att.attisdropped) attributes
 WHERE cls.relkind = 'c'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND (member.classid, member.objid) IN (('pg_class'::regclass, cls.oid),
                                                             ('pg_type'::regclass, cls.reltype)));
