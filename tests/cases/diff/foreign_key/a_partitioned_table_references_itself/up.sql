-- Create table parts.
-- No locks on existing tables.
CREATE TABLE parts (
    id integer NOT NULL,
    up integer,
    CONSTRAINT parts_pkey PRIMARY KEY (id),
    CONSTRAINT parts_up_fkey FOREIGN KEY (up) REFERENCES parts (id)
) PARTITION BY RANGE (id);

-- Create table parts_high.
-- No locks on existing tables.
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (100) TO (200);

-- Create table parts_low.
-- No locks on existing tables.
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
