-- The relations that people made: what each is called as SQL, and where it is stored. Names are those that the
-- catalog is read with: unqualified in public, qualified elsewhere.
SELECT it.oid,
       CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(it.relname)
            ELSE pg_catalog.format('%I.%I', namespace.nspname, it.relname) END AS name,
       it.relkind::text AS kind,
       index.indrelid AS table,
       (SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = it.oid AND inhseqno = 1) AS parent,
       pg_catalog.pg_relation_filenode(it.oid) AS stored,
       CASE WHEN it.relkind IN ('r', 'm', 'i', 'S') THEN pg_catalog.pg_relation_size(it.oid) ELSE 0 END AS bytes
  FROM pg_catalog.pg_class it
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = it.relnamespace
  LEFT JOIN pg_catalog.pg_index index ON index.indexrelid = it.oid
 WHERE it.relkind IN ('r', 'p', 'f', 'i', 'I', 'v', 'm', 'S')
   AND namespace.nspname !~ '^(pg_|information_schema$)'
