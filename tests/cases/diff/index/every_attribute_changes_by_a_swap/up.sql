-- Create index i_collation_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_collation_new ON t USING btree (a COLLATE "C");

BEGIN;

-- Rename index i_collation to i_collation_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_collation (reads and writes continue), briefly.
ALTER INDEX i_collation RENAME TO i_collation_old;

-- Rename index i_collation_new to i_collation.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_collation_new (reads and writes continue), briefly.
ALTER INDEX i_collation_new RENAME TO i_collation;

COMMIT;

-- Drop index i_collation_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_collation_old;

-- Create index i_comment_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_comment_new ON t USING btree (c DESC);

BEGIN;

-- Rename index i_comment to i_comment_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_comment (reads and writes continue), briefly.
ALTER INDEX i_comment RENAME TO i_comment_old;

-- Rename index i_comment_new to i_comment.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_comment_new (reads and writes continue), briefly.
ALTER INDEX i_comment_new RENAME TO i_comment;

-- Set comment on index i_comment.
COMMENT ON INDEX i_comment IS 'keeps its comment';

COMMIT;

-- Drop index i_comment_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_comment_old;

-- Create unique index i_distinct_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY i_distinct_new ON t USING btree (b) NULLS NOT DISTINCT;

BEGIN;

-- Rename index i_distinct to i_distinct_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_distinct (reads and writes continue), briefly.
ALTER INDEX i_distinct RENAME TO i_distinct_old;

-- Rename index i_distinct_new to i_distinct.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_distinct_new (reads and writes continue), briefly.
ALTER INDEX i_distinct_new RENAME TO i_distinct;

COMMIT;

-- Drop index i_distinct_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_distinct_old;

-- Create index i_expression_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_expression_new ON t USING btree ((upper(a)));

BEGIN;

-- Rename index i_expression to i_expression_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_expression (reads and writes continue), briefly.
ALTER INDEX i_expression RENAME TO i_expression_old;

-- Rename index i_expression_new to i_expression.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_expression_new (reads and writes continue), briefly.
ALTER INDEX i_expression_new RENAME TO i_expression;

COMMIT;

-- Drop index i_expression_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_expression_old;

-- Create gin index i_gin_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_gin_new ON t USING gin (d jsonb_path_ops);

BEGIN;

-- Rename index i_gin to i_gin_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_gin (reads and writes continue), briefly.
ALTER INDEX i_gin RENAME TO i_gin_old;

-- Rename index i_gin_new to i_gin.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_gin_new (reads and writes continue), briefly.
ALTER INDEX i_gin_new RENAME TO i_gin;

COMMIT;

-- Drop index i_gin_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_gin_old;

-- Create index i_include_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_include_new ON t USING btree (a) INCLUDE (c);

BEGIN;

-- Rename index i_include to i_include_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_include (reads and writes continue), briefly.
ALTER INDEX i_include RENAME TO i_include_old;

-- Rename index i_include_new to i_include.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_include_new (reads and writes continue), briefly.
ALTER INDEX i_include_new RENAME TO i_include;

COMMIT;

-- Drop index i_include_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_include_old;

-- Create index i_keys_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_keys_new ON t USING btree (a, c);

BEGIN;

-- Rename index i_keys to i_keys_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_keys (reads and writes continue), briefly.
ALTER INDEX i_keys RENAME TO i_keys_old;

-- Rename index i_keys_new to i_keys.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_keys_new (reads and writes continue), briefly.
ALTER INDEX i_keys_new RENAME TO i_keys;

COMMIT;

-- Drop index i_keys_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_keys_old;

-- Create hash index i_method_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_method_new ON t USING hash (a);

BEGIN;

-- Rename index i_method to i_method_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_method (reads and writes continue), briefly.
ALTER INDEX i_method RENAME TO i_method_old;

-- Rename index i_method_new to i_method.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_method_new (reads and writes continue), briefly.
ALTER INDEX i_method_new RENAME TO i_method;

COMMIT;

-- Drop index i_method_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_method_old;

-- Create index i_nulls_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_nulls_new ON t USING btree (b NULLS FIRST);

BEGIN;

-- Rename index i_nulls to i_nulls_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_nulls (reads and writes continue), briefly.
ALTER INDEX i_nulls RENAME TO i_nulls_old;

-- Rename index i_nulls_new to i_nulls.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_nulls_new (reads and writes continue), briefly.
ALTER INDEX i_nulls_new RENAME TO i_nulls;

COMMIT;

-- Drop index i_nulls_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_nulls_old;

-- Create index i_opclass_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_opclass_new ON t USING btree (a text_pattern_ops);

BEGIN;

-- Rename index i_opclass to i_opclass_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_opclass (reads and writes continue), briefly.
ALTER INDEX i_opclass RENAME TO i_opclass_old;

-- Rename index i_opclass_new to i_opclass.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_opclass_new (reads and writes continue), briefly.
ALTER INDEX i_opclass_new RENAME TO i_opclass;

COMMIT;

-- Drop index i_opclass_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_opclass_old;

-- Create index i_order_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_order_new ON t USING btree (a DESC);

BEGIN;

-- Rename index i_order to i_order_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_order (reads and writes continue), briefly.
ALTER INDEX i_order RENAME TO i_order_old;

-- Rename index i_order_new to i_order.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_order_new (reads and writes continue), briefly.
ALTER INDEX i_order_new RENAME TO i_order;

COMMIT;

-- Drop index i_order_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_order_old;

-- Create unique index i_unique_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Fails if two rows have the same key.
-- Runs outside a transaction.
CREATE UNIQUE INDEX CONCURRENTLY i_unique_new ON t USING btree (a);

BEGIN;

-- Rename index i_unique to i_unique_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_unique (reads and writes continue), briefly.
ALTER INDEX i_unique RENAME TO i_unique_old;

-- Rename index i_unique_new to i_unique.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_unique_new (reads and writes continue), briefly.
ALTER INDEX i_unique_new RENAME TO i_unique;

COMMIT;

-- Drop index i_unique_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_unique_old;

-- Create index i_where_new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY i_where_new ON t USING btree (a) WHERE c > 0;

BEGIN;

-- Rename index i_where to i_where_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_where (reads and writes continue), briefly.
ALTER INDEX i_where RENAME TO i_where_old;

-- Rename index i_where_new to i_where.
-- Locks: SHARE UPDATE EXCLUSIVE on index i_where_new (reads and writes continue), briefly.
ALTER INDEX i_where_new RENAME TO i_where;

COMMIT;

-- Drop index i_where_old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY i_where_old;
