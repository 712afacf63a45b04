-- What has a value of its own in each row: columns and domains whose default calls a volatile function.
-- An expression is stored as a tree of nodes, which name the functions that they call by their OIDs
-- (`:funcid 77`, `:opfuncid 77`).
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
SELECT DISTINCT namespace, relation, name
  FROM expression
 CROSS JOIN LATERAL unnest(string_to_array(tree, 'funcid ')) WITH ORDINALITY AS called (rest, at)
  JOIN pg_proc ON pg_proc.oid = split_part(called.rest, ' ', 1)::oid
 WHERE called.at > 1
   AND provolatile = 'v'
   AND namespace !~ '^pg_' AND namespace <> 'information_schema';
