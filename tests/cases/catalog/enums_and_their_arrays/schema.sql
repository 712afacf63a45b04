CREATE SCHEMA billing;
CREATE TYPE mood AS ENUM ('sad', 'ok');
ALTER TYPE mood ADD VALUE 'fine' BEFORE 'ok';
COMMENT ON TYPE mood IS 'How it goes';
CREATE TYPE billing.state AS ENUM ();
CREATE TABLE people (now mood DEFAULT 'sad', before mood[], state billing.state);
