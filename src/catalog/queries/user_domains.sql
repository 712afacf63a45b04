-- Domains that users made, with their checks by name. The collation comes as 0 where it is the base
-- type's own. NOT NULL of a domain is a constraint with a name (contype 'n') from 17 on.
SELECT typ.oid AS oid,
       typ.typarray AS array_type,
       ns.nspname AS namespace,
       typ.typname AS name,
       format_type(typ.typbasetype, typ.typtypmod) AS data_type,
       CASE WHEN typ.typcollation <> base.typcollation THEN typ.typcollation ELSE 0 END AS collation,
       typ.typnotnull AS not_null,
       /*17: nn.oid */ NULL::oid /*end*/ AS not_null_oid,
       /*17: nn.conname */ NULL::name /*end*/ AS not_null_name,
       typ.typdefault AS default_text,
       checks.oids AS check_oids,
       checks.names AS check_names,
       checks.expressions AS check_expressions,
       checks.validated AS check_validated
  FROM pg_type typ
  JOIN pg_namespace ns ON ns.oid = typ.typnamespace
  JOIN pg_type base ON base.oid = typ.typbasetype
  /*17: LEFT JOIN pg_constraint nn ON nn.contypid = typ.oid AND nn.contype = 'n' */ /*end*/
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(con.oid ORDER BY con.conname), '{}') AS oids,
              coalesce(array_agg(con.conname::text ORDER BY con.conname), '{}') AS names,
              coalesce(array_agg(pg_get_expr(con.conbin, 0) ORDER BY con.conname), '{}')
                AS expressions,
              coalesce(array_agg(con.convalidated ORDER BY con.conname), '{}') AS validated
         FROM pg_constraint con
        WHERE con.contypid = typ.oid AND con.contype = 'c') checks
 WHERE typ.typtype = 'd'
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_type'::regclass AND member.objid = typ.oid);
