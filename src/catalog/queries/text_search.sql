-- Text search parsers, templates, dictionaries and configurations. A configuration is made empty, and
-- then told which dictionaries each of its parser's tokens goes through.
WITH foreign_made AS (
  SELECT classid, objid FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
)
SELECT 'pg_ts_parser'::regclass::oid AS class,
       prs.oid AS object,
       'text_search_parser' AS kind,
       ns.nspname AS namespace,
       NULL::name AS relation,
       prs.prsname AS name,
       NULL::text AS signature,
       ARRAY[format('CREATE TEXT SEARCH PARSER %s%I (%s)', called.prefix, prs.prsname,
         array_to_string(ARRAY['START = ' || prs.prsstart, 'GETTOKEN = ' || prs.prstoken,
           'END = ' || prs.prsend, 'HEADLINE = ' || nullif(prs.prsheadline::oid, 0)::regproc,
           'LEXTYPES = ' || prs.prslextype], ', '))] AS statements,
       NULL::text[] AS interface,
       NULL::text AS firing,
       '{}'::oid[] AS address_classes,
       '{}'::oid[] AS address_objects
  FROM pg_ts_parser prs
  JOIN pg_namespace ns ON ns.oid = prs.prsnamespace
 CROSS JOIN LATERAL (SELECT CASE ns.nspname WHEN 'public' THEN ''
                            ELSE quote_ident(ns.nspname) || '.' END AS prefix) called
 WHERE prs.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_ts_parser'::regclass AND it.objid = prs.oid)
UNION ALL
SELECT 'pg_ts_template'::regclass::oid, tmpl.oid, 'text_search_template', ns.nspname, NULL,
       tmpl.tmplname, NULL,
       ARRAY[format('CREATE TEXT SEARCH TEMPLATE %s%I (%s)', called.prefix, tmpl.tmplname,
         array_to_string(ARRAY['INIT = ' || nullif(tmpl.tmplinit::oid, 0)::regproc,
                               'LEXIZE = ' || tmpl.tmpllexize], ', '))],
       NULL, NULL, '{}', '{}'
  FROM pg_ts_template tmpl
  JOIN pg_namespace ns ON ns.oid = tmpl.tmplnamespace
 CROSS JOIN LATERAL (SELECT CASE ns.nspname WHEN 'public' THEN ''
                            ELSE quote_ident(ns.nspname) || '.' END AS prefix) called
 WHERE tmpl.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_ts_template'::regclass AND it.objid = tmpl.oid)
UNION ALL
SELECT 'pg_ts_dict'::regclass::oid, dict.oid, 'text_search_dictionary', ns.nspname, NULL,
       dict.dictname, NULL,
       ARRAY[format('CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %I.%I%s)', dict.oid::regdictionary,
                    tmpl_ns.nspname, tmpl.tmplname, ', ' || dict.dictinitoption)],
       NULL, NULL, '{}', '{}'
  FROM pg_ts_dict dict
  JOIN pg_namespace ns ON ns.oid = dict.dictnamespace
  JOIN pg_ts_template tmpl ON tmpl.oid = dict.dicttemplate
  JOIN pg_namespace tmpl_ns ON tmpl_ns.oid = tmpl.tmplnamespace
 WHERE dict.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_ts_dict'::regclass AND it.objid = dict.oid)
UNION ALL
SELECT 'pg_ts_config'::regclass::oid, cfg.oid, 'text_search_configuration', ns.nspname, NULL,
       cfg.cfgname, NULL,
       ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %I.%I)', cfg.oid::regconfig,
                    prs_ns.nspname, prs.prsname)]
         || ARRAY(SELECT format('ALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %s WITH %s',
                                cfg.oid::regconfig,
                                string_agg(token.alias, ', ' ORDER BY token.tokid),
                                token.dictionaries)
                    FROM (SELECT kind.tokid, kind.alias,
                                 string_agg(map.mapdict::regdictionary::text, ', '
                                            ORDER BY map.mapseqno) AS dictionaries
                            FROM pg_ts_config_map map
                            JOIN ts_token_type(cfg.cfgparser) kind ON kind.tokid = map.maptokentype
                           WHERE map.mapcfg = cfg.oid
                           GROUP BY kind.tokid, kind.alias) token
                   GROUP BY token.dictionaries
                   ORDER BY min(token.tokid)),
       NULL, NULL, '{}', '{}'
  FROM pg_ts_config cfg
  JOIN pg_namespace ns ON ns.oid = cfg.cfgnamespace
  JOIN pg_ts_parser prs ON prs.oid = cfg.cfgparser
  JOIN pg_namespace prs_ns ON prs_ns.oid = prs.prsnamespace
 WHERE cfg.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_ts_config'::regclass AND it.objid = cfg.oid);
