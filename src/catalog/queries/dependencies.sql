-- What the objects that users made need. An object that belongs to an extension comes as that
-- extension; so does the array type of a member type, which is no member itself. Dependencies on a
-- namespace follow from the names. oid < 16384 is what initdb made.
--
-- A foreign key to a partitioned table has a row of its own for each partition, which needs that
-- partition: DROP TABLE of the partition alone is refused. Those rows come as the one foreign key,
-- and what they need as the whole partition. The rows that a partition has for the foreign keys of
-- its parent (another conrelid) go with the partition.
--
-- A column of a partition key depends on its own table (StorePartitionKey in the server), for it
-- goes with the table alone. It comes the other way round: the table needs the column.
WITH RECURSIVE reference AS (
  SELECT oid, conrelid, oid AS root
    FROM pg_constraint
   WHERE contype = 'f' AND conparentid = 0
  UNION ALL
  SELECT child.oid, child.conrelid, reference.root
    FROM pg_constraint child
    JOIN reference ON child.conparentid = reference.oid AND child.conrelid = reference.conrelid
), member AS (
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
       coalesce(reference.root, dep.objid) AS object,
       CASE WHEN part.is_key THEN 0 ELSE dep.objsubid END AS sub_object,
       dep.refclassid AS needed_class,
       dep.refobjid AS needed_object,
       CASE WHEN reference.root <> reference.oid THEN 0
            WHEN part.is_key THEN dep.objsubid
            ELSE dep.refobjsubid
       END AS needed_sub_object,
       needed.extension AS needed_extension
  FROM pg_depend dep
  LEFT JOIN member_or_array needed
         ON needed.classid = dep.refclassid AND needed.objid = dep.refobjid
  LEFT JOIN reference ON dep.classid = 'pg_constraint'::regclass AND reference.oid = dep.objid
 CROSS JOIN LATERAL (
   SELECT dep.deptype = 'i' AND dep.classid = 'pg_class'::regclass
          AND dep.refclassid = dep.classid AND dep.refobjid = dep.objid AND dep.objsubid > 0
          AS is_key
 ) part
 WHERE dep.deptype IN ('n', 'a', 'i')
   AND dep.objid >= 16384
   AND (needed.extension IS NOT NULL
        OR dep.refobjid >= 16384 AND dep.refclassid <> 'pg_namespace'::regclass);
