-- Create table z1.
-- No locks on existing tables.
CREATE TABLE z1 (
    id bigint NOT NULL,
    CONSTRAINT z1_pkey PRIMARY KEY (id)
);

-- Create table a1.
-- No locks on existing tables.
CREATE TABLE a1 (
    id bigint NOT NULL,
    z bigint NOT NULL,
    CONSTRAINT a1_pkey PRIMARY KEY (id),
    CONSTRAINT a1_z_fkey FOREIGN KEY (z) REFERENCES z1 (id)
);

-- Create table m1.
-- No locks on existing tables.
CREATE TABLE m1 (
    a bigint NOT NULL,
    z bigint NOT NULL,
    CONSTRAINT m1_a_fkey FOREIGN KEY (a) REFERENCES a1 (id),
    CONSTRAINT m1_z_fkey FOREIGN KEY (z) REFERENCES z1 (id)
);

-- Drop table m2.
-- Locks: ACCESS EXCLUSIVE on a2, m2, z2 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE m2;

-- Drop table a2.
-- Locks: ACCESS EXCLUSIVE on a2, z2 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE a2;

-- Drop table z2.
-- Locks: ACCESS EXCLUSIVE on z2 (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE z2;
