-- Whether no table has a page, without those of the ledger. Those of extensions come with what they need.
SELECT NOT EXISTS (
  SELECT
  FROM pg_catalog.pg_class cls
  JOIN pg_catalog.pg_namespace nsp ON nsp.oid = cls.relnamespace
  WHERE cls.relkind = 'r'
    AND nsp.nspname NOT LIKE 'pg\_%'
    AND nsp.nspname NOT IN ('information_schema', $1)
    AND pg_catalog.pg_relation_size(cls.oid) > 0
    AND NOT EXISTS (
      SELECT
      FROM pg_catalog.pg_depend dep
      WHERE dep.classid = 'pg_catalog.pg_class'::regclass AND dep.objid = cls.oid AND dep.deptype = 'e'
    )
)
