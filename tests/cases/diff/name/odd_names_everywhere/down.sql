BEGIN;

-- Drop identity of column "Odd.Space"."say ""hi"""."order".
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), briefly.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "order" DROP IDENTITY;

-- Add label 'it's' to enum "Odd.Space"."Odd Enum".
-- Committed before the next statement.
ALTER TYPE "Odd.Space"."Odd Enum" ADD VALUE 'it''s' BEFORE E'back\\slash';

COMMIT;

BEGIN;

-- Set the default of column "Odd.Space"."say ""hi"""."Größe"; existing rows keep their values.
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), briefly.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN "Größe" SET DEFAULT 'it''s'::"Odd.Space"."Odd Enum";

COMMIT;

BEGIN;

-- Change column "Odd.Space"."say ""hi""".a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept from bigint to text.
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes wait), for the duration of the statement.
-- Rewrites the table and its indexes.
ALTER TABLE "Odd.Space"."say ""hi""" ALTER COLUMN a_name_of_just_sixty_three_bytes_which_is_the_most_that_is_kept TYPE text;

COMMIT;

-- Create index select_new on table "Odd.Space"."say ""hi""".
-- Locks: SHARE UPDATE EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes continue), for the duration of the statement.
-- Reads every row and builds an index.
-- Runs outside a transaction.
CREATE INDEX CONCURRENTLY select_new ON "Odd.Space"."say ""hi""" USING btree ("Größe");

BEGIN;

-- Rename index "Odd.Space"."select" to select_old.
-- Locks: SHARE UPDATE EXCLUSIVE on index "Odd.Space"."select" (reads and writes continue), briefly.
ALTER INDEX "Odd.Space"."select" RENAME TO select_old;

-- Rename index "Odd.Space".select_new to "select".
-- Locks: SHARE UPDATE EXCLUSIVE on index "Odd.Space".select_new (reads and writes continue), briefly.
ALTER INDEX "Odd.Space".select_new RENAME TO "select";

COMMIT;

-- Drop index "Odd.Space".select_old of table "Odd.Space"."say ""hi""".
-- Locks: SHARE UPDATE EXCLUSIVE on "Odd.Space"."say ""hi""" (reads and writes continue), briefly.
-- Runs outside a transaction.
DROP INDEX CONCURRENTLY "Odd.Space".select_old;

BEGIN;

-- Drop table "Upper".
-- Locks: ACCESS EXCLUSIVE on "Odd.Space"."say ""hi""", "Upper" (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE "Upper";

COMMIT;
