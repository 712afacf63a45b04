-- Create index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__new on table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__new ON t USING btree (a);

BEGIN;

-- Rename index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept to a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__old.
-- Locks: SHARE UPDATE EXCLUSIVE on index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept (reads and writes continue), briefly.
ALTER INDEX a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept RENAME TO a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__old;

-- Rename index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__new to a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept.
-- Locks: SHARE UPDATE EXCLUSIVE on index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__new (reads and writes continue), briefly.
ALTER INDEX a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__new RENAME TO a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept;

COMMIT;

-- Drop index a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__old of table t.
-- Locks: SHARE UPDATE EXCLUSIVE on t (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY a_name_of_just_sixty_three_bytes_which_is_the_most_that_is__old;
