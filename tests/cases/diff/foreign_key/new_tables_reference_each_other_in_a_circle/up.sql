-- Create table a.
-- No locks on existing tables.
CREATE TABLE a (
    id bigint NOT NULL,
    b_id bigint,
    parent_id bigint,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES a (id)
);

-- Create table b.
-- No locks on existing tables.
CREATE TABLE b (
    id bigint NOT NULL,
    c_id bigint,
    CONSTRAINT b_pkey PRIMARY KEY (id)
);

-- Add constraint a_b_id_fkey to table a.
ALTER TABLE a ADD CONSTRAINT a_b_id_fkey FOREIGN KEY (b_id) REFERENCES b (id);

-- Create table c.
-- No locks on existing tables.
CREATE TABLE c (
    id bigint NOT NULL,
    a_id bigint,
    CONSTRAINT c_pkey PRIMARY KEY (id)
);

-- Add constraint b_c_id_fkey to table b.
ALTER TABLE b ADD CONSTRAINT b_c_id_fkey FOREIGN KEY (c_id) REFERENCES c (id) DEFERRABLE INITIALLY DEFERRED;

-- Add constraint c_a_id_fkey to table c.
ALTER TABLE c ADD CONSTRAINT c_a_id_fkey FOREIGN KEY (a_id) REFERENCES a (id);
