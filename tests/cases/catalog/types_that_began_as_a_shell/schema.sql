CREATE TYPE id;
CREATE FUNCTION id_in(cstring) RETURNS id LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION id_out(id) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
-- Functions of a modifier do not name the type: two types share them here.
CREATE FUNCTION modifier_in(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION modifier_out(int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE id (
    INPUT = id_in, OUTPUT = id_out, TYPMOD_IN = modifier_in, TYPMOD_OUT = modifier_out, LIKE = int8);
CREATE SCHEMA app;
CREATE TYPE app."Id 2";
CREATE FUNCTION app."In"(cstring) RETURNS app."Id 2" LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION app."Out"(app."Id 2") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE app."Id 2" (
    INPUT = app."In", OUTPUT = app."Out", TYPMOD_IN = modifier_in, TYPMOD_OUT = modifier_out,
    INTERNALLENGTH = 8, PASSEDBYVALUE, ALIGNMENT = double, CATEGORY = 'N', PREFERRED = true,
    DEFAULT = '0', DELIMITER = ';');
CREATE FUNCTION next_of(id) RETURNS id LANGUAGE sql AS 'SELECT $1';
CREATE TYPE span;
CREATE FUNCTION canonical(span) RETURNS span LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE span AS RANGE (
    SUBTYPE = int4, CANONICAL = canonical, SUBTYPE_DIFF = int4range_subdiff);
CREATE TYPE prices AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE uses (id id, span span, prices prices[]);
