-- Drop table "notes ; DROP TABLE users; --".
-- Locks: ACCESS EXCLUSIVE on "notes ; DROP TABLE users; --" (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE "notes
; DROP TABLE users; --";
