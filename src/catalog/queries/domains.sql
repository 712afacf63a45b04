-- The type that each domain stands on, which may be a domain again. An index on a domain column
-- takes the operator class of the base type.
SELECT typ.oid AS oid,
       typ.typbasetype AS base_type
  FROM pg_type typ
 WHERE typ.typtype = 'd';
