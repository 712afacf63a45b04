-- Names of what a user made and aludel does not manage yet, and of attributes of managed objects
-- that it does not read. Nothing that belongs to an extension. `relation` is set for what hangs on
-- one; `detail` is printed as it is, after the name. oid < 16384 is what initdb made.
WITH known_catalogs AS (
  SELECT oid FROM pg_class
   WHERE relnamespace = 'pg_catalog'::regnamespace AND relname IN (
     'pg_am', 'pg_amop', 'pg_amproc', 'pg_attrdef', 'pg_cast', 'pg_class', 'pg_collation',
     'pg_constraint', 'pg_conversion', 'pg_default_acl', 'pg_event_trigger', 'pg_extension',
     'pg_foreign_data_wrapper', 'pg_foreign_server', 'pg_language', 'pg_largeobject_metadata',
     'pg_namespace', 'pg_opclass', 'pg_operator', 'pg_opfamily', 'pg_policy', 'pg_proc',
     'pg_publication', 'pg_publication_namespace', 'pg_publication_rel', 'pg_rewrite',
     'pg_statistic_ext', 'pg_subscription', 'pg_transform', 'pg_trigger', 'pg_ts_config',
     'pg_ts_dict', 'pg_ts_parser', 'pg_ts_template', 'pg_type', 'pg_user_mapping')
), found (class, oid, kind, namespace_oid, relation, name, detail) AS (
  -- A statistics target on the expression of an index.
  SELECT 'pg_class'::regclass AS class, cls.oid, 'index column statistics' AS kind,
         cls.relnamespace AS namespace_oid, cls.relname AS relation, att.attname AS name,
         NULL::text AS detail
    FROM pg_attribute att JOIN pg_class cls ON cls.oid = att.attrelid
   WHERE cls.oid >= 16384 AND att.attnum > 0 AND NOT att.attisdropped
     AND cls.relkind IN ('i', 'I') AND att.attstattarget >= 0
  UNION ALL
  -- Comments on what is part of a column or of an index of the parent here.
  SELECT 'pg_class'::regclass, cls.oid, 'comment on index', cls.relnamespace, NULL, cls.relname,
         NULL
    FROM pg_description descr
    JOIN pg_class cls ON cls.oid = descr.objoid AND cls.relkind IN ('i', 'I') AND cls.relispartition
   WHERE descr.classoid = 'pg_class'::regclass AND descr.objsubid = 0
  UNION ALL
  -- Comments on what a table has from its parents.
  SELECT 'pg_constraint'::regclass, con.oid, 'comment on inherited constraint', cls.relnamespace,
         cls.relname, con.conname, NULL
    FROM pg_description descr
    JOIN pg_constraint con ON con.oid = descr.objoid
    JOIN pg_class cls ON cls.oid = con.conrelid
   WHERE descr.classoid = 'pg_constraint'::regclass
     AND (con.conparentid <> 0 OR con.contype = 'c' AND con.coninhcount > 0)
  UNION ALL
  -- A check that is valid in a child and not in its parent: whether it is follows from which of them
  -- was created first (ADD CONSTRAINT with NOT VALID).
  SELECT 'pg_constraint'::regclass, con.oid, 'validity of inherited constraint', cls.relnamespace,
         cls.relname, con.conname, NULL
    FROM pg_constraint con
    JOIN pg_class cls ON cls.oid = con.conrelid
    JOIN pg_inherits inh ON inh.inhrelid = con.conrelid
    JOIN pg_constraint above ON above.conrelid = inh.inhparent AND above.conname = con.conname
                            AND above.contype = 'c'
   WHERE con.contype = 'c' AND con.coninhcount > 0 AND NOT con.conislocal
     AND con.convalidated AND NOT above.convalidated
  UNION ALL
  SELECT 'pg_trigger'::regclass, trg.oid, 'comment on inherited trigger', cls.relnamespace,
         cls.relname, trg.tgname, NULL
    FROM pg_description descr
    JOIN pg_trigger trg ON trg.oid = descr.objoid AND trg.tgparentid <> 0
    JOIN pg_class cls ON cls.oid = trg.tgrelid
   WHERE descr.classoid = 'pg_trigger'::regclass
  UNION ALL
  -- Storage parameters and the CLUSTER mark of an index that hangs on one of the parent, or that is
  -- behind an exclusion.
  SELECT 'pg_class'::regclass, cls.oid, 'storage parameters of index', cls.relnamespace, NULL,
         cls.relname, NULL
    FROM pg_inherits inh
    JOIN pg_class cls ON cls.oid = inh.inhrelid AND cls.relkind IN ('i', 'I')
    JOIN pg_class parent ON parent.oid = inh.inhparent
   WHERE cls.reloptions IS DISTINCT FROM parent.reloptions
  UNION ALL
  SELECT 'pg_class'::regclass, cls.oid, 'CLUSTER mark of index', cls.relnamespace, NULL, cls.relname,
         NULL
    FROM pg_index idx
    JOIN pg_class cls ON cls.oid = idx.indexrelid
   WHERE idx.indisclustered AND (cls.relispartition OR idx.indisexclusion)
  UNION ALL
  -- ALTER with DEPENDS ON EXTENSION.
  SELECT dep.classid, dep.objid, 'dependency on an extension of', NULL, NULL, NULL,
         pg_describe_object(dep.classid, dep.objid, dep.objsubid)
    FROM pg_depend dep
   WHERE dep.deptype = 'x'
  UNION ALL
  SELECT label.classoid, label.objoid, 'security label on', NULL, NULL, NULL,
         pg_describe_object(label.classoid, label.objoid, label.objsubid)
    FROM pg_seclabel label
  UNION ALL
  SELECT 'pg_class'::regclass, cls.oid, 'comment on identity sequence', cls.relnamespace, NULL,
         cls.relname, NULL
    FROM pg_description descr
    JOIN pg_class cls ON cls.oid = descr.objoid AND cls.relkind = 'S'
    JOIN pg_depend owner ON owner.classid = 'pg_class'::regclass AND owner.objid = cls.oid
                        AND owner.deptype = 'i'
   WHERE descr.classoid = 'pg_class'::regclass AND descr.objsubid = 0
  UNION ALL
  -- Without its triggers a foreign key is not enforced (ALTER TABLE with DISABLE TRIGGER ALL).
  SELECT 'pg_constraint'::regclass, con.oid, 'disabled triggers of foreign key', cls.relnamespace,
         cls.relname, con.conname, NULL
    FROM pg_constraint con JOIN pg_class cls ON cls.oid = con.conrelid
   WHERE con.contype = 'f'
     AND EXISTS (SELECT FROM pg_trigger trg
                  WHERE trg.tgconstraint = con.oid AND trg.tgenabled <> 'O')
  UNION ALL
  SELECT 'pg_type'::regclass, typ.oid,
         'shell type',
         typ.typnamespace, NULL, typ.typname, NULL
    FROM pg_type typ
   WHERE typ.oid >= 16384
     AND typ.typtype = 'p' AND NOT typ.typisdefined
  UNION ALL
  -- Kinds that are not known here: letters of a newer server.
  SELECT 'pg_class'::regclass, cls.oid, 'relation of kind', cls.relnamespace, NULL, cls.relname,
         concat(' (', cls.relkind, ')')
    FROM pg_class cls
   WHERE cls.oid >= 16384 AND cls.relkind NOT IN ('r', 'i', 'S', 't', 'v', 'm', 'c', 'f', 'p', 'I')
  UNION ALL
  SELECT 'pg_constraint'::regclass, con.oid, 'constraint of kind', cls.relnamespace, cls.relname,
         con.conname, concat(' (', con.contype, ')')
    FROM pg_constraint con JOIN pg_class cls ON cls.oid = con.conrelid
   WHERE con.oid >= 16384 AND con.contype NOT IN ('c', 'f', 'p', 'u', 't', 'x', 'n')
  UNION ALL
  SELECT 'pg_type'::regclass, typ.oid, 'type of kind', typ.typnamespace, NULL, typ.typname,
         concat(' (', typ.typtype, ')')
    FROM pg_type typ
   WHERE typ.oid >= 16384 AND typ.typtype NOT IN ('b', 'c', 'd', 'e', 'p', 'r', 'm')
  UNION ALL
  SELECT 'pg_proc'::regclass, pro.oid, 'routine of kind', pro.pronamespace, NULL, pro.proname,
         concat(' (', pro.prokind, ')')
    FROM pg_proc pro
   WHERE pro.oid >= 16384 AND pro.prokind NOT IN ('f', 'p', 'a', 'w')
  UNION ALL
  -- Rows of catalogs that came after the newest version that was tested, but for those that belong
  -- to another object.
  /*19: SELECT dep.classid, dep.objid, named.type, NULL, NULL, NULL, named.identity
    FROM (SELECT DISTINCT classid, objid FROM pg_depend
           WHERE objid >= 16384
             AND classid NOT IN (SELECT oid FROM known_catalogs)) dep
   CROSS JOIN LATERAL pg_identify_object(dep.classid, dep.objid, 0) named
   WHERE NOT EXISTS (SELECT FROM pg_depend part
                      WHERE part.classid = dep.classid AND part.objid = dep.objid
                        AND part.deptype = 'i')
  UNION ALL */ /*end*/
  -- Up to 13 only the superuser may read pg_subscription.oid.
  SELECT 'pg_subscription'::regclass, 0, 'subscription', NULL, NULL, subname, NULL
    FROM pg_subscription
   WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT found.kind AS kind,
       ns.nspname AS namespace,
       found.relation AS relation,
       found.name AS name,
       found.detail AS detail
  FROM found
  LEFT JOIN pg_namespace ns ON ns.oid = found.namespace_oid
 WHERE (found.namespace_oid IS NULL
        OR ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/)
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = found.class AND member.objid = found.oid);
