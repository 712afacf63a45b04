-- Drop table events_2024.
-- Locks: ACCESS EXCLUSIVE on events, events_2024, events_rest (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE events_2024;

-- Drop table events_rest_x.
-- Locks: ACCESS EXCLUSIVE on events_rest, events_rest_x (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE events_rest_x;

-- Drop table events_rest.
-- Locks: ACCESS EXCLUSIVE on events, events_rest (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE events_rest;

-- Drop table events.
-- Locks: ACCESS EXCLUSIVE on events (reads and writes wait), briefly.
-- Loses every row of the table.
DROP TABLE events;
