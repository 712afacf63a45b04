CREATE SCHEMA other;
CREATE TYPE other.mood AS ENUM ('sad');
CREATE FUNCTION other.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE other.t (a int CHECK (other.f(a) > 0), m other.mood DEFAULT 'sad');
CREATE INDEX t_f ON other.t (other.f(a)) WHERE other.f(a) > 1;
CREATE TABLE public.t (a int DEFAULT other.f(1));
