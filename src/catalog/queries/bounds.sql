-- What the rows of each partition obey, as a condition over its columns. Left out: default partitions,
-- whose condition changes with every other partition, and hash partitions, whose condition names the
-- parent by its OID.
SELECT ns.nspname AS namespace, cls.relname AS name, pg_catalog.pg_get_partition_constraintdef(cls.oid) AS condition
  FROM pg_class cls
  JOIN pg_namespace ns ON ns.oid = cls.relnamespace
  JOIN pg_inherits inh ON inh.inhrelid = cls.oid
  JOIN pg_partitioned_table parent ON parent.partrelid = inh.inhparent
 WHERE cls.relispartition
   AND parent.partstrat <> 'h'
   AND parent.partdefid <> cls.oid
   AND pg_catalog.pg_get_partition_constraintdef(cls.oid) !~ 'satisfies_hash_partition';
