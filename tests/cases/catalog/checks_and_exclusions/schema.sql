CREATE FUNCTION is_odd(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2 = 1';
CREATE TABLE t (
    a int CHECK (a > 0),
    b text,
    r int4range,
    CONSTRAINT twofold CHECK (length(b) > 0 AND b <> ')('),
    CONSTRAINT bare CHECK (is_odd(a)) NO INHERIT,
    EXCLUDE USING gist (r WITH &&) WHERE (a > 0) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE t ADD CONSTRAINT later CHECK (a < 100) NOT VALID;
COMMENT ON CONSTRAINT later ON t IS 'Old rows may be larger';
