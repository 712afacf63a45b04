-- Names of what a user made and aludel does not manage yet, and of attributes of managed objects
-- that it does not read. Nothing that belongs to an extension. `relation` is set for what hangs on
-- one; `detail` is printed as it is, after the name. oid < 16384 is what initdb made.
WITH found (class, oid, kind, namespace_oid, relation, name, detail) AS (
  SELECT 'pg_class'::regclass, cls.oid,
         CASE WHEN cls.relispartition THEN 'partition'
              WHEN cls.relkind = 'f' THEN 'foreign table'
              WHEN cls.relkind = 'p' THEN 'partitioned table'
              WHEN cls.reloftype <> 0 THEN 'typed table'
              WHEN cls.oid IN (SELECT inhrelid FROM pg_inherits) THEN 'inheritance child'
              ELSE 'inheritance parent' END,
         cls.relnamespace, NULL::name, cls.relname, NULL::text
    FROM pg_class cls
   WHERE cls.relpersistence <> 't'
     AND (cls.relkind IN ('f', 'p')
          OR cls.relkind = 'r'
             AND (cls.relispartition OR cls.reloftype <> 0
                  OR cls.oid IN (SELECT inhrelid FROM pg_inherits)
                  OR cls.oid IN (SELECT inhparent FROM pg_inherits)))
  UNION ALL
  SELECT 'pg_class'::regclass, cls.oid, 'table access method', cls.relnamespace, cls.relname,
         am.amname, NULL
    FROM pg_class cls JOIN pg_am am ON am.oid = cls.relam
   WHERE cls.relkind = 'r' AND am.amname <> 'heap'
  UNION ALL
  -- n_distinct on columns; a statistics target on the expression of an index.
  SELECT 'pg_class'::regclass, cls.oid,
         CASE cls.relkind WHEN 'r' THEN 'column options' ELSE 'index column statistics' END,
         cls.relnamespace, cls.relname, att.attname, NULL
    FROM pg_attribute att JOIN pg_class cls ON cls.oid = att.attrelid
   WHERE cls.oid >= 16384 AND att.attnum > 0 AND NOT att.attisdropped
     AND (cls.relkind = 'r' AND att.attoptions IS NOT NULL
          OR cls.relkind = 'i' AND att.attstattarget >= 0)
  UNION ALL
  -- Comments on what is part of a column or a constraint here.
  SELECT 'pg_class'::regclass, cls.oid, 'comment on index', cls.relnamespace, NULL, cls.relname,
         NULL
    FROM pg_description descr
    JOIN pg_constraint con ON con.conindid = descr.objoid AND con.contype IN ('p', 'u', 'x')
    JOIN pg_class cls ON cls.oid = con.conindid
   WHERE descr.classoid = 'pg_class'::regclass AND descr.objsubid = 0
  UNION ALL
  SELECT 'pg_class'::regclass, cls.oid, 'comment on identity sequence', cls.relnamespace, NULL,
         cls.relname, NULL
    FROM pg_description descr
    JOIN pg_class cls ON cls.oid = descr.objoid AND cls.relkind = 'S'
    JOIN pg_depend owner ON owner.classid = 'pg_class'::regclass AND owner.objid = cls.oid
                        AND owner.deptype = 'i'
   WHERE descr.classoid = 'pg_class'::regclass AND descr.objsubid = 0
  /*18:
  UNION ALL
  SELECT 'pg_constraint'::regclass, con.oid,
         CASE WHEN con.contype = 'n' THEN 'not-null constraint that is not valid'
              WHEN con.conperiod THEN 'temporal constraint'
              ELSE 'constraint that is not enforced' END,
         cls.relnamespace, cls.relname, con.conname, NULL
    FROM pg_constraint con JOIN pg_class cls ON cls.oid = con.conrelid
   WHERE cls.relkind = 'r' AND con.conparentid = 0
     AND (con.conperiod OR NOT con.conenforced OR con.contype = 'n' AND NOT con.convalidated)
  */ /*end*/
  UNION ALL
  SELECT 'pg_type'::regclass, typ.oid,
         'shell type',
         typ.typnamespace, NULL, typ.typname, NULL
    FROM pg_type typ
   WHERE typ.oid >= 16384
     AND typ.typtype = 'p' AND NOT typ.typisdefined
  UNION ALL
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
