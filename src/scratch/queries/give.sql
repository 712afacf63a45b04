DO $give$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT w.fdwname::text AS name FROM pg_catalog.pg_foreign_data_wrapper AS w LOOP
        EXECUTE pg_catalog.concat('GRANT USAGE ON FOREIGN DATA WRAPPER ',
                                  pg_catalog.quote_ident(it.name), ' TO {role}');
    END LOOP;
    FOR it IN SELECT n.nspname::text AS name FROM pg_catalog.pg_namespace AS n
               WHERE n.nspowner OPERATOR(pg_catalog.=) current_user::pg_catalog.regrole::pg_catalog.oid
                 AND NOT pg_catalog.starts_with(n.nspname::text, 'pg_'::text)
                 AND n.nspname::text OPERATOR(pg_catalog.<>) 'information_schema'::text LOOP
        EXECUTE pg_catalog.concat('ALTER SCHEMA ', pg_catalog.quote_ident(it.name), ' OWNER TO {role}');
    END LOOP;
END
$give$
