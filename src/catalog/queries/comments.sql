-- Comments, by what pg_depend would call their objects. oid < 16384 is what initdb made and
-- commented; public (2200) is among it, and may have been commented again.
SELECT descr.classoid AS class,
       descr.objoid AS object,
       descr.objsubid AS sub_object,
       descr.description AS comment
  FROM pg_description descr
 WHERE descr.objoid >= 16384 OR descr.classoid = 'pg_namespace'::regclass;
