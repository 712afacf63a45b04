-- Foreign keys. For each partition of what is referenced there is one more, which says the same.
SELECT it.conrelid AS table,
       it.conkey AS columns,
       it.confrelid AS target,
       it.confkey AS target_columns,
       it.condeferrable AS deferrable,
       pg_catalog.format('%I.%I', namespace.nspname, target.relname) AS target_name,
       ARRAY(SELECT pg_catalog.quote_ident(attname)
               FROM pg_catalog.unnest(it.confkey) WITH ORDINALITY AS keys (number, place)
               JOIN pg_catalog.pg_attribute
                 ON attrelid = it.confrelid AND attnum = keys.number
              ORDER BY place) AS target_names
  FROM pg_catalog.pg_constraint it
  JOIN pg_catalog.pg_class target ON target.oid = it.confrelid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = target.relnamespace
 WHERE it.conrelid = ANY ($1) AND it.contype = 'f'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint above
                    WHERE above.oid = it.conparentid AND above.conrelid = it.conrelid)
 ORDER BY it.conrelid, it.conname
