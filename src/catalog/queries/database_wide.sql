-- What stands in no schema: languages, access methods, foreign-data wrappers with their servers and
-- user mappings, publications, event triggers; and extended statistics, which do. The options of a
-- user mapping are hidden by the server from those who may not see them, and secrets are not read at all.
WITH foreign_made AS (
  SELECT classid, objid FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
)
SELECT 'pg_language'::regclass::oid AS class,
       lang.oid AS object,
       'language' AS kind,
       NULL::name AS namespace,
       NULL::name AS relation,
       lang.lanname AS name,
       NULL::text AS signature,
       ARRAY[concat_ws(' ', format('CREATE%s LANGUAGE %I',
                                   CASE WHEN lang.lanpltrusted THEN ' TRUSTED' END, lang.lanname),
               'HANDLER ' || nullif(lang.lanplcallfoid, 0)::regproc,
               'INLINE ' || nullif(lang.laninline, 0)::regproc,
               'VALIDATOR ' || nullif(lang.lanvalidator, 0)::regproc)] AS statements,
       '{}'::text[] AS interface,
       NULL::text AS firing,
       '{}'::oid[] AS address_classes,
       '{}'::oid[] AS address_objects
  FROM pg_language lang
 WHERE lang.oid >= 16384
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_language'::regclass AND it.objid = lang.oid)
UNION ALL
SELECT 'pg_am'::regclass::oid, am.oid, 'access_method', NULL, NULL, am.amname, NULL,
       ARRAY[format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', am.amname,
                    CASE am.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, am.amhandler)],
       NULL, NULL, '{}', '{}'
  FROM pg_am am
 WHERE am.oid >= 16384
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_am'::regclass AND it.objid = am.oid)
UNION ALL
SELECT 'pg_foreign_data_wrapper'::regclass::oid, fdw.oid, 'foreign_data_wrapper', NULL, NULL,
       fdw.fdwname, NULL,
       ARRAY[concat_ws(' ', format('CREATE FOREIGN DATA WRAPPER %I', fdw.fdwname),
               'HANDLER ' || nullif(fdw.fdwhandler, 0)::regproc,
               'VALIDATOR ' || nullif(fdw.fdwvalidator, 0)::regproc,
               (SELECT 'OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ')
                         || ')'
                  FROM pg_options_to_table(fdw.fdwoptions)))],
       NULL, NULL, '{}', '{}'
  FROM pg_foreign_data_wrapper fdw
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_foreign_data_wrapper'::regclass AND it.objid = fdw.oid)
UNION ALL
SELECT 'pg_foreign_server'::regclass::oid, srv.oid, 'server', NULL, NULL, srv.srvname, NULL,
       ARRAY[concat_ws(' ', format('CREATE SERVER %I', srv.srvname),
               'TYPE ' || quote_literal(srv.srvtype), 'VERSION ' || quote_literal(srv.srvversion),
               format('FOREIGN DATA WRAPPER %I', fdw.fdwname),
               (SELECT 'OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ')
                         || ')'
                  FROM pg_options_to_table(srv.srvoptions)
                 WHERE option_name !~* 'password|passwd|passphrase|secret|token|credential|api_key'))],
       NULL, NULL, '{}', '{}'
  FROM pg_foreign_server srv
  JOIN pg_foreign_data_wrapper fdw ON fdw.oid = srv.srvfdw
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_foreign_server'::regclass AND it.objid = srv.oid)
UNION ALL
SELECT 'pg_user_mapping'::regclass::oid, um.umid, 'user_mapping', NULL, NULL, um.usename,
       ' SERVER ' || quote_ident(um.srvname),
       ARRAY[concat_ws(' ', format('CREATE USER MAPPING FOR %s SERVER %I', quote_ident(um.usename),
                                   um.srvname),
               (SELECT 'OPTIONS (' || string_agg(format('%I %L', option_name, option_value), ', ')
                         || ')'
                  FROM pg_options_to_table(um.umoptions)
                 WHERE option_name !~* 'password|passwd|passphrase|secret|token|credential|api_key'))],
       NULL, NULL, '{}', '{}'
  FROM pg_user_mappings um
UNION ALL
SELECT 'pg_publication'::regclass::oid, pub.oid, 'publication', NULL, NULL, pub.pubname, NULL,
       ARRAY[concat_ws(' ', format('CREATE PUBLICATION %I', pub.pubname),
               CASE WHEN pub.puballtables THEN 'FOR ALL TABLES'
                    ELSE 'FOR ' || nullif(concat_ws(', ',
                      -- TABLE is said once: up to 14 it cannot be repeated.
                      (SELECT 'TABLE ' || string_agg(member.text, ', '
                                                     ORDER BY member.name COLLATE "C")
                         FROM (SELECT cls.oid::regclass::text AS name,
                                      concat(CASE WHEN cls.relkind = 'r' THEN 'ONLY ' END,
                                             cls.oid::regclass,
                                             -- Lists of columns and filters of rows came with 15.
                                             /*15: (SELECT ' (' || string_agg(quote_ident(att.attname), ', '
                                                                          ORDER BY att.attname) || ')'
                                                FROM pg_attribute att
                                               WHERE att.attrelid = rel.prrelid
                                                 AND att.attnum = ANY (rel.prattrs)),
                                             ' WHERE (' || pg_get_expr(rel.prqual, rel.prrelid) || ')' */ NULL /*end*/)
                                        AS text
                                 FROM pg_publication_rel rel
                                 JOIN pg_class cls ON cls.oid = rel.prrelid
                                WHERE rel.prpubid = pub.oid) member)
                      /*15: , (SELECT string_agg(format('TABLES IN SCHEMA %I', ns.nspname), ', '
                                               ORDER BY ns.nspname COLLATE "C")
                               FROM pg_publication_namespace inside
                               JOIN pg_namespace ns ON ns.oid = inside.pnnspid
                              WHERE inside.pnpubid = pub.oid) */ /*end*/), '')
               END,
               (SELECT 'WITH (' || string_agg(setting.text, ', ') || ')'
                  FROM (SELECT 'publish = ' || quote_literal(concat_ws(', ',
                                 CASE WHEN pub.pubinsert THEN 'insert' END,
                                 CASE WHEN pub.pubupdate THEN 'update' END,
                                 CASE WHEN pub.pubdelete THEN 'delete' END,
                                 CASE WHEN pub.pubtruncate THEN 'truncate' END))
                         WHERE NOT (pub.pubinsert AND pub.pubupdate AND pub.pubdelete
                                    AND pub.pubtruncate)
                        UNION ALL
                        SELECT 'publish_via_partition_root = true' WHERE pub.pubviaroot
                        /*18: UNION ALL
                        SELECT 'publish_generated_columns = stored' WHERE pub.pubgencols = 's' */ /*end*/
                       ) setting (text)))],
       NULL, NULL,
       array_fill('pg_publication_rel'::regclass::oid, ARRAY[cardinality(members.relations)])
         /*15: || array_fill('pg_publication_namespace'::regclass::oid,
                             ARRAY[cardinality(members.namespaces)]) */ /*end*/,
       members.relations /*15: || members.namespaces */ /*end*/
  FROM pg_publication pub
 CROSS JOIN LATERAL (
       SELECT ARRAY(SELECT oid FROM pg_publication_rel WHERE prpubid = pub.oid) AS relations
              /*15: , ARRAY(SELECT oid FROM pg_publication_namespace WHERE pnpubid = pub.oid)
                AS namespaces */ /*end*/) members
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_publication'::regclass AND it.objid = pub.oid)
UNION ALL
SELECT 'pg_event_trigger'::regclass::oid, evt.oid, 'event_trigger', NULL, NULL, evt.evtname, NULL,
       ARRAY[concat_ws(' ', format('CREATE EVENT TRIGGER %I ON %s', evt.evtname, evt.evtevent),
               (SELECT 'WHEN TAG IN (' || string_agg(quote_literal(tag), ', ') || ')'
                  FROM unnest(evt.evttags) tag),
               format('EXECUTE FUNCTION %s()', evt.evtfoid::regproc))],
       NULL, evt.evtenabled::text, '{}', '{}'
  FROM pg_event_trigger evt
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_event_trigger'::regclass AND it.objid = evt.oid)
UNION ALL
SELECT 'pg_statistic_ext'::regclass::oid, stx.oid, 'statistics', ns.nspname, NULL, stx.stxname, NULL,
       ARRAY[pg_get_statisticsobjdef(stx.oid)]
         || CASE WHEN stx.stxstattarget >= 0
                 THEN ARRAY[format('ALTER STATISTICS %I.%I SET STATISTICS %s', ns.nspname,
                                   stx.stxname, stx.stxstattarget)]
                 ELSE '{}' END,
       NULL, NULL, '{}', '{}'
  FROM pg_statistic_ext stx
  JOIN pg_namespace ns ON ns.oid = stx.stxnamespace
 WHERE ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_statistic_ext'::regclass AND it.objid = stx.oid);
