-- Range types and base types. A range type brings along its multirange type, constructors and casts.
-- A base type begins as a shell, which the functions that read and write it need, and then is told of
-- them: all of that is one script. DROP TYPE takes the same functions along. A range type whose values
-- a function makes canonical begins in the same way. The other functions of a type do not name it,
-- and may serve several.
SELECT 'pg_type'::regclass::oid AS class,
       typ.oid AS object,
       'range_type' AS kind,
       ns.nspname AS namespace,
       NULL::name AS relation,
       typ.typname AS name,
       NULL::text AS signature,
       canonical.statements
         || format(E'CREATE TYPE %s AS RANGE (\n    %s\n)', format_type(typ.oid, NULL),
         array_to_string(ARRAY[
           'SUBTYPE = ' || format_type(rng.rngsubtype, NULL),
           CASE WHEN NOT opc.opcdefault THEN
             'SUBTYPE_OPCLASS = ' || quote_ident(opc_ns.nspname) || '.' || quote_ident(opc.opcname) END,
           CASE WHEN rng.rngcollation <> subtype.typcollation THEN
             'COLLATION = ' || rng.rngcollation::regcollation END,
           'CANONICAL = ' || nullif(rng.rngcanonical::oid, 0)::regproc,
           'SUBTYPE_DIFF = ' || nullif(rng.rngsubdiff::oid, 0)::regproc,
           /*14: 'MULTIRANGE_TYPE_NAME = ' || format_type(rng.rngmultitypid, NULL) */ NULL /*end*/
         ], E',\n    ')) AS statements,
       NULL::text[] AS interface,
       NULL::text AS firing,
       array_fill('pg_type'::regclass::oid, ARRAY[3])
         || array_fill('pg_proc'::regclass::oid, ARRAY[cardinality(inside.routines)])
         AS address_classes,
       ARRAY[typ.typarray,
             /*14: rng.rngmultitypid */ 0::oid /*end*/,
             /*14: (SELECT typarray FROM pg_type WHERE oid = rng.rngmultitypid) */ 0::oid /*end*/]
         || inside.routines AS address_objects
  FROM pg_type typ
  JOIN pg_namespace ns ON ns.oid = typ.typnamespace
  JOIN pg_range rng ON rng.rngtypid = typ.oid
  JOIN pg_type subtype ON subtype.oid = rng.rngsubtype
  JOIN pg_opclass opc ON opc.oid = rng.rngsubopc
  JOIN pg_namespace opc_ns ON opc_ns.oid = opc.opcnamespace
 CROSS JOIN LATERAL (
       SELECT ARRAY(SELECT dep.objid FROM pg_depend dep
                     WHERE dep.classid = 'pg_proc'::regclass AND dep.deptype = 'i'
                       AND dep.refclassid = 'pg_type'::regclass AND dep.refobjid = typ.oid)
              || ARRAY(SELECT rng.rngcanonical::oid WHERE rng.rngcanonical::oid >= 16384)
              AS routines) inside
 CROSS JOIN LATERAL (
       SELECT CASE WHEN rng.rngcanonical::oid >= 16384 THEN
                ARRAY[format('CREATE TYPE %s', format_type(typ.oid, NULL)),
                      regexp_replace(rtrim(pg_get_functiondef(rng.rngcanonical), E'\n'),
                                     '^CREATE OR REPLACE', 'CREATE')]
              ELSE '{}' END AS statements) canonical
 WHERE typ.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_type'::regclass AND member.objid = typ.oid)
UNION ALL
SELECT 'pg_type'::regclass::oid, typ.oid, 'base_type', ns.nspname, NULL, typ.typname, NULL,
       ARRAY[format('CREATE TYPE %s', format_type(typ.oid, NULL))]
         || ARRAY(SELECT regexp_replace(rtrim(pg_get_functiondef(routine.oid), E'\n'),
                                        '^CREATE OR REPLACE', 'CREATE')
                    FROM unnest(own.routines) WITH ORDINALITY routine (oid, place)
                   ORDER BY routine.place)
         || format(E'CREATE TYPE %s (\n    %s\n)', format_type(typ.oid, NULL),
         array_to_string(ARRAY[
           'INPUT = ' || typ.typinput, 'OUTPUT = ' || typ.typoutput,
           'RECEIVE = ' || nullif(typ.typreceive::oid, 0)::regproc,
           'SEND = ' || nullif(typ.typsend::oid, 0)::regproc,
           'TYPMOD_IN = ' || nullif(typ.typmodin::oid, 0)::regproc,
           'TYPMOD_OUT = ' || nullif(typ.typmodout::oid, 0)::regproc,
           'ANALYZE = ' || nullif(typ.typanalyze::oid, 0)::regproc,
           /*14: 'SUBSCRIPT = ' || nullif(typ.typsubscript::oid, 0)::regproc */ NULL /*end*/,
           'INTERNALLENGTH = ' || CASE typ.typlen WHEN -1 THEN 'VARIABLE' ELSE typ.typlen::text END,
           CASE WHEN typ.typbyval THEN 'PASSEDBYVALUE' END,
           'ALIGNMENT = ' || CASE typ.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
                                               WHEN 'i' THEN 'int4' ELSE 'double' END,
           'STORAGE = ' || CASE typ.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended'
                                               WHEN 'm' THEN 'main' END,
           CASE WHEN typ.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(typ.typcategory::text) END,
           CASE WHEN typ.typispreferred THEN 'PREFERRED = true' END,
           'DEFAULT = ' || quote_literal(typ.typdefault),
           'ELEMENT = ' || format_type(nullif(typ.typelem, 0), NULL),
           CASE WHEN typ.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(typ.typdelim::text) END,
           CASE WHEN typ.typcollation <> 0 THEN 'COLLATABLE = true' END], E',\n    ')),
       NULL, NULL,
       ARRAY['pg_type'::regclass::oid]
         || array_fill('pg_proc'::regclass::oid, ARRAY[cardinality(own.routines)]),
       ARRAY[typ.typarray] || own.routines
  FROM pg_type typ
  JOIN pg_namespace ns ON ns.oid = typ.typnamespace
 CROSS JOIN LATERAL (
       SELECT ARRAY(SELECT DISTINCT routine.oid
                      FROM unnest(ARRAY[typ.typinput, typ.typoutput, typ.typreceive,
                                        typ.typsend]::oid[]) routine (oid)
                     WHERE routine.oid >= 16384 ORDER BY routine.oid) AS routines) own
 WHERE typ.typtype = 'b' AND typ.oid >= 16384 AND typ.typisdefined
   AND typ.typinput <> 'array_in'::regproc
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_depend member
                    WHERE member.refclassid = 'pg_extension'::regclass AND member.deptype = 'e'
                      AND member.classid = 'pg_type'::regclass AND member.objid = typ.oid);
