-- Create table u.
-- No locks on existing tables.
CREATE TABLE u (
    id bigint NOT NULL
);

-- Revoke SELECT on table u from PUBLIC.
REVOKE SELECT ON TABLE u FROM PUBLIC;

-- Revoke SELECT on table t from PUBLIC.
REVOKE SELECT ON TABLE t FROM PUBLIC;

-- Grant INSERT on table t to PUBLIC.
GRANT INSERT ON TABLE t TO PUBLIC;

-- Revoke all privileges on table t from the owner.
REVOKE ALL ON TABLE t FROM CURRENT_USER;

-- Grant SELECT on table t to the owner.
GRANT SELECT ON TABLE t TO CURRENT_USER;

-- Revoke SELECT on new tables from PUBLIC.
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC;

-- Grant INSERT on new tables to PUBLIC.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO PUBLIC;
