SELECT 'role ' || r::text FROM (SELECT oid, rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication,
    rolbypassrls, rolconnlimit, rolpassword, rolvaliduntil FROM pg_authid
    WHERE rolname IN ('{app}', '{pwn}', '{superuser}')) r
UNION ALL
SELECT 'member ' || m::text FROM (SELECT roleid::regrole, member::regrole FROM pg_auth_members
    WHERE roleid::regrole::text IN ('{app}', '{superuser}', 'pg_execute_server_program')) m
 WHERE m.member::text NOT LIKE 'aludel_scratch%' OR m.roleid::text = '{app}'
UNION ALL
SELECT 'database ' || d::text FROM (SELECT oid, datname, datdba::regrole, datallowconn, datconnlimit, datacl,
    shobj_description(oid, 'pg_database') FROM pg_database
    WHERE datname IN ('{victim}', '{pwn}')) d
UNION ALL
SELECT 'setting ' || s::text FROM (SELECT setdatabase, setrole::regrole, setconfig FROM pg_db_role_setting
    WHERE setrole = 0 OR setrole::regrole::text = '{app}') s
 WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = '{victim}'))
UNION ALL
SELECT 'tablespace ' || spcname FROM pg_tablespace WHERE spcname = '{pwn}'
UNION ALL
SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE slot_name = '{pwn}'
UNION ALL
SELECT 'subscription ' || subname FROM pg_subscription WHERE subname = '{pwn}'
UNION ALL
SELECT 'file setting ' || setting FROM pg_file_settings
 WHERE name = 'log_min_duration_statement' AND setting = '7077'
UNION ALL
SELECT 'file ' || size FROM pg_stat_file('{file}', true) WHERE size IS NOT NULL
UNION ALL
SELECT 'relation ' || c.relname || ' ' || c.relowner::regrole FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'row ' || a FROM kept
UNION ALL
SELECT 'session ' || pid FROM pg_stat_activity WHERE pid = {canary};
