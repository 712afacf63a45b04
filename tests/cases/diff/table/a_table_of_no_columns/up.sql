-- Create table nothing.
-- No locks on existing tables.
CREATE TABLE nothing ();

-- Set comment on table nothing.
COMMENT ON TABLE nothing IS 'empty';
