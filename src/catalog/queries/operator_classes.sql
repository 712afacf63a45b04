-- All operator classes, to name those of index keys and to know which one a type takes by default.
-- stored_type is not 0 where the index stores another type than it is given.
SELECT opc.oid AS oid,
       ns.nspname AS namespace,
       opc.opcname AS name,
       am.oid AS method_oid,
       am.amname AS method,
       opc.opcintype AS input_type,
       opc.opckeytype AS stored_type,
       opc.opcdefault AS is_default,
       typ.typispreferred AS input_preferred
  FROM pg_opclass opc
  JOIN pg_namespace ns ON ns.oid = opc.opcnamespace
  JOIN pg_am am ON am.oid = opc.opcmethod
  JOIN pg_type typ ON typ.oid = opc.opcintype;
