-- One object of every kind that is known by the SQL that makes it.
CREATE SCHEMA app;
CREATE TABLE people (id int PRIMARY KEY, name text, boss int);
CREATE FUNCTION handle() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE "myPL" HANDLER handle;
CREATE ACCESS METHOD slow TYPE INDEX HANDLER bthandler;
CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (a 'it''s');
CREATE SERVER "Far" TYPE 't' VERSION '1' FOREIGN DATA WRAPPER wrapper OPTIONS ("Host" 'x');
CREATE USER MAPPING FOR PUBLIC SERVER "Far" OPTIONS (name 'guest', password 'hunter2');
CREATE COLLATION app.plain (PROVIDER = libc, LOCALE = 'C');
CREATE FUNCTION add(a int, "B" int DEFAULT 1, VARIADIC rest int[] DEFAULT '{}') RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT a + "B"';
COMMENT ON FUNCTION add(int, int, int[]) IS 'Adds';
CREATE FUNCTION place() RETURNS bigint LANGUAGE internal WINDOW AS 'window_rank';
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE forget(INOUT n int) LANGUAGE plpgsql SET search_path = app AS 'BEGIN END';
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
CREATE AGGREGATE app.mean(x int) (
    SFUNC = int4_avg_accum, STYPE = int8[], FINALFUNC = int8_avg, FINALFUNC_MODIFY = SHAREABLE,
    COMBINEFUNC = int4_avg_combine, INITCOND = '{0,0}', PARALLEL = SAFE,
    MSFUNC = int4_avg_accum, MINVFUNC = int4_avg_accum_inv, MSTYPE = int8[],
    MFINALFUNC = int8_avg, MINITCOND = '{0,0}');
CREATE AGGREGATE greatest_of(int) (SFUNC = int4larger, STYPE = int, SORTOP = >);
CREATE AGGREGATE ranked(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final,
    FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE OPERATOR app.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq,
    COMMUTATOR = OPERATOR(app.===), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES);
CREATE OPERATOR !!! (RIGHTARG = int, FUNCTION = int4um);
CREATE TYPE pair AS (a int, b int);
CREATE CAST (pair AS text[]) WITH INOUT AS ASSIGNMENT;
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal));
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH PARSER parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = template, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION config (PARSER = parser);
ALTER TEXT SEARCH CONFIGURATION config ADD MAPPING FOR asciiword, word WITH app.dict, simple;
ALTER TEXT SEARCH CONFIGURATION config ADD MAPPING FOR email WITH simple;
CREATE VIEW bosses (who, "Boss") WITH (security_barrier = true) AS
    SELECT p.name, b.name FROM people p JOIN people b ON b.id = p.boss;
ALTER VIEW bosses ALTER who SET DEFAULT 'nobody';
COMMENT ON COLUMN bosses."Boss" IS 'Who decides';
CREATE MATERIALIZED VIEW app.stored WITH (fillfactor = 70) AS
    SELECT p.name, b.who FROM people p JOIN bosses b ON b.who = p.name;
ALTER MATERIALIZED VIEW app.stored ALTER name SET STATISTICS 70;
ALTER MATERIALIZED VIEW app.stored ALTER name SET STORAGE EXTERNAL;
ALTER MATERIALIZED VIEW app.stored ALTER who SET (n_distinct = 5);
CREATE RULE keep AS ON DELETE TO people DO INSTEAD NOTHING;
ALTER TABLE people DISABLE RULE keep;
CREATE TRIGGER touch BEFORE UPDATE OF name ON people
    FOR EACH ROW WHEN (old.name <> new.name) EXECUTE FUNCTION app.touch('it''s');
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE people ENABLE ALWAYS TRIGGER late;
CREATE POLICY own ON people AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (name <> '');
CREATE POLICY readers ON people FOR SELECT TO pg_monitor USING (true);
CREATE STATISTICS app.together (ndistinct) ON id, boss FROM people;
ALTER STATISTICS app.together SET STATISTICS 50;
CREATE TABLE orders (id int) PARTITION BY LIST (id);
CREATE PUBLICATION several FOR TABLE people, orders WITH (publish = 'insert, update');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
    EXECUTE FUNCTION on_ddl();
ALTER EVENT TRIGGER watch DISABLE;
