-- Names of collations.
SELECT coll.oid AS oid,
       ns.nspname AS namespace,
       coll.collname AS name
  FROM pg_collation coll
  JOIN pg_namespace ns ON ns.oid = coll.collnamespace;
