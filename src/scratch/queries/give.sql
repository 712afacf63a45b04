DO $give$
DECLARE
    it record;
BEGIN
    FOR it IN SELECT fdwname AS name FROM pg_foreign_data_wrapper LOOP
        EXECUTE format('GRANT USAGE ON FOREIGN DATA WRAPPER %I TO {role}', it.name);
    END LOOP;
    FOR it IN SELECT nspname AS name FROM pg_namespace
               WHERE nspowner = current_user::regrole
                 AND nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('ALTER SCHEMA %I OWNER TO {role}', it.name);
    END LOOP;
END
$give$
