-- Create table events.
-- No locks on existing tables.
CREATE TABLE events (
    id bigint NOT NULL,
    at date NOT NULL,
    kind text DEFAULT 'x'::text
) PARTITION BY RANGE (at);

-- Create index events_kind_idx on table events.
CREATE INDEX events_kind_idx ON events USING btree (kind);

-- Create table events_2024.
-- No locks on existing tables.
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- Set NOT NULL on events_2024.kind.
ALTER TABLE events_2024 ALTER COLUMN kind SET NOT NULL;

-- Set the default of column events_2024.kind; existing rows keep their values.
ALTER TABLE events_2024 ALTER COLUMN kind SET DEFAULT 'y'::text;

-- Set comment on column events_2024.kind.
COMMENT ON COLUMN events_2024.kind IS 'Never empty';

-- Create table events_rest.
-- No locks on existing tables.
CREATE TABLE events_rest PARTITION OF events DEFAULT PARTITION BY LIST (kind);

-- Create table events_rest_x.
-- No locks on existing tables.
CREATE TABLE events_rest_x PARTITION OF events_rest FOR VALUES IN ('x');
