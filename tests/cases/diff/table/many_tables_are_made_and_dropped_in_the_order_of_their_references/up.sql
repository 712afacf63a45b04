-- Create table z2.
-- No locks on existing tables.
CREATE TABLE z2 (
    id bigint NOT NULL,
    CONSTRAINT z2_pkey PRIMARY KEY (id)
);

-- Create table a2.
-- No locks on existing tables.
CREATE TABLE a2 (
    id bigint NOT NULL,
    z bigint NOT NULL,
    CONSTRAINT a2_pkey PRIMARY KEY (id),
    CONSTRAINT a2_z_fkey FOREIGN KEY (z) REFERENCES z2 (id)
);

-- Create table m2.
-- No locks on existing tables.
CREATE TABLE m2 (
    a bigint NOT NULL,
    z bigint NOT NULL,
    CONSTRAINT m2_a_fkey FOREIGN KEY (a) REFERENCES a2 (id),
    CONSTRAINT m2_z_fkey FOREIGN KEY (z) REFERENCES z2 (id)
);

-- Drop table m1.
-- Locks: ACCESS EXCLUSIVE on a1, m1, z1 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE m1;

-- Drop table a1.
-- Locks: ACCESS EXCLUSIVE on a1, z1 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE a1;

-- Drop table z1.
-- Locks: ACCESS EXCLUSIVE on z1 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE z1;
