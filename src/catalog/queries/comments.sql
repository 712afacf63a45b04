-- Comments, by what pg_depend would call their objects; those on columns with the column's name.
-- oid < 16384 is what initdb made and commented; public (2200) is among it, and may have been
-- commented again.
SELECT descr.classoid AS class,
       descr.objoid AS object,
       descr.objsubid AS sub_object,
       att.attname AS column_name,
       descr.description AS comment
  FROM pg_description descr
  LEFT JOIN pg_attribute att
         ON descr.classoid = 'pg_class'::regclass AND descr.objsubid <> 0
        AND att.attrelid = descr.objoid AND att.attnum = descr.objsubid
 WHERE descr.objoid >= 16384 OR descr.classoid = 'pg_namespace'::regclass;
