-- The vector indexes of a database, with what a search by them needs. What is attached to the index of a parent is
-- measured with that.
SELECT CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(cls.relname)
            ELSE pg_catalog.format('%I.%I', namespace.nspname, cls.relname) END AS table_name,
       pg_catalog.format('%I.%I', namespace.nspname, cls.relname) AS table_sql,
       pg_catalog.quote_ident(idx_class.relname) AS index_name,
       CASE WHEN namespace.nspname = 'public' THEN pg_catalog.quote_ident(idx_class.relname)
            ELSE pg_catalog.format('%I.%I', namespace.nspname, idx_class.relname) END AS index_sql,
       am.amname::text AS method,
       idx.indisvalid AND idx.indisready AND idx.indislive AS valid,
       pg_catalog.pg_get_indexdef(idx.indexrelid, 1, true) AS key_sql,
       key_att.atttypid AS key_type,
       key_type.typname::text AS key_type_name,
       pg_catalog.format_type(key_att.atttypid, key_att.atttypmod) AS key_type_sql,
       key_array.oid AS key_array_type,
       opclass.opcname::text AS opclass,
       pg_catalog.format('OPERATOR(%I.%s)', op_namespace.nspname, op.oprname) AS key_operator,
       pg_catalog.pg_get_expr(idx.indpred, idx.indrelid) AS predicate,
       coalesce(idx_class.reloptions, '{}')::text[] AS options,
       extension_namespace.nspname::text AS extension_namespace,
       vectors.names AS vector_names, vectors.types AS vector_types, vectors.arrays AS vector_arrays,
       vectors.type_names AS vector_type_names, vectors.type_sqls AS vector_type_sqls,
       namespace.nspname::text AS namespace,
       -- The index first, and those attached to it.
       ARRAY(SELECT part.relname::text
               FROM pg_catalog.pg_class part
              WHERE part.oid = idx.indexrelid
                 OR part.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(idx.indexrelid))
              ORDER BY part.oid <> idx.indexrelid, part.relname) AS names,
       CASE WHEN idx_class.relkind = 'I'
            THEN (SELECT pg_catalog.sum(pg_catalog.pg_relation_size(relid))
                    FROM pg_catalog.pg_partition_tree(idx.indexrelid) WHERE isleaf)
            ELSE pg_catalog.pg_relation_size(idx.indexrelid) END::int8 AS bytes,
       size.rows::int8 AS rows,
       size.pages::int8 AS pages
  FROM pg_catalog.pg_index idx
  JOIN pg_catalog.pg_class idx_class ON idx_class.oid = idx.indexrelid
  JOIN pg_catalog.pg_am am ON am.oid = idx_class.relam
  JOIN pg_catalog.pg_class cls ON cls.oid = idx.indrelid
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = cls.relnamespace
  JOIN pg_catalog.pg_attribute key_att ON key_att.attrelid = idx.indexrelid AND key_att.attnum = 1
  JOIN pg_catalog.pg_type key_type ON key_type.oid = key_att.atttypid
  JOIN pg_catalog.pg_type key_array ON key_array.oid = key_type.typarray
  JOIN pg_catalog.pg_opclass opclass ON opclass.oid = idx.indclass[0]
  JOIN pg_catalog.pg_amop amop ON amop.amopfamily = opclass.opcfamily AND amop.amopstrategy = 1
                              AND amop.amoppurpose = 'o' AND amop.amoplefttype = opclass.opcintype
  JOIN pg_catalog.pg_operator op ON op.oid = amop.amopopr
  JOIN pg_catalog.pg_namespace op_namespace ON op_namespace.oid = op.oprnamespace
  JOIN pg_catalog.pg_extension extension ON extension.extname = 'vector'
  JOIN pg_catalog.pg_namespace extension_namespace ON extension_namespace.oid = extension.extnamespace,
       -- The vectors that an expression is made of, with the types below domains.
       LATERAL (SELECT coalesce(array_agg(pg_catalog.quote_ident(att.attname) ORDER BY att.attnum), '{}') AS names,
                       coalesce(array_agg(type.oid ORDER BY att.attnum), '{}') AS types,
                       coalesce(array_agg(type.typarray ORDER BY att.attnum), '{}') AS arrays,
                       coalesce(array_agg(type.typname::text ORDER BY att.attnum), '{}') AS type_names,
                       coalesce(array_agg(pg_catalog.format_type(att.atttypid, att.atttypmod) ORDER BY att.attnum),
                                '{}') AS type_sqls
                  FROM pg_catalog.pg_depend dep
                  JOIN pg_catalog.pg_attribute att ON att.attrelid = idx.indrelid AND att.attnum = dep.refobjsubid
                  JOIN pg_catalog.pg_type named ON named.oid = att.atttypid
                  JOIN pg_catalog.pg_type type
                    ON type.oid = CASE WHEN named.typtype = 'd' THEN named.typbasetype ELSE named.oid END
                 WHERE idx.indkey[0] = 0 AND dep.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                   AND dep.objid = idx.indexrelid AND dep.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                   AND dep.refobjid = idx.indrelid AND dep.refobjsubid > 0
                   AND type.typname = ANY ('{vector,halfvec,sparsevec,bit}')) vectors,
       -- Where nobody has counted rows, they are estimated by the size.
       LATERAL (SELECT pg_catalog.sum(CASE WHEN leaf.reltuples > 0 AND leaf.relpages > 0
                                           THEN leaf.reltuples / leaf.relpages * leaf.pages
                                           ELSE leaf.pages * 20 END) AS rows,
                       pg_catalog.sum(leaf.pages) AS pages
                  FROM (SELECT it.reltuples::float8, it.relpages,
                               pg_catalog.pg_relation_size(it.oid)
                               / pg_catalog.current_setting('block_size')::int8 AS pages
                          FROM pg_catalog.pg_class it
                         WHERE it.oid = cls.oid OR it.oid IN (
                               SELECT relid FROM pg_catalog.pg_partition_tree(cls.oid) WHERE isleaf)) leaf) size
 WHERE am.amname IN ('hnsw', 'ivfflat')
   AND cls.relkind IN ('r', 'p', 'm') AND cls.relpersistence <> 't' AND NOT idx_class.relispartition
 ORDER BY namespace.nspname, cls.relname, idx_class.relname
