-- All installed extensions, whatever namespace they are in.
SELECT ext.oid AS oid,
       ext.extname AS name,
       ns.nspname AS namespace,
       ext.extversion AS version
  FROM pg_extension ext
  JOIN pg_namespace ns ON ns.oid = ext.extnamespace;
