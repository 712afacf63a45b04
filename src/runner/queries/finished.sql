-- Whether a statement that an earlier run began is done, now that what it left half-done is cleared
-- away or finished: by the note $1 that before.sql made, by $2, whether nobody knows how it ended, and
-- by $3, the digest of the statement that is to be run now.
SELECT it.n->>'digest' = $3::text
       AND coalesce(CASE
           -- Refused, it has built nothing.
           WHEN it.begins = 'CREATE INDEX CONCURRENTLY' THEN
               $2::boolean
               AND EXISTS (SELECT FROM pg_catalog.pg_index AS i
                             JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
                            WHERE i.indrelid = it.relation AND i.indisvalid
                              AND CASE WHEN it.name <> '' THEN c.relname = it.name
                                       -- The names that PostgreSQL makes up (ChooseIndexName).
                                       ELSE c.relname ~ '_idx[0-9]*$'
                                            AND NOT it.n->'before' @> pg_catalog.to_jsonb(i.indexrelid::bigint) END)
           WHEN it.begins = 'DROP INDEX CONCURRENTLY' THEN
               CASE WHEN it.relation IS NULL THEN $2::boolean
                    ELSE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = it.relation) END
           WHEN it.begins IN ('REINDEX INDEX CONCURRENTLY', 'REINDEX TABLE CONCURRENTLY') THEN
               it.n->'replaces' <> '[]'
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c
                                WHERE it.n->'replaces' @> pg_catalog.to_jsonb(c.oid::bigint))
           WHEN it.begins = 'DETACH PARTITION CONCURRENTLY' THEN
               (it.n->>'attached' = 'true' OR $2::boolean)
               AND it.n->>'partition' IS NOT NULL
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits
                                WHERE inhrelid = (it.n->>'partition')::oid
                                  AND inhparent = it.relation)
           WHEN it.begins = 'ALTER SUBSCRIPTION' THEN
               $2::boolean
               AND EXISTS (SELECT FROM pg_catalog.pg_subscription AS s
                             JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
                            WHERE s.subname = it.name AND d.datname = current_database()
                              AND pg_catalog.to_jsonb(s.subpublications) <> it.n->'publications')
           WHEN it.begins LIKE 'CREATE %' THEN
               $2::boolean AND it.n->>'existed' = 'false' AND it.there
           WHEN it.begins LIKE 'DROP %' THEN
               (it.n->>'existed' = 'true' OR $2::boolean) AND NOT it.there
       END, false) AS finished
  FROM (SELECT n.n,
               n.n->>'begins' AS begins,
               n.n->>'name' AS name,
               (n.n->>'relation')::oid AS relation,
               CASE WHEN n.n->>'begins' LIKE '% DATABASE' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = n.n->>'name')
                    WHEN n.n->>'begins' LIKE '% TABLESPACE' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = n.n->>'name')
                    WHEN n.n->>'begins' LIKE '% SUBSCRIPTION' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_subscription AS s
                                  JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
                                 WHERE s.subname = n.n->>'name' AND d.datname = current_database())
               END AS there
          FROM (SELECT $1::jsonb AS n) AS n) AS it
