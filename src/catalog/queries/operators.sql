-- Operators, their families and classes, casts, transforms, collations and conversions. An operator
-- family of the name of a class is told by that class alone, with all its members: from 14 on most
-- access methods hang those that a class can do without on the family, whoever declared them.
WITH foreign_made AS (
  SELECT classid, objid FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
)
SELECT 'pg_operator'::regclass::oid AS class,
       opr.oid AS object,
       'operator' AS kind,
       ns.nspname AS namespace,
       NULL::name AS relation,
       opr.oprname AS name,
       format('(%s, %s)', CASE opr.oprleft WHEN 0 THEN 'NONE' ELSE format_type(opr.oprleft, NULL) END,
              format_type(opr.oprright, NULL)) AS signature,
       ARRAY[format(E'CREATE OPERATOR %s%s (\n    %s\n)',
         CASE ns.nspname WHEN 'public' THEN '' ELSE quote_ident(ns.nspname) || '.' END, opr.oprname,
         array_to_string(ARRAY[
           'FUNCTION = ' || opr.oprcode,
           'LEFTARG = ' || format_type(nullif(opr.oprleft, 0), NULL),
           'RIGHTARG = ' || format_type(nullif(opr.oprright, 0), NULL),
           'COMMUTATOR = OPERATOR(' || quote_ident(com_ns.nspname) || '.' || com.oprname || ')',
           'NEGATOR = OPERATOR(' || quote_ident(neg_ns.nspname) || '.' || neg.oprname || ')',
           CASE WHEN opr.oprcanmerge THEN 'MERGES' END,
           CASE WHEN opr.oprcanhash THEN 'HASHES' END,
           'RESTRICT = ' || nullif(opr.oprrest::oid, 0)::regproc,
           'JOIN = ' || nullif(opr.oprjoin::oid, 0)::regproc], E',\n    '))] AS statements,
       NULL::text[] AS interface,
       NULL::text AS firing,
       '{}'::oid[] AS address_classes,
       '{}'::oid[] AS address_objects
  FROM pg_operator opr
  JOIN pg_namespace ns ON ns.oid = opr.oprnamespace
  LEFT JOIN pg_operator com ON com.oid = opr.oprcom
  LEFT JOIN pg_namespace com_ns ON com_ns.oid = com.oprnamespace
  LEFT JOIN pg_operator neg ON neg.oid = opr.oprnegate
  LEFT JOIN pg_namespace neg_ns ON neg_ns.oid = neg.oprnamespace
 WHERE opr.oid >= 16384 AND opr.oprcode <> 0
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_operator'::regclass AND it.objid = opr.oid)
UNION ALL
SELECT 'pg_opfamily'::regclass::oid, opf.oid, 'operator_family', ns.nspname, NULL, opf.opfname,
       ' USING ' || quote_ident(am.amname),
       ARRAY[format('CREATE OPERATOR FAMILY %s%I USING %I',
                    CASE ns.nspname WHEN 'public' THEN '' ELSE quote_ident(ns.nspname) || '.' END,
                    opf.opfname, am.amname)]
         || ARRAY(SELECT format('ALTER OPERATOR FAMILY %s%I USING %I ADD %s',
                                CASE ns.nspname WHEN 'public' THEN ''
                                                ELSE quote_ident(ns.nspname) || '.' END,
                                opf.opfname, am.amname, loose.text)
                    FROM (SELECT 1 AS sort, amop.amopstrategy AS number,
                                 format('OPERATOR %s %s%s', amop.amopstrategy,
                                        amop.amopopr::regoperator,
                                        CASE amop.amoppurpose WHEN 'o' THEN
                                          format(' FOR ORDER BY %I.%I', sort_ns.nspname,
                                                 sort.opfname) ELSE '' END) AS text
                            FROM pg_amop amop
                            JOIN pg_depend dep ON dep.classid = 'pg_amop'::regclass
                                 AND dep.objid = amop.oid AND dep.deptype = 'a'
                                 AND dep.refclassid = 'pg_opfamily'::regclass
                            LEFT JOIN pg_opfamily sort ON sort.oid = amop.amopsortfamily
                            LEFT JOIN pg_namespace sort_ns ON sort_ns.oid = sort.opfnamespace
                           WHERE amop.amopfamily = opf.oid
                          UNION ALL
                          SELECT 2, amproc.amprocnum,
                                 format('FUNCTION %s (%s, %s) %s', amproc.amprocnum,
                                        format_type(amproc.amproclefttype, NULL),
                                        format_type(amproc.amprocrighttype, NULL),
                                        amproc.amproc::regprocedure)
                            FROM pg_amproc amproc
                            JOIN pg_depend dep ON dep.classid = 'pg_amproc'::regclass
                                 AND dep.objid = amproc.oid AND dep.deptype = 'a'
                                 AND dep.refclassid = 'pg_opfamily'::regclass
                           WHERE amproc.amprocfamily = opf.oid) loose
                   ORDER BY loose.sort, loose.number, loose.text),
       NULL, NULL, inside.classes, inside.objects
  FROM pg_opfamily opf
  JOIN pg_namespace ns ON ns.oid = opf.opfnamespace
  JOIN pg_am am ON am.oid = opf.opfmethod
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(dep.classid ORDER BY dep.objid), '{}') AS classes,
              coalesce(array_agg(dep.objid ORDER BY dep.objid), '{}') AS objects
         FROM pg_depend dep
        WHERE dep.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND dep.deptype = 'a'
          AND dep.refclassid = 'pg_opfamily'::regclass AND dep.refobjid = opf.oid) inside
 WHERE opf.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM pg_opclass opc
                    WHERE opc.opcfamily = opf.oid AND opc.opcname = opf.opfname
                      AND opc.opcnamespace = opf.opfnamespace)
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_opfamily'::regclass AND it.objid = opf.oid)
UNION ALL
SELECT 'pg_opclass'::regclass::oid, opc.oid, 'operator_class', ns.nspname, NULL, opc.opcname,
       ' USING ' || quote_ident(am.amname),
       ARRAY[format(E'CREATE OPERATOR CLASS %s%I%s FOR TYPE %s USING %I%s AS\n    %s',
         CASE ns.nspname WHEN 'public' THEN '' ELSE quote_ident(ns.nspname) || '.' END, opc.opcname,
         CASE WHEN opc.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(opc.opcintype, NULL),
         am.amname,
         CASE WHEN family.implied THEN ''
              ELSE format(' FAMILY %I.%I', opf_ns.nspname, opf.opfname) END,
         array_to_string(
           ARRAY(SELECT format('OPERATOR %s %s%s', amop.amopstrategy, amop.amopopr::regoperator,
                               CASE amop.amoppurpose WHEN 'o' THEN
                                 format(' FOR ORDER BY %I.%I', sort_ns.nspname, sort.opfname)
                               ELSE '' END)
                   FROM unnest(member.classes, member.objects) made (class, object)
                   JOIN pg_amop amop ON amop.oid = made.object
                   LEFT JOIN pg_opfamily sort ON sort.oid = amop.amopsortfamily
                   LEFT JOIN pg_namespace sort_ns ON sort_ns.oid = sort.opfnamespace
                  WHERE made.class = 'pg_amop'::regclass
                  ORDER BY amop.amopstrategy, amop.amopopr::regoperator::text COLLATE "C")
           || ARRAY(SELECT format('FUNCTION %s (%s, %s) %s', amproc.amprocnum, argument.lefttype,
                                  argument.righttype, amproc.amproc::regprocedure)
                      FROM unnest(member.classes, member.objects) made (class, object)
                      JOIN pg_amproc amproc ON amproc.oid = made.object
                     CROSS JOIN LATERAL (
                           SELECT format_type(amproc.amproclefttype, NULL) AS lefttype,
                                  format_type(amproc.amprocrighttype, NULL) AS righttype) argument
                     WHERE made.class = 'pg_amproc'::regclass
                     ORDER BY amproc.amprocnum, argument.lefttype COLLATE "C",
                              argument.righttype COLLATE "C")
           -- STORAGE with the type itself means nothing, and something must be said.
           || CASE WHEN opc.opckeytype <> 0 OR member.objects = '{}'
                   THEN ARRAY['STORAGE ' || format_type(coalesce(nullif(opc.opckeytype, 0),
                                                                 opc.opcintype), NULL)]
                   ELSE '{}' END, E',\n    '))],
       NULL, NULL,
       CASE WHEN family.implied THEN ARRAY['pg_opfamily'::regclass::oid] ELSE '{}' END
         || member.classes,
       CASE WHEN family.implied THEN ARRAY[opf.oid] ELSE '{}' END || member.objects
  FROM pg_opclass opc
  JOIN pg_namespace ns ON ns.oid = opc.opcnamespace
  JOIN pg_am am ON am.oid = opc.opcmethod
  JOIN pg_opfamily opf ON opf.oid = opc.opcfamily
  JOIN pg_namespace opf_ns ON opf_ns.oid = opf.opfnamespace
 CROSS JOIN LATERAL (
       SELECT opf.opfname = opc.opcname AND opf.opfnamespace = opc.opcnamespace AS implied) family
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(dep.classid ORDER BY dep.objid), '{}') AS classes,
              coalesce(array_agg(dep.objid ORDER BY dep.objid), '{}') AS objects
         FROM pg_depend dep
        WHERE dep.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
          AND dep.deptype IN ('a', 'i')
          AND (dep.refclassid = 'pg_opclass'::regclass AND dep.refobjid = opc.oid
               OR family.implied
                  AND dep.refclassid = 'pg_opfamily'::regclass AND dep.refobjid = opf.oid)) member
 WHERE opc.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_opclass'::regclass AND it.objid = opc.oid)
UNION ALL
SELECT 'pg_cast'::regclass::oid, it.oid, 'cast', NULL, NULL,
       format('(%s AS %s)', format_type(it.castsource, NULL), format_type(it.casttarget, NULL)), NULL,
       ARRAY[concat('CREATE CAST (', format_type(it.castsource, NULL), ' AS ',
                    format_type(it.casttarget, NULL), ') ',
                    CASE it.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
                         ELSE 'WITH FUNCTION ' || it.castfunc::regprocedure END,
                    CASE it.castcontext WHEN 'a' THEN ' AS ASSIGNMENT'
                                        WHEN 'i' THEN ' AS IMPLICIT' END)],
       NULL, NULL, '{}', '{}'
  FROM pg_cast it
 WHERE it.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend dep
                    WHERE dep.classid = 'pg_cast'::regclass AND dep.objid = it.oid
                      AND dep.deptype IN ('e', 'i'))
UNION ALL
SELECT 'pg_transform'::regclass::oid, trf.oid, 'transform', NULL, NULL,
       format_type(trf.trftype, NULL), ' LANGUAGE ' || quote_ident(lang.lanname),
       ARRAY[format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(trf.trftype, NULL),
                    lang.lanname, array_to_string(ARRAY[
           'FROM SQL WITH FUNCTION ' || nullif(trf.trffromsql::oid, 0)::regprocedure,
           'TO SQL WITH FUNCTION ' || nullif(trf.trftosql::oid, 0)::regprocedure], ', '))],
       NULL, NULL, '{}', '{}'
  FROM pg_transform trf
  JOIN pg_language lang ON lang.oid = trf.trflang
 WHERE NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_transform'::regclass AND it.objid = trf.oid)
UNION ALL
SELECT 'pg_collation'::regclass::oid, coll.oid, 'collation', ns.nspname, NULL, coll.collname, NULL,
       ARRAY[format('CREATE COLLATION %s (%s)', coll.oid::regcollation, array_to_string(ARRAY[
           'PROVIDER = ' || CASE coll.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu'
                                                   WHEN 'b' THEN 'builtin' END,
           CASE WHEN coll.collprovider = 'c' AND coll.collcollate = coll.collctype
                THEN 'LOCALE = ' || quote_literal(coll.collcollate) END,
           CASE WHEN coll.collprovider = 'c' AND coll.collcollate <> coll.collctype
                THEN 'LC_COLLATE = ' || quote_literal(coll.collcollate)
                     || ', LC_CTYPE = ' || quote_literal(coll.collctype) END,
           CASE WHEN coll.collprovider <> 'c' THEN 'LOCALE = ' || quote_literal(
             -- collcollate up to 14, colliculocale in 15 and 16, colllocale from 17.
             coalesce(to_jsonb(coll) ->> 'colllocale', to_jsonb(coll) ->> 'colliculocale',
                      coll.collcollate)) END,
           CASE WHEN NOT coll.collisdeterministic THEN 'DETERMINISTIC = false' END,
           'RULES = ' || quote_literal(to_jsonb(coll) ->> 'collicurules')], ', '))],
       NULL, NULL, '{}', '{}'
  FROM pg_collation coll
  JOIN pg_namespace ns ON ns.oid = coll.collnamespace
 WHERE coll.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_collation'::regclass AND it.objid = coll.oid)
UNION ALL
SELECT 'pg_conversion'::regclass::oid, con.oid, 'conversion', ns.nspname, NULL, con.conname, NULL,
       ARRAY[format('CREATE %sCONVERSION %s%I FOR %L TO %L FROM %s',
                    CASE WHEN con.condefault THEN 'DEFAULT ' ELSE '' END,
                    CASE ns.nspname WHEN 'public' THEN '' ELSE quote_ident(ns.nspname) || '.' END,
                    con.conname, pg_encoding_to_char(con.conforencoding),
                    pg_encoding_to_char(con.contoencoding), con.conproc)],
       NULL, NULL, '{}', '{}'
  FROM pg_conversion con
  JOIN pg_namespace ns ON ns.oid = con.connamespace
 WHERE con.oid >= 16384
   AND ns.nspname !~ '^pg_' AND ns.nspname <> 'information_schema' /*scope*/
   AND NOT EXISTS (SELECT FROM foreign_made it
                    WHERE it.classid = 'pg_conversion'::regclass AND it.objid = con.oid);
