-- Create table parts.
-- Locks nothing that is in use.
CREATE TABLE parts (
    id integer NOT NULL,
    up integer,
    CONSTRAINT parts_pkey PRIMARY KEY (id),
    CONSTRAINT parts_up_fkey FOREIGN KEY (up) REFERENCES parts (id)
) PARTITION BY RANGE (id);

-- Create table parts_high.
-- Locks nothing that is in use.
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (100) TO (200);

-- Create table parts_low.
-- Locks nothing that is in use.
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
