-- Create table nothing.
-- Locks nothing that is in use.
CREATE TABLE nothing ();

-- Describe table nothing.
COMMENT ON TABLE nothing IS 'empty';
