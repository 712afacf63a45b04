-- Functions, window functions, procedures and aggregates. pg_get_functiondef qualifies the name of
-- the routine always, so its head is taken off by length. `interface` is what CREATE OR REPLACE must
-- keep: the sort of routine with its arguments, the result, and that the same arguments have a
-- default. Functions that a range type brings along hang on it by deptype 'i'; those that read and
-- write a base type, and the one that makes the values of a range type canonical, are part of it.
SELECT 'pg_proc'::regclass::oid AS class,
       proc.oid AS object,
       CASE proc.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END
         AS kind,
       ns.nspname AS namespace,
       NULL::name AS relation,
       proc.proname AS name,
       CASE WHEN proc.prokind = 'a' AND proc.pronargs = 0 THEN '(*)'
            ELSE format('(%s)', oidvectortypes(proc.proargtypes)) END AS signature,
       ARRAY[CASE proc.prokind WHEN 'a' THEN
         format('CREATE AGGREGATE %s(%s) (%s%s%s)', called.short,
                CASE proc.pronargs WHEN 0 THEN '*' ELSE pg_get_function_arguments(proc.oid) END,
                E'\n    ',
                array_to_string(ARRAY[
                  'SFUNC = ' || agg.aggtransfn,
                  'STYPE = ' || format_type(agg.aggtranstype, NULL),
                  'SSPACE = ' || nullif(agg.aggtransspace, 0),
                  'FINALFUNC = ' || nullif(agg.aggfinalfn::oid, 0)::regproc,
                  CASE WHEN agg.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                  'FINALFUNC_MODIFY = ' || CASE nullif(agg.aggfinalmodify, usual.modify)
                    WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                    WHEN 'w' THEN 'READ_WRITE' END,
                  'COMBINEFUNC = ' || nullif(agg.aggcombinefn::oid, 0)::regproc,
                  'SERIALFUNC = ' || nullif(agg.aggserialfn::oid, 0)::regproc,
                  'DESERIALFUNC = ' || nullif(agg.aggdeserialfn::oid, 0)::regproc,
                  'INITCOND = ' || quote_literal(agg.agginitval),
                  'MSFUNC = ' || nullif(agg.aggmtransfn::oid, 0)::regproc,
                  'MINVFUNC = ' || nullif(agg.aggminvtransfn::oid, 0)::regproc,
                  'MSTYPE = ' || format_type(nullif(agg.aggmtranstype, 0), NULL),
                  'MSSPACE = ' || nullif(agg.aggmtransspace, 0),
                  'MFINALFUNC = ' || nullif(agg.aggmfinalfn::oid, 0)::regproc,
                  CASE WHEN agg.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                  'MFINALFUNC_MODIFY = ' || CASE
                    WHEN agg.aggmtransfn = 0 OR agg.aggmfinalmodify = usual.modify THEN NULL
                    WHEN agg.aggmfinalmodify = 'r' THEN 'READ_ONLY'
                    WHEN agg.aggmfinalmodify = 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END,
                  'MINITCOND = ' || quote_literal(agg.aggminitval),
                  'SORTOP = OPERATOR(' || quote_ident(sort_ns.nspname) || '.' || sort.oprname || ')',
                  CASE WHEN agg.aggkind = 'h' THEN 'HYPOTHETICAL' END,
                  'PARALLEL = ' || CASE proc.proparallel WHEN 's' THEN 'SAFE'
                    WHEN 'r' THEN 'RESTRICTED' END], E',\n    '),
                E'\n')
       ELSE
         format('CREATE %s %s%s', called.word, called.short,
                rtrim(substr(pg_get_functiondef(proc.oid),
                             length(format('CREATE OR REPLACE %s %I.%I', called.word, ns.nspname,
                                           proc.proname)) + 1), E'\n'))
       END] AS statements,
       ARRAY[format('%s (%s)', proc.prokind,
               array_to_string(ARRAY(
                 SELECT concat_ws(' ', coalesce(proc.proargmodes[argument.place], 'i'),
                                  nullif(proc.proargnames[argument.place], ''),
                                  format_type(argument.type, NULL))
                   FROM unnest(coalesce(proc.proallargtypes, proc.proargtypes::oid[]))
                        WITH ORDINALITY argument (type, place)
                  ORDER BY argument.place), ', ')),
             coalesce(pg_get_function_result(proc.oid), '')]
         || array_fill('default'::text, ARRAY[proc.pronargdefaults::integer]) AS interface,
       NULL::text AS firing,
       '{}'::oid[] AS address_classes,
       '{}'::oid[] AS address_objects
  FROM pg_proc proc
  JOIN pg_namespace ns ON ns.oid = proc.pronamespace
  LEFT JOIN pg_aggregate agg ON agg.aggfnoid = proc.oid
  LEFT JOIN pg_operator sort ON sort.oid = agg.aggsortop
  LEFT JOIN pg_namespace sort_ns ON sort_ns.oid = sort.oprnamespace
 CROSS JOIN LATERAL (
       SELECT CASE proc.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS word,
              CASE ns.nspname WHEN 'public' THEN quote_ident(proc.proname)
                              ELSE format('%I.%I', ns.nspname, proc.proname) END AS short) called
 CROSS JOIN LATERAL (
       SELECT (CASE agg.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::"char" AS modify) usual
 WHERE proc.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_type typ
                    WHERE typ.typtype = 'b' AND typ.oid >= 16384
                      AND typ.typinput <> 'array_in'::regproc
                      AND proc.oid IN (typ.typinput, typ.typoutput, typ.typreceive, typ.typsend))
   AND NOT EXISTS (SELECT FROM pg_range rng WHERE rng.rngcanonical = proc.oid)
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend held
                    WHERE held.classid = 'pg_proc'::regclass AND held.objid = proc.oid
                      AND held.deptype IN ('e', 'i'));
