-- What hangs on a table or view and acts on its rows: triggers, rules and policies. Not the triggers
-- of foreign keys (tgisinternal), nor those that a partition has from its parent (tgparentid).
SELECT 'pg_trigger'::regclass::oid AS class,
       trg.oid AS object,
       'trigger' AS kind,
       ns.nspname AS namespace,
       cls.relname AS relation,
       trg.tgname AS name,
       NULL::text AS signature,
       ARRAY[pg_get_triggerdef(trg.oid, true)] AS statements,
       NULL::text[] AS interface,
       trg.tgenabled::text AS firing,
       ARRAY['pg_constraint'::regclass::oid] AS address_classes,
       ARRAY[trg.tgconstraint] AS address_objects
  FROM pg_trigger trg
  JOIN pg_class cls ON cls.oid = trg.tgrelid
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
 WHERE NOT trg.tgisinternal AND trg.tgparentid = 0
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_trigger'::regclass AND member.objid = trg.oid)
UNION ALL
SELECT 'pg_rewrite'::regclass::oid, rule.oid, 'rule', ns.nspname, cls.relname, rule.rulename, NULL,
       ARRAY[rtrim(pg_get_ruledef(rule.oid), ';')], '{}', rule.ev_enabled::text, '{}', '{}'
  FROM pg_rewrite rule
  JOIN pg_class cls ON cls.oid = rule.ev_class
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
 WHERE rule.rulename <> '_RETURN' AND rule.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_rewrite'::regclass AND member.objid = rule.oid)
UNION ALL
SELECT 'pg_policy'::regclass::oid, pol.oid, 'policy', ns.nspname, cls.relname, pol.polname, NULL,
       ARRAY[concat_ws(E'\n    ',
         format('CREATE POLICY %I ON %s', pol.polname, cls.oid::regclass),
         CASE WHEN NOT pol.polpermissive THEN 'AS RESTRICTIVE' END,
         CASE pol.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT'
                         WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN 'FOR DELETE' END,
         'TO ' || (SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname COLLATE "C")
                     FROM pg_roles WHERE oid = ANY (pol.polroles)),
         'USING (' || pg_get_expr(pol.polqual, pol.polrelid) || ')',
         'WITH CHECK (' || pg_get_expr(pol.polwithcheck, pol.polrelid) || ')')],
       NULL, NULL, '{}', '{}'
  FROM pg_policy pol
  JOIN pg_class cls ON cls.oid = pol.polrelid
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
 WHERE ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_policy'::regclass AND member.objid = pol.oid);
