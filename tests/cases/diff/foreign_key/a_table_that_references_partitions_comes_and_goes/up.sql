-- Create table parts.
-- Locks nothing that is in use.
CREATE TABLE parts (
    id integer NOT NULL,
    CONSTRAINT parts_pkey PRIMARY KEY (id)
) PARTITION BY RANGE (id);

-- Create table parts_low.
-- Locks nothing that is in use.
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);

-- Create table z.
-- Locks nothing that is in use.
CREATE TABLE z (
    part_id integer NOT NULL,
    CONSTRAINT z_part_id_fkey FOREIGN KEY (part_id) REFERENCES parts (id)
);
