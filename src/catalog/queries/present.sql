-- Which of the queries for what is known by its definition would find anything: planning those takes
-- longer than looking. oid < 16384 is what initdb made; _RETURN rules of views count with the views.
WITH foreign_made AS (
  SELECT classid, objid FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
), own (name, class, object) AS (
  SELECT 'operators', 'pg_operator'::regclass, oid FROM pg_operator WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_opfamily'::regclass, oid FROM pg_opfamily WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_opclass'::regclass, oid FROM pg_opclass WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_cast'::regclass, oid FROM pg_cast WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_transform'::regclass, oid FROM pg_transform WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_collation'::regclass, oid FROM pg_collation WHERE oid >= 16384
  UNION ALL
  SELECT 'operators', 'pg_conversion'::regclass, oid FROM pg_conversion WHERE oid >= 16384
  UNION ALL
  SELECT 'text_search', 'pg_ts_parser'::regclass, oid FROM pg_ts_parser WHERE oid >= 16384
  UNION ALL
  SELECT 'text_search', 'pg_ts_template'::regclass, oid FROM pg_ts_template WHERE oid >= 16384
  UNION ALL
  SELECT 'text_search', 'pg_ts_dict'::regclass, oid FROM pg_ts_dict WHERE oid >= 16384
  UNION ALL
  SELECT 'text_search', 'pg_ts_config'::regclass, oid FROM pg_ts_config WHERE oid >= 16384
  UNION ALL
  SELECT 'made_types', 'pg_type'::regclass, rngtypid FROM pg_range WHERE rngtypid >= 16384
  UNION ALL
  SELECT 'made_types', 'pg_type'::regclass, oid FROM pg_type
   WHERE oid >= 16384 AND typtype = 'b' AND typinput <> 'array_in'::regproc
  UNION ALL
  SELECT 'routines', 'pg_proc'::regclass, oid FROM pg_proc WHERE oid >= 16384
  UNION ALL
  SELECT 'views', 'pg_class'::regclass, ev_class FROM pg_rewrite
   WHERE oid >= 16384 AND rulename = '_RETURN'
  UNION ALL
  SELECT 'triggers', 'pg_rewrite'::regclass, oid FROM pg_rewrite
   WHERE oid >= 16384 AND rulename <> '_RETURN'
  UNION ALL
  SELECT 'triggers', 'pg_trigger'::regclass, oid FROM pg_trigger
   WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL
  SELECT 'triggers', 'pg_policy'::regclass, oid FROM pg_policy
  UNION ALL
  SELECT 'database_wide', 'pg_language'::regclass, oid FROM pg_language WHERE oid >= 16384
  UNION ALL
  SELECT 'database_wide', 'pg_am'::regclass, oid FROM pg_am WHERE oid >= 16384
  UNION ALL
  SELECT 'database_wide', 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
  UNION ALL
  SELECT 'database_wide', 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL
  SELECT 'database_wide', 'pg_publication'::regclass, oid FROM pg_publication
  UNION ALL
  SELECT 'database_wide', 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
  UNION ALL
  SELECT 'database_wide', 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
)
SELECT DISTINCT own.name
  FROM own
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = own.class AND it.objid = own.object);
