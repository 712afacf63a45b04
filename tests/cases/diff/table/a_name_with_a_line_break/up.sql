-- Create table "notes ; DROP TABLE users; --".
-- No locks on existing tables.
CREATE TABLE "notes
; DROP TABLE users; --" (
    id integer NOT NULL
);
