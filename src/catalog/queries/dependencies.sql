-- What the objects that users made need. An object that belongs to an extension comes as that
-- extension; so does the array type of a member type, which is no member itself. Dependencies on a
-- namespace follow from the names. oid < 16384 is what initdb made.
WITH member AS (
  SELECT classid, objid, refobjid AS extension
    FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
), member_or_array AS (
  SELECT classid, objid, extension FROM member
  UNION ALL
  SELECT member.classid, typ.typarray, member.extension
    FROM member JOIN pg_type typ ON typ.oid = member.objid AND typ.typarray <> 0
   WHERE member.classid = 'pg_type'::regclass
)
SELECT dep.classid AS class,
       dep.objid AS object,
       dep.objsubid AS sub_object,
       dep.refclassid AS needed_class,
       dep.refobjid AS needed_object,
       dep.refobjsubid AS needed_sub_object,
       needed.extension AS needed_extension
  FROM pg_depend dep
  LEFT JOIN member_or_array needed
         ON needed.classid = dep.refclassid AND needed.objid = dep.refobjid
 WHERE dep.deptype IN ('n', 'a', 'i')
   AND dep.objid >= 16384
   AND (needed.extension IS NOT NULL
        OR dep.refobjid >= 16384 AND dep.refclassid <> 'pg_namespace'::regclass);
