-- Create table "notes ; DROP TABLE users; --".
-- Locks nothing that is in use.
CREATE TABLE "notes
; DROP TABLE users; --" (
    id integer NOT NULL
);
