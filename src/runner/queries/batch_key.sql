-- What there is to know of table $1, as SQL, whose rows are to be updated in the order of columns $2:
-- whether it is there, which of the columns are not there or may be NULL, whether a unique btree index is
-- on exactly these, in their own order and collation, whether row security hides rows from this role, and
-- about how many rows there are. $3: whether ONLY keeps out the tables that inherit from it, in which a
-- column may be NULL that is not in their parent (before PostgreSQL 18).
WITH RECURSIVE it AS (
    SELECT t.oid, t.oid::regclass::text AS name, t.relkind, t.reltuples
      FROM pg_catalog.pg_class AS t
     WHERE t.oid = pg_catalog.to_regclass($1)
), family AS (
    SELECT oid FROM it
    UNION
    SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h JOIN family ON family.oid = h.inhparent WHERE NOT $3
), key AS (
    SELECT k.name, k.place, a.attnum, a.attcollation,
           NOT EXISTS (
               SELECT FROM family
                 JOIN pg_catalog.pg_attribute AS own ON own.attrelid = family.oid AND own.attname = k.name
                -- A NOT NULL that is NOT VALID sets attnotnull, too (PostgreSQL 18).
                WHERE NOT own.attnotnull OR EXISTS (
                    SELECT FROM pg_catalog.pg_constraint AS c
                     WHERE c.conrelid = own.attrelid AND c.contype = 'n' AND NOT c.convalidated
                       AND c.conkey = ARRAY[own.attnum])) AS is_full
      FROM it
     CROSS JOIN unnest($2::text[]) WITH ORDINALITY AS k (name, place)
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = it.oid AND a.attname = k.name AND a.attnum > 0 AND NOT a.attisdropped
), columns AS (
    SELECT coalesce(array_agg(name ORDER BY place) FILTER (WHERE attnum IS NULL), '{}') AS missing,
           coalesce(array_agg(name ORDER BY place) FILTER (WHERE NOT is_full), '{}') AS nullable,
           array_agg(attnum ORDER BY place) AS numbers,
           array_agg(attcollation ORDER BY place) AS collations
      FROM key
)
SELECT it.name,
       it.relkind::text AS kind,
       pg_catalog.row_security_active(it.oid) AS is_secured,
       columns.missing::text[],
       columns.nullable::text[],
       EXISTS (
           SELECT FROM pg_catalog.pg_index AS i
             JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
             JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND m.amname = 'btree'
            CROSS JOIN LATERAL (
                SELECT array_agg(n.number ORDER BY n.place) AS numbers,
                       array_agg(n.coll ORDER BY n.place) AS collations,
                       -- The operators that a bare < finds are those of the built-in classes.
                       bool_and(o.opcdefault AND o.opcnamespace = 'pg_catalog'::regnamespace) AS is_usual,
                       count(DISTINCT n.option & 1) = 1 AS is_one_way
                  FROM unnest(i.indkey::int2[], i.indcollation::oid[], i.indclass::oid[],
                              i.indoption::int2[])
                       WITH ORDINALITY AS n (number, coll, class, option, place)
                  LEFT JOIN pg_catalog.pg_opclass AS o ON o.oid = n.class
                 WHERE n.place <= i.indnkeyatts) AS n
            WHERE i.indrelid = it.oid AND i.indisunique AND i.indisvalid AND i.indisready
              AND i.indimmediate AND i.indpred IS NULL
              AND n.numbers = columns.numbers AND n.collations = columns.collations
              AND n.is_usual AND n.is_one_way) AS is_indexed,
       CASE WHEN it.reltuples > 0 THEN it.reltuples::float8 END AS estimate
  FROM it, columns
