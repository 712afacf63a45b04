-- Names of what a user made and aludel does not manage yet, and of attributes of managed objects
-- that it does not read. Nothing that belongs to an extension. `relation` is set for what hangs on
-- one; `detail` is printed as it is, after the name. oid < 16384 is what initdb made.
WITH found (class, oid, kind, namespace_oid, relation, name, detail) AS (
  SELECT 'pg_class'::regclass, cls.oid,
         CASE WHEN cls.relispartition THEN 'partition'
              WHEN cls.relkind = 'v' THEN 'view'
              WHEN cls.relkind = 'm' THEN 'materialized view'
              WHEN cls.relkind = 'f' THEN 'foreign table'
              WHEN cls.relkind = 'p' THEN 'partitioned table'
              WHEN cls.relkind = 'c' THEN 'composite type'
              WHEN cls.reloftype <> 0 THEN 'typed table'
              WHEN cls.oid IN (SELECT inhrelid FROM pg_inherits) THEN 'inheritance child'
              ELSE 'inheritance parent' END,
         cls.relnamespace, NULL::name, cls.relname, NULL::text
    FROM pg_class cls
   WHERE cls.relpersistence <> 't'
     AND (cls.relkind IN ('v', 'm', 'f', 'p', 'c')
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
  -- Multirange types are made together with their range type.
  SELECT 'pg_type'::regclass, typ.oid,
         CASE typ.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
                          WHEN 'b' THEN 'base type' ELSE 'shell type' END,
         typ.typnamespace, NULL, typ.typname, NULL
    FROM pg_type typ
   WHERE typ.oid >= 16384
     AND (typ.typtype IN ('d', 'r')
          OR typ.typtype = 'p' AND NOT typ.typisdefined
          OR typ.typtype = 'b'
             AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = typ.oid))
  UNION ALL
  SELECT 'pg_proc'::regclass, proc.oid,
         CASE proc.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
                           WHEN 'w' THEN 'window function' ELSE 'function' END,
         proc.pronamespace, NULL, proc.proname, format('(%s)', oidvectortypes(proc.proargtypes))
    FROM pg_proc proc
   WHERE proc.oid >= 16384
  UNION ALL
  SELECT 'pg_trigger'::regclass, trg.oid, 'trigger', cls.relnamespace, cls.relname, trg.tgname,
         NULL
    FROM pg_trigger trg JOIN pg_class cls ON cls.oid = trg.tgrelid
   WHERE NOT trg.tgisinternal AND trg.tgparentid = 0
  UNION ALL
  SELECT 'pg_rewrite'::regclass, rule.oid, 'rule', cls.relnamespace, cls.relname, rule.rulename,
         NULL
    FROM pg_rewrite rule JOIN pg_class cls ON cls.oid = rule.ev_class
   WHERE rule.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_policy'::regclass, pol.oid, 'policy', cls.relnamespace, cls.relname, pol.polname, NULL
    FROM pg_policy pol JOIN pg_class cls ON cls.oid = pol.polrelid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, oid, 'statistics object', stxnamespace, NULL, stxname, NULL
    FROM pg_statistic_ext
  UNION ALL
  SELECT 'pg_collation'::regclass, oid, 'collation', collnamespace, NULL, collname, NULL
    FROM pg_collation
  UNION ALL
  SELECT 'pg_conversion'::regclass, oid, 'conversion', connamespace, NULL, conname, NULL
    FROM pg_conversion
  UNION ALL
  SELECT 'pg_operator'::regclass, oid, 'operator', oprnamespace, NULL, NULL,
         format('%s(%s, %s)', oprname,
                CASE oprleft WHEN 0 THEN 'NONE' ELSE format_type(oprleft, NULL) END,
                format_type(oprright, NULL))
    FROM pg_operator WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_opclass'::regclass, opc.oid, 'operator class', opc.opcnamespace, NULL, opc.opcname,
         format(' using %s', am.amname)
    FROM pg_opclass opc JOIN pg_am am ON am.oid = opc.opcmethod
  UNION ALL
  SELECT 'pg_opfamily'::regclass, opf.oid, 'operator family', opf.opfnamespace, NULL, opf.opfname,
         format(' using %s', am.amname)
    FROM pg_opfamily opf JOIN pg_am am ON am.oid = opf.opfmethod
  UNION ALL
  SELECT 'pg_ts_config'::regclass, oid, 'text search configuration', cfgnamespace, NULL, cfgname,
         NULL
    FROM pg_ts_config
  UNION ALL
  SELECT 'pg_ts_dict'::regclass, oid, 'text search dictionary', dictnamespace, NULL, dictname, NULL
    FROM pg_ts_dict
  UNION ALL
  SELECT 'pg_ts_parser'::regclass, oid, 'text search parser', prsnamespace, NULL, prsname, NULL
    FROM pg_ts_parser
  UNION ALL
  SELECT 'pg_ts_template'::regclass, oid, 'text search template', tmplnamespace, NULL, tmplname,
         NULL
    FROM pg_ts_template
  UNION ALL
  SELECT 'pg_cast'::regclass, oid, 'cast', NULL, NULL, NULL,
         format('(%s AS %s)', format_type(castsource, NULL), format_type(casttarget, NULL))
    FROM pg_cast WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_transform'::regclass, trf.oid, 'transform', NULL, NULL, NULL,
         format('for %s language %I', format_type(trf.trftype, NULL), lang.lanname)
    FROM pg_transform trf JOIN pg_language lang ON lang.oid = trf.trflang
  UNION ALL
  SELECT 'pg_language'::regclass, oid, 'language', NULL, NULL, lanname, NULL
    FROM pg_language WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_am'::regclass, oid, 'access method', NULL, NULL, amname, NULL
    FROM pg_am WHERE oid >= 16384
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, oid, 'event trigger', NULL, NULL, evtname, NULL
    FROM pg_event_trigger
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'foreign-data wrapper', NULL, NULL, fdwname, NULL
    FROM pg_foreign_data_wrapper
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, oid, 'server', NULL, NULL, srvname, NULL
    FROM pg_foreign_server
  UNION ALL
  SELECT 'pg_publication'::regclass, oid, 'publication', NULL, NULL, pubname, NULL
    FROM pg_publication
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
                      AND member.classid = found.class AND member.objid = found.oid)
   -- A range type brings functions and a cast of its own, which hang on it by deptype 'i'.
   AND NOT (found.class IN ('pg_proc'::regclass, 'pg_cast'::regclass)
            AND EXISTS (SELECT FROM pg_depend inside
                         WHERE inside.classid = found.class AND inside.objid = found.oid
                           AND inside.deptype = 'i'));
