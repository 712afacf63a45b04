-- Triggers that people made, in the order that they are turned on again.
SELECT it.oid AS trigger,
       pg_catalog.format('%I.%I', namespace.nspname, of.relname) AS table,
       pg_catalog.quote_ident(it.tgname) AS name,
       it.tgenabled::text AS fires
  FROM pg_catalog.pg_trigger it
  JOIN pg_catalog.pg_class of ON of.oid = it.tgrelid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = of.relnamespace
 WHERE it.tgrelid = ANY ($1) AND NOT it.tgisinternal AND it.tgenabled <> 'D'
 ORDER BY 2, 3
