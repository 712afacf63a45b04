-- Ordinary tables: no partitions, no part of an inheritance tree, no tables OF a type, nothing
-- temporary. Storage parameters of the TOAST table stand in its own pg_class row. A dropped
-- replica identity index leaves relreplident = 'i' behind, so the index is looked up.
SELECT cls.oid AS oid,
       ns.nspname AS namespace,
       cls.relname AS name,
       cls.reltype AS row_type,
       row_type.typarray AS row_array_type,
       cls.relpersistence::text AS persistence,
       cls.reloptions AS options,
       toast.reloptions AS toast_options,
       cls.relrowsecurity AS row_security,
       cls.relforcerowsecurity AS force_row_security,
       cls.relreplident::text AS replica_identity,
       replica_class.relname AS replica_index
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_type row_type ON row_type.oid = cls.reltype
  LEFT JOIN pg_class toast ON toast.oid = cls.reltoastrelid
  LEFT JOIN pg_index replica
         ON cls.relreplident = 'i' AND replica.indrelid = cls.oid AND replica.indisreplident
  LEFT JOIN pg_class replica_class ON replica_class.oid = replica.indexrelid
 WHERE cls.relkind = 'r' AND cls.relpersistence <> 't'
   AND NOT cls.relispartition AND cls.reloftype = 0
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_inherits child WHERE child.inhrelid = cls.oid)
   AND NOT EXISTS (SELECT FROM pg_inherits parent WHERE parent.inhparent = cls.oid)
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_class'::regclass AND member.objid = cls.oid);
