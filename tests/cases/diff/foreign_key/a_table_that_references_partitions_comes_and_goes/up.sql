-- Create table parts.
-- No locks on existing tables.
CREATE TABLE parts (
    id integer NOT NULL,
    CONSTRAINT parts_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- Create table parts_low.
-- No locks on existing tables.
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);

-- Create table z.
-- No locks on existing tables.
CREATE TABLE z (
    part_id integer NOT NULL,
    CONSTRAINT z_part_id_fkey FOREIGN KEY (part_id) REFERENCES parts (id)
);
