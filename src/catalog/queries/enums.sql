-- Enumerated types with their labels in order. A column of an array of the enum depends on the
-- array type, so its oid comes along.
SELECT typ.oid AS oid,
       typ.typarray AS array_type,
       ns.nspname AS namespace,
       typ.typname AS name,
       coalesce(label.labels, '{}') AS labels
  FROM pg_type typ
  JOIN pg_namespace ns ON ns.oid = typ.typnamespace
  LEFT JOIN (SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) AS labels
               FROM pg_enum GROUP BY enumtypid) label
         ON label.enumtypid = typ.oid
 WHERE typ.typtype = 'e'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_type'::regclass AND member.objid = typ.oid);
