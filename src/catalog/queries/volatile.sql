-- What has a value of its own in each row: columns and domains whose default calls a volatile function.
-- An expression is stored as a tree of nodes, which name the functions that they call by their OIDs.
WITH expression AS (
  SELECT ns.nspname AS namespace, cls.relname AS relation, att.attname AS name, def.adbin::text AS tree
    FROM pg_attrdef def
    JOIN pg_class cls ON cls.oid = def.adrelid
    JOIN pg_namespace ns ON ns.oid = cls.relnamespace
    JOIN pg_attribute att ON att.attrelid = def.adrelid AND att.attnum = def.adnum
   WHERE att.attgenerated = ''
  UNION ALL
  SELECT ns.nspname, NULL, typ.typname, typ.typdefaultbin::text
    FROM pg_type typ
    JOIN pg_namespace ns ON ns.oid = typ.typnamespace
   WHERE typ.typtype = 'd' AND typ.typdefaultbin IS NOT NULL)
SELECT namespace, relation, name
  FROM expression
 WHERE namespace !~ '^pg_' AND namespace <> 'information_schema'
   AND EXISTS (SELECT FROM regexp_matches(tree, ':(?:func|opfunc)id (\d+)', 'g') AS called (oid)
                 JOIN pg_proc ON pg_proc.oid = called.oid[1]::oid
                WHERE provolatile = 'v');
