-- The objects before a statement that runs outside of a transaction, as a note from which left.sql and
-- finished.sql tell later what it did: $1 is its kind, $2 the object it is about, $3 the new index or
-- the partition, $4 the number of its part, $5 its line, $6 the digest of its text.
SELECT pg_catalog.jsonb_build_object(
           'begins', $1::text,
           'name', CASE WHEN $1::text = 'CREATE INDEX CONCURRENTLY' THEN $3::text ELSE $2::text END,
           'part', $4::integer,
           'line', $5::integer,
           'digest', $6::text,
           -- An index that is rebuilt gets another OID: its table stays.
           'relation', CASE $1::text
               WHEN 'REINDEX INDEX CONCURRENTLY' THEN
                   (SELECT indrelid::bigint FROM pg_catalog.pg_index WHERE indexrelid = it.relation)
               WHEN 'REINDEX SCHEMA CONCURRENTLY' THEN
                   (SELECT oid::bigint FROM pg_catalog.pg_namespace WHERE nspname = $2::text)
               ELSE it.relation::oid::bigint END,
           'partition', it.partition::oid::bigint,
           'attached', EXISTS (SELECT FROM pg_catalog.pg_inherits
                                WHERE inhrelid = it.partition AND inhparent = it.relation),
           -- A database, a tablespace or a subscription of this name.
           'existed', it.existed,
           -- What ADD and DROP PUBLICATION change.
           'publications', CASE WHEN $1::text = 'ALTER SUBSCRIPTION' THEN
               (SELECT pg_catalog.to_jsonb(s.subpublications) FROM pg_catalog.pg_subscription AS s
                  JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
                 WHERE s.subname = $2::text AND d.datname = current_database()) END,
           -- What the statement is not to blame for.
           'before', CASE
               WHEN $1::text = 'CREATE INDEX CONCURRENTLY' THEN
                   ARRAY(SELECT indexrelid::bigint FROM pg_catalog.pg_index
                          WHERE indrelid = it.relation ORDER BY 1)
               -- inhdetachpending is there from PostgreSQL 14 on.
               WHEN $1::text = 'DETACH PARTITION CONCURRENTLY' THEN
                   ARRAY(SELECT i.inhrelid::bigint FROM pg_catalog.pg_inherits AS i
                          WHERE i.inhrelid = it.partition
                            AND pg_catalog.to_jsonb(i)->>'inhdetachpending' = 'true')
               WHEN $1::text LIKE '%INDEX%' THEN
                   ARRAY(SELECT i.indexrelid::bigint FROM pg_catalog.pg_index AS i
                           JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
                          WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1)
               END,
           -- Those that REINDEX replaces by others, which get other OIDs.
           'replaces', CASE WHEN $1::text IN ('REINDEX INDEX CONCURRENTLY', 'REINDEX TABLE CONCURRENTLY') THEN
               ARRAY(SELECT i.indexrelid::bigint FROM pg_catalog.pg_index AS i
                       JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
                      WHERE i.indisvalid AND c.relkind = 'i'
                        AND (i.indexrelid = it.relation OR i.indrelid = it.relation
                             OR i.indexrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(it.relation))
                             OR i.indrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(it.relation)))
                      ORDER BY 1) END
       )::text AS note
  FROM (SELECT CASE WHEN $1::text LIKE '%INDEX CONCURRENTLY' OR $1::text LIKE '%TABLE CONCURRENTLY'
                         OR $1::text LIKE '%PARTITION CONCURRENTLY'
                    THEN pg_catalog.to_regclass($2::text) END AS relation,
               CASE WHEN $1::text LIKE '%PARTITION CONCURRENTLY'
                    THEN pg_catalog.to_regclass($3::text) END AS partition,
               CASE WHEN $1::text LIKE '% DATABASE' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $2::text)
                    WHEN $1::text LIKE '% TABLESPACE' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = $2::text)
                    WHEN $1::text LIKE '% SUBSCRIPTION' THEN
                        EXISTS (SELECT FROM pg_catalog.pg_subscription AS s
                                  JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
                                 WHERE s.subname = $2::text AND d.datname = current_database())
               END AS existed) AS it
