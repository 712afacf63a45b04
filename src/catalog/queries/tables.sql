-- Tables of every kind, nothing temporary. A parent is told by the namespace and name at the same
-- place; attached_to and attached are indexes that hang on one of the parent, in pairs, and
-- trigger_names and trigger_firing are triggers that come from the parent and fire when its own do
-- not; those of foreign keys (from 15 on they have a tgparentid, too) are none of them. Storage
-- parameters of the TOAST table stand in its own pg_class row. A dropped replica identity index
-- leaves relreplident = 'i' behind, so the index is looked up; a foreign table has 'n' and can have
-- nothing else.
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
       -- Foreign tables have none, and say 'n'.
       CASE cls.relkind WHEN 'f' THEN 'd' ELSE cls.relreplident::text END AS replica_identity,
       replica_class.relname AS replica_index,
       CASE WHEN cls.relkind = 'p' THEN pg_get_partkeydef(cls.oid) END AS partition_by,
       pg_get_expr(cls.relpartbound, cls.oid) AS bound,
       ARRAY(SELECT parent_ns.nspname::text
               FROM pg_inherits inh
               JOIN pg_class parent ON parent.oid = inh.inhparent
               JOIN pg_namespace parent_ns ON parent_ns.oid = parent.relnamespace
              WHERE inh.inhrelid = cls.oid
              ORDER BY inh.inhseqno) AS parent_namespaces,
       ARRAY(SELECT parent.relname::text
               FROM pg_inherits inh JOIN pg_class parent ON parent.oid = inh.inhparent
              WHERE inh.inhrelid = cls.oid
              ORDER BY inh.inhseqno) AS parent_names,
       of_ns.nspname AS type_namespace,
       of_type.typname AS type_name,
       am.amname AS access_method,
       server.srvname AS server,
       foreign_table.ftoptions AS foreign_options,
       -- Only partitions have such indexes.
       CASE WHEN cls.relispartition THEN
         ARRAY(SELECT parent_index.relname::text
               FROM pg_index idx
               JOIN pg_class idx_class ON idx_class.oid = idx.indexrelid AND idx_class.relispartition
               JOIN pg_inherits inh ON inh.inhrelid = idx.indexrelid
               JOIN pg_class parent_index ON parent_index.oid = inh.inhparent
              WHERE idx.indrelid = cls.oid ORDER BY idx.indexrelid)
       ELSE '{}' END AS attached_to,
       CASE WHEN cls.relispartition THEN
         ARRAY(SELECT idx_class.relname::text
               FROM pg_index idx
               JOIN pg_class idx_class ON idx_class.oid = idx.indexrelid AND idx_class.relispartition
              WHERE idx.indrelid = cls.oid ORDER BY idx.indexrelid)
       ELSE '{}' END AS attached,
       CASE WHEN cls.relispartition THEN
         ARRAY(SELECT trg.tgname::text
                 FROM pg_trigger trg JOIN pg_trigger parent ON parent.oid = trg.tgparentid
                WHERE trg.tgrelid = cls.oid AND trg.tgenabled <> parent.tgenabled
                  AND NOT EXISTS (SELECT FROM pg_constraint con
                                   WHERE con.oid = trg.tgconstraint AND con.contype = 'f')
                ORDER BY trg.oid)
       ELSE '{}' END AS trigger_names,
       CASE WHEN cls.relispartition THEN
         ARRAY(SELECT trg.tgenabled::text
                 FROM pg_trigger trg JOIN pg_trigger parent ON parent.oid = trg.tgparentid
                WHERE trg.tgrelid = cls.oid AND trg.tgenabled <> parent.tgenabled
                  AND NOT EXISTS (SELECT FROM pg_constraint con
                                   WHERE con.oid = trg.tgconstraint AND con.contype = 'f')
                ORDER BY trg.oid)
       ELSE '{}' END AS trigger_firing
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_type row_type ON row_type.oid = cls.reltype
  LEFT JOIN pg_class toast ON toast.oid = cls.reltoastrelid
  LEFT JOIN pg_index replica
         ON cls.relreplident = 'i' AND replica.indrelid = cls.oid AND replica.indisreplident
  LEFT JOIN pg_class replica_class ON replica_class.oid = replica.indexrelid
  LEFT JOIN pg_type of_type ON of_type.oid = cls.reloftype
  LEFT JOIN pg_namespace of_ns ON of_ns.oid = of_type.typnamespace
  LEFT JOIN pg_am am ON am.oid = cls.relam AND am.amname <> 'heap'
  LEFT JOIN pg_foreign_table foreign_table ON foreign_table.ftrelid = cls.oid
  LEFT JOIN pg_foreign_server server ON server.oid = foreign_table.ftserver
 WHERE cls.relkind IN ('r', 'p', 'f') AND cls.relpersistence <> 't'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_class'::regclass AND member.objid = cls.oid);
