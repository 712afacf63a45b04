-- GIN and GiST hang what a class can do without on the family, and leave it there after DROP
-- OPERATOR CLASS.
CREATE OPERATOR CLASS words FOR TYPE text[] USING gin AS
    OPERATOR 1 && (anyarray, anyarray),
    FUNCTION 1 bttextcmp(text, text),
    FUNCTION 2 ginarrayextract(anyarray, internal, internal),
    FUNCTION 3 ginqueryarrayextract(anyarray, internal, int2, internal, internal, internal, internal),
    FUNCTION 4 ginarrayconsistent(internal, int2, anyarray, int4, internal, internal, internal, internal),
    STORAGE text;
-- A second class in the family of the first, and a member of none.
CREATE OPERATOR CLASS whole FOR TYPE xid8 USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 xid8cmp(xid8, xid8);
CREATE OPERATOR CLASS half FOR TYPE int4 USING btree FAMILY whole AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 btint4cmp(int4, int4);
ALTER OPERATOR FAMILY whole USING btree ADD
    OPERATOR 1 < (int4, int8), FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
-- A family of another name is an object of its own.
CREATE OPERATOR FAMILY others USING hash;
CREATE OPERATOR CLASS hashed FOR TYPE int4 USING hash FAMILY others AS
    OPERATOR 1 =, FUNCTION 1 hashint4(int4);
ALTER OPERATOR FAMILY others USING hash ADD FUNCTION 1 (int8, int8) hashint8(int8);
CREATE TABLE t (w text[]);
CREATE INDEX ON t USING gin (w words);
