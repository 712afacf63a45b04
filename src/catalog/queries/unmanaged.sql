-- Names of what a user made and aludel does not manage yet, and of attributes of managed objects
-- that it does not read. Nothing that belongs to an extension. `relation` is set for what hangs on
-- one; `detail` is printed as it is, after the name. oid < 16384 is what initdb made.
WITH found (class, oid, kind, namespace_oid, relation, name, detail) AS (
  -- A statistics target on the expression of an index.
  SELECT 'pg_class'::regclass AS class, cls.oid, 'index column statistics' AS kind,
         cls.relnamespace AS namespace_oid, cls.relname AS relation, att.attname AS name,
         NULL::text AS detail
    FROM pg_attribute att JOIN pg_class cls ON cls.oid = att.attrelid
   WHERE cls.oid >= 16384 AND att.attnum > 0 AND NOT att.attisdropped
     AND cls.relkind IN ('i', 'I') AND att.attstattarget >= 0
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
         'not-null constraint that is not valid',
         cls.relnamespace, cls.relname, con.conname, NULL
    FROM pg_constraint con JOIN pg_class cls ON cls.oid = con.conrelid
   WHERE con.contype = 'n' AND NOT con.convalidated AND con.conparentid = 0
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
