-- Views and materialized views. `interface` is the columns in their order, which CREATE OR REPLACE
-- VIEW must keep. Defaults of columns, and how a materialized view keeps them, are told after CREATE. In
-- pg_depend a view stands by its rule _RETURN, its row type, and the defaults of its columns too.
SELECT 'pg_class'::regclass::oid AS class,
       cls.oid AS object,
       CASE cls.relkind WHEN 'v' THEN 'view' ELSE 'materialized_view' END AS kind,
       ns.nspname AS namespace,
       NULL::name AS relation,
       cls.relname AS name,
       NULL::text AS signature,
       ARRAY[format('CREATE %s %s%s AS%s%s',
                    CASE cls.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
                    cls.oid::regclass,
                    CASE WHEN am.amname <> 'heap' THEN format(' USING %I', am.amname) ELSE '' END
                      || coalesce(' WITH (' || array_to_string(options.list, ', ') || ')', ''),
                    E'\n', btrim(pg_get_viewdef(cls.oid), ' ;'))]
         || ARRAY(SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', cls.oid::regclass,
                                att.attname, pg_get_expr(def.adbin, def.adrelid))
                    FROM pg_attrdef def
                    JOIN pg_attribute att ON att.attrelid = def.adrelid AND att.attnum = def.adnum
                   WHERE def.adrelid = cls.oid
                   ORDER BY att.attnum)
         || ARRAY(SELECT format('ALTER MATERIALIZED VIEW %s ALTER COLUMN %I SET %s',
                                cls.oid::regclass, att.attname, setting.text)
                    FROM pg_attribute att
                    JOIN pg_type att_type ON att_type.oid = att.atttypid
                   CROSS JOIN LATERAL (VALUES
                         (1, 'STATISTICS ' || CASE WHEN att.attstattarget >= 0
                                                   THEN att.attstattarget END),
                         (2, 'STORAGE ' || CASE nullif(att.attstorage, att_type.typstorage)
                                             WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                             WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END),
                         -- attcompression came with 14.
                         (3, 'COMPRESSION ' || /*14: CASE att.attcompression WHEN 'p' THEN 'pglz'
                                                     WHEN 'l' THEN 'lz4' END */ NULL::text /*end*/),
                         -- What the server keeps there for itself begins with pg_.
                         (4, '(' || (SELECT string_agg(option, ', ')
                                       FROM unnest(att.attoptions) option
                                      WHERE option !~ '^pg_') || ')')
                       ) setting (sort, text)
                   WHERE cls.relkind = 'm' AND att.attrelid = cls.oid
                     AND att.attnum > 0 AND NOT att.attisdropped AND setting.text IS NOT NULL
                   ORDER BY att.attnum, setting.sort) AS statements,
       ARRAY(SELECT format('%I %s %s', att.attname, format_type(att.atttypid, att.atttypmod),
                           att.attcollation::regcollation)
               FROM pg_attribute att
              WHERE att.attrelid = cls.oid AND att.attnum > 0 AND NOT att.attisdropped
              ORDER BY att.attnum) AS interface,
       NULL::text AS firing,
       ARRAY['pg_type'::regclass::oid, 'pg_type'::regclass::oid, 'pg_rewrite'::regclass::oid]
         || ARRAY(SELECT 'pg_attrdef'::regclass::oid FROM pg_attrdef def
                   WHERE def.adrelid = cls.oid ORDER BY def.oid) AS address_classes,
       ARRAY[cls.reltype, typ.typarray, rule.oid]
         || ARRAY(SELECT def.oid FROM pg_attrdef def
                   WHERE def.adrelid = cls.oid ORDER BY def.oid) AS address_objects
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_type typ ON typ.oid = cls.reltype
  JOIN pg_rewrite rule ON rule.ev_class = cls.oid AND rule.rulename = '_RETURN'
                     AND rule.oid >= 16384
  LEFT JOIN pg_am am ON am.oid = cls.relam
  LEFT JOIN pg_class toast ON toast.oid = cls.reltoastrelid
 CROSS JOIN LATERAL (
       SELECT array_agg(found.option) AS list
         FROM (SELECT unnest(cls.reloptions) UNION ALL
               SELECT 'toast.' || unnest(toast.reloptions)) found (option)
                WHERE found.option !~ '^(toast\.)?pg_') options
 WHERE cls.relkind IN ('v', 'm') AND cls.relpersistence <> 't'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_class'::regclass AND member.objid = cls.oid);
