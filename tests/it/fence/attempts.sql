-- Attempts to reach the cluster from a file that is only to be tried. Each begins with its name; its
-- statements are run one by one, and what is refused does not stop the next.

-- # a superuser is created
CREATE ROLE {pwn} SUPERUSER;

-- # a role is created in a block
DO $$ BEGIN CREATE ROLE {pwn}; END $$;

-- # a role is created by a text that is put together
DO $$ BEGIN EXECUTE 'CRE' || 'ATE RO' || 'LE {pwn} SUPERUSER'; END $$;

-- # a role is created by a function with the rights of its owner
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; END $$;
SELECT f();

-- # a role is created by a default
CREATE FUNCTION g() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN 1; END $$;
CREATE TABLE with_default (a integer DEFAULT g(), b integer);
INSERT INTO with_default (b) VALUES (1);

-- # a role is created by a materialized view
CREATE MATERIALIZED VIEW m AS SELECT g() AS a;

-- # a role is created by an index
CREATE FUNCTION h(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN 1; END $$;
CREATE TABLE indexed AS SELECT 1 AS a;
CREATE INDEX ON indexed (h(a));

-- # a role is created by a check
ALTER TABLE indexed ADD CHECK (h(a) = 1);

-- # a role is created by a trigger
CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT ON indexed FOR EACH ROW EXECUTE FUNCTION t();
INSERT INTO indexed VALUES (1);

-- # a role is created by an event trigger while an extension is created
CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn} SUPERUSER'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e();
ALTER EVENT TRIGGER e ENABLE ALWAYS;
CREATE EXTENSION {extension};
COMMENT ON EXTENSION {extension} IS 'x';
ALTER DEFAULT PRIVILEGES FOR ROLE {app} GRANT SELECT ON TABLES TO PUBLIC;
DROP EXTENSION {extension};

-- # a role is created at login
CREATE EVENT TRIGGER l ON login EXECUTE FUNCTION e();
CREATE EXTENSION {extension};
DROP EVENT TRIGGER l;
DROP EVENT TRIGGER e;
DROP EXTENSION {extension};

-- # an event trigger and something that is called as it
CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION e();
CREATE PUBLICATION event FOR ALL TABLES;
DROP PUBLICATION event;
DROP EVENT TRIGGER e;

-- # strings are read otherwise by the next session of the database
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE ' || current_database() || ' SET standard_conforming_strings = off'; PERFORM set_config('standard_conforming_' || 'strings', 'off', false); END $$;
COMMENT ON EXTENSION plpgsql IS '\''; COMMIT; CREATE ROLE {pwn} SUPERUSER; --';
CREATE EXTENSION IF NOT EXISTS plpgsql VERSION '\''; COMMIT; CREATE ROLE {pwn}; --';
SET standard_conforming_strings = on;

-- # operators become a part of an extension, and move to pg_catalog with it
CREATE FUNCTION public.nre(name, name) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN IF current_setting('is_superuser') = 'on' THEN EXECUTE 'CREATE R' || 'OLE {pwn} SUPERUSER'; END IF; RETURN true; END $$;
CREATE OPERATOR public.!~ (FUNCTION = public.nre, LEFTARG = name, RIGHTARG = name);
CREATE EXTENSION {extension};
ALTER EXTENSION {extension} ADD OPERATOR public.!~ (name, name);
ALTER EXTENSION {extension} SET SCHEMA pg_catalog;
CREATE PUBLICATION zz FOR ALL TABLES;
DROP EXTENSION {extension};
CREATE EXTENSION {extension} SCHEMA pg_catalog;

-- # default privileges of the role that makes extensions
ALTER DEFAULT PRIVILEGES FOR ROLE {superuser} GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
CREATE EXTENSION dblink;
SELECT dblink_connect_u('c', format('host=127.0.0.1 port=%s user={superuser} dbname=postgres', current_setting('port')));
SELECT dblink_exec('c', 'CREATE ROLE {pwn}');
DROP EXTENSION dblink;

-- # functions and operators lie in wait on the search path
CREATE SCHEMA trap;
CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN 'SELECT 1'; END $$;
CREATE FUNCTION trap.format(text, name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN 'SELECT 1'; END $$;
CREATE FUNCTION trap.ne(name, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; RETURN true; END $$;
CREATE OPERATOR trap.<> (FUNCTION = trap.ne, LEFTARG = name, RIGHTARG = text);
CREATE OPERATOR trap.!~ (FUNCTION = trap.ne, LEFTARG = name, RIGHTARG = text);
CREATE VIEW trap.pg_foreign_data_wrapper AS SELECT 'x'::name AS fdwname WHERE trap.ne('a', 'b');
SET search_path TO trap, pg_catalog, public;
CREATE EXTENSION {extension};
DROP EXTENSION {extension};
SET search_path TO public;

-- # a validator is called for a foreign-data wrapper
CREATE FUNCTION v(text[], oid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; END $$;
CREATE FOREIGN DATA WRAPPER w VALIDATOR v OPTIONS (a 'b');

-- # a role becomes a superuser
ALTER ROLE {app} SUPERUSER;

-- # the own role becomes a superuser
ALTER ROLE CURRENT_USER SUPERUSER;
DO $$ BEGIN EXECUTE format('ALTER ROLE %I CREATEROLE', session_user); END $$;
DO $$ BEGIN EXECUTE format('ALTER ROLE %I BYPASSRLS', session_user); END $$;

-- # a password is changed
ALTER ROLE {app} PASSWORD 'x';
DO $$ BEGIN EXECUTE 'ALTER ROLE {app} PASS' || 'WORD NULL'; END $$;

-- # settings of all roles
ALTER ROLE ALL SET search_path TO trap;

-- # settings of a role in another database
DO $$ BEGIN EXECUTE 'ALTER ROLE {app} IN DATABASE {victim} SET work_mem TO 64'; END $$;

-- # a role is dropped
DROP ROLE {app};

-- # a role is renamed
ALTER ROLE {app} RENAME TO {pwn};

-- # membership in a role
GRANT {app} TO CURRENT_USER;
DO $$ BEGIN EXECUTE format('GRANT {app} TO %I', session_user); END $$;

-- # membership in the role of the server
DO $$ BEGIN EXECUTE format('GRANT {superuser} TO %I', session_user); END $$;

-- # membership in predefined roles
DO $$ BEGIN EXECUTE format('GRANT pg_execute_server_program, pg_read_all_data TO %I', session_user); END $$;

-- # another role is taken on
SET ROLE {app};
SET SESSION AUTHORIZATION {app};
DO $$ BEGIN PERFORM set_config('role', '{app}', false); EXECUTE 'DROP OWN' || 'ED BY {app}'; END $$;

-- # the first role comes back
RESET SESSION AUTHORIZATION;
RESET ROLE;
DO $$ BEGIN EXECUTE 'CREATE R' || 'OLE {pwn}'; END $$;

-- # a function takes on a role
CREATE FUNCTION r() RETURNS void LANGUAGE plpgsql SET role TO {app} AS $$ BEGIN EXECUTE 'DROP OWN' || 'ED BY {app}'; END $$;
SELECT r();

-- # what a role owns is dropped
DROP OWNED BY {app};

-- # what a role owns is dropped in a block
DO $$ BEGIN EXECUTE 'DROP OWN' || 'ED BY {app}'; END $$;

-- # what a role owns is given to another
REASSIGN OWNED BY {app} TO CURRENT_USER;
DO $$ BEGIN EXECUTE 'REASSIGN OWN' || 'ED BY {app} TO CURRENT_USER'; END $$;

-- # a database is created
CREATE DATABASE {pwn};

-- # a database is dropped
DROP DATABASE {victim} WITH (FORCE);

-- # a database is renamed
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE {victim} RENAME TO {pwn}'; END $$;

-- # settings of a database
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE {victim} SET work_mem TO 64'; END $$;

-- # a database is closed
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE {victim} CONNECTION LIMIT 0'; END $$;

-- # a database gets another owner
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE {victim} OWNER TO ' || quote_ident(session_user); END $$;

-- # a database is commented
DO $$ BEGIN EXECUTE 'COMMENT ON DATA' || 'BASE {victim} IS ''x'''; END $$;

-- # privileges on a database
DO $$ BEGIN EXECUTE 'REVOKE ALL ON DATA' || 'BASE {victim} FROM PUBLIC, {app}'; END $$;

-- # settings of the server
ALTER SYSTEM SET log_min_duration_statement = 7077;

-- # settings of the server by the parameter's privileges
DO $$ BEGIN EXECUTE 'GRANT ALTER SYSTEM ON PARA' || 'METER log_min_duration_statement TO PUBLIC'; END $$;

-- # a tablespace
CREATE TABLESPACE {pwn} LOCATION '/tmp';

-- # a program, written to
COPY (SELECT 1) TO PROGRAM 'touch {file}';
DO $$ BEGIN EXECUTE 'COPY (SELECT 1) TO PRO' || 'GRAM ''touch {file}'''; END $$;

-- # a program, read from !
DO $$ BEGIN EXECUTE 'COPY indexed FROM PRO' || 'GRAM ''echo 1'''; END $$;

-- # a file of the server, written
DO $$ BEGIN EXECUTE 'COPY (SELECT 1) T' || 'O ''{file}'''; END $$;

-- # a file of the server, read !
DO $$ BEGIN EXECUTE 'CREATE TABLE lines (line text)'; EXECUTE 'COPY lines FR' || 'OM ''/etc/passwd'''; END $$;

-- # a file of the server, read by a function !
SELECT pg_read_file('PG_VERSION');

-- # a folder of the server !
SELECT pg_ls_dir('.');

-- # a large object to a file
SELECT lo_export(lo_from_bytea(0, 'x'), '{file}');

-- # a file to a large object !
SELECT lo_import('/etc/passwd');

-- # a function of the server under another name !
CREATE FUNCTION my_read(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all';
SELECT my_read('PG_VERSION');

-- # a library of the server !
CREATE FUNCTION c() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';

-- # a library is loaded !
LOAD 'auto_explain';

-- # a session of others is ended
SELECT pg_terminate_backend({canary});
DO $$ BEGIN EXECUTE 'SELECT pg_term' || 'inate_backend({canary})'; END $$;

-- # a statement of others is canceled !
SELECT pg_cancel_backend({canary});

-- # a replication slot
SELECT pg_create_physical_replication_slot('{pwn}');
DO $$ BEGIN EXECUTE 'SELECT pg_create_physical_replication_s' || 'lot(''{pwn}'')'; END $$;

-- # a logical replication slot
DO $$ BEGIN EXECUTE 'SELECT pg_create_logical_replication_s' || 'lot(''{pwn}'', ''pgoutput'')'; END $$;

-- # the server reads its settings again !
SELECT pg_reload_conf();

-- # the server begins another file of its log of changes !
SELECT pg_switch_wal();

-- # a restore point !
SELECT pg_create_restore_point('x');

-- # a subscription
CREATE SUBSCRIPTION {pwn} CONNECTION 'dbname={victim}' PUBLICATION p WITH (connect = false);
DO $$ BEGIN EXECUTE 'CREATE SUB' || 'SCRIPTION {pwn} CONNECTION ''dbname={victim}'' PUBLICATION p WITH (connect = false)'; END $$;

-- # the database is kept for ever
DO $$ BEGIN EXECUTE 'ALTER DATA' || 'BASE ' || quote_ident(current_database()) || ' IS_TEMPLATE true'; END $$;

-- # the catalog of the roles is written
DO $$ BEGIN EXECUTE 'UPDATE pg_auth' || 'id SET rolsuper = true'; END $$;
SET allow_system_table_mods = on;
DO $$ BEGIN EXECUTE 'UPDATE pg_data' || 'base SET datallowconn = false'; END $$;

-- # passwords of roles !
DO $$ BEGIN EXECUTE 'SELECT rolpassword FROM pg_auth' || 'id'; END $$;

-- # what a session logs !
SET log_statement = 'none';

-- # a cast that believes what it is told !
CREATE TYPE pair AS (a bigint, b bigint);
CREATE CAST (bytea AS text) WITHOUT FUNCTION;

-- # an operator class that lies !
CREATE OPERATOR CLASS lies FOR TYPE text USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(integer, integer);

-- # another database of the same server, with a new password of its own
CREATE EXTENSION dblink;
ALTER ROLE CURRENT_USER PASSWORD 'x';
DO $$ BEGIN EXECUTE format('ALTER ROLE %I PASS' || 'WORD ''x''', session_user); END $$;
SELECT dblink_exec(format('host=127.0.0.1 port=%s dbname={victim} user=%s password=x', current_setting('port'), session_user), 'CREATE TABLE public.{pwn} ()');
SELECT dblink_exec(format('host=127.0.0.1 port=%s dbname={victim} user={superuser}', current_setting('port')), 'CREATE TABLE public.{pwn} ()');
SELECT dblink_exec('dbname={victim}', 'CREATE TABLE public.{pwn} ()');

-- # another database by a foreign server
CREATE EXTENSION postgres_fdw;
DO $$ BEGIN EXECUTE format('CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)', '127.0.0.1', current_setting('port'), '{victim}'); END $$;
DO $$ BEGIN EXECUTE format('CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user %L, password %L)', session_user, 'x'); END $$;
CREATE FOREIGN TABLE far (a integer) SERVER s OPTIONS (schema_name 'public', table_name 'kept');
DELETE FROM far;
