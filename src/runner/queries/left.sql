-- What an interrupted statement outside of a transaction left, by the note $1 of before.sql, and the
-- statement that removes or finishes it; no such statement for objects that exist beside
-- it and is not its work.
WITH note AS (
    SELECT it.n->>'begins' AS begins,
           it.n->>'name' AS name,
           (it.n->>'relation')::oid AS relation,
           (it.n->>'partition')::oid AS partition,
           ARRAY(SELECT pg_catalog.jsonb_array_elements_text(
                            CASE WHEN pg_catalog.jsonb_typeof(it.n->'before') = 'array'
                                 THEN it.n->'before' END)::oid) AS before
      FROM (SELECT $1::jsonb AS n) AS it
), invalid AS (
    -- The indexes that nobody can use, each with the table that it or its TOAST table belongs to.
    SELECT i.indexrelid AS oid,
           c.relname,
           n.nspname,
           t.oid AS owner,
           t.relnamespace AS namespace
      FROM pg_catalog.pg_index AS i
      JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid AND c.relkind = 'i'
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class AS t ON i.indrelid IN (t.oid, nullif(t.reltoastrelid, 0))
                                   AND t.relkind <> 't'
     WHERE NOT i.indisvalid
)
SELECT it.oid::regclass::text AS object,
       it.owner::regclass::text AS relation,
       false AS is_partition,
       CASE WHEN it.is_its_work
            THEN pg_catalog.format('DROP INDEX CONCURRENTLY %I.%I', it.nspname, it.relname)
       END AS clear,
       -- REINDEX and DROP INDEX hold a lock on the index from one transaction to the next.
       coalesce((SELECT p.pid FROM pg_catalog.pg_stat_progress_create_index AS p
                  WHERE p.index_relid = it.oid AND p.datname = current_database() LIMIT 1),
                (SELECT l.pid FROM pg_catalog.pg_locks AS l
                  WHERE l.locktype = 'relation' AND l.relation = it.oid AND l.granted
                    AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
                    AND l.database = (SELECT oid FROM pg_catalog.pg_database
                                       WHERE datname = current_database())
                  LIMIT 1)) AS busy
  FROM (SELECT invalid.*,
               CASE WHEN note.begins = 'CREATE INDEX CONCURRENTLY' AND note.name <> '' THEN
                        invalid.relname = note.name
                    ELSE invalid.oid <> ALL (note.before)
                         -- The names that PostgreSQL makes up (ChooseIndexName, ReindexRelationConcurrently).
                         AND CASE WHEN note.begins LIKE 'REINDEX%' THEN
                                      invalid.relname ~ '_cc(new|old)[0-9]*$'
                                  WHEN note.begins LIKE 'CREATE%' THEN invalid.relname ~ '_idx[0-9]*$'
                                  ELSE true END
               END AS is_its_work
          FROM note
          JOIN invalid ON CASE note.begins
                   WHEN 'CREATE INDEX CONCURRENTLY' THEN invalid.owner = note.relation
                   WHEN 'DROP INDEX CONCURRENTLY' THEN
                       invalid.oid = note.relation AND invalid.oid <> ALL (note.before)
                   WHEN 'REINDEX SCHEMA CONCURRENTLY' THEN invalid.namespace = note.relation
                   WHEN 'REINDEX DATABASE CONCURRENTLY' THEN true
                   WHEN 'REINDEX INDEX CONCURRENTLY' THEN
                       invalid.owner = note.relation
                       OR invalid.owner IN (SELECT relid FROM pg_catalog.pg_partition_tree(note.relation::regclass))
                   WHEN 'REINDEX TABLE CONCURRENTLY' THEN
                       invalid.owner = note.relation
                       OR invalid.owner IN (SELECT relid FROM pg_catalog.pg_partition_tree(note.relation::regclass))
                   ELSE false END) AS it
UNION ALL
SELECT i.inhrelid::regclass::text,
       i.inhparent::regclass::text,
       true,
       CASE WHEN i.inhrelid <> ALL (note.before)
            THEN pg_catalog.format('ALTER TABLE %I.%I DETACH PARTITION %I.%I FINALIZE',
                                   pn.nspname, p.relname, cn.nspname, c.relname) END,
       NULL::integer
  FROM note
  JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = note.partition AND i.inhparent = note.relation
  JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
  JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
  JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
 -- inhdetachpending is there from PostgreSQL 14 on.
 WHERE pg_catalog.to_jsonb(i)->>'inhdetachpending' = 'true'
 ORDER BY 2, 1
